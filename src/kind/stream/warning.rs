//! What is rarely intended of a stream: more than its shards take, more of one key than one shard takes, a function that cannot keep up, too many who read it. In: the
//! traffic that is expected. Out: warnings.

use super::language::Stream;
use super::language::capacity::Capacity;
use super::language::source::Source;
use super::trouble::behind_s;
use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;
use crate::measure::resource::Resource;
use crate::number::{counted, excess, number};
use crate::units::Time;

/// What steps are counted by: records and bytes of the most popular key of their population.
pub(super) const HOT_RECORDS: &str = "records of the most popular key";
pub(super) const HOT_BYTES: &str = "bytes of the most popular key";

const MIB: f64 = 1_048_576.0;

/// Before a run.
pub(super) fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let mut found = Vec::new();
    for (index, stream) in expected.streams.iter().enumerate() {
        found.extend(too_few_shards(expected, index, stream));
        found.extend(hot_key(expected, index, stream));
        found.extend(slow_function(expected, index, stream));
        found.extend(too_many_bytes(expected, index, stream));
        found.extend(long_batch(expected, index, stream));
        found.extend(too_many_calls(stream));
    }
    found
}

/// Records and bytes a second that are put, at each instant.
fn put(expected: &Expected<'_, Settings>, index: usize, stream: &Stream) -> [Vec<f64>; 2] {
    let [bytes, records] = stream.takes_at_first();
    let of = |resource, times: f64| expected.load.per_second(|demand| times * demand.of(resource));
    [of(Resource::ShardBytes { stream: index }, bytes), of(Resource::ShardRecords { stream: index }, records)]
}

/// More than the shards take that there are then, as far as the file says so.
fn too_few_shards(expected: &Expected<'_, Settings>, index: usize, stream: &Stream) -> Option<Warning> {
    let asked = put(expected, index, stream);
    let found = (0..2).filter_map(|sort| {
        let (at, times) = expected.load.worst(&asked[sort], |time| stream.takes_at(time)[sort])?;
        Some((sort, at, times))
    });
    let (sort, at, times) = found.max_by(|one, other| one.2.total_cmp(&other.2))?;
    let takes = stream.takes_at(at)[sort];
    let what = match sort {
        0 => format!("{} MiB", number(takes / MIB)),
        _ => format!("{} records", number(takes)),
    };
    let shards = stream.capacity.most_at(at, stream.shard);
    let message = format!(
        "the traffic at {at} asks for {} the {what} a second that {} of stream `{}` {}",
        excess(times),
        counted(shards.into(), "shard"),
        stream.name,
        if shards == 1 { "takes" } else { "take" }
    );
    let needed = (f64::from(shards) * times).ceil();
    let (key, hint) = match stream.capacity {
        Capacity::Provisioned(_) => {
            ("shards", format!("{} shards would take it; `reshard` adds them in time", number(needed)))
        }
        Capacity::OnDemand(_) => (
            "peak",
            "it takes twice its peak of 15 minutes ago: let the traffic grow more slowly, say by `peak` what it had before, or provision `shards`".to_owned(),
        ),
    };
    Some(Warning::new(Code::DemandAboveCapacity, &["stream", &stream.name, key], message, hint))
}

/// More of one key than a shard takes. Where keys are of several populations, the most popular ones of these are not the same.
fn hot_key(expected: &Expected<'_, Settings>, index: usize, stream: &Stream) -> Option<Warning> {
    let owner = (Kind::Stream, index);
    if expected.keys.iter().filter(|(of, _)| *of == owner).count() != 1 {
        return None;
    }
    let sorts = [
        (HOT_RECORDS, stream.shard.records, format!("{} records", number(stream.shard.records))),
        (HOT_BYTES, stream.shard.bytes, format!("{} MiB", number(stream.shard.bytes / MIB))),
    ];
    let found = sorts.into_iter().filter_map(|(counted, takes, what)| {
        let asked = expected.load.per_second(|demand| demand.count(owner, counted));
        let (at, times) = expected.load.worst(&asked, |_| takes)?;
        Some((at, times, what))
    });
    let (at, times, what) = found.max_by(|one, other| one.1.total_cmp(&other.1))?;
    let message = format!(
        "the traffic at {at} asks for {} the {what} a second that one partition key of stream `{}` can have",
        excess(times),
        stream.name
    );
    let hint =
        "no number of shards helps a hot key: add something to it that spreads its records, such as a number";
    Some(Warning::new(Code::DemandAboveCapacity, &["stream", &stream.name, "keys"], message, hint.to_owned()))
}

/// Fewer records can be worked on than come, with every batch full: all of them, or those of one key, which have one lane.
fn slow_function(expected: &Expected<'_, Settings>, index: usize, stream: &Stream) -> Option<Warning> {
    let source = stream.source.as_ref()?;
    let walk = expected.paths.iter().find(|walk| walk.of == (Kind::Stream, index))?;
    let batch = f64::from(source.batch);
    let once = source.batch_time.as_ref().map_or(0.0, |law| law.mean().as_secs_f64());
    let each = walk.alone_s + once / batch;
    if each <= 0.0 {
        return None;
    }
    let lanes =
        |time: Time| f64::from(stream.capacity.most_at(time, stream.shard)) * f64::from(source.factor);
    let [_, records] = put(expected, index, stream);
    let busy: Vec<f64> = records.iter().map(|records| records * each).collect();
    let function = expected.lambdas.get(source.function.index()).map_or("", |it| it.name.as_str());
    let of_all = lasting(expected, stream, &busy, lanes);
    let of_key = hot_records(expected, index).and_then(|records| {
        let busy: Vec<f64> = records.iter().map(|records| records * each).collect();
        lasting(expected, stream, &busy, |_| 1.0)
    });
    if let Some((at, times)) = of_key
        && of_all.is_none_or(|all| times > all.1 * (1.0 + 1e-9))
    {
        let message = format!(
            "the records of the most popular key of stream `{}` at {at} ask for {} what function `{function}` does with one batch at a time",
            stream.name,
            excess(times),
        );
        let hint = "records of one key are worked on in order, so that no `parallelization_factor` and no number of shards helps: add something to the key that spreads them, or let a record take less time";
        let place = ["stream", &stream.name, "keys"];
        return Some(Warning::new(Code::DemandAboveCapacity, &place, message, hint.to_owned()));
    }
    let (at, times) = of_all?;
    let shards = stream.capacity.most_at(at, stream.shard);
    let message = format!(
        "the records of stream `{}` at {at} ask for {} what function `{function}` does with {} at once{}",
        stream.name,
        excess(times),
        counted(source.factor.into(), "batch"),
        if shards > 1 { format!(" of each of {}", counted(shards.into(), "shard")) } else { String::new() },
    );
    let hint = "the iterator age grows meanwhile: raise `parallelization_factor`, add shards, or let a record take less time";
    let place = ["stream", &stream.name, "parallelization_factor"];
    Some(Warning::new(Code::DemandAboveCapacity, &place, message, hint.to_owned()))
}

/// Records a second of the most popular key; nothing where keys are of several populations, or of none.
fn hot_records(expected: &Expected<'_, Settings>, index: usize) -> Option<Vec<f64>> {
    let owner = (Kind::Stream, index);
    let is_one = expected.keys.iter().filter(|(of, _)| *of == owner).count() == 1;
    is_one.then(|| expected.load.per_second(|demand| demand.count(owner, HOT_RECORDS)))
}

/// More bytes than the shards give to those who share that: each of them reads all that is put.
fn too_many_bytes(expected: &Expected<'_, Settings>, index: usize, stream: &Stream) -> Option<Warning> {
    let sharing = stream.sharing();
    let [bytes, _] = put(expected, index, stream);
    let shards = |time: Time| f64::from(stream.capacity.most_at(time, stream.shard));
    // What the shards do not take is not read.
    let taken = bytes.iter().zip(&expected.load.instants);
    let taken = taken.map(|(bytes, at)| f64::from(sharing) * bytes.min(shards(*at) * stream.shard.bytes));
    let asked: Vec<f64> = taken.collect();
    let (at, times) = lasting(expected, stream, &asked, |time| shards(time) * stream.shard.read)?;
    let count = stream.capacity.most_at(at, stream.shard);
    let message = format!(
        "the {} of stream `{}` that share what its shards give ask for {} the {} MiB a second of {} at {at}",
        counted(sharing.into(), "consumer"),
        stream.name,
        excess(times),
        number(shards(at) * stream.shard.read / MIB),
        counted(count.into(), "shard"),
    );
    let hint = "their calls are throttled, and the iterator age grows meanwhile: give some of them a `fan_out`, which have 2 MiB a second of each shard for themselves, or add shards";
    let place = ["stream", &stream.name, if stream.readers.is_some() { "readers" } else { "shard" }];
    Some(Warning::new(Code::DemandAboveCapacity, &place, message, hint.to_owned()))
}

/// Work on a batch that takes longer than its function may: none of it counts as done.
fn long_batch(expected: &Expected<'_, Settings>, index: usize, stream: &Stream) -> Option<Warning> {
    let source = stream.source.as_ref()?;
    let function = expected.lambdas.get(source.function.index())?;
    let walk = expected.paths.iter().find(|walk| walk.of == (Kind::Stream, index))?;
    let once = source.batch_time.as_ref().map_or(0.0, |law| law.mean().as_secs_f64());
    let [_, records] = put(expected, index, stream);
    let instants = expected.load.instants.iter();
    // Of each lane.
    let rates = instants.zip(&records).map(|(time, records)| {
        let shards = f64::from(stream.capacity.most_at(*time, stream.shard)).max(1.0);
        records / shards / f64::from(source.factor)
    });
    let rate = rates.fold(0.0, f64::max);
    if rate <= 0.0 {
        return None;
    }
    let gets = of_batch(rate, (once, walk.alone_s), source);
    let takes = Time::from_secs_f64(once + gets * walk.alone_s);
    if takes <= function.timeout {
        return None;
    }
    let message = format!(
        "the {} of a batch from stream `{}` take {takes} of work, longer than the `timeout` of function `{}`, {}",
        counted(gets as u64, "record"),
        stream.name,
        function.name,
        function.timeout
    );
    let hint = "the invocation ends then, and the batch is tried again as a whole, before all that follow it: raise `timeout`, or lower `batch`";
    let place = ["lambda", function.name.as_str(), "timeout"];
    Some(Warning::new(Code::WorkOutlastsTimeout, &place, message, hint.to_owned()))
}

/// How many records a batch has where so many a second come to its lane: what comes while it waits for one, or while the batch before it is worked on; it is full where
/// these are more than it can do.
fn of_batch(rate: f64, (once, each): (f64, f64), source: &Source) -> f64 {
    let waits =
        source.window.as_secs_f64() + if source.fan_out { 0.0 } else { source.poll_interval.as_secs_f64() };
    let meanwhile = match rate * each < 1.0 {
        true => rate * once / (1.0 - rate * each),
        false => f64::INFINITY,
    };
    (rate * waits).max(meanwhile).floor().clamp(1.0, f64::from(source.batch))
}

/// How old records may get where no objective bounds it. Assumption: as late as they are in trouble.
const PATIENCE_S: f64 = 60.0;

/// When records ask for most of what there is, and how many times that; nothing where what waits is worked off before records are late, and at the end of the run.
fn lasting(
    expected: &Expected<'_, Settings>,
    stream: &Stream,
    busy: &[f64],
    lanes: impl Fn(Time) -> f64,
) -> Option<(Time, f64)> {
    let (at, times) = expected.load.worst(busy, &lanes)?;
    let (mut waiting, mut longest, mut last) = (0.0f64, 0.0f64, 0.0f64);
    let instants = &expected.load.instants;
    for place in 0..instants.len() {
        let until = instants.get(place + 1).copied().unwrap_or(expected.duration);
        let span = until.0.saturating_sub(instants[place].0) as f64 / 1e9;
        let mean = (busy[place] + busy.get(place + 1).copied().unwrap_or(busy[place])) / 2.0;
        let there = lanes(instants[place]);
        waiting = (waiting + (mean - there) * span).max(0.0);
        last = waiting / there;
        longest = longest.max(last);
    }
    (longest > PATIENCE_S || last > behind_s(stream)).then_some((at, times))
}

/// More calls that read each shard than it gives.
fn too_many_calls(stream: &Stream) -> Option<Warning> {
    let calls = stream.calls();
    if calls <= stream.shard.calls * (1.0 + 1e-9) {
        return None;
    }
    let message = format!(
        "the consumers of stream `{}` read each shard {} times a second, and it takes {} calls",
        stream.name,
        number(calls),
        number(stream.shard.calls)
    );
    let hint =
        "some of them are throttled, and all see records later: read less often, or give them a `fan_out`";
    Some(Warning::new(
        Code::DemandAboveCapacity,
        &["stream", &stream.name, "readers"],
        message,
        hint.to_owned(),
    ))
}

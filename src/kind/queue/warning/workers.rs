//! Workers that cannot keep up with the messages of their queues, at the largest size of their fleet.
//!
//! In: traffic, sizes, and what a message takes at the least. Out: a warning for each crew of pollers that is too few.
//!
//! A queue is there to spread a burst over time, so a peak alone is no fault: the backlog is followed as a fluid, and what
//! counts is how long it would take to work it off. Messages may wait for as long as an objective allows, or a few minutes, and never
//! for longer than their queue keeps them. Queues of a lower priority get what is left. *Assumed*: equal ones wait equally long.

use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::fleet::language::limits::{capacity, enough, largest_at, too_many};
use crate::kind::queue::crew::Crew;
use crate::kind::queue::language::Queue;
use crate::kind::queue::language::source::MOST_GIVEN;
use crate::kind::warning::Warning;
use crate::measure::resource::Resource;
use crate::number::{about, all_of, counted, excess};
use crate::units::Time;

/// How long messages may wait where no objective bounds their age. Assumption: a burst that is worked off in less is what a queue is
/// there for.
const PATIENCE: Time = Time::from_secs(300);

/// More than there is.
#[derive(Clone, Copy)]
pub(super) struct Excess {
    /// When it is most.
    pub at: Time,
    /// How many times as much as there is.
    pub times: f64,
    /// The longest that a message waits until the backlog before it is worked off, seconds.
    wait_s: f64,
}

pub(super) fn warnings(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let crews = Crew::all(&expected.queues);
    let crews = crews.iter().filter_map(|crew| of_crew(crew, expected));
    let sources = expected.queues.iter().enumerate();
    crews.chain(sources.filter_map(|(index, queue)| of_source(index, queue, expected))).collect()
}

/// More messages than a function has invocations at once for. Where it may have fewer environments than that, these are what is too few.
fn of_source(index: usize, queue: &Queue, expected: &Expected<'_, Settings>) -> Option<Warning> {
    let source = queue.source?;
    let function = expected.lambdas.get(source.function.index())?;
    let walk = expected.paths.iter().find(|walk| walk.of == (Kind::Queue, index))?;
    let most = f64::from(source.most);
    if function.limit(&expected.account, &expected.lambdas) < most {
        return None;
    }
    // With full batches: a call that receives and one that deletes for each of them.
    let calls = 2.0 * queue.latency.as_secs_f64() / f64::from(source.batch);
    let messages = expected.load.per_second(|demand| demand.walked((Kind::Queue, index)));
    let asked: Vec<f64> = messages.iter().map(|messages| messages * (walk.alone_s + calls)).collect();
    let nothing = vec![0.0; asked.len()];
    let found = too_much(expected, &[index], (&asked, &nothing), |_| most)?;
    let message = format!(
        "the messages of `{}` at {} ask for {} the {} at once of function `{}`",
        queue.name,
        found.at,
        excess(found.times),
        counted(source.most.into(), "invocation"),
        function.name
    );
    let waits = lost_after(&[index], &found, expected)
        .unwrap_or_else(|| format!("messages wait for up to {}", about(found.wait_s)));
    let raise = match source.most < MOST_GIVEN.value {
        true => "raise `maximum_concurrency`, or let a message take less time",
        false => {
            "let a message take less time, or spread the messages over several queues: Lambda invokes no more at once for one"
        }
    };
    let hint = format!("{raise}; as it is, {waits}");
    let at = ["queue", &queue.name, "maximum_concurrency"];
    Some(Warning::new(Code::DemandAboveCapacity, &at, message, hint))
}

fn of_crew(crew: &Crew, expected: &Expected<'_, Settings>) -> Option<Warning> {
    let fleet = &expected.fleets[crew.fleet];
    let size = |time: Time| largest_at(fleet, time);
    let pollers = |time: Time| f64::from(size(time)) * f64::from(crew.pollers);
    let cpu = |time: Time| capacity(fleet, size(time), time);
    let found = [
        ("pollers", of_levels(crew, expected, |work| work.poller_s, pollers)),
        ("CPU", of_levels(crew, expected, |work| work.cpu_s, cpu)),
    ];
    let found = found.into_iter().filter_map(|(what, found)| Some((what, found?)));
    let (what, (Excess { at, times, .. }, waits)) =
        found.max_by(|(_, (a, _)), (_, (b, _))| a.times.total_cmp(&b.times))?;
    let size = size(at);
    let queues: Vec<usize> = crew.queues.iter().map(|&queue| usize::from(queue)).collect();
    let message = format!(
        "the messages of {} at {at} ask for {} the {what} of fleet `{}` at its largest, {}",
        names(&queues, expected),
        excess(times),
        fleet.name,
        counted(size.into(), "instance"),
    );
    let hint = match enough(f64::from(size) * times) {
        Some(instances) => format!("{instances} would keep up; as it is, {waits}"),
        None => format!("{} would be needed: are the steps of a message right?", too_many()),
    };
    let key = if fleet.policies.is_empty() { "instances" } else { "max" };
    Some(Warning::new(Code::DemandAboveCapacity, &["fleet", &fleet.name, key], message, hint))
}

/// When all messages of a crew ask for most, where those of some priority wait for too long; and how long the ones wait that wait for
/// longest: the highest priority has all pollers, and each lower one what is left.
fn of_levels(
    crew: &Crew,
    expected: &Expected<'_, Settings>,
    each: impl Fn(&Work) -> f64,
    there: impl Fn(Time) -> f64,
) -> Option<(Excess, String)> {
    let levels = crew.by_priority();
    let mut asked = vec![0.0; expected.load.instants.len()];
    let mut found: Option<(Excess, String)> = None;
    for level in &levels {
        let queues: Vec<usize> = level.iter().map(|&queue| usize::from(queue)).collect();
        let first = asked.clone();
        for &queue in &queues {
            let work = Work::of(queue, expected).map_or(0.0, |work| each(&work));
            let messages = expected.load.per_second(|demand| demand.walked((Kind::Queue, queue)));
            asked.iter_mut().zip(messages).for_each(|(asked, messages)| *asked += messages * work);
        }
        if let Some(excess) = too_much(expected, &queues, (&asked, &first), &there) {
            let of =
                if levels.len() > 1 { format!(" of {}", names(&queues, expected)) } else { String::new() };
            let waits = lost_after(&queues, &excess, expected)
                .unwrap_or_else(|| format!("messages{of} wait for up to {}", about(excess.wait_s)));
            // What waits for longest is told, and how much all of them ask for.
            let longest = found.take().filter(|(before, _)| before.wait_s > excess.wait_s);
            let (wait_s, waits) = longest.map_or((excess.wait_s, waits), |(it, waits)| (it.wait_s, waits));
            found = Some((Excess { wait_s, ..excess }, waits));
        }
    }
    let (excess, waits) = found?;
    let (at, times) = expected.load.worst(&asked, &there)?;
    Some((Excess { at, times, ..excess }, waits))
}

/// When messages of some queues ask for most of what is there, and how many times that; nothing where it is enough, or where the
/// backlog is worked off in time. `asked` is per second at each instant, and the part of it that goes first.
pub(super) fn too_much(
    expected: &Expected<'_, Settings>,
    queues: &[usize],
    (asked, first): (&[f64], &[f64]),
    there: impl Fn(Time) -> f64,
) -> Option<Excess> {
    let (at, times) = expected.load.worst(asked, &there)?;
    let instants = &expected.load.instants;
    let mean = |of: &[f64], at: usize| (of[at] + of.get(at + 1).copied().unwrap_or(of[at])) / 2.0;
    // Seconds of work that wait, and of work that can be done beside what goes first, up to each instant.
    let (mut waiting, mut spare) = (vec![0.0f64], vec![0.0f64]);
    for (at, &time) in instants.iter().enumerate() {
        let next = instants.get(at + 1).copied().unwrap_or(expected.duration);
        let span = next.since(time).as_secs_f64();
        waiting.push((waiting[at] + (mean(asked, at) - there(time)) * span).max(0.0));
        spare.push(spare[at] + (there(time) - mean(first, at)).max(0.0) * span);
    }
    let seconds = |at: usize| instants.get(at).copied().unwrap_or(expected.duration).as_secs_f64();
    let last = first.last().copied().unwrap_or_default();
    let later = (there(expected.duration) - last).max(0.0);
    // When so much could be done beside what goes first.
    let done_at = |work: f64| {
        let after = spare.partition_point(|spare| *spare < work);
        match (after.checked_sub(1), spare.get(after)) {
            (Some(before), Some(next)) => {
                let part = (work - spare[before]) / (next - spare[before]);
                seconds(before) + part * (seconds(after) - seconds(before))
            }
            (_, Some(_)) => 0.0,
            (_, None) => seconds(instants.len()) + (work - spare[instants.len()]) / later,
        }
    };
    let wait = |(at, waiting): (usize, &f64)| match *waiting > 0.0 {
        true => done_at(spare[at] + waiting) - seconds(at),
        false => 0.0,
    };
    let wait_s = waiting.iter().enumerate().map(wait).fold(0.0, f64::max);
    // What still asks for too much at the end would wait ever longer.
    let grows = asked.last().is_some_and(|asked| *asked > there(expected.duration));
    let limit = longest_age(queues, expected).as_secs_f64();
    let is_lost = queues.iter().any(|&queue| is_lost_after(queue, wait_s, expected));
    (grows || wait_s > limit || is_lost).then_some(Excess { at, times, wait_s })
}

/// That messages wait for longer than their queue keeps them: none waits for longer, and they are lost.
pub(super) fn lost_after(
    queues: &[usize],
    excess: &Excess,
    expected: &Expected<'_, Settings>,
) -> Option<String> {
    let of: Vec<usize> =
        queues.iter().copied().filter(|&queue| is_lost_after(queue, excess.wait_s, expected)).collect();
    let shortest = of.iter().map(|&queue| expected.queues[queue].retention).min()?;
    if excess.wait_s.is_infinite() {
        let names = names(&of, expected);
        return Some(format!(
            "nothing is left for messages of {names}: they wait until their `retention` of {shortest} is over"
        ));
    }
    Some(format!(
        "messages of {} would wait for longer than the `retention` of {shortest}: they are lost",
        names(&of, expected)
    ))
}

fn is_lost_after(queue: usize, wait_s: f64, expected: &Expected<'_, Settings>) -> bool {
    wait_s > expected.queues[queue].retention.as_secs_f64()
}

/// `` `members`, `guests` and `bots` ``.
fn names(queues: &[usize], expected: &Expected<'_, Settings>) -> String {
    let names: Vec<String> =
        queues.iter().map(|&queue| format!("`{}`", expected.queues[queue].name)).collect();
    all_of(&names)
}

/// What a message takes at the least, with nothing waited for.
struct Work {
    /// Seconds of a poller: its part of a call that receives, its work, its part of a call that deletes.
    poller_s: f64,
    /// Seconds on a vCPU of strength 1 of its own fleet.
    cpu_s: f64,
}

impl Work {
    fn of(queue: usize, expected: &Expected<'_, Settings>) -> Option<Work> {
        let walk = expected.paths.iter().find(|walk| walk.of == (Kind::Queue, queue))?;
        let Queue { latency, consumer, .. } = &expected.queues[queue];
        let consumer = consumer.as_ref()?;
        let calls = consumer.receives() + consumer.deletes();
        Some(Work {
            poller_s: calls * latency.as_secs_f64() + walk.alone_s,
            cpu_s: walk.demand.of(Resource::Cpu { fleet: walk.fleet }),
        })
    }
}

/// The longest age that objectives allow messages of some queues, or that they may have where one of these has no objective on it.
pub(super) fn longest_age(queues: &[usize], expected: &Expected<'_, Settings>) -> Time {
    let of = |queue: usize| {
        let ages =
            expected.bounded.iter().filter(|(name, of, _)| *name == "age" && of.is_none_or(|of| of == queue));
        ages.map(|(.., limit)| *limit).reduce(f64::min)
    };
    let all: Option<Vec<f64>> = queues.iter().map(|&queue| of(queue)).collect();
    all.map_or(PATIENCE, |ages| Time::from_secs_f64(ages.into_iter().fold(0.0, f64::max) / 1e3))
}

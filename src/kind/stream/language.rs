//! `[stream.NAME]`: an Amazon Kinesis data stream and what works on its records. In: its shards, its readers. Out: a [`Stream`].

pub mod capacity;
mod foreign;
pub mod readers;
pub mod shapes;
pub mod shard;
pub mod source;

use self::capacity::Capacity;
use self::readers::Readers;
use self::shapes::{HOP, MAX_RECORD, MAX_RECORD_MOST, RECORD, RETENTION, RETRIES, SHAPE, WRITE_TIME};
use self::shard::Shard;
use self::source::Source;
use crate::catalog::region::Region;
use crate::dist::Law;
use crate::id::{Dial, Kind};
use crate::kind::Settings;
use crate::kind::effort::Work;
use crate::kind::path::Written;
use crate::kind::retry::Retries;
use crate::kind::table::{Foreign, Table};
use crate::language::problem::Problem;
use crate::language::reader::{Context, Reader};
use crate::language::shape::Shape;
use crate::language::value::Value;
use crate::units::{Bytes, Time};

/// A data stream.
#[derive(Clone, Debug)]
pub struct Stream {
    /// Name in the file.
    pub name: String,
    /// How many shards it has, and how that changes.
    pub capacity: Capacity,
    /// What each of them takes and gives.
    pub shard: Shard,
    /// How long a record is kept.
    pub retention: Time,
    /// Size of a record, where a step says no other.
    pub record: Bytes,
    /// The largest record that it takes.
    pub max_record: Bytes,
    /// From when Kinesis has a record to its answer.
    pub write_time: Law,
    /// How the SDK of the caller tries again what was throttled.
    pub retries: Retries,
    /// What invokes a function with its records.
    pub source: Option<Source>,
    /// Other applications that read it.
    pub readers: Option<Readers>,
    /// One-way network latency.
    pub hop: Time,
    /// Its Region, if that is not the one of the file.
    pub region: Option<Region>,
}

/// Gauges of a stream, as CloudWatch has them.
pub(crate) const GAUGES: &[Dial] = &[
    Dial {
        kind: Kind::Stream,
        name: "iterator_age",
        own: true,
        about: "age of the oldest record that no batch has yet, or whose batch fails again and again, seconds (GetRecords.IteratorAgeMilliseconds is that of what was read last)",
    },
    Dial {
        kind: Kind::Stream,
        name: "incoming_bytes",
        own: true,
        about: "bytes a second that were put (IncomingBytes)",
    },
    Dial {
        kind: Kind::Stream,
        name: "incoming_records",
        own: true,
        about: "records a second that were put (IncomingRecords)",
    },
    Dial {
        kind: Kind::Stream,
        name: "write_throttled",
        own: true,
        about: "records a second that were throttled, each try by itself (WriteProvisionedThroughputExceeded)",
    },
];

impl Stream {
    /// What all shards take at an instant, in bytes and in records a second.
    pub fn takes_at(&self, at: Time) -> [f64; 2] {
        let shards = f64::from(self.capacity.most_at(at, self.shard));
        [shards * self.shard.bytes, shards * self.shard.records]
    }

    /// What the shards of the start take.
    pub fn takes_at_first(&self) -> [f64; 2] {
        let shards = f64::from(self.capacity.first(self.shard));
        [shards * self.shard.bytes, shards * self.shard.records]
    }

    /// How many consumers it has.
    pub fn consumers(&self) -> u32 {
        u32::from(self.source.is_some()) + self.readers.map_or(0, |it| it.count)
    }

    /// Calls a second that read each shard, if there is nothing more in it.
    pub fn calls(&self) -> f64 {
        let source = self.source.as_ref().filter(|it| !it.fan_out);
        let readers = self.readers.filter(|it| !it.fan_out);
        source.map_or(0.0, |it| 1.0 / it.poll_interval.as_secs_f64())
            + readers.map_or(0.0, |it| f64::from(it.count) / it.interval.as_secs_f64())
    }

    /// How many of them share what its shards give.
    pub fn sharing(&self) -> u32 {
        self.consumers() - self.fan_outs()
    }

    /// How many of them have a fan-out of their own.
    pub fn fan_outs(&self) -> u32 {
        let own = u32::from(self.source.as_ref().is_some_and(|it| it.fan_out));
        own + self.readers.filter(|it| it.fan_out).map_or(0, |it| it.count)
    }
}

/// Most consumers with a fan-out of their own. (Amazon Kinesis Data Streams developer guide, "Quotas and limits": 20; 50 in the on-demand advantage mode.)
const FAN_OUTS: u32 = 20;

impl Table<Settings> for Stream {
    const ABOUT: &'static str = "Kinesis data streams and what works on their records";
    const SHAPES: &'static [&'static Shape] =
        &[&SHAPE, &capacity::GROWTH_SHAPE, &shard::SHARD_SHAPE, &readers::READERS_SHAPE];
    const FOREIGN: &'static [Foreign] = foreign::FOREIGN;
    const PLACED: bool = true;

    fn read<'a>(name: &str, reader: &Reader<'a>, path: &mut Option<Written<'a>>) -> Stream {
        let max_record = reader.or("max_record", largest, MAX_RECORD.value);
        let stream = Stream {
            name: name.to_owned(),
            capacity: Capacity::read(reader),
            shard: reader.or("shard", Shard::read, Shard::default()),
            retention: reader.or(
                "retention",
                |value| value.time_within(Time::from_secs(86_400)..=Time::from_secs(365 * 86_400)),
                RETENTION.value,
            ),
            record: reader.or("record", |value| record(value, max_record), RECORD.value),
            max_record,
            write_time: reader.or("write_time", Value::law, WRITE_TIME.value),
            retries: reader.or("retries", |value| Retries::read(value, RETRIES), RETRIES),
            source: Source::read(name, reader, path),
            readers: reader.maybe("readers", Readers::read),
            hop: reader.or("hop", Value::time, HOP.value),
            region: None,
        };
        if let Some(value) = reader.get("readers").filter(|_| stream.fan_outs() > FAN_OUTS) {
            let message = format!("{} consumers with a fan-out of their own", stream.fan_outs());
            value.problem(message, format!("a stream has {FAN_OUTS} at most"));
        }
        stream
    }

    fn move_to(&mut self, region: Region) {
        self.region = Some(region);
    }

    fn region(&self, _all: &Settings) -> Option<Region> {
        self.region
    }

    fn is_regional(&self) -> bool {
        true
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn changes(&self) -> Vec<Time> {
        self.capacity.changes()
    }

    /// Each consumer without a fan-out asks each shard again and again.
    fn own_work(&self, _all: &Settings, seconds: f64, _walk: impl Fn() -> f64) -> Work {
        let shards = f64::from(self.capacity.first(self.shard));
        Work::of_events(self.calls() * shards * seconds)
    }

    fn check(&self, index: usize, all: &Settings, cx: &Context) {
        let Some(span) = cx.names.span(Kind::Stream, index) else { return };
        if let Some(function) = self.source.as_ref().and_then(|it| all.lambdas.get(it.function.index()))
            && function.region != self.region
        {
            let message =
                format!("the function that works on records of `{}` is in another Region", self.name);
            let hint = format!(
                "give `{}` and `{}` the same `region`: Lambda polls streams of its own",
                self.name, function.name
            );
            cx.push(Problem::at(span, message).hint(hint));
        }
    }
}

/// Size of a record.
pub(super) fn record(value: Value, most: Bytes) -> Option<Bytes> {
    let size = value.some_bytes()?;
    if size > most {
        value.problem(
            format!("a record of {size}, and the stream takes {most} at most"),
            "raise `max_record` of the stream, up to 10 MiB, or put what is larger into an [s3.NAME]",
        );
        return None;
    }
    Some(size)
}

fn largest(value: Value) -> Option<Bytes> {
    let size = value.some_bytes()?;
    if !(MAX_RECORD.value..=MAX_RECORD_MOST).contains(&size) {
        value.problem(format!("{size} is no largest record of a stream"), "write \"1 MiB\" to \"10 MiB\"");
        return None;
    }
    Some(size)
}

//! `readers = { … }` of a stream: other applications that read all of it. In: how many, how often. Out: [`Readers`].

use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// Applications that read every record, and do nothing that is simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Readers {
    /// How many.
    pub count: u32,
    /// How often each reads a shard.
    pub interval: Time,
    /// Whether each has a fan-out of its own.
    pub fan_out: bool,
}

/// How often each reads a shard: once a second.
pub const INTERVAL: Given<Time> = Given::new(
    Time::from_secs(1),
    "Amazon Kinesis Data Streams developer guide, KCL configuration: idleTimeBetweenReadsInMillis of 1,000",
);
/// Whether each has a fan-out of its own: no.
pub const FAN_OUT: Given<bool> = Given::new(
    false,
    "Amazon Kinesis Data Streams developer guide, \"Develop enhanced fan-out consumers\": a consumer registers for it",
);
/// Most of them.
const MOST: u32 = 100;

/// The language of readers.
pub const READERS_SHAPE: Shape = Shape {
    title: "readers = { … }",
    about: "Other applications that read the stream, such as an archive: each reads every record of every shard, and takes its part of what a shard gives. A number \
            alone is `count`.",
    keys: &[
        Key::required("count", "whole number, up to 100", "how many"),
        Key::given("interval", "duration", || INTERVAL.show(), "how often each reads a shard"),
        Key::given(
            "fan_out",
            "true or false",
            || FAN_OUT.show(),
            "enhanced fan-out (billed): each has the throughput of a shard for itself, and takes none of that of others",
        ),
    ],
};

impl Readers {
    pub(super) fn read(value: Value) -> Option<Readers> {
        let usual = Readers { count: 1, interval: INTERVAL.value, fan_out: FAN_OUT.value };
        if !value.is_table() {
            return Some(Readers { count: value.count(1..=MOST)?, ..usual });
        }
        value.table(&READERS_SHAPE, |reader| Readers {
            count: reader.must("count", |value| value.count(1..=MOST), usual.count),
            interval: reader.or("interval", super::source::interval, usual.interval),
            fan_out: reader.or("fan_out", Value::flag, usual.fan_out),
        })
    }
}

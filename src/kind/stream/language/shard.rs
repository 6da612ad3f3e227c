//! `shard = { … }` of a stream: what each shard takes and gives. In: limits. Out: a [`Shard`].

use crate::language::bounds;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::{Bandwidth, Rate};

/// What a shard takes and gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shard {
    /// Bytes a second that are put into it.
    pub bytes: f64,
    /// Records a second that are put into it.
    pub records: f64,
    /// Bytes a second that are read from it, by all who share it, and by each that has a fan-out of its own.
    pub read: f64,
    /// Calls a second that read, of all who share it.
    pub calls: f64,
}

/// Bytes a second that a shard takes: 1 MiB.
pub const BYTES: Given<Bandwidth> = Given::new(
    Bandwidth(8.0 * 1_048_576.0),
    "Amazon Kinesis Data Streams API, PutRecords: each shard takes up to 1 MiB and 1,000 records a second",
);
/// Records a second that a shard takes: 1,000.
pub const RECORDS: Given<Rate> =
    Given::new(Rate(1_000.0), "Amazon Kinesis Data Streams API, PutRecords: the same limit");
/// Bytes a second that are read of a shard: 2 MiB.
pub const READ: Given<Bandwidth> = Given::new(
    Bandwidth(16.0 * 1_048_576.0),
    "Amazon Kinesis Data Streams developer guide, \"Quotas and limits\": 2 MB per second, of all GetRecords together, and of each consumer with enhanced fan-out",
);
/// Calls a second that read a shard: 5.
pub const CALLS: Given<Rate> = Given::new(
    Rate(5.0),
    "Amazon Kinesis Data Streams developer guide, \"Quotas and limits\": 5 read transactions per second",
);

/// The language of a shard.
pub const SHARD_SHAPE: Shape = Shape {
    title: "shard = { … }",
    about: "What a shard takes and gives each second.",
    keys: &[
        Key::given("bytes", "bandwidth", || BYTES.show(), "bytes that are put"),
        Key::given("records", "rate", || RECORDS.show(), "records that are put"),
        Key::given(
            "read",
            "bandwidth",
            || READ.show(),
            "bytes that are read, of all consumers that share it, and of each with a fan-out of its own",
        ),
        Key::given("calls", "rate", || CALLS.show(), "calls that read, of all consumers that share it"),
    ],
};

impl Default for Shard {
    fn default() -> Shard {
        Shard {
            bytes: BYTES.value.0 / 8.0,
            records: RECORDS.value.0,
            read: READ.value.0 / 8.0,
            calls: CALLS.value.0,
        }
    }
}

impl Shard {
    pub(super) fn read(value: Value) -> Option<Shard> {
        let usual = Shard::default();
        let width = |value: Value| Some(bounds::positive(value, value.bandwidth()?.0)? / 8.0);
        let rate = |value: Value| bounds::positive(value, value.rate()?.0);
        value.table(&SHARD_SHAPE, |reader| Shard {
            bytes: reader.or("bytes", width, usual.bytes),
            records: reader.or("records", rate, usual.records),
            read: reader.or("read", width, usual.read),
            calls: reader.or("calls", rate, usual.calls),
        })
    }
}

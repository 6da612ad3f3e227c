//! The keys of `[stream.NAME]`, and their defaults. In: nothing. Out: shapes.

use super::Shard;
use super::capacity::{PEAK, RESHARD_TIME};
use super::source;
use crate::dist::Law;
use crate::kind::network;
use crate::kind::retry::{Jitter, Retries};
use crate::language::bounds;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::{Bandwidth, Bytes, Rate, Time};

/// How long a record is kept: a day.
pub const RETENTION: Given<Time> = Given::new(
    Time::from_secs(86_400),
    "Amazon Kinesis Data Streams developer guide, \"Change the data retention period\": 24 hours by default",
);
/// Size of a record: 1 KiB.
pub const RECORD: Given<Bytes> = Given::new(Bytes(1_024), "assumption: an event of some fields as JSON");
/// The largest record: 1 MiB.
pub const MAX_RECORD: Given<Bytes> = Given::new(
    Bytes(1 << 20),
    "Amazon Kinesis Data Streams API, UpdateMaxRecordSize: from 1,024 KiB, which is the size of a stream that does not change it",
);
/// And the most that it can be raised to. (The same: 10,240 KiB.)
pub(super) const MAX_RECORD_MOST: Bytes = Bytes(10 << 20);
/// Time of a put.
pub const WRITE_TIME: Given<Law> = Given::new(
    Law::Lognormal { mean: Time::from_millis(10), cv: 0.5 },
    "assumption: a record is written in three zones before the answer, which takes some 10 ms; AWS documents no time",
);
/// How the SDK tries again.
pub const RETRIES: Retries =
    Retries { max: 2, backoff: Time::from_secs(1), cap: Time::from_secs(20), jitter: Jitter::Full };
/// One-way network latency.
pub const HOP: Given<Time> = network::HOP;

/// Bytes a second that a shard takes: 1 MiB.
pub const BYTES: Given<Bandwidth> = Given::new(
    Bandwidth(8.0 * 1_048_576.0),
    "Amazon Kinesis Data Streams API, PutRecords: each shard takes up to 1 MiB and 1,000 records a second",
);
/// Records a second that a shard takes: 1,000.
pub const RECORDS: Given<Rate> = Given::new(Rate(1_000.0), "the same");
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

/// The language of a stream.
pub const SHAPE: Shape = Shape {
    title: "[stream.NAME]",
    about: "An Amazon Kinesis data stream. A record goes to the shard that has the hash of its partition key. Each shard takes only so many bytes and records \
            a second; what is more is throttled: the SDK of the caller tries again after a pause, and gives up in the end, so that the request fails as \
            `stream_throughput_exceeded` (ProvisionedThroughputExceededException). With `workers` Lambda reads the shards and invokes a function with batches \
            of their records, in order.",
    keys: &[
        Key::optional(
            "capacity",
            "\"on-demand\" or \"provisioned\"",
            "`\"on-demand\"`; provisioned where `shards` says how many",
            "shards that follow the traffic, billed by the GB; or as many as the file says, billed by the hour",
        ),
        Key::optional("shards", "number", "required of provisioned capacity", "shards at the start"),
        Key::optional(
            "reshard",
            "array of [duration, number]",
            "none",
            "UpdateShardCount: from when on it changes to how many shards, to double or half of what it had at most",
        ),
        Key::given(
            "reshard_time",
            "duration",
            || RESHARD_TIME.show(),
            "how long each split or merge takes; one follows the other, and all new shards are there when the last one is done",
        ),
        Key::given(
            "peak",
            "bandwidth",
            || PEAK.show(),
            "on-demand capacity: the highest traffic of the last 30 days, of which it takes the double at once",
        ),
        Key::optional(
            "growth",
            "{ factor, after, window }",
            "as `{}`",
            "how on-demand capacity follows the traffic",
        ),
        Key::optional(
            "shard",
            "{ bytes, records, read, calls }",
            "as `{}`",
            "what each shard takes and gives",
        ),
        Key::given("retention", "duration, 24h to 168h", || RETENTION.show(), "how long a record is kept"),
        Key::given(
            "record",
            "amount of data",
            || RECORD.show(),
            "size of a record with its partition key, where a step says no other",
        ),
        Key::given(
            "max_record",
            "amount of data, 1 MiB to 10 MiB",
            || MAX_RECORD.show(),
            "the largest record that it takes",
        ),
        Key::given(
            "write_time",
            "law",
            || WRITE_TIME.show(),
            "from the arrival of a record at Kinesis to its answer",
        ),
        Key::optional(
            "retries",
            "number or { max, backoff, cap, jitter }",
            "`{ max = 2, backoff = \"1s\", cap = \"20s\", jitter = \"full\" }` (AWS SDKs and Tools reference guide, \"Retry behavior\", standard mode: three attempts, a \
             random part of 1 s before the second, of 2 s before the third)",
            "how the SDK tries again what was throttled",
        ),
        source::WORKERS,
        source::STEPS,
        source::TIME,
        source::BATCH,
        source::BATCH_WINDOW,
        source::BATCH_TIME,
        source::FACTOR,
        source::ATTEMPTS,
        source::AGE,
        source::BISECT,
        source::REPORT,
        source::POISON,
        source::FAN_OUT,
        source::POLL_INTERVAL,
        Key::optional(
            "readers",
            "number or { count, interval, fan_out }",
            "none",
            "other applications that read the whole stream, and share its throughput",
        ),
        Key::given("hop", "duration", || HOP.show(), "one-way network latency"),
    ],
};

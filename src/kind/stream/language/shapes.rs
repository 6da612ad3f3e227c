//! The keys of `[stream.NAME]`, and their defaults. In: nothing. Out: shapes.

use super::capacity::{PEAK, RESHARD_TIME};
use super::source;
use crate::dist::Law;
use crate::kind::network;
use crate::kind::retry::{Jitter, Retries};
use crate::language::shape::{Given, Key, Shape};
use crate::units::{Bytes, Time};

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
            "`\"on-demand\"`; provisioned where `shards` says how many (assumption: what the console proposes)",
            "shards that follow the traffic, billed by the GB; or as many as the file says, billed by the hour",
        ),
        Key::optional("shards", "whole number", "required of provisioned capacity", "shards at the start"),
        Key::optional(
            "reshard",
            "array of [duration, whole number]",
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
        Key::given("retention", "duration, 24h to 8760h", || RETENTION.show(), "how long a record is kept"),
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
            "whole number or { max, backoff, cap, jitter }",
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
            "whole number or { count, interval, fan_out }",
            "none",
            "other applications that read the whole stream, and share its throughput",
        ),
        Key::given("hop", "duration", || HOP.show(), "one-way network latency"),
    ],
};

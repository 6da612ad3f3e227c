//! The keys of `[s3.NAME]`, and their defaults. In: nothing. Out: shapes.

use crate::dist::Law;
use crate::kind::network;
use crate::language::shape::{Given, Key, Shape};
use crate::units::{Bandwidth, Bytes, Rate, Time};

const PERFORMANCE: &str =
    "Amazon S3 user guide, best practices design patterns: optimizing Amazon S3 performance";

/// What a bucket stores at the start: nothing.
pub const STORAGE: Given<Bytes> = Given::new(Bytes(0), "assumption: a new bucket");
/// Size of an object: 100 KB.
pub const OBJECT: Given<Bytes> = Given::new(Bytes(100_000), "assumption: an image of a web page");
/// Time to the first byte: 100 to 200 ms.
pub const FIRST_BYTE: Given<Law> = Given::new(
    Law::Uniform { low: Time::from_millis(100), high: Time::from_millis(200) },
    "Amazon S3 user guide, best practices design patterns: optimizing Amazon S3 performance: roughly 100-200 ms; assumption: each \
     of these as often, for reads and writes",
);
/// Bandwidth of one request: 700 Mbit/s.
pub const BANDWIDTH: Given<Bandwidth> = Given::new(
    Bandwidth(700e6),
    "Amazon S3 user guide, performance design patterns: one concurrent request for each 85-90 MB/s; assumption: for writes as well",
);
/// Prefixes: 1.
pub const PREFIXES: Given<u32> = Given::new(1, "assumption: all names begin alike");
/// Partitions of a prefix at the start: 1.
pub const PARTITIONS: Given<u32> = Given::new(1, "assumption: no load has split it before");
/// Requests a second that read: 5,500.
pub const READS: Given<Rate> = Given::new(Rate(5_500.0), PERFORMANCE);
/// Requests a second that write: 3,500.
pub const WRITES: Given<Rate> = Given::new(Rate(3_500.0), PERFORMANCE);
/// What can be saved up: a tenth of a second.
pub const BURST: Given<Time> = Given::new(
    Time::from_millis(100),
    "assumption: as many as come together by chance; AWS documents no burst",
);
/// How long a partition refuses before it splits: 15 minutes.
pub const SPLIT_AFTER: Given<Time> = Given::new(
    Time::from_secs(900),
    "assumption: AWS says that it scales gradually, without a time; reports are of 15 to 60 minutes",
);
/// How often it must refuse meanwhile: each minute.
pub const SPLIT_WINDOW: Given<Time> =
    Given::new(Time::from_secs(60), "assumption: a minute without 503 is load that has not lasted");
/// One-way network latency.
pub const HOP: Given<Time> = network::HOP;

/// The language of a bucket.
pub const SHAPE: Shape = Shape {
    title: "[s3.NAME]",
    about: "An Amazon S3 bucket. Its objects are in partitions, of which each takes so many requests a second; beyond that S3 answers 503 \
            Slow Down, and the request fails as `slow_down`. The retries of an SDK are written beside the step, such as `retries = { max = 2, backoff = \"100ms\" }`.",
    keys: &[
        Key::given(
            "storage",
            "amount of data",
            || STORAGE.show(),
            "what it stores at the start; what is put comes to it, what is deleted leaves it",
        ),
        Key::given(
            "object",
            "amount of data",
            || OBJECT.show(),
            "size of an object where a step says no other",
        ),
        Key::given(
            "first_byte",
            "law",
            || FIRST_BYTE.show(),
            "from the arrival of a request at S3 to the first byte of its answer; of a write, from its last byte",
        ),
        Key::given("bandwidth", "bandwidth", || BANDWIDTH.show(), "at which the bytes of one request pass"),
        Key::given(
            "prefixes",
            "whole number",
            || PREFIXES.show(),
            "how many prefixes the names of its objects begin with; requests go to all of them alike, those with `keys` to the prefix of their key",
        ),
        Key::optional(
            "layout",
            "\"spread\" or \"together\"",
            "`\"spread\"` (assumption: keys begin with many prefixes)",
            "which keys share a prefix: they take the prefixes in turn by popularity, as names that begin with a hash do, or the most \
             popular ones are together, as with names that begin with a date",
        ),
        Key::given(
            "partitions",
            "whole number",
            || PARTITIONS.show(),
            "partitions of each prefix at the start: more where past load has split it, or AWS has prepared it",
        ),
        Key::given(
            "reads",
            "rate or \"unlimited\"",
            || READS.show(),
            "requests a second that each partition takes of `get` and `list`",
        ),
        Key::given(
            "writes",
            "rate or \"unlimited\"",
            || WRITES.show(),
            "requests a second that each partition takes of `put` and `delete`",
        ),
        Key::given(
            "burst",
            "duration",
            || BURST.show(),
            "what a partition can save up: as much as it takes in this time, at least one request",
        ),
        Key::optional(
            "split",
            "{ after, window } or \"never\"",
            "as `{}`",
            "when a partition that refuses requests becomes two, of which each takes as much; one object stays in one of them",
        ),
        Key::given("hop", "duration", || HOP.show(), "one-way network latency"),
        Key::optional(
            "replica",
            "{ to, time_control, lag }",
            "none",
            "another bucket to which what is put is copied: S3 Replication",
        ),
    ],
};

/// The language of a split.
pub const SPLIT_SHAPE: Shape = Shape {
    title: "split = { … }",
    about: "How S3 answers load that lasts: a partition that goes on refusing requests becomes two.",
    keys: &[
        Key::given("after", "duration", || SPLIT_AFTER.show(), "for how long it refuses before it splits"),
        Key::given(
            "window",
            "duration",
            || SPLIT_WINDOW.show(),
            "it goes on refusing as long as it has refused some in each window of this length",
        ),
    ],
};

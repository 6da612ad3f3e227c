//! The keys of `[dynamodb.NAME]`, and their defaults. In: nothing. Out: shapes.

use super::throughput::{Throughput, given};
use crate::dist::Law;
use crate::kind::network;
use crate::kind::retry::{Jitter, Retries};
use crate::language::shape::{Given, Key, Shape};
use crate::units::{Bytes, Time};

/// What a new on-demand table takes at once: 12,000 read and 4,000 write units a second.
pub const WARM: Given<Throughput> = given(
    12_000,
    4_000,
    "Amazon DynamoDB developer guide, \"Understanding DynamoDB warm throughput in different scenarios\"",
);
/// Most that a table takes: 40,000 units a second of each sort.
pub const QUOTA: Given<Throughput> =
    given(40_000, 40_000, "Amazon DynamoDB developer guide, \"Service, account, and table quotas\"");
/// What a partition takes: 3,000 read and 1,000 write units a second.
pub const PARTITION: Given<Throughput> = given(
    3_000,
    1_000,
    "Amazon DynamoDB developer guide, \"Best practices for designing and using partition keys effectively\"",
);
/// Times its previous peak that an on-demand table takes at once: 2.
pub const GROWTH_FACTOR: Given<f64> =
    Given::new(2.0, "Amazon DynamoDB developer guide, \"Read/write capacity mode\"");
/// After which time what was consumed is a previous peak: 30 minutes.
pub const GROWTH_AFTER: Given<Time> = Given::new(
    Time::from_secs(1_800),
    "Amazon DynamoDB developer guide, \"Read/write capacity mode\": more than double the previous peak within 30 minutes can be throttled",
);
/// Over which time consumption is a mean: a minute.
pub const GROWTH_WINDOW: Given<Time> =
    Given::new(Time::from_secs(60), "assumption: as CloudWatch has ConsumedReadCapacityUnits");
/// What provisioned capacity saves up: 300 s of it.
pub const BURST_PROVISIONED: Given<Time> = Given::new(
    Time::from_secs(300),
    "Amazon DynamoDB developer guide, \"Best practices for designing and using partition keys effectively\": up to five minutes of unused capacity",
);
/// What on-demand capacity saves up: a second of it.
pub const BURST_ON_DEMAND: Given<Time> =
    Given::new(Time::from_secs(1), "assumption: units are counted by the second; AWS documents no burst");
/// Utilization for which auto scaling aims: 70 %.
pub const TARGET: Given<&str> = Given::new(
    "70%",
    "Amazon DynamoDB developer guide, \"Managing throughput capacity automatically with DynamoDB auto scaling\"",
);
/// From the end of a minute to when alarms see it: a minute.
pub const METRIC_DELAY: Given<Time> =
    Given::new(Time::from_secs(60), "assumption: CloudWatch has the metrics of a minute a minute later");
/// How long it takes to change provisioned capacity: 30 s.
pub const UPDATE: Given<Time> = Given::new(
    Time::from_secs(30),
    "assumption: an UpdateTable takes from some seconds to minutes; AWS documents no time",
);
/// How long a partition throttles before it splits: 10 minutes.
pub const SPLIT_AFTER: Given<Time> = Given::new(
    Time::from_secs(600),
    "assumption: AWS says that adaptive capacity isolates items that are accessed often, without a time",
);
/// How often it must throttle meanwhile: each minute.
pub const SPLIT_WINDOW: Given<Time> =
    Given::new(Time::from_secs(60), "assumption: a minute without throttling is heat that has not lasted");
/// What a table stores at the start: nothing.
pub const STORAGE: Given<Bytes> = Given::new(Bytes(0), "assumption: a new table");
/// Size of an item: 1 KiB.
pub const ITEM: Given<Bytes> =
    Given::new(Bytes(1_024), "assumption: a session, or a basket of some articles");
/// Largest item. (Amazon DynamoDB developer guide, "Service, account, and table quotas": 400 KB.)
pub const ITEM_MAX: Bytes = Bytes(400 * 1_024);
/// Most items of a transaction. (Amazon DynamoDB API, `TransactWriteItems`.)
pub const ITEMS_MAX: u32 = 100;
/// Most bytes of a query. (Amazon DynamoDB API, `Query`: 1 MB.)
pub const QUERY_MAX: Bytes = Bytes(1 << 20);
/// Time of a read.
pub const READ_TIME: Given<Law> = Given::new(
    Law::Lognormal { mean: Time::from_millis(3), cv: 0.5 },
    "Amazon DynamoDB developer guide: single-digit milliseconds; the law is an assumption",
);
/// Time of a write.
pub const WRITE_TIME: Given<Law> = Given::new(
    Law::Lognormal { mean: Time::from_millis(5), cv: 0.5 },
    "Amazon DynamoDB developer guide: single-digit milliseconds; the law is an assumption",
);
/// How the SDK tries again.
pub const RETRIES: Retries =
    Retries { max: 2, backoff: Time::from_millis(50), cap: Time::from_secs(20), jitter: Jitter::Full };
/// Nodes of a DAX cluster: 3.
pub const DAX_NODES: Given<u32> = Given::new(
    3,
    "Amazon DynamoDB developer guide, \"DAX cluster sizing guide\": a fault-tolerant cluster has at least three",
);
/// Their type.
pub(super) const DAX_NODE: (&str, f64) = ("dax.r5.large", 16.0);
/// How long an item stays in DAX: 5 minutes.
pub const DAX_TTL: Given<Time> =
    Given::new(Time::from_secs(300), "Amazon DynamoDB developer guide, \"DAX: How it works\", item cache");
/// Time of a look-up in DAX.
pub const DAX_TIME: Given<Law> = Given::new(
    Law::Lognormal { mean: Time::from_micros(400), cv: 0.5 },
    "Amazon DynamoDB developer guide, \"In-memory acceleration with DAX\": microseconds; the law is an assumption",
);
/// How late an item is in the other Region.
pub const LAG: Given<Law> = Given::new(
    Law::Lognormal { mean: Time::from_millis(700), cv: 0.5 },
    "Amazon DynamoDB developer guide, \"Global tables: How it works\": usually within a second; the law is an assumption",
);
/// One-way network latency.
pub const HOP: Given<Time> = network::HOP;

/// The language of a table.
pub const SHAPE: Shape = Shape {
    title: "[dynamodb.NAME]",
    about: "An Amazon DynamoDB table. Requests take units of its capacity; its items are in partitions, of which each takes so many units a second. What is \
            more is throttled: the SDK of the caller tries again after a pause, and gives up in the end, so that the request fails as \
            `throughput_exceeded` (ProvisionedThroughputExceededException).",
    keys: &[
        Key::optional(
            "capacity",
            "\"on-demand\" or \"provisioned\"",
            "`\"on-demand\"`; provisioned where `read_units`, `write_units` or `scaling` say how much (Amazon DynamoDB developer guide, on-demand is the default and recommended mode)",
            "billed by the request, with a limit that follows the traffic; or by the hour, with the limit that is provisioned",
        ),
        Key::optional(
            "read_units",
            "whole number",
            "required of provisioned capacity; with `scaling` its `min`",
            "provisioned read units a second, at the start",
        ),
        Key::optional(
            "write_units",
            "whole number",
            "required of provisioned capacity; with `scaling` its `min`",
            "provisioned write units a second, at the start",
        ),
        Key::optional(
            "scaling",
            "{ read, write, delay, update }",
            "none",
            "auto scaling of provisioned capacity",
        ),
        Key::optional(
            "warm_throughput",
            "{ read, write }",
            "`{ read = 12000, write = 4000 }`; of a provisioned table what is provisioned (Amazon DynamoDB developer guide, \"Understanding DynamoDB warm throughput\")",
            "what it takes at once, without growing",
        ),
        Key::optional("max_throughput", "{ read, write }", "none", "the most that on-demand capacity takes"),
        Key::optional(
            "growth",
            "{ factor, after, window }",
            "as `{}`",
            "how on-demand capacity follows the traffic",
        ),
        Key::given(
            "quota",
            "{ read, write }",
            || QUOTA.show(),
            "the most units a second that AWS lets a table have",
        ),
        Key::optional(
            "burst",
            "duration",
            "`\"300s\"` of provisioned capacity (Amazon DynamoDB developer guide), `\"1s\"` of on-demand capacity (assumption)",
            "how much unused capacity it can save up: what it takes in this time",
        ),
        Key::given(
            "partition",
            "{ read, write }",
            || PARTITION.show(),
            "units a second that each partition takes",
        ),
        Key::optional(
            "split",
            "{ after, window } or \"never\"",
            "as `{}`",
            "when a hot partition splits, or isolates its hottest item",
        ),
        Key::given(
            "storage",
            "amount of data",
            || STORAGE.show(),
            "what it stores at the start; each 10 GB of it are a partition",
        ),
        Key::given(
            "item",
            "amount of data, up to 400 KB",
            || ITEM.show(),
            "size of an item where a step says no other",
        ),
        Key::given(
            "read_time",
            "law",
            || READ_TIME.show(),
            "from the arrival of a read at DynamoDB to its answer",
        ),
        Key::given(
            "write_time",
            "law",
            || WRITE_TIME.show(),
            "from the arrival of a write at DynamoDB to its answer; a transaction takes it twice, to prepare and to commit",
        ),
        Key::optional(
            "retries",
            "whole number or { max, backoff, cap, jitter }",
            "`{ max = 2, backoff = \"50ms\", cap = \"20s\", jitter = \"full\" }` (AWS SDKs and Tools reference guide, \"Retry behavior\": three attempts; Amazon DynamoDB \
             developer guide, \"Error handling with DynamoDB\": up to 50 ms before the first retry)",
            "how the SDK tries again what was throttled",
        ),
        Key::optional(
            "dax",
            "{ node, nodes, memory, ttl, time }",
            "none",
            "DynamoDB Accelerator in front of it",
        ),
        Key::optional("replica", "{ to, lag }", "none", "the other table of a global table"),
        Key::given("hop", "duration", || HOP.show(), "one-way network latency"),
    ],
};

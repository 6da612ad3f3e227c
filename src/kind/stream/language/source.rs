//! What works on the records of a stream: an event source mapping of AWS Lambda. In: a function, how it is invoked. Out: a [`Source`].

use crate::dist::Law;
use crate::id::{Kind, LambdaId, UNKNOWN};
use crate::kind::path::{PathOwner, Written};
use crate::kind::table;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key};
use crate::language::value::Value;
use crate::units::Time;

/// What invokes a function with the records of a stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// The function.
    pub function: LambdaId,
    /// Most records of an invocation.
    pub batch: u32,
    /// How long it waits for a full batch.
    pub window: Time,
    /// Time of each batch before its first record.
    pub batch_time: Option<Law>,
    /// Batches of a shard that are worked on at once.
    pub factor: u32,
    /// Tries after the first of a batch that fails; `None` is until its records expire.
    pub attempts: Option<u32>,
    /// Age from which a record is not tried again; `None` is none.
    pub age: Option<Time>,
    /// Whether a batch that fails becomes two.
    pub bisect: bool,
    /// Whether a batch goes on after the last record that was done.
    pub report: bool,
    /// Part of the records on which the function always fails.
    pub poison: f64,
    /// Whether it has a fan-out of its own.
    pub fan_out: bool,
    /// How often it reads a shard that has no more.
    pub poll_interval: Time,
}

const PARAMETERS: &str =
    "AWS Lambda developer guide, \"Lambda parameters for Amazon Kinesis Data Streams event source mappings\"";

/// Records of an invocation: 100.
pub const BATCH_GIVEN: Given<u32> = Given::new(100, PARAMETERS);
/// Wait for a full batch: none.
pub const BATCH_WINDOW_GIVEN: Given<Time> = Given::new(Time::ZERO, PARAMETERS);
/// Batches of a shard at once: 1.
pub const FACTOR_GIVEN: Given<u32> = Given::new(1, PARAMETERS);
/// Whether a batch that fails becomes two: no.
pub const BISECT_GIVEN: Given<bool> = Given::new(false, PARAMETERS);
/// Whether the function reports the first record that failed: no.
pub const REPORT_GIVEN: Given<bool> = Given::new(false, PARAMETERS);
/// Part of the records on which the function fails: none.
pub const POISON_GIVEN: Given<f64> = Given::new(0.0, "assumption: a function that knows its records");
/// Whether it has a fan-out of its own: no.
pub const FAN_OUT_GIVEN: Given<bool> = Given::new(
    false,
    "AWS Lambda developer guide, \"Process Amazon Kinesis Data Streams records with Lambda\": a standard iterator, unless a consumer is registered",
);
/// How often a shard is read: once a second.
pub const POLL_INTERVAL_GIVEN: Given<Time> = Given::new(
    Time::from_secs(1),
    "AWS Lambda developer guide, \"Using Lambda to process records from Amazon Kinesis Data Streams\": each shard is polled at a base rate of once per second",
);

pub(super) const WORKERS: Key = Key::optional(
    "workers",
    "name of a function",
    "nothing works on its records",
    "the function that Lambda invokes with batches of its records",
);
pub(super) const STEPS: Key = Key::optional(
    "steps",
    "step or array of steps",
    "either this or `time` with `workers`",
    "what the function does with each record of a batch, one after the other; if a step fails, the batch fails",
);
pub(super) const TIME: Key =
    Key::optional("time", "demand", "see `steps`", "how long a record takes, without using CPU");
pub(super) const BATCH: Key = Key::given(
    "batch",
    "whole number from 1 to 10000",
    || BATCH_GIVEN.show(),
    "most records of an invocation; they have 6 MiB at most",
);
pub(super) const BATCH_WINDOW: Key = Key::given(
    "batch_window",
    "duration, up to 300s",
    || BATCH_WINDOW_GIVEN.show(),
    "how long Lambda waits for a full batch, from its first record on",
);
pub(super) const BATCH_TIME: Key = Key::optional(
    "batch_time",
    "law",
    "nothing beside the work on its records",
    "time of each invocation before its first record",
);
pub(super) const FACTOR: Key = Key::given(
    "parallelization_factor",
    "whole number from 1 to 10",
    || FACTOR_GIVEN.show(),
    "batches of a shard that are worked on at once; records of one partition key stay in order",
);
pub(super) const ATTEMPTS: Key = Key::optional(
    "maximum_retry_attempts",
    "whole number up to 10000, or \"unlimited\"",
    "`\"unlimited\"` (AWS Lambda developer guide, \"Lambda parameters for Amazon Kinesis Data Streams event source mappings\": -1)",
    "tries after the first of a batch that fails; then its records are discarded",
);
pub(super) const AGE: Key = Key::optional(
    "maximum_record_age",
    "duration from 60s to 168h, or \"unlimited\"",
    "`\"unlimited\"` (the same: -1)",
    "age from which records are discarded, and not tried again",
);
pub(super) const BISECT: Key = Key::given(
    "bisect",
    "true or false",
    || BISECT_GIVEN.show(),
    "BisectBatchOnFunctionError: a batch that fails becomes two, and so on, until the record that fails is alone",
);
pub(super) const REPORT: Key = Key::given(
    "report_failures",
    "true or false",
    || REPORT_GIVEN.show(),
    "ReportBatchItemFailures: what was done before the record that failed is not done again",
);
pub(super) const POISON: Key = Key::given(
    "poison",
    "share",
    || (format!("\"{}%\"", 100.0 * POISON_GIVEN.value), POISON_GIVEN.source),
    "part of the records on which the function fails, however often it tries",
);
pub(super) const FAN_OUT: Key = Key::given(
    "fan_out",
    "true or false",
    || FAN_OUT_GIVEN.show(),
    "enhanced fan-out (billed): records are pushed to it some 70 ms after they were put, and it shares the throughput of a shard with nobody",
);
pub(super) const POLL_INTERVAL: Key = Key::given(
    "poll_interval",
    "duration",
    || POLL_INTERVAL_GIVEN.show(),
    "how often Lambda reads a shard that had no more records; not with a fan-out",
);

/// What has a meaning only with `workers`.
const OF_WORKERS: [Key; 13] = [
    STEPS,
    TIME,
    BATCH,
    BATCH_WINDOW,
    BATCH_TIME,
    FACTOR,
    ATTEMPTS,
    AGE,
    BISECT,
    REPORT,
    POISON,
    FAN_OUT,
    POLL_INTERVAL,
];

impl Source {
    /// Reads what works on the records, and what it does with each.
    pub(super) fn read<'a>(
        name: &str,
        reader: &Reader<'a>,
        path: &mut Option<Written<'a>>,
    ) -> Option<Source> {
        let Some(workers) = reader.get("workers") else {
            for key in OF_WORKERS {
                if let Some(value) = reader.get(key.name) {
                    let hint = "add workers = \"NAME\", the function that works on its records, or remove it";
                    value.problem(format!("`{}` needs `workers`", key.name), hint);
                }
            }
            return None;
        };
        let (_, index) = table::named(workers, &[Kind::Lambda]).unwrap_or((Kind::Lambda, UNKNOWN as usize));
        *path = Some(work(name, (Kind::Lambda, index), reader));
        let fan_out = reader.or("fan_out", Value::flag, FAN_OUT_GIVEN.value);
        if let Some(value) = reader.get("poll_interval").filter(|_| fan_out) {
            value.problem("with a fan-out records are pushed, and nothing polls", "remove it, or `fan_out`");
        }
        let window = |value: Value| value.time_within(Time::ZERO..=Time::from_secs(300));
        let age = |value: Value| -> Option<Option<Time>> {
            if value.is_text() && value.text() == Some("unlimited") {
                return Some(None);
            }
            value.time_within(Time::from_secs(60)..=Time::from_secs(604_800)).map(Some)
        };
        Some(Source {
            function: LambdaId(u32::try_from(index).unwrap_or(UNKNOWN)),
            batch: reader.or("batch", |value| value.count(1..=10_000), BATCH_GIVEN.value),
            window: reader.or("batch_window", window, BATCH_WINDOW_GIVEN.value),
            batch_time: reader.maybe("batch_time", Value::law),
            factor: reader.or("parallelization_factor", |value| value.count(1..=10), FACTOR_GIVEN.value),
            attempts: reader.or(
                "maximum_retry_attempts",
                |value| value.count_or("unlimited", 0..=10_000),
                None,
            ),
            age: reader.or("maximum_record_age", age, None),
            bisect: reader.or("bisect", Value::flag, BISECT_GIVEN.value),
            report: reader.or("report_failures", Value::flag, REPORT_GIVEN.value),
            poison: reader.or("poison", Value::share, POISON_GIVEN.value),
            fan_out,
            poll_interval: reader.or("poll_interval", interval, POLL_INTERVAL_GIVEN.value),
        })
    }
}

/// How often something reads a shard.
pub(super) fn interval(value: Value) -> Option<Time> {
    value.time_within(Time::from_millis(10)..=Time::from_secs(3_600))
}

/// Reads what is done with a record.
fn work<'a>(name: &str, on: PathOwner, reader: &Reader<'a>) -> Written<'a> {
    let (steps, time) = match reader.one_of(&["steps", "time"], true) {
        Some(("steps", value)) => {
            if value.is_empty_array() {
                value.problem("the function has nothing to do", "write a step such as { cpu = \"6ms\" }");
            }
            (Some(value), None)
        }
        Some((_, value)) => (None, value.demand()),
        None => (None, None),
    };
    Written { place: format!("stream.{name}/work"), on, cpu: None, time, steps }
}

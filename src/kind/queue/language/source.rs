//! Workers that are a function: an event source mapping of AWS Lambda. In: a function, how it is invoked. Out: a [`Source`].

use super::consumer::work;
use crate::id::{LambdaId, UNKNOWN};
use crate::kind::path::{PathOwner, Written};
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key};
use crate::language::value::Value;
use crate::number::number;
use crate::units::Time;

/// What invokes a function with the messages of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The function.
    pub function: LambdaId,
    /// Most messages of an invocation.
    pub batch: u32,
    /// How long messages are gathered for an invocation.
    pub window: Time,
    /// Whether the function says which messages of a batch failed; else all of them come back.
    pub partial: bool,
    /// Most invocations at once.
    pub most: u32,
}

/// Messages of an invocation: 10.
pub const BATCH_GIVEN: Given<u32> =
    Given::new(10, "AWS Lambda developer guide, \"Lambda parameters for Amazon SQS event source mappings\"");
/// Most messages of an invocation, with a batching window and without. Source: AWS Lambda developer guide, "Using Lambda with Amazon SQS".
const BATCH_MAX: u32 = 10_000;
/// Without a window, or on a FIFO queue. Source: the same.
const BATCH_OF_CALL: u32 = 10;
/// Time for which messages are gathered: none.
pub const WINDOW_GIVEN: Given<Time> = Given::new(
    Time::ZERO,
    "AWS Lambda API, CreateEventSourceMapping, MaximumBatchingWindowInSeconds: 0, at most 300",
);
/// The longest window, seconds. Source: the same.
const WINDOW_MAX_S: u64 = 300;
/// Invocations at once of one event source: 1,250.
pub const MOST_GIVEN: Given<u32> = Given::new(
    1_250,
    "AWS Lambda developer guide, \"Configuring scaling behavior for SQS event source mappings\": 1,250 concurrent invocations",
);
/// Those with which it begins. Source: the same: five batches at a time.
pub const FIRST: u32 = 5;
/// More of them each second while messages are there: 300 a minute. Source: the same.
pub const MORE: u32 = 5;
/// Seconds that it waits for a message. Assumption: the longest wait of Amazon SQS.
pub const WAIT: u8 = 20;

pub(super) const MAXIMUM_CONCURRENCY: Key = Key::given(
    "maximum_concurrency",
    "whole number from 2 to 1000",
    || MOST_GIVEN.show(),
    "most invocations at once, where the workers are a function",
);
pub(super) const BATCHING_WINDOW: Key = Key::given(
    "batching_window",
    "duration: whole seconds, up to 300 s",
    || WINDOW_GIVEN.show(),
    "where the workers are a function of a standard queue: how long messages are gathered for an invocation, from the first one on; a `batch` can have 10,000 then",
);
pub(super) const REPORT: Key = Key::optional(
    "report_batch_item_failures",
    "true or false",
    "`false`: all messages of a batch come back if one fails (AWS Lambda developer guide, \"Handling errors for an SQS event source\")",
    "where the workers are a function: it says which messages failed, and only these come back; on a FIFO queue also those after the first of them",
);

/// What only functions have.
pub(super) const OF_FUNCTIONS: [Key; 3] = [MAXIMUM_CONCURRENCY, BATCHING_WINDOW, REPORT];
/// What workers of a fleet have and a function has not.
const OF_FLEETS: [&str; 6] = ["pollers", "wait", "poll_interval", "delete", "priority", "stop_timeout"];

impl Source {
    /// Reads how a function is invoked, and what it does with each message.
    pub(super) fn read<'a>(
        name: &str,
        on: PathOwner,
        reader: &Reader<'a>,
        path: &mut Option<Written<'a>>,
        fifo: bool,
    ) -> Source {
        for key in OF_FLEETS {
            if let Some(value) = reader.get(key) {
                let hint = "remove it: Lambda polls the queue itself, five batches at a time at first and 300 more a minute";
                value.problem(format!("`{key}` is for workers of a fleet"), hint);
            }
        }
        *path = Some(work(name, on, reader));
        let window = reader.or("batching_window", window, WINDOW_GIVEN.value);
        if let (Some(value), true) = (reader.get("batching_window").filter(|_| window > Time::ZERO), fifo) {
            value.problem("a FIFO queue has no batching window", "remove it, or let the queue be standard");
        }
        let batch = |value: Value| {
            let batch = value.count(1..=BATCH_MAX)?;
            if batch > BATCH_OF_CALL && (window == Time::ZERO || fifo) {
                let hint = match fifo {
                    true => "a batch of a FIFO queue has 10 messages at most",
                    false => "add a `batching_window` of a second or more: one call receives 10 at most",
                };
                value.problem(format!("a batch of {} messages", number(batch.into())), hint);
                return None;
            }
            Some(batch)
        };
        Source {
            function: LambdaId(u32::try_from(on.1).unwrap_or(UNKNOWN)),
            batch: reader.or("batch", batch, BATCH_GIVEN.value),
            window,
            partial: reader.or("report_batch_item_failures", Value::flag, false),
            most: reader.or("maximum_concurrency", |value| value.count(2..=1_000), MOST_GIVEN.value),
        }
    }

    /// Most messages of a call that receives.
    pub(in crate::kind::queue) fn of_call(self) -> u8 {
        self.batch.min(BATCH_OF_CALL) as u8
    }
}

/// A window, which Lambda takes in whole seconds.
fn window(value: Value) -> Option<Time> {
    let window = value.time_within(Time::ZERO..=Time::from_secs(WINDOW_MAX_S))?;
    if !window.0.is_multiple_of(Time::from_secs(1).0) {
        value.problem(
            format!("a window of {window} is not possible"),
            "Lambda takes whole seconds, up to 300",
        );
        return None;
    }
    Some(window)
}

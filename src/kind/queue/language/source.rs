//! Workers that are a function: an event source mapping of AWS Lambda. In: a function, how it is invoked. Out: a [`Source`].

use super::consumer::work;
use crate::id::{LambdaId, UNKNOWN};
use crate::kind::path::{PathOwner, Written};
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key};

/// What invokes a function with the messages of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The function.
    pub function: LambdaId,
    /// Most messages of an invocation.
    pub batch: u8,
    /// Most invocations at once.
    pub most: u32,
}

/// Messages of an invocation: 10.
pub const BATCH_GIVEN: Given<u32> =
    Given::new(10, "AWS Lambda developer guide, \"Using Lambda with Amazon SQS\": the default batch size");
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
    "number from 2 to 1000",
    || MOST_GIVEN.show(),
    "most invocations at once, where the workers are a function",
);

/// What workers of a fleet have and a function has not.
const OF_FLEETS: [&str; 6] = ["pollers", "wait", "poll_interval", "delete", "priority", "stop_timeout"];

impl Source {
    /// Reads how a function is invoked, and what it does with each message.
    pub(super) fn read<'a>(
        name: &str,
        on: PathOwner,
        reader: &Reader<'a>,
        path: &mut Option<Written<'a>>,
    ) -> Source {
        for key in OF_FLEETS {
            if let Some(value) = reader.get(key) {
                let hint = "remove it: Lambda polls the queue itself, five batches at a time at first and 300 more a minute";
                value.problem(format!("`{key}` is for workers of a fleet"), hint);
            }
        }
        *path = Some(work(name, on, reader));
        Source {
            function: LambdaId(u32::try_from(on.1).unwrap_or(UNKNOWN)),
            batch: reader.or("batch", |value| value.count(1..=10), BATCH_GIVEN.value) as u8,
            most: reader.or("maximum_concurrency", |value| value.count(2..=1_000), MOST_GIVEN.value),
        }
    }
}

//! The workers of a queue. In: a fleet, how its instances poll, or a function. Out: a [`Consumer`] or a [`Source`].

use super::source::{BATCHING_WINDOW, MAXIMUM_CONCURRENCY, OF_FUNCTIONS, REPORT, Source};
use crate::id::{FleetId, Kind, UNKNOWN};
use crate::kind::path::{PathOwner, Written};
use crate::kind::table;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key};
use crate::language::value::Value;
use crate::units::Time;

/// What receives the messages of a queue and works on them.
#[derive(Clone, Debug)]
pub struct Consumer {
    /// The fleet whose instances poll.
    pub fleet: FleetId,
    /// Pollers of each instance: each receives, works on what it got, one message after the other, and deletes it.
    pub pollers: u32,
    /// Most messages of one receive.
    pub batch: u8,
    /// Seconds that a receive waits for a message (long polling).
    pub wait: u8,
    /// Pause after a receive that got nothing and did not wait.
    pub poll_interval: Time,
    /// Whether messages are deleted together, when the last one of a receive is done.
    pub delete_together: bool,
    /// Pollers that the queues of a fleet with a priority share ask the highest first.
    pub priority: Option<u32>,
    /// How long a leaving instance may go on with what it has received.
    pub stop_timeout: Time,
}

impl Consumer {
    /// Calls that receive, for each message: receives are full where messages wait.
    pub(crate) fn receives(&self) -> f64 {
        1.0 / f64::from(self.batch)
    }

    /// Calls that delete, for each message.
    pub(crate) fn deletes(&self) -> f64 {
        if self.delete_together { self.receives() } else { 1.0 }
    }
}

/// Pollers of an instance: 1.
pub const POLLERS_GIVEN: Given<u32> = Given::new(
    1,
    "EC2 Auto Scaling user guide, \"Scaling policy based on Amazon SQS\": its example has one message at a time on an instance",
);
/// Messages of a receive: 1.
pub const BATCH_GIVEN: Given<u32> = Given::new(1, "Amazon SQS API, ReceiveMessage, MaxNumberOfMessages");
/// Wait of a receive: none.
pub const WAIT_GIVEN: Given<Time> =
    Given::new(Time::ZERO, "Amazon SQS API, SetQueueAttributes, ReceiveMessageWaitTimeSeconds");
/// Pause after a receive that got nothing: 1 s.
pub const POLL_INTERVAL_GIVEN: Given<Time> =
    Given::new(Time::from_secs(1), "assumption: a loop that sleeps a second when there was nothing");
/// Priority: none; the queue has pollers of its own.
const PRIORITIES: u32 = 100;
/// Time to finish on a leaving instance: 90 s.
pub const STOP_TIMEOUT_GIVEN: Given<Time> = Given::new(
    Time::from_secs(90),
    "systemd-system.conf manual, DefaultTimeoutStopSec; assumption: a worker that is asked to stop finishes what it has received",
);

pub(super) const WORKERS: Key = Key::optional(
    "workers",
    "name of a fleet or a function",
    "nothing receives but `receive` steps",
    "the fleet whose instances receive, work on each message, and delete it; or the function that Lambda invokes with batches of messages",
);
pub(super) const STEPS: Key = Key::optional(
    "steps",
    "step or array of steps",
    "either this or `time` with `workers`",
    "what a worker does with a message, on its instance; if a step fails, the message is not deleted",
);
pub(super) const TIME: Key =
    Key::optional("time", "demand", "see `steps`", "how long a message holds its poller, without using CPU");
pub(super) const POLLERS: Key = Key::given(
    "pollers",
    "whole number, up to 1000",
    || POLLERS_GIVEN.show(),
    "pollers of each instance, each with one message at a time",
);
pub(super) const BATCH: Key = Key::optional(
    "batch",
    "whole number from 1 to 10, of a function up to 10000",
    "of a fleet `1` (Amazon SQS API, ReceiveMessage, MaxNumberOfMessages), of a function `10` (AWS Lambda developer guide, \"Lambda parameters for Amazon SQS event source \
     mappings\")",
    "most messages of one receive, or of an invocation; they are worked on one after the other while the visibility timeout of all runs",
);
pub(super) const WAIT: Key = Key::given(
    "wait",
    "duration: whole seconds, up to 20 s",
    || WAIT_GIVEN.show(),
    "long polling: how long a receive waits for a message; those that wait are served in the order in which they came",
);
pub(super) const POLL_INTERVAL: Key = Key::given(
    "poll_interval",
    "duration",
    || POLL_INTERVAL_GIVEN.show(),
    "pause of a poller after a receive that failed, or that got nothing and did not wait",
);
pub(super) const DELETE: Key = Key::optional(
    "delete",
    "\"each\" or \"batch\"",
    "`\"each\"` (assumption: what is done is deleted at once)",
    "whether each message is deleted when it is done, or all messages of a receive in one call",
);
pub(super) const PRIORITY: Key = Key::optional(
    "priority",
    "whole number, up to 100",
    "the queue has pollers of its own",
    "queues of one fleet with a priority share its pollers, which ask the highest first and the next when that is empty; equal ones are asked in turn",
);
pub(super) const STOP_TIMEOUT: Key = Key::given(
    "stop_timeout",
    "duration",
    || STOP_TIMEOUT_GIVEN.show(),
    "how long an instance that is taken out of service may go on with what it has received; then it is shut down, and the \
     messages come back",
);

/// What has a meaning only with `workers`.
const OF_WORKERS: [Key; 12] = [
    STEPS,
    TIME,
    POLLERS,
    BATCH,
    WAIT,
    POLL_INTERVAL,
    DELETE,
    PRIORITY,
    STOP_TIMEOUT,
    MAXIMUM_CONCURRENCY,
    BATCHING_WINDOW,
    REPORT,
];

impl Consumer {
    /// Reads the workers, and what they do with a message.
    pub(super) fn read<'a>(
        name: &str,
        reader: &Reader<'a>,
        path: &mut Option<Written<'a>>,
        fifo: bool,
    ) -> (Option<Consumer>, Option<Source>) {
        let Some(workers) = reader.get("workers") else {
            for key in OF_WORKERS {
                if let Some(value) = reader.get(key.name) {
                    let hint = "add workers = \"NAME\", the fleet whose instances receive, or remove it";
                    value.problem(format!("`{}` needs `workers`", key.name), hint);
                }
            }
            return (None, None);
        };
        let on = table::named(workers, &[Kind::Fleet, Kind::Lambda]);
        if let Some(on @ (Kind::Lambda, _)) = on {
            return (None, Some(Source::read(name, on, reader, path, fifo)));
        }
        for key in OF_FUNCTIONS {
            if let Some(value) = reader.get(key.name) {
                let hint = match key.name == MAXIMUM_CONCURRENCY.name {
                    true => "write `pollers`, how many there are on each instance",
                    false => "remove it, or let the workers be a [lambda.NAME]",
                };
                value.problem(format!("`{}` is for workers that are a function", key.name), hint);
            }
        }
        let fleet = on.and_then(|(_, index)| u32::try_from(index).ok()).map_or(FleetId(UNKNOWN), FleetId);
        *path = Some(work(name, (Kind::Fleet, fleet.index()), reader));
        let wait = reader.or("wait", seconds, 0);
        let priority = reader.maybe("priority", |value| value.count(0..=PRIORITIES));
        if let (Some(value), Some(_)) = (reader.get("wait").filter(|_| wait > 0), priority) {
            value.problem(
                "a poller that waits at one queue cannot look at the others",
                "remove `wait`, or `priority`, so that each queue has pollers of its own",
            );
        }
        let consumer = Consumer {
            fleet,
            pollers: reader.or("pollers", |value| value.count(1..=1_000), POLLERS_GIVEN.value),
            batch: reader.or("batch", |value| value.count(1..=10), BATCH_GIVEN.value) as u8,
            wait,
            poll_interval: reader.or("poll_interval", Value::span_of_time, POLL_INTERVAL_GIVEN.value),
            delete_together: reader.or(
                "delete",
                |value| value.choice(&[("each", false), ("batch", true)]),
                false,
            ),
            priority,
            stop_timeout: reader.or("stop_timeout", Value::time, STOP_TIMEOUT_GIVEN.value),
        };
        (Some(consumer), None)
    }
}

/// Reads what is done with a message.
pub(super) fn work<'a>(name: &str, on: PathOwner, reader: &Reader<'a>) -> Written<'a> {
    let (steps, time) = match reader.one_of(&["steps", "time"], true) {
        Some(("steps", value)) => {
            if value.is_empty_array() {
                value.problem("the workers have nothing to do", "write a step such as { cpu = \"6ms\" }");
            }
            (Some(value), None)
        }
        Some((_, value)) => (None, value.demand()),
        None => (None, None),
    };
    Written { place: format!("queue.{name}/work"), on, cpu: None, time, steps }
}

/// The wait of a receive, which SQS takes in whole seconds.
pub(in crate::kind::queue) fn seconds(value: Value) -> Option<u8> {
    let second = Time::from_secs(1);
    let wait = value.time_within(Time::ZERO..=second * 20)?;
    if !wait.0.is_multiple_of(second.0) {
        value.problem(format!("a wait of {wait} is not possible"), "SQS takes whole seconds, up to 20");
        return None;
    }
    Some((wait.0 / second.0) as u8)
}

//! `[queue.NAME]`: an Amazon SQS queue and what works on its messages. In: its attributes, its workers. Out: a [`Queue`].

pub mod consumer;

use self::consumer::Consumer;
use crate::id::{Dial, KeySpaceId, Kind, QueueId};
use crate::kind::Settings;
use crate::kind::keys::{self, KeySpace};
use crate::kind::path::Written;
use crate::kind::table::Table;
use crate::language::bounds;
use crate::language::problem::Problem;
use crate::language::reader::{Context, Reader};
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::{Bytes, Rate, Time};

/// An SQS queue.
#[derive(Clone, Debug)]
pub struct Queue {
    /// Name in the file.
    pub name: String,
    /// Whether it keeps the order of messages inside a group (FIFO), and delivers each only while no other of its group is
    /// in flight.
    pub fifo: bool,
    /// How long a received message is hidden from others.
    pub visibility_timeout: Time,
    /// How long a sent message is hidden from all.
    pub delivery_delay: Time,
    /// How long a message is kept.
    pub retention: Time,
    /// Where messages go that were received too often.
    pub dead_letter: Option<QueueId>,
    /// Receives after which a message goes there.
    pub max_receive_count: u32,
    /// Most messages in flight.
    pub in_flight: u32,
    /// Mean size of a message.
    pub message_size: Bytes,
    /// Calls a second of each action (send, receive, delete); `None` is no limit.
    pub calls: Option<Rate>,
    /// Whether that limit holds for each message group by itself.
    pub high_throughput: bool,
    /// The population of message groups; one group of all messages without.
    pub groups: Option<Groups>,
    /// How long a call to SQS takes, there and back.
    pub latency: Time,
    /// Who works on the messages.
    pub consumer: Option<Consumer>,
}

/// Gauges of a queue, and what workers have to do.
pub(crate) const GAUGES: &[Dial] = &[
    Dial { kind: Kind::Queue, name: "backlog", about: "messages that can be received" },
    Dial { kind: Kind::Queue, name: "backlog_per_instance", about: "the same for each instance in service of its workers" },
    Dial { kind: Kind::Queue, name: "in_flight", about: "messages in flight" },
    Dial { kind: Kind::Queue, name: "age", about: "age of the oldest message, seconds" },
    Dial { kind: Kind::Fleet, name: "backlog_per_instance", about: "messages of all its queues for each instance in service" },
];

/// A population of message groups.
#[derive(Clone, Debug)]
pub enum Groups {
    /// As large and as skewed as a `[keys.NAME]` table.
    Named(KeySpaceId),
    /// Written in place.
    InPlace(KeySpace),
}

/// Visibility timeout: 30 s.
pub const VISIBILITY_TIMEOUT: Given<Time> =
    Given::new(Time::from_secs(30), "Amazon SQS API, SetQueueAttributes, VisibilityTimeout");
/// Delivery delay: none.
pub const DELIVERY_DELAY: Given<Time> =
    Given::new(Time::ZERO, "Amazon SQS API, SetQueueAttributes, DelaySeconds");
/// Retention period: 4 days.
pub const RETENTION: Given<Time> =
    Given::new(Time::from_secs(4 * 86_400), "Amazon SQS API, SetQueueAttributes, MessageRetentionPeriod");
/// Receives before a message goes to the dead-letter queue: 10.
pub const MAX_RECEIVE_COUNT: Given<u32> =
    Given::new(10, "Amazon SQS API, SetQueueAttributes, RedrivePolicy, maxReceiveCount");
/// Most messages in flight: 120,000, of a standard and of a FIFO queue.
pub const IN_FLIGHT: Given<u32> =
    Given::new(120_000, "Amazon SQS developer guide, \"Amazon SQS queue quotas\", messages per queue (in flight)");
/// Mean size of a message: 4 KiB.
pub const MESSAGE_SIZE: Given<Bytes> = Given::new(Bytes(4 * 1_024), "assumption: an order in JSON");
/// Calls a second to a FIFO queue, of each action: 300.
pub const FIFO_CALLS: Given<Rate> =
    Given::new(Rate(300.0), "Amazon SQS developer guide, \"Amazon SQS message quotas\", FIFO queues");
/// Time of a call to SQS: 10 ms.
pub const LATENCY: Given<Time> = Given::new(
    Time::from_millis(10),
    "assumption: AWS publishes no figure; calls inside a region take about ten milliseconds",
);
/// Largest message: 1 MiB. Source: Amazon SQS developer guide, "Amazon SQS message quotas".
const MESSAGE_MAX: Bytes = Bytes(1 << 20);

/// Whether messages of a group keep their order.
const TYPES: [(&str, bool); 2] = [("standard", false), ("fifo", true)];

/// The language of a queue.
pub const SHAPE: Shape = Shape {
    title: "[queue.NAME]",
    about: "An Amazon SQS queue, and the workers that receive from it.",
    keys: &[
        Key::optional(
            "type",
            "\"standard\" or \"fifo\"",
            "`\"standard\"`",
            "a FIFO queue keeps the order inside a message group and delivers none of a group of which one is in flight",
        ),
        Key::given(
            "visibility_timeout",
            "duration, 1 s to 12 h",
            || VISIBILITY_TIMEOUT.show(),
            "how long a received message is hidden; if it is not deleted by then, it is delivered again",
        ),
        Key::given(
            "delivery_delay",
            "duration, up to 15 min",
            || DELIVERY_DELAY.show(),
            "how long a sent message is hidden",
        ),
        Key::given(
            "retention",
            "duration, 1 min to 14 days",
            || RETENTION.show(),
            "messages older than this are lost, in flight or not",
        ),
        Key::optional("dead_letter", "name of a queue", "none", "where messages go that were received too often"),
        Key::given(
            "max_receive_count",
            "number, up to 1000",
            || MAX_RECEIVE_COUNT.show(),
            "receives after which the next one moves the message to `dead_letter`",
        ),
        Key::given(
            "in_flight",
            "number",
            || IN_FLIGHT.show(),
            "most messages in flight; beyond it a receive gets nothing, and one that does not wait the error `OverLimit`",
        ),
        Key::given(
            "message_size",
            "data, up to 1 MiB",
            || MESSAGE_SIZE.show(),
            "mean size of a message; a request is billed for each 64 KiB",
        ),
        Key::optional(
            "groups",
            "name of a [keys.NAME] table or { count, zipf }",
            "one group",
            "FIFO: the population of message groups, of which each message draws one",
        ),
        Key::optional(
            "high_throughput",
            "true or false",
            "`false`",
            "FIFO: whether `calls` is the limit of each message group, and not of the queue",
        ),
        Key::optional(
            "calls",
            "rate or \"unlimited\"",
            "`\"300/s\"` (Amazon SQS developer guide, \"Amazon SQS message quotas\"); a standard queue has no limit",
            "FIFO: calls of each action (send, receive, delete) that are taken, with up to 10 messages each; more are \
             throttled, and tried again by the SDK",
        ),
        Key::given("latency", "duration", || LATENCY.show(), "how long a call to SQS takes, half there and half back"),
        consumer::WORKERS,
        consumer::STEPS,
        consumer::TIME,
        consumer::POLLERS,
        consumer::BATCH,
        consumer::WAIT,
        consumer::POLL_INTERVAL,
        consumer::DELETE,
        consumer::PRIORITY,
        consumer::STOP_TIMEOUT,
    ],
};

impl Table<Settings> for Queue {
    const ABOUT: &'static str = "queues and their workers";
    const SHAPES: &'static [&'static Shape] = &[&SHAPE];
    const BILLED: bool = false;

    fn read<'a>(name: &str, reader: &Reader<'a>, path: &mut Option<Written<'a>>) -> Queue {
        let fifo = reader.or("type", |value| value.choice(&TYPES), false);
        if !fifo {
            for value in ["groups", "high_throughput", "calls"].into_iter().filter_map(|key| reader.get(key)) {
                value.problem(
                    "only FIFO queues have message groups and limits of calls",
                    "write type = \"fifo\", or remove it",
                );
            }
        }
        let calls = match fifo {
            true => reader.or("calls", calls, Some(FIFO_CALLS.value)),
            false => None,
        };
        let dead_letter = reader.maybe("dead_letter", |value| {
            let id: QueueId = value.id()?;
            if value.text() == Some(name) {
                value.problem("a queue that is its own dead-letter queue", "name another queue");
            }
            Some(id)
        });
        if let (None, Some(value)) = (dead_letter, reader.get("max_receive_count"))
            && reader.get("dead_letter").is_none()
        {
            value.problem(
                "a count of receives without a dead-letter queue",
                "add dead_letter = \"NAME\", or remove it",
            );
        }
        let seconds = |from: u64, to: u64| Time::from_secs(from)..=Time::from_secs(to);
        let times = |range| move |value: Value| value.time_within(range);
        Queue {
            name: name.to_owned(),
            fifo,
            visibility_timeout: reader.or(
                "visibility_timeout",
                times(seconds(1, 43_200)),
                VISIBILITY_TIMEOUT.value,
            ),
            delivery_delay: reader.or("delivery_delay", times(seconds(0, 900)), DELIVERY_DELAY.value),
            retention: reader.or("retention", times(seconds(60, 14 * 86_400)), RETENTION.value),
            dead_letter,
            max_receive_count: reader.or(
                "max_receive_count",
                |value| value.count(1..=1_000),
                MAX_RECEIVE_COUNT.value,
            ),
            in_flight: reader.or("in_flight", |value| value.count(1..=1_000_000), IN_FLIGHT.value),
            message_size: reader.or("message_size", message_size, MESSAGE_SIZE.value),
            calls,
            high_throughput: reader.or("high_throughput", Value::flag, false),
            groups: reader.maybe("groups", Groups::read),
            latency: reader.or("latency", times(seconds(0, 60)), LATENCY.value),
            consumer: Consumer::read(name, reader, path),
        }
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn uses(&self) -> Vec<(Kind, usize)> {
        let dead = self.dead_letter.map(|queue| (Kind::Queue, queue.index()));
        let keys = match self.groups {
            Some(Groups::Named(keys)) => Some((Kind::Keys, keys.index())),
            _ => None,
        };
        dead.into_iter().chain(keys).collect()
    }

    fn check(&self, index: usize, all: &Settings, cx: &Context) {
        let Some(span) = cx.names.span(Kind::Queue, index) else { return };
        if let Some(other) = self.dead_letter.and_then(|other| all.queues.get(other.index()))
            && other.fifo != self.fifo
        {
            let message = format!("the dead-letter queue of `{}` is of another type", self.name);
            let hint = format!("give `{}` and `{}` the same type", self.name, other.name);
            cx.push(Problem::at(span, message).hint(hint));
        }
        consumer::check(cx, span, index, &all.queues);
    }
}

impl Groups {
    fn read(value: Value) -> Option<Groups> {
        match value.is_text() {
            true => value.id().map(Groups::Named),
            false => value.table(&keys::SHAPE, |reader| Groups::InPlace(KeySpace::read("", reader))),
        }
    }
}

/// A limit of calls, or none.
fn calls(value: Value) -> Option<Option<Rate>> {
    if value.is_text() && value.text() == Some("unlimited") {
        return Some(None);
    }
    let rate = value.rate()?;
    bounds::positive(value, rate.0)?;
    Some(Some(rate))
}

fn message_size(value: Value) -> Option<Bytes> {
    let size = value.some_bytes()?;
    if size > MESSAGE_MAX {
        value.problem(format!("a message of {size}"), format!("a message has at most {MESSAGE_MAX}"));
        return None;
    }
    Some(size)
}

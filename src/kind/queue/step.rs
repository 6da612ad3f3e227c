//! Steps of a request at a queue. In: `{ send = "orders" }`, `{ receive = "orders" }`. Out: [`Send`] and [`Receive`].

use super::language::Queue;
use super::language::topic::Topic;
use crate::id::{Kind, QueueId, TopicId, UNKNOWN};
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// Where a message is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// To a queue.
    Queue(QueueId),
    /// To every queue of a topic.
    Topic(TopicId),
}

/// A call that sends.
#[derive(Clone, Copy, Debug)]
pub struct Send {
    /// Where to.
    pub to: Destination,
    /// Messages of the call.
    pub messages: u8,
}

/// A call that receives, and one that deletes what was received when the steps after it are done.
#[derive(Clone, Copy, Debug)]
pub struct Receive {
    /// The queue.
    pub queue: QueueId,
    /// Most messages of the call.
    pub messages: u8,
    /// How long the call waits for a message.
    pub wait: Time,
}

/// Messages of a call: 1.
pub const MESSAGES: Given<u32> =
    Given::new(1, "Amazon SQS API: SendMessage sends one, MaxNumberOfMessages of ReceiveMessage is 1");
/// Wait of a receive: none.
pub const WAIT: Given<Time> = super::language::consumer::WAIT_GIVEN;

const MOST: Key = Key::given(
    "messages",
    "number from 1 to 10",
    || MESSAGES.show(),
    "messages of the call, at most as many as a batch of SQS has",
);

/// The language of the steps.
pub const SHAPES: [Shape; 2] = [
    Shape {
        title: "{ send = … }",
        about: "Send messages to a queue or a topic, and wait for its answer. A call that is throttled is tried again by the \
                SDK; if that does not help, the request fails as `throttled`.",
        keys: &[Key::required("send", "name of a queue or a topic", "where the messages go"), MOST],
    },
    Shape {
        title: "{ receive = … }",
        about: "Receive messages from a queue, do `steps` if there were any, and delete them. If a step fails, they are not \
                deleted and come back.",
        keys: &[
            Key::required("receive", "name of a queue", "the queue"),
            MOST,
            Key::given(
                "wait",
                "duration, up to 20 s",
                || WAIT.show(),
                "long polling: how long the call waits for a message",
            ),
            Key::optional("steps", "step or array of steps", "nothing", "what is done with what was received, once"),
        ],
    },
];

impl Send {
    /// How long the call takes; that to a topic as long as one to its slowest queue.
    pub(crate) fn latency(&self, queues: &[Queue], topics: &[Topic]) -> Time {
        let of = |queue: &QueueId| queues[queue.index()].latency;
        match self.to {
            Destination::Queue(queue) => of(&queue),
            Destination::Topic(topic) => topics[topic.index()].queues.iter().map(of).max().unwrap_or_default(),
        }
    }

    /// The queues that get the messages.
    pub(crate) fn queues<'t>(&'t self, topics: &'t [Topic]) -> &'t [QueueId] {
        match &self.to {
            Destination::Queue(queue) => std::slice::from_ref(queue),
            Destination::Topic(topic) => &topics[topic.index()].queues,
        }
    }

    /// Reads a `{ send }`.
    pub(crate) fn read(reader: &Reader) -> Send {
        let to = |value: Value| {
            let name = value.text()?;
            let (kind, index) = value.cx.resolve(&value.span(), &[Kind::Queue, Kind::Topic], name)?;
            Some(match kind {
                Kind::Topic => Destination::Topic(TopicId(index)),
                _ => Destination::Queue(QueueId(index)),
            })
        };
        Send { to: reader.must("send", to, Destination::Queue(QueueId(UNKNOWN))), messages: messages(reader) }
    }
}

impl Receive {
    /// Reads a `{ receive }`, but for its `steps`.
    pub(crate) fn read(reader: &Reader) -> Receive {
        let wait = Time::ZERO..=Time::from_secs(20);
        Receive {
            queue: reader.must("receive", Value::id, QueueId(UNKNOWN)),
            messages: messages(reader),
            wait: reader.or("wait", |value| value.time_within(wait), WAIT.value),
        }
    }
}

fn messages(reader: &Reader) -> u8 {
    reader.or("messages", |value| value.count(1..=10), MESSAGES.value) as u8
}

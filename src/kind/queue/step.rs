//! Steps at a queue. In: `{ send = "orders" }`, `{ receive = "orders" }`. Out: [`Call`]s, and their ops.

use super::language::MESSAGE_MAX;
use super::language::consumer::{WAIT_GIVEN as WAIT, seconds};
use super::language::shapes::LATENCY;
use super::op::Op;
use super::state::touched;
use crate::flow::attempt::NETWORK;
use crate::flow::number;
use crate::id::{Kind, QueueId, TopicId, UNKNOWN};
use crate::kind::path::PathOwner;
use crate::kind::step::{Compile, Needs, Scope, Step};
use crate::kind::topic::language::Topic;
use crate::kind::{self, Settings};
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::measure::resource::{Action, Resource};
use crate::measure::stage::StageKind;
use crate::number::counted;
use crate::units::{Bytes, Time};

/// Where a message is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// To a queue.
    Queue(QueueId),
    /// To every queue of a topic.
    Topic(TopicId),
}

/// A call to SQS.
#[derive(Clone, Copy, Debug)]
pub enum Call {
    /// Sends messages.
    Send(Send),
    /// Receives messages, and deletes them when the steps inside are done.
    Receive(Receive),
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
    /// Seconds that the call waits for a message.
    pub wait: u8,
}

/// Messages of a call: 1.
pub const MESSAGES: Given<u32> =
    Given::new(1, "Amazon SQS API: SendMessage sends one, MaxNumberOfMessages of ReceiveMessage is 1");

const MOST: Key = Key::given(
    "messages",
    "whole number from 1 to 10",
    || MESSAGES.show(),
    "messages of the call, at most as many as a batch of SQS has; all that one sends to a queue are together 1 MiB at most",
);

/// The language of a step that sends.
pub const SEND_SHAPE: Shape = Shape {
    title: "{ send = … }",
    about: "Send messages to a queue, a topic or an event bus, and wait for its answer. A call that is throttled is tried again by the \
                SDK; if that does not help, the request fails as `throttled`.",
    keys: &[Key::required("send", "name of a queue or a topic", "where the messages go"), MOST],
};

/// The language of a step that receives.
pub const RECEIVE_SHAPE: Shape = Shape {
    title: "{ receive = … }",
    about: "Receive messages from a queue, do `steps` if there were any, and delete them. If a step fails, they are not \
                deleted and come back.",
    keys: &[
        Key::required("receive", "name of a queue", "the queue"),
        MOST,
        Key::given(
            "wait",
            "duration: whole seconds, up to 20 s",
            || WAIT.show(),
            "long polling: how long the call waits for a message",
        ),
        Key::optional(
            "steps",
            "step or array of steps",
            "nothing",
            "what is done with what was received, once",
        ),
    ],
};

impl Step<Settings, kind::Op> for Call {
    const SHAPES: &'static [&'static Shape] = &[&SEND_SHAPE, &RECEIVE_SHAPE];

    fn read(verb: &str, reader: &Reader, scope: &impl Scope<Settings>) -> Call {
        match verb {
            "send" => {
                let to = reader.must("send", destination, Destination::Queue(QueueId(UNKNOWN)));
                let call = Send { to, messages: messages(reader) };
                call.check(reader, scope.all());
                Call::Send(call)
            }
            _ => Call::Receive(Receive {
                queue: reader.must("receive", Value::id, QueueId(UNKNOWN)),
                messages: messages(reader),
                wait: reader.or("wait", seconds, 0),
            }),
        }
    }

    fn sending((kind, index): PathOwner, messages: u8) -> Option<Call> {
        let to = match kind {
            Kind::Queue => Destination::Queue(QueueId(number(index))),
            Kind::Topic => Destination::Topic(TopicId(number(index))),
            _ => return None,
        };
        Some(Call::Send(Send { to, messages }))
    }

    fn nests(verb: &str) -> Option<&'static str> {
        (verb == "receive").then_some("steps")
    }

    fn needs(&self, all: &Settings, to: &mut impl Needs) {
        match self {
            Call::Send(call) => {
                let times = f64::from(call.messages);
                to.uses(match call.to {
                    Destination::Queue(queue) => (Kind::Queue, queue.index()),
                    Destination::Topic(topic) => (Kind::Topic, topic.index()),
                });
                if let Some((calls, seconds)) = call.work(all) {
                    to.works(calls, seconds);
                }
                to.passes(call.latency(all).as_secs_f64(), 2.0);
                for queue in call.queues(all) {
                    let queue = (Kind::Queue, queue.index());
                    to.counts(queue, SENDS, 1.0);
                    to.counts(queue, SENT, times);
                    to.later(queue, times);
                }
                if let Destination::Topic(topic) = call.to {
                    let functions = all.topics.get(topic.index()).map_or(&[][..], |it| &it.functions);
                    functions.iter().for_each(|it| to.later((Kind::Lambda, it.index()), times));
                }
            }
            Call::Receive(call) => {
                let index = call.queue.index();
                to.uses((Kind::Queue, index));
                to.counts((Kind::Queue, index), RECEIVES, 1.0);
                to.passes(2.0 * all.queues[index].latency.as_secs_f64(), 4.0);
                to.inside(1.0);
            }
        }
    }

    /// Half of the time of a call passes before SQS, and half after it.
    fn compile(&self, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
        match self {
            Call::Send(call) => call.compile(all, to),
            Call::Receive(call) => call.compile(all, to),
        }
    }
}

impl Send {
    /// A call to a queue carries no more than one message may. Those to a topic are not checked: limits of SNS are left out.
    fn check(self, reader: &Reader, all: &Settings) {
        let Destination::Queue(queue) = self.to else { return };
        let (Some(settings), Some(value)) = (all.queues.get(queue.index()), reader.get("messages")) else {
            return;
        };
        let (each, count) = (settings.message_size, u64::from(self.messages));
        if each.0 * count > MESSAGE_MAX.0 {
            let message = format!(
                "{count} messages of {each} are {}, and a call carries {MESSAGE_MAX} at most",
                Bytes(each.0 * count)
            );
            let hint = format!(
                "send at most {}, or lower `message_size` of `{}`",
                counted(MESSAGE_MAX.0 / each.0, "message"),
                settings.name
            );
            value.problem(message, hint);
        }
    }

    /// The queues that get the messages.
    fn queues<'t>(&'t self, all: &'t Settings) -> &'t [QueueId] {
        match &self.to {
            Destination::Queue(queue) => std::slice::from_ref(queue),
            Destination::Topic(topic) => &all.topics[topic.index()].queues,
        }
    }

    /// A call to a queue or a bus that takes so many a second occupies that part of a second of it, or of the message group that gets most.
    fn work(&self, all: &Settings) -> Option<(Resource, f64)> {
        let queue = match self.to {
            Destination::Queue(queue) => queue,
            Destination::Topic(topic) => {
                let bus = all.topics.get(topic.index()).filter(|topic| topic.bus.is_some())?;
                let topic = Topic::shares(topic.index(), &all.topics);
                return Some((Resource::EventPuts { topic }, 1.0 / bus.quotas(all)[0]));
            }
        };
        let settings = all.queues.get(queue.index())?;
        let part = match settings.high_throughput {
            true => settings.first_share().map_or(0.0, |share| touched(share, self.messages.into())),
            false => 1.0,
        };
        Some((Resource::Calls { queue: queue.index(), action: Action::Send }, part / settings.calls?.0))
    }

    /// Bytes of its messages, which have one size in every queue of a topic, or the largest of these.
    fn bytes(&self, all: &Settings) -> u64 {
        let sizes = self.queues(all).iter().map(|queue| all.queues[queue.index()].message_size.0);
        sizes.max().unwrap_or_default() * u64::from(self.messages)
    }

    /// How long the call takes; that to a topic as long as one to its slowest queue.
    fn latency(&self, all: &Settings) -> Time {
        if let Destination::Topic(topic) = self.to
            && let Some(topic) = all.topics.get(topic.index())
        {
            let alone = topic.queues.is_empty().then_some(LATENCY.value);
            if let Some(latency) = topic.bus.as_ref().map(|bus| bus.put).or(alone) {
                return latency;
            }
        }
        self.queues(all).iter().map(|queue| all.queues[queue.index()].latency).max().unwrap_or_default()
    }

    /// A topic of SNS invokes its functions at once; a bus does so by errands of its own.
    fn invokes(&self, topic: TopicId, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
        let Some(topic) = all.topics.get(topic.index()).filter(|topic| topic.bus.is_none()) else { return };
        for function in &topic.functions {
            if let Some(step) = kind::Step::sending((Kind::Lambda, function.index()), self.messages) {
                step.compile(all, to);
            }
        }
    }

    fn compile(&self, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
        let (half, messages) = (half(self.latency(all)), self.messages);
        to.hop(half);
        match self.to {
            Destination::Queue(queue) => {
                let stage = stage(queue, all, to);
                let again = to.label();
                to.reaches((Kind::Queue, queue.index()));
                to.ask(Op::Send { queue: number(queue.index()), messages, again }, stage);
            }
            Destination::Topic(topic) => {
                let again = to.label();
                to.reaches((Kind::Topic, topic.index()));
                let bus = all.topics.get(topic.index()).is_some_and(|topic| topic.bus.is_some());
                to.ask(Op::Publish { topic: number(topic.index()), messages, bus, again }, NETWORK);
                self.invokes(topic, all, to);
            }
        }
        to.carries(self.bytes(all) as i64, 0);
        to.hop(half);
    }
}

impl Receive {
    fn compile(&self, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
        let half = half(all.queues[self.queue.index()].latency);
        let stage = stage(self.queue, all, to);
        let (queue, table) = (number(self.queue.index()), (Kind::Queue, self.queue.index()));
        to.hop(half);
        let again = to.label();
        to.reaches(table);
        to.ask(Op::Receive { queue, messages: self.messages, wait: self.wait, again }, stage);
        to.answers(table);
        let answer = to.label();
        to.ask(Op::Answer { queue, none: 0 }, NETWORK);
        to.inside();
        to.hop(half);
        let again = to.label();
        to.reaches(table);
        to.ask(Op::Delete { queue, again }, stage);
        to.hop(half);
        let none = to.label();
        to.patch(answer, Op::Answer { queue, none });
    }
}

/// What steps are counted by that receive messages.
pub(super) const RECEIVES: &str = "receives";
/// What calls are counted by that send to a queue, and the messages of these.
pub(super) const SENDS: &str = "sends";
pub(super) const SENT: &str = "sent";

/// Waits for messages, and for calls that are tried again.
fn stage(queue: QueueId, all: &Settings, to: &mut impl Compile<Op = kind::Op>) -> u16 {
    let name = &all.queues[queue.index()].name;
    let of = Resource::Messages { queue: queue.index() };
    to.stage(StageKind::Queue, Some(of), name, &format!("waiting at the queue {name}"))
}

/// Half of the time of a call; two halves of odd nanoseconds are a nanosecond less than the whole.
pub(super) fn half(latency: Time) -> Time {
    Time(latency.0 / 2)
}

fn destination(value: Value) -> Option<Destination> {
    let name = value.text()?;
    let (kind, index) = value.cx.resolve(&value.span(), &[Kind::Queue, Kind::Topic], name)?;
    Some(match kind {
        Kind::Topic => Destination::Topic(TopicId(index)),
        _ => Destination::Queue(QueueId(index)),
    })
}

fn messages(reader: &Reader) -> u8 {
    reader.or("messages", |value| value.count(1..=10), MESSAGES.value) as u8
}

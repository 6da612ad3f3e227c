//! `[queue.NAME]`: an Amazon SQS queue and what works on its messages. In: its attributes, its workers. Out: a [`Queue`].

pub mod consumer;
mod foreign;
pub mod shapes;
pub mod source;

use self::consumer::Consumer;
use self::shapes::{
    DELIVERY_DELAY, FIFO_CALLS, IN_FLIGHT, LATENCY, MAX_RECEIVE_COUNT, MESSAGE_SIZE, RETENTION, SHAPE,
    VISIBILITY_TIMEOUT,
};
use self::source::Source;
use crate::catalog::region::Region;
use crate::dist::zipf::share_of_first;
use crate::id::{Dial, KeySpaceId, Kind, QueueId};
use crate::kind::Settings;
use crate::kind::effort::Work;
use crate::kind::keys::{self, KeySpace};
use crate::kind::lambda::language::Lambda;
use crate::kind::path::Written;
use crate::kind::table::{Foreign, Table};
use crate::language::bounds;
use crate::language::problem::Problem;
use crate::language::reader::{Context, Reader};
use crate::language::shape::Shape;
use crate::language::source::Span;
use crate::language::value::Value;
use crate::number::{counted, number};
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
    /// What receives the messages and works on them.
    pub consumer: Option<Consumer>,
    /// What invokes a function with them.
    pub source: Option<Source>,
    /// Its Region, if that is not the one of the file.
    pub region: Option<Region>,
}

impl Queue {
    /// Calls a second of each action that it takes in all; `None` is no limit, or one for each message group.
    pub(super) fn limit(&self) -> Option<Rate> {
        self.calls.filter(|_| !self.high_throughput)
    }

    /// Calls a second that send to one of its message groups; `None` is no limit, or one of the whole queue.
    pub(super) fn group_limit(&self) -> Option<Rate> {
        self.calls.filter(|_| self.high_throughput)
    }

    /// Part of its messages that are of the group that gets most; nothing where the file says so elsewhere.
    pub(super) fn first_share(&self) -> Option<f64> {
        match &self.groups {
            None => Some(1.0),
            Some(Groups::InPlace(space)) => Some(share_of_first(space.count, space.zipf)),
            Some(Groups::Named(_)) => None,
        }
    }

    /// Whether its message groups get as many messages each, as far as the file says so here.
    pub(super) fn is_even(&self) -> bool {
        match &self.groups {
            Some(Groups::InPlace(space)) => space.count == 1 || space.zipf == 0.0,
            _ => true,
        }
    }
}

/// Gauges of a queue, and what workers have to do.
pub(crate) const GAUGES: &[Dial] = &[
    Dial { kind: Kind::Queue, name: "backlog", own: false, about: "messages that can be received" },
    Dial {
        kind: Kind::Queue,
        name: "backlog_per_instance",
        own: true,
        about: "messages that can be received for each instance in service of the workers of the queue",
    },
    Dial { kind: Kind::Queue, name: "in_flight", own: false, about: "messages in flight" },
    Dial { kind: Kind::Queue, name: "age", own: false, about: "age of the oldest message, seconds" },
    Dial {
        kind: Kind::Fleet,
        name: "backlog_per_instance",
        own: true,
        about: "messages of all its queues for each instance in service",
    },
];

/// A population of message groups.
#[derive(Clone, Debug)]
pub enum Groups {
    /// As large and as skewed as a `[keys.NAME]` table.
    Named(KeySpaceId),
    /// Written in place.
    InPlace(KeySpace),
}

/// Largest message, and most of all messages of a call together: 1 MiB. Source: Amazon SQS developer guide, "Amazon SQS message
/// quotas"; Amazon SQS API, SendMessageBatch.
pub(super) const MESSAGE_MAX: Bytes = Bytes(1 << 20);

/// Whether messages of a group keep their order.
const TYPES: [(&str, bool); 2] = [("standard", false), ("fifo", true)];

impl Table<Settings> for Queue {
    const ABOUT: &'static str = "queues and their workers";
    const SHAPES: &'static [&'static Shape] = &[&SHAPE];
    const FOREIGN: &'static [Foreign] = foreign::FOREIGN;
    const BILLED: bool = false;
    const PLACED: bool = true;

    /// Each poll is a request to the queue, also where it gets nothing.
    fn is_billed(&self) -> bool {
        self.consumer.is_some() || self.source.is_some()
    }

    fn read<'a>(name: &str, reader: &Reader<'a>, path: &mut Option<Written<'a>>) -> Queue {
        let fifo = reader.or("type", |value| value.choice(&TYPES), false);
        if !fifo {
            for value in ["groups", "high_throughput", "calls"].into_iter().filter_map(|key| reader.get(key))
            {
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
                value.problem("a queue cannot be its own dead-letter queue", "name another queue");
            }
            Some(id)
        });
        if let (None, Some(value)) = (dead_letter, reader.get("max_receive_count"))
            && reader.get("dead_letter").is_none()
        {
            value.problem(
                "a count of receives needs a dead-letter queue",
                "add dead_letter = \"NAME\", or remove it",
            );
        }
        let seconds = |from: u64, to: u64| Time::from_secs(from)..=Time::from_secs(to);
        let times = |range| move |value: Value| value.time_within(range);
        let delivery_delay = reader.or("delivery_delay", times(seconds(0, 900)), DELIVERY_DELAY.value);
        let retention = reader.or("retention", times(seconds(60, 14 * 86_400)), RETENTION.value);
        if let Some(value) = reader.get("delivery_delay").filter(|_| delivery_delay >= retention) {
            value.problem(
                format!("messages are lost after {retention}, before a delay of {delivery_delay} is over"),
                "no message can be received: lower `delivery_delay`, or raise `retention`",
            );
        }
        let (consumer, source) = Consumer::read(name, reader, path, fifo);
        Queue {
            name: name.to_owned(),
            fifo,
            visibility_timeout: reader.or(
                "visibility_timeout",
                times(seconds(1, 43_200)),
                VISIBILITY_TIMEOUT.value,
            ),
            delivery_delay,
            retention,
            dead_letter,
            max_receive_count: reader.or(
                "max_receive_count",
                |value| value.count(1..=1_000),
                MAX_RECEIVE_COUNT.value,
            ),
            in_flight: reader.or("in_flight", in_flight, IN_FLIGHT.value),
            message_size: reader.or("message_size", message_size, MESSAGE_SIZE.value),
            calls,
            high_throughput: reader.or("high_throughput", Value::flag, false),
            groups: reader.maybe("groups", Groups::read),
            latency: reader.or("latency", times(seconds(0, 60)), LATENCY.value),
            consumer,
            source,
            region: None,
        }
    }

    fn move_to(&mut self, region: Region) {
        self.region = Some(region);
    }

    fn region(&self, _all: &Settings) -> Option<Region> {
        self.region
    }

    fn is_regional(&self) -> bool {
        true
    }

    fn name(&self) -> &str {
        &self.name
    }

    /// Its pollers, and its limits of calls.
    fn can_fill(&self) -> bool {
        self.consumer.is_some() || self.calls.is_some()
    }

    fn uses(&self) -> Vec<(Kind, usize)> {
        let dead = self.dead_letter.map(|queue| (Kind::Queue, queue.index()));
        let keys = match self.groups {
            Some(Groups::Named(keys)) => Some((Kind::Keys, keys.index())),
            _ => None,
        };
        dead.into_iter().chain(keys).collect()
    }

    /// Pollers ask, whether there are messages or not: a call there, its answer, a pause.
    fn own_work(&self, all: &Settings, seconds: f64, _walk: impl Fn() -> f64) -> Work {
        const EVENTS: f64 = 3.0;
        let Some(consumer) = &self.consumer else {
            let source =
                self.source.map_or(0.0, |_| f64::from(source::FIRST) / f64::from(source::WAIT) + 1.0);
            return Work::of_events(EVENTS * source * seconds);
        };
        let instances =
            all.fleets.get(consumer.fleet.index()).map_or(0, |fleet| fleet.instances_of(fleet.desired));
        let pause = match consumer.wait {
            0 => consumer.poll_interval.as_secs_f64(),
            wait => f64::from(wait),
        };
        Work::of_events(EVENTS * f64::from(instances) * f64::from(consumer.pollers) * seconds / pause)
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
        if let Some(other) = self.dead_letter.and_then(|other| all.queues.get(other.index()))
            && other.region != self.region
        {
            let message = format!("the dead-letter queue of `{}` is in another Region", self.name);
            let hint = format!(
                "give `{}` and `{}` the same `region`: SQS moves messages inside of one",
                self.name, other.name
            );
            cx.push(Problem::at(span, message).hint(hint));
        }
        if let Some(function) = self.source.and_then(|source| all.lambdas.get(source.function.index()))
            && function.region != self.region
        {
            let message = format!("the workers of `{}` are in another Region", self.name);
            let hint = format!(
                "give `{}` and `{}` the same `region`: Lambda polls queues of its own",
                self.name, function.name
            );
            cx.push(Problem::at(span, message).hint(hint));
        }
        if let Some(function) = self.source.and_then(|source| all.lambdas.get(source.function.index()))
            && function.timeout > self.visibility_timeout
        {
            let message = format!(
                "the `visibility_timeout` of `{}` is {}, shorter than the `timeout` of its function `{}`, {}",
                self.name, self.visibility_timeout, function.name, function.timeout
            );
            let hint = "Lambda takes no such queue: let the function end before its messages are visible again; AWS advises six times its `timeout`";
            cx.push(Problem::at(span, message).hint(hint));
        }
        same_pollers(cx, span, index, &all.queues);
    }
}

impl Groups {
    fn read(value: Value) -> Option<Groups> {
        match value.is_text() {
            true => value.id().map(Groups::Named),
            false => keys::in_place(value, "message groups").map(Groups::InPlace),
        }
    }
}

/// The queues to which functions send events that failed.
pub(super) fn failures(functions: &[Lambda]) -> impl Iterator<Item = usize> {
    let destinations = functions.iter().filter_map(|it| it.asynchronous.on_failure);
    destinations.filter(|(kind, _)| *kind == Kind::Queue).map(|(_, queue)| queue)
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

/// No more than SQS allows.
fn in_flight(value: Value) -> Option<u32> {
    let count = value.count(1..=u32::MAX)?;
    if count > IN_FLIGHT.value {
        let hint = "a queue has at most 120,000 messages in flight, standard or FIFO (Amazon SQS developer guide, \"Amazon SQS queue \
                    quotas\")";
        value.problem(format!("{} messages in flight are too many", number(f64::from(count))), hint);
        return None;
    }
    Some(count)
}

fn message_size(value: Value) -> Option<Bytes> {
    let size = value.some_bytes()?;
    if size > MESSAGE_MAX {
        value.problem(
            format!("a message of {size} is too large"),
            format!("a message has at most {MESSAGE_MAX}"),
        );
        return None;
    }
    Some(size)
}

/// Queues that share pollers agree on how many there are.
fn same_pollers(cx: &Context, span: &Span, index: usize, queues: &[Queue]) {
    let shared = |queue: &Queue| queue.consumer.clone().filter(|consumer| consumer.priority.is_some());
    let Some(own) = shared(&queues[index]) else { return };
    let others = queues[..index].iter().filter_map(shared);
    let Some(other) =
        others.into_iter().find(|other| other.fleet == own.fleet && other.pollers != own.pollers)
    else {
        return;
    };
    let fleet = cx.names.name(Kind::Fleet, own.fleet.index());
    let message = format!(
        "{} here and {} there, but they are the same ones",
        counted(own.pollers.into(), "poller"),
        other.pollers
    );
    let hint = format!("queues of `{fleet}` with a `priority` share their pollers: write the same number");
    cx.push(Problem::at(span, message).hint(hint));
}

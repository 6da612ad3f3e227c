//! `[topic.NAME]`: an Amazon SNS topic that copies messages to queues and functions, or an event bus of Amazon EventBridge that does so. In: subscribers. Out: a
//! [`Topic`].

pub mod bus;
mod foreign;

use self::bus::{Bus, DELIVERY_KEY, LATENCY_KEY, SIZE_KEY};
use crate::catalog::region::Region;
use crate::id::{Dial, Kind, LambdaId, QueueId, UNKNOWN};
use crate::kind::Settings;
use crate::kind::path::Written;
use crate::kind::table::{Foreign, Table};
use crate::language::names::Id;
use crate::language::problem::Problem;
use crate::language::reader::{Context, Reader};
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;

/// A topic: what is sent to it arrives at each of its queues and functions.
#[derive(Clone, Debug)]
pub struct Topic {
    /// Name in the file.
    pub name: String,
    /// Its queues.
    pub queues: Vec<QueueId>,
    /// The functions that it invokes by events.
    pub functions: Vec<LambdaId>,
    /// Whether it is an event bus of EventBridge; else it is a topic of SNS.
    pub bus: Option<Bus>,
    /// Its Region, if that is not the one of the file.
    pub region: Option<Region>,
}

/// Topics have no gauges.
pub(crate) const GAUGES: &[Dial] = &[];
/// Most subscriptions of a topic here.
const SUBSCRIBERS_MAX: usize = 100;

/// The language of a topic.
pub const SHAPE: Shape = Shape {
    title: "[topic.NAME]",
    about: "An Amazon SNS topic, or an event bus of Amazon EventBridge: a message that is sent to it is copied to each of its queues, and invokes each of its functions \
            asynchronously. A topic does so at once, or to another Region after the way there; a bus takes a moment. No copy is lost.",
    keys: &[
        Key::optional(
            "queues",
            "array of names of queues",
            "none, if there are `functions`",
            "where copies go",
        ),
        Key::optional(
            "functions",
            "array of names of functions",
            "none",
            "functions that are invoked with each message (InvocationType `Event`)",
        ),
        Key::optional(
            "service",
            "\"sns\" or \"eventbridge\"",
            "`\"sns\"` (assumption: the usual one)",
            "what it is; a bus has quotas in [account], and another price",
        ),
        DELIVERY_KEY,
        SIZE_KEY,
        LATENCY_KEY,
    ],
};

/// What only a bus has.
const OF_BUSES: [&str; 3] = [DELIVERY_KEY.name, SIZE_KEY.name, LATENCY_KEY.name];

impl Table<Settings> for Topic {
    const ABOUT: &'static str = "topics and event buses that copy messages to queues and functions";
    const SHAPES: &'static [&'static Shape] = &[&SHAPE];
    const FOREIGN: &'static [Foreign] = foreign::FOREIGN;
    const BILLED: bool = false;
    const PLACED: bool = true;

    fn read<'a>(name: &str, reader: &Reader<'a>, _: &mut Option<Written<'a>>) -> Topic {
        let queues: Vec<QueueId> = reader.maybe("queues", |value| each(value, "queue")).unwrap_or_default();
        let functions: Vec<LambdaId> =
            reader.maybe("functions", |value| each(value, "function")).unwrap_or_default();
        if reader.get("queues").is_none() && reader.get("functions").is_none() {
            reader.missing(&["queues", "functions"]);
        }
        let is_bus =
            reader.or("service", |value| value.choice(&[("sns", false), ("eventbridge", true)]), false);
        let bus = is_bus.then(|| Bus::read(reader));
        for key in OF_BUSES {
            if let (Some(value), false) = (reader.get(key), is_bus) {
                value.problem(
                    format!("`{key}` is for an event bus"),
                    "write service = \"eventbridge\", or remove it",
                );
            }
        }
        Topic { name: name.to_owned(), queues, functions, bus, region: None }
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

    fn uses(&self) -> Vec<(Kind, usize)> {
        let queues = self.queues.iter().map(|queue| (Kind::Queue, queue.index()));
        let functions = self.functions.iter().map(|function| (Kind::Lambda, function.index()));
        queues.chain(functions).collect()
    }

    /// A function does something with each message, and is in the Region of the topic; and so is all that a bus delivers to.
    fn check(&self, index: usize, all: &Settings, cx: &Context) {
        let Some(span) = cx.names.span(Kind::Topic, index) else { return };
        for (kind, at) in self.uses() {
            let name = cx.names.name(kind, at);
            if kind == Kind::Lambda && all.lambdas.get(at).is_some_and(|it| !it.handles) {
                let message =
                    format!("function `{name}` has nothing to do with a message of `{}`", self.name);
                let hint = format!("write `steps` or `time` of [lambda.{name}]");
                cx.push(Problem::at(span, message).hint(hint));
            }
            if (kind == Kind::Lambda || self.bus.is_some()) && all.region((kind, at)) != self.region {
                let message = format!("`{name}` is in another Region than `{}`", self.name);
                cx.push(Problem::at(span, message).hint("give both the same `region`"));
            }
        }
    }
}

/// Each of some queues or functions, which must be named once.
fn each<T: Id<Kind = Kind> + PartialEq + Copy>(value: Value, noun: &str) -> Option<Vec<T>> {
    let mut found: Vec<T> = Vec::new();
    for element in value.elements(SUBSCRIBERS_MAX)? {
        let Some(id) = element.id::<T>() else { continue };
        if id != T::at(UNKNOWN) && found.contains(&id) {
            let problem = format!("the {noun} is named twice, and would get each message twice");
            element.problem(problem, format!("name each {noun} once"));
        }
        found.push(id);
    }
    if value.is_empty_array() {
        value.problem(
            format!("a topic needs at least one {noun}"),
            format!("name the {noun}s that get a copy, or send to a queue"),
        );
    }
    Some(found)
}

//! `[waiting_room.NAME]`: a queue of people before a site. In: who is let in when. Out: a [`WaitingRoom`].

mod foreign;
mod rate;

pub use rate::Admission;

use crate::dist::Law;
use crate::id::{Dial, Kind};
use crate::kind::alarm::language::names::Names;
use crate::kind::alarm::language::rule::Named;
use crate::kind::path::{PathOwner, Written};
use crate::kind::table::{Foreign, Table};
use crate::kind::{self, Settings};
use crate::language::problem::Problem;
use crate::language::reader::{Context, Reader};
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// A waiting room.
#[derive(Clone, Debug)]
pub struct WaitingRoom {
    /// Name in the file.
    pub name: String,
    /// What it stands before; nothing where the name is broken.
    pub before: Option<PathOwner>,
    /// How fast it lets visitors in; as fast as there is room if absent.
    pub rate: Option<Admission>,
    /// The alarm while which is on it lets nobody in.
    pub alarm: Option<Named>,
    /// From when on it lets visitors in.
    pub opens: Time,
    /// Whether the next visitor is drawn from all who wait.
    pub random: bool,
    /// Most visitors inside.
    pub active: Option<u32>,
    /// For how long a visitor who was let in may come again, and counts as inside.
    pub session: Time,
    /// How long a visitor waits before it gives up; `None` is no limit.
    pub patience: Option<Law>,
    /// How often the page of a visitor who waits asks; `None` is without end.
    pub poll: Option<Time>,
}

/// Gauges of a waiting room.
pub(crate) const GAUGES: &[Dial] = &[
    Dial {
        kind: Kind::WaitingRoom,
        name: "waiting",
        own: true,
        about: "visitors that wait, mean of the period",
    },
    Dial {
        kind: Kind::WaitingRoom,
        name: "inside",
        own: true,
        about: "visitors that were let in and whose session lasts",
    },
];

/// For how long a visitor who was let in may come again.
pub const SESSION: Given<Time> = Given::new(
    Time::from_secs(3_600),
    "assumption: an hour, as long as a token of the AWS sample Virtual Waiting Room is usually good for",
);
/// Longest session.
const SESSION_MAX: Time = Time::from_secs(7 * 24 * 3_600);
/// Most visitors inside.
const ACTIVE_MAX: u32 = 100_000_000;

/// The language of a waiting room.
pub const SHAPE: Shape = Shape {
    title: "[waiting_room.NAME]",
    about: "A waiting room before a site: visitors wait on a page of their own until they are let in. A visitor is a user, or a request of \
            open traffic. The wait holds nothing of the site, and the timeout of the client does not end it: the page refreshes itself. \
            A visitor who gives up has failed; the `retries` of its client bring it back, to the end of the line.",
    keys: &[
        Key::required(
            "before",
            "name of a balancer or a fleet, or of what else requests enter by",
            "what it stands before: all requests of clients that enter there pass it",
        ),
        Key::optional(
            "rate",
            "rate or array of [duration, rate]",
            "as fast as there is room",
            "how many visitors it lets in, at equal distances, or that from each instant on, the first one \"0s\"; what is not used is \
             not saved up",
        ),
        Key::optional(
            "alarm",
            "name of an alarm",
            "none",
            "nobody is let in while it is in ALARM, as the sample of AWS does it (Virtual Waiting Room on AWS, periodic inlet): let it \
             watch the CPU of a fleet, a latency, or any other gauge",
        ),
        Key::optional(
            "opens",
            "duration",
            "from the start",
            "nobody is let in before; all who have come by then are put in an order by lot",
        ),
        Key::optional(
            "order",
            "\"fair\" or \"random\"",
            "`\"fair\"`: who came first (assumption: what people take for fair)",
            "who is let in next; `\"random\"` draws among all who wait",
        ),
        Key::optional(
            "active",
            "whole number",
            "any number",
            "most visitors inside: those whose `session` lasts (Virtual Waiting Room on AWS, MaxSize inlet)",
        ),
        Key::given(
            "session",
            "duration",
            || SESSION.show(),
            "for how long a visitor who was let in counts as inside, and may come again without waiting",
        ),
        Key::optional(
            "patience",
            "law or \"never\"",
            "`\"never\"`: waits as long as it takes (assumption: how long people wait is to be said, since sales differ)",
            "how long a visitor waits before it gives up",
        ),
        Key::optional(
            "poll",
            "duration",
            "without end: it goes in at once",
            "how often the page of a visitor who waits asks whether it may go in: it goes in at the next time. What is asked is counted, \
             and asked elsewhere",
        ),
    ],
};

impl Table<Settings> for WaitingRoom {
    const ABOUT: &'static str = "waiting rooms that let visitors in at a rate";
    const SHAPES: &'static [&'static Shape] = &[&SHAPE];
    const FOREIGN: &'static [Foreign] = foreign::FOREIGN;
    const BILLED: bool = false;

    fn read<'a>(name: &str, reader: &Reader<'a>, _: &mut Option<Written<'a>>) -> WaitingRoom {
        let orders = [("fair", false), ("random", true)];
        let named = |value: Value| Some(Named { name: value.text()?.trim().to_owned(), span: value.span() });
        let room = WaitingRoom {
            name: name.to_owned(),
            before: reader.must("before", |value| kind::Step::entered(value).map(Some), None),
            rate: reader.maybe("rate", Admission::read),
            alarm: reader.maybe("alarm", named),
            opens: reader.or("opens", Value::time, Time::ZERO),
            random: reader.or("order", |value| value.choice(&orders), false),
            active: reader.maybe("active", |value| value.count(1..=ACTIVE_MAX)),
            session: reader.or("session", |value| value.time_within(Time::ZERO..=SESSION_MAX), SESSION.value),
            patience: reader.or("patience", |value| value.law_or("never"), None),
            poll: reader.maybe("poll", Value::span_of_time),
        };
        let holds = ["rate", "active", "alarm", "opens"];
        if holds.iter().all(|key| reader.get(key).is_none()) {
            let problem = reader.problem("a waiting room in which nobody waits");
            reader
                .cx
                .push(problem.hint("add a `rate`, `active`, an `alarm`, or the time at which it `opens`"));
        }
        room
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn changes(&self) -> Vec<Time> {
        let rates = self.rate.iter().flat_map(|rate| rate.steps().map(|(at, _)| at));
        rates.filter(|at| *at > Time::ZERO).chain(Some(self.opens).filter(|at| *at > Time::ZERO)).collect()
    }

    fn check(&self, index: usize, all: &Settings, cx: &Context) {
        Names::of(all).check(self.alarm.iter(), cx);
        let other = all.waiting_rooms[..index].iter().find(|other| other.before == self.before);
        if let (Some(other), Some(_), Some(span)) =
            (other, self.before, cx.names.span(Kind::WaitingRoom, index))
        {
            let message = format!("waiting room `{}` stands there already", other.name);
            cx.push(Problem::at(span, message).hint("let one room stand there"));
        }
    }
}

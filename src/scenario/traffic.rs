//! `[traffic.NAME]`: an open source of requests. In: when requests come, and a mix. Out: a [`Source`].

pub mod counts;
pub mod curve;
pub mod own;
pub mod replay;

use self::curve::{RateCurve, SPIKE_SHAPE};
use self::own::Own;
use self::replay::Replay;
use super::client::{Client, SHAPE as CLIENT_SHAPE};
use super::users::Users;
use crate::dist::Law;
use crate::id::{ClassId, Kind};
use crate::language::names::KIND_MAX;
use crate::language::problem::Problem;
use crate::language::reader::{Context, Reader};
use crate::language::rhythm::{DAILY_SHAPE, Rhythm};
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;
use crate::units::{RATE_MAX, Rate, Time};

/// A source of requests, each of a class drawn from the mix.
#[derive(Clone, Debug)]
pub struct Source {
    /// Name in the file.
    pub name: String,
    /// When requests come, as the file says it.
    pub pattern: Pattern,
    /// What makes them in its place, if a program does: then the pattern is what is expected of it before a run.
    pub own: Option<Own>,
    /// Classes with their weights (any positive scale).
    pub mix: Vec<(ClassId, f64)>,
    /// How the clients of this source behave.
    pub client: Client,
}

/// When the requests of a source come.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// At a rate that may change.
    Rate {
        /// The rate over time.
        curve: RateCurve,
        /// Shape of the gaps between arrivals; `None` is exponential, a Poisson process.
        gaps: Option<Law>,
    },
    /// One independent gap of this law after the other.
    Gaps(Law),
    /// When they came before.
    Replay(Replay),
    /// As the users of a closed population send them.
    Users(Users),
}

impl Pattern {
    /// About how many requests come before an instant. Users count as if they got their answers at once.
    pub fn expected(&self, until: Time) -> f64 {
        match self {
            Pattern::Rate { curve, .. } => curve.expected(until),
            Pattern::Gaps(law) => until.as_secs_f64() / law.mean().as_secs_f64().max(1e-9),
            Pattern::Replay(replay) => replay.times.partition_point(|time| *time < until) as f64,
            Pattern::Users(users) => {
                f64::from(users.most()) * until.as_secs_f64() / users.think.mean().as_secs_f64().max(1e-3)
            }
        }
    }

    /// Whether nothing ever comes.
    fn is_silent(&self) -> bool {
        match self {
            Pattern::Rate { curve, .. } => curve.knots.iter().all(|knot| knot.1 == Rate(0.0)),
            Pattern::Gaps(_) | Pattern::Replay(_) => false,
            Pattern::Users(users) => users.most() == 0,
        }
    }
}

/// The language of a source.
pub const SHAPE: Shape = Shape {
    title: "[traffic.NAME]",
    about: "An open source of requests: arrivals do not slow down when the system does. Give one of `rate`, `spike`, \
            `daily`, or `interarrival` alone, or `replay`. With a rate, arrivals are a Poisson process unless \
            `interarrival` says otherwise.",
    keys: &[
        Key::optional(
            "rate",
            "rate, array of [duration, rate], or { file, column, time, per }",
            "",
            "a steady rate, or straight lines between knots, of which two at one instant make a step, or counts of a file",
        ),
        Key::optional(
            "spike",
            "{ base, peak, at, ramp, hold, decay }",
            "",
            "a rise to a peak and a fall back to the base",
        ),
        Key::optional("daily", "{ mean, peak, peak_at, starts_at }", "", "a daily rhythm"),
        Key::optional(
            "interarrival",
            "law",
            "exponential, with a rate",
            "gaps between arrivals, each independent of the others, for example \"erlang-4 10ms\" or \"10ms\"; beside a rate only \
             the shape of the law counts, and the rate stretches it",
        ),
        Key::optional("replay", "{ file, column, unit, origin, classes }", "", "arrivals that were recorded"),
        Key::optional(
            "requests",
            "{ CLASS = weight } or name of a class",
            "the only class, if there is one",
            "what is requested; weights of any scale",
        ),
        Key::optional("client", "as [client]", "as [client]", "how the clients of this source differ"),
    ],
};

impl Source {
    /// The kind of table that it comes from.
    pub fn table(&self) -> &'static str {
        match self.pattern {
            Pattern::Users(_) => "users",
            _ => "traffic",
        }
    }

    /// The arrival rate over time, where there is one.
    pub fn rate(&self) -> Option<&RateCurve> {
        match &self.pattern {
            Pattern::Rate { curve, .. } => Some(curve),
            _ => None,
        }
    }

    /// The source whose requests come from a closed population.
    pub(super) fn closed(name: &str, reader: &Reader, client: &Client, users: Users) -> Source {
        Source {
            name: name.to_owned(),
            pattern: Pattern::Users(users),
            own: None,
            mix: mix(reader),
            client: client_of(reader, client),
        }
    }

    pub(super) fn read(name: &str, reader: &Reader, client: &Client, duration: Time) -> Source {
        let pattern = pattern(reader, duration);
        // A file that names the class of each row leaves nothing to draw.
        let replay = reader.get("replay").filter(|value| value.is_table());
        let recorded =
            replay.and_then(|value| value.as_table("")).is_some_and(|table| table.contains_key("classes"));
        Source {
            name: name.to_owned(),
            mix: if recorded { Vec::new() } else { mix(reader) },
            // A broken curve must not also count as silence.
            pattern: pattern.unwrap_or_else(|| Pattern::Gaps(Law::Constant(Time::from_secs(1)))),
            own: None,
            client: client_of(reader, client),
        }
    }
}

fn pattern(reader: &Reader, duration: Time) -> Option<Pattern> {
    let gaps = reader.get("interarrival");
    let found = reader.one_of(&["rate", "spike", "daily", "replay"], gaps.is_none());
    if let (Some(value), Some(("replay", _))) = (gaps, found) {
        value.problem(
            "`interarrival` does not go with `replay`",
            "recorded arrivals have the gaps that they had: remove it",
        );
        return None;
    }
    let law = match gaps {
        Some(value) => Some(interarrival(value)?),
        None => None,
    };
    let knots = match found {
        Some(("rate", value)) if value.is_array() => RateCurve::knots(value),
        Some(("rate", value)) if value.is_table() => value.table(&counts::SHAPE, counts::read).flatten(),
        Some(("rate", value)) => value.rate().map(|rate| vec![(Time::ZERO, rate)]),
        Some(("spike", value)) => value.table(&SPIKE_SHAPE, RateCurve::spike),
        Some(("daily", value)) => {
            value.table(&DAILY_SHAPE, |reader| RateCurve::daily(&Rhythm::read(reader), duration))
        }
        Some((_, value)) => {
            return value.table(&replay::SHAPE, Replay::read).flatten().map(Pattern::Replay);
        }
        None => return law.map(Pattern::Gaps),
    };
    knots.map(|knots| Pattern::Rate { curve: RateCurve { knots }, gaps: law })
}

/// A law whose mean is no shorter than the shortest gap of the highest rate.
fn interarrival(value: Value) -> Option<Law> {
    let law = value.law()?;
    let shortest = Time::from_secs_f64(1.0 / RATE_MAX.0);
    if law.mean() < shortest {
        value.problem(
            format!("gaps of {} on average are too short", law.mean()),
            format!("write a law whose mean is at least {shortest}"),
        );
        return None;
    }
    Some(law)
}

/// How the clients of a source behave: as all do, except for what the source says.
fn client_of(reader: &Reader, client: &Client) -> Client {
    reader
        .maybe("client", |value| value.table(&CLIENT_SHAPE, |reader| Client::read(reader, client)))
        .unwrap_or_else(|| client.clone())
}

/// What is requested.
fn mix(reader: &Reader) -> Vec<(ClassId, f64)> {
    let Some(value) = reader.get("requests") else {
        return match reader.cx.names.count(Kind::Class) {
            1 => vec![(ClassId(0), 1.0)],
            _ => {
                reader.missing(&["requests"]);
                Vec::new()
            }
        };
    };
    if value.is_text() {
        return value.id::<ClassId>().map(|class| (class, 1.0)).into_iter().collect();
    }
    let entries = value.entries("{ home = 3, checkout = 1 }, or the name of one class", KIND_MAX);
    let Some(entries) = entries else { return Vec::new() };
    let mut sound = true;
    let mut mix = Vec::with_capacity(entries.len());
    for (name, weight) in entries {
        let class = reader.cx.resolve(&name.span, &[Kind::Class], name.text);
        match (class, weight.weight().number(0.0..=1e9)) {
            (Some((_, index)), Some(weight)) => mix.push((ClassId(index), weight)),
            _ => sound = false,
        }
    }
    if sound && mix.iter().all(|(_, weight)| *weight == 0.0) {
        value.problem("all weights are zero", "give at least one class a weight above zero");
    }
    mix.retain(|(_, weight)| *weight > 0.0);
    mix
}

/// A scenario without a request has nothing to show.
pub(super) fn some(cx: &Context, sources: &[Source]) {
    if sources.is_empty() {
        let problem = Problem::of_file("no traffic");
        cx.push(problem.hint("add [traffic.shoppers] with rate = \"100/s\" and requests = \"NAME\""));
    } else if sources.iter().all(|source| source.pattern.is_silent()) {
        let (message, hint) = match cx.names.count(Kind::Traffic) {
            0 => ("no traffic: there is never a user", "write a count above 0"),
            _ => ("no traffic: every rate is zero at every moment", "write a rate above \"0/s\""),
        };
        let span = cx.names.span(Kind::Traffic, 0).or_else(|| cx.names.span(Kind::Users, 0));
        let problem = match span {
            Some(span) => Problem::at(span, message),
            None => Problem::of_file(message),
        };
        cx.push(problem.hint(hint));
    }
}

//! `[distribution.NAME]`: an Amazon CloudFront distribution. In: its behaviours, its edges, its limits. Out: a [`Distribution`].

pub mod behaviour;
mod foreign;
pub mod given;
pub mod purge;
mod shapes;

pub use behaviour::Behaviour;
pub use purge::Purge;

use self::behaviour::{BEHAVIOUR_SHAPE, DEFAULT_SHAPE, TTL_SHAPE};
use self::given::{
    CONNECT_ATTEMPTS, CONNECT_TIMEOUT, EDGE_CACHE, EDGE_TIME, EDGES, KEEP_ALIVE, ORIGIN_HOP, QUOTA_BANDWIDTH,
    QUOTA_REQUESTS, REGIONAL_CACHE, REGIONAL_CACHES, REGIONAL_HOP, RESPONSE_TIMEOUT,
};
use self::purge::PURGE_SHAPE;
use self::shapes::SHAPE;
use crate::id::{Dial, Kind};
use crate::kind::Settings;
use crate::kind::path::Written;
use crate::kind::pattern::fits;
use crate::kind::table::{Foreign, Table};
use crate::language::problem::Problem;
use crate::language::reader::{Context, Reader};
use crate::language::shape::Shape;
use crate::language::value::Value;
use crate::number::things;
use crate::units::{Bandwidth, Bytes, Rate, Time};

/// A CloudFront distribution.
#[derive(Clone, Debug)]
pub struct Distribution {
    /// Name in the file.
    pub name: String,
    /// What it does with requests of a path, in the order of the file; the last one is for all that fit no other.
    pub behaviours: Vec<Behaviour>,
    /// Edge locations that clients of one place come to.
    pub edges: u32,
    /// What each of them keeps.
    pub edge_cache: Bytes,
    /// Regional edge caches between these edges and the origin; 0 for none.
    pub regional_caches: u32,
    /// What each of them keeps.
    pub regional_cache: Bytes,
    /// Whether all regional caches ask one more, the Origin Shield.
    pub shield: bool,
    /// What an edge takes for a request by itself.
    pub edge_time: Time,
    /// One-way latency between an edge and its regional cache.
    pub regional_hop: Time,
    /// One-way latency between that and the origin.
    pub origin_hop: Time,
    /// How often an origin is asked at most that does not accept a connection or does not answer.
    pub connect_attempts: u32,
    /// How long it waits for a connection to an origin.
    pub connect_timeout: Time,
    /// How long it waits for the answer of an origin.
    pub response_timeout: Time,
    /// How long a connection to an origin is kept open after its last answer.
    pub keep_alive: Time,
    /// What is removed from all caches at some time.
    pub purges: Vec<Purge>,
    /// Requests a second that it takes.
    pub requests: Rate,
    /// Bits a second that it sends.
    pub bandwidth: Bandwidth,
}

/// Gauges of a distribution.
pub(crate) const GAUGES: &[Dial] = &[
    Dial { kind: Kind::Distribution, name: "requests", own: false, about: "requests a second" },
    Dial {
        kind: Kind::Distribution,
        name: "hit_ratio",
        own: false,
        about: "hits in percent of the requests of the period for what may be kept",
    },
    Dial {
        kind: Kind::Distribution,
        name: "origin_requests",
        own: false,
        about: "requests a second that it sends to its origins",
    },
];

/// Most edges of one place, and most regional caches.
const NODES_MAX: u32 = 1_000;
/// Most behaviours. Source: Amazon CloudFront developer guide, quotas: 75 cache behaviors of a distribution.
const BEHAVIOURS_MAX: usize = 75;

impl Distribution {
    /// The number of the behaviour for requests of a path: the first that fits.
    pub(super) fn behaviour_for(&self, path: &str) -> usize {
        let fitting = |it: &Behaviour| it.path.as_deref().is_none_or(|pattern| fits(pattern, path));
        self.behaviours.iter().position(fitting).unwrap_or_default()
    }

    /// Levels of caches that a request passes which may be answered by a copy.
    pub(super) fn levels(&self) -> u8 {
        1 + u8::from(self.regional_caches > 0) + u8::from(self.shield)
    }

    /// One-way latency from a level of caches to the next one, or from the last one to the origin.
    pub(super) fn hop_from(&self, level: u8) -> Time {
        match level + 1 < self.levels() {
            true => self.regional_hop,
            false => self.hop_to_origin(level),
        }
    }

    /// One-way latency from a level of caches to the origin: from an edge, the way to a regional cache comes on top.
    pub(super) fn hop_to_origin(&self, level: u8) -> Time {
        match level {
            0 => self.regional_hop + self.origin_hop,
            _ => self.origin_hop,
        }
    }
}

impl Table<Settings> for Distribution {
    const ABOUT: &'static str = "content delivery networks (Amazon CloudFront)";
    const SHAPES: &'static [&'static Shape] =
        &[&SHAPE, &DEFAULT_SHAPE, &BEHAVIOUR_SHAPE, &TTL_SHAPE, &behaviour::ERRORS_SHAPE, &PURGE_SHAPE];
    const FOREIGN: &'static [Foreign] = foreign::FOREIGN;
    const BILLED: bool = false;

    fn read<'a>(name: &str, reader: &Reader<'a>, _: &mut Option<Written<'a>>) -> Distribution {
        let all = |value: Value<'a>| value.table(&DEFAULT_SHAPE, |reader| Behaviour::read(reader, false));
        let default = reader.must("default", all, Behaviour::unknown());
        let behaviours = |value: Value<'a>| {
            let all = value.one_or_more(BEHAVIOURS_MAX)?;
            let read = |value: Value<'a>| value.table(&BEHAVIOUR_SHAPE, |it| Behaviour::read(it, true));
            Some(all.into_iter().filter_map(read).collect())
        };
        let mut behaviours: Vec<Behaviour> = reader.or("behaviours", behaviours, Vec::new());
        behaviours.push(default);
        let shield = reader.or("shield", Value::flag, false);
        let regional_caches =
            reader.or("regional_caches", |value| value.count(0..=NODES_MAX), REGIONAL_CACHES.value);
        if let (true, 0, Some(value)) = (shield, regional_caches, reader.get("shield")) {
            value.problem(
                "an Origin Shield without regional caches",
                "it is one more behind them: write regional_caches = 1, or remove it",
            );
        }
        let edges = reader.or("edges", |value| value.count(1..=NODES_MAX), EDGES.value);
        if let (true, Some(value)) = (regional_caches > edges, reader.get("regional_caches")) {
            value.problem(
                format!("{regional_caches} regional caches behind {}", things(edges.into(), "edge")),
                "each edge asks one of them, so that some are never asked: write fewer of them, or more `edges`",
            );
        }
        let seconds = |from: u64, to: u64| {
            move |value: Value| value.time_within(Time::from_secs(from)..=Time::from_secs(to))
        };
        Distribution {
            name: name.to_owned(),
            behaviours,
            edges,
            edge_cache: reader.or("edge_cache", Value::bytes, EDGE_CACHE.value),
            regional_caches,
            regional_cache: reader.or("regional_cache", Value::bytes, REGIONAL_CACHE.value),
            shield,
            edge_time: reader.or("edge_time", seconds(0, 10), EDGE_TIME.value),
            regional_hop: reader.or("regional_hop", seconds(0, 10), REGIONAL_HOP.value),
            origin_hop: reader.or("origin_hop", seconds(0, 10), ORIGIN_HOP.value),
            connect_attempts: reader.or(
                "connect_attempts",
                |value| value.count(1..=3),
                CONNECT_ATTEMPTS.value,
            ),
            connect_timeout: reader.or("connect_timeout", seconds(1, 10), CONNECT_TIMEOUT.value),
            response_timeout: reader.or("response_timeout", seconds(1, 120), RESPONSE_TIMEOUT.value),
            keep_alive: reader.or("keep_alive", seconds(0, 120), KEEP_ALIVE.value),
            purges: reader.maybe("purge", purge::read).unwrap_or_default(),
            requests: reader.or("requests", Value::rate, QUOTA_REQUESTS.value),
            bandwidth: reader.or("bandwidth", Value::bandwidth, QUOTA_BANDWIDTH.value),
        }
    }

    fn name(&self) -> &str {
        &self.name
    }

    /// A purge that fits no behaviour is one of nothing only if no class asks for such a path: that shows in the run. What can be said
    /// here is that two behaviours have one pattern.
    fn check(&self, index: usize, _all: &Settings, cx: &Context) {
        let Some(span) = cx.names.span(Kind::Distribution, index) else { return };
        let patterns: Vec<&str> = self.behaviours.iter().filter_map(|it| it.path.as_deref()).collect();
        for (at, pattern) in patterns.iter().enumerate() {
            if patterns[..at].contains(pattern) {
                let message = format!("two behaviours of `{}` for the path \"{pattern}\"", self.name);
                cx.push(Problem::at(span, message).hint("only the first one counts: remove the other"));
            }
        }
    }
}

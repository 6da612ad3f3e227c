//! `[dns.NAME]`: the records of one name of Route 53. In: policy, records, changes, checks. Out: a [`Dns`].

mod foreign;
pub mod health;
pub mod records;

use crate::id::{Dial, Kind};
use crate::kind::Settings;
use crate::kind::effort::{Work, often};
use crate::kind::path::{PathOwner, Written};
use crate::kind::table::{Foreign, Table};
use crate::language::reader::{Context, Reader};
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

pub use health::{Check, HEALTH_SHAPE, Protocol};
pub use records::{Change, Place, RECORD_SHAPE, Record, Switch};

/// The records of one name.
#[derive(Clone, Debug)]
pub struct Dns {
    /// Name in the file.
    pub name: String,
    /// How a lookup is answered.
    pub policy: Policy,
    /// How long an answer is kept, unless it is that of an alias.
    pub ttl: Time,
    /// The records.
    pub records: Vec<Record>,
    /// What they are from an instant on, in the order of time.
    pub changes: Vec<Change>,
    /// From a change until Route 53 answers by it.
    pub propagation: Time,
    /// Resolvers by which the open traffic of each source asks.
    pub resolvers: u32,
    /// Whether users ask by these resolvers too; else each keeps an answer of its own.
    pub shared: bool,
    /// Clients that keep an answer for longer than they may.
    pub holds: Option<Holds>,
    /// Whether the addresses of a fleet stay as they are, and go to the instances that replace others.
    pub fixed: bool,
}

/// How a lookup is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// With all values.
    Simple,
    /// With one record, by weight.
    Weighted,
    /// With the record of the Region that is nearest to the client.
    Latency,
    /// With the record of the place where the client is.
    Geolocation,
    /// With the primary record while it is healthy, else with the secondary one.
    Failover,
    /// With up to eight healthy values.
    Multivalue,
}

/// Clients that keep an answer for longer than they may.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Holds {
    /// Which part of all.
    pub share: f64,
    /// For how long; nothing for ever.
    pub span: Option<Time>,
}

/// How long an answer is kept: 300 s.
pub const TTL: Given<Time> =
    Given::new(Time::from_secs(300), "assumption: what the console of Route 53 proposes");
/// How long an answer with an alias is kept: 60 s.
pub const ALIAS_TTL: Given<Time> = Given::new(
    Time::from_secs(60),
    "Route 53 developer guide, choosing between alias and non-alias records: the time to live of a load balancer",
);
/// From a change until Route 53 answers by it: 60 s.
pub const PROPAGATION: Given<Time> = Given::new(
    Time::from_secs(60),
    "Route 53 developer guide: changes generally reach all of its servers within 60 seconds; assumption: all of them at that instant",
);
/// Resolvers of a source: 1,000.
pub const RESOLVERS: Given<u32> = Given::new(
    1_000,
    "assumption: the ages of a thousand answers are even to a few percent; more of them ask more often",
);
/// Most resolvers of a source: each keeps an answer.
const RESOLVERS_MAX: u32 = 1_000_000;
/// Longest time to live: a week.
const TTL_MAX: Time = Time::from_secs(7 * 86_400);

/// Names have no gauges.
pub(crate) const GAUGES: &[Dial] = &[];

/// The language of a name.
pub const SHAPE: Shape = Shape {
    title: "[dns.NAME]",
    about: "The records of one name of Route 53: a request that enters `via` it goes where its client was told when it looked the name up. \
            Answers are kept until their time to live is over and a request needs the name again, so a change or a dead address is felt \
            until then.",
    keys: &[
        Key::optional(
            "policy",
            "\"simple\", \"weighted\", \"latency\", \"geolocation\", \"failover\" or \"multivalue\"",
            "`\"simple\"` (assumption: one place for all)",
            "how a lookup is answered: with all values in a random order; with one record by weight; with that of the nearest Region; with \
             that of the place of the client, or of its continent, or the default one; with the primary one while it is healthy; with up to \
             eight healthy values. A client takes the first value, and keeps it as long as the answer",
        ),
        Key::given(
            "ttl",
            "duration, up to 7 days",
            || TTL.show(),
            "how long an answer is kept; that of an alias is 60 s, and cannot be set",
        ),
        Key::required("records", "{ to, … } or an array of them", "where the name leads"),
        Key::optional(
            "changes",
            "{ at, RECORD = weight, \"on\" or \"off\", … } or an array of them",
            "none",
            "what records are from an instant on, by what they lead to: a weight, \"off\" for a record that is removed, \"on\" for one that is \
             there again; { at = \"10m\", blue = 50, green = 50 }. A record that is not named stays as it is",
        ),
        Key::given(
            "propagation",
            "duration, up to 1 hour",
            || PROPAGATION.show(),
            "from a change until Route 53 answers by it; health checks are felt at once",
        ),
        Key::given(
            "resolvers",
            "whole number, 1 to 1,000,000",
            || RESOLVERS.show(),
            "resolvers by which the open traffic of each source asks, all equally often; each keeps its own answer, of which a client takes \
             one value. A request and its retries are of one client",
        ),
        Key::optional(
            "users",
            "\"own\" or \"shared\"",
            "`\"own\"`: each user of `[users]` keeps an answer of its own, and asks Route 53 itself (assumption: each is a device of its own)",
            "whether users share the resolvers of their source; a user keeps the value that it took as long as its resolver keeps the answer",
        ),
        Key::optional(
            "holds",
            "{ share, for }",
            "nobody does",
            "clients that keep an answer for longer than they may, as a JVM does; of open traffic the resolvers do so",
        ),
        Key::optional(
            "addresses",
            "\"fixed\" or \"changing\"",
            "`\"fixed\"` (assumption: those of a resource stay)",
            "a fleet without a balancer has an address in the record for each instance. \"fixed\": elastic IP addresses, which go to the instance \
             that replaces one that has ended, when it answers; a further instance gets a further address. \"changing\": each instance has an \
             address of its own. A new address is in the record `propagation` after its instance answers, and a changing one leaves it as long \
             after its instance began to leave",
        ),
    ],
};

/// The language of clients that hold an answer.
pub const HOLDS_SHAPE: Shape = Shape {
    title: "holds = { … }",
    about: "Clients that keep an answer for longer than its time to live: a JVM with its default settings keeps it as long as it runs \
            (AWS SDK for Java developer guide, JVM TTL for DNS name lookups).",
    keys: &[
        Key::required("share", "share", "the part of the clients that do so"),
        Key::required("for", "duration or \"forever\"", "for how long"),
    ],
};

impl Holds {
    fn read(reader: &Reader) -> Holds {
        Holds {
            share: reader.must("share", Value::share, 0.0),
            span: reader.must("for", |value| value.time_or("forever"), None),
        }
    }
}

impl Dns {
    /// For how long the answer with a record may be kept.
    pub fn ttl_of(&self, record: usize) -> Time {
        match self.records.get(record) {
            Some(record) if record.alias => ALIAS_TTL.value,
            _ => self.ttl,
        }
    }

    /// Whether a lookup that is answered with a record is charged for: an alias to a resource of AWS is not.
    pub fn is_charged(&self, record: usize) -> bool {
        !self.records.get(record).is_some_and(|it| it.alias)
    }

    /// The part of the requests of a run of this length that goes by each record, on the mean over time, as long as all are healthy and
    /// clients are everywhere.
    pub(crate) fn shares(&self, duration: Time, values: &[f64]) -> Vec<f64> {
        let first: Vec<Switch> =
            self.records.iter().map(|it| Switch { weight: it.weight, on: true }).collect();
        let mut steps: Vec<(Time, &[Switch])> = vec![(Time::ZERO, &first)];
        let later = self.changes.iter().map(|it| (it.at + self.propagation, it.after.as_slice()));
        steps.extend(later.filter(|(at, _)| *at < duration));
        let ends = steps.iter().skip(1).map(|(at, _)| *at).chain([duration]);
        let whole = duration.as_secs_f64().max(f64::MIN_POSITIVE);
        let mut shares = vec![0.0; self.records.len()];
        for ((from, switches), to) in steps.iter().zip(ends) {
            let part = (to.as_secs_f64() - from.as_secs_f64()) / whole;
            let parts = self.parts(switches, values);
            let sum: f64 = parts.iter().sum();
            shares
                .iter_mut()
                .zip(parts)
                .for_each(|(share, it)| *share += part * it / sum.max(f64::MIN_POSITIVE));
        }
        shares
    }

    /// How much of the requests goes by each record, against the others, while it is as given.
    fn parts(&self, switches: &[Switch], values: &[f64]) -> Vec<f64> {
        let on = |index: usize| f64::from(u8::from(switches[index].on));
        let all = 0..self.records.len();
        match self.policy {
            Policy::Weighted => {
                let weighs = |index: usize| f64::from(switches[index].weight) * on(index);
                match all.clone().map(weighs).sum::<f64>() > 0.0 {
                    true => all.map(weighs).collect(),
                    false => all.map(on).collect(),
                }
            }
            Policy::Failover => {
                let first = all.clone().find(|&index| switches[index].on && self.records[index].primary);
                let first = first.or_else(|| all.clone().find(|&index| switches[index].on));
                all.map(|index| f64::from(u8::from(first == Some(index)))).collect()
            }
            Policy::Simple | Policy::Multivalue => all.map(|index| on(index) * values[index]).collect(),
            Policy::Latency | Policy::Geolocation => all.map(on).collect(),
        }
    }
}

impl Table<Settings> for Dns {
    const ABOUT: &'static str = "names of Route 53: records, routing policies, health checks";
    const SHAPES: &'static [&'static Shape] = &[&SHAPE, &RECORD_SHAPE, &HEALTH_SHAPE, &HOLDS_SHAPE];
    const FOREIGN: &'static [Foreign] = foreign::FOREIGN;

    fn read<'a>(name: &str, reader: &Reader<'a>, _: &mut Option<Written<'a>>) -> Dns {
        let policies = [
            ("simple", Policy::Simple),
            ("weighted", Policy::Weighted),
            ("latency", Policy::Latency),
            ("geolocation", Policy::Geolocation),
            ("failover", Policy::Failover),
            ("multivalue", Policy::Multivalue),
        ];
        let policy = reader.or("policy", |value| value.choice(&policies), Policy::Simple);
        let records = reader.must("records", |value| records::read(value, policy), Vec::new());
        let changes =
            reader.maybe("changes", |value| records::changes(value, policy, &records)).unwrap_or_default();
        if let (Some(value), true) =
            (reader.get("ttl"), !records.is_empty() && records.iter().all(|it| it.alias))
        {
            value.problem(
                "the time to live of an alias cannot be set",
                "remove it: answers with an alias are kept for 60 s",
            );
        }
        Dns {
            name: name.to_owned(),
            policy,
            ttl: reader.or("ttl", |value| value.time_within(Time::ZERO..=TTL_MAX), TTL.value),
            records,
            changes,
            propagation: reader.or(
                "propagation",
                |value| value.time_within(Time::ZERO..=Time::from_secs(3_600)),
                PROPAGATION.value,
            ),
            resolvers: reader.or("resolvers", |value| value.count(1..=RESOLVERS_MAX), RESOLVERS.value),
            shared: reader.or("users", |value| value.choice(&[("own", false), ("shared", true)]), false),
            holds: reader.maybe("holds", |value| value.table(&HOLDS_SHAPE, Holds::read)),
            fixed: reader.or(
                "addresses",
                |value| value.choice(&[("fixed", true), ("changing", false)]),
                true,
            ),
        }
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn uses(&self) -> Vec<(Kind, usize)> {
        self.records.iter().map(|it| it.to).collect()
    }

    fn check(&self, _index: usize, all: &Settings, cx: &Context) {
        records::check(self, all, cx);
    }

    fn can_fill(&self) -> bool {
        false
    }

    /// Each checker of each record that is checked.
    fn own_work(&self, all: &Settings, seconds: f64, _walk: impl Fn() -> f64) -> Work {
        let mut events = 0.0;
        for record in &self.records {
            let Some(check) = record.check.as_ref().filter(|it| it.alarm.is_none()) else { continue };
            let each = often(check.interval, seconds) * f64::from(check.checkers);
            events += each * values(record.to, all) * CHECK_EVENTS;
        }
        Work::of_events(events)
    }
}

/// Events of a check: two timers, and what it does at its endpoint.
const CHECK_EVENTS: f64 = 6.0;

/// How many values a record has that leads to a table: the addresses of a fleet, or one.
pub(crate) fn values((kind, index): PathOwner, all: &Settings) -> f64 {
    let fleet = (kind == Kind::Fleet).then(|| all.fleets.get(index)).flatten();
    fleet.map_or(1.0, |it| f64::from(it.instances_of(it.desired)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(weight: u32) -> Record {
        Record { weight, ..Record::to((Kind::Balancer, 0)) }
    }

    /// 90 to 10 for a quarter of the time, propagation included, then 0 to 10; the last change comes after the end.
    #[test]
    fn shares_are_means_over_time() {
        let on = |weight| Switch { weight, on: true };
        let change = |at, a, b| Change { at: Time::from_secs(at), after: vec![on(a), on(b)] };
        let dns = Dns {
            name: "shop".into(),
            policy: Policy::Weighted,
            ttl: TTL.value,
            records: vec![record(90), record(10)],
            changes: vec![change(15, 0, 10), change(95, 1, 0)],
            propagation: Time::from_secs(10),
            resolvers: 1,
            shared: false,
            holds: None,
            fixed: true,
        };
        let shares = dns.shares(Time::from_secs(100), &[1.0, 1.0]);
        assert!((shares[0] - 0.225).abs() < 1e-12 && (shares[1] - 0.775).abs() < 1e-12, "{shares:?}");
        let simple = Dns { policy: Policy::Simple, changes: Vec::new(), ..dns };
        assert_eq!(simple.shares(Time::from_secs(100), &[3.0, 1.0]), [0.75, 0.25]);
    }
}

//! Weighted target groups: requests that are split over several fleets. In: `targets = [{ fleet, weight }, …]`, `weights`,
//! `group_stickiness`. Out: a [`Split`].

use crate::dist::Law;
use crate::id::{BalancerId, FleetId, Kind, UNKNOWN};
use crate::language::names::list;
use crate::language::problem::Problem;
use crate::language::reader::Reader;
use crate::language::shape::{Key, Shape};
use crate::language::value::{Name, Value};
use crate::units::Time;

/// Most target groups of an action. Source: Elastic Load Balancing user guide, quotas for Application Load Balancers.
const GROUPS_MAX: usize = 5;
/// Most weight. Source: Elastic Load Balancing API reference, TargetGroupTuple.
const WEIGHT_MAX: u64 = 999;
/// Most changes of the weights.
const CHANGES_MAX: usize = 1_000;
/// The shortest mean time that a copy of a name is kept.
const TTL_LEAST: Time = Time::from_secs(1);
/// The key of the time of a change.
const AT: &str = "at";

/// Requests that are split over several target groups.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// Its number among those of all balancers.
    pub index: u16,
    /// The target groups.
    pub ways: Vec<Way>,
    /// Weights from an instant on, of each group, in the order of time.
    pub changes: Vec<(Time, Vec<u32>)>,
    /// How long a client stays at its group, if it does.
    pub sticky: Option<Time>,
    /// How long a client keeps what the name of the balancer says, if the weights are those of the name.
    pub ttl: Option<Law>,
}

/// One of these target groups.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    /// The fleet whose instances are its targets.
    pub fleet: FleetId,
    /// The balancer that has these targets.
    pub group: BalancerId,
    /// Its weight at the start.
    pub weight: u32,
}

/// The language of a target group with a weight.
pub const TARGET_SHAPE: Shape = Shape {
    title: "targets = [{ fleet, weight }]",
    about: "Several target groups: each request goes to one of them by chance, as often as its weight says. A group without healthy \
            targets keeps its share: the balancer does not send that to another group.",
    keys: &[
        Key::required("fleet", "name of a fleet", "the fleet whose instances are the targets of this group"),
        Key::required(
            "weight",
            "whole number, 0 to 999",
            "part of the requests that the target group gets: this over the sum of all weights",
        ),
    ],
};

/// The changes of the weights.
pub(super) const WEIGHTS: Key = Key::optional(
    "weights",
    "{ at, FLEET = weight, … } or an array of them",
    "none",
    "new weights from an instant on, for example { at = \"10m\", blue = 50, green = 50 }; a fleet that is not named keeps its weight",
);
/// How long a client stays at its target group.
pub(super) const GROUP_STICKINESS: Key = Key::optional(
    "group_stickiness",
    "duration, 1 s to 7 days",
    "off (Elastic Load Balancing API reference, TargetGroupStickinessConfig)",
    "how long after its last request a user of `[users]` stays at the target group of its first one; requests of open traffic are \
     of new clients",
);

/// How long a client keeps what a name says.
pub(super) const TTL: Key = Key::optional(
    "ttl",
    "law, such as \"60s\" or \"hyperexponential 2m cv 3\"",
    "the balancer itself splits requests: a change is felt at once",
    "the split is one of DNS (weighted records of Route 53): a client goes where the name said when it looked it up, and does so again when this \
     time is over. So a change of `weights` moves clients as their copies run out; 60 s is the time to live of a balancer's record, and a law \
     with a long tail has clients that keep it for longer. A user has a copy of its own; not with `group_stickiness`",
);

/// Reads `targets`: one fleet, or several with weights. Of one there is nothing to split.
/// Those of a balancer can be split by its name, and those of a rule cannot.
pub(super) fn targets(reader: &Reader, has_name: bool) -> (FleetId, Option<Split>) {
    let Some(value) = reader.get("targets") else {
        reader.missing(&["targets"]);
        return (FleetId(UNKNOWN), None);
    };
    let sticky = |reader: &Reader| {
        let longest = Time::from_secs(7 * 86_400);
        reader.maybe("group_stickiness", |value| value.time_within(Time::from_secs(1)..=longest))
    };
    if value.is_text() {
        for key in ["weights", "group_stickiness", "ttl"] {
            if key == "ttl" && !has_name {
                continue;
            }
            if let Some(value) = reader.get(key) {
                let hint = "remove it, or write targets = [{ fleet = \"blue\", weight = 90 }, { fleet = \"green\", weight = 10 }]";
                value.problem("there is one target group, which gets everything", hint);
            }
        }
        return (value.id().unwrap_or(FleetId(UNKNOWN)), None);
    }
    let ways = ways(value).unwrap_or_default();
    let changes = reader.maybe("weights", |value| changes(value, &ways)).unwrap_or_default();
    let first = ways.first().map_or(FleetId(UNKNOWN), |way| way.fleet);
    let ttl = if has_name { reader.maybe("ttl", ttl) } else { None };
    let sticky = sticky(reader);
    if let (Some(value), true, true) = (reader.get("group_stickiness"), ttl.is_some(), sticky.is_some()) {
        value.problem(
            "cookies of target groups that DNS chooses",
            "remove it, or `ttl`: a name knows no cookies",
        );
    }
    let split = Split { index: 0, ways, changes, sticky, ttl };
    (first, Some(split).filter(|split| !split.ways.is_empty()))
}

fn ttl(value: Value) -> Option<Law> {
    let law = value.law()?;
    if law.mean() < TTL_LEAST {
        value.problem(
            format!("an address that is kept for {} on the mean", law.mean()),
            format!("write at least {TTL_LEAST}"),
        );
        return None;
    }
    Some(law)
}

fn ways(value: Value) -> Option<Vec<Way>> {
    let groups = value.one_or_more(GROUPS_MAX)?;
    if groups.is_empty() {
        value.problem("no target group", "write at least one: { fleet = \"web\", weight = 1 }");
    }
    let mut ways: Vec<Way> = Vec::new();
    for group in groups {
        let way = group.table(&TARGET_SHAPE, |reader| Way {
            fleet: reader.must("fleet", Value::id, FleetId(UNKNOWN)),
            group: BalancerId(UNKNOWN),
            weight: reader.must("weight", weight, 1),
        })?;
        if way.fleet != FleetId(UNKNOWN) && ways.iter().any(|other| other.fleet == way.fleet) {
            group.problem("a fleet that is a target group here twice", "give it one weight");
        }
        ways.push(way);
    }
    some_weight(&value, ways.iter().map(|way| way.weight));
    Some(ways)
}

fn weight(value: Value) -> Option<u32> {
    value.whole(0..=WEIGHT_MAX).and_then(|weight| u32::try_from(weight).ok())
}

fn some_weight(value: &Value, weights: impl Iterator<Item = u32>) {
    let weights: Vec<u32> = weights.collect();
    if !weights.is_empty() && weights.iter().all(|weight| *weight == 0) {
        value.problem("all weights are zero", "give at least one target group a weight above zero");
    }
}

/// The changes of the weights. A fleet that one does not name keeps its weight.
fn changes(value: Value, ways: &[Way]) -> Option<Vec<(Time, Vec<u32>)>> {
    let mut weights: Vec<u32> = ways.iter().map(|way| way.weight).collect();
    let mut found: Vec<(Time, Vec<u32>)> = Vec::new();
    for element in value.one_or_more(CHANGES_MAX)? {
        let example = "{ at = \"10m\", blue = 50, green = 50 }";
        let mut at = None;
        for (name, value) in element.entries(example, GROUPS_MAX + 1)? {
            match (name.text, position(&value, &name, ways)) {
                (AT, _) => at = value.time(),
                (_, Some(way)) => weights[way] = weight(value).unwrap_or(weights[way]),
                _ => {}
            }
        }
        some_weight(&element, weights.iter().copied());
        match (at, found.last()) {
            (Some(at), Some((before, _))) if at <= *before => {
                element
                    .problem("a change that is not after the one before it", "put them in the order of time");
            }
            (Some(at), _) => found.push((at, weights.clone())),
            (None, _) if element.as_table(example).is_some_and(|table| table.contains_key(AT)) => {}
            (None, _) => {
                element.problem("a change of the weights without its time", format!("write {example}"))
            }
        }
    }
    Some(found)
}

/// Which target group has a fleet of this name.
fn position(value: &Value, name: &Name, ways: &[Way]) -> Option<usize> {
    let names = &value.cx.names;
    let own: Vec<&str> = ways
        .iter()
        .filter(|way| way.fleet != FleetId(UNKNOWN))
        .map(|way| names.name(Kind::Fleet, way.fleet.index()))
        .collect();
    if name.text == AT || own.len() < ways.len() {
        return None;
    }
    let found = own.iter().position(|fleet| *fleet == name.text);
    if found.is_none() {
        let problem = Problem::at(&name.span, format!("`{}` is no fleet of `targets`", name.text));
        value.cx.push(problem.hint(format!("possible here: {}", list(&own))));
    }
    found
}

impl Split {
    /// The part of the requests of a run of this length that each group gets, on the mean over time.
    pub(crate) fn shares(&self, duration: Time) -> Vec<f64> {
        let first: Vec<u32> = self.ways.iter().map(|way| way.weight).collect();
        let mut steps: Vec<(Time, &Vec<u32>)> = vec![(Time::ZERO, &first)];
        steps
            .extend(self.changes.iter().filter(|(at, _)| *at < duration).map(|(at, weights)| (*at, weights)));
        let ends = steps.iter().skip(1).map(|(at, _)| *at).chain([duration]);
        let whole = duration.as_secs_f64().max(f64::MIN_POSITIVE);
        let mut shares = vec![0.0; self.ways.len()];
        for ((from, weights), to) in steps.iter().zip(ends) {
            let part = (to.as_secs_f64() - from.as_secs_f64()) / whole;
            let sum: f64 = weights.iter().map(|weight| f64::from(*weight)).sum();
            for (share, weight) in shares.iter_mut().zip(*weights) {
                *share += part * f64::from(*weight) / sum.max(1.0);
            }
        }
        shares
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 90 to 10 for a quarter of the time, then 0 to 10.
    #[test]
    fn shares_are_means_over_time() {
        let way = |weight| Way { fleet: FleetId(0), group: BalancerId(0), weight };
        let changes = vec![(Time::from_secs(25), vec![0, 10]), (Time::from_secs(200), vec![1, 0])];
        let split = Split { index: 0, ways: vec![way(90), way(10)], changes, sticky: None, ttl: None };
        let shares = split.shares(Time::from_secs(100));
        assert!((shares[0] - 0.225).abs() < 1e-12 && (shares[1] - 0.775).abs() < 1e-12, "{shares:?}");
    }
}

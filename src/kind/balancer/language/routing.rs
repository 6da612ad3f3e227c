//! How a balancer chooses among healthy targets. In: `routing`, `ties`, `slow_start`, `anomaly_mitigation`. Out: their values.

use crate::language::reader::Reader;
use crate::language::shape::Given;
use crate::language::value::Value;
use crate::units::Time;

/// Rule of choice among healthy targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Routing {
    /// Each in turn.
    RoundRobin,
    /// The target with the fewest requests sent and not yet answered; see [`Ties`] for equals.
    LeastOutstandingRequests,
    /// Any, uniformly.
    Random,
    /// The one with fewer outstanding requests of two drawn at random.
    TwoChoices,
    /// Any, by weights that go down while a target fails more than others.
    WeightedRandom,
}

/// Rule of choice among targets with equally few outstanding requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ties {
    /// The one that was registered first.
    First,
    /// Each of them in turn.
    InTurn,
    /// Any, uniformly.
    Random,
}

/// The rules of choice by name.
const ROUTINGS: [(&str, Routing); 5] = [
    ("round_robin", Routing::RoundRobin),
    ("least_outstanding_requests", Routing::LeastOutstandingRequests),
    ("random", Routing::Random),
    ("two_choices", Routing::TwoChoices),
    ("weighted_random", Routing::WeightedRandom),
];

/// Anomaly mitigation: between two changes of the weights.
pub const WEIGHTS_EVERY: Given<Time> =
    Given::new(Time::from_secs(5), "assumption: AWS publishes no period, and users report about 5 s");

/// The rule of choice.
pub(super) fn routing(reader: &Reader) -> Routing {
    reader.or("routing", |value| value.choice(&ROUTINGS), Routing::RoundRobin)
}

/// The rule among equals.
pub(super) fn ties(reader: &Reader, routing: Routing) -> Ties {
    let Some(value) = reader.get("ties") else { return Ties::First };
    if routing != Routing::LeastOutstandingRequests {
        value.problem(
            "only the fewest outstanding requests have ties",
            "remove it, or set routing = \"least_outstanding_requests\"",
        );
    }
    let rules = [("first", Ties::First), ("in_turn", Ties::InTurn), ("random", Ties::Random)];
    value.choice(&rules).unwrap_or(Ties::First)
}

/// How often weights change, with anomaly mitigation.
pub(super) fn weights_every(reader: &Reader, routing: Routing) -> Option<Time> {
    let mitigates = reader.or("anomaly_mitigation", Value::flag, false);
    if let (Some(value), true) = (reader.get("anomaly_mitigation"), mitigates)
        && routing != Routing::WeightedRandom
    {
        value.problem(
            "anomaly mitigation changes weights, which this rule has not",
            "remove it, or set routing = \"weighted_random\"",
        );
    }
    if let (Some(value), false) = (reader.get("weights_every"), mitigates) {
        value.problem("weights that never change", "remove it, or set anomaly_mitigation = true");
    }
    let span = |value: Value| value.time_within(Time::from_secs(1)..=Time::from_secs(300));
    let every = reader.or("weights_every", span, WEIGHTS_EVERY.value);
    mitigates.then_some(every)
}

/// The ramp of a new target.
pub(super) fn slow_start(value: Value, routing: Routing) -> Option<Time> {
    let time = value.time()?;
    if time == Time::ZERO {
        return Some(time);
    }
    if routing != Routing::RoundRobin {
        value
            .problem("slow start works with round robin only", "remove it, or set routing = \"round_robin\"");
        return None;
    }
    value.time_within(Time::from_secs(30)..=Time::from_secs(900))
}

//! CPU credits of T types: what runs above its baseline pays for it, or is held back. Neither is simulated.
//!
//! In: the mean CPU of nodes, expected from the traffic or seen in a run. Out: warnings that say what credits last for
//! and what the surplus costs.

use super::found::Warning;
use crate::kind::fleet::language::limits::{capacity, largest, size_at};
use super::load::Load;
use crate::catalog::{Burstable, burstable};
use crate::kind::fleet::language::Fleet;
use crate::kind::scaling::language::{Metric, PolicyKind};
use crate::measure::resource::{Node, Resource};
use crate::number::{bounded, setting};
use crate::scenario::Scenario;
use crate::scenario::code::Code;
use crate::scenario::effort::about;
use crate::units::Time;

/// Nodes of a type and how busy they are.
#[derive(Clone, Copy, Debug)]
pub struct Nodes<'a> {
    /// Kind of table, name, and key that names the type: `["fleet", "web", "instance"]`.
    pub at: [&'a str; 3],
    /// In words: fleet `web`.
    pub what: &'a str,
    /// The type, class or node type.
    pub name: &'a str,
    /// Mean busy share of all vCPUs, 0 to 1.
    pub cpu: f64,
    /// Hours of all nodes together.
    pub hours: f64,
    /// Whether a run has shown it, or it is worked out from the traffic.
    pub seen: bool,
}

/// A warning if nodes of a T type are busier than their baseline.
pub fn warning(nodes: &Nodes<'_>) -> Option<Warning> {
    let credits = burstable(nodes.name)?;
    (nodes.cpu > credits.baseline).then(|| {
        let verb = if nodes.seen { "ran" } else { "will run" };
        let message = format!(
            "{} of {} {verb} at {} of its CPU on the mean, and its credits pay for {}",
            nodes.what,
            nodes.name,
            setting(nodes.cpu),
            setting(credits.baseline)
        );
        Warning::new(Code::BurstableAboveBaseline, &nodes.at, message, hint(nodes, credits))
    })
}

fn hint(nodes: &Nodes<'_>, credits: &Burstable) -> String {
    // Credits of a node that are spent beyond those earned, in an hour.
    let over = nodes.cpu - credits.baseline;
    let an_hour = over * f64::from(credits.vcpus) * 60.0;
    let lasts = |balance: f64| about(balance / an_hour * 3_600.0);
    let standard = match credits.launch {
        launch if launch > 0.0 => format!(
            "those of the launch last for {}, a full balance for {}, then it is held to {}",
            lasts(launch),
            lasts(credits.balance),
            setting(credits.baseline)
        ),
        _ => format!("a full balance lasts for {}", lasts(credits.balance)),
    };
    let surplus = over * f64::from(credits.vcpus) * nodes.hours;
    let unlimited = match (credits.usd, nodes.at[0]) {
        (Some(usd), "fleet") => format!(
            "; the surplus of this run costs about ${:.2} on top of the bill (${usd} a vCPU-hour, unlimited mode)",
            surplus * usd
        ),
        (Some(_), _) => format!("; {} vCPU-hours of surplus are not in the bill", bounded(surplus)),
        (None, _) => String::new(),
    };
    format!("credits are not simulated: {standard}{unlimited}")
}

/// Nodes that the traffic will keep busier than their baseline.
pub(super) fn expected(scenario: &Scenario, load: &Load<'_>) -> Vec<Warning> {
    let hours = scenario.duration.as_secs_f64() / 3_600.0;
    let span = scenario.duration.as_secs_f64();
    let mut found = Vec::new();
    for (index, fleet) in scenario.fleets.iter().enumerate() {
        let asked = load.in_all(|demand| demand.of(Resource::Cpu { fleet: index })) / span;
        let what = format!("fleet `{}`", fleet.name);
        let nodes = Nodes {
            at: ["fleet", &fleet.name, "instance"],
            what: &what,
            name: &fleet.instance.name,
            cpu: busy(fleet, asked),
            hours: hours * f64::from(size_at(fleet, Time::ZERO)),
            seen: false,
        };
        found.extend(warning(&nodes));
    }
    for (index, database) in scenario.databases.iter().enumerate() {
        let node = |key, class: &crate::catalog::DatabaseClass, asked: f64, count: u32| {
            let what = format!("the {key} of database `{}`", database.name);
            let there = f64::from(class.vcpus) * class.strength * f64::from(count);
            warning(&Nodes {
                at: ["database", &database.name, key],
                what: &what,
                name: &class.name,
                cpu: (asked / span / there).min(1.0),
                hours: hours * f64::from(count),
                seen: false,
            })
        };
        found.extend(node("writer", &database.writer, load.in_all(|demand| demand.of(Resource::Database { database: index, node: Node::Writer })), 1));
        if database.replicas > 0 {
            let asked = load.in_all(|demand| demand.of(Resource::Database { database: index, node: Node::Reader }));
            found.extend(node("replica", &database.replica, asked, database.replicas));
        }
    }
    for (index, cache) in scenario.caches.iter().enumerate() {
        let asked = load.in_all(|demand| demand.of(Resource::Cache { cache: index })) / span;
        let what = format!("cache `{}`", cache.name);
        found.extend(warning(&Nodes {
            at: ["cache", &cache.name, "node"],
            what: &what,
            name: &cache.node.name,
            cpu: of_command_threads(&cache.node.name, asked / cache.node.strength / f64::from(cache.shards)),
            hours: hours * f64::from(cache.shards),
            seen: false,
        }));
    }
    found
}

/// The CPU of a cache node, by the busy share of its one command thread.
pub fn of_command_threads(node: &str, busy: f64) -> f64 {
    busy.min(1.0) / burstable(node).map_or(1.0, |credits| f64::from(credits.vcpus))
}

/// Mean busy share of a fleet that is asked for a number of vCPU-seconds of strength 1 a second.
fn busy(fleet: &Fleet, asked: f64) -> f64 {
    let at = |instances: u32| asked / capacity(fleet, instances.max(1));
    let still = at(size_at(fleet, Time::ZERO));
    let target = fleet.policies.iter().find_map(|policy| match (&policy.kind, policy.metric) {
        (PolicyKind::TargetTracking { target, .. }, Metric::Cpu) => Some(target / 100.0),
        _ => None,
    });
    match (fleet.policies.is_empty(), target) {
        (true, _) => still.min(1.0),
        // It grows until the target is met, as far as it may.
        (false, Some(target)) if still > target => target.max(at(largest(fleet))).min(1.0),
        (false, _) => still.min(at(fleet.min)).max(at(largest(fleet))).min(1.0),
    }
}

//! CPU credits of T types of databases and caches: what runs above its baseline pays for it, or is held back. Neither is
//! simulated; the credits of fleets are.
//!
//! In: the mean CPU of nodes, expected from the traffic or seen in a run. Out: warnings that say what credits last for
//! and what the surplus costs.

use super::code::Code;
use super::warning::Warning;
use crate::catalog::{Burstable, burstable};
use crate::number::{about, bounded, setting};

/// Nodes of a type and how busy they are.
#[derive(Clone, Copy, Debug)]
pub struct Nodes<'a> {
    /// Kind of table, name, and key that names the type: `["cache", "redis", "node"]`.
    pub at: [&'a str; 3],
    /// In words: cache `redis`.
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
    let unlimited = match credits.usd {
        Some(_) => format!("; {} vCPU-hours of surplus are not in the bill", bounded(surplus)),
        None => String::new(),
    };
    format!("credits are not simulated: {standard}{unlimited}")
}

/// The CPU of a cache node, by the busy share of its one command thread.
pub fn of_command_threads(node: &str, busy: f64) -> f64 {
    busy.min(1.0) / burstable(node).map_or(1.0, |credits| f64::from(credits.vcpus))
}

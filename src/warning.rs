//! What can run but is rarely intended: warnings that a scenario shows before it runs.
//!
//! In: a [`Scenario`]. Out: [`Warning`]s, each with a stable name, the key that it is about and what to do. Those that
//! only a run shows are in the outcome.

pub mod burstable;
mod capacity;
mod connections;
mod fault;
mod found;
mod grace;
mod load;
mod network;
mod scaling;
mod spike;
mod unused;
mod visibility;
mod warm;

use crate::bill;
use crate::scenario::Scenario;
pub use crate::scenario::code::Code;
use crate::scenario::effort::{about, effort};
use load::Load;

pub use found::Warning;

/// Seconds of one core from which on a run is long: an hour.
const LONG_S: f64 = 3_600.0;

/// Every warning that the scenario shows by itself and does not allow, for a number of runs.
pub fn of_scenario(scenario: &Scenario, runs: u32) -> Vec<Warning> {
    let load = Load::of(scenario);
    let mut found = Vec::new();
    found.extend(long_run(scenario, runs));
    found.extend(burstable::expected(scenario, &load));
    found.extend(capacity::warnings(scenario, &load));
    found.extend(connections::warnings(scenario));
    found.extend(fault::warnings(scenario));
    found.extend(grace::warnings(scenario));
    found.extend(network::warnings(scenario, &load));
    found.extend(scaling::warnings(scenario));
    found.extend(spike::warnings(scenario, &load));
    found.extend(unused::warnings(scenario));
    found.extend(visibility::warnings(scenario));
    found.extend(warm::warnings(scenario, &load));
    found.extend(prices(scenario));
    allowed(scenario, found)
}

/// Warnings without those that the scenario allows.
pub fn allowed(scenario: &Scenario, mut warnings: Vec<Warning>) -> Vec<Warning> {
    warnings.retain(|warning| !scenario.allow.contains(&warning.code));
    warnings
}

/// A run that somebody should know about before it begins.
pub fn long_run(scenario: &Scenario, runs: u32) -> Option<Warning> {
    let effort = effort(scenario, runs);
    let seconds = effort.seconds(1);
    (seconds >= LONG_S).then(|| {
        let message = format!(
            "{} of one core for {runs} {} of {:.1e} requests and {:.1e} events each",
            about(seconds),
            if runs == 1 { "run" } else { "runs" },
            effort.requests,
            effort.events
        );
        let hint = "fewer `runs`, a shorter `duration`, less traffic, or longer periods of checks and alarms";
        Warning::new(Code::LongRun, &["duration"], message, hint)
    })
}

fn prices(scenario: &Scenario) -> Vec<Warning> {
    let missing = bill::missing_prices(scenario).into_iter().map(|key| {
        let message = format!("no price for {key} in {}: the bill counts it as $0", scenario.region);
        let hint = format!("write \"{key}\" = 0.10 in [prices], in US dollars a unit");
        Warning::new(Code::NoPrice, &["region"], message, hint)
    });
    let unused = bill::unused_prices(scenario).into_iter().map(|key| {
        let message = format!("nothing is charged for {key}");
        Warning::new(Code::UnusedPrice, &["prices", &key], message, "look for a misspelling in [prices]")
    });
    missing.chain(unused).collect()
}

#[cfg(test)]
mod tests;

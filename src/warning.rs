//! What can run but is seldom meant: warnings that a scenario shows before it runs.
//!
//! In: a [`Scenario`]. Out: [`Warning`]s, each with a stable name, the key that it is about and what to do. Those that
//! only a run shows are in the outcome.

pub mod burstable;
mod capacity;
mod connections;
mod grace;
mod limits;
mod load;
mod network;
mod scaling;
mod spike;
mod unused;
mod warm;

use serde::{Deserialize, Serialize};

use crate::cost;
use crate::scenario::Scenario;
pub use crate::scenario::code::Code;
use crate::scenario::effort::{about, effort};
use load::Load;

pub use limits::{largest_at, size_at};

/// One warning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Warning {
    /// Its stable name.
    pub code: Code,
    /// What is found: a sentence with numbers, without a full stop.
    pub message: String,
    /// What to do about it, or what a run leaves out.
    pub hint: String,
    /// The key that it is about, part by part: `["fleet", "web", "max"]`; empty of the file as a whole.
    pub at: Vec<String>,
}

impl Warning {
    /// A warning about a key.
    pub fn new(code: Code, at: &[&str], message: impl Into<String>, hint: impl Into<String>) -> Warning {
        Warning {
            code,
            message: message.into(),
            hint: hint.into(),
            at: at.iter().map(|part| (*part).to_owned()).collect(),
        }
    }

    /// The key as a path: `fleet.web.max`.
    pub fn path(&self) -> String {
        self.at.join(".")
    }
}

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
    found.extend(grace::warnings(scenario));
    found.extend(network::warnings(scenario, &load));
    found.extend(scaling::warnings(scenario));
    found.extend(spike::warnings(scenario, &load));
    found.extend(unused::warnings(scenario));
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
    let missing = cost::missing_prices(scenario).into_iter().map(|key| {
        let message = format!("no price for {key} in {}: the bill counts it as $0", scenario.region);
        let hint = format!("write \"{key}\" = 0.10 in [prices], in US dollars a unit");
        Warning::new(Code::NoPrice, &["region"], message, hint)
    });
    let unused = cost::unused_prices(scenario).into_iter().map(|key| {
        let message = format!("nothing is charged for {key}");
        Warning::new(Code::UnusedPrice, &["prices", &key], message, "look for a misspelling in [prices]")
    });
    missing.chain(unused).collect()
}

/// Beyond this a number says no more than that it is absurd.
const ABSURD: f64 = 1e9;

/// A number for people, to three digits at most.
pub(crate) fn figure(value: f64) -> String {
    if value.is_nan() || value > ABSURD {
        return "more than 1,000,000,000".into();
    }
    let decimals = match value.abs() {
        v if v >= 100.0 => 0,
        v if v >= 10.0 => 1,
        v if v >= 1.0 => 2,
        _ => 3,
    };
    let text = format!("{value:.decimals$}");
    let text = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => text.as_str(),
    };
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) && digit.is_ascii_digit() {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if rest.is_empty() { grouped } else { format!("{grouped}.{rest}") }
}

/// A share for people: `69 %`.
pub(crate) fn percent(share: f64) -> String {
    format!("{} %", figure((share * 1_000.0).round() / 10.0))
}

#[cfg(test)]
mod tests;

//! What can run but is rarely intended: warnings that a scenario shows before it runs.
//!
//! In: a [`Scenario`]. Out: [`Warning`]s, each with a stable name, the key that it is about and what to do. Those of a kind of
//! resource come from its folder. Those that only a run shows are in the outcome.

mod least;
mod load;
mod unused;

use std::collections::BTreeSet;

use crate::bill;
use crate::id::Kind;
use crate::kind::expected::{Expected, Walk};
use crate::kind::load::Load;
use crate::kind::{self, Settings};
use crate::language::problem::{Problem, Report};
use crate::number::{about, counted};
use crate::scenario::demand;
use crate::scenario::effort::effort;
use crate::scenario::objective::Bound;
use crate::scenario::request::{OwnPath, Step};
use crate::scenario::{Origin, Scenario};
use crate::units::Time;

pub use crate::kind::code::Code;
pub use crate::kind::warning::Warning;

/// Seconds of one core from which on a run is long: an hour.
const LONG_S: f64 = 3_600.0;

/// Every warning that the scenario shows by itself and does not allow, for a number of runs.
pub fn of_scenario(scenario: &Scenario, runs: u32) -> Vec<Warning> {
    let used = unused::used(scenario);
    let mut found = Vec::new();
    found.extend(long_run(scenario, runs));
    found.extend(unused::warnings(scenario, &used));
    found.extend(least::of_clients(scenario));
    found.extend(kind::expected(&expected(scenario, used)));
    found.extend(prices(scenario));
    allowed(scenario, found)
}

/// What the traffic of a scenario asks for over time.
pub(crate) fn traffic(scenario: &Scenario) -> Load {
    load::of(scenario)
}

/// Tables that one class of requests uses, and what these use.
pub(crate) fn used_by_class(scenario: &Scenario, class: usize) -> BTreeSet<(Kind, usize)> {
    unused::used_by_class(scenario, class).tables
}

/// The same of each class of which there is traffic.
pub(crate) fn used_by_each(scenario: &Scenario) -> Vec<BTreeSet<(Kind, usize)>> {
    unused::used_by_each(scenario).map(|used| used.tables).collect()
}

/// What kinds can expect of a scenario.
fn expected(scenario: &Scenario, used: unused::Used) -> Expected<'_, Settings> {
    let keys = used.keyed.iter().filter_map(|(of, keys)| Some((*of, scenario.key_spaces.get(*keys)?.count)));
    let bounded = scenario.objectives.iter().filter_map(|objective| match objective.bound.each() {
        Bound::Figure { of, limit, .. } => Some((of.name(), of.index(), *limit)),
        _ => None,
    });
    Expected {
        settings: &scenario.kinds,
        duration: scenario.duration,
        load: traffic(scenario),
        keys: keys.collect(),
        paths: walks(scenario),
        least: least::of_calls(scenario),
        bounded: bounded.collect(),
        used: used.tables,
        counts: used.counts,
        asked_for: used.paths,
    }
}

/// One walk on each path that a resource owns.
pub(crate) fn walks(scenario: &Scenario) -> Vec<Walk<'_>> {
    scenario.paths.iter().map(|path| walk(scenario, path)).collect()
}

fn walk<'a>(scenario: &'a Scenario, path: &'a OwnPath) -> Walk<'a> {
    let strength = scenario.kinds.hosts(path.fleet.index()).map_or(1.0, |hosts| hosts.strength);
    let steps = path.steps.iter().filter_map(|step| match step {
        Step::Cpu(law) => Some((law, 1.0 / strength)),
        Step::Delay(law) => Some((law, 1.0)),
        Step::Of { step, .. } => Some((step.varies(&scenario.kinds)?, 1.0)),
        Step::Call { .. } => None,
    });
    let demand = demand::of_path(scenario, path);
    let passed = path.time.as_ref().map_or(Time::ZERO, |law| law.mean()).as_secs_f64();
    Walk {
        of: path.of,
        place: &path.place,
        fleet: path.fleet.index(),
        alone_s: passed + demand.alone_s,
        laws: path.time.iter().map(|law| (law, 1.0)).chain(steps).collect(),
        demand,
    }
}

/// The page of warnings, each with its place in the file.
pub fn report(origin: &Origin, warnings: &[Warning]) -> Report {
    let problem = |warning: &Warning| {
        let problem = Problem::of_file(warning.message.clone()).hint(warning.hint.clone());
        (problem.code(warning.code.name()), warning.at.clone())
    };
    origin.report(warnings.iter().map(problem))
}

/// Warnings without those that the scenario allows, in the order of the pages.
pub fn allowed(scenario: &Scenario, mut warnings: Vec<Warning>) -> Vec<Warning> {
    warnings.retain(|warning| !scenario.allow.contains(&warning.code));
    warnings.sort_by_key(|warning| warning.code.place());
    warnings
}

/// A run that somebody should know about before it begins.
pub fn long_run(scenario: &Scenario, runs: u32) -> Option<Warning> {
    let effort = effort(scenario, runs);
    let seconds = effort.seconds(1);
    (seconds >= LONG_S).then(|| {
        let message = format!(
            "{} of one core for {} of {:.1e} requests and {:.1e} events each",
            about(seconds),
            counted(runs.into(), "run"),
            effort.requests,
            effort.events
        );
        let hint = "fewer `runs`, a shorter `duration`, less traffic, or longer periods of checks and alarms";
        Warning::new(Code::LongRun, &["duration"], message, hint)
    })
}

fn prices(scenario: &Scenario) -> Vec<Warning> {
    let missing = bill::missing_prices(scenario).into_iter().map(|(region, key)| {
        let message = format!("no price for {key} in {region}: the bill counts it as $0");
        // A price of another Region is for that one alone.
        let is_home = region == scenario.region;
        let own = if is_home { key } else { format!("{region}/{key}") };
        let hint = format!("write \"{own}\" = 0.10 in [prices], in US dollars a unit");
        Warning::new(Code::NoPrice, if is_home { &["region"] } else { &[] }, message, hint)
    });
    let unused = bill::unused_prices(scenario).into_iter().map(|key| {
        let message = format!("nothing is charged for {key}");
        Warning::new(Code::UnusedPrice, &["prices", &key], message, "look for a misspelling in [prices]")
    });
    missing.chain(unused).collect()
}

#[cfg(test)]
mod tests;

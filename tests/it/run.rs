//! Scenarios written as text, and their runs, without files or a command.

use std::path::Path;

use simcap::outcome::{Count, Outcome};
use simcap::scenario::{self, Scenario, ScenarioError};

/// The scenario of a text; errors in it are shown as the command shows them.
pub fn scenario(text: &str) -> Scenario {
    match scenario::parse("test.toml", text.as_bytes(), Path::new(""), &[]) {
        Ok(scenario) => scenario,
        Err(ScenarioError::Invalid(report)) => panic!("{}", report.render(false)),
        Err(error) => panic!("{error}"),
    }
}

/// The outcome of one run of a scenario.
pub fn run(text: &str, seed: u64) -> Outcome {
    simcap::simulate(&scenario(text), seed, &mut |_| {})
}

/// Whether an outcome has no NaN and no infinity. JSON would write both as null, like a number that is rightly absent;
/// Rust's own text distinguishes them.
pub fn all_are_numbers(run: &Outcome) -> bool {
    !format!("{run:?}").split(|c: char| !c.is_alphanumeric()).any(|word| word == "NaN" || word == "inf")
}

/// Whether everything that arrived has ended once, by one cause if it failed, or is still inside.
pub fn is_conserved(count: &Count) -> bool {
    count.arrived == count.completed + count.failed + count.in_flight
        && count.failed == count.failed_by_cause.values().sum::<f64>()
}

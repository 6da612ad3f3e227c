//! Scenarios written as text, and their runs, without files or a command.

use std::path::Path;

use simcap::outcome::Outcome;
use simcap::scenario::{self, Scenario, ScenarioError};

/// The scenario that a text describes; what is wrong with it is shown as the command would show it.
pub fn scenario(text: &str) -> Scenario {
    match scenario::parse("test.toml", text.as_bytes(), Path::new(""), &[]) {
        Ok(scenario) => scenario,
        Err(ScenarioError::Invalid(report)) => panic!("{}", report.render(false)),
        Err(error) => panic!("{error}"),
    }
}

/// What one run of a scenario leaves behind.
pub fn run(text: &str, seed: u64) -> Outcome {
    simcap::simulate(&scenario(text), seed, &mut |_| {})
}

/// Whether no number of an outcome is a NaN or an infinity. JSON would write both as a null, like a number that is
/// rightly absent; Rust's own text tells them apart.
pub fn all_are_numbers(run: &Outcome) -> bool {
    !format!("{run:?}").split(|c: char| !c.is_alphanumeric()).any(|word| word == "NaN" || word == "inf")
}

//! Warnings of a scenario, as commands print them. In: warnings and the text they are about. Out: a page on stderr.

use simcap::scenario::Scenario;
use simcap::warning::{self, Warning};

use crate::exit;

/// Prints every warning of the scenarios of a comparison, each with its letter; what is said of one is not said again of those
/// after it.
pub fn print_each<'s>(scenarios: impl Iterator<Item = (char, &'s Scenario)>, runs: u32, quiet: bool) {
    let mut said: Vec<Warning> = Vec::new();
    for (letter, scenario) in scenarios.filter(|_| !quiet) {
        for warning in warning::of_scenario(scenario, runs) {
            let again = |other: &Warning| (other.code, &other.message) == (warning.code, &warning.message);
            if !said.iter().any(again) {
                exit::warn(warning.code.name(), &format!("{letter}: {}", warning.message), &warning.hint);
                said.push(warning);
            }
        }
    }
}

/// Prints every warning of a scenario, for a command that has no other page for them.
pub fn print_all(scenario: &Scenario, runs: u32, quiet: bool) {
    if !quiet {
        warning::of_scenario(scenario, runs).iter().for_each(print);
    }
}

/// Prints the warning to see before the runs start: that they will take long.
pub fn print_before_run(scenario: &Scenario, runs: u32, quiet: bool) {
    let long = warning::long_run(scenario, runs).into_iter().filter(|_| !quiet).collect();
    warning::allowed(scenario, long).iter().for_each(print);
}

fn print(warning: &Warning) {
    exit::warn(warning.code.name(), &warning.message, &warning.hint);
}

//! Input that no user means: hostile files give an error page, extreme ones a page or a run that adds up.

mod counts;
mod extremes;
mod grammar;
mod mutations;
mod recordings;
mod text;

use simcap::outcome::Outcome;
use simcap::report;
use simcap::scenario::{self, Scenario, ScenarioError};

use crate::language::folder;
use crate::run::{all_are_numbers, is_conserved};

/// A page or a scenario.
fn read(text: &[u8]) -> Result<Scenario, String> {
    match scenario::parse("hostile.toml", text, &folder("good"), &[]) {
        Ok(scenario) => Ok(scenario),
        Err(ScenarioError::Invalid(report)) => {
            let page = report.render(false);
            assert!(page.ends_with(" in hostile.toml\n"), "{page}");
            assert!(!report.problems().is_empty() && page.len() < 200_000, "{} bytes", page.len());
            Err(page)
        }
        Err(error) => panic!("neither a page nor a scenario: {error}"),
    }
}

/// Runs a scenario and checks the rules for every run.
fn sound(scenario: &Scenario, seed: u64) -> Outcome {
    let run = simcap::simulate(scenario, seed, &mut |_| {});
    assert!(is_conserved(&run.requests), "{:?}", run.requests);
    assert!(is_conserved(&run.attempts), "{:?}", run.attempts);
    assert!(run.classes.iter().all(|class| is_conserved(&class.requests)));
    assert_eq!(run.classes.iter().map(|class| class.requests.arrived).sum::<f64>(), run.requests.arrived);
    assert!(run.requests.arrived <= run.attempts.arrived);
    assert!(all_are_numbers(&run));
    assert!(!report::page(&run, &[]).is_empty());
    run
}

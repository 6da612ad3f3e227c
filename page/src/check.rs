//! What is wrong with a scenario. In: its files. Out: what `simcap check --format json` says of one file.

use simcap::language::problem::Report;
use simcap::report::{Finding, Item, Work};
use simcap::scenario::{self, Scenario, ScenarioError, effort};
use simcap::warning;

use crate::given::Given;

/// Problems, or warnings and an estimate of the work.
pub fn check(given: &Given) -> Finding {
    match read(given) {
        Ok((_, finding)) => finding,
        Err(finding) => *finding,
    }
}

/// The scenario, with what is to be said of it; or only that.
pub fn read(given: &Given) -> Result<(Scenario, Finding), Box<Finding>> {
    let (scenario, origin) = scenario::load_from(&given.files(), given.path(), &[])
        .map_err(|error| Box::new(failed(&given.file, &error)))?;
    let warnings = warning::of_scenario(&scenario, scenario.runs);
    let mut finding = of_report(&given.file, true, &warning::report(&origin, &warnings));
    finding.effort = Some(Work::from(effort::effort(&scenario, scenario.runs)));
    Ok((scenario, finding))
}

fn failed(file: &str, error: &ScenarioError) -> Finding {
    let more_problems = match error {
        ScenarioError::Invalid(report) => report.dropped(),
        ScenarioError::Unreadable { .. } => 0,
    };
    Finding { problems: Item::of_error(file, error), more_problems, ..nothing(file, false) }
}

fn of_report(file: &str, ok: bool, report: &Report) -> Finding {
    Finding { problems: Item::all(file, report), more_problems: report.dropped(), ..nothing(file, ok) }
}

fn nothing(file: &str, ok: bool) -> Finding {
    Finding {
        file: file.to_owned(),
        ok,
        problems: Vec::new(),
        more_problems: 0,
        effort: None,
        determinism: None,
    }
}

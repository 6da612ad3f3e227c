//! The runs of a scenario. In: its files. Out: the bytes of `outcome.json` and of the HTML report, as `simcap run FILE --html REPORT` would
//! write them into `out/`, from the folder in which the files are.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;
use simcap::ensemble::{Ensemble, Told};
use simcap::outcome::Outcome;
use simcap::report::{self, Finding, Source};
use simcap::scenario::Scenario;

use crate::check::read;
use crate::given::Given;

/// What runs come to.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Ran {
    /// The results.
    Done {
        /// The name of the folder of results.
        slug: String,
        /// `outcome.json`.
        outcome: String,
        /// The HTML report.
        report: String,
    },
    /// The scenario cannot run.
    Wrong(Box<Finding>),
    /// Runs cannot start.
    Failed(String),
}

/// Runs a scenario as often as it says.
pub fn run(given: &Given, progress: &(dyn Fn(f64) + Sync)) -> Ran {
    let (scenario, _) = match read(given) {
        Ok(read) => read,
        Err(finding) => return Ran::Wrong(finding),
    };
    match outcome(&scenario, progress) {
        Err(why) => Ran::Failed(why),
        Ok(mut outcome) => {
            outcome.scenario.file.clone_from(&given.file);
            outcome.scenario.file_from_here = from_results(&given.file);
            Ran::Done {
                outcome: report::to_json(&outcome),
                report: report::html(&outcome, Source::of_files(&given.files(), given.path()).as_ref()),
                slug: scenario.slug.clone(),
            }
        }
    }
}

fn outcome(scenario: &Scenario, progress: &(dyn Fn(f64) + Sync)) -> Result<Outcome, String> {
    let runs = scenario.runs as usize;
    let (all, done) = (scenario.duration.0 as f64 * runs as f64, AtomicU64::new(0));
    let tell = |told: Told| {
        if let Told::Simulated(time) = told {
            progress((done.fetch_add(time.0, Ordering::Relaxed) + time.0) as f64 / all);
        }
    };
    let mut ensemble =
        Ensemble::new(scenario, scenario.seed, None, &[], &tell).map_err(|error| error.to_string())?;
    ensemble.extend_to(runs);
    Ok(ensemble.outcome())
}

/// The path of the file as it is from the folder of its results, `out/NAME/`.
fn from_results(file: &str) -> Option<String> {
    Path::new("../..").join(file).to_str().map(str::to_owned)
}

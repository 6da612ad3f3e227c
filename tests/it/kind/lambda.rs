//! Functions: which environment a request gets, what limits them, how they end, and what they cost.

// By hand.
mod asynchronous;
mod batches;
mod billing;
mod callers;
mod connections;
mod environments;
mod events;
mod limits;
mod memory;
mod provisioned;
mod timeout;
// Against theory.
mod theory;

use std::fs;
use std::path::PathBuf;

use simcap::outcome::Outcome;
use simcap::scenario;

use crate::run::run;

/// Requests that enter a function at equal intervals and without chance; no time passes beside its steps.
fn asked(rate: &str, duration: &str, steps: &str, function: &str) -> Outcome {
    run(&text(rate, duration, steps, function), 1)
}

fn text(rate: &str, duration: &str, steps: &str, function: &str) -> String {
    format!(
        "duration = \"{duration}\"\nbucket = \"1s\"\n[traffic.all]\nrate = {rate}\ninterarrival = \"1s\"\n\
         [client]\nround_trip = \"0s\"\n[request.page]\nvia = \"f\"\nsteps = [{steps}]\n{ALONE}{function}\n"
    )
}

/// A function to which nothing comes but what its tests say.
const ALONE: &str = "[lambda.f]\nhop = \"0s\"\nplacement = \"0s\"\n";

/// A file of this test, in a folder of its own.
fn folder(name: &str, file: &str, content: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("simcap-lambda-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(file), content).unwrap();
    folder
}

/// Requests that come at these milliseconds.
fn at(name: &str, millis: &[u64], duration: &str, steps: &str, function: &str) -> Outcome {
    let lines: Vec<String> = millis.iter().map(u64::to_string).collect();
    let folder = folder(name, "trace.csv", &format!("at\n{}\n", lines.join("\n")));
    let text = format!(
        "duration = \"{duration}\"\nbucket = \"100ms\"\n[traffic.all]\n\
         replay = {{ file = \"trace.csv\", column = \"at\", unit = \"ms\" }}\n\
         [client]\nround_trip = \"0s\"\n[request.page]\nvia = \"f\"\nsteps = [{steps}]\n{ALONE}{function}\n"
    );
    let scenario = match scenario::parse("test.toml", text.as_bytes(), &folder, &[]) {
        Ok(scenario) => scenario,
        Err(scenario::ScenarioError::Invalid(report)) => panic!("{}", report.render(false)),
        Err(error) => panic!("{error}"),
    };
    fs::remove_dir_all(folder).unwrap();
    simcap::simulate(&scenario, 1, &mut |_| {})
}

/// How many requests failed by a cause.
fn failed(outcome: &Outcome, cause: &str) -> f64 {
    let causes = outcome.requests.failed_by_cause.iter().filter(|(known, _)| known.name() == cause);
    causes.map(|(_, count)| *count).sum()
}

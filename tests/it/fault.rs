//! Faults: a zone is lost, and what becomes of everything there.

mod cache;
mod conservation;
mod database;
mod instances;
mod language;
mod phases;

use simcap::outcome::Outcome;

/// Auto Scaling activities as (decided, finished, from, to).
fn activities(run: &Outcome) -> Vec<(f64, Option<f64>, u32, u32)> {
    run.scaling.iter().map(|it| (it.at_s, it.done_s, it.from, it.to)).collect()
}

/// Incidents as (instant, text).
fn incidents(run: &Outcome) -> Vec<(f64, &str)> {
    run.incidents.iter().map(|incident| (incident.at_s, incident.text.as_str())).collect()
}

/// When the first incident with a text happened.
fn when(run: &Outcome, text: &str) -> f64 {
    let found = incidents(run).into_iter().find(|it| it.1 == text);
    found.unwrap_or_else(|| panic!("no `{text}` in {:?}", incidents(run))).0
}

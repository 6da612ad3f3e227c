//! Faults: a zone is lost, and what becomes of everything there.

mod cache;
mod conservation;
mod database;
mod instances;
mod language;
mod lost;
mod phases;
mod replicas;

use simcap::outcome::Outcome;

use crate::kind::{activities, incidents};

/// When the first incident with a text happened.
fn when(run: &Outcome, text: &str) -> f64 {
    let found = incidents(run).into_iter().find(|it| it.1 == text);
    found.unwrap_or_else(|| panic!("no `{text}` in {:?}", incidents(run))).0
}

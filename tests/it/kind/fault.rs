//! Faults: a zone is lost, and what becomes of everything there.

mod cache;
mod charged;
mod conservation;
mod corruption;
mod database;
mod headroom;
mod instances;
mod language;
mod lost;
mod names;
mod pair;
mod phases;
mod promotion;
mod regions;
mod replicas;
mod service;
mod stores;
mod strikes;
mod struck;
mod takeover;
mod times;

use simcap::outcome::Outcome;

use crate::kind::{activities, incidents};

/// Fifty users of four instances in two zones, which are lost one after the other: both for a minute.
const BOTH_ZONES: &str = "duration = \"10m\"\n[users.u]\ncount = 50\nthink = \"1s\"\n[client]\ntimeout = \"2s\"\n[request.page]\nvia = \"lb\"\n\
     steps = [{ cpu = \"5ms\" }]\n[balancer.lb]\ntargets = \"web\"\n[fleet.web]\ninstance = \"m6i.large\"\n\
     instances = 4\n[fault.a]\nzone = \"a\"\nat = \"3m\"\nfor = \"2m\"\n[fault.b]\nzone = \"b\"\nat = \"4m\"\nfor = \"2m\"\n";

/// When the first incident with a text happened.
fn when(run: &Outcome, text: &str) -> f64 {
    let found = incidents(run).into_iter().find(|it| it.1 == text);
    found.unwrap_or_else(|| panic!("no `{text}` in {:?}", incidents(run))).0
}

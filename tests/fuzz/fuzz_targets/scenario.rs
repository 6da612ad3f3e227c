//! Any bytes as a scenario: a page or a run that adds up, never a panic. In: bytes. Out: nothing but crashes.
//!
//! Start from the good files: `cargo +nightly fuzz run --fuzz-dir tests/fuzz scenario tests/fuzz/corpus/scenario scenarios tests/it/good`.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use simcap::scenario::traffic::Pattern;
use simcap::scenario::{self, Scenario, ScenarioError};
use simcap::units::Time;

/// Cuts a scenario down to a moment; says whether it is small enough to run at every turn.
fn is_small(scenario: &mut Scenario) -> bool {
    scenario.duration = scenario.duration.min(Time::from_millis(50));
    scenario.bucket = scenario.bucket.min(Time::from_millis(10));
    scenario.warmup = Time::ZERO;
    let keys: u64 = scenario.key_spaces.iter().map(|space| u64::from(space.count)).sum();
    let instances: u64 = scenario.fleets.iter().map(|fleet| u64::from(fleet.max.max(fleet.desired))).sum();
    let users = scenario.sources.iter().map(|source| match &source.pattern {
        Pattern::Users(users) => u64::from(users.most()),
        _ => 0,
    });
    keys < 100_000 && instances < 500 && users.sum::<u64>() < 10_000
}

fuzz_target!(|bytes: &[u8]| {
    match scenario::parse("fuzz.toml", bytes, Path::new("tests/it/good"), &[]) {
        Ok(mut scenario) => {
            if is_small(&mut scenario) {
                let requests = simcap::simulate(&scenario, scenario.seed, &mut |_| {}).requests;
                assert_eq!(requests.arrived, requests.completed + requests.failed + requests.in_flight);
            }
        }
        Err(ScenarioError::Invalid(report)) => assert!(!report.render(false).is_empty()),
        Err(error) => panic!("{error}"),
    }
});

//! The same scenario, seed and version leave the same bytes, whatever else goes on.

use std::fs;
use std::thread;

use simcap::report;

use crate::run::run;

/// A small shop of every kind of part, in ten minutes with a surge that makes it scale out and time out.
pub fn shop() -> String {
    let short = |line: &str| match line.split(" = ").next() {
        Some("duration") => "duration = \"10m\"".to_owned(),
        Some("rate") => {
            "rate = [[\"1m\", \"80/s\"], [\"1m\", \"500/s\"], [\"7m\", \"500/s\"], [\"8m\", \"80/s\"]]"
                .to_owned()
        }
        Some("min") => "min = 1".to_owned(),
        _ => line.to_owned(),
    };
    include_str!("good/shop.toml").lines().map(|line| short(line) + "\n").collect()
}

fn bytes(seed: u64) -> String {
    report::to_json(&run(&shop(), seed))
}

#[test]
fn the_same_seed_leaves_the_same_bytes_and_another_does_not() {
    let first = bytes(7);
    let outcome = run(&shop(), 7);
    assert!(!outcome.scaling.is_empty() && outcome.attempts.arrived > outcome.requests.arrived);
    assert_eq!(first, bytes(7));
    assert_ne!(run(&shop(), 7).latency_ms, run(&shop(), 8).latency_ms);
}

#[test]
fn runs_side_by_side_leave_what_each_leaves_alone() {
    let alone: Vec<String> = (1..=4).map(bytes).collect();
    let beside: Vec<String> = thread::scope(|scope| {
        let runs: Vec<_> = (1..=4).map(|seed| scope.spawn(move || bytes(seed))).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    assert_eq!(alone, beside);
}

#[test]
fn charts_leave_the_other_files_alone() {
    let outcome = run(&shop(), 3);
    let written = [true, false].map(|charts| {
        let dir = tempfile::tempdir().unwrap();
        let files = report::write(&outcome, dir.path(), charts).unwrap();
        let text = ["outcome.json", "timeline.csv"].map(|name| fs::read(dir.path().join(name)).unwrap());
        (files.len(), text)
    });
    assert!(written[0].0 > written[1].0, "charts were drawn");
    assert_eq!(written[0].1, written[1].1);
}

/// A stored outcome reads back bit for bit.
#[test]
fn an_outcome_survives_its_file() {
    let outcome = run(&shop(), 3);
    let dir = tempfile::tempdir().unwrap();
    let files = report::write(&outcome, dir.path(), false).unwrap();
    assert_eq!(report::to_json(&report::read(&files[0]).unwrap()), report::to_json(&outcome));
}

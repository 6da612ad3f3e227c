//! The stored outcomes that the tests of pages, files and charts read. In: `stored/shop.toml`. Out: its outcomes.
//!
//! A change that is meant to change values stores them again with `INSTA_UPDATE=always cargo test stored`, and then, in
//! the same way, the snapshots of `report`.

use std::fs;
use std::path::{Path, PathBuf};

use simcap::ensemble::Ensemble;
use simcap::outcome::Outcome;
use simcap::{report, scenario};

fn place(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/stored").join(name)
}

fn made(runs: usize) -> Outcome {
    let text = fs::read(place("shop.toml")).unwrap();
    let scenario = scenario::parse("shop.toml", &text, Path::new(""), &[]).unwrap();
    let mut ensemble = Ensemble::new(&scenario, scenario.seed, Some(1), &[], &|_| {}).unwrap();
    ensemble.extend_to(runs);
    ensemble.runs().outcome()
}

#[test]
fn the_stored_outcomes_are_what_the_program_makes() {
    for (name, runs) in [("shop-1-run.json", 1), ("shop-3-runs.json", 3)] {
        let made = report::to_json(&made(runs));
        if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
            fs::write(place(name), &made).unwrap();
        }
        let stored = fs::read_to_string(place(name)).unwrap_or_default();
        let differs = stored.lines().zip(made.lines()).find(|(stored, made)| stored != made);
        assert_eq!(differs, None, "{name}: the first line that differs, as stored and as made today");
        assert_eq!(stored, made, "{name}");
    }
}

/// A kind that is missing here would have pages, files and charts that no test sees.
#[test]
fn the_stored_outcome_has_every_kind_and_trouble_in_it() {
    let outcome = made(1);
    assert!(!outcome.fleets.is_empty() && !outcome.caches.is_empty());
    assert!(!outcome.databases.is_empty() && !outcome.services.is_empty() && !outcome.queues.is_empty());
    assert!(outcome.dynamo_tables[0].reads > 0.0 && outcome.dynamo_tables[0].writes > 0.0);
    assert!(outcome.domains[0].requests > 0.0 && outcome.timeline.domains[0].records.len() == 2);
    assert!(outcome.resiliences[0].calls > 0.0 && outcome.balancers[0].requests > 0.0);
    assert!(outcome.firewalls.iter().any(|it| it.matched > 0.0) && outcome.waiting_rooms[0].waited > 0.0);
    assert!(outcome.lambdas[0].invocations > 0.0 && outcome.lambdas[0].cold > 0.0);
    assert!(outcome.apis[0].requests > 0.0);
    assert!(outcome.file_systems[0].reads > 0.0 && outcome.block_volumes[0].files_read > 0.0);
    assert!(outcome.topics[0].puts > 0.0);
    assert!(outcome.streams[0].records > 0.0 && outcome.streams[0].worked > 0.0);
    assert!(!outcome.timeline.fleets[0].pools.is_empty() && outcome.databases[0].replica_reads > 0.0);
    assert!(outcome.phases.iter().any(|phase| phase.trouble) && outcome.requests.failed > 0.0);
    assert!(
        !outcome.scaling.is_empty()
            && !outcome.incidents.is_empty()
            && outcome.databases[0].stale_reads > 0.0
    );
}

//! Commits that are flushed together, and those that wait for a quorum of the storage.

use simcap::outcome::Outcome;
use simcap::scenario;

use super::growth::near;
use crate::theory::confidence::replicate;

/// Writes that commit at given milliseconds, with a flush of 10 ms; how long each took.
fn commits(at: &[u32], database: &str) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let rows: String = at.iter().map(|at| format!("{at}\n")).collect();
    std::fs::write(folder.path().join("trace.csv"), format!("at\n{rows}")).unwrap();
    let text = format!(
        "duration = \"2s\"\n[traffic.all]\nreplay = {{ file = \"trace.csv\", column = \"at\", unit = \"ms\" }}\n\
         [request.work]\nsteps = [{{ write = \"shop\", demand = \"0s\" }}]\n\
         [database.shop]\nwriter = \"db.m6g.2xlarge\"\nhop = \"0s\"\ncommit = \"10ms\"\n{database}\n"
    );
    let scenario = scenario::parse("commits.toml", text.as_bytes(), folder.path(), &[]).unwrap();
    simcap::simulate(&scenario, 1, &mut |_| {})
}

/// The first flush is for the one that was there; the next one for the two that came meanwhile.
#[test]
fn who_commits_during_a_flush_waits_for_the_next_one() {
    let run = commits(&[1_000, 1_002, 1_004], "group_commit = {}");
    assert!(near(run.latency_ms.mean, (10.0 + 18.0 + 16.0) / 3.0), "{:?}", run.latency_ms);
    assert_eq!(run.databases[0].commits, 3.0);
    let apart = commits(&[1_000, 1_002, 1_004], "");
    assert!(near(apart.latency_ms.mean, 10.0), "{:?}", apart.latency_ms);
}

/// 11 ms for the first, and 12 ms for the two together.
#[test]
fn each_commit_of_a_group_adds_to_its_flush() {
    let run = commits(&[1_000, 1_002, 1_004], "group_commit = { each = \"1ms\" }");
    assert!(near(run.latency_ms.mean, (11.0 + 21.0 + 19.0) / 3.0), "{:?}", run.latency_ms);
}

/// The flush begins at 5 ms, for all three.
#[test]
fn a_flush_that_waits_is_for_more() {
    let run = commits(&[1_000, 1_002, 1_004], "group_commit = { delay = \"5ms\" }");
    assert!(near(run.latency_ms.mean, (15.0 + 13.0 + 11.0) / 3.0), "{:?}", run.latency_ms);
}

/// The fourth of six exponential times has the mean 1/6 + 1/5 + 1/4 + 1/3 of one.
#[test]
fn a_quorum_waits_for_the_fourth_of_six_copies() {
    let text = "duration = \"1000s\"\n[traffic.all]\nrate = \"50/s\"\n[request.work]\n\
                steps = [{ write = \"shop\", demand = \"0s\" }]\n[database.shop]\nwriter = \"db.m6g.2xlarge\"\nhop = \"0s\"\n\
                commit = \"exponential 10ms\"\nquorum = {}\n";
    let runs = replicate(text, 5);
    runs.expect("mean", 9.5, 0.02, |run| run.latency_ms.mean);
    let all = text.replace("quorum = {}", "quorum = { copies = 2, acks = 2 }");
    replicate(&all, 5).expect("both of two", 15.0, 0.03, |run| run.latency_ms.mean);
}

/// One after the other leaves the log, 3 ms each, and is durable 10 ms after that.
#[test]
fn commits_leave_the_log_one_after_the_other() {
    let run = commits(&[1_000, 1_000, 1_001], "quorum = { each = \"3ms\" }");
    assert!(near(run.latency_ms.mean, (13.0 + 16.0 + 18.0) / 3.0), "{:?}", run.latency_ms);
}

/// A flush at a database that a fault makes twice as slow takes twice as long.
#[test]
fn a_flush_of_a_slow_database_is_slow() {
    let fault = "group_commit = {}\n[fault.slow]\ndatabase = \"shop\"\neffect = \"slow\"\nfactor = 2\nat = \"500ms\"\nfor = \"1s\"";
    let run = commits(&[100, 1_000], fault);
    assert!(near(run.latency_ms.mean, (10.0 + 20.0) / 2.0), "{:?}", run.latency_ms);
}

/// A database of which statements are only read.
#[test]
fn a_log_that_nothing_commits_to_is_warned_of() {
    let warned = |step: &str, database: &str| {
        let text = format!(
            "duration = \"10s\"\n[traffic.all]\nrate = \"1/s\"\n[request.work]\nsteps = [{step}]\n\
             [database.shop]\nwriter = \"db.m6g.2xlarge\"\n{database}\n"
        );
        let warnings = crate::run::run(&text, 1).warnings;
        warnings
            .iter()
            .filter(|it| it.message.contains("nothing commits"))
            .map(|it| it.message.clone())
            .collect::<Vec<_>>()
    };
    let (read, write) = ("{ read = \"shop\", demand = \"1ms\" }", "{ write = \"shop\", demand = \"1ms\" }");
    assert_eq!(warned(read, "group_commit = {}").len(), 1);
    assert_eq!(warned(read, "quorum = {}").len(), 1);
    assert_eq!(warned(write, "group_commit = {}").len() + warned(read, "").len(), 0);
}

//! Commits that are flushed together, and those that wait for a quorum of the storage.

use simcap::outcome::{Outcome, Resource};
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

/// The way is 1 ms. By itself: there, 10 ms of commit, and back; the second one gets the row when the first one has committed. In a
/// transaction the commit is a request of its own, with a way back and there before it, and the row is locked meanwhile.
#[test]
fn a_write_by_itself_is_one_round_trip() {
    let of = |step: &str| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("trace.csv"), "at\n1000\n1000\n").unwrap();
        let text = format!(
            "duration = \"2s\"\n[traffic.all]\nreplay = {{ file = \"trace.csv\", column = \"at\", unit = \"ms\" }}\n\
             [keys.item]\ncount = 1\n[request.work]\nsteps = [{step}]\n\
             [database.shop]\nwriter = \"db.m6g.2xlarge\"\nhop = \"1ms\"\ncommit = \"10ms\"\n"
        );
        let scenario = scenario::parse("commits.toml", text.as_bytes(), folder.path(), &[]).unwrap();
        simcap::simulate(&scenario, 1, &mut |_| {}).latency_ms.mean
    };
    let alone = of("{ write = \"shop\", demand = \"0s\", rows = \"item\" }");
    assert!(near(alone, f64::midpoint(12.0, 22.0)), "{alone}");
    let inside = of("{ transaction = \"shop\", steps = [{ write = \"0s\", rows = \"item\" }] }");
    assert!(near(inside, f64::midpoint(14.0, 26.0)), "{inside}");
    let read = of("{ read = \"shop\", demand = \"0s\" }");
    assert!(near(read, 2.0), "{read}");
}

/// Each commit takes 1 ms of the log, and 800 come in a second, each at its own millisecond: 80 % of it, and nobody waits. At 1,250 a
/// second it is full, and 250 more wait after each second: the headroom is 1 / 1.25. No core has anything to do.
#[test]
fn a_full_log_is_what_commits_wait_for() {
    for database in ["quorum = { each = \"1ms\" }", "group_commit = { each = \"1ms\" }"] {
        let of = |rate: u32| {
            let gap = 1_000_000_000 / rate;
            crate::run::run(
                &format!(
                    "duration = \"4m\"\n[traffic.all]\nrate = \"{rate}/s\"\ninterarrival = \"{gap}ns\"\n[request.work]\n\
                     steps = [{{ write = \"shop\", demand = \"10us\" }}]\n\
                     [database.shop]\nwriter = \"db.m6g.2xlarge\"\nhop = \"0s\"\ncommit = \"1ms\"\n{database}\n"
                ),
                1,
            )
        };
        let log = Resource::Log { database: 0 };
        let calm = of(800);
        let series = &calm.timeline.databases[0].log[0];
        assert!(near(series.busy_percent[100], 80.0), "{database}: {:?}", series.busy_percent[100]);
        let first = &calm.headroom[0];
        assert_eq!((first.of, first.saturated), (log, false), "{database}");
        assert!(near(first.limit().unwrap(), 1.25), "{database}: {first:?}");
        let full = of(1_250);
        let first = &full.headroom[0];
        assert_eq!((first.of, first.saturated), (log, true), "{database}: {first:?}");
        assert!((first.limit().unwrap() / 0.8 - 1.0).abs() < 0.02, "{database}: {first:?}");
        let trouble = full.phases.iter().find(|phase| phase.trouble).unwrap();
        assert!(trouble.sentence.contains("log of `shop` full"), "{database}: {}", trouble.sentence);
    }
}

/// Of three commits at 1,000 ms that take 300 ms each one after the other, the row up to 1,500 ms has seen 500 ms of work: the second one
/// waited for 300 ms, the third for 500 ms.
#[test]
fn work_and_waits_of_a_log_count_when_they_are_done() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("trace.csv"), "at\n1000\n1000\n1000\n").unwrap();
    let text = "duration = \"2s\"\nbucket = \"500ms\"\n[traffic.all]\n\
                replay = { file = \"trace.csv\", column = \"at\", unit = \"ms\" }\n\
                [request.work]\nsteps = [{ write = \"shop\", demand = \"0s\" }]\n\
                [database.shop]\nwriter = \"db.m6g.2xlarge\"\nhop = \"0s\"\nquorum = { each = \"300ms\" }\n";
    let scenario = scenario::parse("commits.toml", text.as_bytes(), folder.path(), &[]).unwrap();
    let run = simcap::simulate(&scenario, 1, &mut |_| {});
    let series = &run.timeline.databases[0].log[0];
    let (busy, waiting) = (&series.busy_percent, &series.waiting);
    assert_eq!(busy, &[0.0, 0.0, 100.0, 80.0]);
    // 300 + 500 of 500 ms, then 100 of the third.
    assert!(near(waiting[2], 1.6) && near(waiting[3], 0.2), "{waiting:?}");
}

//! Every kind of objective, met and missed, by runs whose figures are known.

use std::path::Path;

use simcap::ensemble::Ensemble;
use simcap::outcome::estimate::Quantity;
use simcap::outcome::{Outcome, Standing};
use simcap::scenario;
use simcap::units::Time;

/// A shop that is closed for two of ten minutes: `desk` has no server from 3:00 to 5:00, and its clients wait for 10 s.
/// Requests take 20 ms while it is open.
const CLOSED: &str = r#"
duration = "10m"
traffic.all.rate = "10/s"
traffic.all.requests = { fast = 1, slow = 1 }
client = { timeout = "10s" }
request.fast.steps = [{ delay = "20ms" }]
request.slow.steps = [{ service = "desk" }]
[service.desk]
servers = [["0s", 10], ["3m", 0], ["5m", 10]]
time = "20ms"
"#;

fn outcome(text: &str, objectives: &str, runs: usize) -> Outcome {
    let text = format!("{text}\n[objectives]\n{objectives}\n");
    let scenario = scenario::parse("a.toml", text.as_bytes(), Path::new(""), &[]).unwrap();
    let mut ensemble = Ensemble::new(&scenario, 1, None, &[], &|_| {}).unwrap();
    ensemble.extend_to(runs);
    ensemble.outcome()
}

/// The verdict on each objective: its words, and whether it is met.
fn verdicts(text: &str, objectives: &str) -> Vec<(String, bool)> {
    let outcome = outcome(text, objectives, 1);
    outcome.objectives.into_iter().map(|it| (it.observed, it.met)).collect()
}

/// Of each three requests one takes 5 ms, one 10 ms and one 20 ms, to the nanosecond; and a replica that lags by 42 ms.
#[test]
fn a_bound_on_what_it_comes_to_exactly_is_missed_if_it_is_strict_and_met_if_not() {
    let text =
        "duration = \"1m\"\ntraffic.all.interarrival = \"100ms\"\nrequest.a.steps = [{ delay = \"10ms\" }]\n";
    let objectives = "latency = [\"p99 < 10ms\", \"p99 <= 10ms\", \"max < 10ms\", \"p99 < 10ms every minute\", \
                      \"p99 <= 10ms every minute\", \"p99 < 10.01ms\", \"p99 <= 9.99ms\"]";
    let met: Vec<bool> = verdicts(text, objectives).into_iter().map(|it| it.1).collect();
    assert_eq!(met, [false, true, false, false, true, true, false]);
    let mixed = "duration = \"1m\"\ntraffic.all = { interarrival = \"100ms\", requests = { a = 1, b = 1, c = 1 } }\n\
                 request.a.steps = [{ delay = \"5ms\" }]\nrequest.b.steps = [{ delay = \"10ms\" }]\nrequest.c.steps = [{ delay = \"20ms\" }]\n";
    let objectives = "latency = [\"p50 < 10ms\", \"p50 <= 10ms\", \"p50 < 10ms every minute\", \"p50 <= 10ms every minute\"]";
    let met: Vec<bool> = verdicts(mixed, objectives).into_iter().map(|it| it.1).collect();
    assert_eq!(met, [false, true, false, true], "extremes say nothing of the middle");
    let lag = "duration = \"1m\"\ntraffic.all.interarrival = \"100ms\"\n\
               request.a = { via = \"web\", steps = [{ write = \"db\", demand = \"1ms\" }] }\n\
               fleet.web = { instance = \"m5.large\", instances = 1, pools = { db = 4 } }\n\
               database.db = { writer = \"db.r6g.large\", replicas = 1, replication = { base = \"42ms\", per_write_rate = \"0s\" } }\n";
    let met: Vec<bool> = verdicts(lag, "lag = [\"p99 < 42ms\", \"p99 <= 42ms\", \"p99 < 43ms\"]")
        .into_iter()
        .map(|it| it.1)
        .collect();
    assert_eq!(met, [false, true, true]);
}

#[test]
fn a_minute_that_misses_is_a_miss_though_the_whole_is_fine() {
    let told = verdicts(
        CLOSED,
        r#"latency = ["p50 < 50ms", "p50 < 50ms every minute", "slow p50 < 50ms every minute", "fast max < 50ms every minute"]"#,
    );
    assert!(told[0].1, "{told:?}");
    // Half of the requests do not use the desk, so no minute has a slow median. From 3:10 to 5:00 these are the ones
    // that do not fail.
    let fine = |told: &(String, bool), end: &str| {
        told.1 && told.0.ends_with(&format!("ms at worst, from 0s; missed in 0 of 10 minutes{end}"))
    };
    let failing = "; failed requests have no latency, and in 2 of the 10 more than 1 % failed";
    assert!(fine(&told[1], failing), "{told:?}");
    // While the desk is closed no request of its class is answered, and all of them fail after 10 s. The fourth minute
    // still has the answers that were in progress, the fifth has none; those of its last ten seconds come in the sixth.
    let (words, met) = &told[2];
    let expected = format!("no answer at worst, from 4m; missed in 1 of 10 minutes{failing}");
    assert_eq!((words, *met), (&expected, false));
    assert!(fine(&told[3], ""), "nobody of this class failed: {told:?}");
}

#[test]
fn availability_counts_what_ended_and_can_be_asked_for_by_minute() {
    let told = verdicts(
        CLOSED,
        r#"availability = [">= 85%", ">= 99%", "fast >= 100%", "slow >= 90%", ">= 40% every minute", ">= 90% every minute", "fast >= 100% every 5m"]"#,
    );
    let met: Vec<bool> = told.iter().map(|it| it.1).collect();
    // For about 110 of 600 s half of the requests fail: 9 % of all.
    assert_eq!(met, [true, false, true, false, true, false, true], "{told:?}");
    assert!(told[5].0.contains("missed in 2 of 10 minutes"), "{told:?}");
    assert_eq!(told[6].0, "100% at worst, from 0s; missed in 0 of 2 windows of 5m");
}

/// A cache that starts cold: 1,000 equal keys, 100 look-ups/s, each filled at its first look-up.
const COLD: &str = r#"
duration = "10m"
traffic.all.rate = "100/s"
request.a.steps = [{ cache = "c", keys = { count = 1000, zipf = 0 }, miss = { delay = "1ms" } }]
cache.c.node = "cache.r6g.large"
"#;

#[test]
fn a_hit_ratio_is_bounded_of_the_event_and_of_each_minute() {
    // Of 60,000 look-ups 1,000 miss: 98.3 %. In the first minute 1,000 × (1 - e^-6) = 997 of 6,000 do: 83.4 %.
    let told =
        verdicts(COLD, r#"hit_ratio = ["> 98%", "c > 99%", "> 80% every minute", "c > 90% every minute"]"#);
    let met: Vec<bool> = told.iter().map(|it| it.1).collect();
    assert_eq!(met, [true, false, true, false], "{told:?}");
    assert!(
        told[3].0.starts_with("8") && told[3].0.ends_with("from 0s; missed in 1 of 10 minutes"),
        "{told:?}"
    );
}

/// MySQL whose replica applies 100 writes/s, and gets 50/s, then 150/s for two minutes.
const BEHIND: &str = r#"
duration = "10m"
traffic.writes = { rate = [["0m", "50/s"], ["2m", "50/s"], ["2m", "150/s"], ["4m", "150/s"], ["4m", "50/s"]], requests = "w" }
traffic.reads = { rate = "50/s", requests = "r" }
request.w = { via = "app", steps = [{ write = "db", demand = "1ms", rows = { count = 10, zipf = 0 }, lock = false }] }
request.r = { via = "app", steps = [{ read = "db", demand = "1ms", rows = { count = 10, zipf = 0 } }] }
fleet.app = { instance = "m5.large", instances = 1, pools = { db = 50 } }
[database.db]
engine = "mysql"
writer = "db.r6g.xlarge"
replicas = 1
replication = { ship = "1ms", apply = "10ms", appliers = 1 }
"#;

#[test]
fn lag_and_stale_reads_are_bounded() {
    // The backlog grows to 120 s × 50/s = 6,000 writes of 10 ms: 60 s of lag at 4:00.
    let told = verdicts(
        BEHIND,
        r#"
        lag = ["max < 40s", "db max < 90s", "p50 < 1ms", "max < 40s every minute"]
        stale_reads = ["< 1%", "db < 99%"]
        "#,
    );
    // In the order of the reference: stale reads come before lag.
    let met: Vec<bool> = told.iter().map(|it| it.1).collect();
    assert_eq!(met, [false, true, false, true, false, false], "{told:?}");
    assert!(told[5].0.contains("missed in ") && !told[5].0.contains("missed in 10 "), "{told:?}");
    let still = BEHIND.replace("replicas = 1", "replicas = 0");
    let told = verdicts(&still, "stale_reads = \"< 1%\"\nlag = \"p99 < 1s\"");
    assert_eq!(told[0], ("no read on a replica".into(), false), "nothing shows that it holds");
    assert_eq!(told[1], ("no write reached a replica".into(), false), "nothing shows that it holds");
}

/// As above: data is up to about 60 s old, and nobody reads what the same request has written.
#[test]
fn ages_of_reads_and_own_writes_are_bounded() {
    let told = verdicts(
        BEHIND,
        r#"
        read_age = ["max < 40s", "db max < 90s", "max < 40s every minute"]
        own_stale_reads = ["< 0.1%", "db < 1%"]
        "#,
    );
    let met: Vec<bool> = told.iter().map(|it| it.1).collect();
    // In the order of the reference: own writes come first.
    assert_eq!(met, [true, true, false, true, false], "{told:?}");
    let still = BEHIND.replace("replicas = 1", "replicas = 0");
    let told = verdicts(&still, "read_age = \"p99 < 1s\"\nown_stale_reads = \"< 1%\"");
    assert!(told.iter().all(|it| *it == ("no read on a replica".into(), false)), "{told:?}");
}

#[test]
fn headroom_is_that_of_the_nearest_resource_or_of_one() {
    // `slow` is busy for 50 %, `was` for 20 %: ×2 and ×5.
    let text = r#"
        duration = "20m"
        traffic.all.rate = "100/s"
        request.a.via = "was"
        request.a.steps = [{ cpu = "4ms" }, { service = "desk" }]
        fleet.was = { instance = { vcpus = 2, memory = "1 GiB" }, instances = 1, threads = "unlimited" }
        service.desk = { servers = 10, time = "50ms" }
    "#;
    let told = verdicts(text, r#"headroom = [">= 1.7", ">= 2.5", "of was >= 4", "was >= 7"]"#);
    let met: Vec<bool> = told.iter().map(|it| it.1).collect();
    assert_eq!(met, [true, false, true, false], "{told:?}");
    assert!(told[0].0.starts_with("×1.") || told[0].0.starts_with("×2"), "{told:?}");
}

#[test]
fn an_objective_of_every_minute_is_told_of_several_runs_together() {
    let outcome = outcome(CLOSED, r#"availability = [">= 90% every minute", ">= 40%"]"#, 3);
    let [every, whole] = &outcome.objectives[..] else { panic!("{:?}", outcome.objectives) };
    assert_eq!(every.standing, Standing::Missed);
    assert!(every.interval.is_some(), "as that of the whole event");
    assert!(whole.interval.is_some(), "the availability of an event has an interval");
    let worst = outcome
        .estimate(&Quantity::Worst {
            window: Time::from_secs(60),
            of: Box::new(Quantity::Availability(None)),
        })
        .unwrap();
    assert_eq!(worst.by_run.len(), 3);
    assert!(worst.by_run.iter().all(|it| it.unwrap() < 0.9), "{worst:?}");
    // A written outcome can be read again.
    let json = simcap::report::to_json(&outcome);
    let again: Outcome = serde_json::from_str(&json).unwrap();
    assert_eq!(again.objectives[0].observed, every.observed);
}

/// A window as wide as the event is the event: one station near its limit, whose clients give up in some of the runs.
#[test]
fn a_bound_in_every_window_cannot_tell_where_the_bound_of_the_event_cannot() {
    let text = "duration = \"2m\"\nclient.timeout = \"2s\"\ntraffic.a.rate = \"8/s\"\n\
        request.r.steps = [{ service = \"s\" }]\nservice.s = { servers = 1, time = \"exponential 100ms\" }\n";
    let bounds = r#"availability = [">= 99%", ">= 99% every 10m"]"#;
    let outcome = outcome(text, bounds, 8);
    let [whole, every] = &outcome.objectives[..] else { panic!("{:?}", outcome.objectives) };
    assert_eq!((whole.runs_met, whole.runs_missed), (every.runs_met, every.runs_missed));
    assert_eq!((whole.standing, every.standing), (Standing::CannotTell, Standing::CannotTell), "{every:?}");
}

/// Every completed request is faster than the timeout, as long as there is no second attempt.
#[test]
fn the_interval_of_a_latency_ends_at_the_timeout_of_the_clients() {
    let text = "duration = \"2m\"\nclient.timeout = \"2s\"\ntraffic.a.rate = \"8/s\"\n\
        request.r.steps = [{ service = \"s\" }]\nservice.s = { servers = 1, time = \"exponential 100ms\" }\n";
    let high = |text: &str| outcome(text, "latency = \"p99.9 < 2s\"", 8).objectives[0].interval.unwrap().high;
    assert_eq!(high(text), 2_000.0);
    let again = format!("{text}traffic.b = {{ rate = \"1/min\", client = {{ retries = 1 }} }}\n");
    assert!(high(&again) > 2_000.0, "some of them try again");
}

#[test]
fn minutes_before_the_warm_up_are_left_out() {
    let warm = format!("warmup = \"5m\"\n{COLD}");
    let told = verdicts(&warm, r#"hit_ratio = "> 99% every minute""#);
    assert!(told[0].1 && told[0].0.contains("missed in 0 of 5 minutes"), "{told:?}");
}

/// A bound on an event that did not occur is missed, for any quantity: no data shows that it holds.
#[test]
fn bounds_of_a_class_without_requests_are_all_missed() {
    let text = r#"
duration = "1m"
traffic.all.rate = "10/s"
traffic.all.requests = "some"
traffic.never.rate = "0/s"
traffic.never.requests = "none"
request.some.steps = [{ delay = "20ms" }]
request.none.steps = [{ delay = "20ms" }]
"#;
    let objectives = r#"
latency = ["none p99 < 1s", "none p99 < 1s every minute", "some p99 < 1s"]
errors = ["none < 1%", "none < 1% every minute", "some < 1%"]
availability = ["none > 99%", "none > 99% every minute", "some > 99%"]
"#;
    let met: Vec<bool> = verdicts(text, objectives).into_iter().map(|verdict| verdict.1).collect();
    assert_eq!(met, [false, false, true].repeat(3));
}

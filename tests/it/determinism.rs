//! The same scenario, seed and version give the same bytes, in any environment.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::thread;

use simcap::outcome::Repetition;
use simcap::report;
use simcap::scenario::{self, Scenario};
use simcap::units::Time;

use crate::run::{self, run};

/// A small shop with every kind of part: ten minutes with a surge in which it scales out and times out.
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
    let written = [report::Charts::Both, report::Charts::None].map(|charts| {
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
    let files = report::write(&outcome, dir.path(), report::Charts::None).unwrap();
    assert_eq!(report::to_json(&report::read(&files[0]).unwrap()), report::to_json(&outcome));
}

/// A scenario file and its changes, under the name of the file that it is read from.
fn short(file: &str, overrides: &[&str]) -> Scenario {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let overrides: Vec<String> = overrides.iter().map(|text| (*text).to_owned()).collect();
    scenario::load(&path, &overrides).unwrap_or_else(|error| panic!("{error}"))
}

/// Every scenario of the project in a form that takes moments, with its surge if it has one.
pub fn short_forms() -> Vec<(&'static str, Scenario)> {
    let sale =
        r#"traffic.shoppers.rate=[["0s", "400/s"], ["20s", "900/s"], ["25s", "4000/s"], ["60s", "900/s"]]"#;
    let lag =
        |name: &str| format!(r#"traffic.{name}.rate=[["0s", "1500/s"], ["5s", "1500/s"], ["6s", "4000/s"]]"#);
    let (mysql, aurora) = (lag("mysql"), lag("aurora"));
    let minute = ["duration=1m", "bucket=1s"];
    vec![
        ("scenarios/black-friday.toml", vec![minute[0], minute[1], sale]),
        ("scenarios/black-friday-unprepared.toml", vec![minute[0], minute[1], sale]),
        ("scenarios/flash-sale.toml", vec![minute[0], "traffic.buyers.spike.at=10s"]),
        (
            "scenarios/bots.toml",
            vec![
                minute[0],
                r#"traffic.bots.rate=[["0s", "200/s"]]"#,
                r#"traffic.guarded_bots.rate=[["0s", "200/s"]]"#,
                r#"firewall.gate.rules=[{ limit = 20, window = "60s" }]"#,
            ],
        ),
        (
            "scenarios/waiting-room.toml",
            vec![
                minute[0],
                r#"traffic.without.rate=[["0s", "50/s"]]"#,
                r#"traffic.with_room.rate=[["0s", "50/s"]]"#,
                "waiting_room.door.opens=20s",
                "waiting_room.door.rate=20/s",
                r#"waiting_room.door.patience="exponential 20s""#,
            ],
        ),
        ("scenarios/hot-item.toml", vec![minute[0], "traffic.buyers.spike.at=10s"]),
        ("scenarios/decoupled-orders.toml", vec!["duration=3m", "traffic.shoppers.spike.at=10s"]),
        (
            "scenarios/orders-fifo.toml",
            vec![
                "duration=3m",
                r#"traffic.ordered.spike={ base = "20/s", peak = "400/s", at = "20s", ramp = "5s", hold = "10s", decay = "5s" }"#,
                r#"traffic.unordered.spike={ base = "20/s", peak = "400/s", at = "20s", ramp = "5s", hold = "10s", decay = "5s" }"#,
                "queue.ordered.visibility_timeout=5s",
                "queue.unordered.visibility_timeout=5s",
                "fault.refusals.at=90s",
                "fault.refusals.for=60s",
            ],
        ),
        ("scenarios/direct-orders.toml", vec![minute[0], "traffic.shoppers.spike.at=10s"]),
        ("scenarios/replica-lag.toml", vec!["duration=15s", &mysql, &aurora]),
        ("scenarios/asg-lab.toml", vec!["duration=12m"]),
        ("scenarios/predictive.toml", vec!["duration=34m"]),
        ("scenarios/warm-pool.toml", vec!["duration=12m"]),
        ("scenarios/lifecycle-hooks.toml", vec!["duration=22m"]),
        ("scenarios/retry-storm.toml", vec!["duration=4m"]),
        ("scenarios/keep-alive-502.toml", vec!["duration=30m"]),
        (
            "scenarios/two-tiers.toml",
            vec!["duration=100s", "bucket=1s", "fault.slow.at=20s", "fault.slow.for=30s"],
        ),
        (
            "scenarios/inspected-path.toml",
            vec!["duration=50s", r#"traffic.shoppers.rate="400/s""#, "fleet.utm.sockets.ports=2000"],
        ),
        ("scenarios/deploy-under-load.toml", vec!["duration=12m"]),
        (
            "scenarios/connection-storm.toml",
            vec![
                "duration=4m",
                "traffic.shoppers.spike.at=30s",
                r#"fleet.app.schedule=[{ at = "30s", desired = 20 }]"#,
            ],
        ),
        ("scenarios/steep-spike.toml", vec!["duration=6m"]),
        (
            "scenarios/incidents/purge.toml",
            vec![
                "duration=5m",
                r#"traffic.pupils.rate=[["0m", "20/s"], ["1m", "80/s"]]"#,
                r#"distribution.cdn.purge=[{ at = "90s" }]"#,
            ],
        ),
        (
            "scenarios/incidents/grace.toml",
            vec!["duration=8m", r#"traffic.callers.rate=[["0m", "60/s"], ["1m", "180/s"]]"#],
        ),
        (
            "scenarios/incidents/deep-check.toml",
            vec!["duration=5m", r#"traffic.builds.rate=[["0m", "100/s"], ["1m", "190/s"], ["3m", "80/s"]]"#],
        ),
        (
            "scenarios/incidents/deploy-pools.toml",
            vec![
                "duration=5m",
                r#"fleet.app.deploy=[{ at = "30s", strategy = "immutable", version = "v2", gives_up = "2m" }]"#,
            ],
        ),
        (
            "scenarios/incidents/lambda-shared.toml",
            vec![
                "duration=3m",
                r#"traffic.import.rate=[["0m", "1/s"], ["20s", "1/s"], ["20s", "200/s"], ["80s", "200/s"], ["80s", "1/s"]]"#,
                "account.lambda_concurrency=200",
                "queue.records.visibility_timeout=1m",
            ],
        ),
        (
            "scenarios/incidents/table-scaling.toml",
            vec!["duration=6m", r#"traffic.devices.rate=[["0m", "15/s"], ["30s", "200/s"]]"#],
        ),
        (
            "scenarios/incidents/cold-start.toml",
            vec![
                "duration=5m",
                r#"fleet.app.deploy=[{ at = "20s", strategy = "rolling_with_extra_batch", version = "v2", batch = 2 }]"#,
            ],
        ),
        (
            "scenarios/incidents/rebalance.toml",
            vec![
                "duration=12m",
                r#"fleet.sandbox.schedule=[{ at = "30s", desired = 8 }]"#,
                r#"fleet.sandbox.launch_failures=[{ at = "20s", until = "4m", zone = "a" }]"#,
            ],
        ),
        ("scenarios/traces/worldcup98.toml", vec!["duration=1m"]),
        ("scenarios/traces/elb-request-count.toml", vec!["duration=6h"]),
        ("scenarios/dns-ttl.toml", vec!["duration=4m", "fault.quick.at=30s", "fault.slow.at=30s"]),
        (
            "scenarios/blue-green.toml",
            vec!["duration=4m", r#"dns.shop.changes=[{ at = "30s", blue = 0, green = 100 }]"#],
        ),
        (
            "scenarios/fargate.toml",
            vec!["duration=7m", r#"traffic.visitors.rate=[["0m", "100/s"], ["1m", "100/s"], ["2m", "600/s"]]"#],
        ),
        (
            "scenarios/eks.toml",
            vec![
                "duration=6m",
                r#"traffic.on-instances.rate=[["0m", "160/s"], ["1m", "640/s"]]"#,
                r#"traffic.on-fargate.rate=[["0m", "160/s"], ["1m", "640/s"]]"#,
                r#"traffic.on-pods.rate=[["0m", "160/s"], ["1m", "640/s"]]"#,
            ],
        ),
        (
            "scenarios/growth-ladder/1.toml",
            vec!["duration=4m", "fault.application.at=1m", "fault.database.at=2m"],
        ),
        (
            "scenarios/growth-ladder/2.toml",
            vec!["duration=4m", "fault.application.at=1m", "fault.database.at=2m"],
        ),
        (
            "scenarios/growth-ladder/3.toml",
            vec!["duration=4m", "fault.application.at=1m", "fault.database.at=2m"],
        ),
        (
            "scenarios/growth-ladder/4.toml",
            vec!["duration=4m", "fault.application.at=1m", "fault.database.at=2m"],
        ),
        (
            "scenarios/growth-ladder/5.toml",
            vec!["duration=4m", "fault.application.at=1m", "fault.database.at=2m"],
        ),
        (
            "scenarios/growth-ladder/6.toml",
            vec!["duration=4m", "fault.application.at=1m", "fault.database.at=2m"],
        ),
        (
            "scenarios/growth-ladder/7.toml",
            vec!["duration=4m", "fault.application.at=1m", "fault.database.at=2m"],
        ),
        (
            "scenarios/growth-ladder/8.toml",
            vec!["duration=4m", "fault.application.at=1m", "fault.database.at=2m"],
        ),
        (
            "scenarios/growth-ladder/9.toml",
            vec!["duration=4m", "fault.application.at=1m", "fault.database.at=2m"],
        ),
        (
            "scenarios/uploads.toml",
            vec![
                "duration=5m",
                r#"traffic.ebs.rate="60/s""#,
                r#"traffic.efs.rate="60/s""#,
                r#"traffic.s3.rate="60/s""#,
            ],
        ),
        ("scenarios/whatistime.toml", vec!["duration=4m", "fault.zone-a.at=1m", "fault.zone-a.for=1m"]),
        (
            "scenarios/credits.toml",
            vec![minute[0], "traffic.all.rate=450/s", "fleet.shop.credits.initial=0.2"],
        ),
        (
            "scenarios/policy-dry-run.toml",
            vec![
                "duration=20m",
                r#"traffic.day.rate=[["0m", "15/s"], ["1m", "60/s"], ["10m", "120/s"], ["12m", "15/s"]]"#,
            ],
        ),
        (
            "scenarios/spot-floor.toml",
            vec![
                "duration=4m",
                "traffic.all.rate=300/s",
                r#"fleet.shop.spot.interruptions=[{ at = "30s" }]"#,
                r#"fleet.shop.launch_failures=[{ at = "30s", until = "90s", market = "spot" }]"#,
            ],
        ),
        (
            "scenarios/zone-lost.toml",
            vec![minute[0], minute[1], sale, "fault.power.at=30s", "fault.power.for=15s"],
        ),
        ("scenarios/cache-failover.toml", vec!["duration=2m", "fault.power.at=30s", "fault.power.for=60s"]),
        (
            "scenarios/myclothes-stickiness.toml",
            vec!["duration=150s", "users.shoppers.count=300", "fault.power.at=30s", "fault.power.for=60s"],
        ),
        (
            "scenarios/myclothes-cookies.toml",
            vec!["duration=150s", "users.shoppers.count=300", "fault.power.at=30s", "fault.power.for=60s"],
        ),
        (
            "scenarios/myclothes-redis.toml",
            vec!["duration=150s", "users.shoppers.count=300", "fault.power.at=30s", "fault.power.for=60s"],
        ),
        (
            "scenarios/myclothes-dynamodb.toml",
            vec!["duration=150s", "users.shoppers.count=300", "fault.power.at=30s", "fault.power.for=60s"],
        ),
        ("scenarios/aurora-failover.toml", vec!["duration=3m", "fault.strike.at=30s", "fault.strike.for=2m"]),
        (
            "scenarios/mysql-vs-aurora.toml",
            vec![
                "duration=1m",
                "traffic.shoppers.spike={ base = \"300/s\", peak = \"600/s\", at = \"10s\", ramp = \"10s\", hold = \"10s\", decay = \"10s\" }",
                "fault.strike.at=30s",
                "database.shop.failover=10s",
            ],
        ),
        (
            "scenarios/sysbench.toml",
            vec!["duration=1s", "users.on-mysql.count=10", "users.on-aurora.count=10"],
        ),
        ("scenarios/zone-outage.toml", vec!["duration=4m", "fault.power.at=30s", "fault.power.for=90s"]),
        (
            "scenarios/serverless.toml",
            vec![
                minute[0],
                "traffic.shoppers.spike={ base = \"100/s\", peak = \"800/s\", at = \"10s\", ramp = \"5s\", hold = \"10s\", decay = \"10s\" }",
                "account.lambda_concurrency=200",
                "database.orders.max_connections=60",
            ],
        ),
        (
            "scenarios/serverless-table.toml",
            vec![
                "duration=3m",
                r#"traffic.on-demand.rate="30/s""#,
                r#"traffic.provisioned.rate=[["0s", "30/s"], ["30s", "150/s"], ["60s", "150/s"], ["70s", "30/s"]]"#,
                "dynamodb.paid-by-hour.burst=10s",
            ],
        ),
        (
            "scenarios/leaderboard.toml",
            vec![
                minute[0],
                "traffic.players.spike={ base = \"200/s\", peak = \"1200/s\", at = \"10s\", ramp = \"5s\", hold = \"20s\", decay = \"5s\" }",
                "stream.scores.shards=4",
                "stream.scores.reshard=[[\"20s\", 8]]",
                "stream.scores.reshard_time=2s",
                "stream.scores.poison=0.01%",
                "stream.scores.bisect=true",
            ],
        ),
        (
            "scenarios/fan-out.toml",
            vec![
                "duration=5m",
                "traffic.shoppers.rate=20/s",
                "fault.mail.at=30s",
                "fault.mail.for=2m",
                "lambda.stock.reserved_concurrency=3",
            ],
        ),
        (
            "scenarios/money.toml",
            vec![
                "duration=4m",
                r#"traffic.plain.rate="15/s""#,
                r#"traffic.thrifty.rate="15/s""#,
                r#"bill.month.ordinary=["1m", "2m"]"#,
            ],
        ),
        ("scenarios/mywordpress.toml", vec!["duration=2m"]),
        (
            "scenarios/global-table.toml",
            vec![
                "duration=6m",
                "traffic.shoppers.rate=10/s",
                "traffic.far-shoppers.rate=10/s",
                "keys.members.count=20",
                "fault.seoul.at=1m",
                "fault.seoul.for=3m",
            ],
        ),
        (
            "scenarios/black-friday-global.toml",
            vec![
                "duration=6m",
                "fault.seoul.at=1m",
                "fault.seoul.for=1m",
                "runbook.failover.decide=1s",
                "runbook.failback.at=5m",
                "database.shop.global.rejoin=30s",
                "alarm.checkouts-fail.period=10s",
            ],
        ),
        (
            "scenarios/study-on-spot.toml",
            vec![r#"duration="10m""#, r#"traffic.submit.rate=[["0s","640/s"],["1s","640/s"],["1s","0/s"],["10m","0/s"]]"#],
        ),
        ("scenarios/reference/mm8.toml", vec!["duration=10m"]),
        ("scenarios/reference/three-tier.toml", vec!["duration=10s"]),
        ("tests/it/good/everything.toml", vec!["duration=2m", "bucket=1s", "warmup=1s"]),
        ("tests/it/good/shop.toml", vec!["duration=2m", "bucket=1s"]),
        ("tests/it/good/ties.toml", vec![]),
    ]
    .into_iter()
    .map(|(file, overrides)| (file, short(file, &overrides)))
    .collect()
}

/// The stream of events of every scenario, and its outcome, repeat themselves in one process and equal the pinned ones:
/// the test fails on a platform, a compiler or a libc that rounds or orders anything differently.
#[test]
fn every_scenario_repeats_itself_and_its_events_are_pinned() {
    let mut pinned = String::new();
    for (file, scenario) in short_forms() {
        let Repetition::Identical { events, hash } =
            simcap::repeat(&scenario, [scenario.seed; 2], &mut |_| ControlFlow::Continue(()))
        else {
            panic!("{file} does not repeat itself");
        };
        assert!(events > 1_000, "{file}: {events} events say little");
        pinned += &format!("{file}: {events} events, hash {hash:016x}\n");
    }
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("event-streams", pinned);
    });
}

#[test]
fn all_scenarios_have_a_short_form() {
    let known = short_forms();
    for folder in [
        "scenarios",
        "scenarios/growth-ladder",
        "scenarios/incidents",
        "scenarios/reference",
        "scenarios/traces",
        "tests/it/good",
    ] {
        for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            // What an earlier version could read is there to be read, and not to be run.
            if name.ends_with(".toml") && !name.starts_with("everything-") {
                let file = format!("{folder}/{name}");
                assert!(known.iter().any(|(other, _)| *other == file), "{file} has no short form");
            }
        }
    }
}

/// The comparison finds differences: another seed at the first event, another think time only where it first matters.
#[test]
fn runs_that_part_are_found_where_they_part() {
    let scenario = run::scenario(&shop());
    let Repetition::Diverged { events, next } =
        simcap::repeat(&scenario, [7, 8], &mut |_| ControlFlow::Continue(()))
    else {
        panic!("two seeds have the same events");
    };
    assert!(next[0] != next[1] && next.iter().all(Option::is_some), "{next:?}");

    // Both runs have the same events before that time, so a run that ends earlier has only these.
    let last = next.iter().flatten().map(|seen| seen.time).min().unwrap();
    assert!(events < 100, "{events} events before {last}");

    // If a law is first drawn from later, the runs differ only from then on: all but the service times are constant.
    let late = run::scenario(
        "duration = \"1m\"\n[traffic.calls]\ninterarrival = \"1s\"\n[request.call]\n\
         steps = [{ delay = \"500ms\" }, { service = \"desk\" }]\n[service.desk]\nservers = 1\ntime = \"exponential 1ms\"\n",
    );
    let Repetition::Diverged { events, next } =
        simcap::repeat(&late, [7, 8], &mut |_| ControlFlow::Continue(()))
    else {
        panic!("two seeds have the same events");
    };
    let at = next.map(|seen| seen.unwrap().time);
    let half = Time::from_millis(1_500);
    assert!(
        events > 1 && at.iter().all(|&time| time > half && time < half + Time::from_millis(50)),
        "{at:?}"
    );
}

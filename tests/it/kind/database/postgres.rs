//! What is different in PostgreSQL: deadlocks, waits for locks, connections, pages and replicas, worked out by hand.

use simcap::outcome::Outcome;
use simcap::scenario;

use super::growth::near;
use crate::run::run;

/// Requests that come at these milliseconds: "left" locks one row and, after a while, another; "right" locks them the other way round.
/// "hold" keeps the first for a minute.
fn crossing(requests: &[(u32, &str)], whiles: [u32; 2], database: &str) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let trace: String = requests.iter().map(|(at, class)| format!("{at},{class}\n")).collect();
    std::fs::write(folder.path().join("trace.csv"), format!("at,class\n{trace}")).unwrap();
    let one = "{ write = \"0s\", rows = \"one\" }";
    let other = "{ write = \"0s\", rows = \"other\" }";
    let [left, right] = whiles.map(|span| format!("{{ delay = \"{span}ms\" }}"));
    let text = format!(
        "duration = \"100s\"\n[traffic.all]\n\
         replay = {{ file = \"trace.csv\", column = \"at\", unit = \"ms\", classes = \"class\" }}\n\
         client = {{ round_trip = \"0s\", timeout = \"90s\" }}\n\
         [request.left]\nsteps = [{{ transaction = \"shop\", steps = [{one}, {left}, {other}] }}]\n\
         [request.right]\nsteps = [{{ transaction = \"shop\", steps = [{other}, {right}, {one}] }}]\n\
         [request.hold]\nsteps = [{{ transaction = \"shop\", steps = [{one}, {{ delay = \"60s\" }}] }}]\n\
         [keys.one]\ncount = 1\nzipf = 0\n[keys.other]\ncount = 1\nzipf = 0\n\
         [database.shop]\nwriter = \"db.r6g.large\"\nhop = \"0s\"\ncommit = \"0s\"\n{database}\n"
    );
    let scenario = scenario::parse("cross.toml", text.as_bytes(), folder.path(), &[]).unwrap();
    simcap::simulate(&scenario, 1, &mut |_| {})
}

const BOTH: &[(u32, &str)] = &[(1_000, "left"), (1_100, "right")];

/// How many failed as victims, how long the other one took, and when the victim failed after its start.
fn victims(run: &Outcome) -> (f64, f64, f64) {
    let failed: Vec<f64> = run.timeline.failed["deadlock"].clone();
    let second = failed.iter().position(|rate| *rate > 0.0).unwrap();
    (run.databases[0].deadlocks, run.latency_ms.max, run.timeline.time_s[second])
}

/// The left one waits from 1.3 s on and the right one, which closes the circle, from 1.4 s. The left one looks at 2.3 s and fails; the right one
/// has its row then, 1.2 s after it came.
#[test]
fn a_deadlock_is_found_when_the_first_has_waited_for_a_second() {
    for engine in ["postgres", "aurora-postgresql"] {
        let run = crossing(BOTH, [300, 300], &format!("engine = \"{engine}\""));
        let (deadlocks, latency, second) = victims(&run);
        assert_eq!((deadlocks, run.requests.failed, second), (1.0, 1.0, 2.0));
        assert!(near(latency, 1_200.0), "{latency}");
    }
    let soon = crossing(BOTH, [300, 300], "engine = \"postgres\"\ndeadlock_timeout = \"200ms\"");
    assert!(near(soon.latency_ms.max, 400.0), "{:?}", soon.latency_ms);
}

/// The left one looks at 2.3 s, when nothing is wrong. The right one closes the circle at 2.6 s and looks at 3.6 s: it fails, and the left one ends,
/// 2.6 s after it came.
#[test]
fn a_wait_looks_for_a_deadlock_only_once() {
    let run = crossing(BOTH, [300, 1_500], "engine = \"postgres\"");
    let (deadlocks, latency, second) = victims(&run);
    assert_eq!((deadlocks, run.requests.failed, second), (1.0, 1.0, 3.0));
    assert!(near(latency, 2_600.0), "{latency}");
}

/// The right one fails at 1.4 s, and the left one ends then.
#[test]
fn mysql_finds_a_deadlock_at_once() {
    let run = crossing(BOTH, [300, 300], "engine = \"mysql\"");
    let (deadlocks, latency, second) = victims(&run);
    assert_eq!((deadlocks, second), (1.0, 1.0));
    assert!(near(latency, 400.0), "{latency}");
}

/// The second one waits from 2 s to 61 s. MySQL ends such a wait after 50 s, PostgreSQL only if it is told to: sooner than it would look for a
/// deadlock, or later.
#[test]
fn waits_for_locks_have_no_limit_but_that_of_the_file() {
    let two = |database: &str| crossing(&[(1_000, "hold"), (2_000, "left")], [0, 0], database);
    let patient = two("engine = \"postgres\"");
    assert_eq!((patient.requests.failed, patient.databases[0].deadlocks), (0.0, 0.0));
    let waited = patient.timeline.databases[0].lock_wait_ms.iter().flatten().fold(0.0, |a: f64, b| a.max(*b));
    assert!(near(waited, 59_000.0), "{waited}");
    for (database, second) in [
        ("engine = \"mysql\"", 52.0),
        ("engine = \"postgres\"\nlock_wait_timeout = \"400ms\"", 2.0),
        ("engine = \"postgres\"\nlock_wait_timeout = \"5s\"", 7.0),
    ] {
        let run = two(database);
        assert_eq!(run.databases[0].lock_timeouts, 1.0, "{database}");
        let failed = run.timeline.failed["lock_timeout"].iter().position(|rate| *rate > 0.0).unwrap();
        assert_eq!(run.timeline.time_s[failed], second, "{database}");
    }
}

/// So many users write the same row without a pause: 1 ms, and 4 ms for the commit.
fn hot(users: u32, engine: &str) -> Outcome {
    run(
        &format!(
            "duration = \"100s\"\nwarmup = \"10s\"\n[users.all]\ncount = {users}\nthink = \"0s\"\n\
             [request.work]\nsteps = [{{ write = \"shop\", demand = \"1ms\", rows = {{ count = 1, zipf = 0 }} }}]\n\
             [database.shop]\nengine = \"{engine}\"\nwriter = \"db.m6g.2xlarge\"\nhop = \"0s\"\ncommit = \"4ms\"\n"
        ),
        1,
    )
}

/// 200 a second for any number of users. MySQL searches the 126 others that wait, for 4 us each.
#[test]
fn a_hot_row_is_as_fast_with_many_waiters() {
    for users in [2, 8, 128] {
        for engine in ["postgres", "aurora-postgresql"] {
            let rate = hot(users, engine).goodput_per_s;
            assert!(near(rate, 200.0), "{engine}, {users}: {rate}");
        }
    }
    let mysql = hot(128, "mysql").goodput_per_s;
    assert!(near(mysql, 1_000.0 / (5.0 + 126.0 * 0.004)), "{mysql}");
}

/// In order, each of eight takes 40 ms; of PostgreSQL, some are faster and some are slower.
#[test]
fn those_behind_overtake() {
    let (mysql, postgres) = (hot(8, "mysql"), hot(8, "postgres"));
    assert!(mysql.latency_ms.p99 < 1.01 * mysql.latency_ms.p50, "{:?}", mysql.latency_ms);
    assert!(postgres.latency_ms.p50 < 40.0 && postgres.latency_ms.p99 > 60.0, "{:?}", postgres.latency_ms);
    assert!(near(postgres.latency_ms.mean, 40.0), "{:?}", postgres.latency_ms);
}

/// Three commits at once, 100 ms each: they lag by 100 ms, 200 ms and 300 ms.
#[test]
fn a_replica_applies_the_log_with_one_process() {
    let write = "{ write = \"shop\", demand = \"0s\" }";
    let run = run(
        &format!(
            "duration = \"100s\"\n[users.one]\ncount = 1\nthink = \"5s\"\n[request.edit]\nvia = \"app\"\n\
             steps = [{write}, {write}, {write}]\n\
             [fleet.app]\ninstance = \"m5.large\"\ninstances = 1\nthreads = 1\npools = {{ shop = 10 }}\n\
             [database.shop]\nengine = \"postgres\"\nwriter = \"db.r6g.large\"\nreplicas = 1\ncommit = \"0s\"\nhop = \"0s\"\n\
             replication = {{ ship = \"0s\", apply = \"100ms\" }}\n"
        ),
        1,
    );
    let lag = &run.databases[0].lag_ms;
    assert!(near(lag.mean, 200.0) && near(lag.max, 300.0), "{lag:?}");
}

/// 16 GiB are enough for 1,802 connections: of 2,000 that a pool opens, 198 are refused.
#[test]
fn more_clients_than_memory_allows_are_refused() {
    for engine in ["postgres", "aurora-postgresql"] {
        let run = run(
            &format!(
                "duration = \"10s\"\n[traffic.all]\nrate = \"1/s\"\n[request.page]\nvia = \"app\"\n\
                 steps = [{{ read = \"shop\", demand = \"1ms\" }}]\n\
                 [fleet.app]\ninstance = \"m5.large\"\ninstances = 1\npools = {{ shop = {{ writer = 2000, reader = 1 }} }}\n\
                 [database.shop]\nengine = \"{engine}\"\nwriter = \"db.r6g.large\"\n"
            ),
            1,
        );
        let database = &run.databases[0];
        assert_eq!((database.peak_connections, database.connections_refused), (1_802, 198.0), "{engine}");
    }
}

/// The first request waits for its connection: seven round trips of 2 ms and 3 ms of CPU; five and 1 ms of MySQL.
#[test]
fn a_connection_is_a_process() {
    let first = |engine: &str| {
        let run = run(
            &format!(
                "duration = \"10s\"\n[traffic.all]\nrate = \"1/s\"\ninterarrival = \"1s\"\nclient = {{ round_trip = \"0s\" }}\n\
                 [request.page]\nvia = \"app\"\nsteps = [{{ write = \"shop\", demand = \"0s\" }}]\n\
                 [fleet.app]\ninstance = \"m5.large\"\ninstances = 1\n\
                 pools = {{ shop = {{ writer = 1, reader = 1, minimum = 0, minimum_idle = 0, timeout = \"5s\" }} }}\n\
                 [database.shop]\nengine = \"{engine}\"\nwriter = \"db.m6g.large\"\nhop = \"1ms\"\ncommit = \"0s\"\n"
            ),
            1,
        );
        run.databases[0].writer_wait_ms.max
    };
    assert!(near(first("postgres"), 17.0), "{}", first("postgres"));
    assert!(near(first("mysql"), 11.0), "{}", first("mysql"));
}

/// A thousand rows of 4 KiB are five hundred pages of PostgreSQL and half as many of InnoDB, which a server that has crashed reads again.
#[test]
fn pages_have_eight_kibibytes() {
    let read_again = |engine: &str| {
        let run = run(
            &format!(
                "duration = \"300s\"\n[traffic.all]\nrate = \"100/s\"\n[request.page]\n\
                 steps = [{{ read = \"shop\", demand = \"0s\", rows = {{ count = 1000, zipf = 0 }} }}]\n\
                 [database.shop]\nengine = \"{engine}\"\nwriter = \"db.m6g.large\"\nrow = \"4 KiB\"\nrecovery = \"1s\"\n\
                 [fault.bad]\ndatabase = \"shop\"\nat = \"10s\"\neffect = \"crashes\"\n"
            ),
            1,
        );
        let database = &run.databases[0];
        (1.0 - database.buffer_hit_ratio.unwrap()) * database.reads
    };
    let (postgres, mysql) = (read_again("postgres"), read_again("mysql"));
    assert!((postgres - 500.0).abs() < 2.0 && (mysql - 250.0).abs() < 2.0, "{postgres}, {mysql}");
}

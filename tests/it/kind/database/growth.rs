//! Pools that open and close connections during a run, and pools that let newcomers overtake. By hand: requests at given
//! instants hold a connection for given times, and the network takes none.

use std::fs;

use simcap::outcome::Outcome;
use simcap::scenario;

use crate::run::run;

/// Requests at (milliseconds, hold in milliseconds) on one instance; a new connection takes 50 ms of network and 10 ms of CPU.
pub fn requests(trace: &[(u32, u32)], pool: &str, database: &str) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let rows: String = trace.iter().map(|(at, hold)| format!("{at},{hold}\n")).collect();
    fs::write(folder.path().join("trace.csv"), format!("at,hold\n{rows}")).unwrap();
    let engine = if database.contains("engine") { "" } else { "engine = \"mysql\"\n" };
    let text = format!(
        "duration = \"10m\"\nbucket = \"10s\"\n[traffic.all]\n\
         replay = {{ file = \"trace.csv\", column = \"at\", unit = \"ms\" }}\n[client]\ntimeout = \"60s\"\n\
         [request.call]\nvia = \"app\"\nsteps = [{{ transaction = \"db\", \
         steps = [{{ delay = \"replay trace.csv column hold unit ms\" }}] }}]\n[fleet.app]\ninstance = \"m5.large\"\n\
         instances = 1\nazs = [\"b\"]\npools = {{ db = {{ {pool} }} }}\n[database.db]\n{engine}writer = \"db.m5.large\"\n\
         hop = \"0s\"\ncommit = \"0s\"\n{database}\n"
    );
    let scenario = scenario::parse("pool.toml", text.as_bytes(), folder.path(), &[]).unwrap();
    simcap::simulate(&scenario, 1, &mut |_| {})
}

pub const CONNECT: &str = "connect = { time = \"50ms\", cpu = \"10ms\" }";

/// Within what a histogram can tell apart.
pub fn near(found: f64, wanted: f64) -> bool {
    (found - wanted).abs() <= 0.002 * wanted
}

/// Open connections, row by row.
fn open(run: &Outcome) -> &[f64] {
    &run.timeline.fleets[0].pools[0].open
}

/// The pool has one connection. Of four requests at 1.00 s the first has it until 2.00 s; the second waits 60 ms for a new one and
/// the third 120 ms, for one connection is made after the other. The fourth waits until 2.00 s, for the pool has three at most.
#[test]
fn a_pool_makes_one_connection_after_the_other_for_those_who_wait() {
    let run = requests(&[(1_000, 1_000); 4], "writer = 3, minimum_idle = 1", CONNECT);
    let (latency, database) = (&run.latency_ms, &run.databases[0]);
    assert_eq!(latency.count, 4);
    assert!(near(latency.mean, (1_000.0 + 1_060.0 + 1_120.0 + 2_000.0) / 4.0), "{latency:?}");
    assert_eq!((database.connections_made, database.peak_connections), (2.0, 3));
    let wait = &database.writer_wait_ms;
    assert_eq!((wait.count, wait.max), (4, 1_000.0));
    assert!(near(wait.mean, (60.0 + 120.0 + 1_000.0) / 4.0), "{wait:?}");
    assert!(near(wait.p50, 60.0) && near(wait.p90, 1_000.0), "{wait:?}");
    assert_eq!(run.timeline.fleets[0].pools[0].longest_wait_ms[..2], [1_000.0, 0.0]);
    // One instance that runs all the time may have three, and none to a replica.
    let most = |pool: usize| run.timeline.fleets[0].pools[pool].most.as_slice();
    assert!(
        most(0).iter().all(|most| *most == 3.0) && most(1).iter().all(|most| *most == 0.0),
        "{:?}",
        most(0)
    );
}

/// A pool that has all of its connections waits for none.
#[test]
fn a_pool_of_a_fixed_size_makes_no_connection() {
    let run = requests(&[(1_000, 1_000); 4], "writer = 3", "");
    let (latency, database) = (&run.latency_ms, &run.databases[0]);
    assert!(near(latency.mean, (3.0 * 1_000.0 + 2_000.0) / 4.0), "{latency:?}");
    assert_eq!((database.connections_made, database.peak_connections), (0.0, 3));
}

/// Three are in use until 3 s. The check at 90 s is the first of which the minute before is quiet.
#[test]
fn connections_that_are_idle_for_long_are_closed() {
    let pool = "writer = 3, minimum_idle = 1, idle_timeout = \"1m\"";
    let run = requests(&[(1_000, 1_000); 4], pool, CONNECT);
    let open = open(&run);
    assert!(
        open[1..9].iter().all(|open| *open == 3.0) && open[9..].iter().all(|open| *open == 1.0),
        "{open:?}"
    );
    assert_eq!(run.timeline.databases[0].writer_connections[8..10], [3.0, 1.0]);
}

/// Two connections of 39 s to 40 s each: in ten minutes each is replaced fifteen times, or once more if it is old at the start.
#[test]
fn connections_are_replaced_at_their_age() {
    let run = requests(&[(1_000, 10)], "writer = 2, max_lifetime = \"40s\"", CONNECT);
    let made = run.databases[0].connections_made;
    assert!((28.0..=32.0).contains(&made), "{made}");
    let open = open(&run);
    assert!(open.iter().all(|open| *open > 1.98) && open.iter().any(|open| *open < 2.0), "{open:?}");
}

/// The node takes two. The pool asks for a third at 1.11 s, and again 250 ms and 375 ms after it was refused, each time with 50 ms on the
/// network; at 2.40 s nobody waits any more.
#[test]
fn a_pool_that_is_refused_tries_again_later_and_later() {
    let database = format!("max_connections = 2\n{CONNECT}");
    let run = requests(&[(1_000, 1_000); 3], "writer = 3, minimum_idle = 1", &database);
    let database = &run.databases[0];
    assert_eq!((database.connections_refused, database.connections_made), (3.0, 1.0));
    assert_eq!(run.latency_ms.max, 2_000.0);
    let said: Vec<f64> = run
        .incidents
        .iter()
        .filter(|it| it.text.contains("too many connections"))
        .map(|it| it.at_s)
        .collect();
    assert_eq!(said, [1.11]);
}

/// The connection comes back at 1.010 s. In order, the second request has it then, the third at 1.020 s, the fourth at 1.030 s. With
/// newcomers the third, which comes at 1.011 s, has it at once; the second asks at 1.012 s in vain, is told again at 1.021 s, and
/// has it from 1.023 s to 1.033 s; the fourth has it from 1.035 s on.
#[test]
fn newcomers_overtake_those_who_are_told() {
    let trace = [(1_000, 10), (1_001, 10), (1_011, 10), (1_015, 5)];
    let fifo = requests(&trace, "writer = 1", "");
    assert!(near(fifo.latency_ms.mean, (10.0 + 19.0 + 19.0 + 20.0) / 4.0), "{:?}", fifo.latency_ms);
    let pool = "writer = 1, order = \"newcomers\", wake = \"2ms\"";
    let run = requests(&trace, pool, "");
    let (latency, wait) = (&run.latency_ms, &run.databases[0].writer_wait_ms);
    assert!(near(latency.mean, (10.0 + 32.0 + 10.0 + 25.0) / 4.0), "{latency:?}");
    assert_eq!((latency.max, wait.count, wait.max), (32.0, 4, 22.0));
    assert!(near(wait.mean, (22.0 + 20.0) / 4.0), "{wait:?}");
}

/// The second request waits since 1.001 s, also after it has asked in vain: it gives up at 1.019 s.
#[test]
fn whoever_is_overtaken_waits_no_longer_than_the_timeout() {
    let trace = [(1_000, 10), (1_001, 10), (1_011, 10), (1_015, 5)];
    let pool = "writer = 1, order = \"newcomers\", wake = \"2ms\", timeout = \"18ms\"";
    let run = requests(&trace, pool, "");
    assert_eq!(run.requests.failed_by_cause["pool_timeout"], 1.0);
    assert!(near(run.latency_ms.mean, (10.0 + 10.0 + 13.0) / 3.0), "{:?}", run.latency_ms);
}

/// A second instance starts its application at 95 s, or a little later, with one connection of ten. The others follow from 100 ms later
/// on, one each 1.01 s.
#[test]
fn an_instance_that_starts_fills_its_pool_one_by_one() {
    let run = run(
        "duration = \"3m\"\nbucket = \"1s\"\n[traffic.t]\nrate = \"1/s\"\n[request.page]\nvia = \"app\"\n\
         steps = [{ read = \"db\", demand = \"1ms\" }]\n[fleet.app]\ninstance = \"m5.large\"\nmin = 1\nmax = 2\n\
         schedule = [{ at = \"1m\", desired = 2 }]\npools = { db = { writer = 10, minimum_idle = 10 } }\n\
         boot = { decision = \"0s\", launch = \"20s\", system = \"10s\", bootstrap = \"0s\", application = \"5s\" }\n\
         [database.db]\nwriter = \"db.m5.large\"\nhop = \"0s\"\nconnect = { time = \"1s\", cpu = \"10ms\" }\n",
        1,
    );
    assert_eq!(run.databases[0].connections_made, 9.0);
    let open = &run.timeline.databases[0].writer_connections;
    let first = open.iter().position(|open| *open == 11.0).unwrap();
    assert!(open[..first].iter().all(|open| *open == 10.0), "{open:?}");
    // The third and the later ones come a second after the one before them, or two rows after it.
    assert_eq!(open[first + 5], 16.0, "{open:?}");
    assert!(open[first + 10..].iter().all(|open| *open == 20.0), "{open:?}");
}

/// Twenty instances keep one connection each, of ten: the limit of 100 is in sight of no headroom, but they may open 200.
#[test]
fn a_pool_that_grows_may_open_what_the_node_does_not_take() {
    let text = |pool: &str, connect: &str| {
        format!(
            "duration = \"2m\"\n[traffic.t]\nrate = \"1/s\"\n[request.page]\nvia = \"app\"\n\
             steps = [{{ read = \"db\", demand = \"1ms\" }}]\n[fleet.app]\ninstance = \"m5.large\"\ninstances = 20\n\
             pools = {{ db = {{ {pool} }} }}\n[database.db]\nwriter = \"db.r6g.large\"\nmax_connections = 100\n{connect}\n"
        )
    };
    let grows = run(&text("writer = 10, minimum_idle = 1", CONNECT), 1);
    let said = |run: &Outcome, words: &str| run.warnings.iter().any(|it| it.message.contains(words));
    assert!(said(&grows, "may open 200 connections"), "{:?}", grows.warnings);
    // One request a second holds next to none of them: the limit is far away.
    let connections = |run: &Outcome| {
        run.headroom.iter().find(|it| it.resource.contains("connections of db")).and_then(|it| it.limit())
    };
    assert!(connections(&grows).unwrap() > 1_000.0, "{:?}", grows.headroom);
    // 20 a second that hold one for 1 s each: 20 on the mean, and 80 are left beside what is kept.
    let busy = text("writer = 10, minimum_idle = 1", CONNECT);
    let busy = busy.replace("rate = \"1/s\"", "rate = \"20/s\"").replace(
        "{ read = \"db\", demand = \"1ms\" }",
        "{ transaction = \"db\", steps = [{ delay = \"1s\" }] }",
    );
    let times = connections(&run(&busy, 1)).unwrap();
    assert!((2.0..=4.2).contains(&times), "{times}");
    let fixed = run(&text("writer = 10", CONNECT), 1);
    assert!(said(&fixed, "the largest size open 200 connections"), "{:?}", fixed.warnings);
    assert!(
        fixed.headroom.iter().any(|it| it.resource.contains("connections of db")),
        "{:?}",
        fixed.headroom
    );
    // What a connection costs is felt by pools that grow alone.
    let unfelt = "is opened during the run";
    assert!(said(&fixed, unfelt) && !said(&grows, unfelt), "{:?}", fixed.warnings);
}

/// 150/s × 91 ms hold 13.65 of the twenty connections that a pool may have, of which it has one at first: the others come one each 200 ms. That it
/// is full until then, and until what waited has gone, is no limit of the traffic. That of a minute of 300/s, 27.3 of twenty, is one.
#[test]
fn how_a_pool_begins_is_no_limit_of_the_traffic() {
    let pool = |traffic: &str| {
        let text = format!(
            "duration = \"300s\"\n[traffic.all]\n{traffic}\ninterarrival = \"1s\"\n[request.work]\nvia = \"web\"\n\
             steps = [{{ transaction = \"shop\", steps = [{{ delay = \"90ms\" }}, {{ read = \"0s\" }}] }}]\n[fleet.web]\n\
             instance = \"m6i.large\"\ninstances = 1\nthreads = 20000\npools = {{ shop = {{ writer = 20, minimum_idle = 1, timeout = \"5m\" }} }}\n\
             [database.shop]\nwriter = \"db.r6g.2xlarge\"\nhop = \"0s\"\ncommit = \"1ms\"\nconnect = {{ time = \"200ms\", cpu = \"0s\" }}\n"
        );
        let run = run(&text, 1);
        let found = run.headroom.into_iter().find(|it| it.resource.contains("pool of")).unwrap();
        (found.saturated, found.as_it_stood.busy)
    };
    let (saturated, busy) = pool("rate = \"150/s\"");
    assert!(!saturated && (busy / 0.682_5 - 1.0).abs() < 0.02, "{busy}");
    // One that has fewer open than it may have is as full as that: 50/s hold 4.55.
    let (saturated, busy) = pool("rate = \"50/s\"");
    assert!(!saturated && (busy / 0.227_5 - 1.0).abs() < 0.05, "{busy}");
    let spike = "rate = [[\"0s\", \"50/s\"], [\"100s\", \"50/s\"], [\"100s\", \"300/s\"], [\"160s\", \"300/s\"], [\"160s\", \"50/s\"]]";
    let (saturated, busy) = pool(spike);
    assert!(saturated && (busy / 1.365 - 1.0).abs() < 0.05, "{busy}");
}

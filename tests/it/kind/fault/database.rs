//! Databases that lose a node with its zone, worked out by hand: connections that break, failover, and readers.

use simcap::outcome::Outcome;

use super::when;
use crate::run::run;

/// Ten requests a second from instances in a zone that is never lost; zone a, where the writer is, is lost at 60 s.
fn outage(steps: &str, pool: &str, database: &str, fault: &str) -> Outcome {
    run(
        &format!(
            "duration = \"240s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\ninterarrival = \"100ms\"\n\
             client = {{ round_trip = \"0s\" }}\n[request.page]\nvia = \"web\"\nsteps = [{steps}]\n[fleet.web]\n\
             instance = \"m5.large\"\nazs = [\"f\"]\nthreads = \"unlimited\"\ninstances = 1\npools = {{ shop = {{ {pool} }} }}\n\
             [database.shop]\nwriter = \"db.r6g.large\"\ndns_ttl = \"0s\"\n{database}\n[fault.outage]\nzone = \"a\"\nat = \"60s\"\n{fault}\n"
        ),
        1,
    )
}

const HELD: &str = "{ transaction = \"shop\", steps = [{ write = \"1ms\" }, { delay = \"2s\" }] }";
const POOL: &str = "writer = 50, timeout = \"1s\"";

fn failed<'a>(run: &'a Outcome, cause: &str) -> &'a [f64] {
    run.timeline.failed.get(cause).map_or(&[], |rows| rows.as_slice())
}

/// Transactions of a little over 2 s: 20 or 21 are inside at 60 s and break. From then on each waits 1 s for a connection in
/// vain, until another node writes: those that come in the last second get one.
fn is_unavailable_until(run: &Outcome, second: usize) {
    let broken = failed(run, "database_unavailable");
    let count: f64 = broken.iter().sum();
    assert!((20.0..=21.0).contains(&count), "{count}");
    assert_eq!(broken[60], count, "all at 60 s: in the row that begins then");
    let waited = failed(run, "pool_timeout");
    assert!(waited[62..second - 1].iter().all(|&rate| rate == 10.0), "{waited:?}");
    let expected = 10.0 * (second as f64 - 1.0 - 60.0);
    let count: f64 = waited.iter().sum();
    assert!((count - expected).abs() <= 1.0, "{count} of {expected}");
    assert!(waited[second + 1..].iter().all(|&rate| rate == 0.0));
    assert_eq!(run.requests.arrived, run.requests.completed + run.requests.failed + run.requests.in_flight);
    assert!(run.requests.in_flight <= 22.0, "{}", run.requests.in_flight);
}

#[test]
fn an_aurora_replica_is_promoted() {
    let run = outage(HELD, POOL, "replicas = 1\nazs = [\"a\", \"b\"]\nfailover = \"40s\"", "");
    assert_eq!(when(&run, "the writer is lost with zone a"), 60.0);
    assert_eq!(when(&run, "a replica takes over from the writer"), 100.0);
    is_unavailable_until(&run, 100);
}

#[test]
fn the_standby_of_rds_takes_over() {
    let run = outage(HELD, POOL, "engine = \"mysql\"\nmulti_az = true\nfailover = \"90s\"", "");
    assert_eq!(when(&run, "the standby takes over from the writer"), 150.0);
    is_unavailable_until(&run, 150);
}

/// Replicas of RDS are not promoted by themselves, and there is no standby.
#[test]
fn without_one_that_takes_over_the_database_waits_for_its_zone() {
    let run = outage(HELD, POOL, "engine = \"mysql\"\nreplicas = 1\nfailover = \"10s\"", "for = \"100s\"");
    assert_eq!(when(&run, "nothing takes over from the writer: it waits for its zone"), 60.0);
    assert_eq!(when(&run, "the writer is back"), 160.0);
    is_unavailable_until(&run, 160);
}

/// Its standby is in the second of its zones; where that is lost as well, nothing takes over.
#[test]
fn a_standby_that_is_lost_too_does_not_take_over() {
    let both = "for = \"100s\"\n[fault.too]\nzone = \"b\"\nat = \"50s\"\nfor = \"150s\"";
    let run = outage(HELD, POOL, "engine = \"mysql\"\nmulti_az = true\nfailover = \"10s\"", both);
    is_unavailable_until(&run, 160);
}

const READ: &str = "{ read = \"shop\", demand = \"1ms\" }";

/// The writer is in zone b here. The one replica is lost at 60 s: five connections of readers lead to the writer from then on. The replica
/// is back at 120 s, but a pool keeps the connections that it has; one that replaces them each minute has them at the replica again.
#[test]
fn readers_go_to_the_writer_while_there_is_no_replica() {
    let run = |pool: &str| {
        let pool = format!("writer = 3, reader = 5, timeout = \"1s\"{pool}");
        outage(READ, &pool, "replicas = 1\nazs = [\"b\", \"a\"]", "for = \"60s\"")
    };
    let replaced = run(", minimum_idle = 3, max_lifetime = \"1m\"");
    assert_eq!(replaced.timeline.databases[0].replica_connections[230], 3.0, "all that it keeps");
    let run = run("");
    let series = &run.timeline.databases[0];
    let open = |row: usize| (series.writer_connections[row], series.replica_connections[row]);
    // At the end of each row: a row ends before a fault of its instant.
    let found = [open(59), open(60), open(119), open(120)];
    assert_eq!(found, [(3.0, 5.0), (8.0, 0.0), (8.0, 0.0), (8.0, 0.0)]);
    assert_eq!(run.requests.failed, 0.0);
    let reads = run.databases[0].replica_reads;
    assert!((reads - 600.0).abs() <= 1.0, "{reads} of 2,400 are from the replica");
}

/// Of two replicas one is lost: the other has all connections of the readers, and keeps them.
#[test]
fn the_replica_that_is_left_has_all_readers() {
    let run = outage(
        READ,
        "writer = 3, reader = 6, timeout = \"1s\"",
        "replicas = 2\nazs = [\"b\", \"a\", \"c\"]",
        "for = \"60s\"",
    );
    let series = &run.timeline.databases[0];
    assert!(series.replica_connections[5..].iter().all(|&open| open == 6.0));
    assert!(series.writer_connections[5..].iter().all(|&open| open == 3.0));
    let reads = run.databases[0].replica_reads;
    assert!((reads - 2_400.0).abs() <= 1.0, "{reads}");
}

/// The promoted node goes on with the totals of the writer: no column jumps, and CPU is work of the row alone.
#[test]
fn the_columns_of_the_writer_go_on_under_another_node() {
    let run = outage(
        "{ write = \"shop\", demand = \"20ms\" }",
        "writer = 50, timeout = \"1s\"",
        "replicas = 1\nazs = [\"a\", \"b\"]\nfailover = \"40s\"",
        "for = \"90s\"",
    );
    let cpu = &run.timeline.databases[0].writer_cpu_percent;
    // 10/s of 20 ms on two cores, in units of an m5 core.
    assert!((cpu[50] - cpu[120]).abs() < 1.0, "{} {}", cpu[50], cpu[120]);
    assert!(cpu[50] > 1.0 && cpu.iter().all(|&cpu| (0.0..=100.0).contains(&cpu)));
    assert!(cpu[65..99].iter().all(|&cpu| cpu == 0.0));
}

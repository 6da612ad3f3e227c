//! Replicas that are lost with their zone, worked out by hand: what they have not applied waits, and they catch up.

use simcap::outcome::Outcome;

use super::when;
use crate::run::run;

/// One hundred writes a second. The only replica, in zone b, is lost from 60 s to 120 s, or for good.
fn outage(database: &str, fault: &str) -> Outcome {
    run(
        &format!(
            "duration = \"240s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"100/s\"\ninterarrival = \"10ms\"\n[request.page]\n\
             via = \"web\"\nsteps = [{{ write = \"shop\", demand = \"100us\", rows = \"items\" }}]\n[keys.items]\n\
             count = 1000\n[fleet.web]\ninstance = \"m5.large\"\nazs = [\"f\"]\ninstances = 1\npools = {{ shop = 20 }}\n\
             [database.shop]\nwriter = \"db.r6g.large\"\nreplicas = 1\n{database}\n[fault.outage]\nzone = \"b\"\n\
             at = \"60s\"\n{fault}"
        ),
        1,
    )
}

const LOG: &str = "engine = \"mysql\"\nreplication = { ship = \"1ms\", apply = \"4ms\" }";

/// By 120 s there are 6,000 writes to apply, 250 a second while 100 a second come: it takes 40 s. The oldest that is not applied at
/// time t is of 60 s + 2.5 (t - 120 s).
#[test]
fn a_replica_catches_up_when_its_zone_is_back() {
    let run = outage(LOG, "for = \"60s\"");
    assert_eq!((when(&run, "a replica is lost with zone b"), when(&run, "a replica is back")), (60.0, 120.0));
    let of = &run.timeline.databases[0];
    let near = |row: usize, seconds: f64| {
        assert!((of.lag_ms[row] / 1e3 - seconds).abs() < 1.1, "{} ms at {row} s", of.lag_ms[row]);
    };
    near(30, 0.0);
    // Nobody reads from it while it is lost. The oldest write that is not applied, at the end of a row; the zone is back at the begin
    // of row 120.
    near(89, 0.0);
    near(119, 0.0);
    near(120, 60.0);
    near(121, 60.0 - 2.0 * 1.5);
    near(140, 60.0 - 21.0 * 1.5);
    near(170, 0.0);
    assert!(of.apply_percent[62..119].iter().all(|&percent| percent == 0.0), "{:?}", of.apply_percent);
    assert!(of.apply_percent[122..158].iter().all(|&percent| percent > 99.0), "{:?}", of.apply_percent);
    assert!((of.apply_percent[200] - 40.0).abs() < 1.0, "{}", of.apply_percent[200]);
    let max = run.databases[0].lag_ms.max;
    assert!((max / 1e3 - 60.0).abs() < 0.1, "{max} ms");
}

/// Nobody reads what it lacks, so no objective on the lag counts it: the largest is that of the writes before it was lost, 6 ms each.
#[test]
fn a_replica_that_does_not_come_back_has_no_lag() {
    let run = outage(LOG, "");
    let max = run.databases[0].lag_ms.max;
    assert!(max < 1_000.0, "{max} ms");
    let of = &run.timeline.databases[0];
    assert!(of.lag_ms.iter().all(|&lag| lag < 1_000.0), "{:?}", of.lag_ms);
    assert_eq!(of.replicas.last(), Some(&0.0));
}

/// It reads the storage of the writer.
#[test]
fn a_replica_of_aurora_lacks_nothing_when_it_is_back() {
    let run = outage("", "for = \"60s\"");
    assert!(run.databases[0].lag_ms.max < 100.0, "{}", run.databases[0].lag_ms.max);
}

/// 450 reads a second at even gaps, each 8 ms of CPU: 3.6 vCPUs. A replica has two. `fault` takes one of three, in zone b, or the writer
/// in zone a, from 60 s on for a minute.
fn reads(fault: &str, database: &str) -> Outcome {
    run(
        &format!(
            "duration = \"240s\"\nbucket = \"5s\"\n[traffic.all]\nrate = \"450/s\"\ninterarrival = \"2222222ns\"\n[request.page]\n\
             via = \"web\"\nsteps = [{{ read = \"shop\", demand = \"8ms\" }}]\n[fleet.web]\ninstance = \"m5.large\"\n\
             azs = [\"f\"]\ninstances = 2\npools = {{ shop = 100 }}\n[database.shop]\nwriter = \"db.r6g.large\"\n\
             replicas = 3\nazs = [\"a\", \"b\", \"c\", \"d\"]\n{database}\n[fault.outage]\n{fault}\nat = \"60s\"\nfor = \"60s\""
        ),
        1,
    )
}

fn headroom(run: &Outcome) -> f64 {
    run.headroom.iter().find(|it| it.resource == "CPU of shop (replicas)").unwrap().as_it_stood.busy
}

/// Of six vCPUs 60 %, and of the four that are left 90 %: so the rows with two replicas are the busiest, however few they are.
#[test]
fn replicas_that_are_left_have_the_headroom_of_their_number() {
    let run = reads("zone = \"b\"", "");
    let of = &run.timeline.databases[0];
    // Rows of 5 s: the zone is lost as row 11 ends, and back as row 23 ends.
    let expected = |row: usize| if (12..24).contains(&row) { (2.0, 90.0) } else { (3.0, 60.0) };
    for row in 1..47 {
        let (replicas, percent) = expected(row);
        assert_eq!(of.replicas[row], replicas, "row {row}");
        assert!(
            (of.replica_cpu_percent[row] - percent).abs() < 1.5,
            "{} % in row {row}",
            of.replica_cpu_percent[row]
        );
    }
    assert!((headroom(&run) - 0.9).abs() < 0.01, "{}", headroom(&run));
}

/// The replica of zone b is promoted 32 s after the writer is lost, in the middle of a row: it answers no reads for the last 3 of 5 s.
#[test]
fn a_replica_that_is_promoted_is_no_replica_any_more() {
    let run = reads("zone = \"a\"", "failover = \"32s\"");
    let of = &run.timeline.databases[0];
    assert_eq!((of.replicas[17], of.replicas[19]), (3.0, 2.0));
    assert!((of.replicas[18] - 2.4).abs() < 1e-9, "{}", of.replicas[18]);
    // What it did before that it did as a replica.
    assert!(of.writer_cpu_percent.iter().all(|percent| *percent == 0.0), "{:?}", of.writer_cpu_percent);
    assert!((headroom(&run) - 0.9).abs() < 0.01, "{}", headroom(&run));
}

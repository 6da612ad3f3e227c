//! Replicas that are added and removed, and the reader endpoint, which chooses a replica for each connection, worked out by hand.

use simcap::outcome::Outcome;

use super::growth::near;
use crate::kind::incidents;
use crate::run::run;

/// Reads of 10 ms on one replica with two cores of strength 1, from a pool of 40 connections.
fn reads(duration: &str, rate: &str, pool: &str, scaling: &str) -> Outcome {
    run(
        &format!(
            "duration = \"{duration}\"\nbucket = \"10s\"\n[traffic.all]\nrate = {rate}\n\
             client = {{ round_trip = \"0s\", timeout = \"2s\" }}\n[request.page]\nvia = \"web\"\n\
             steps = [{{ read = \"shop\", demand = \"10ms\" }}]\n[fleet.web]\n\
             instance = \"m5.large\"\nazs = [\"f\"]\nthreads = \"unlimited\"\ninstances = 1\n\
             pools = {{ shop = {{ writer = 1, reader = 40, timeout = \"1s\"{pool} }} }}\n\
             [database.shop]\nwriter = \"db.r6g.large\"\nreplicas = 1\nhop = \"0s\"\nreplica_scaling = {scaling}\n"
        ),
        1,
    )
}

/// The instants of incidents with a text.
fn times(run: &Outcome, text: &str) -> Vec<f64> {
    incidents(run).into_iter().filter(|it| it.1.starts_with(text)).map(|it| it.0).collect()
}

/// 40 connections where 20 are the target: high at three minutes, one replica more, which serves a minute later. It gets none of the
/// connections, for the pool keeps those that it has; the mean of both is the target.
#[test]
fn a_replica_is_added_after_three_minutes_above_the_target_and_its_boot() {
    let run = reads("20m", "\"10/s\"", "", "{ connections = 20, max = 5, boot = \"1m\" }");
    assert_eq!(
        times(&run, "1 replica will be added: 40 connections to each where 20 is the target"),
        [180.0]
    );
    assert_eq!(times(&run, "a replica was added"), [240.0]);
    let there = &run.timeline.databases[0].replicas;
    assert_eq!((there[23], there[24], there[119]), (1.0, 2.0, 2.0));
    assert_eq!(run.timeline.databases[0].replica_connections[119], 40.0);
    // It is billed for 16 of the 20 minutes.
    let item = run.bill.items.iter().find(|item| item.what.ends_with("of added replicas")).unwrap();
    assert!((item.quantity - 16.0 / 60.0).abs() < 1e-9, "{item:?}");
}

/// Ten times the target: as many as there may be. Until they serve, nothing more is decided.
#[test]
fn no_more_replicas_are_added_than_there_may_be() {
    let run = reads("20m", "\"10/s\"", "", "{ connections = 4, max = 4, boot = \"5m\" }");
    assert_eq!(times(&run, "3 replicas will be added"), [180.0]);
    assert_eq!(times(&run, "a replica was added"), [480.0; 3]);
    assert_eq!(run.timeline.databases[0].replicas[119], 4.0);
}

/// 300 reads a second are three cores of work, and a replica has two. The second one helps only those who open connections: a pool
/// that replaces its connections each minute has half of them there, one that keeps them has none.
#[test]
fn a_replica_that_was_added_serves_only_connections_that_are_opened_later() {
    let late = |pool: &str| {
        let run = reads("15m", "\"300/s\"", pool, "{ cpu = 60, max = 2, boot = \"1m\" }");
        assert_eq!(times(&run, "a replica was added"), [240.0]);
        let failed =
            run.timeline.failed.get("pool_timeout").map_or(0.0, |rows| rows[60..].iter().sum::<f64>());
        (failed, run.timeline.databases[0].replica_cpu_percent[80])
    };
    let (kept, replaced) = (late(""), late(", max_lifetime = \"1m\""));
    assert!(kept.0 > 0.0 && (kept.1 - 50.0).abs() < 1.0, "{kept:?}");
    assert!(replaced.0 == 0.0 && (replaced.1 - 75.0).abs() < 5.0, "{replaced:?}");
}

/// Busy for ten minutes, then idle: fifteen minutes later the replica that was added is removed, and the first one is not.
#[test]
fn only_replicas_that_were_added_are_removed() {
    let rate = "[[\"0m\", \"150/s\"], [\"10m\", \"150/s\"], [\"10m\", \"1/s\"]]";
    let run = reads("60m", rate, "", "{ cpu = 50, min = 0, max = 3, boot = \"50s\" }");
    assert_eq!(times(&run, "1 replica will be added"), [180.0]);
    // Of the two only one has connections: 37.5 % on the mean until 10 min, which is below 45 %. The first point with both is that of 5 min.
    assert_eq!(times(&run, "1 replica removed"), [1_140.0]);
    let there = &run.timeline.databases[0].replicas;
    assert_eq!((there[110], there[120], there[359]), (2.0, 1.0, 1.0));
    let kept = reads("60m", rate, "", "{ cpu = 50, min = 0, max = 3, boot = \"50s\", scale_in = false }");
    assert!(times(&kept, "1 replica removed").is_empty());
}

#[test]
fn replicas_that_get_no_connection_are_warned_of() {
    let warned = |pool: &str| {
        let run = reads("1m", "\"10/s\"", pool, "{ connections = 20, max = 5 }");
        run.warnings
            .iter()
            .any(|it| it.message.starts_with("replicas that are added to database `shop` get no connection"))
    };
    assert!(warned("") && !warned(", max_lifetime = \"30m\""));
}

/// Outside of a fleet each request has a connection of its own: the reader endpoint leads to one replica after the other.
#[test]
fn reads_outside_of_a_fleet_go_to_the_reader_endpoint() {
    let run = run(
        "duration = \"100s\"\n[traffic.t]\nrate = \"10/s\"\ninterarrival = \"100ms\"\n[request.page]\n\
         steps = [{ read = \"db\", demand = \"10ms\" }]\n[database.db]\nwriter = \"db.r6g.large\"\nreplicas = 2\n",
        1,
    );
    let (database, series) = (&run.databases[0], &run.timeline.databases[0]);
    assert!(database.reads > 900.0 && database.reads == database.replica_reads, "{database:?}");
    // 100 ms of CPU a second, on four cores of the replicas, none on the writer.
    assert!(near(series.replica_cpu_percent[50], 2.5), "{:?}", series.replica_cpu_percent);
    assert_eq!(series.writer_cpu_percent[50], 0.0);
}

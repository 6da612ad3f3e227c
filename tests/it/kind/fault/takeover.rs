//! Failovers that are asked for, addresses that hosts keep, new writers and crashes, worked out by hand.

use simcap::outcome::{Outcome, Resource};

use super::{incidents, when};
use crate::run::run;

/// Requests from a fleet in a zone that is never lost, one a second for each of its instances.
fn shop(instances: u32, steps: &str, database: &str, fault: &str) -> Outcome {
    run(
        &format!(
            "duration = \"240s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"{instances}/s\"\ninterarrival = \"{}ms\"\n\
             client = {{ round_trip = \"0s\" }}\n[request.page]\nvia = \"web\"\nsteps = [{steps}]\n[fleet.web]\n\
             instance = \"m5.large\"\nazs = [\"f\"]\nthreads = \"unlimited\"\ninstances = {instances}\n\
             pools = {{ shop = {{ writer = 5, reader = 5, timeout = \"1s\" }} }}\n\
             [database.shop]\nwriter = \"db.r6g.large\"\nmax_connections = 2000\nhop = \"0s\"\n{database}\n\
             [fault.bad]\ndatabase = \"shop\"\nat = \"60.05s\"\n{fault}\n",
            1_000 / instances
        ),
        1,
    )
}

const WRITE: &str = "{ write = \"shop\", demand = \"1ms\" }";
const READ: &str = "{ read = \"shop\", demand = \"1ms\" }";
const AURORA: &str = "replicas = 1\nazs = [\"a\", \"b\"]\nfailover = \"40s\"";

fn failed<'a>(run: &'a Outcome, cause: &str) -> &'a [f64] {
    run.timeline.failed.get(cause).map_or(&[], |rows| rows.as_slice())
}

fn sum(rows: &[f64]) -> f64 {
    rows.iter().sum()
}

/// The old writer is a replica from 100.05 s on, and each of a hundred hosts keeps its address for up to 10 s, 5 s on the mean. Until then
/// it sends its write of each second there, and that of the second before, which has waited: 600 errors, with a standard deviation of 29.
#[test]
fn writes_go_to_the_old_writer_until_the_address_is_looked_up() {
    let database = format!("{AURORA}\ndns_ttl = \"10s\"");
    let run = shop(100, WRITE, &database, "effect = \"fails-over\"");
    assert_eq!(when(&run, "the writer stops, so that another node takes over"), 60.05);
    assert_eq!(when(&run, "a replica takes over from the writer"), 100.05);
    assert_eq!(when(&run, "a replica is back after a restart"), 100.05);
    let errors = run.databases[0].read_only;
    assert!((errors - 600.0).abs() < 4.0 * 29.0, "{errors}");
    let broken = failed(&run, "database_unavailable");
    assert!(sum(&broken[111..]) == 0.0 && sum(&broken[101..110]) > 300.0, "{broken:?}");
    assert_eq!(sum(&failed(&run, "pool_timeout")[102..]), 0.0, "there are connections");
    // That is what the failures after the takeover come of.
    let old = Resource::OldAddresses { database: 0 };
    let links = run.phases.iter().filter(|phase| phase.trouble).flat_map(|phase| &phase.chain);
    let link = links.into_iter().find(|link| link.resource == Some(old)).unwrap();
    assert!(
        link.text.contains("100 instances still have the address of the old writer of `shop`"),
        "{}",
        link.text
    );
    // All of them are to the new writer in the end, and the replica has its own.
    let series = &run.timeline.databases[0];
    assert_eq!((series.writer_connections[120], series.replica_connections[120]), (500.0, 500.0));
    assert_eq!(
        shop(100, WRITE, &format!("{AURORA}\ndns_ttl = \"0s\""), "effect = \"fails-over\"").databases[0]
            .read_only,
        0.0
    );
}

/// Nothing answers at the old address while that machine is lost: pools have no connection until their hosts look up the new one.
#[test]
fn nothing_answers_at_the_address_of_a_writer_that_is_lost() {
    let fault = "node = \"writer\"\neffect = \"dies\"\nfor = \"100s\"";
    let until = |ttl: &str| {
        let run = shop(100, WRITE, &format!("{AURORA}\ndns_ttl = \"{ttl}\""), fault);
        assert_eq!(run.databases[0].read_only, 0.0);
        let waited = failed(&run, "pool_timeout");
        assert_eq!(sum(&waited[112..]), 0.0);
        sum(&waited[102..])
    };
    assert_eq!(until("0s"), 0.0);
    // Of each host the writes of 5 s on the mean, of which those of its last second get a connection; 101.05 s begins in row 101.
    let late = until("10s");
    assert!((250.0..=450.0).contains(&late), "{late}");
}

/// A proxy knows where the writer is.
#[test]
fn a_proxy_keeps_no_address() {
    let database =
        format!("{AURORA}\ndns_ttl = \"100s\"\nproxy = {{ failover = \"100%\", borrow_timeout = \"1s\" }}");
    let run = shop(10, WRITE, &database, "effect = \"fails-over\"");
    assert_eq!(run.databases[0].read_only, 0.0);
    let failed = failed(&run, "pool_timeout");
    assert!(sum(&failed[62..99]) > 300.0 && sum(&failed[102..]) == 0.0, "{failed:?}");
}

/// A writer of Aurora without replicas is made anew in its zone; that of a whole cluster that is gone is not.
#[test]
fn a_new_writer_of_aurora_is_made_where_there_is_no_replica() {
    let database = "recreate = \"100s\"\ndns_ttl = \"0s\"";
    let run = shop(10, WRITE, database, "node = \"writer\"\neffect = \"dies\"\nfor = \"170s\"");
    assert_eq!(when(&run, "a new writer is made in place of the lost one"), 160.05);
    let waited = failed(&run, "pool_timeout");
    assert!(waited[62..159].iter().all(|rate| *rate == 10.0) && sum(&waited[162..]) == 0.0, "{waited:?}");
    let all = shop(10, WRITE, database, "effect = \"dies\"\nfor = \"170s\"");
    assert!(!incidents(&all).iter().any(|it| it.1.starts_with("a new writer")), "{:?}", incidents(&all));
    assert_eq!(when(&all, "the writer is back"), 230.05);
}

/// Both nodes are lost; the replica is back at 90.05 s and takes over 40 s later, long before a new writer would be there.
#[test]
fn a_replica_that_is_back_takes_over_before_a_new_writer_is_made() {
    let database = format!("{AURORA}\nrecreate = \"150s\"");
    let fault = "node = \"writer\"\neffect = \"dies\"\nfor = \"170s\"\n[fault.too]\ndatabase = \"shop\"\nnode = \"replica\"\nat = \"60.01s\"\n\
                 effect = \"dies\"\nfor = \"30.04s\"";
    let run = shop(10, WRITE, &database, fault);
    assert_eq!(when(&run, "a replica takes over from the writer"), 130.05);
}

/// Two standbys that are read from, of which one takes over; a commit takes 1 ms on the mean.
#[test]
fn a_standby_of_a_cluster_that_can_be_read_from_takes_over() {
    let database = "engine = \"mysql\"\nmulti_az = \"cluster\"\ndns_ttl = \"0s\"";
    let run = shop(
        100,
        &format!("{WRITE}, {READ}"),
        database,
        "node = \"writer\"\neffect = \"dies\"\nfor = \"170s\"",
    );
    let at = when(&run, "a replica takes over from the writer");
    assert!((80.05..=95.05).contains(&at), "{at}");
    assert!(run.timeline.databases[0].replicas[30] == 2.0 && run.timeline.databases[0].replicas[120] == 1.0);
    let reads = run.databases[0].replica_reads / run.databases[0].reads;
    assert!(reads > 0.99, "{reads}");
}

/// 10 commits a second of which each takes 200 ms to apply: after 60.05 s half of the 600 are applied, and the others take 60 s more.
#[test]
fn a_standby_of_a_cluster_applies_its_log_before_it_writes() {
    let database =
        "engine = \"mysql\"\nmulti_az = \"cluster\"\nfailover = \"10s\"\nreplication = { apply = \"200ms\" }";
    let run = shop(10, WRITE, database, "effect = \"fails-over\"");
    let at = when(&run, "a replica takes over from the writer");
    assert!((at - 120.1).abs() <= 0.3, "{at}");
    let quick = shop(10, WRITE, &database.replace("200ms", "1ms"), "effect = \"fails-over\"");
    assert_eq!(when(&quick, "a replica takes over from the writer"), 70.05);
}

/// Both standbys were away when the writer was lost, and are back at 70 s: one of them takes over 10 s later, though nobody ships what it lacks.
#[test]
fn a_standby_of_a_cluster_that_was_away_takes_over_when_it_is_back() {
    let database =
        "engine = \"mysql\"\nmulti_az = \"cluster\"\nazs = [\"a\", \"b\", \"c\"]\nfailover = \"10s\"";
    let away = |zone: &str| format!("[fault.{zone}]\nzone = \"{zone}\"\nat = \"50s\"\nfor = \"20s\"");
    let fault = format!("effect = \"dies\"\nnode = \"writer\"\n{}\n{}", away("b"), away("c"));
    let run = shop(10, WRITE, database, &fault);
    assert_eq!(when(&run, "a replica takes over from the writer"), 80.0);
    assert_eq!(sum(&failed(&run, "pool_timeout")[95..]), 0.0);
}

/// Ten commits of 2 s begin each second: twenty are under way when the writer stops, and their clients cannot know.
#[test]
fn commits_under_way_when_the_connection_breaks_are_counted() {
    let database = format!("{AURORA}\ncommit = \"2s\"\ndns_ttl = \"0s\"");
    let count = |steps: &str| {
        let pool = shop(10, steps, &database, "effect = \"fails-over\"").databases[0].unknown_commits;
        assert!(pool == pool.round());
        pool
    };
    assert!((19.0..=21.0).contains(&count(WRITE)), "{}", count(WRITE));
    // A transaction of which nobody has asked for the commit is rolled back, and its client knows that.
    let held = "{ transaction = \"shop\", steps = [{ write = \"1ms\" }, { delay = \"4s\" }] }";
    let count = count(held);
    assert!((19.0..=21.0).contains(&count), "those that commit, and not the forty that wait: {count}");
}

/// A server that crashes answers again after its recovery. The page cache of Aurora outlives it; that of RDS is empty.
#[test]
fn a_server_that_crashes_is_back_and_aurora_has_its_pages() {
    let keys = "{ read = \"shop\", demand = \"1ms\", rows = { count = 1000, zipf = 0 } }";
    let of = |engine: &str| {
        let database = format!("engine = \"{engine}\"\nrow = \"16 KiB\"\nrecovery = \"8s\"");
        let run = shop(100, keys, &database, "effect = \"crashes\"");
        assert_eq!(when(&run, "the writer is back after a restart"), 68.05);
        let waited = failed(&run, "pool_timeout");
        assert!(waited[62..67].iter().all(|rate| *rate == 100.0) && sum(&waited[70..]) == 0.0, "{waited:?}");
        run.databases[0].buffer_hit_ratio.unwrap()
    };
    assert_eq!(of("aurora-mysql"), 1.0);
    assert!(of("mysql") < 0.97, "about a thousand pages of 23,000 are read again");
    assert_eq!(of("aurora-postgresql"), 1.0);
    assert!(of("postgres") < 0.97);
}

/// A replica crashes: the other nodes go on.
#[test]
fn a_replica_that_crashes_is_missing_for_its_recovery() {
    let database = "replicas = 2\nazs = [\"a\", \"b\", \"c\"]\nrecovery = \"8s\"";
    let run = shop(10, &format!("{WRITE}, {READ}"), database, "node = \"replica\"\neffect = \"crashes\"");
    assert_eq!(when(&run, "a replica is back after a restart"), 68.05);
    let there = &run.timeline.databases[0].replicas;
    assert_eq!((there[59], there[64], there[70]), (2.0, 1.0, 2.0));
    assert!(sum(failed(&run, "database_unavailable")) <= 2.0);
}

/// A replica of Aurora takes over after 40 s, a standby of RDS after 80 s, and one of two of a cluster after 25 s: the same incidents, and as many requests
/// that fail.
#[test]
fn postgresql_fails_over_as_mysql_does() {
    let of = |engine: &str, more: &str| {
        let database = format!("engine = \"{engine}\"\nazs = [\"a\", \"b\", \"c\"]\n{more}");
        let run = shop(10, WRITE, &database, "node = \"writer\"\neffect = \"dies\"\nfor = \"170s\"");
        let incidents: Vec<String> = incidents(&run).iter().map(|it| format!("{it:?}")).collect();
        (incidents, run.requests.failed)
    };
    for (mysql, postgres, more, at) in [
        ("aurora-mysql", "aurora-postgresql", "replicas = 1\nfailover = \"40s\"", "100.05"),
        ("mysql", "postgres", "multi_az = true\nfailover = \"80s\"", "140.05"),
        ("mysql", "postgres", "multi_az = \"cluster\"\nfailover = \"25s\"", "85.05"),
    ] {
        let found = of(postgres, more);
        assert!(found.0.iter().any(|it| it.contains(at) && it.contains("takes over")), "{at}: {found:?}");
        assert_eq!(found, of(mysql, more));
    }
}

/// The writer is away from 60.05 s to 80.05 s. Nothing is under way when it ends; the ten requests of each second wait for 5 s, so the first one fails at
/// 65.1 s, and the last one, which came at 75 s, at 80 s: 150. Those that came after it are answered late, in row 80, and row 81 is as before.
#[test]
fn what_waits_for_a_crashed_server_and_fails_later_is_felt() {
    let text = "duration = \"240s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\ninterarrival = \"100ms\"\nclient = { round_trip = \"0s\" }\n\
                [request.page]\nvia = \"web\"\nsteps = [{ write = \"shop\", demand = \"1ms\" }]\n[fleet.web]\ninstance = \"m5.large\"\n\
                azs = [\"f\"]\nthreads = \"unlimited\"\ninstances = 1\npools = { shop = { writer = 200, timeout = \"5s\" } }\n[database.shop]\n\
                writer = \"db.r6g.large\"\nhop = \"0s\"\nrecovery = \"20s\"\n[fault.bad]\ndatabase = \"shop\"\nat = \"60.05s\"\neffect = \"crashes\"\n";
    let run = run(text, 1);
    let strike = &run.faults[0];
    assert!(strike.mitigated_after_s.is_some_and(|after| (after - 20.95).abs() < 1e-6), "{strike:?}");
    assert_eq!(strike.failed, 150, "{strike:?}");
}

/// A crash is over when the server has started again; a failover that was asked for when the old writer is a replica, or the standby writes. One that finds
/// the writer away takes nothing, and is over at once.
#[test]
fn a_restart_ends_a_crash_and_a_failover() {
    let times = |database: &str, fault: &str| {
        let run = shop(10, WRITE, database, fault);
        let seconds = |it: Option<f64>| it.map(|it| (it * 1e3).round() / 1e3);
        let of = |it: &simcap::outcome::Strike| (seconds(it.until_s), seconds(it.recovered_after_s));
        run.faults.iter().map(of).collect::<Vec<_>>()
    };
    let ended = |until, after| (Some(until), Some(after));
    assert_eq!(times("recovery = \"8s\"", "effect = \"crashes\""), [ended(68.05, 8.0)]);
    assert_eq!(times(AURORA, "effect = \"fails-over\""), [ended(100.05, 40.0)]);
    let standby = "engine = \"mysql\"\nmulti_az = true\nfailover = \"30s\"";
    assert_eq!(times(standby, "effect = \"fails-over\""), [ended(90.05, 30.0)]);
    let again = |effect: &str| {
        format!("effect = \"crashes\"\n[fault.too]\ndatabase = \"shop\"\nat = \"62s\"\neffect = \"{effect}\"")
    };
    let database = format!("{AURORA}\nrecovery = \"8s\"");
    for effect in ["crashes", "fails-over"] {
        assert_eq!(times(&database, &again(effect)), [ended(68.05, 8.0), ended(62.0, 0.0)], "{effect}");
    }
    assert_eq!(times("recovery = \"200s\"", "effect = \"crashes\""), [(None, None)]);
}

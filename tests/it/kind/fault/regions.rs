//! A second Region of Aurora that takes over, worked out by hand.

use simcap::outcome::Outcome;

use super::when;
use crate::run::run;

/// Ten writes a second, 1 ms each, and a second Region that has each of them after 0.55 s.
fn shop(database: &str, faults: &str) -> Outcome {
    run(
        &format!(
            "duration = \"240s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\ninterarrival = \"100ms\"\n\
             client = {{ round_trip = \"0s\" }}\n[request.page]\nvia = \"web\"\n\
             steps = [{{ write = \"shop\", demand = \"1ms\" }}]\n[fleet.web]\n\
             instance = \"m5.large\"\nazs = [\"f\"]\nthreads = \"unlimited\"\ninstances = 1\n\
             pools = {{ shop = {{ writer = 5, reader = 5, timeout = \"1s\" }} }}\n\
             [database.shop]\nwriter = \"db.r6g.large\"\nhop = \"0s\"\ncommit = \"0s\"\ndns_ttl = \"0s\"\n{database}\n{faults}\n",
        ),
        1,
    )
}

const GLOBAL: &str = "global = { lag = \"550ms\", failover = \"60s\", switchover = \"40s\" }";

fn fault(name: &str, effect: &str, at: &str) -> String {
    format!("[fault.{name}]\ndatabase = \"shop\"\neffect = \"{effect}\"\nat = \"{at}\"\n")
}

/// A commit each 100 ms, 1 ms after a whole tenth: those at 59.501 s and later are not there at 60.05 s: 59.501 to 60.001, six of them.
#[test]
fn a_failover_to_another_region_loses_what_is_not_there() {
    let run = shop(GLOBAL, &fault("move", "promotes", "60.05s"));
    assert_eq!(run.databases[0].lost_commits, 6.0);
    let span = run.databases[0].lost_span_s;
    assert!((span - 0.549).abs() < 1e-6, "{span}: from 59.501 s");
    assert_eq!(when(&run, "the second Region takes over: 6 commits that it has not got are lost"), 60.05);
    assert_eq!(when(&run, "the second Region writes"), 120.05);
    let series = &run.timeline.databases[0];
    assert!(series.writes[62..119].iter().all(|writes| *writes == 0.0), "{:?}", series.writes);
    assert_eq!(series.writes[130], 10.0);
    assert_eq!((series.global[0].sent[30], series.global[0].sent[130]), (10.0, 0.0));
    assert_eq!(series.global[0].lag_ms[30], 550.0);
}

/// It takes 40 s, and nothing is lost.
#[test]
fn a_switchover_to_another_region_loses_nothing() {
    let run = shop(GLOBAL, &fault("move", "switches-over", "60.05s"));
    assert_eq!((run.databases[0].lost_commits, run.databases[0].lost_span_s), (0.0, 0.0));
    assert_eq!(when(&run, "the second Region writes"), 100.05);
    let series = &run.timeline.databases[0];
    assert_eq!((series.writes[90], series.writes[110]), (0.0, 10.0));
    assert_eq!(series.global[0].sent[130], 10.0, "the first one is the second one now");
}

/// The last commit before 60.05 s was at 60.001 s, and is there 50 s later.
#[test]
fn a_switchover_waits_for_the_last_commit() {
    let late = GLOBAL.replace("550ms", "50s");
    let run = shop(&late, &fault("move", "switches-over", "60.05s"));
    let writes = when(&run, "the second Region writes");
    assert!((writes - 110.001).abs() < 1e-3, "{writes}");
}

/// All nodes are lost at 30 s, for good. What had been committed is there by 60.05 s.
#[test]
fn another_region_takes_over_from_a_dead_one() {
    let faults = fault("dies", "dies", "30s") + &fault("move", "promotes", "60.05s");
    let run = shop(&format!("replicas = 1\nazs = [\"a\", \"b\"]\n{GLOBAL}"), &faults);
    assert_eq!(run.databases[0].lost_commits, 0.0);
    let writes = &run.timeline.databases[0].writes;
    assert_eq!((writes[100], writes[130], writes[239]), (0.0, 10.0, 10.0));
}

/// There and back again.
#[test]
fn roles_of_regions_are_exchanged() {
    let faults = fault("there", "switches-over", "30s") + &fault("back", "switches-over", "120s");
    let run = shop(&format!("replicas = 2\n{GLOBAL}"), &faults);
    assert_eq!(when(&run, "the second Region writes"), 70.0);
    assert_eq!(when(&run, "the first Region writes again"), 160.0);
    let replicas = &run.timeline.databases[0].replicas;
    assert_eq!((replicas[20], replicas[100], replicas[180]), (2.0, 0.0, 2.0));
    // Zone a of the first Region is lost after the first switchover, and nobody feels it.
    let zone = "[fault.zone]\nzone = \"a\"\nat = \"100s\"\nfor = \"60s\"\n";
    let run = shop(&format!("azs = [\"a\"]\n{GLOBAL}"), &(fault("there", "switches-over", "30s") + zone));
    assert_eq!(run.timeline.databases[0].writes[130], 10.0);
}

/// Two replicas in the first Region, and one beside the writer in the second one.
#[test]
fn the_nodes_of_the_second_region_take_over() {
    let global = GLOBAL.replace("{ lag", "{ nodes = 2, lag");
    let run = shop(&format!("replicas = 2\n{global}"), &fault("move", "switches-over", "60.05s"));
    let series = &run.timeline.databases[0];
    assert_eq!((series.replicas[50], series.replicas[130]), (2.0, 1.0));
    assert_eq!((series.replica_connections[50], series.replica_connections[130]), (5.0, 5.0));
}

/// A node for 240 s, and 10 writes a second.
#[test]
fn a_second_region_is_billed() {
    let run = shop(GLOBAL, "");
    let item = |what: &str| run.bill.items.iter().find(|it| it.what == what).expect("it is billed");
    let nodes = item("db.r6g.large instance-hours of the second Region");
    assert!((nodes.quantity - 240.0 / 3_600.0).abs() < 1e-9, "{nodes:?}");
    let writes = item("replicated write I/O");
    assert!((writes.quantity * 1e6 - 2_400.0).abs() < 2.0, "{writes:?}");
    assert!(item("storage of the second Region").usd > 0.0);
}

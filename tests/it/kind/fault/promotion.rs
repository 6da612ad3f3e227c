//! Read replicas of RDS that are promoted by hand, worked out by hand.

use simcap::outcome::Outcome;

use super::{incidents, when};
use crate::run::{run, scenario};

/// Ten writes a second from one instance, 1 ms each, to RDS, and a promotion at 60.05 s that takes 60 s.
fn shop(steps: &str, database: &str, faults: &str) -> Outcome {
    shop_of("engine = \"mysql\"\npromotion = \"60s\"", steps, database, faults)
}

fn shop_of(engine: &str, steps: &str, database: &str, faults: &str) -> Outcome {
    run(
        &format!(
            "duration = \"240s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\ninterarrival = \"100ms\"\n\
             client = {{ round_trip = \"0s\" }}\n[request.page]\nvia = \"web\"\nsteps = [{steps}]\n[fleet.web]\n\
             instance = \"m5.large\"\nazs = [\"f\"]\nthreads = \"unlimited\"\ninstances = 1\n\
             pools = {{ shop = {{ writer = 5, reader = 5, timeout = \"1s\" }} }}\n[keys.items]\ncount = 10\n\
             [database.shop]\nwriter = \"db.r6g.large\"\nhop = \"0s\"\ncommit = \"0s\"\n{engine}\n\
             {database}\n[fault.move]\ndatabase = \"shop\"\nat = \"60.05s\"\neffect = \"promotes\"\n{faults}\n",
        ),
        1,
    )
}

const WRITE: &str = "{ write = \"shop\", demand = \"1ms\", rows = \"items\" }";
/// A commit is applied 1.05 s after it was answered: ten are under way, whenever one looks.
const SLOW: &str = "replication = { ship = \"1s\", apply = \"0s\" }\ndns_ttl = \"0s\"";

/// Commits at 59.101 s and later have not been applied at 60.05 s: ten of them. From then on there is no writer for 60 s.
#[test]
fn what_the_replica_had_not_applied_is_lost() {
    let run = shop(WRITE, &format!("replicas = 1\n{SLOW}"), "");
    assert_eq!(run.databases[0].lost_commits, 10.0);
    let span = run.databases[0].lost_span_s;
    assert!((span - 0.949).abs() < 1e-6, "{span}: from 59.101 s");
    let text = "a replica is promoted: 10 commits that it had not applied are lost";
    assert_eq!(when(&run, text), 60.05);
    assert_eq!(when(&run, "the promoted replica writes"), 120.05);
    let series = &run.timeline.databases[0];
    assert!(series.writes[61..119].iter().all(|writes| *writes == 0.0), "{:?}", series.writes);
    assert_eq!((series.writes[130], series.replicas[130]), (10.0, 0.0));
    let all = run.databases[0].commits;
    // 10 a second for 180 s, but for the last ones that wait when the run ends.
    assert!((all - 1_800.0).abs() < 12.0, "{all}");
    let late = shop(WRITE, "replicas = 1\nreplication = { ship = \"0s\", apply = \"0s\" }", "");
    assert_eq!(late.databases[0].lost_commits, 0.0);
    assert_eq!(when(&late, "a replica is promoted: it has applied all commits"), 60.05);
}

/// Hosts that keep the address of the old writer find nothing there until they look it up: for up to 60 s after 120.05 s.
#[test]
fn clients_find_the_new_writer_when_they_look_its_name_up() {
    let run = shop(WRITE, "replicas = 1\ndns_ttl = \"60s\"", "");
    let writes = &run.timeline.databases[0].writes;
    let first = (119..240).find(|row| writes[*row] > 0.0).expect("they find it");
    assert!((121..=181).contains(&first), "{first}");
    let at_once = shop(WRITE, "replicas = 1\ndns_ttl = \"0s\"", "");
    assert!(at_once.timeline.databases[0].writes[121] > 0.0);
}

/// The writer dies at 30 s, and nothing takes over until the replica is promoted. What is a second under way to it then never arrives: the commits at 29.001 s
/// to 29.901 s. When the old writer is back, it is no part of the database.
#[test]
fn a_replica_is_promoted_after_the_writer_was_lost() {
    let dies = "[fault.dies]\ndatabase = \"shop\"\nnode = \"writer\"\neffect = \"dies\"\nat = \"30s\"\nfor = \"170s\"";
    let run = shop(WRITE, &format!("replicas = 1\n{SLOW}"), dies);
    assert_eq!(run.databases[0].lost_commits, 10.0);
    let span = run.databases[0].lost_span_s;
    assert!((span - 0.999).abs() < 1e-6, "{span}: until the writer died");
    let series = &run.timeline.databases[0];
    assert_eq!((series.writes[100], series.writes[130], series.writes[220]), (0.0, 10.0, 10.0));
    assert_eq!(series.replicas[220], 0.0, "the old writer does not come back as a replica");
    let warned = |run: &Outcome| run.warnings.iter().any(|it| it.message.contains("nothing takes over"));
    assert!(!warned(&run), "{:?}", run.warnings);
}

/// Each commit takes 200 ms of the one applier: of the 600 from 0.101 s to 60.001 s, 299 are applied at 60.05 s. MySQL stops there; PostgreSQL applies what it
/// has in its log, up to 0.101 + 600 x 0.2 = 120.101 s, and writes after that.
#[test]
fn postgres_applies_what_it_has_received_before_it_writes() {
    let slow = "replicas = 1\nreplication = { ship = \"0s\", apply = \"200ms\" }\ndns_ttl = \"0s\"";
    let of = |engine: &str| shop_of(&format!("engine = \"{engine}\"\npromotion = \"10s\""), WRITE, slow, "");
    let (mysql, postgres) = (of("mysql"), of("postgres"));
    assert_eq!((mysql.databases[0].lost_commits, postgres.databases[0].lost_commits), (301.0, 0.0));
    assert_eq!(when(&mysql, "the promoted replica writes"), 70.05);
    assert_eq!(when(&postgres, "a replica is promoted: it applies what it has received"), 60.05);
    let writes = when(&postgres, "the promoted replica writes");
    assert!((writes - 120.101).abs() < 1e-6, "{writes}");
}

/// The writer dies at 30 s for 10 s. What was a second under way is sent anew when it is back at 40 s, and is there at 41 s.
#[test]
fn what_was_under_way_is_shipped_anew_by_a_writer_that_is_back() {
    let dies = "[fault.dies]\ndatabase = \"shop\"\nnode = \"writer\"\neffect = \"dies\"\nat = \"30s\"\nfor = \"10s\"";
    let run = shop(WRITE, &format!("replicas = 1\n{SLOW}"), dies);
    let lag = &run.timeline.databases[0].lag_ms;
    assert!((lag[40] - 11_999.0).abs() < 1.0, "from 29.001 s to 41 s: {:?}", &lag[25..45]);
    assert_eq!(run.databases[0].lost_commits, 10.0, "those of the second before the promotion");
}

/// The other replica goes on to answer, and sees nothing of what is written from then on.
#[test]
fn other_replicas_follow_the_old_writer() {
    let steps = format!("{WRITE}, {{ read = \"shop\", demand = \"1ms\", rows = \"items\" }}");
    let run = shop(&steps, "replicas = 2\ndns_ttl = \"0s\"", "");
    let series = &run.timeline.databases[0];
    assert_eq!(series.replicas[130], 1.0);
    // A read misses a write of the millisecond before; then it misses nearly every row.
    let before: f64 = series.stale_reads[..60].iter().sum();
    assert!(before < 60.0 * 3.0 && series.stale_reads[220] > 9.0, "{:?}", series.stale_reads);
    assert!(series.lag_ms[220] > 90_000.0, "{:?}", series.lag_ms);
}

/// A standby does not take over any more: it is that of the old writer.
#[test]
fn a_promoted_replica_has_no_standby() {
    let dies = "[fault.dies]\ndatabase = \"shop\"\nnode = \"writer\"\neffect = \"dies\"\nat = \"150s\"\nfor = \"200s\"";
    let run = shop(WRITE, "replicas = 1\nmulti_az = true\ndns_ttl = \"0s\"\nfailover = \"10s\"", dies);
    assert!(incidents(&run).iter().all(|it| !it.1.contains("standby takes over")), "{:?}", incidents(&run));
    assert_eq!(run.timeline.databases[0].writes[220], 0.0);
}

/// What cannot be promoted is refused.
#[test]
fn a_promotion_needs_a_replica_of_rds() {
    let refused = |database: &str| {
        let text = format!(
            "duration = \"10s\"\n[traffic.all]\nrate = \"1/s\"\n[request.work]\nsteps = [{{ write = \"shop\", demand = \"0s\" }}]\n\
             [database.shop]\nwriter = \"db.r6g.large\"\n{database}\n[fault.move]\ndatabase = \"shop\"\nat = \"1s\"\neffect = \"promotes\"\n"
        );
        std::panic::catch_unwind(|| scenario(&text)).is_err()
    };
    assert!(refused("replicas = 1") && refused("engine = \"mysql\""));
    assert!(!refused("engine = \"mysql\"\nreplicas = 1"));
}

/// Ten writes a second take 200 ms each on a replica: 200 % until it is promoted at 60 s, and nothing after that. It is 30 s behind by then, and
/// the last write would have been there 60 s after it: in the rows as in the table.
#[test]
fn a_promoted_replica_applies_nothing_any_more() {
    let run =
        shop(WRITE, "replicas = 1\nreplication = { ship = \"0s\", apply = \"200ms\" }\ndns_ttl = \"0s\"", "");
    let appliers = run.headroom.iter().find(|it| it.resource.contains("appliers")).unwrap();
    assert!(appliers.saturated && (appliers.as_it_stood.busy / 2.0 - 1.0).abs() < 0.01, "{appliers:?}");
    let rows = run.timeline.databases[0].lag_ms[..61].iter().copied().fold(0.0, f64::max);
    let told = run.databases[0].lag_ms.max;
    assert!((rows / 60_000.0 - 1.0).abs() < 0.01 && (told / rows - 1.0).abs() < 0.01, "{rows} {told}");
}

/// One replica can be promoted once; of two the second one only when the first promotion, of 60 s, is over.
#[test]
fn a_promotion_that_finds_no_replica_is_warned_of() {
    let again =
        |at: &str| format!("[fault.again]\ndatabase = \"shop\"\nat = \"{at}\"\neffect = \"promotes\"");
    let warned = |replicas: u32, at: &str| {
        let run = shop(WRITE, &format!("replicas = {replicas}\n{SLOW}"), &again(at));
        let found = run.warnings.iter().find(|it| it.message.starts_with("fault `again` promotes"));
        (
            found.map(|it| it.message.clone()),
            incidents(&run).iter().filter(|it| it.1.starts_with("no promotion")).count(),
        )
    };
    let (message, refused) = warned(1, "150s");
    let words =
        "fault `again` promotes a replica of database `shop` of which no replica is left: it had 1 replica";
    assert_eq!((message.as_deref(), refused), (Some(words), 1));
    let (message, refused) = warned(2, "90s");
    assert!(message.unwrap().ends_with("while another one is under way") && refused == 1);
    assert_eq!(warned(2, "150s"), (None, 0));
}

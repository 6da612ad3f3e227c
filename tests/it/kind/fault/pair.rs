//! The two Regions of a Global Database: what comes from one to the other, and how they are a pair again after a failover. Worked out by hand.

use simcap::outcome::Outcome;

use super::when;
use crate::run::run;

/// Ten writes a second of 1 ms each, from N. Virginia to a database in Seoul, 174 ms away there and back by the table of Regions: commits at 88 ms after
/// each tenth. N. Virginia has each of them 0.55 s later.
fn shop(more: &str) -> Outcome {
    run(
        &format!(
            "region = \"ap-northeast-2\"\nduration = \"400s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\n\
             interarrival = \"100ms\"\nclient = {{ round_trip = \"0s\" }}\n[request.page]\nvia = \"web\"\n\
             steps = [{{ write = \"shop\", demand = \"1ms\" }}]\n[fleet.web]\nregion = \"us-east-1\"\n\
             instance = \"m5.large\"\nazs = [\"f\"]\nthreads = \"unlimited\"\ninstances = 1\n\
             pools = {{ shop = {{ writer = 5, reader = 5, timeout = \"1s\" }} }}\n\
             [database.shop]\nwriter = \"db.r6g.large\"\nhop = \"0s\"\ncommit = \"0s\"\ndns_ttl = \"0s\"\n\
             global = {{ region = \"us-east-1\", lag = \"550ms\", failover = \"60s\", switchover = \"40s\", rejoin = \"30s\" }}\n{more}\n",
        ),
        1,
    )
}

const SEOUL_LOST: &str = "[fault.seoul]\nregion = \"ap-northeast-2\"\nat = \"60.05s\"\n";
const PROMOTE: &str = "[fault.move]\ndatabase = \"shop\"\neffect = \"promotes\"\nat = \"90s\"\n";

/// What was under way when Seoul was lost, the commits at 59.588 s to 59.988 s, is not there half a minute later either.
#[test]
fn a_lost_region_sends_nothing() {
    let run = shop(&format!("{SEOUL_LOST}{PROMOTE}"));
    assert_eq!(run.databases[0].lost_commits, 5.0);
    let span = run.databases[0].lost_span_s;
    assert!((span - 0.462).abs() < 1e-6, "{span}: from 59.588 s to 60.05 s");
    assert_eq!(when(&run, "no commit comes to the second Region any more: it lacks 5 commits"), 60.05);
    assert_eq!(when(&run, "the second Region takes over: 5 commits that it has not got are lost"), 90.0);
    // Nodes that die leave their storage, which goes on to send.
    let dies = "[fault.dies]\ndatabase = \"shop\"\neffect = \"dies\"\nat = \"60.05s\"\n";
    assert_eq!(shop(&format!("{dies}{PROMOTE}")).databases[0].lost_commits, 0.0);
}

/// Seoul is back at 120.05 s, and what it had not sent is there at 120.6 s. Nothing is lost.
#[test]
fn what_a_lost_region_had_not_sent_comes_when_it_is_back() {
    let run = shop(&format!("{SEOUL_LOST}for = \"60s\"\n"));
    assert_eq!(run.databases[0].lost_commits, 0.0);
    let series = &run.timeline.databases[0].global[0];
    let near = |row: usize, ms: f64| (series.lag_ms[row] - ms).abs() < 1e-3;
    assert!(
        near(50, 550.0) && near(90, 31_412.0) && near(120, 61_012.0) && near(130, 550.0),
        "{:?}",
        series.lag_ms
    );
    assert_eq!((series.sent[90], series.sent[130]), (0.0, 10.0));
    assert_eq!(when(&run, "commits come to the second Region again"), 120.05);
}

/// The second Region is lost: commits wait for it, and it takes nothing over.
#[test]
fn a_second_region_that_is_lost_gets_nothing() {
    let lost = "[fault.lost]\nregion = \"eu-west-1\"\nat = \"60.05s\"\nfor = \"60s\"\n";
    let text = "region = \"ap-northeast-2\"\nduration = \"200s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\n\
         interarrival = \"100ms\"\n[request.page]\nsteps = [{ write = \"shop\", demand = \"1ms\" }]\n\
         [database.shop]\nwriter = \"db.r6g.large\"\nhop = \"0s\"\ncommit = \"0s\"\n\
         global = { region = \"eu-west-1\", lag = \"550ms\" }\n";
    let run = run(&format!("{text}{lost}{PROMOTE}"), 1);
    let refused =
        "the second Region does not take over: there is none, or it or the writer of a switchover is lost";
    assert_eq!(when(&run, refused), 90.0);
    let series = &run.timeline.databases[0];
    assert_eq!((series.writes[100], series.global[0].sent[100]), (10.0, 10.0));
    // The first commit after 59.5 s was at 59.501 s; it comes at 120.6 s.
    assert!((series.global[0].lag_ms[120] - 61_099.0).abs() < 1e-3, "{:?}", series.global[0].lag_ms);
}

/// Seoul is back at 180.05 s, and is the second Region 30 s later, at 210.05 s. Those who wait for that switch over, which takes 40 s.
#[test]
fn a_region_that_was_left_becomes_the_second_one_and_then_the_first() {
    let home =
        "[runbook.home]\nat = \"100s\"\nsteps = [{ wait_for = \"shop\" }, { switch_over = \"shop\" }]\n";
    let run = shop(&format!("{SEOUL_LOST}for = \"120s\"\n{PROMOTE}{home}"));
    assert_eq!(when(&run, "the second Region writes, us-east-1"), 150.0);
    assert_eq!(when(&run, "the Region that was left is made anew as the second one"), 180.05);
    assert_eq!(when(&run, "there is a second Region again, which has all commits"), 210.05);
    assert_eq!(when(&run, "switches over database `shop`"), 210.05);
    assert_eq!(when(&run, "the first Region writes again"), 250.05);
    let series = &run.timeline.databases[0];
    let sent = &series.global[0].sent;
    assert_eq!((sent[200], sent[300]), (0.0, 10.0));
    assert_eq!((series.writes[200], series.writes[230], series.writes[300]), (10.0, 0.0, 10.0));
    assert_eq!(run.databases[0].lost_commits, 5.0, "the switchover loses nothing");
}

/// Seoul was never lost: it is made anew when the failover is over, at 150 s. Lost at 160 s for 40 s, it is begun again.
#[test]
fn a_region_is_made_anew_from_the_start_when_it_is_lost_meanwhile() {
    let drill = shop(PROMOTE);
    assert_eq!(when(&drill, "there is a second Region again, which has all commits"), 180.0);
    let lost = "[fault.seoul]\nregion = \"ap-northeast-2\"\nat = \"160s\"\nfor = \"40s\"\n";
    let twice = shop(&format!("{PROMOTE}{lost}"));
    assert_eq!(when(&twice, "there is a second Region again, which has all commits"), 230.0);
}

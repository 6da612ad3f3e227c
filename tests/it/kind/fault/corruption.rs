//! Rows of a database that are wrong, and what helps against it, worked out by hand.

use simcap::outcome::Outcome;

use super::when;
use crate::run::run;

const BAD: &str = "[fault.bad]\ndatabase = \"shop\"\neffect = \"corrupts\"\nat = \"60.05s\"\nshare = ";

/// Ten requests a second, at whole tenths.
fn shop(steps: &str, database: &str, more: &str) -> Outcome {
    retried("0", steps, database, more)
}

/// The same from clients that try again so often, a second later.
fn retried(retries: &str, steps: &str, database: &str, more: &str) -> Outcome {
    run(
        &format!(
            "duration = \"300s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\ninterarrival = \"100ms\"\nrequests = \"page\"\n\
             client = {{ round_trip = \"0s\", retries = {{ max = {retries}, backoff = \"1s\" }} }}\n[request.page]\nvia = \"web\"\nsteps = [{steps}]\n[fleet.web]\n\
             instance = \"m5.large\"\nazs = [\"f\"]\nthreads = \"unlimited\"\ninstances = 1\n\
             pools = {{ shop = {{ writer = 5, reader = 5, timeout = \"1s\" }} }}\n\
             [database.shop]\nwriter = \"db.r6g.large\"\nhop = \"0s\"\ncommit = \"0s\"\ndns_ttl = \"0s\"\n{database}\n{more}\n",
        ),
        1,
    )
}

const WRITE: &str = "{ write = \"shop\", demand = \"1ms\" }";
const READ: &str = "{ read = \"shop\", demand = \"1ms\" }";
const BACKUP: &str = "engine = \"mysql\"\nbackup = { uploads = \"60s\", first_upload = \"0s\", provision = \"30s\", replay = \"0s\" }";

/// The rows in which requests completed.
fn completed(run: &Outcome) -> Vec<usize> {
    (0..300).filter(|&row| run.timeline.completed[row] > 0.0).collect()
}

/// All rows are wrong from 60.05 s on. At 100 s people order what there was before: the log is there at 120 s, and the new database at 150 s. The commit of 60.001 s is lost.
#[test]
fn a_restore_to_before_ends_it() {
    let back = "[runbook.back]\nat = \"100s\"\nsteps = [{ restore = \"shop\", before = \"bad\" }]\n";
    let run = shop(WRITE, BACKUP, &format!("{BAD}\"100%\"\n{back}"));
    assert_eq!(when(&run, "100 % of the rows of `shop` are wrong"), 60.05);
    // 60 s is the second before it, and its log is there.
    assert_eq!(when(&run, "the restored database serves, as of 1m"), 130.0);
    assert_eq!(when(&run, "its rows are right again: it is as it was before they were wrong"), 130.0);
    assert_eq!(run.databases[0].lost_commits, 1.0);
    // 60.1 s to 129.9 s.
    assert_eq!(run.requests.failed_by_cause["corrupt_data"], 699.0);
    let row = |from: usize, to: usize| run.timeline.completed[from..to].iter().sum::<f64>();
    assert_eq!((row(61, 130), row(131, 300)), (0.0, 1_690.0));
    let strike = &run.faults[0];
    assert_eq!((strike.until_s, strike.recovered_after_s), (Some(130.0), Some(69.95)));
    assert_eq!(strike.failed, 699);
}

/// What was uploaded at 120 s is wrong already, and nothing ends it.
#[test]
fn the_latest_backup_is_as_wrong() {
    let back = "[runbook.back]\nat = \"150s\"\nsteps = [{ restore = \"shop\" }]\n";
    let run = shop(WRITE, BACKUP, &format!("{BAD}\"100%\"\n{back}"));
    assert_eq!(when(&run, "the restored database serves, as of 2m"), 180.0);
    assert_eq!(completed(&run).last(), Some(&60));
    assert_eq!(run.faults[0].recovered_after_s, None);
}

/// A replica of Aurora that is 30 s behind answers with what is right until 90.05 s, and a failover at 70 s to another one helps nobody who writes.
#[test]
fn replicas_get_it_with_their_lag_and_a_failover_does_not_help() {
    let late = "replicas = 1\nreplication = { base = \"30s\" }";
    let run = shop(READ, late, &format!("{BAD}\"100%\"\n"));
    assert_eq!(completed(&run).last(), Some(&90), "90.0 s is the last one");
    let over = "failover = \"5s\"\nreplicas = 1";
    let move_on = "[fault.over]\ndatabase = \"shop\"\neffect = \"fails-over\"\nat = \"70s\"\n";
    let run = shop(WRITE, over, &format!("{BAD}\"100%\"\n{move_on}"));
    assert_eq!(completed(&run).last(), Some(&60));
}

/// It is in the second Region 20 s later. Who fails over after 10 s has what is right, and who does after 30 s has not.
#[test]
fn a_second_region_gets_it_with_its_lag() {
    let global = "global = { lag = \"20s\", failover = \"30s\" }";
    let over = |at: &str| {
        format!("{BAD}\"100%\"\n[fault.over]\ndatabase = \"shop\"\neffect = \"promotes\"\nat = \"{at}\"\n")
    };
    let run = shop(WRITE, global, &over("70.05s"));
    assert_eq!(when(&run, "its rows are right again: it is as it was before they were wrong"), 70.05);
    // 50.101 s to 60.001 s.
    assert_eq!(run.databases[0].lost_commits, 100.0);
    assert_eq!(completed(&run).last(), Some(&299));
    assert_eq!(completed(&shop(WRITE, global, &over("90.05s"))).last(), Some(&60));
}

/// A replica of RDS that is 30 s behind has what is right at 80 s, and not at 100 s.
#[test]
fn a_late_replica_that_is_promoted_in_time_is_right() {
    let late = "engine = \"mysql\"\nreplicas = 1\npromotion = \"10s\"\nreplication = { ship = \"30s\", apply = \"0s\" }";
    let over = |at: &str| {
        format!("{BAD}\"100%\"\n[fault.over]\ndatabase = \"shop\"\neffect = \"promotes\"\nat = \"{at}\"\n")
    };
    assert_eq!(completed(&shop(WRITE, late, &over("80s"))).last(), Some(&299));
    assert_eq!(completed(&shop(WRITE, late, &over("100s"))).last(), Some(&60));
}

/// A quarter of 1,000 rows is wrong, always the same ones: of the rows that fail, none ever completes, and of 2,400 requests a quarter fails, within four
/// standard deviations of which rows these are and of who asks for them.
#[test]
fn which_rows_are_wrong_stays_the_same() {
    let read = "{ read = \"shop\", demand = \"1ms\", rows = \"items\" }, { read = \"shop\", demand = \"1ms\", rows = \"items\", same = true }";
    let keys = "[keys.items]\ncount = 1_000\nzipf = 0\n";
    let run = shop(read, "", &format!("{BAD}\"25%\"\n{keys}"));
    let failed = run.requests.failed_by_cause["corrupt_data"];
    let sd = (2_399.0f64 * 0.25 * 0.75).sqrt() + 2_399.0 * (0.25 * 0.75 / 1_000.0f64).sqrt();
    assert!((failed - 2_399.0 * 0.25).abs() < 4.0 * sd, "{failed}");
    // Who has read a row that is right, reads it again: a second draw would fail a quarter of the others, 450 more.
    assert_eq!(run.databases[0].reads, 2.0 * 2_999.0 - failed);
}

/// Who tries again asks for the same row, so it fails again: 598 requests that failed are twice as many attempts, and those of the last second are tried again after the
/// end.
#[test]
fn a_second_try_asks_for_the_same_row() {
    let read = "{ read = \"shop\", demand = \"1ms\", rows = \"items\" }";
    let keys = "[keys.items]\ncount = 1_000\nzipf = 0\n";
    let run = retried("1", read, "", &format!("{BAD}\"25%\"\n{keys}"));
    let (requests, attempts) = (run.requests.failed, run.attempts.failed);
    assert!(
        attempts > 900.0 && (attempts - 2.0 * requests - run.requests.in_flight).abs() < 0.5,
        "{requests} {attempts}"
    );
}

/// One row in a cache for 100 s: filled at 0.1 s, it expires at 100.1 s, and until then it hides what is wrong.
#[test]
fn good_copies_in_a_cache_hide_it_until_they_expire() {
    let step = "{ cache = \"store\", keys = \"items\", miss = { read = \"shop\", demand = \"1ms\", rows = \"items\" } }";
    let keys = "[keys.items]\ncount = 1\nzipf = 0\n[cache.store]\nnode = \"cache.r6g.large\"\nitem = \"1 KiB\"\nttl = \"100s\"\nwarm = \"0%\"\n";
    let run = shop(step, "", &format!("{BAD}\"100%\"\n{keys}"));
    assert_eq!(completed(&run).last(), Some(&100));
}

/// Nobody reads or changes a row of another database.
#[test]
fn only_a_database_that_is_struck_has_wrong_rows() {
    let other = "[request.other]\nsteps = [{ read = \"users\", demand = \"1ms\" }]\n[traffic.others]\nrate = \"1/s\"\nrequests = \"other\"\n\
                 [database.users]\nwriter = \"db.r6g.large\"\n";
    let run = shop(READ, "", &format!("{BAD}\"100%\"\n{other}"));
    let of = |name: &str| run.classes.iter().find(|it| it.name == name).expect("a class").requests.failed;
    assert_eq!((of("other"), of("page")), (0.0, 2_399.0));
}

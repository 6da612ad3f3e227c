//! Databases that are made anew from their backups, worked out by hand.

use simcap::outcome::Outcome;

use crate::kind::incidents;
use crate::run::run;

/// Ten writes a second, each committed 1 ms after a whole tenth, to a database in Seoul.
fn shop(database: &str, more: &str) -> Outcome {
    run(
        &format!(
            "region = \"ap-northeast-2\"\nduration = \"400s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\ninterarrival = \"100ms\"\n\
             client = {{ round_trip = \"0s\" }}\n[request.page]\nvia = \"web\"\nsteps = [{{ write = \"shop\", demand = \"1ms\" }}]\n\
             [fleet.web]\ninstance = \"m5.large\"\nazs = [\"f\"]\nthreads = \"unlimited\"\ninstances = 1\n\
             pools = {{ shop = {{ writer = 5, reader = 5, timeout = \"1s\" }} }}\n\
             [database.shop]\nwriter = \"db.r6g.large\"\nhop = \"0s\"\ncommit = \"0s\"\ndns_ttl = \"0s\"\n{database}\n{more}\n",
        ),
        1,
    )
}

/// Logs are uploaded at 30 s, 90 s, 150 s and so on; a new instance takes 100 s, and a commit that is applied again 1 ms.
fn rds(more: &str) -> String {
    format!(
        "engine = \"mysql\"\nbackup = {{ uploads = \"60s\", first_upload = \"30s\", provision = \"100s\", replay = \"1ms\", snapshot_age = \"0s\"{more} }}"
    )
}

fn restore(at: &str, more: &str) -> String {
    format!("[runbook.back]\nat = \"{at}\"\nsteps = [{{ restore = \"shop\"{more} }}]\n")
}

fn when(run: &Outcome, text: &str) -> f64 {
    let all = incidents(run);
    all.iter().find(|it| it.1 == text).unwrap_or_else(|| panic!("no `{text}` in {all:?}")).0
}

/// The last upload before 200.05 s is that of 150 s, and 1,499 commits are before that. They are applied after the new instance is there at 300.05 s. What the old
/// one commits from 150 s until 301.549 s is lost: 150.001 to 301.501, 1,516 of them.
#[test]
fn what_was_committed_after_the_last_upload_is_lost() {
    let run = shop(&rds(""), &restore("200.05s", ""));
    assert_eq!(when(&run, "it is made anew as it was at 2m30s, which takes 1m41s"), 200.05);
    assert_eq!(when(&run, "the restored database serves, as of 2m30s"), 301.549);
    assert_eq!(when(&run, "1,516 commits after 2m30s are lost"), 301.549);
    let shop = &run.databases[0];
    assert_eq!((shop.lost_commits, shop.commits), (1_516.0, 3_999.0));
    assert!((shop.lost_span_s - 151.501).abs() < 1e-6, "{}", shop.lost_span_s);
    assert_eq!(run.requests.completed, 3_999.0, "it serves until the new one does");
}

/// The old one ends when the order is given: 150.001 to 200.001 are lost.
#[test]
fn an_old_database_that_is_stopped_loses_less() {
    let run = shop(&rds(""), &restore("200.05s", ", stop = true"));
    let shop = &run.databases[0];
    assert_eq!(shop.lost_commits, 501.0);
    assert!((shop.lost_span_s - 50.001).abs() < 1e-6, "{}", shop.lost_span_s);
    let writes = &run.timeline.databases[0].writes;
    assert!(writes[201..301].iter().all(|writes| *writes == 0.0), "{writes:?}");
    assert_eq!(writes[310], 10.0);
}

/// Aurora fills its volume before it serves: 10 GiB at 100 MiB/s take 102.4 s, after 100 s for the instance.
#[test]
fn aurora_serves_when_its_volume_is_there() {
    let aurora = "storage = \"10 GiB\"\nreplicas = 1\nbackup = { uploads = \"60s\", first_upload = \"30s\", provision = \"100s\", rate = \"100 MiB/s\" }";
    let run = shop(aurora, &restore("150s", ""));
    assert_eq!(when(&run, "the restored database serves, as of 2m30s"), 352.4);
    assert_eq!(run.timeline.databases[0].replicas[390], 1.0, "its replica reads the same volume");
    let run = shop(&format!("replicas = 1\n{}", rds("")), &restore("200.05s", ""));
    let replicas = &run.timeline.databases[0].replicas;
    assert_eq!((replicas[290], replicas[310]), (1.0, 0.0), "a replica of RDS follows the old one");
}

/// A time before the last upload is there at once. One after it is when the next log is, at 210 s: 1,699 commits are applied after that.
#[test]
fn a_point_in_time_waits_for_its_log() {
    let run = shop(&rds(""), &restore("200.05s", ", to = \"100s\""));
    assert_eq!(when(&run, "the restored database serves, as of 1m40s"), 301.049);
    assert_eq!(run.databases[0].lost_commits, 2_011.0);
    let run = shop(&rds(""), &restore("200.05s", ", to = \"170s\""));
    assert_eq!(when(&run, "the restored database serves, as of 2m50s"), 311.699);
}

const LOST: &str = "[fault.seoul]\nregion = \"ap-northeast-2\"\nat = \"160s\"\n";

/// The log of 150 s is under way to N. Virginia when Seoul is lost at 160 s: that of 90 s is the last one there. 90.001 to 159.901 are lost.
#[test]
fn the_copy_in_another_region_has_the_last_log_that_arrived() {
    let database = rds(", region = \"us-east-1\", transfer = \"20s\"");
    let there = restore("200.05s", ", region = \"us-east-1\"");
    let run = shop(&database, &(LOST.to_owned() + &there));
    assert_eq!(when(&run, "it is made anew in us-east-1 as it was at 1m30s, which takes 1m40s"), 200.05);
    assert_eq!(when(&run, "the restored database serves, in us-east-1, as of 1m30s"), 300.949);
    let shop_there = &run.databases[0];
    assert_eq!(shop_there.lost_commits, 700.0);
    assert!((shop_there.lost_span_s - 69.901).abs() < 1e-6, "{}", shop_there.lost_span_s);
    // Where it was, there is nothing left to be in.
    let run = shop(&database, &(LOST.to_owned() + &restore("200.05s", "")));
    assert_eq!(when(&run, "no restore: all zones in which it could be are lost"), 200.05);
}

/// From the restored database on the other side of the world a write is answered 174 ms later, by the table of Regions.
#[test]
fn a_database_that_was_restored_elsewhere_is_far_away() {
    let run = shop(&rds(", region = \"us-east-1\""), &restore("200.05s", ", region = \"us-east-1\""));
    let p50 = |row: usize| run.timeline.latency_ms[&simcap::outcome::Percentile::P50][row].unwrap();
    assert!((p50(250) - 1.0).abs() < 0.1 && (p50(350) - 175.0).abs() < 3.0, "{} {}", p50(250), p50(350));
}

/// A snapshot of 600 s is in the other Region at 1,214.4 s (30 GiB at 50 MiB/s), that of 4,200 s would be at 4,814.4 s. Seoul is lost at 4,800 s.
#[test]
fn copies_of_snapshots_go_back_to_the_last_one_that_arrived() {
    let run = run(
        "region = \"ap-northeast-2\"\nduration = \"2h\"\nbucket = \"10s\"\n[traffic.all]\nrate = \"1/s\"\ninterarrival = \"1s\"\n\
         client = { round_trip = \"0s\" }\n[request.page]\nvia = \"web\"\nsteps = [{ write = \"shop\", demand = \"1ms\" }]\n\
         [fleet.web]\ninstance = \"m5.large\"\nthreads = \"unlimited\"\ninstances = 1\npools = { shop = 5 }\n\
         [database.shop]\nwriter = \"db.r6g.large\"\nhop = \"0s\"\ncommit = \"0s\"\ndns_ttl = \"0s\"\nstorage = \"30 GiB\"\n\
         backup = { region = \"us-east-1\", every = \"1h\", first_snapshot = \"10m\", provision = \"100s\" }\n\
         [fault.seoul]\nregion = \"ap-northeast-2\"\nat = \"4800s\"\n\
         [runbook.back]\nat = \"5000s\"\nsteps = [{ restore = \"shop\", region = \"us-east-1\" }]\n",
        1,
    );
    // 30 GiB at 250 MiB/s take 122.88 s, after 100 s.
    assert_eq!(when(&run, "the restored database serves, in us-east-1, as of 10m"), 5_222.88);
    assert_eq!(run.databases[0].lost_commits, 4_200.0);
    // Two copies of 30 GiB were begun, and each is of all the data.
    let sent = run.bill.items.iter().find(|it| it.what == "copies of backups to the other Region").unwrap();
    assert!((sent.quantity - 2.0 * 30.0 * 1.073_741_824).abs() < 1e-6, "{sent:?}");
}

/// A table of 3,200 rows of 16 KiB is in 100 blocks of a snapshot; all of it is read from a new instance once, and each block takes 40 ms more the first time. With all
/// pages in memory a read takes 1 ms.
#[test]
fn rds_loads_its_volume_while_it_works() {
    let scenario = |rate: &str| {
        run(
            &format!(
                "duration = \"300s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"100/s\"\ninterarrival = \"10ms\"\nclient = {{ round_trip = \"0s\" }}\n\
                 [request.page]\nvia = \"web\"\nsteps = [{{ read = \"shop\", demand = \"1ms\", rows = \"items\" }}]\n[keys.items]\ncount = 3_200\nzipf = 0\n\
                 [fleet.web]\ninstance = \"m5.large\"\nthreads = \"unlimited\"\ninstances = 1\npools = {{ shop = 50 }}\n\
                 [database.shop]\nengine = \"mysql\"\nwriter = \"db.r6g.large\"\nhop = \"0s\"\ncommit = \"0s\"\ndns_ttl = \"0s\"\nrow = \"16 KiB\"\n\
                 storage_read = \"0s\"\nbackup = {{ provision = \"100s\", first_touch = \"40ms\", rate = \"{rate}\" }}\n\
                 [runbook.back]\nat = \"50s\"\nsteps = [{{ restore = \"shop\" }}]\n"
            ),
            1,
        )
    };
    let slow = |run: &Outcome| {
        let mean = |row: usize| run.timeline.latency_ms[&simcap::outcome::Percentile::P99][row].unwrap();
        (mean(100), mean(150), mean(290))
    };
    let (before, after, late) = slow(&scenario("1 MiB/s"));
    assert!((before - 1.0).abs() < 0.1 && after > 39.0 && late < 2.0, "{before} {after} {late}");
    // A volume that is filled in no time has no slow first touch.
    let (_, after, _) = slow(&scenario("1000000 Gbit/s"));
    assert!(after < 2.0, "{after}");
}

/// 4,000 commits of 16 KiB. They are kept for seven days beyond what is free, as if it had always been like that, and sent to N. Virginia, where all of
/// it is kept. The new instance is there from 300.05 s on.
#[test]
fn backups_are_billed() {
    let run = shop(&rds(", region = \"us-east-1\""), &restore("200.05s", ""));
    let item = |what: &str| {
        run.bill
            .items
            .iter()
            .find(|it| it.what == what)
            .unwrap_or_else(|| panic!("no {what}: {:#?}", run.bill.items))
    };
    let gib = 3_999.0 * 16.0 / 1_048_576.0;
    let near = |what: &str, quantity: f64| {
        let it = item(what);
        assert!(
            (it.quantity - quantity).abs() < 1e-9 * quantity.max(1.0) && it.usd > 0.0,
            "{quantity} {it:?}"
        );
    };
    near("backups beyond what is free", gib * 168.0 / 730.0);
    near("changes since the first copy there", gib * 168.0 / 730.0);
    near("copies of backups in the other Region", 100.0 * 400.0 / 3_600.0 / 730.0);
    near("copies of backups to the other Region", 3_999.0 * 16_384.0 / 1e9);
    near("db.r6g.large instance-hours of the restored database", 99.95 / 3_600.0);
    near("storage of the restored database", 100.0 * 99.95 / 3_600.0 / 730.0);
}

/// A second order while one is under way, one before something that is still right, and one for a time that is still to come.
#[test]
fn a_restore_that_cannot_be_says_why() {
    let run = shop(
        &rds(""),
        &(restore("200.05s", "") + "[runbook.again]\nat = \"250s\"\nsteps = [{ restore = \"shop\" }]\n"),
    );
    assert_eq!(when(&run, "no restore: one is under way"), 250.0);
    let none = "[fault.bad]\ndatabase = \"shop\"\neffect = \"corrupts\"\nshare = \"10%\"\nat = \"300s\"\n";
    let run = shop(&rds(""), &(restore("200.05s", ", before = \"bad\"") + none));
    assert_eq!(when(&run, "no restore: nothing is wrong with it"), 200.05);
    let run = shop(&rds(""), &restore("200.05s", ", to = \"390s\""));
    assert_eq!(when(&run, "no restore: that time is still to come"), 200.05);
}

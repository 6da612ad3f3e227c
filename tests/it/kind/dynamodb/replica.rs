//! Global tables of two Regions, by hand.

use simcap::outcome::Outcome;

use crate::run::run;

/// Ten items, written in Seoul at each of the first ten seconds, and 2 s later in N. Virginia, where somebody does something with the same item half a second
/// after each second.
fn shop(there: &str, table: &str, more: &str) -> Outcome {
    run(
        &format!(
            "region = \"ap-northeast-2\"\nduration = \"100s\"\nbucket = \"1s\"\n[traffic.all]\nrequests = \"page\"\n\
             rate = [[\"0s\", \"1/s\"], [\"10500ms\", \"1/s\"], [\"10500ms\", \"0/s\"]]\ninterarrival = \"1s\"\n\
             client = {{ round_trip = \"0s\", timeout = \"1s\", retries = 0 }}\n[request.page]\nvia = \"web\"\n\
             steps = [{{ put_item = \"baskets\", keys = \"items\" }}]\n[keys.items]\ncount = 1\nzipf = 0\n\
             [traffic.others]\nrequests = \"other\"\nrate = \"1/s\"\ninterarrival = \"1s\"\n\
             client = {{ round_trip = \"0s\", timeout = \"1s\", retries = 0 }}\n\
             [request.other]\nvia = \"web-us\"\nsteps = [{{ delay = \"500ms\" }}, {{ {there} = \"baskets\", keys = \"items\" }}]\n\
             [fleet.web]\ninstance = \"m5.large\"\ninstances = 1\nazs = 1\n\
             [fleet.web-us]\ninstance = \"m5.large\"\ninstances = 1\nazs = 1\nregion = \"us-east-1\"\n\
             [instead.us-east-1]\nbaskets = \"baskets-us\"\n\
             [dynamodb.baskets]\nread_time = \"0s\"\nwrite_time = \"100ms\"\nhop = \"0s\"\nreplica = {{ to = \"baskets-us\", lag = \"2s\" }}\n{table}\n\
             [dynamodb.baskets-us]\nread_time = \"0s\"\nwrite_time = \"0s\"\nhop = \"0s\"\nregion = \"us-east-1\"\n{table}\n{more}\n"
        ),
        1,
    )
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-6 * expected.abs().max(1.0), "{found}, not {expected}");
}

/// The first one comes at 3.1 s, the last one at 12.1 s. Each takes a write unit there as well.
#[test]
fn each_item_is_in_the_other_region_after_its_lag() {
    let run = shop("get_item", "", "");
    let [own, there] = &run.dynamo_tables[..] else { panic!("{:?}", run.dynamo_tables) };
    assert_eq!((own.writes, own.write_units, own.copies, own.lost_writes), (10.0, 10.0, 0.0, 0.0));
    assert_eq!((there.writes, there.write_units, there.copies), (0.0, 10.0, 10.0));
    let units = &run.timeline.dynamo_tables[1].write_units;
    assert_eq!([units[2], units[3], units[12], units[13]], [0.0, 1.0, 1.0, 0.0]);
}

/// A version is on its way from 1.1 s to 12.1 s: the readers of 1.5 s to 11.5 s get an older one.
#[test]
fn who_reads_what_is_on_its_way_gets_what_was_there_before() {
    assert_eq!(shop("get_item", "", "").dynamo_tables[1].behind, 11.0);
}

/// Both write the same item: N. Virginia overwrites, at 1.5 s and so on, what Seoul has written 0.4 s before, and Seoul overwrites that 0.6 s later. Each
/// write loses that the other Region follows within 2 s: all ten of Seoul, and those of N. Virginia up to 9.5 s.
#[test]
fn the_last_writer_wins() {
    let run = shop("put_item", "", "");
    let [own, there] = &run.dynamo_tables[..] else { panic!("{:?}", run.dynamo_tables) };
    assert_eq!((own.overwritten, there.overwritten), (10.0, 9.0));
    // All copies come, also those that lose; at the end two are under way.
    assert_eq!((own.copies, there.copies), (97.0, 10.0));
    // Different items have no conflict.
    let apart = shop("update_item", "", "").dynamo_tables[0].overwritten;
    assert_eq!(apart, 10.0);
}

/// Seoul is lost at 6.5 s: the items of 5.1 s and 6.1 s are not there, and the newest that is there with all before it is that of 4.1 s. They come when Seoul is
/// back at 16.5 s, as much later as it was away.
#[test]
fn what_is_not_there_when_the_region_is_lost_is_lost() {
    let fault = "[fault.gone]\nregion = \"ap-northeast-2\"\nat = \"6.5s\"\n";
    let run = shop("get_item", "", fault);
    let (own, there) = (&run.dynamo_tables[0], &run.dynamo_tables[1]);
    assert_eq!((own.writes, own.lost_writes, there.copies), (6.0, 2.0, 4.0));
    near(own.lost_span_s, 6.5 - 4.1);
    // It is what recovery tells of.
    assert_eq!(run.recovery.as_ref().unwrap().lost_writes, 2.0);
    let back = shop("get_item", "", &format!("{fault}for = \"10s\"\n"));
    assert_eq!((back.dynamo_tables[0].lost_writes, back.dynamo_tables[1].copies), (2.0, 6.0));
    // With nothing on its way nothing is lost.
    assert_eq!(shop("get_item", "", &fault.replace("6.5s", "50s")).dynamo_tables[0].lost_writes, 0.0);
}

/// N. Virginia is lost from 4.5 s to 24.5 s: what would have come meanwhile comes when it is back.
#[test]
fn copies_wait_for_the_region_that_they_go_to() {
    let run = shop("get_item", "", "[fault.gone]\nregion = \"us-east-1\"\nat = \"4.5s\"\nfor = \"20s\"\n");
    assert_eq!((run.dynamo_tables[0].lost_writes, run.dynamo_tables[1].copies), (0.0, 10.0));
    let units = &run.timeline.dynamo_tables[1].write_units;
    assert_eq!([units[4], units[5], units[23], units[24]], [1.0, 0.0, 0.0, 8.0]);
}

/// Copies take units of the other table: who writes there has what they leave.
#[test]
fn copies_take_units_of_the_other_table() {
    let table = "read_units = 1\nwrite_units = 1\nburst = \"1s\"\nretries = 0";
    let run = shop("put_item", table, "");
    // Seoul sends one a second, which is all that N. Virginia has, from 3 s to 12 s.
    let throttled = &run.timeline.dynamo_tables[1].writes_throttled;
    assert!(throttled[4..12].iter().any(|it| *it > 0.0), "{throttled:?}");
    assert!(throttled[20..].iter().all(|it| *it == 0.0), "{throttled:?}");
}

/// One replica says how it copies, and the other one does so too; each may say it for itself.
#[test]
fn a_replica_copies_back() {
    let run = shop("put_item", "", "");
    assert!(run.dynamo_tables[0].copies > 0.0);
}

/// A table is lost with its Region and no zone alone, and keeps its items: who asks it meanwhile hears nothing.
#[test]
fn a_table_is_lost_with_its_region() {
    let text = |fault: &str| {
        format!(
            "region = \"us-east-1\"\nduration = \"20s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"1/s\"\ninterarrival = \"1s\"\n\
             client = {{ round_trip = \"0s\", timeout = \"500ms\", retries = 0 }}\n[request.page]\nsteps = [{{ put_item = \"baskets\", item = \"1 KiB\" }}]\n\
             [dynamodb.baskets]\nwrite_time = \"1ms\"\nhop = \"0s\"\n{fault}\n"
        )
    };
    let gone = run(&text("[fault.gone]\nregion = \"us-east-1\"\nat = \"4.5s\"\nfor = \"10s\""), 1);
    // Those of 5 s to 14 s fail, and that of 20 s is under way at the end.
    assert_eq!((gone.requests.failed, gone.dynamo_tables[0].writes), (10.0, 10.0), "{:?}", gone.requests);
    near(gone.dynamo_tables[0].stored_gb * f64::from(1 << 20), 9.0);
    let zone = "[fault.gone]\nzone = \"a\"\nat = \"4.5s\"\nfor = \"10s\"\n\
                [fleet.web]\ninstance = \"m5.large\"\ninstances = 1\nazs = [\"a\"]";
    assert_eq!(run(&text(zone), 1).requests.failed, 0.0);
}

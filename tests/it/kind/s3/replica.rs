//! Buckets that are copied to another Region, by hand.

use simcap::outcome::Outcome;

use crate::run::run;

/// Ten objects of a megabyte, put in Seoul 100 ms after each of the first ten seconds, and there 2 s later in N. Virginia, where somebody reads once
/// a second.
fn shop(replica: &str, more: &str) -> Outcome {
    run(
        &format!(
            "region = \"ap-northeast-2\"\nduration = \"100s\"\nbucket = \"1s\"\n[traffic.all]\nrequests = \"page\"\n\
             rate = [[\"0s\", \"1/s\"], [\"10500ms\", \"1/s\"], [\"10500ms\", \"0/s\"]]\ninterarrival = \"1s\"\n\
             client = {{ round_trip = \"0s\", timeout = \"1s\", retries = 0 }}\n[request.page]\nvia = \"web\"\n\
             steps = [{{ put = \"files\", keys = \"items\" }}]\n[keys.items]\ncount = 1\nzipf = 0\n\
             [traffic.readers]\nrequests = \"read\"\nrate = \"1/s\"\ninterarrival = \"1s\"\n\
             client = {{ round_trip = \"0s\", timeout = \"1s\", retries = 0 }}\n\
             [request.read]\nvia = \"web-us\"\nsteps = [{{ get = \"files\", keys = \"items\" }}]\n\
             [fleet.web]\ninstance = \"m5.large\"\ninstances = 1\nazs = 1\n\
             [fleet.web-us]\ninstance = \"m5.large\"\ninstances = 1\nazs = 1\nregion = \"us-east-1\"\n\
             [instead.us-east-1]\nfiles = \"files-us\"\n\
             [s3.files]\nobject = \"1MB\"\nfirst_byte = \"100ms\"\nbandwidth = \"1000Gbit/s\"\nhop = \"0s\"\nreplica = {{ {replica} }}\n\
             [s3.files-us]\nobject = \"0B\"\nfirst_byte = \"0s\"\nhop = \"0s\"\nregion = \"us-east-1\"\n{more}\n"
        ),
        1,
    )
}

const LATER: &str = "to = \"files-us\", lag = \"2s\"";
const MEGABYTE: f64 = 1e6 / (1u64 << 30) as f64;

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-6 * expected.abs().max(1.0), "{found}, not {expected}");
}

/// The first one comes at 3.1 s, the last one at 12.1 s: 9 MB are there from 11.1 s on, and all from 12.1 s on.
#[test]
fn each_object_is_in_the_other_bucket_after_its_lag() {
    let run = shop(LATER, "");
    let [own, there] = &run.buckets[..] else { panic!("{:?}", run.buckets) };
    assert_eq!((own.puts, own.copies, own.lost_objects, own.lost_span_s), (10.0, 0.0, 0.0, 0.0));
    assert_eq!((there.puts, there.copies), (0.0, 10.0));
    near(there.stored_gb, 10.0 * MEGABYTE);
    let stored = &run.timeline.buckets[1].stored_gb;
    near(stored[2], 0.0);
    near(stored[3], 0.9 * MEGABYTE);
    near(stored[12], 9.9 * MEGABYTE);
}

/// One object is on its way from 1.1 s to 12.1 s, a newer version of it each second. The readers of 2 s to 12 s get an older one.
#[test]
fn who_reads_what_is_on_its_way_gets_what_was_there_before() {
    assert_eq!(shop(LATER, "").buckets[1].behind, 11.0);
    assert_eq!(shop("to = \"files-us\", lag = \"0s\"", "").buckets[1].behind, 0.0);
}

/// Seoul is lost at 6.5 s: the objects of 5.1 s and 6.1 s are not there, and the newest that is there with all before it is that of 4.1 s. They come
/// when Seoul is back at 16.5 s, as much later as it was away.
#[test]
fn what_is_not_there_when_the_region_is_lost_is_lost() {
    let fault = "[fault.gone]\nregion = \"ap-northeast-2\"\nat = \"6.5s\"\n";
    let run = shop(LATER, fault);
    assert_eq!((run.buckets[0].puts, run.buckets[0].lost_objects, run.buckets[1].copies), (6.0, 2.0, 4.0));
    near(run.buckets[0].lost_span_s, 6.5 - 4.100008);
    let back = shop(LATER, &format!("{fault}for = \"10s\"\n"));
    assert_eq!((back.buckets[0].lost_objects, back.buckets[1].copies), (2.0, 6.0));
    let stored = &back.timeline.buckets[1].stored_gb;
    near(stored[16], 4.0 * MEGABYTE);
    near(stored[17], 4.9 * MEGABYTE);
    near(stored[19], 6.0 * MEGABYTE);
    // With nothing on its way nothing is lost.
    assert_eq!(shop(LATER, &fault.replace("6.5s", "50s")).buckets[0].lost_objects, 0.0);
    // Nothing was there before: from the start on.
    let run = shop("to = \"files-us\", lag = \"60s\"", fault);
    assert_eq!((run.buckets[0].lost_objects, run.buckets[0].lost_span_s), (6.0, 6.5));
}

/// N. Virginia is lost from 4.5 s to 24.5 s: what would have come meanwhile comes when it is back, and its readers get nothing.
#[test]
fn copies_wait_for_the_region_that_they_go_to() {
    let run = shop(LATER, "[fault.gone]\nregion = \"us-east-1\"\nat = \"4.5s\"\nfor = \"20s\"\n");
    assert_eq!((run.buckets[0].lost_objects, run.buckets[1].copies), (0.0, 10.0));
    let stored = &run.timeline.buckets[1].stored_gb;
    near(stored[23], 2.0 * MEGABYTE);
    near(stored[24], 6.0 * MEGABYTE);
}

/// With random lags objects overtake each other, and each is there or lost.
#[test]
fn objects_that_overtake_each_other_are_there_or_lost() {
    let fault = "[fault.gone]\nregion = \"ap-northeast-2\"\nat = \"9.5s\"\n";
    let run = shop("to = \"files-us\", lag = \"uniform 0s 8s\"", fault);
    let (own, there) = (&run.buckets[0], &run.buckets[1]);
    assert_eq!((own.puts, own.lost_objects + there.copies), (9.0, 9.0));
    assert!(own.lost_objects >= 1.0 && there.copies >= 1.0, "{own:?} {there:?}");
    assert!(own.lost_span_s >= 0.4 && own.lost_span_s <= 9.5, "{own:?}");
}

/// Ten megabytes: 0.08 dollars a GB from Seoul, a PUT for each where it comes to, and 0.015 dollars a GB for the time control.
#[test]
fn copies_are_billed() {
    let run = shop("to = \"files-us\", lag = \"2s\", time_control = true", "");
    let item = |of: &str, what: &str| {
        let mut items = run.bill.items.iter().filter(|it| it.resource == of && it.what == what);
        items.next().map(|it| (it.quantity, it.unit_price_usd))
    };
    let (gigabytes, price) = item("", "from ap-northeast-2 to us-east-1").unwrap();
    near(gigabytes, 0.01);
    assert_eq!(price, 0.08);
    let (gigabytes, price) = item("files", "Replication Time Control").unwrap();
    near(gigabytes, 0.01);
    assert_eq!(price, 0.015);
    let (puts, price) = item("files-us", "PUT and LIST requests").unwrap();
    near(puts, 0.01);
    assert_eq!(price, 0.005);
    assert_eq!(item("files-us", "Replication Time Control"), None);
    // In one Region only the requests are billed.
    let near_by = shop(LATER, "").bill.items.iter().all(|it| it.what != "Replication Time Control");
    assert!(near_by);
}

/// The laws by default: 95 % within 15 minutes, or 99.9 % with Replication Time Control.
#[test]
fn most_objects_come_within_fifteen_minutes() {
    use simcap::kind::s3::language::replica::{CONTROLLED_LAG, LAG};
    let within = |law: &simcap::dist::Law| {
        let sampler = simcap::dist::Sampler::new(law);
        let mut stream = simcap::rng::stream(1, "lag");
        let all = 200_000;
        (0..all).filter(|_| sampler.time(&mut stream).as_secs_f64() <= 900.0).count() as f64 / f64::from(all)
    };
    // Within four standard deviations, and a part of the last digit of what is said.
    assert!((within(&LAG.value) - 0.95).abs() < 0.002 + 0.0025, "{}", within(&LAG.value));
    assert!(
        (within(&CONTROLLED_LAG.value) - 0.999).abs() < 0.0003 + 0.0001,
        "{}",
        within(&CONTROLLED_LAG.value)
    );
}

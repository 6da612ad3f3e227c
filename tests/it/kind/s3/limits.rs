//! What partitions take a second, and what becomes of the rest.

use simcap::outcome::{Outcome, StageKind};

use super::{READS, asked};

/// Rows in which all has settled.
fn settled(column: &[f64]) -> &[f64] {
    &column[2..column.len() - 1]
}

fn full_at(outcome: &Outcome) -> f64 {
    outcome.headroom.iter().find(|it| it.of == READS).unwrap().limit().unwrap()
}

/// 6,000 a second ask one partition: it takes 5,500 of them, and 500 a second are answered with 503. What was saved up at the start, a
/// tenth of a second of it, lasts for 1.1 s.
#[test]
fn a_partition_takes_its_limit_and_refuses_the_rest() {
    let outcome = asked("6000/s", "10s", "{ get = \"assets\" }", "split = \"never\"");
    let rows = &outcome.timeline.buckets[0];
    for (taken, refused) in settled(&rows.reads).iter().zip(settled(&rows.reads_refused)) {
        assert!((taken - 5_500.0).abs() <= 1.0 && (refused - 500.0).abs() <= 1.0, "{taken} {refused}");
    }
    let totals = &outcome.buckets[0];
    let by_hand = 500.0 * 10.0 - 550.0;
    assert!((totals.refused - by_hand).abs() <= 1.0, "{} of {by_hand}", totals.refused);
    assert_eq!(outcome.requests.failed_by_cause.len(), 1);
    let failed: f64 = outcome.requests.failed_by_cause.values().sum();
    assert_eq!(failed, totals.refused);
    assert!(outcome.requests.failed_by_cause.keys().all(|cause| cause.name() == "slow_down"));
    // It is blamed, and a multiple of 5,500 over 6,000 is what it takes.
    let link = &outcome.phases.iter().find(|phase| phase.trouble).unwrap().chain[0];
    assert_eq!((link.resource, link.cause), (Some(READS), true), "{:#?}", outcome.phases);
    assert_eq!(
        link.text,
        "reads of `assets` full (5,500 a second in each of 1 partition, up to 500 a second answered 503 Slow Down)"
    );
    assert!((full_at(&outcome) - 5.5 / 6.0).abs() < 0.01, "{:?}", outcome.headroom);
    assert!(outcome.stages.iter().any(|stage| stage.kind == StageKind::Storage));
}

/// Writes have a limit of their own, and deletions count as writes.
#[test]
fn writes_and_reads_do_not_count_together() {
    let steps = "{ put = \"assets\" }, { delete = \"assets\" }, { get = \"assets\" }, { list = \"assets\" }";
    let outcome = asked("2000/s", "5s", steps, "split = \"never\"");
    let rows = &outcome.timeline.buckets[0];
    // 4,000 writes a second are asked for where 3,500 are taken; who is refused asks for no reads.
    assert!(settled(&rows.writes).iter().all(|taken| (taken - 3_500.0).abs() <= 10.0), "{:?}", rows.writes);
    assert!(rows.reads_refused.iter().all(|refused| *refused == 0.0));
}

/// The same 6,000 a second go to two prefixes alike, 3,000 each.
#[test]
fn two_prefixes_take_twice_as_much() {
    let outcome = asked("6000/s", "10s", "{ get = \"assets\" }", "split = \"never\"\nprefixes = 2");
    assert_eq!(outcome.buckets[0].refused, 0.0);
    assert!(outcome.phases.iter().all(|phase| !phase.trouble));
    // 11,000 over 6,000; which of the two is fuller is chance.
    assert!((full_at(&outcome) / (11.0 / 6.0) - 1.0).abs() < 0.05, "{:?}", outcome.headroom);
    // Two partitions of one prefix are as good.
    let prepared = asked("6000/s", "10s", "{ get = \"assets\" }", "split = \"never\"\npartitions = 2");
    assert_eq!(prepared.buckets[0].refused, 0.0);
}

/// Four keys in four prefixes. Of 1/k^2 the first gets 1/1.4236 = 70.2 %: of 8,000 a second 5,620 ask for it, where 5,500 are taken. The
/// other prefixes have room.
#[test]
fn a_popular_key_fills_its_own_partition() {
    let step = "{ get = \"assets\", keys = { count = 4, zipf = 2 } }";
    let outcome = asked("8000/s", "20s", step, "split = \"never\"\nprefixes = 4");
    let of_first = 8_000.0 / (1.0 + 1.0 / 4.0 + 1.0 / 9.0 + 1.0 / 16.0);
    let by_hand = 20.0 * (of_first - 5_500.0) - 550.0;
    // Five standard deviations of what asks for the first key.
    let spread = 5.0 * (160_000.0f64 * 0.7 * 0.3).sqrt();
    let refused = outcome.buckets[0].refused;
    assert!((refused - by_hand).abs() < spread, "{refused} of {by_hand} +- {spread}");
    // With equally popular keys each prefix has 2,000 a second.
    let even =
        asked("8000/s", "20s", &step.replace("zipf = 2", "zipf = 0"), "split = \"never\"\nprefixes = 4");
    assert_eq!(even.buckets[0].refused, 0.0);
}

/// Eight equally popular keys in two prefixes, of which only the first four are asked for: spread by a hash they are in both, by date in
/// one.
#[test]
fn names_by_date_are_all_in_one_prefix() {
    let step = "{ get = \"assets\", keys = { count = 1000000, zipf = 1.2 } }";
    let refused = |layout: &str| {
        let bucket = format!("split = \"never\"\nprefixes = 2\nlayout = \"{layout}\"");
        asked("7000/s", "10s", step, &bucket).buckets[0].refused
    };
    // The first half of all keys gets nearly all requests: 1,500 a second are too many.
    let together = refused("together");
    assert!((together / 10.0 - 1_500.0).abs() < 200.0, "{together}");
    // In turn, the first prefix has the first key, and not much more than half of all.
    assert_eq!(refused("spread"), 0.0);
}

/// A retry beside the step finds a token later: of 6,000 a second for half a second 250 are too many, and 300 a second more than 5,700 is
/// what follows.
#[test]
fn what_is_refused_can_be_asked_again() {
    let text = |retries: &str| {
        format!(
            "duration = \"20s\"\nbucket = \"1s\"\n[traffic.all]\nrate = [[\"0s\", \"6000/s\"], [\"2s\", \"6000/s\"], [\"2s\", \"3000/s\"]]\n\
             interarrival = \"1s\"\n[request.page]\nvia = \"web\"\nsteps = [{{ get = \"assets\"{retries} }}]\n[s3.assets]\n\
             split = \"never\"\n[fleet.web]\ninstance = \"m6i.large\"\ninstances = 2\nthreads = \"unlimited\"\n"
        )
    };
    let without = crate::run::run(&text(""), 1);
    let refused = without.buckets[0].refused;
    assert!((refused - 450.0).abs() <= 2.0, "{refused}: 1,000 too many, 550 saved up");
    assert_eq!(without.requests.failed, refused);
    let with = crate::run::run(&text(", retries = { max = 4, backoff = \"1s\" }"), 1);
    assert_eq!(with.requests.failed, 0.0);
    assert!(with.buckets[0].refused >= 450.0);
}

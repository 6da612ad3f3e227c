//! How partitions split under load that lasts.

use super::asked;

/// 6,000 a second for one partition. It refuses from 1.1 s on, and splits 10 s after that: from then on all are served.
#[test]
fn a_partition_that_refuses_for_long_becomes_two() {
    let split = "split = { after = \"10s\", window = \"1s\" }";
    let outcome = asked("6000/s", "20s", "{ get = \"assets\" }", split);
    let rows = &outcome.timeline.buckets[0];
    assert_eq!((outcome.buckets[0].partitions, rows.partitions[10], rows.partitions[11]), (2.0, 1.0, 2.0));
    assert!(rows.reads_refused[2..11].iter().all(|refused| (refused - 500.0).abs() <= 1.0));
    assert!(rows.reads_refused[12..].iter().all(|refused| *refused == 0.0), "{:?}", rows.reads_refused);
    let refused = outcome.buckets[0].refused;
    assert!((refused - 5_000.0).abs() <= 1.0, "500 a second for ten seconds: {refused}");
}

/// Load that does not last changes nothing: 5 s of it, and again after a pause longer than a window.
#[test]
fn load_that_does_not_last_splits_nothing() {
    let rate = "[[\"0s\", \"7000/s\"], [\"5s\", \"7000/s\"], [\"5s\", \"100/s\"], [\"10s\", \"100/s\"], [\"10s\", \"7000/s\"], [\"15s\", \"7000/s\"], [\"15s\", \"100/s\"]]";
    let run = |after: &str| {
        let text = format!(
            "duration = \"30s\"\n[traffic.all]\nrate = {rate}\ninterarrival = \"1s\"\n[request.page]\nsteps = [{{ get = \"assets\" }}]\n\
             [s3.assets]\nsplit = {{ after = \"{after}\", window = \"1s\" }}\n"
        );
        crate::run::run(&text, 1).buckets.remove(0)
    };
    let never = run("8s");
    assert_eq!(never.partitions, 1.0);
    assert!(never.refused > 10_000.0);
    assert_eq!(run("3s").partitions, 2.0);
}

/// All ask for one key: it stays in one partition, however often that splits.
#[test]
fn a_split_helps_no_single_key() {
    let split = "split = { after = \"3s\", window = \"1s\" }";
    let step = "{ get = \"assets\", keys = { count = 1, zipf = 0 } }";
    let outcome = asked("6000/s", "20s", step, split);
    let rows = &outcome.timeline.buckets[0];
    assert!(outcome.buckets[0].partitions >= 4.0);
    // Each new half has something saved up: a tenth of a second lasts 1.1 s.
    let refused: f64 = rows.reads_refused.iter().sum();
    let by_hand = 500.0 * 20.0 - 550.0 * outcome.buckets[0].partitions;
    assert!((refused - by_hand).abs() <= 550.0, "{refused} of {by_hand}");
    // Of many keys each half has half.
    let many = asked("6000/s", "20s", &step.replace("count = 1,", "count = 100000,"), split);
    assert_eq!(many.timeline.buckets[0].reads_refused[19], 0.0);
}

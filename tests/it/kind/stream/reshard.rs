//! Other shards: updates by the file, capacity that follows the traffic, and the order of records across them.

use super::{STEP, is_conserved, put};

/// 1,500 a second, first for one shard. The update of 10 s is one split, which takes 5 s: from 15 s on two shards take them.
#[test]
fn an_update_takes_its_time_for_each_split() {
    let stream = "shards = 1\nretries = 0\nreshard = [[\"10s\", 2], [\"20s\", 4], [\"40s\", 2]]\nreshard_time = \"5s\"";
    let outcome = put("667us", "60s", STEP, stream);
    let rows = &outcome.timeline.streams[0];
    // Two splits take 10 s, and so do two merges.
    let shards: Vec<f64> = [14, 15, 29, 30, 49, 50].into_iter().map(|row| rows.shards[row]).collect();
    assert_eq!(shards, [1.0, 2.0, 2.0, 4.0, 4.0, 2.0]);
    assert!((rows.throttled[12] - 500.0).abs() < 5.0);
    assert!(rows.throttled[16..].iter().all(|throttled| *throttled == 0.0), "{:?}", rows.throttled);
    assert_eq!((outcome.streams[0].shards, outcome.streams[0].reshards), (2.0, 3.0));
}

/// 200 a second come for 10 s, of which one lane works on 100; then there are two shards, and 100 a second come. The old shard has 1,000 records left, which take until 20 s.
/// Only then its children are read: 1,000 that came meanwhile, and 100 a second more, of which two lanes work on 200: until 30 s.
#[test]
fn children_are_read_when_their_parent_is_empty() {
    let stream =
        "shards = 1\nreshard = [[\"10s\", 2]]\nreshard_time = \"0s\"\nworkers = \"update\"\ntime = \"10ms\"";
    let text = super::scenario("1s", "50s", STEP, stream).replace(
        "interarrival = \"1s\"",
        "rate = [[\"0s\", \"200/s\"], [\"10s\", \"200/s\"], [\"10s\", \"100/s\"], [\"50s\", \"100/s\"]]",
    );
    let outcome = crate::run::run(&text, 2);
    let rows = &outcome.timeline.streams[0];
    let worked = |from: usize, to: usize| rows.worked[from..to].iter().sum::<f64>() / (to - from) as f64;
    assert!((worked(3, 18) - 100.0).abs() < 10.0, "{:?}", rows.worked);
    assert!((worked(22, 28) - 200.0).abs() < 20.0, "{:?}", rows.worked);
    assert!((worked(35, 49) - 100.0).abs() < 20.0, "{:?}", rows.worked);
    // The first of a child is as old as it waited for its parent.
    assert!((rows.iterator_age_s[19] - 10.0).abs() < 2.0, "{:?}", rows.iterator_age_s);
    assert!(rows.iterator_age_s[35..].iter().all(|age| *age < 3.0));
    assert!(is_conserved(&outcome.streams[0]));
}

/// A new stream takes 4,000 records a second and has saved up a second of them: 4,400 a second over the first ten seconds, which count 60 s later: twice that is 9 shards.
#[test]
fn on_demand_capacity_follows_the_traffic() {
    let stream = "retries = 0\ngrowth = { after = \"60s\", window = \"10s\" }";
    let outcome = put("200us", "100s", STEP, stream);
    let rows = &outcome.timeline.streams[0];
    assert_eq!((rows.shards[69], rows.shards[71]), (4.0, 9.0));
    assert!((rows.throttled[50] - 1_000.0).abs() < 150.0, "{:?}", rows.throttled);
    assert!(rows.throttled[72..].iter().all(|throttled| *throttled == 0.0), "{:?}", rows.throttled);
    // By the rule of AWS it would take 15 minutes longer.
    assert_eq!(put("200us", "100s", STEP, "retries = 0").streams[0].shards, 4.0);
}

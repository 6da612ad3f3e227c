//! What shards take: records and bytes a second, one by one, and hot keys.

use simcap::outcome::Outcome;

use super::{STEP, put};

fn throttled(interval: &str, step: &str, stream: &str) -> f64 {
    put(interval, "10s", step, &format!("retries = 0\n{stream}")).streams[0].throttled
}

/// 2,000 records a second for ten seconds ask a shard that takes 1,000, and has saved up 1,000 of them: 20,000 - 10,000 - 1,000.
#[test]
fn a_shard_takes_a_thousand_records_a_second() {
    let outcome = put("500us", "10s", STEP, "shards = 1\nretries = 0");
    let stream = &outcome.streams[0];
    assert!((stream.throttled - 9_000.0).abs() <= 1.0, "{stream:?}");
    assert_eq!(stream.given_up, stream.throttled);
    assert_eq!(outcome.requests.failed, stream.given_up);
    let causes: Vec<&str> = outcome.requests.failed_by_cause.keys().map(|cause| cause.name()).collect();
    assert_eq!(causes, ["stream_throughput_exceeded"]);
    // Once what was saved up is gone, every other one.
    let rows = &outcome.timeline.streams[0];
    assert!(rows.throttled[3..9].iter().all(|throttled| (throttled - 1_000.0).abs() <= 1.0), "{rows:?}");
    assert!(rows.records_percent[3..9].iter().all(|percent| (percent - 200.0).abs() < 0.2));
    // A thousand are taken.
    assert_eq!(throttled("1ms", STEP, "shards = 1"), 0.0);
    // As many as the file says.
    assert!((throttled("1ms", STEP, "shards = 1\nshard = { records = \"400/s\" }") - 5_600.0).abs() <= 1.0);
}

/// 20 records a second of 128 KiB are 2.5 MiB; a shard takes one MiB, which is 8 of them, and 8 were saved up: 200 - 80 - 8.
#[test]
fn a_shard_takes_a_mebibyte_a_second() {
    let step = "{ put_record = \"scores\", size = \"128 KiB\" }";
    assert!((throttled("50ms", step, "shards = 1") - 112.0).abs() <= 1.0);
    assert_eq!(throttled("125ms", step, "shards = 1"), 0.0);
    // The size of the stream counts where the step says none.
    assert!((throttled("50ms", STEP, "shards = 1\nrecord = \"128 KiB\"") - 112.0).abs() <= 1.0);
    let outcome = put("50ms", "10s", step, "shards = 1\nretries = 0");
    let rows = &outcome.timeline.streams[0];
    assert_eq!(rows.throttled_by_bytes, rows.throttled);
    // A record of 3 MiB needs a full shard, and what is more is owed: one every three seconds. The first comes at 0.5 s.
    let large = "{ put_record = \"scores\", size = \"3 MiB\" }";
    let outcome = put("500ms", "10s", large, "shards = 1\nretries = 0\nmax_record = \"10 MiB\"");
    assert_eq!(outcome.streams[0].records, 4.0);
}

/// One key for all records: one of four shards gets them, and the others nothing. Of many keys each shard gets a fourth.
#[test]
fn a_hot_key_has_what_one_shard_takes() {
    let hot = "{ put_record = \"scores\", keys = { count = 1, zipf = 0 } }";
    assert!((throttled("500us", hot, "shards = 4") - 9_000.0).abs() <= 1.0);
    assert_eq!(throttled("500us", &hot.replace("count = 1,", "count = 10000,"), "shards = 4"), 0.0);
    assert_eq!(throttled("500us", STEP, "shards = 4"), 0.0);
    let outcome = put("500us", "10s", hot, "shards = 4\nretries = 0");
    let link = &outcome.phases.iter().find(|phase| phase.trouble).unwrap().chain[0];
    assert_eq!(
        link.text,
        "records put into `scores` full (1,000 a second in one of 4 shards, and 4,000 in all, up to 1,000 a second throttled)"
    );
    // Two keys in two shards would be two thousand; the tenth of all that others get is no more than their shards take.
    let skewed = "{ put_record = \"scores\", keys = { count = 1000, zipf = 2 } }";
    assert!(throttled("500us", skewed, "shards = 4") > 1_000.0);
}

/// Without jitter: a put at 1 s finds the shard empty, is tried again at 1.1 s and at 1.3 s, and fails. The shard takes one record a second, at 0.5 s the first.
#[test]
fn a_throttled_put_is_tried_again_after_pauses_that_double() {
    let retries = "retries = { max = 2, backoff = \"100ms\", jitter = \"none\" }";
    let stream = format!("shards = 1\nshard = {{ records = \"0.5/s\" }}\n{retries}");
    // At 0.5 s it takes the first; it has one again at 1.5 s (0.5 a second, one at most): the second of 1 s fails at 1.3 s, the third is taken at 1.5 s.
    let outcome = put("500ms", "1.9s", STEP, &stream.replace("0.5/s", "1/s"));
    let stream = &outcome.streams[0];
    assert_eq!((stream.records, stream.given_up, stream.throttled), (2.0, 1.0, 3.0));
    let latency = |outcome: &Outcome| outcome.timeline.streams[0].retrying.clone();
    // 100 ms + 200 ms of pauses in the second that begins at 1 s.
    assert!((latency(&outcome)[1] - 0.3 / 0.9).abs() < 0.05, "{:?}", latency(&outcome));
}

/// On demand a new stream takes 4 MiB and 4,000 records a second, or twice its peak.
#[test]
fn a_new_on_demand_stream_takes_four_thousand_records() {
    assert!((throttled("200us", STEP, "") - (50_000.0 - 40_000.0 - 4_000.0)).abs() < 700.0);
    assert_eq!(throttled("200us", STEP, "peak = \"5 MiB/s\""), 0.0);
    assert_eq!(put("1s", "3s", STEP, "peak = \"3.2 MiB/s\"").streams[0].shards, 7.0);
}

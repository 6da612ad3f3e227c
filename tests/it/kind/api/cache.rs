//! The cache of a stage.

use super::text;
use crate::run::run;
use crate::theory::confidence::replicate_parsed;

/// One object, asked for ten times a second, fresh for 2 s: a miss every two seconds and a bit, in the time of which others miss as well. Work of 50 ms is shorter
/// than the gap, so there is one miss each 2.1 s: of 20 s, ten.
#[test]
fn an_answer_is_kept_for_its_time() {
    let outcome =
        run(&text("\"10/s\"", "20s", "{ delay = \"50ms\" }", "cache = { size = 0.5, ttl = \"2s\" }"), 1);
    let told = &outcome.apis[0];
    assert!((told.misses - 10.0).abs() <= 1.0, "{told:?}");
    assert_eq!(told.hits + told.misses, told.requests);
    assert_eq!(outcome.lambdas[0].invocations, told.misses);
    assert_eq!(outcome.latency_ms.p50, 0.0);
}

/// Whoever misses asks by itself: of ten a second, with work of 500 ms, five come while the first answer is on its way.
#[test]
fn each_miss_asks_by_itself() {
    let outcome =
        run(&text("\"10/s\"", "20s", "{ delay = \"499ms\" }", "cache = { size = 0.5, ttl = \"1h\" }"), 1);
    assert_eq!(outcome.apis[0].misses, 5.0);
}

/// Of n objects that are equally popular each is asked for at a rate r = R/n, and fresh for T after an answer that takes no time: the share of misses is
/// 1/(1 + rT) for Poisson arrivals.
#[test]
fn the_hit_ratio_is_that_of_objects_that_expire() {
    let text = text("\"50/s\"", "2000s", "{ delay = \"1ns\" }", "cache = { size = 0.5, ttl = \"4s\" }")
        .replace("interarrival = \"1s\"\n", "")
        .replace("bucket = \"1s\"", "bucket = \"10s\"")
        .replace("via = \"front\"", "via = \"front\"\nkeys = \"items\"")
        + "[keys.items]\ncount = 100\nzipf = 0\n";
    let runs = replicate_parsed(&crate::run::scenario(&text), 6);
    runs.expect("hit ratio", 1.0 - 1.0 / (1.0 + 0.5 * 4.0), 0.01, |outcome| outcome.apis[0].hit_ratio);
}

/// What changes something is not kept, and neither is an answer of more than 1 MiB. A full cache gives up what was used longest ago.
#[test]
fn only_small_answers_to_reads_are_kept_as_far_as_there_is_room() {
    let of = |class: &str| {
        let text = text("\"10/s\"", "20s", "{ delay = \"1ms\" }", "cache = { size = 0.5 }");
        run(&text.replace("via = \"front\"", &format!("via = \"front\"\n{class}")), 1).apis.remove(0)
    };
    assert!(of("").hits > 190.0);
    assert_eq!(of("method = \"POST\"").hits, 0.0);
    assert!(of("response_size = \"1 MiB\"").hits > 190.0);
    assert_eq!(of("response_size = \"1025 KiB\"").hits, 0.0);
    // 500 MB hold 500 objects of a megabyte: of 10,000 that are equally popular one in 20 is there.
    let text = text("\"1000/s\"", "60s", "{ delay = \"1ns\" }", "cache = { size = 0.5, ttl = \"1h\" }")
        .replace("via = \"front\"", "via = \"front\"\nresponse_size = \"1 MB\"\nkeys = \"items\"")
        + "[keys.items]\ncount = 10000\nzipf = 0\n";
    let told = run(&text, 1).apis.remove(0);
    assert!((told.hit_ratio - 0.05).abs() < 0.005, "{told:?}");
}

/// An error is not kept.
#[test]
fn an_error_is_not_kept() {
    let text = text("\"10/s\"", "20s", "{ delay = \"5s\" }", "cache = { size = 0.5 }");
    let outcome = run(&text, 1);
    assert_eq!((outcome.apis[0].hits, outcome.requests.completed), (0.0, 0.0));
}

//! A look-up that stores what it has found, and one that leaves the fill to other steps.

use std::path::Path;

use simcap::{scenario, simulate};

/// Milliseconds that every request takes: 1 each way to the cache, 2 for a command, 10 for the steps after a miss.
fn latency_ms(step: &str) -> f64 {
    let text = format!(
        r#"
        duration = "1000s"
        traffic.clients.rate = "0.1/s"
        request.page.steps = [{step}]
        [cache.cache]
        node = "cache.m5.large"
        command = "2ms"
        hop = "1ms"
        "#
    );
    let scenario = scenario::parse("test.toml", text.as_bytes(), Path::new(""), &[]).unwrap();
    let latency = simulate(&scenario, 1, &mut |_| {}).latency_ms;
    assert!(latency.count > 50);
    assert!((latency.mean - latency.max).abs() < 1e-9, "requests this far apart never meet");
    latency.mean
}

#[test]
fn a_miss_goes_to_the_cache_once_more_only_if_it_fills() {
    let miss = r#"{ cache = "cache", hit_ratio = "0%", miss = { delay = "10ms" } }"#;
    assert_eq!(latency_ms(miss), 18.0);
    assert_eq!(latency_ms(&miss.replace("miss", "fill = false, miss")), 14.0);
    let hit = miss.replace("0%", "100%");
    assert_eq!(latency_ms(&hit), 4.0);
    assert_eq!(latency_ms(&hit.replace("miss", "fill = false, miss")), 4.0);
}

#[test]
fn without_filling_no_key_is_ever_found() {
    let miss = r#"{ cache = "cache", keys = { count = 1 }, fill = false, miss = { delay = "10ms" } }"#;
    assert_eq!(latency_ms(miss), 14.0);
}

#[test]
fn a_key_that_only_a_miss_has_drawn_is_drawn_anew_behind_it() {
    let text = "duration = \"1m\"\n\
        traffic.big = { rate = \"50/s\", requests = \"big\" }\n\
        traffic.small = { rate = \"50/s\", requests = \"small\" }\n\
        keys = { huge = { count = 1_000_000, zipf = 0 }, tiny = { count = 1 }, ten = { count = 10 } }\n\
        request.big.steps = [{ cache = \"a\", keys = \"tiny\" }, { cache = \"a\", keys = \"huge\" }]\n\
        request.small.steps = [\n\
          { cache = \"b\", keys = \"tiny\", miss = { cache = \"c\", keys = \"ten\" } },\n\
          { invalidate = \"c\", keys = \"ten\" },\n\
        ]\n\
        cache = { a = { node = \"cache.r6g.large\" }, b = { node = \"cache.r6g.large\" }, c = { node = \"cache.r6g.large\" } }\n";
    let scenario = scenario::parse("test.toml", text.as_bytes(), Path::new(""), &[]).unwrap();
    let outcome = simulate(&scenario, 1, &mut |_| {});
    assert_eq!(outcome.requests.failed, 0.0);
    assert!(outcome.caches[2].items <= 10.0);
}

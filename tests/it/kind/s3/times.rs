//! How long requests take.

use super::asked;

/// 20 ms to the first byte, and 2 MB at 80 Mbit/s, which are 200 ms; 1 ms there and 1 ms back. So 222 ms, for reads and for writes; a
/// list and a deletion have no bytes.
#[test]
fn a_request_takes_its_first_byte_and_its_bytes() {
    let bucket = "first_byte = \"20ms\"\nbandwidth = \"80 Mbit/s\"\nhop = \"1ms\"\nobject = \"2 MB\"";
    let took = |step: &str| {
        let outcome = asked("10/s", "10s", step, bucket);
        let latency = &outcome.classes[0].latency_ms;
        assert!((latency.max - latency.mean).abs() < 1e-6, "{step}: {latency:?}");
        latency.max
    };
    let close = |ms: f64, by_hand: f64| (ms - by_hand).abs() < 1e-6;
    assert!(close(took("{ get = \"assets\" }"), 222.0));
    assert!(close(took("{ put = \"assets\" }"), 222.0));
    assert!(close(took("{ get = \"assets\", size = \"1 MB\" }"), 122.0));
    assert!(close(took("{ list = \"assets\" }"), 22.0));
    assert!(close(took("{ delete = \"assets\" }"), 22.0));
}

/// Without a law of its own, from 100 to 200 ms and as often each: a mean of 150 ms, and the bytes.
#[test]
fn without_a_law_it_takes_100_to_200_ms() {
    let outcome = asked("1000/s", "30s", "{ get = \"assets\", size = \"0 B\" }", "hop = \"0s\"");
    let latency = &outcome.classes[0].latency_ms;
    assert!(latency.max <= 200.0 && latency.p50 > 145.0, "{latency:?}");
    // Five standard deviations of the mean of 30,000 values of 28.9 ms.
    assert!((latency.mean - 150.0).abs() < 5.0 * 28.9 / 30_000.0f64.sqrt() + 0.1, "{latency:?}");
}

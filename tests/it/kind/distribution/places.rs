//! Clients at several places: edges of their own, the way to the Region, and the price of their place.

use super::{cdn, counts, every_second, run};

/// Clients near to N. Virginia, 200 ms from Seoul there and back, and 20 ms from their edge. The first request takes 21 ms, 14 ms and 100 ms, the
/// way of 200 ms, and two round trips of 204 ms for the connection; the others 21 ms.
#[test]
fn a_far_client_has_an_edge_nearby() {
    let text = every_second(
        10,
        "response_size = \"1 MB\"",
        "default = { origin = \"web\" }",
        "{ delay = \"100ms\" }",
    )
    .replace("round_trip = \"0s\"", "round_trip = \"20ms\"\nfrom = \"east\"")
        + "[location.east]\nnear = \"us-east-1\"\nround_trips = { \"ap-northeast-2\" = \"200ms\" }\n";
    let run = run(&text, 1);
    assert_eq!(counts(&run), [10.0, 9.0, 1.0, 1.0]);
    assert!((run.latency_ms.max - 743.0).abs() < 1.0, "{:?}", run.latency_ms);
    assert!((run.latency_ms.mean - (743.0 + 9.0 * 21.0) / 10.0).abs() < 1.0, "{:?}", run.latency_ms);
    let charged: Vec<&str> = run.bill.items.iter().map(|item| item.price.as_str()).collect();
    assert!(charged.contains(&"CloudFront/north-america/out/first-10TB"), "{charged:?}");
    assert!(!charged.iter().any(|price| price.contains("asia-pacific")), "{charged:?}");
}

/// Clients of two places fetch an object once for each place.
#[test]
fn each_place_has_caches_of_its_own() {
    let text = every_second(10, "", "default = { origin = \"web\" }", "{ delay = \"100ms\" }")
        + "[traffic.far]\nrate = \"1/s\"\ninterarrival = \"1s\"\nclient = { from = \"east\" }\n[location.east]\nnear = \"us-east-1\"\n";
    let run = run(&text, 1);
    assert_eq!((cdn(&run).misses, cdn(&run).origin), (2.0, 2.0));
}

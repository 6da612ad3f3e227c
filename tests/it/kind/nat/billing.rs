//! The bill of NAT gateways, by hand, against that of an endpoint.

use simcap::outcome::Outcome;

use super::through;

/// What is billed under some words: quantity and dollars.
fn billed(outcome: &Outcome, what: &str) -> (f64, f64) {
    let item = outcome.bill.items.iter().find(|item| item.what == what).unwrap();
    (item.quantity, item.quantity * item.unit_price_usd)
}

/// For ten minutes ten megabytes a second are read: 6 GB in Seoul, at $0.059 each. The gateway itself is a sixth of $0.059, and its
/// address a sixth of half a cent. Past an endpoint the bytes are free.
#[test]
fn an_endpoint_is_free_and_a_gateway_is_not() {
    let of = |nat: &str| {
        let rest = format!("[s3.assets]\nfirst_byte = \"20ms\"\n[nat.egress]\nfleets = \"web\"\n{nat}");
        through("10/s", "10m", "{ get = \"assets\", size = \"1 MB\" }", &rest)
    };
    let gateway = of("");
    let (gigabytes, usd) = billed(&gateway, "through NAT gateways");
    assert!((gigabytes - 6.0).abs() < 0.005 && (usd - 0.354).abs() < 0.0005, "{gigabytes} {usd}");
    let (hours, usd) = billed(&gateway, "NAT gateway-hours");
    assert!((hours - 1.0 / 6.0).abs() < 1e-9 && (usd - 0.059 / 6.0).abs() < 1e-9, "{hours} {usd}");
    assert!((billed(&gateway, "public addresses of NAT gateways").1 - 0.005 / 6.0).abs() < 1e-9);
    let endpoint = of("endpoint = true");
    assert!(endpoint.bill.items.iter().all(|item| item.what != "through NAT gateways"));
    assert_eq!(billed(&endpoint, "NAT gateway-hours").0, hours);
    assert_eq!(endpoint.buckets[0].gets, gateway.buckets[0].gets);
}

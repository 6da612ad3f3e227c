//! Connections through a gateway, and its ports.

use simcap::outcome::Resource;

use super::{outside, through};

const PAY: &str = "{ service = \"pay\" }";

/// Twenty a second hold a connection for 0.99 s, and a gateway has ten ports: ten of each twenty get one, and the other ten fail.
#[test]
fn beyond_its_ports_a_gateway_refuses() {
    let nat = |more: &str| format!("{}[nat.egress]\nfleets = \"web\"\nports = 10\n{more}", outside("990ms"));
    let outcome = through("20/s", "20s", PAY, &nat(""));
    let found = &outcome.nats[0];
    assert!((found.refused - 195.0).abs() <= 6.0, "{found:?}");
    assert_eq!(found.opened, 10.0, "they are kept");
    assert_eq!(outcome.requests.failed, found.refused);
    assert!(outcome.requests.failed_by_cause.keys().all(|cause| cause.name() == "port_allocation"));
    let link = &outcome.phases.iter().find(|phase| phase.trouble).unwrap().chain[0];
    assert_eq!(
        (link.resource, link.cause),
        (Some(Resource::GatewayPorts { nat: 0 }), true),
        "{:#?}",
        outcome.phases
    );
    assert!(
        link.text.starts_with("ports of the NAT gateway `egress` full (10 to one destination, up to "),
        "{}",
        link.text
    );
    // A second address has ten more.
    let two = through("20/s", "20s", PAY, &nat("addresses = 2"));
    assert_eq!((two.nats[0].refused, two.requests.failed), (0.0, 0.0));
}

/// An instance keeps connections for longer than the gateway: each second request, 6 s after the last one, is reset. One that keeps them for
/// less opens one each time, and one that asks sooner has the same one all the time.
#[test]
fn a_connection_that_was_idle_for_too_long_is_reset() {
    let of = |rate: &str, keep: &str| {
        let nat = format!(
            "{}[nat.egress]\nfleets = \"web\"\nidle_timeout = \"5s\"\nkeep_alive = \"{keep}\"",
            outside("10ms")
        );
        let outcome = through(rate, "63s", PAY, &nat);
        let found = outcome.nats[0].clone();
        assert_eq!(outcome.requests.failed, found.reset);
        (found.opened, found.reset)
    };
    assert_eq!(of("10/min", "10m"), (5.0, 5.0));
    assert_eq!(of("10/min", "4s"), (10.0, 0.0));
    assert_eq!(of("20/min", "10m"), (1.0, 0.0));
    assert_eq!(of("20/min", "0s").1, 0.0);
}

/// What is inside of the VPC needs no gateway, and an endpoint leads to buckets alone.
#[test]
fn only_what_leaves_the_vpc_passes() {
    let requests = |step: &str, rest: &str| {
        through(
            "10/s",
            "10s",
            step,
            &format!("{}[s3.assets]\n[nat.egress]\nfleets = \"web\"\n{rest}", outside("10ms")),
        )
        .nats[0]
            .requests
    };
    assert!(requests(PAY, "") > 95.0 && requests("{ get = \"assets\" }", "") > 95.0);
    assert_eq!(requests("{ get = \"assets\" }", "endpoint = true"), 0.0);
    assert!(requests(PAY, "endpoint = true") > 95.0);
    let inside = outside("10ms").replace("outside = true", "");
    let within = through("10/s", "10s", PAY, &format!("{inside}[nat.egress]\nfleets = \"web\""));
    assert_eq!(within.nats[0].requests, 0.0);
}

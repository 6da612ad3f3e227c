//! The zones of gateways.

use simcap::outcome::Resource;

use super::through;

/// The instance is in zone b, and zone a is lost from 10 s to 20 s. Through the only gateway, in a, nothing passes then, and each call is
/// given up after a second; the gateway of its own zone goes on.
#[test]
fn the_only_gateway_is_lost_with_its_zone() {
    let of = |nat: &str| {
        let rest = format!(
            "[s3.assets]\nfirst_byte = \"20ms\"\n[nat.egress]\nfleets = \"web\"\n{nat}\n[fault.outage]\nzone = \"a\"\nat = \"10s\"\nfor = \"10s\"\n"
        );
        through("2/s", "40s", "{ get = \"assets\", timeout = \"1s\" }", &rest)
    };
    let lost = of("az = \"a\"");
    assert!((18.0..=22.0).contains(&lost.requests.failed), "{:?}", lost.requests);
    assert!(lost.requests.failed_by_cause.keys().all(|cause| cause.name() == "call_timeout"));
    let told: Vec<(f64, &str)> = lost.incidents.iter().map(|it| (it.at_s, it.text.as_str())).collect();
    assert!(told.contains(&(10.0, "the NAT gateway in zone a is lost")), "{told:?}");
    assert!(told.contains(&(20.0, "the NAT gateway in zone a is back")), "{told:?}");
    let gateways = Some(Resource::LostGateways { nat: 0 });
    let chain = lost.phases.iter().flat_map(|phase| &phase.chain);
    let link = chain.into_iter().find(|link| link.resource == gateways).expect("it is blamed");
    assert_eq!(link.text, "1 NAT gateway of `egress` lost in zone a");
    assert_eq!(of("per_zone = true").requests.failed, 0.0);
}

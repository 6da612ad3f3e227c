//! The link of a gateway.

use simcap::outcome::Resource;

use super::through;

const GET: &str = "{ get = \"assets\", size = \"1 MB\" }";
const ASSETS: &str = "[s3.assets]\nfirst_byte = \"20ms\"\nbandwidth = \"8 Gbit/s\"\n";

/// A megabyte takes 100 ms at 80 Mbit/s. Twenty of them a second are twice as much as the link carries, and wait; with a link that gets 80
/// Mbit/s more each two seconds it has enough after four.
#[test]
fn a_full_link_is_shared_and_grows() {
    let nat =
        |more: &str| format!("{ASSETS}[nat.egress]\nfleets = \"web\"\nbandwidth = \"80 Mbit/s\"\n{more}");
    let alone = through("1/s", "20s", GET, &nat("max_bandwidth = \"80 Mbit/s\""));
    let without = through("1/s", "20s", GET, ASSETS);
    let more = alone.latency_ms.mean - without.latency_ms.mean;
    assert!((more - 100.0).abs() < 0.1, "{more} ms");

    let full = through("20/s", "20s", GET, &nat("max_bandwidth = \"80 Mbit/s\""));
    let rows = &full.timeline.nats[0];
    assert!(rows.link_percent[3..19].iter().all(|busy| *busy > 99.0), "{:?}", rows.link_percent);
    assert!(rows.link_waiting[18] > 20.0);
    let chain = full.phases.iter().flat_map(|phase| &phase.chain);
    assert!(
        chain.into_iter().any(|link| link.resource == Some(Resource::GatewayLink { nat: 0 })),
        "{:#?}",
        full.phases
    );

    let grown = through("20/s", "40s", GET, &nat("growth = \"2s\""));
    let rows = &grown.timeline.nats[0];
    assert!(rows.link_percent[30..].iter().all(|busy| *busy < 90.0), "{:?}", rows.link_percent);
    assert!(rows.link_waiting[30..].iter().all(|waiting| *waiting < 5.0), "{:?}", rows.link_waiting);
}

//! What pages call the resources of NAT gateways. In: nothing. Out: a label for each, with what it is and the keys that change it.

use crate::measure::resource::label::labels;

labels! {
    PORTS = "ports of the NAT gateway NAME",
        "Ports of NAT gateways for connections to one destination.",
        ["nat.NAME.ports", "nat.NAME.addresses", "nat.NAME.per_zone"];
    LINK = "link of the NAT gateway NAME",
        "Links of NAT gateways, on which bytes take time.",
        ["nat.NAME.bandwidth", "nat.NAME.max_bandwidth", "nat.NAME.per_zone"];
    GATEWAYS = "NAT gateways of NAME",
        "NAT gateways that are lost with their zone.",
        ["nat.NAME.per_zone"];
}

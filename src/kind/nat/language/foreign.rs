//! Words for keys of NAT gateways from AWS and other systems. In: nothing. Out: a table, for hints.

use crate::kind::table::Foreign;

/// What they are called here.
pub(super) const FOREIGN: &[Foreign] = &[
    Foreign { words: &["fleet", "subnets", "hosts", "from"], here: "fleets" },
    Foreign { words: &["gateway_endpoint", "vpc_endpoint", "s3_endpoint"], here: "endpoint" },
    Foreign { words: &["zonal", "each_zone", "one_per_az", "per_az"], here: "per_zone" },
    Foreign { words: &["zone", "availability_zone"], here: "az" },
    Foreign { words: &["eips", "elastic_ips", "ips", "secondary_addresses"], here: "addresses" },
    Foreign { words: &["max_connections", "connections", "port_range"], here: "ports" },
    Foreign { words: &["timeout", "connection_timeout"], here: "idle_timeout" },
    Foreign { words: &["keepalive", "max_idle"], here: "keep_alive" },
    Foreign { words: &["throughput", "initial"], here: "bandwidth" },
];

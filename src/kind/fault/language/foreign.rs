//! Words for keys of faults from AWS and other systems. In: nothing. Out: a table, for hints.

use crate::kind::table::Foreign;

/// What they are called here.
pub(super) const FOREIGN: &[Foreign] = &[
    Foreign { words: &["az", "availability_zone"], here: "zone" },
    Foreign { words: &["asg", "auto_scaling_group", "target"], here: "fleet" },
    Foreign { words: &["dependency", "upstream", "downstream"], here: "service" },
    Foreign { words: &["redis", "elasticache", "replication_group"], here: "cache" },
    Foreign { words: &["db", "rds", "aurora", "cluster", "db_cluster"], here: "database" },
    Foreign { words: &["dns", "record", "hostname", "load_balancer", "alb", "elb"], here: "balancer" },
    Foreign { words: &["together_with", "correlated", "after_fault"], here: "with" },
    Foreign { words: &["time_to_live", "dns_ttl"], here: "ttl" },
    Foreign { words: &["role", "instance_role"], here: "node" },
    Foreign { words: &["node_group", "slot"], here: "shard" },
    Foreign { words: &["type", "action", "kind", "mode", "fault"], here: "effect" },
    Foreign { words: &["count", "hosts", "nodes"], here: "instances" },
    Foreign {
        words: &["percent", "percentage", "fraction", "selection_mode", "blast_radius"],
        here: "share",
    },
    Foreign { words: &["latency", "slowdown", "multiplier"], here: "factor" },
    Foreign { words: &["start", "begin", "from", "time", "when"], here: "at" },
    Foreign { words: &["mtbf", "rate", "interval", "period", "time_between_failures"], here: "every" },
    Foreign { words: &["duration", "length", "lasts", "mttr"], here: "for" },
];

//! Words for keys of balancers from AWS and other systems. In: nothing. Out: a table, for hints.

use crate::kind::table::Foreign;

/// What they are called here.
pub(super) const FOREIGN: &[Foreign] = &[
    Foreign { words: &["type"], here: "kind" },
    Foreign { words: &["target", "fleet", "fleets", "target_group", "backend"], here: "targets" },
    Foreign { words: &["algorithm", "policy", "strategy", "load_balancing"], here: "routing" },
    Foreign { words: &["health", "healthcheck", "checks"], here: "health_check" },
    Foreign { words: &["idle", "timeout", "keepalive_timeout"], here: "idle_timeout" },
    Foreign { words: &["drain", "draining", "drain_time", "deregistration"], here: "deregistration_delay" },
    Foreign { words: &["slowstart", "ramp"], here: "slow_start" },
    Foreign { words: &["crosszone", "cross_zone_balancing"], here: "cross_zone" },
    Foreign { words: &["keep_alive", "keepalive"], here: "target_connections" },
    Foreign { words: &["scheme", "internal", "public"], here: "internet_facing" },
    Foreign {
        words: &["anomaly_detection", "automatic_target_weights", "atw", "mitigation"],
        here: "anomaly_mitigation",
    },
    Foreign {
        words: &["sticky", "sticky_sessions", "session_affinity", "affinity", "cookie"],
        here: "stickiness",
    },
    Foreign {
        words: &["lcu", "capacity", "reserved_lcu", "capacity_reservation", "warm", "prewarm"],
        here: "growth",
    },
    Foreign { words: &["listener", "listeners", "listener_rules", "path_patterns", "routes"], here: "rules" },
    Foreign {
        words: &["target_groups", "weighted_target_groups", "groups", "forward"],
        here: "targets = [{ fleet = \"blue\", weight = 90 }, { fleet = \"green\", weight = 10 }]",
    },
    Foreign {
        words: &["target_group_stickiness", "target_group_stickiness_config"],
        here: "group_stickiness",
    },
    Foreign { words: &["shift", "shifts", "canary", "blue_green"], here: "weights" },
    Foreign { words: &["surge", "queue", "surge_queue_length"], here: "surge_queue" },
    Foreign { words: &["client_ip_preservation", "source_ip"], here: "preserve_client_ip" },
    Foreign { words: &["latency", "network"], here: "hop" },
];

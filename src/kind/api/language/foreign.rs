//! Words for keys of APIs from AWS and other systems. In: nothing. Out: a table, for hints.

use crate::kind::table::Foreign;

/// What they are called here.
pub(super) const FOREIGN: &[Foreign] = &[
    Foreign {
        words: &["target", "targets", "backend", "to", "lambda", "function", "origin"],
        here: "integration",
    },
    Foreign { words: &["type", "protocol", "api_type"], here: "kind" },
    Foreign { words: &["overhead", "hop", "network"], here: "latency" },
    Foreign { words: &["integration_timeout", "timeout_in_millis"], here: "timeout" },
    Foreign { words: &["rate_limit", "throttling", "stage_throttle", "limit"], here: "throttle" },
    Foreign { words: &["usage_plans", "usage_plan", "keys", "api_keys"], here: "plans" },
    Foreign { words: &["cache_cluster_size", "caching"], here: "cache" },
    Foreign { words: &["methods", "paths", "resources"], here: "routes" },
];

//! Words for keys of functions from AWS and other systems. In: nothing. Out: a table, for hints.

use crate::kind::table::Foreign;

/// What they are called here.
pub(super) const FOREIGN: &[Foreign] = &[
    Foreign { words: &["memory_size", "MemorySize", "ram", "memory_mb"], here: "memory" },
    Foreign { words: &["cold_start", "init_duration", "startup", "boot"], here: "init" },
    Foreign { words: &["code_size", "package_size", "zip"], here: "package" },
    Foreign { words: &["idle_timeout", "keep_warm", "ttl", "keep_alive"], here: "keep" },
    Foreign {
        words: &["reserved", "ReservedConcurrentExecutions", "concurrency", "max_concurrency", "limit"],
        here: "reserved_concurrency",
    },
    Foreign {
        words: &["provisioned", "ProvisionedConcurrentExecutions", "min_instances"],
        here: "provisioned_concurrency",
    },
    Foreign { words: &["burst_concurrency", "scale", "ramp"], here: "scaling" },
    Foreign { words: &["arch", "architectures"], here: "architecture" },
    Foreign { words: &["duration_limit", "max_duration"], here: "timeout" },
    Foreign { words: &["connections", "pool"], here: "pools" },
    Foreign { words: &["network", "overhead"], here: "hop" },
    Foreign { words: &["handler", "work"], here: "steps" },
    Foreign {
        words: &["async", "events", "EventInvokeConfig", "event_invoke_config", "destinations", "retries"],
        here: "asynchronous",
    },
];

//! Words for keys of policies from libraries and meshes. In: nothing. Out: a table, for hints.

use crate::kind::table::Foreign;

/// What they are called here.
pub(super) const FOREIGN: &[Foreign] = &[
    Foreign {
        words: &["read_timeout", "request_timeout", "per_try_timeout", "time_limiter", "deadline"],
        here: "timeout",
    },
    Foreign { words: &["retry", "max_attempts", "num_retries", "retry_policy"], here: "retries" },
    Foreign { words: &["retry_throttling", "retry_budget"], here: "budget" },
    Foreign { words: &["circuit_breaker", "outlier_detection"], here: "breaker" },
    Foreign { words: &["max_concurrent_calls", "max_requests", "concurrency", "limit"], here: "bulkhead" },
    Foreign { words: &["hedging", "hedging_delay", "speculative"], here: "hedge" },
    Foreign { words: &["default", "degrade", "optional"], here: "fallback" },
];

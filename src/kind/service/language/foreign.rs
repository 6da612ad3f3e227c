//! Words for keys of service stations from AWS and other systems. In: nothing. Out: a table, for hints.

use crate::kind::table::Foreign;

/// What they are called here.
pub(super) const FOREIGN: &[Foreign] = &[
    Foreign {
        words: &["concurrency", "workers", "threads", "instances", "count", "capacity"],
        here: "servers",
    },
    Foreign { words: &["latency", "duration", "service_time", "response_time", "delay"], here: "time" },
    Foreign { words: &["queue_size", "max_queue", "backlog", "queue_limit", "buffer"], here: "queue" },
    Foreign { words: &["max_wait", "wait"], here: "patience" },
    Foreign { words: &["order", "scheduling"], here: "discipline" },
    Foreign { words: &["network"], here: "hop" },
];

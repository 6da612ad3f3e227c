//! Words for keys of queues from AWS and other systems. In: nothing. Out: a table, for hints.

use crate::kind::table::Foreign;

/// What they are called here.
pub(super) const FOREIGN: &[Foreign] = &[
    Foreign {
        words: &["fifo", "is_fifo", "fifo_queue", "ordered", "kind", "queue_type"],
        here: "type = \"fifo\"",
    },
    Foreign { words: &["visibility", "visibility_time", "lease"], here: "visibility_timeout" },
    Foreign {
        words: &["dlq", "dead_letter_queue", "deadletter", "redrive", "redrive_policy"],
        here: "dead_letter",
    },
    Foreign {
        words: &["max_receives", "maxreceivecount", "max_retries", "retries", "max_attempts"],
        here: "max_receive_count",
    },
    Foreign { words: &["delay", "delay_seconds"], here: "delivery_delay" },
    Foreign {
        words: &["message_retention", "message_retention_period", "retention_period", "ttl", "expiry"],
        here: "retention",
    },
    Foreign { words: &["max_in_flight", "inflight"], here: "in_flight" },
    Foreign { words: &["size", "message_bytes", "max_message_size", "payload"], here: "message_size" },
    Foreign { words: &["worker", "consumer", "fleet"], here: "workers" },
    Foreign { words: &["concurrency", "threads", "pollers_per_instance"], here: "pollers" },
    Foreign { words: &["batch_size", "max_messages", "max_number_of_messages", "prefetch"], here: "batch" },
    Foreign {
        words: &[
            "wait_time",
            "long_polling",
            "wait_time_seconds",
            "receive_wait",
            "receive_message_wait_time_seconds",
        ],
        here: "wait",
    },
    Foreign { words: &["processing_time", "service_time", "duration", "work"], here: "time" },
    Foreign {
        words: &["group", "message_groups", "message_group", "message_group_id", "group_id"],
        here: "groups",
    },
    Foreign { words: &["rate", "throughput", "rate_limit"], here: "calls" },
];

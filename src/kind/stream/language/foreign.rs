//! Words for keys of streams from AWS and other systems. In: nothing. Out: a table, for hints.

use crate::kind::table::Foreign;

/// What they are called here.
pub(super) const FOREIGN: &[Foreign] = &[
    Foreign { words: &["stream_mode", "mode", "capacity_mode"], here: "capacity" },
    Foreign { words: &["shard_count", "partitions", "open_shards"], here: "shards" },
    Foreign { words: &["update_shard_count", "resharding", "scaling", "split", "merge"], here: "reshard" },
    Foreign { words: &["retention_period", "retention_hours", "ttl"], here: "retention" },
    Foreign { words: &["record_size", "size", "payload"], here: "record" },
    Foreign { words: &["max_record_size", "MaxRecordSizeInKiB"], here: "max_record" },
    Foreign { words: &["latency", "put_time", "put_latency"], here: "write_time" },
    Foreign { words: &["retry", "max_retries", "sdk"], here: "retries" },
    Foreign { words: &["worker", "function", "lambda", "event_source", "consumer"], here: "workers" },
    Foreign { words: &["batch_size", "max_records"], here: "batch" },
    Foreign { words: &["MaximumBatchingWindowInSeconds", "window", "batching_window"], here: "batch_window" },
    Foreign {
        words: &["parallelism", "concurrency", "concurrent_batches_per_shard"],
        here: "parallelization_factor",
    },
    Foreign { words: &["retry_attempts", "MaximumRetryAttempts"], here: "maximum_retry_attempts" },
    Foreign {
        words: &["max_age", "MaximumRecordAgeInSeconds", "max_record_age"],
        here: "maximum_record_age",
    },
    Foreign { words: &["BisectBatchOnFunctionError", "bisect_batch", "bisect_on_error"], here: "bisect" },
    Foreign {
        words: &["ReportBatchItemFailures", "partial_batch", "partial_batch_response"],
        here: "report_failures",
    },
    Foreign { words: &["enhanced_fan_out", "efo", "fanout"], here: "fan_out" },
    Foreign { words: &["consumers", "applications", "kcl"], here: "readers" },
];

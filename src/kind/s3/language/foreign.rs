//! Words for keys of buckets from AWS and other systems. In: nothing. Out: a table, for hints.

use crate::kind::table::Foreign;

/// What they are called here.
pub(super) const FOREIGN: &[Foreign] = &[
    Foreign { words: &["size", "stored", "bytes", "gb", "capacity"], here: "storage" },
    Foreign { words: &["object_size", "item", "item_size", "file_size"], here: "object" },
    Foreign { words: &["latency", "time", "ttfb", "first_byte_latency"], here: "first_byte" },
    Foreign { words: &["throughput", "network"], here: "bandwidth" },
    Foreign { words: &["folders", "prefix", "shards"], here: "prefixes" },
    Foreign { words: &["reserved", "prepartitioned", "pre_partitioned"], here: "partitions" },
    Foreign { words: &["get_rate", "gets", "max_reads", "read_limit"], here: "reads" },
    Foreign { words: &["put_rate", "puts", "max_writes", "write_limit"], here: "writes" },
    Foreign {
        words: &["replication", "replicas", "crr", "srr", "replicate_to", "cross_region_replication"],
        here: "replica",
    },
    Foreign { words: &["scaling", "auto_partition", "resharding"], here: "split" },
];

//! Words for keys of volumes from AWS and other systems. In: nothing. Out: a table, for hints.

use crate::kind::table::Foreign;

/// What they are called here.
pub(super) const FOREIGN: &[Foreign] = &[
    Foreign { words: &["volume_type", "kind", "class", "sort"], here: "type" },
    Foreign { words: &["volume_size", "storage", "gb", "capacity", "disk"], here: "size" },
    Foreign { words: &["provisioned_iops", "iops_limit"], here: "iops" },
    Foreign { words: &["provisioned_throughput", "mibps"], here: "throughput" },
    Foreign { words: &["burst_balance", "burst_credits"], here: "credits" },
    Foreign { words: &["instance", "instances", "fleets", "attached_to", "group"], here: "fleet" },
    Foreign { words: &["latency", "time"], here: "read_latency" },
    Foreign { words: &["io_size", "block", "block_size"], here: "io" },
    Foreign { words: &["file_size", "object", "object_size"], here: "file" },
    Foreign { words: &["ebs_bandwidth", "ebs_optimized", "bandwidth"], here: "instance_limit" },
    Foreign { words: &["keep", "persist"], here: "delete_on_termination" },
];

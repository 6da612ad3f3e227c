//! Words for keys of file systems from AWS and other systems. In: nothing. Out: a table, for hints.

use crate::kind::table::Foreign;

/// What they are called here.
pub(super) const FOREIGN: &[Foreign] = &[
    Foreign { words: &["size", "stored", "bytes", "gb", "capacity"], here: "storage" },
    Foreign { words: &["file_size", "object", "object_size", "item"], here: "file" },
    Foreign { words: &["throughput_mode", "mode"], here: "throughput" },
    Foreign {
        words: &["provisioned_throughput", "provisioned_throughput_in_mibps", "mibps"],
        here: "provisioned",
    },
    Foreign { words: &["burst_credits", "burst_credit_balance"], here: "credits" },
    Foreign { words: &["latency", "time"], here: "read_latency" },
    Foreign { words: &["iops", "reads"], here: "read_iops" },
    Foreign { words: &["writes"], here: "write_iops" },
    Foreign { words: &["client_limit", "per_client", "bandwidth"], here: "client" },
    Foreign { words: &["rsize", "wsize", "block", "block_size"], here: "io" },
];

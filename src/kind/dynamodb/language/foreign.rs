//! Words for keys of DynamoDB tables from AWS and other systems. In: nothing. Out: a table, for hints.

use crate::kind::table::Foreign;

/// What they are called here.
pub(super) const FOREIGN: &[Foreign] = &[
    Foreign { words: &["billing_mode", "billing", "mode", "capacity_mode", "throughput"], here: "capacity" },
    Foreign { words: &["rcu", "rcus", "read_capacity", "read_capacity_units"], here: "read_units" },
    Foreign { words: &["wcu", "wcus", "write_capacity", "write_capacity_units"], here: "write_units" },
    Foreign { words: &["auto_scaling", "autoscaling", "scale"], here: "scaling" },
    Foreign { words: &["warm", "pre_warm", "prewarm", "warmup"], here: "warm_throughput" },
    Foreign { words: &["on_demand_throughput", "max", "maximum_throughput"], here: "max_throughput" },
    Foreign { words: &["item_size", "size", "object"], here: "item" },
    Foreign { words: &["stored", "bytes", "gb", "table_size"], here: "storage" },
    Foreign { words: &["latency", "time", "get_time"], here: "read_time" },
    Foreign { words: &["put_time", "update_time"], here: "write_time" },
    Foreign { words: &["partitions", "partition_limit", "shards"], here: "partition" },
    Foreign { words: &["adaptive", "adaptive_capacity", "split_for_heat"], here: "split" },
    Foreign { words: &["accelerator", "cache"], here: "dax" },
    Foreign { words: &["global_table", "replicas", "replicate_to", "replication"], here: "replica" },
    Foreign { words: &["retry", "max_retries", "max_attempts", "sdk"], here: "retries" },
];

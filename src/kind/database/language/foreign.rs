//! Words for keys of databases from AWS and other systems. In: nothing. Out: a table, for hints.

use crate::kind::table::Foreign;

/// What they are called here.
pub(super) const FOREIGN: &[Foreign] = &[
    Foreign {
        words: &["instance", "instance_type", "instance_class", "class", "type", "node"],
        here: "writer",
    },
    Foreign { words: &["reader", "reader_class", "replica_class"], here: "replica" },
    Foreign { words: &["read_replicas", "replica_count", "readers", "reader_count"], here: "replicas" },
    Foreign {
        words: &["connections", "max_conn", "maxconnections", "connection_limit"],
        here: "max_connections",
    },
    Foreign { words: &["standby", "multiaz", "ha", "high_availability"], here: "multi_az = true" },
    Foreign {
        words: &["auto_scaling", "autoscaling", "replica_auto_scaling", "reader_scaling"],
        here: "replica_scaling",
    },
    Foreign { words: &["acu", "acus", "serverless_v2", "serverlessv2"], here: "serverless" },
    Foreign { words: &["failover_time", "rto"], here: "failover" },
    Foreign { words: &["ttl", "dns", "dns_cache", "networkaddress_cache_ttl"], here: "dns_ttl" },
    Foreign { words: &["crash_recovery", "restart_time"], here: "recovery" },
    Foreign { words: &["commit_time", "commit_latency", "flush"], here: "commit" },
    Foreign { words: &["innodb_lock_wait_timeout", "lock_timeout"], here: "lock_wait_timeout" },
    Foreign { words: &["lag", "replica_lag", "replication_lag"], here: "replication" },
    Foreign { words: &["size", "disk", "volume", "allocated_storage", "storage_size"], here: "storage" },
    Foreign { words: &["backups", "backup_retention_period", "snapshots", "pitr"], here: "backup" },
    Foreign { words: &["row_size"], here: "row" },
    Foreign { words: &["zones", "zone", "az", "availability_zones"], here: "azs" },
    Foreign { words: &["latency", "network"], here: "hop" },
];

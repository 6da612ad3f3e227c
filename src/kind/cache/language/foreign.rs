//! Words for keys of caches from AWS and other systems. In: nothing. Out: a table, for hints.

use crate::kind::table::Foreign;

/// What they are called here.
pub(super) const FOREIGN: &[Foreign] = &[
    Foreign { words: &["maxmemory", "max_memory", "memory_size", "capacity", "size"], here: "memory" },
    Foreign { words: &["instance", "instance_type", "node_type", "cache_node_type", "type"], here: "node" },
    Foreign {
        words: &["nodes", "num_shards", "shard_count", "node_groups", "num_node_groups"],
        here: "shards",
    },
    Foreign { words: &["replica_count", "replicas_per_node_group", "read_replicas"], here: "replicas" },
    Foreign { words: &["expiry", "expire", "expires", "expiration", "time_to_live", "max_age"], here: "ttl" },
    Foreign { words: &["maxmemory_policy", "eviction_policy", "policy"], here: "eviction" },
    Foreign { words: &["hit_rate", "hits", "hitrate"], here: "hit_ratio" },
    Foreign { words: &["value", "value_size", "item_size", "object_size"], here: "item" },
    Foreign { words: &["zones", "zone", "az", "availability_zones"], here: "azs" },
    Foreign { words: &["single_flight", "collapse", "dogpile", "request_coalescing"], here: "coalesce" },
    Foreign { words: &["latency"], here: "hop" },
    Foreign { words: &["warmup", "prewarm", "preload"], here: "warm" },
    Foreign { words: &["purge", "flushall", "flush_all", "invalidate_all", "clear"], here: "flush" },
    Foreign { words: &["jitter", "ttl_jitter", "ttls"], here: "ttl" },
    Foreign { words: &["refresh", "stale_while_revalidate", "refresh_ahead", "grace"], here: "soft_ttl" },
    Foreign { words: &["negative_ttl", "negative_caching"], here: "absent_ttl" },
    Foreign { words: &["automatic_failover", "failover"], here: "multi_az" },
    Foreign { words: &["reserved_memory_percent", "reserve"], here: "reserved" },
    Foreign { words: &["bandwidth"], here: "network" },
    Foreign { words: &["read_preference", "reads"], here: "read_from" },
    Foreign { words: &["command_time", "time", "service_time"], here: "command" },
];

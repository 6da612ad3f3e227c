//! What pages call the resources of a cache. In: nothing. Out: a label for each, with what it is and the keys that change it.

use crate::measure::resource::label::labels;

labels! {
    THREADS = "command threads of NAME",
        "Threads of the nodes of the cache that execute commands: one for each shard of Redis, several for each node of Memcached.",
        ["cache.NAME.shards", "cache.NAME.threads", "cache.NAME.read_from", "cache.NAME.node"];
    LINKS = "links of NAME",
        "Network links of the nodes of the cache, on which values take time.",
        ["cache.NAME.network", "cache.NAME.node", "cache.NAME.shards"];
    SHARDS = "shards of NAME",
        "Shards of the cache that are lost, with what they held.",
        ["cache.NAME.replicas", "cache.NAME.multi_az"];
}

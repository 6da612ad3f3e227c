//! The keys of a cache. In: nothing. Out: their shape.

use super::size::SIZE;
use super::*;

/// The language of a cache.
pub const SHAPE: Shape = Shape {
    title: "[cache.NAME]",
    about: "A Redis cache used cache-aside: looked up first, filled on a miss. Or a Memcached one.",
    keys: &[
        Key::optional(
            "engine",
            "\"redis\" or \"memcached\"",
            "`\"redis\"` (assumption: the usual one)",
            "which engine: Redis with one command thread a shard and with replicas, or Memcached with several threads a node, without \
             replicas, whose clients spread keys by consistent hashing (ketama)",
        ),
        Key::required("node", "node type, such as \"cache.r6g.large\"", "hardware of each shard"),
        Key::given(
            "shards",
            "whole number",
            || SHARDS.show(),
            "shards, or nodes of Memcached; keys are spread evenly over them",
        ),
        Key::given(
            "replicas",
            "whole number, up to 5",
            || REPLICAS.show(),
            "replicas of each shard: billed; one of them takes over from a lost shard; they serve reads with `read_from`",
        ),
        Key::given(
            "read_from",
            "\"primary\" or \"replicas\"",
            || READ_FROM.show(),
            "which nodes answer look-ups",
        ),
        Key::given(
            "multi_az",
            "true or false",
            || MULTI_AZ.show(),
            "whether a replica takes over where a shard is lost; without it the shard comes back empty when its zone is back",
        ),
        Key::given(
            "detect",
            "duration",
            || DETECT.show(),
            "how long it takes until a lost node is known to be lost: from then on a \
            replica is promoted, or clients of Memcached leave the node out",
        ),
        Key::given("promotion", "duration", || PROMOTION.show(), "how long a promotion takes after that"),
        Key::given(
            "lag",
            "duration",
            || LAG.show(),
            "how far replicas are behind: what was written in that time before a loss is lost",
        ),
        Key::optional(
            "memory",
            "data",
            "the nodes' maxmemory less `reserved`",
            "memory for data in all shards together",
        ),
        Key::given(
            "reserved",
            "share",
            || RESERVED.show(),
            "part of maxmemory that is kept for other things than data; Memcached keeps 100 MiB a node",
        ),
        Key::given(
            "item",
            SIZE,
            || ITEM.show(),
            "size of an item with its key and overhead; by a law, each key has its own size",
        ),
        Key::optional(
            "ttl",
            "law or \"never\"",
            "`\"never\"` (assumption: whether and when entries end is the decision of the application)",
            "time to live from the fill; a law spreads it (jitter)",
        ),
        Key::optional(
            "soft_ttl",
            "duration",
            "none",
            "age from which on a hit lets its instance fetch the item anew behind the scenes, one fetch at a time for each item",
        ),
        Key::given(
            "renew",
            "true or false",
            || RENEW.show(),
            "whether a hit begins the time to live anew, as for sessions (GETEX); with `sessions` it does",
        ),
        Key::given(
            "sessions",
            "true or false",
            || SESSIONS.show(),
            "whether it keeps sessions, an item a user: a hit renews them, nothing is evicted (`eviction = \"none\"`), and what is lost or finds no \
             room is warned of",
        ),
        Key::given(
            "absent",
            "share",
            || ABSENT.show(),
            "share of the keys for which there is nothing to be found: a miss stores nothing, so that all look-ups of them miss",
        ),
        Key::optional(
            "absent_ttl",
            "duration",
            "it is not kept",
            "how long it is kept that there is nothing (negative caching)",
        ),
        Key::optional(
            "eviction",
            "\"lru\", \"sampled-lru\", \"lfu\", \"fifo\", \"random\", \"ttl\" or \"none\"",
            "`\"lru\"` (ElastiCache user guide, maxmemory-policy: volatile-lru)",
            "what makes room: the least recently used item, exactly, or the most idle of five and a pool as in Redis (allkeys-lru); the \
             least frequently used by the counters of Redis (allkeys-lfu); the one that came first; any (allkeys-random); the one that expires first (volatile-ttl); \
             or nothing, and what finds no room is refused (noeviction)",
        ),
        Key::given(
            "active_expiry",
            "true or false",
            || ACTIVE_EXPIRY.show(),
            "whether what has expired is also searched for, as Redis does ten times a second; else a look-up or an eviction finds it. Without eviction (`\"none\"`) it is",
        ),
        Key::optional(
            "flush",
            "array of instants or { at, share }",
            "never",
            "instants at which all items are removed, or a share of them, as by FLUSHALL or a deployment",
        ),
        Key::optional(
            "hit_ratio",
            "share",
            "keys are simulated and the ratio emerges",
            "a fixed hit ratio, for people who only know that",
        ),
        Key::given(
            "command",
            "law",
            || COMMAND.show(),
            "time of one command on the command thread of a node of strength 1",
        ),
        Key::optional(
            "threads",
            "whole number",
            "Redis 1; Memcached its vCPUs (ElastiCache user guide, num_threads)",
            "threads of a Memcached node that execute commands",
        ),
        Key::given("hop", "duration", || HOP.show(), "one-way network latency"),
        Key::optional(
            "network",
            "bandwidth",
            "the baseline of the node type (EC2 user guide, that of the EC2 type), for values beyond 9,001 bytes, the largest packet in a VPC; a smaller one is in `hop`",
            "bandwidth of a node in each direction; where it is written, all bytes take time. One connection gets 5 Gbit/s at the most",
        ),
        Key::given(
            "copy",
            "bandwidth",
            || COPY.show(),
            "how fast the command thread reads or writes the bytes of a value beyond 9,001 bytes",
        ),
        Key::given(
            "coalesce",
            "true or false",
            || COALESCE.show(),
            "whether simultaneous misses of one key wait for the first one's fill",
        ),
        Key::given(
            "warm",
            "share",
            || WARM.show(),
            "share of the capacity that holds the most popular keys at the start",
        ),
        Key::given(
            "azs",
            ZONES,
            || AZS.show(),
            "zones of the shards, in turn; replicas are in the next ones",
        ),
        Key::optional(
            "connections",
            "whole number, up to 65,000",
            "clients share so few that nobody counts them",
            "connections that each instance opens to each node, such as those of its pool; an instance that gets none goes on as after a miss",
        ),
        Key::given(
            "max_connections",
            "whole number, up to 65,000",
            || MAX_CONNECTIONS.show(),
            "connections that a node takes",
        ),
        Key::given(
            "timeout",
            "duration",
            || TIMEOUT.show(),
            "how long a client waits for a shard that is lost; then it goes on as after a miss",
        ),
    ],
};

/// The language of a flush.
pub const FLUSH_SHAPE: Shape = Shape {
    title: "[cache.NAME] flush = [{ … }]",
    about: "Items of a cache are removed at an instant.",
    keys: &[
        Key::required("at", "duration", "when, from the start of the run"),
        Key::given("share", "share", || FLUSH_SHARE.show(), "how much of it, chosen at random"),
    ],
};

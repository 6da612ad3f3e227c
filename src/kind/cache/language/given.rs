//! What is assumed of a cache where the file says nothing. In: nothing. Out: values with their sources.

use crate::dist::Law;
use crate::language::shape::Given;
use crate::units::{Bandwidth, Bytes, Time};

/// Shards: 1.
pub const SHARDS: Given<u32> = Given::new(1, "assumption: cluster mode off");
/// Replicas of each shard: none.
pub const REPLICAS: Given<u32> = Given::new(0, "assumption: a single node, as when cluster mode is off");
/// Whether a replica takes over: yes.
pub const MULTI_AZ: Given<bool> = Given::new(
    true,
    "ElastiCache user guide, minimizing downtime with Multi-AZ: automatic failover, which needs replicas",
);
/// Until a lost node is known to be lost: 15 s.
pub const DETECT: Given<Time> = Given::new(
    Time::from_secs(15),
    "assumption: AWS publishes no figure; planning figures go from 15 s to 35 s",
);
/// A promotion after that: 5 s.
pub const PROMOTION: Given<Time> = Given::new(
    Time::from_secs(5),
    "ElastiCache user guide, minimizing downtime with Multi-AZ: typically just a few seconds",
);
/// How far replicas are behind: 10 ms.
pub const LAG: Given<Time> =
    Given::new(Time::from_millis(10), "assumption: replication is asynchronous (ElastiCache user guide)");
/// Part of `maxmemory` that is kept for other things: 25 %.
pub const RESERVED: Given<&str> =
    Given::new("25%", "ElastiCache user guide, reserved-memory-percent of 25 (2023-06)");
/// The same as a number.
pub const RESERVED_SHARE: f64 = 0.25;
/// What a Memcached node keeps for connections: 100 MiB.
/// Source: ElastiCache user guide, `memcached_connections_overhead` of 100 (recalled).
pub const OVERHEAD: Bytes = Bytes(100 << 20);
/// Whether it keeps sessions: no.
pub const SESSIONS: Given<bool> = Given::new(false, "assumption: it keeps copies of what can be read again");
/// Whether expired items are searched for: no.
pub const ACTIVE_EXPIRY: Given<bool> = Given::new(
    false,
    "assumption: it matters only where expired items take the memory of others, and costs ten events a second",
);
/// How much a flush removes: all.
pub const FLUSH_SHARE: Given<&str> = Given::new("100%", "Redis documentation, FLUSHALL");
/// How fast a command thread reads or writes a value: 20 Gbit/s.
pub const COPY: Given<Bandwidth> =
    Given::new(Bandwidth(20e9), "assumption: one core copies 2.5 GB a second between memory and a socket");
/// The largest packet in a VPC: what is not larger travels within `hop`.
/// Source: EC2 user guide, network maximum transmission unit: jumbo frames of 9001 bytes.
pub const PACKET: Bytes = Bytes(9_001);
/// Most bytes that one connection gets a second. Source: EC2 user guide, instance network bandwidth: 5 Gbit/s for a single flow.
pub const FLOW: Bandwidth = Bandwidth(5e9);
/// Most threads of a node.
pub const THREADS_MAX: u32 = 256;
/// Most flushes of a cache.
pub const FLUSHES_MAX: usize = 1_000;
/// Mean size of an item with its key and overhead: 2 KiB.
pub const ITEM: Given<Bytes> = Given::new(
    Bytes(2_048),
    "assumption: a rendered fragment or a serialised product; Twitter's caches hold 260 B (2020)",
);
/// Whether a hit begins the time to live anew: no.
pub const RENEW: Given<bool> = Given::new(
    false,
    "Redis documentation, EXPIRE: a time to live goes only when the key is overwritten or deleted",
);
/// Time of one command on a node of strength 1: 8.6 us.
pub const COMMAND: Given<Law> = Given::new(
    Law::Constant(Time::from_nanos(8_600)),
    "Atom-oh/aws-ec2-benchmark (2026): 115,680 SET/s without pipelining on m5.xlarge",
);
/// Whether simultaneous misses of one key share a fill: no.
pub const COALESCE: Given<bool> =
    Given::new(false, "plain cache-aside, ElastiCache user guide, caching strategies");
/// Share of the capacity filled at the start, in percent: none.
pub const WARM: Given<&str> = Given::new("0%", "assumption: a cache is cold until the file says otherwise");

/// Connections that a node takes: 65,000.
pub const MAX_CONNECTIONS: Given<u32> = Given::new(
    65_000,
    "ElastiCache user guide, Redis parameters: maxclients of 65000, which cannot be changed",
);

/// How long a client waits for a shard that does not answer: 2 s.
pub const TIMEOUT: Given<Time> = Given::new(
    Time::from_secs(2),
    "assumption: the socket timeout of a Redis client, 2 s in Jedis (unverified)",
);
/// Which nodes answer look-ups: primaries.
pub const READ_FROM: Given<&str> = Given::new("primary", "assumption: clients use the primary endpoint");
/// Share of the keys for which there is nothing: none.
pub const ABSENT: Given<&str> = Given::new("0%", "assumption: what is looked up exists");

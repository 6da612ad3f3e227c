//! `[cache.NAME]`: a Redis cache used cache-aside. In: node, item size, TTL. Out: a [`Cache`].

use crate::catalog::CacheNode;
use crate::dist::Law;
use crate::units::{Bytes, Time};

/// A Redis cache.
#[derive(Clone, Debug)]
pub struct Cache {
    /// Name in the file.
    pub name: String,
    /// Hardware of each shard.
    pub node: CacheNode,
    /// Shards; keys are spread evenly over them.
    pub shards: u32,
    /// Replicas of each shard (billed; they serve no reads here).
    pub replicas: u32,
    /// Memory for data in all shards together, after the reserve.
    pub memory: Bytes,
    /// Mean size of an item with its key and overhead.
    pub item: Bytes,
    /// Time to live from the fill; `None` never expires.
    pub ttl: Option<Time>,
    /// A fixed hit ratio instead of simulated keys.
    pub hit_ratio: Option<f64>,
    /// Time of one command on the single command thread of a shard.
    pub command: Law,
    /// One-way network latency.
    pub hop: Time,
    /// Whether simultaneous misses of one key wait for the first one's fill.
    pub coalesce: bool,
    /// Share of the capacity that holds the most popular keys at the start.
    pub warm: f64,
}

impl Cache {
    /// How many items fit.
    pub fn capacity(&self) -> u64 {
        self.memory.0 / self.item.0.max(1)
    }
}

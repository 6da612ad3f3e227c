//! `[cache.NAME]`: a Redis or Memcached cache used cache-aside. In: node, item size, TTL. Out: a [`Cache`].

mod foreign;
mod given;
mod rules;
mod shape;
mod size;

use crate::catalog::region::Region;
use crate::catalog::zone::{Place, Zone};
use crate::catalog::{self, CacheNode};
use crate::dist::Law;
use crate::id::{Dial, Kind};
use crate::kind::Settings;
use crate::kind::network::HOP;
use crate::kind::path::Written;
use crate::kind::table::{Foreign, Table};
use crate::kind::zones::{self, AZS, ZONES};
use crate::language::reader::Reader;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;
use crate::units::{Bandwidth, Bytes, Time};

pub use given::*;
pub use shape::{FLUSH_SHAPE, SHAPE};

/// Gauges of a cache.
pub(crate) const GAUGES: &[Dial] = &[
    Dial {
        kind: Kind::Cache,
        name: "busy",
        own: false,
        about: "busy command threads in percent, mean of the period",
    },
    Dial { kind: Kind::Cache, name: "lookups", own: false, about: "look-ups a second" },
    Dial {
        kind: Kind::Cache,
        name: "hit_ratio",
        own: false,
        about: "hits in percent of the look-ups of the period",
    },
    Dial {
        kind: Kind::Cache,
        name: "evictions",
        own: false,
        about: "items a second that are evicted for want of memory",
    },
];

/// A Redis cache.
#[derive(Clone, Debug)]
pub struct Cache {
    /// Name in the file.
    pub name: String,
    /// Hardware of each shard.
    pub node: CacheNode,
    /// Shards; keys are spread evenly over them.
    pub shards: u32,
    /// Which engine.
    pub engine: Engine,
    /// Replicas of each shard.
    pub replicas: u32,
    /// Whether they answer look-ups, and not the primary.
    pub reads_from_replicas: bool,
    /// Whether one of them takes over from a shard that is lost.
    pub multi_az: bool,
    /// How long it takes until a lost node is known to be lost.
    pub detect: Time,
    /// How long a promotion takes after that.
    pub promotion: Time,
    /// How far replicas are behind.
    pub lag: Time,
    /// Memory for data in all shards together, after the reserve.
    pub memory: Bytes,
    /// Mean size of an item with its key and overhead.
    pub item: Bytes,
    /// The law of sizes, a nanosecond for each byte, where keys differ.
    pub sizes: Option<Law>,
    /// Mean time to live from the fill; `None` never expires.
    pub ttl: Option<Time>,
    /// Its law, where it is spread.
    pub ttls: Option<Law>,
    /// Age from which on a hit lets the item be fetched anew.
    pub soft_ttl: Option<Time>,
    /// Connections that an instance opens to each node, if they are counted.
    pub connections: Option<u32>,
    /// Connections that a node takes.
    pub max_connections: u32,
    /// Share of the keys for which there is nothing to be found.
    pub absent: f64,
    /// How long that is kept.
    pub absent_ttl: Option<Time>,
    /// Whether a hit begins the time to live anew.
    pub renew: bool,
    /// Whether it keeps sessions.
    pub sessions: bool,
    /// What makes room in a full cache.
    pub eviction: Eviction,
    /// Whether what has expired is searched for.
    pub active_expiry: bool,
    /// Instants at which a share of the items is removed, in the order of time.
    pub flush: Vec<(Time, f64)>,
    /// A fixed hit ratio instead of simulated keys.
    pub hit_ratio: Option<f64>,
    /// Time of one command on a command thread of a node.
    pub command: Law,
    /// Command threads of a node.
    pub threads: u32,
    /// Bandwidth of a node, where the file names one: then all bytes take time.
    pub network: Option<Bandwidth>,
    /// How fast a command thread reads or writes a value.
    pub copy: Bandwidth,
    /// One-way network latency.
    pub hop: Time,
    /// Whether simultaneous misses of one key wait for the first one's fill.
    pub coalesce: bool,
    /// Share of the capacity that holds the most popular keys at the start.
    pub warm: f64,
    /// Zones of the shards, in turn.
    pub azs: Vec<Zone>,
    /// How long a client waits for a shard that is lost; then it goes on as after a miss.
    pub timeout: Time,
}

/// What makes room in a full cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eviction {
    /// The least recently used item goes, exactly.
    Lru,
    /// The item that has been idle for longest goes, of a sample.
    SampledLru,
    /// The item that is used least often goes, of a sample.
    Lfu,
    /// The item that came first goes.
    Fifo,
    /// Any item goes, each equally likely.
    Random,
    /// The item that expires first goes, of a sample.
    Expiry,
    /// Nothing goes, and what finds no room is refused.
    Nothing,
}

/// An engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// One command thread a shard, replicas.
    Redis,
    /// Several threads a node, no replicas; clients spread the keys.
    Memcached,
}

impl Cache {
    /// Where a shard is.
    pub fn place_of(&self, shard: usize) -> Place {
        self.place_of_node(shard, 0)
    }

    /// Where a node of a shard is: the primary at first is node 0, and its replicas are in the next zones.
    pub fn place_of_node(&self, shard: usize, node: usize) -> Place {
        let zone = self.azs.get((shard + node) % self.azs.len().max(1));
        Place::at_home(zone.copied().unwrap_or(Zone(0)))
    }

    /// Nodes of a shard.
    pub fn nodes(&self) -> usize {
        1 + self.replicas as usize
    }

    /// How many items fit.
    pub fn capacity(&self) -> u64 {
        self.memory.0 / self.item.0.max(1)
    }

    /// Bytes of a value that take no time of their own: a packet, unless the file names a bandwidth.
    pub fn free_bytes(&self) -> u64 {
        if self.network.is_some() { 0 } else { PACKET.0 }
    }

    /// Whether the bytes of its values take time.
    pub fn bytes_take_time(&self) -> bool {
        self.network.is_some() || self.sizes.is_some() || self.item > PACKET
    }

    /// Bandwidth of a node in each direction; nothing where none is known of its type.
    pub fn bandwidth(&self) -> Option<Bandwidth> {
        self.network.or_else(|| catalog::bandwidth(&self.node.name).map(Bandwidth))
    }

    /// Threads of a shard that execute look-ups.
    pub fn lookup_threads(&self) -> u32 {
        self.threads * if self.reads_from_replicas { self.replicas.max(1) } else { 1 }
    }

    /// Whether it needs more than a thread and exact replacement: its nodes, sizes, or what it does with items by itself. A cache that
    /// does not pays for nothing of that.
    pub fn is_deep(&self, index: usize, all: &Settings) -> bool {
        let by_sample = matches!(
            self.eviction,
            Eviction::SampledLru | Eviction::Lfu | Eviction::Expiry | Eviction::Nothing
        );
        by_sample
            || self.bytes_take_time()
            || self.ttls.is_some()
            || self.soft_ttl.is_some()
            || self.connections.is_some()
            || self.absent > 0.0
            || self.engine == Engine::Memcached
            || self.reads_from_replicas
            || self.replicas > 0 && self.may_lose_nodes(index, all)
    }

    /// Whether one of its nodes may be lost, or is struck by a fault in another way.
    pub fn may_lose_nodes(&self, index: usize, all: &Settings) -> bool {
        let zones = self.places(all);
        all.taken().iter().any(|(_, _, zone)| zones.contains(zone))
            || !all.striking((Kind::Cache, index)).is_empty()
    }
}

impl Table<Settings> for Cache {
    const ABOUT: &'static str = "caches";
    const SHAPES: &'static [&'static Shape] = &[&SHAPE, &FLUSH_SHAPE];
    const FOREIGN: &'static [Foreign] = foreign::FOREIGN;
    const PLACED: bool = true;

    fn read<'a>(name: &str, reader: &Reader<'a>, _: &mut Option<Written<'a>>) -> Cache {
        let engines = [("redis", Engine::Redis), ("memcached", Engine::Memcached)];
        let engine = reader.or("engine", |value| value.choice(&engines), Engine::Redis);
        let node = |value: Value| {
            value
                .listed(
                    "a cache node type",
                    "take the nearest one, and set `memory` and `command`",
                    catalog::cache_node,
                    catalog::cache_node_names,
                )
                .cloned()
        };
        let unknown = CacheNode { name: String::new(), maxmemory: Bytes(1), strength: 1.0 };
        let node = reader.must("node", node, unknown);
        let shards = reader.or("shards", |value| value.count(1..=500), SHARDS.value);
        let reserved = reader.or("reserved", rules::reserved, RESERVED_SHARE);
        let usable = match engine {
            Engine::Redis => node.maxmemory.0.saturating_mul(u64::from(shards)) as f64 * (1.0 - reserved),
            Engine::Memcached => {
                node.maxmemory.0.saturating_sub(OVERHEAD.0).saturating_mul(u64::from(shards)) as f64
            }
        };
        let (item, sizes) = reader.or("item", size::read, (ITEM.value, None));
        let ttls = reader.or("ttl", |value| rules::ttl(value), None);
        let sessions = reader.or("sessions", Value::flag, SESSIONS.value);
        let ends = if sessions { Eviction::Nothing } else { Eviction::Lru };
        let eviction = reader.or("eviction", rules::eviction, ends);
        let cache = Cache {
            name: name.to_owned(),
            engine,
            shards,
            replicas: reader.or("replicas", |value| value.count(0..=5), REPLICAS.value),
            reads_from_replicas: reader.or(
                "read_from",
                |value| value.choice(&[("primary", false), ("replicas", true)]),
                false,
            ),
            multi_az: reader.or("multi_az", Value::flag, MULTI_AZ.value),
            detect: reader.or("detect", Value::time, DETECT.value),
            promotion: reader.or("promotion", Value::time, PROMOTION.value),
            lag: reader.or("lag", Value::time, LAG.value),
            memory: reader.or("memory", Value::some_bytes, Bytes(usable as u64)),
            item,
            sizes,
            soft_ttl: reader.maybe("soft_ttl", Value::span_of_time),
            connections: reader.maybe("connections", |value| value.count(1..=MAX_CONNECTIONS.value)),
            max_connections: reader.or(
                "max_connections",
                |value| value.count(1..=MAX_CONNECTIONS.value),
                MAX_CONNECTIONS.value,
            ),
            absent: reader.or("absent", Value::share, 0.0),
            absent_ttl: reader.maybe("absent_ttl", Value::span_of_time),
            renew: reader.or("renew", Value::flag, RENEW.value || sessions),
            sessions,
            eviction,
            active_expiry: reader.or(
                "active_expiry",
                Value::flag,
                ACTIVE_EXPIRY.value || (eviction == Eviction::Nothing && ttls.is_some()),
            ),
            ttl: ttls.as_ref().map(Law::mean),
            ttls: ttls.filter(|law| !matches!(law, Law::Constant(_))),
            flush: reader.or("flush", rules::flush, Vec::new()),
            hit_ratio: reader.maybe("hit_ratio", Value::share),
            command: reader.or("command", Value::law, COMMAND.value),
            threads: reader.or(
                "threads",
                |value| value.count(1..=THREADS_MAX),
                rules::threads(engine, &node),
            ),
            network: reader.maybe("network", Value::bandwidth),
            copy: reader.or("copy", Value::bandwidth, COPY.value),
            hop: reader.or("hop", Value::time, HOP.value),
            coalesce: reader.or("coalesce", Value::flag, COALESCE.value),
            warm: reader.or("warm", Value::share, 0.0),
            azs: reader.or("azs", |value| zones::zones(value, false), zones::usual()),
            timeout: reader.or("timeout", Value::span_of_time, TIMEOUT.value),
            node,
        };
        rules::check(&cache, reader);
        cache
    }

    fn move_to(&mut self, region: Region) {
        self.azs.iter_mut().for_each(|zone| *zone = zone.moved_to(region));
    }

    fn region(&self, _all: &Settings) -> Option<Region> {
        self.azs.first()?.region()
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn places(&self, _all: &Settings) -> Vec<Zone> {
        let of = |shard| (0..self.nodes()).map(move |node| self.place_of_node(shard, node).zone);
        (0..self.shards as usize).flat_map(of).collect()
    }

    fn changes(&self) -> Vec<Time> {
        self.flush.iter().map(|flush| flush.0).collect()
    }
}

//! `[cache.NAME]`: a Redis cache used cache-aside. In: node, item size, TTL. Out: a [`Cache`].

mod foreign;

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
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::{Bytes, Time};

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
    /// Replicas of each shard (billed; they serve no reads here).
    pub replicas: u32,
    /// Memory for data in all shards together, after the reserve.
    pub memory: Bytes,
    /// Mean size of an item with its key and overhead.
    pub item: Bytes,
    /// Time to live from the fill; `None` never expires.
    pub ttl: Option<Time>,
    /// Whether a hit begins the time to live anew.
    pub renew: bool,
    /// What makes room in a full cache.
    pub eviction: Eviction,
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
    /// Any item goes, each equally likely.
    Random,
}

impl Cache {
    /// Where a shard is.
    pub fn place_of(&self, shard: usize) -> Place {
        Place::at_home(self.azs.get(shard % self.azs.len().max(1)).copied().unwrap_or(Zone(0)))
    }

    /// How many items fit.
    pub fn capacity(&self) -> u64 {
        self.memory.0 / self.item.0.max(1)
    }
}

/// Shards: 1.
pub const SHARDS: Given<u32> = Given::new(1, "assumption: cluster mode off");
/// Replicas of each shard: none.
pub const REPLICAS: Given<u32> = Given::new(0, "assumption: they serve no reads here and are billed");
/// Share of `maxmemory` left for data: 75 %.
/// Source: ElastiCache user guide, `reserved-memory-percent` of 25 (2023-06).
pub const DATA_SHARE: f64 = 0.75;
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

/// How long a client waits for a shard that does not answer: 2 s.
pub const TIMEOUT: Given<Time> = Given::new(
    Time::from_secs(2),
    "assumption: the socket timeout of a Redis client, 2 s in Jedis (unverified)",
);

/// The language of a cache.
pub const SHAPE: Shape = Shape {
    title: "[cache.NAME]",
    about: "A Redis cache used cache-aside: looked up first, filled on a miss.",
    keys: &[
        Key::optional("engine", "\"redis\"", "`\"redis\"`", "which engine"),
        Key::required("node", "node type, such as \"cache.r6g.large\"", "hardware of each shard"),
        Key::given("shards", "number", || SHARDS.show(), "shards; keys are spread evenly over them"),
        Key::given(
            "replicas",
            "number, up to 5",
            || REPLICAS.show(),
            "replicas of each shard (billed; they serve no reads here)",
        ),
        Key::optional(
            "memory",
            "data",
            "75 % of the nodes' maxmemory (ElastiCache user guide, reserved-memory-percent 25)",
            "memory for data in all shards together",
        ),
        Key::given("item", "data", || ITEM.show(), "mean size of an item with its key and overhead"),
        Key::optional("ttl", "duration or \"never\"", "`\"never\"`", "time to live from the fill"),
        Key::given(
            "renew",
            "true or false",
            || RENEW.show(),
            "whether a hit begins the time to live anew, as for sessions (GETEX)",
        ),
        Key::optional(
            "eviction",
            "\"lru\" or \"random\"",
            "`\"lru\"` (ElastiCache user guide, maxmemory-policy: volatile-lru)",
            "what makes room: the least recently used item, exactly, or any (allkeys-random)",
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
        Key::given("hop", "duration", || HOP.show(), "one-way network latency"),
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
        Key::given("azs", ZONES, || AZS.show(), "zones of the shards, in turn"),
        Key::given(
            "timeout",
            "duration",
            || TIMEOUT.show(),
            "how long a client waits for a shard that is lost with its zone; then it goes on as after a miss",
        ),
    ],
};

impl Table<Settings> for Cache {
    const ABOUT: &'static str = "caches";
    const SHAPES: &'static [&'static Shape] = &[&SHAPE];
    const FOREIGN: &'static [Foreign] = foreign::FOREIGN;

    fn read<'a>(name: &str, reader: &Reader<'a>, _: &mut Option<Written<'a>>) -> Cache {
        reader.maybe("engine", |value| value.choice(&[("redis", ())]));
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
        let maxmemory = node.maxmemory.0.saturating_mul(u64::from(shards));
        let memory = Bytes((maxmemory as f64 * DATA_SHARE) as u64);
        Cache {
            name: name.to_owned(),
            node,
            shards,
            replicas: reader.or("replicas", |value| value.count(0..=5), REPLICAS.value),
            memory: reader.or("memory", Value::some_bytes, memory),
            item: reader.or("item", Value::some_bytes, ITEM.value),
            ttl: reader.or("ttl", |value| value.time_or("never"), None),
            renew: reader.or("renew", Value::flag, RENEW.value),
            eviction: reader.or(
                "eviction",
                |value| value.choice(&[("lru", Eviction::Lru), ("random", Eviction::Random)]),
                Eviction::Lru,
            ),
            hit_ratio: reader.maybe("hit_ratio", Value::share),
            command: reader.or("command", Value::law, COMMAND.value),
            hop: reader.or("hop", Value::time, HOP.value),
            coalesce: reader.or("coalesce", Value::flag, COALESCE.value),
            warm: reader.or("warm", Value::share, 0.0),
            azs: reader.or("azs", |value| zones::zones(value, false), zones::usual()),
            timeout: reader.or("timeout", Value::span_of_time, TIMEOUT.value),
        }
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn places(&self, _all: &Settings) -> Vec<Zone> {
        (0..self.shards as usize).map(|shard| self.place_of(shard).zone).collect()
    }
}

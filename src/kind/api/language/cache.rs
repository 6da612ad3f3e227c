//! The cache of a stage. In: a table. Out: a [`Cache`].

use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::{Bytes, Time};

/// How long a copy is fresh: 5 min.
pub const TTL: Given<Time> = Given::new(
    Time::from_secs(300),
    "Amazon API Gateway developer guide, \"Cache settings for REST APIs\": 300 seconds",
);
/// The longest. Source: the same.
const TTL_MAX: Time = Time::from_secs(3_600);
/// The largest answer that is kept. Source: the same: 1,048,576 bytes.
pub const ANSWER_MAX: Bytes = Bytes(1 << 20);

/// Sizes that there are, in GB: what stands in the file and in the price list, and millionths of them.
/// Source: Amazon API Gateway API reference, `CacheClusterSize`.
pub const SIZES: [(&str, u64); 8] = [
    ("0.5", 500_000),
    ("1.6", 1_600_000),
    ("6.1", 6_100_000),
    ("13.5", 13_500_000),
    ("28.4", 28_400_000),
    ("58.2", 58_200_000),
    ("118", 118_000_000),
    ("237", 237_000_000),
];

/// The language of the cache.
pub const SHAPE: Shape = Shape {
    title: "cache = { … } of an API",
    about: "The cache of a stage, paid for by the hour: answers to GET and HEAD of up to 1 MiB, by path and object (`keys` of the class). Whoever misses asks what is \
            behind, each by itself.",
    keys: &[
        Key::required("size", "0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118 or 237", "size of the cache in GB"),
        Key::given("ttl", "duration, at most 1 hour", || TTL.show(), "how long a copy is fresh"),
    ],
};

/// The cache of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cache {
    /// Its place among the sizes.
    pub size: usize,
    /// How long a copy is fresh.
    pub ttl: Time,
}

impl Cache {
    /// Its bytes.
    pub fn bytes(self) -> u64 {
        SIZES[self.size].1 * 1_000
    }

    /// Its size in GB, as the price list has it.
    pub fn name(self) -> &'static str {
        SIZES[self.size].0
    }

    pub(super) fn read(value: Value) -> Option<Cache> {
        value.table(&SHAPE, |reader: &Reader| Cache {
            size: reader.must("size", size, 0),
            ttl: reader.or("ttl", |value| value.time_within(Time::from_millis(1)..=TTL_MAX), TTL.value),
        })
    }
}

fn size(value: Value) -> Option<usize> {
    let number = value.number(0.0..=1_000.0)?;
    let found = SIZES.iter().position(|(name, _)| name.parse() == Ok(number));
    if found.is_none() {
        let all: Vec<&str> = SIZES.iter().map(|(name, _)| *name).collect();
        value.problem("no size of a cache", format!("one of {}, in GB", all.join(", ")));
    }
    found
}

//! A member of a resource, such as a shard. In: its number. Out: a [`Part`], and its words.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::catalog::zone::Zone;

/// A member of a resource, or several that lie together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// A shard of a cache or of a stream, from 1.
    Shard(u32),
    /// One of the batches that are worked on at once of the shards of a stream, from 1: all lanes of one shard, then those of the next one.
    Lane(u32),
    /// A replica of a database, from 1.
    Replica(u32),
    /// An instance of a fleet, from 1, in the order of their launch in the first run.
    Instance(u32),
    /// All instances in an Availability Zone, from 0.
    Zone(u32),
    /// So many instances of one speed, below the mean of all.
    Slow(u32),
    /// So many instances of one speed, above the mean of all.
    Fast(u32),
}

impl Part {
    /// Whether each piece of work belongs to one member, as a key does to a shard: what that one could not serve, no other
    /// might have.
    pub fn is_bound(self) -> bool {
        matches!(self, Part::Shard(_) | Part::Lane(_))
    }

    /// Its number among its like; of several, how many they are.
    pub fn number(self) -> u32 {
        match self {
            Part::Shard(number)
            | Part::Lane(number)
            | Part::Replica(number)
            | Part::Instance(number)
            | Part::Zone(number) => number,
            Part::Slow(count) | Part::Fast(count) => count,
        }
    }

    /// What all members of its kind are called.
    pub fn plural(self) -> &'static str {
        match self {
            Part::Shard(_) => "shards",
            Part::Lane(_) => "lanes",
            Part::Replica(_) => "replicas",
            Part::Instance(_) | Part::Zone(_) | Part::Slow(_) | Part::Fast(_) => "instances",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Part::Shard(number) => write!(f, "shard {number}"),
            Part::Lane(number) => write!(f, "lane {number}"),
            Part::Replica(number) => write!(f, "replica {number}"),
            Part::Instance(number) => write!(f, "instance {number}"),
            Part::Slow(count) => write!(f, "{count} slow instances"),
            Part::Fast(count) => write!(f, "{count} fast instances"),
            Part::Zone(zone) => f.write_str(&Zone(*zone as u8).named()),
        }
    }
}

//! What was asked of each resource and what it served, row by row, and how busy each of its members was.
//!
//! In: what the model counts. Out: columns for the estimate of the headroom. They are not part of `outcome.json`.
//!
//! Work is in the expected demand of its steps, so that one class may ask for more than another: only the ratio of
//! what was asked for and what was served is meant to be used.

use serde::{Deserialize, Serialize};

/// Something that can run out, by its position in the scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// CPU of the instances of a fleet.
    Cpu {
        /// Position of the fleet.
        fleet: usize,
    },
    /// Threads of the instances of a fleet.
    Threads {
        /// Position of the fleet.
        fleet: usize,
    },
    /// Connections of a pool of a fleet.
    Pool {
        /// Position of the fleet.
        fleet: usize,
        /// Position of the pool in the fleet.
        pool: usize,
        /// Which nodes they lead to.
        node: Node,
    },
    /// CPU of the writer or of the replicas of a database.
    Database {
        /// Position of the database.
        database: usize,
        /// Which nodes.
        node: Node,
    },
    /// Connections that a node of a database takes.
    Connections {
        /// Position of the database.
        database: usize,
        /// Which nodes.
        node: Node,
    },
    /// Command threads of the shards of a cache.
    Cache {
        /// Position of the cache.
        cache: usize,
    },
    /// Servers of a service station.
    Service {
        /// Position of the service.
        service: usize,
    },
}

/// Nodes of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Node {
    /// The writer.
    Writer,
    /// The replicas.
    Reader,
}

/// One resource row by row.
#[derive(Clone, Debug)]
pub struct LoadSeries {
    /// Which.
    pub of: Resource,
    /// Work that the requests which arrived would ask for, each as if it got through: requests, not their retries.
    pub asked: Vec<f64>,
    /// Work that was done, that for retries and for clients who had gone included.
    pub served: Vec<f64>,
    /// Its shards, replicas or instances, where it has more than one; of the first run.
    pub members: Vec<Member>,
}

impl LoadSeries {
    /// No rows yet.
    pub fn new(of: Resource) -> LoadSeries {
        LoadSeries { of, asked: Vec::new(), served: Vec::new(), members: Vec::new() }
    }

    /// Columns that several runs add up.
    pub(super) fn plain(&mut self) -> [&mut Vec<f64>; 2] {
        [&mut self.asked, &mut self.served]
    }
}

/// Most stretches of rows for which members are known apart, so that many members over many rows stay small.
pub const MOST_STRETCHES: usize = 1_000;

/// Rows that share a stretch, of so many in all.
pub fn rows_in_stretch(rows: usize) -> usize {
    rows.div_ceil(MOST_STRETCHES).max(1)
}

/// One shard, replica or instance.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its number among its like, from 1.
    pub number: u32,
    /// Its Availability Zone, from 0; only of instances.
    pub zone: Option<u32>,
    /// The stretch of rows with which the columns begin.
    first: usize,
    /// Busy nanoseconds and nanoseconds of capacity in each stretch.
    stretches: Vec<(f64, f64)>,
}

impl Member {
    /// A member that nothing is known of.
    pub fn new(number: u32, zone: Option<u32>) -> Member {
        Member { number, zone, first: 0, stretches: Vec::new() }
    }

    /// Adds a row to a stretch.
    pub fn add(&mut self, stretch: usize, busy: f64, capacity: f64) {
        if self.stretches.is_empty() {
            self.first = stretch;
        }
        let index = stretch - self.first;
        if self.stretches.len() <= index {
            self.stretches.resize(index + 1, (0.0, 0.0));
        }
        self.stretches[index].0 += busy;
        self.stretches[index].1 += capacity;
    }

    /// Busy and possible nanoseconds over some stretches.
    pub fn over(&self, stretches: &std::ops::Range<usize>) -> (f64, f64) {
        let end = stretches.end.saturating_sub(self.first).min(self.stretches.len());
        let start = stretches.start.saturating_sub(self.first).min(end);
        self.stretches[start..end].iter().fold((0.0, 0.0), |sum, it| (sum.0 + it.0, sum.1 + it.1))
    }
}

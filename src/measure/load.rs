//! What was asked of each resource and what it served, row by row, and how busy each of its members was.
//!
//! In: what the model counts. Out: columns for the estimate of the headroom. They are not part of `outcome.json`.
//!
//! Work is in the expected demand of its steps, so that one class may ask for more than another: only the ratio of
//! what was asked for and what was served is meant to be used.

use super::column::{Column, Series, column};
use super::resource::Resource;

/// One resource row by row.
#[derive(Clone, Debug)]
pub struct LoadSeries {
    /// Which.
    pub of: Resource,
    /// Work that the requests which arrived would ask for, each as if it got through: requests, not their retries.
    pub asked: Vec<f64>,
    /// Work that was done, that for retries and for clients who had gone included.
    pub served: Vec<f64>,
    /// 1 in rows in which all that was asked of it had waited in a queue that was empty again later, else 0.
    pub buffered: Vec<f64>,
    /// Its shards, replicas or instances, where it has more than one; of the first run.
    pub members: Vec<Member>,
}

impl LoadSeries {
    /// No rows yet.
    pub fn new(of: Resource) -> LoadSeries {
        LoadSeries { of, asked: Vec::new(), served: Vec::new(), buffered: Vec::new(), members: Vec::new() }
    }

    /// Whether all that was asked of it in a row had waited in a queue on purpose; of several runs, in most of them.
    pub fn is_buffered(&self, row: usize) -> bool {
        self.buffered.get(row).is_some_and(|part| *part > 0.5)
    }
}

impl Series for LoadSeries {
    const KIND: &'static str = "load";
    const LABELS: &'static [&'static str] = &["of", "members"];
    const COLUMNS: &'static [Column<LoadSeries>] = &[column!(asked, Count), column!(served, Count), column!(buffered, Count)];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
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

    /// Whether it had capacity in each of some stretches.
    pub fn is_there(&self, stretches: &std::ops::Range<usize>) -> bool {
        let inside = stretches.start.checked_sub(self.first).and_then(|start| {
            let end = stretches.end.checked_sub(self.first)?;
            self.stretches.get(start..end)
        });
        inside.is_some_and(|inside| inside.iter().all(|(_, capacity)| *capacity > 0.0))
    }

    /// Busy and possible nanoseconds over some stretches.
    pub fn over(&self, stretches: &std::ops::Range<usize>) -> (f64, f64) {
        let end = stretches.end.saturating_sub(self.first).min(self.stretches.len());
        let start = stretches.start.saturating_sub(self.first).min(end);
        self.stretches[start..end].iter().fold((0.0, 0.0), |sum, it| (sum.0 + it.0, sum.1 + it.1))
    }
}

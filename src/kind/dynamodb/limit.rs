//! How many units a second a table takes of one sort. In: units a second from an instant on. Out: whether it takes some more.

use super::deed::HALVES;
use crate::engine::bucket::Bucket;

/// The limit of a table, in halves of units.
#[derive(Clone, Debug)]
pub(super) struct Limit {
    bucket: Bucket,
    units: f64,
    /// Seconds of it that can be saved up.
    burst: f64,
}

impl Limit {
    /// All that can be saved up is there.
    pub fn new(units: f64, burst: f64) -> Limit {
        Limit { bucket: Bucket::new(HALVES * units, held(units, burst)), units, burst }
    }

    /// Units a second.
    pub fn units(&self) -> f64 {
        self.units
    }

    /// From an instant on it takes so many units a second; what was saved up stays.
    pub fn set(&mut self, units: f64, at: u64) {
        self.units = units;
        self.bucket.resize(HALVES * units, held(units, self.burst), at);
    }

    pub fn has(&self, halves: f64, now: u64) -> bool {
        self.bucket.has(halves, now)
    }

    pub fn take(&mut self, halves: f64, now: u64) {
        self.bucket.owe(halves, now);
    }
}

/// At least what one request takes.
fn held(units: f64, burst: f64) -> f64 {
    (HALVES * units * burst).max(HALVES)
}

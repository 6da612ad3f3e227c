//! Since when requests were overdue that ended long after. In: how long requests had waited that were slow or failed, by the row in
//! which they ended. Out: the rows in which they waited for longer than anybody should.
//!
//! A client that waits for two minutes for an instance that is gone fails two minutes after the instance: the trouble began when the
//! answer did not come, and not when the client gave up. Only what is trouble where it ended is looked at, so nothing is found here that
//! is none.

use std::ops::Range;

use super::chance::{Sample, beyond};
use super::evidence::row_s;
use crate::measure::histogram::Packed;
use crate::outcome::Outcome;

/// Requests that ended in rows that are trouble.
pub(super) struct Overdue<'a> {
    pub outcome: &'a Outcome,
    /// How long a request may take, nanoseconds.
    pub limit: u64,
    /// The part of all requests that may take longer.
    pub allowed: f64,
}

impl Overdue<'_> {
    /// The rows from when more requests were overdue than may be, to those in which they ended. `ended` has rows, how long the
    /// requests had waited that ended in each, and whether it is trouble.
    pub fn rows<'p>(&self, ended: impl Iterator<Item = (usize, &'p Packed, bool)>) -> Vec<bool> {
        let starts = &self.outcome.timeline.time_s;
        let mut found = vec![0.0; starts.len()];
        let mut waits: Vec<Range<usize>> = Vec::new();
        for (row, packed, _) in ended.filter(|(.., is_trouble)| *is_trouble) {
            let end = starts.get(row).map_or(0.0, |start| start + row_s(self.outcome, row));
            packed.each_above(self.limit, |waited, count| {
                let since = end - (waited - self.limit) as f64 / 1e9;
                let first = starts.partition_point(|start| *start <= since).saturating_sub(1);
                if first < row {
                    found[first] += count as f64;
                    waits.push(first..row + 1);
                }
            });
        }
        let runs = self.outcome.runs.count as f64;
        let offered = self.outcome.timeline.offered.iter().enumerate();
        let samples: Vec<Sample> = offered
            .zip(&found)
            .map(|((row, rate), found)| Sample { of: rate * row_s(self.outcome, row) * runs, found: *found })
            .collect();
        let began = beyond(&samples, self.allowed);
        let mut overdue = vec![false; starts.len()];
        for rows in waits.into_iter().filter(|rows| began[rows.start]) {
            overdue[rows].fill(true);
        }
        overdue
    }
}

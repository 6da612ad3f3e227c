//! Since when requests were overdue that ended long after. In: how long requests had waited that were slow or failed, by the row in
//! which they ended. Out: the rows in which they waited for longer than anybody should.
//!
//! A client that waits for two minutes for an instance that is gone fails two minutes after the instance: the trouble began when the
//! answer did not come, and not when the client gave up. Only what is trouble where it ended is looked at, so nothing is found here that
//! is none. So it is with messages that leave their queue too late.

use std::ops::Range;

use super::chance::{Sample, beyond};
use crate::measure::histogram::Packed;
use crate::outcome::Outcome;

/// Requests, or messages, that ended in rows that are trouble.
pub(super) struct Overdue<'a> {
    pub outcome: &'a Outcome,
    /// How long one may take, nanoseconds.
    pub limit: u64,
    /// The part of all of them that may take longer.
    pub allowed: f64,
    /// How many came in each row.
    pub came: &'a [f64],
}

impl Overdue<'_> {
    /// The rows from when more of those that came in a row were overdue than may be, to those in which they ended. `ended` has rows, how long the
    /// requests had waited that ended in each, and whether it is trouble.
    pub fn rows<'p>(&self, ended: impl Iterator<Item = (usize, &'p Packed, bool)>) -> Vec<bool> {
        let starts = &self.outcome.timeline.time_s;
        let mut found = vec![0.0; starts.len()];
        let mut waits: Vec<(usize, Range<usize>)> = Vec::new();
        let row_at = |time: f64| starts.partition_point(|start| *start <= time).saturating_sub(1);
        for (row, packed, _) in ended.filter(|(.., is_trouble)| *is_trouble) {
            let end = starts.get(row).map_or(0.0, |start| start + row_s(self.outcome, row));
            packed.each_above(self.limit, |waited, count| {
                let first = row_at(end - (waited - self.limit) as f64 / 1e9);
                if first < row {
                    let came = row_at(end - waited as f64 / 1e9);
                    found[came] += count as f64;
                    waits.push((came, first..row + 1));
                }
            });
        }
        let samples: Vec<Sample> =
            self.came.iter().zip(&found).map(|(came, found)| Sample { of: *came, found: *found }).collect();
        let began = beyond(&samples, self.allowed);
        let mut overdue = vec![false; starts.len()];
        for (_, rows) in waits.into_iter().filter(|(came, _)| began[*came]) {
            overdue[rows].fill(true);
        }
        overdue
    }
}

/// Seconds of a row; the last one may be shorter than the others.
pub(super) fn row_s(outcome: &Outcome, row: usize) -> f64 {
    let timeline = &outcome.timeline;
    let end = timeline.time_s.get(row + 1).copied().unwrap_or(outcome.scenario.duration_s);
    timeline.time_s.get(row).map_or(0.0, |start| (end - start).max(0.0))
}

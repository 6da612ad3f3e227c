//! The rows of one class, kept only where an objective or a comparison with what was measured asks for them. In: latencies and counts. Out: a row each.

use super::Tally;
use super::histogram::{Histogram, Packed};

/// The rows of a class.
#[derive(Clone, Debug, Default)]
pub struct ClassRows {
    /// Latencies of the row being filled.
    latency: Histogram,
    before: Tally,
    /// The rows so far.
    pub rows: Vec<ClassRow>,
}

/// A row of a class.
#[derive(Clone, Debug)]
pub struct ClassRow {
    /// Latencies of the requests that completed in it.
    pub latency: Packed,
    /// Requests that came in it.
    pub arrived: u64,
    /// Requests that completed in it.
    pub completed: u64,
    /// Requests that failed in it.
    pub failed: u64,
}

impl ClassRows {
    /// Apart from the code of every request, which needs it seldom.
    #[inline(never)]
    pub(super) fn record(&mut self, latency: u64) {
        self.latency.record(latency);
    }

    /// Ends a row; `requests` are those of the class so far.
    pub(super) fn end_row(&mut self, requests: &Tally) {
        let before = std::mem::replace(&mut self.before, requests.clone());
        self.rows.push(ClassRow {
            latency: Packed::of(&self.latency),
            arrived: requests.arrived - before.arrived,
            completed: requests.completed - before.completed,
            failed: requests.failures() - before.failures(),
        });
        self.latency.clear();
    }

    /// Adds another run.
    pub(super) fn add(&mut self, other: &ClassRows) {
        let mut both = Histogram::default();
        for (row, more) in self.rows.iter_mut().zip(&other.rows) {
            row.latency.add(&more.latency, &mut both);
            row.arrived += more.arrived;
            row.completed += more.completed;
            row.failed += more.failed;
        }
    }
}

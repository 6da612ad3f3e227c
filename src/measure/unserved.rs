//! How long requests had waited that came to nothing. In: failures, and what is unanswered at the end. Out: their waits, by the row in
//! which they ended.
//!
//! A failure counts when it ends, and that may be minutes after the request should have been answered.

use super::histogram::{Histogram, Packed};

/// Waits in vain.
#[derive(Debug, Default)]
pub struct Unserved {
    row: Histogram,
    /// For each row so far, how long the requests had waited that failed in it.
    pub rows: Vec<Packed>,
    /// How long the requests have waited that are unanswered at the end.
    pub left: Histogram,
}

impl Unserved {
    /// A request has failed after a wait in nanoseconds.
    pub(super) fn failed(&mut self, waited: u64) {
        self.row.record(waited);
    }

    pub(super) fn end_row(&mut self) {
        self.rows.push(Packed::of(&self.row));
        self.row.clear();
    }

    /// Adds another run.
    pub(super) fn add(&mut self, other: &Unserved) {
        Packed::add_all(&mut self.rows, &other.rows);
        self.left.merge(&other.left);
    }
}

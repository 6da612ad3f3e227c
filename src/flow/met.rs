//! Which strike of a fault an attempt has met last. In: attempts that come to what a strike holds. Out: the strike, if such an attempt fails.
//!
//! Nothing is kept before the first strike. A record of an attempt is used again, so a row counts only for the attempt that was sent when the
//! one of the row was.

use super::Flow;
use super::per_attempt::PerAttempt;

/// What attempts have met.
#[derive(Debug)]
pub struct Met {
    /// Whether anything has struck so far.
    pub is_any: bool,
    rows: PerAttempt<Row>,
}

/// What an attempt has met last.
#[derive(Clone, Copy, Debug)]
struct Row {
    /// When the attempt was sent.
    start: u64,
    /// When it met it.
    at: u64,
    strike: u32,
}

const NOTHING: Row = Row { start: u64::MAX, at: u64::MAX, strike: u32::MAX };

impl Default for Met {
    fn default() -> Met {
        Met { is_any: false, rows: PerAttempt::new(NOTHING) }
    }
}

impl Flow {
    /// An attempt meets what a strike holds.
    pub fn meets(&mut self, id: u32, strike: u32) {
        let (start, at) = (self.attempts[id].start, self.now);
        *self.met.rows.of_mut(id) = Row { start, at, strike };
    }

    /// The strike that an attempt has met last, and whether it was at this instant.
    pub fn met(&self, id: u32) -> Option<(u32, bool)> {
        let row = self.met.rows.of(id);
        let is_its = row.at != u64::MAX && row.start == self.attempts[id].start;
        is_its.then_some((row.strike, row.at == self.now))
    }

    /// An attempt that has failed was the last one of its record.
    pub fn forget_met(&mut self, id: u32) {
        *self.met.rows.of_mut(id) = NOTHING;
    }
}

//! What is counted of a table. In: nothing. Out: counters since the start, and as they stood at the end of the last row.

use super::deed::SORTS;
use crate::flow::mark::Mark;

/// Totals since the start.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    /// Requests that were taken, of each sort.
    pub taken: [u64; SORTS],
    /// Halves of units that requests asked for, each once, however often it is tried.
    pub asked: [u64; SORTS],
    /// Halves of units that were consumed, copies from elsewhere included.
    pub consumed: [u64; SORTS],
    /// Tries that the limit of the table throttled.
    pub throttled_by_table: [u64; SORTS],
    /// Tries that the limit of a partition throttled.
    pub throttled_by_partition: [u64; SORTS],
    /// Requests that gave up.
    pub given_up: u64,
    /// Nanoseconds of the pauses of the SDK, those of attempts that ended meanwhile included.
    pub paused: u64,
    /// Look-ups in DAX, and those that found their item.
    pub lookups: u64,
    pub hits: u64,
    /// Items evicted from DAX.
    pub evictions: u64,
    /// Items that came from the other replica.
    pub copies: u64,
    /// Items read of which the other replica had a newer version that was not there.
    pub behind: u64,
    /// Writes here that one in the other Region overwrote, which had not seen them.
    pub overwritten: u64,
    /// Changes of provisioned capacity.
    pub increases: u64,
    pub decreases: u64,
}

impl Counts {
    /// Tries that were throttled.
    pub fn throttled(&self, sort: usize) -> u64 {
        self.throttled_by_table[sort] + self.throttled_by_partition[sort]
    }
}

/// Counters at the end of the last row.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    pub asked: [Mark; SORTS],
    pub consumed: [Mark; SORTS],
    pub throttled: [Mark; SORTS],
    pub paused: Mark,
    pub lookups: Mark,
    pub hits: Mark,
}

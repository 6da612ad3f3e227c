//! What is counted of a bucket. In: nothing. Out: counters since the start, and as they stood at the end of the last row.

use super::deed::SORTS;
use crate::flow::mark::Mark;

/// Totals since the start.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    /// Requests that their partition took, of each sort.
    pub taken: [u64; SORTS],
    /// Requests that it refused.
    pub refused: [u64; SORTS],
    /// Done: objects read, written, deleted, and lists.
    pub gets: u64,
    pub puts: u64,
    pub deletes: u64,
    pub lists: u64,
    /// Bytes of the objects that were read.
    pub sent: u128,
    /// Bytes of those that were written.
    pub received: u128,
    /// Objects that were copied to it from other buckets.
    pub copies: u64,
    /// Objects read of which another bucket had a newer version that was not there.
    pub behind: u64,
}

/// Counters at the end of the last row.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    pub taken: [Mark; SORTS],
    pub refused: [Mark; SORTS],
    pub area: f64,
}

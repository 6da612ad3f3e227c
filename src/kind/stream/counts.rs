//! What is counted of a stream. In: nothing. Out: counters since the start, and as they stood at the end of the last row.

use crate::flow::mark::Mark;
use crate::kind::bill::Hourly;

/// Totals since the start.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    /// Records that were put, and their bytes.
    pub put: u64,
    pub bytes: u64,
    /// Tries that were throttled, and those of them by the limit on bytes.
    pub throttled: u64,
    pub throttled_by_bytes: u64,
    /// Puts that gave up.
    pub given_up: u64,
    /// Nanoseconds of the pauses of the SDK.
    pub paused: u64,
    /// Calls that read, and of these those that were throttled.
    pub reads: u64,
    pub reads_throttled: u64,
    /// Bytes that calls read, and that were pushed.
    pub read_bytes: u64,
    pub pushed_bytes: u64,
    /// Batches that were invoked for the first time.
    pub batches: u64,
    /// Invocations that failed, and those that the function did not take.
    pub failed: u64,
    pub held_off: u64,
    /// Records that were done; those that the function was given again after it had failed.
    pub worked: u64,
    pub again: u64,
    /// Records that a consumer had not read or done when their retention ended, and those that were given up.
    pub expired: u64,
    pub discarded: u64,
    /// How often there were other shards.
    pub reshards: u64,
    /// Payload units of what was put, and whole kilobytes.
    pub units: u64,
    pub kilobytes: u64,
}

/// Counters at the end of the last row.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    pub put: Mark,
    pub bytes: Mark,
    pub throttled: Mark,
    pub throttled_by_bytes: Mark,
    pub paused: Mark,
    pub reads_throttled: Mark,
    pub given: Mark,
    pub worked: Mark,
    pub failed: Mark,
    pub lost: Mark,
    pub busy: Mark,
    pub shards: Mark,
}

/// What is billed, by hour.
#[derive(Clone, Debug, Default)]
pub(super) struct Bills {
    pub units: Hourly,
    pub kilobytes: Hourly,
    pub read: Hourly,
    pub pushed: Hourly,
    /// Shard-hours.
    pub shards: Vec<f64>,
}

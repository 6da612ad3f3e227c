//! What is kept of a stream: its columns, its totals, its figures.
//!
//! In: nothing but types of its own. Out: the tables of a stream, one line a column and one a figure.

mod figures;

use serde::{Deserialize, Serialize};

use super::chart::CHARTS;
use crate::measure::column::{self, Column, column};
use crate::measure::histogram::Histogram;
use crate::measure::latency::Latency;

pub use self::{StreamOutcome as Outcome, StreamSeries as Series, StreamTotals as Totals};

/// One stream.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StreamSeries {
    /// The name that the file gives it.
    pub name: String,
    /// Records that were put, per second.
    pub records: Vec<f64>,
    /// Bytes of the records that were put, MiB per second.
    pub mib: Vec<f64>,
    /// Puts that were throttled, per second, each try by itself.
    pub throttled: Vec<f64>,
    /// Puts that were throttled because of the bytes, and not because of the number of records, per second, each try by itself.
    pub throttled_by_bytes: Vec<f64>,
    /// Requests in a pause of the SDK after they were throttled, mean over the row; a pause counts where it begins.
    pub retrying: Vec<f64>,
    /// Bytes that were asked of the fullest shard, of those that it takes, percent. Each record counts once.
    pub bytes_percent: Vec<f64>,
    /// Records that were asked of the fullest shard, of those that it takes, percent. Each record counts once.
    pub records_percent: Vec<f64>,
    /// What all consumers read, MiB per second.
    pub read_mib: Vec<f64>,
    /// What was read of the fullest shard, of the bytes or calls that it gives, whichever is more, percent; or by one consumer with a fan-out of its own.
    pub reads_percent: Vec<f64>,
    /// Calls that read and were throttled, per second.
    pub reads_throttled: Vec<f64>,
    /// Shards that take records, at the end of the row.
    pub shards: Vec<f64>,
    /// Records that the function has not got, at the end of the row.
    pub waiting: Vec<f64>,
    /// Iterator age: the largest age at which a consumer got a record in the row, or that a record has at its end that it has not got, seconds.
    pub iterator_age_s: Vec<f64>,
    /// Records that the function was done with, per second.
    pub worked: Vec<f64>,
    /// Invocations that failed, per second.
    pub failed: Vec<f64>,
    /// Records that were lost to a consumer, per second: older than the retention, or given up.
    pub lost: Vec<f64>,
    /// Batches that are worked on or tried again, mean over the row.
    pub batches: Vec<f64>,
    /// Part of the time in which the busiest lane of any shard had a batch, percent.
    pub batches_percent: Vec<f64>,
    /// Part of the time in which the lanes of all shards had a batch, percent; or in which the one had that gets more of the records than chance
    /// explains.
    pub lanes_percent: Vec<f64>,
}

/// Totals of a stream.
#[derive(Clone, Debug, Default)]
pub struct StreamTotals {
    /// The name that the file gives it.
    pub name: String,
    /// Records that were put.
    pub records: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Tries that were throttled.
    pub throttled: u64,
    /// Puts that gave up after all their tries.
    pub given_up: u64,
    /// Calls that read.
    pub reads: u64,
    /// Of these, those that were throttled.
    pub reads_throttled: u64,
    /// Shards at the end.
    pub shards: u64,
    /// How often there were other shards.
    pub reshards: u64,
    /// Batches that the function got.
    pub batches: u64,
    /// Invocations that failed.
    pub failed: u64,
    /// Invocations that the function did not take.
    pub held_off: u64,
    /// Records that the function was done with.
    pub worked: u64,
    /// Records that it was given again after it had failed.
    pub again: u64,
    /// Records that a consumer had not got, or the function not done, when their retention ended.
    pub expired: u64,
    /// Records that were given up: after too many tries, or too old for another.
    pub discarded: u64,
    /// Records that the function was not done with at the end.
    pub left: u64,
    /// Iterator age: that of the last record of a batch, or of a part of one, each time that it is sent to the function; at the end, that of the oldest record of each shard that it
    /// has not got.
    pub age: Histogram,
}

/// Totals of a stream.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StreamOutcome {
    /// The name that the file gives it.
    pub name: String,
    /// Records that were put.
    pub records: f64,
    /// Bytes of the records that were put, in MiB.
    pub mib: f64,
    /// Tries to put records that were throttled.
    pub throttled: f64,
    /// Puts that failed because all tries had been throttled.
    pub given_up: f64,
    /// Calls that read.
    pub reads: f64,
    /// Calls that read and were throttled.
    pub reads_throttled: f64,
    /// Shards that take records, at the end.
    pub shards: f64,
    /// How often there were other shards.
    pub reshards: f64,
    /// Batches that the function got.
    pub batches: f64,
    /// Invocations that failed.
    pub failed: f64,
    /// Invocations that the function did not take.
    pub held_off: f64,
    /// Records that the function was done with.
    pub worked: f64,
    /// Records that the function was given again after it had failed.
    pub again: f64,
    /// Records that a consumer had not got, or the function not done, when their retention ended.
    pub expired: f64,
    /// Records that were given up: after too many tries, or too old for another.
    pub discarded: f64,
    /// Records that the function was not done with at the end.
    pub left: f64,
    /// Iterator age: that of the last record of a batch, or of a part of one, each time that it is sent to the function; at the end, that of the oldest record of each shard that it
    /// has not got.
    pub iterator_age_ms: Latency,
}

impl column::Series for StreamSeries {
    const KIND: &'static str = "stream";
    const LABELS: &'static [&'static str] = &["name"];
    const COLUMNS: &'static [Column<StreamSeries>] = &[
        column!(records, PerSecond),
        column!(mib, PerSecond),
        column!(throttled, PerSecond),
        column!(throttled_by_bytes, PerSecond),
        column!(retrying, Count),
        column!(bytes_percent, Percent),
        column!(records_percent, Percent),
        column!(read_mib, PerSecond),
        column!(reads_percent, Percent),
        column!(reads_throttled, PerSecond),
        column!(shards, Count),
        column!(waiting, Count),
        column!(iterator_age_s, Seconds),
        column!(worked, PerSecond),
        column!(failed, PerSecond),
        column!(lost, PerSecond),
        column!(batches, Count),
        column!(batches_percent, Percent),
        column!(lanes_percent, Percent),
    ];

    fn labels(&self) -> Vec<&str> {
        vec![&self.name]
    }
}

//! What is kept of a table: its columns, its totals, its figures.
//!
//! In: nothing but types of its own. Out: the tables of a DynamoDB table, one line a column and one a figure.

mod figures;

use serde::{Deserialize, Serialize};

use super::chart::CHARTS;
use crate::measure::column::{self, Column, column};

pub use self::{DynamoTableOutcome as Outcome, DynamoTableSeries as Series, DynamoTableTotals as Totals};

/// One table.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DynamoTableSeries {
    /// The name that the file gives it.
    pub name: String,
    /// Read units per second that were consumed.
    pub read_units: Vec<f64>,
    /// Write units per second that were consumed, copies from another Region included.
    pub write_units: Vec<f64>,
    /// Reads per second that were throttled, each try by itself.
    pub reads_throttled: Vec<f64>,
    /// Writes per second that were throttled, each try by itself.
    pub writes_throttled: Vec<f64>,
    /// Read units a second that the table took at the end of the row.
    pub read_limit: Vec<f64>,
    /// Write units a second that the table took at the end of the row.
    pub write_limit: Vec<f64>,
    /// What was asked of the table, or of its fullest partition if that is more, of the read units that it takes, percent. Each request counts once.
    pub reads_asked_percent: Vec<f64>,
    /// What was asked of the table, or of its fullest partition if that is more, of the write units that it takes, percent. Each request counts once.
    pub writes_asked_percent: Vec<f64>,
    /// Requests in a pause of the SDK after they were throttled, mean over the row; a pause counts where it begins.
    pub retrying: Vec<f64>,
    /// Partitions at the end of the row.
    pub partitions: Vec<f64>,
    /// Look-ups in DAX per second.
    pub dax_lookups: Vec<f64>,
    /// Look-ups in DAX of the row that found the item over all look-ups there; empty without look-ups.
    pub dax_hit_ratio: Vec<Option<f64>>,
    /// What is stored, mean over the row, in gigabytes of 2^30 bytes.
    pub stored_gb: Vec<f64>,
}

/// Totals of a table.
#[derive(Clone, Debug, Default)]
pub struct DynamoTableTotals {
    /// The name that the file gives it.
    pub name: String,
    /// Requests that read.
    pub reads: u64,
    /// Requests that wrote.
    pub writes: u64,
    /// Read units that were consumed, in halves.
    pub read_halves: u64,
    /// Write units that were consumed, in halves.
    pub write_halves: u64,
    /// Tries that the limit of the table throttled.
    pub throttled_by_table: u64,
    /// Tries that the limit of a partition throttled.
    pub throttled_by_partition: u64,
    /// Requests that gave up after all their tries.
    pub given_up: u64,
    /// Partitions at the end.
    pub partitions: u64,
    /// What is stored at the end, in gigabytes of 2^30 bytes.
    pub stored_gb: f64,
    /// How often provisioned capacity was raised.
    pub increases: u64,
    /// How often it was lowered.
    pub decreases: u64,
    /// Look-ups in DAX.
    pub dax_lookups: u64,
    /// Those that found their item.
    pub dax_hits: u64,
    /// Items that were evicted from DAX.
    pub dax_evictions: u64,
    /// Items that came from the other replica.
    pub copies: u64,
    /// Items read of which the other replica had a newer version that was on its way here.
    pub behind: u64,
    /// Writes here that one in the other Region overwrote without having seen them.
    pub overwritten: u64,
    /// Writes that were not in the other replica when the Region was lost.
    pub lost_writes: u64,
    /// How far back these go: the time from the newest write that was there with all before it to the loss of the Region, nanoseconds.
    pub lost_span: u64,
}

/// Totals of a table.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DynamoTableOutcome {
    /// The name that the file gives it.
    pub name: String,
    /// Requests that read.
    pub reads: f64,
    /// Requests that wrote.
    pub writes: f64,
    /// Read units that were consumed.
    pub read_units: f64,
    /// Write units that were consumed, copies from another Region included.
    pub write_units: f64,
    /// Tries that the limit of the table throttled.
    pub throttled_by_table: f64,
    /// Tries that the limit of a partition throttled.
    pub throttled_by_partition: f64,
    /// Requests that gave up after all their tries.
    pub given_up: f64,
    /// Partitions at the end.
    pub partitions: f64,
    /// What is stored at the end, in gigabytes of 2^30 bytes.
    pub stored_gb: f64,
    /// How often provisioned capacity was raised.
    pub increases: f64,
    /// How often provisioned capacity was lowered.
    pub decreases: f64,
    /// Look-ups in DAX.
    pub dax_lookups: f64,
    /// Look-ups in DAX that found the item.
    pub dax_hits: f64,
    /// Look-ups in DAX that found the item over all look-ups there; 0 without look-ups.
    pub dax_hit_ratio: f64,
    /// Items that were evicted from DAX.
    pub dax_evictions: f64,
    /// Items that came from the other replica.
    pub copies: f64,
    /// Items read of which the other replica had a newer version that was still on its way.
    pub behind: f64,
    /// Writes that a write in the other Region overwrote without having seen them.
    pub overwritten: f64,
    /// Writes that were not in the other replica when the Region was lost.
    pub lost_writes: f64,
    /// How far back lost writes go: from when the first was written until the Region was lost, seconds.
    pub lost_span_s: f64,
}

impl column::Series for DynamoTableSeries {
    const KIND: &'static str = "dynamodb";
    const LABELS: &'static [&'static str] = &["name"];
    const COLUMNS: &'static [Column<DynamoTableSeries>] = &[
        column!(read_units, PerSecond),
        column!(write_units, PerSecond),
        column!(reads_throttled, PerSecond),
        column!(writes_throttled, PerSecond),
        column!(read_limit, PerSecond),
        column!(write_limit, PerSecond),
        column!(reads_asked_percent, Percent),
        column!(writes_asked_percent, Percent),
        column!(retrying, Count),
        column!(partitions, Count),
        column!(dax_lookups, PerSecond),
        column!(Weighed dax_hit_ratio, Share, by dax_lookups),
        column!(stored_gb, Count),
    ];

    fn labels(&self) -> Vec<&str> {
        vec![&self.name]
    }
}

impl DynamoTableTotals {
    /// Tries that were throttled.
    fn throttled(&self) -> u64 {
        self.throttled_by_table + self.throttled_by_partition
    }
}

//! Columns of the volumes of a database. In: nothing but types of its own. Out: its columns.

use serde::{Deserialize, Serialize};

use crate::measure::column::{self, Column, column};

/// The volumes of a database.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VolumeSeries {
    /// I/Os a second of the writer, mean over the row.
    pub writer_iops: Vec<f64>,
    /// I/Os a second of the writer that write its log, for commits.
    #[serde(default)]
    pub writer_log_iops: Vec<f64>,
    /// I/Os a second that the volume of the writer can do, end of the row: fewer when its burst credits are spent.
    pub writer_iops_limit: Vec<f64>,
    /// Part of the row in which the volume of the writer could do no more, percent.
    pub writer_busy_percent: Vec<f64>,
    /// I/Os that wait for the volume of the writer, mean over the row.
    pub writer_waiting: Vec<f64>,
    /// Burst credits that the volume of the writer has left, end of the row, percent; 100 where it has none to spend.
    pub writer_credits_percent: Vec<f64>,
    /// I/Os a second of all replicas, mean over the row.
    pub replica_iops: Vec<f64>,
    /// I/Os a second that the volumes of all replicas can do together, end of the row.
    pub replica_iops_limit: Vec<f64>,
    /// Part of the row in which the volumes of replicas could do no more, mean of the volumes, percent.
    pub replica_busy_percent: Vec<f64>,
    /// I/Os that wait for the volumes of all replicas, mean over the row.
    pub replica_waiting: Vec<f64>,
    /// Burst credits that the volumes of replicas have left, mean of the volumes, percent.
    pub replica_credits_percent: Vec<f64>,
}

impl column::Series for VolumeSeries {
    const KIND: &'static str = "volume";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<VolumeSeries>] = &[
        column!(writer_iops, PerSecond),
        column!(writer_log_iops, PerSecond),
        column!(writer_iops_limit, PerSecond),
        column!(writer_busy_percent, Percent),
        column!(writer_waiting, Count),
        column!(writer_credits_percent, Percent),
        column!(replica_iops, PerSecond),
        column!(replica_iops_limit, PerSecond),
        column!(replica_busy_percent, Percent),
        column!(replica_waiting, Count),
        column!(replica_credits_percent, Percent),
    ];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}

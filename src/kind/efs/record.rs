//! What is kept of a file system: its columns, its totals, its figures.
//!
//! In: nothing but types of its own. Out: the tables of a file system, one line a column and one a figure.

use serde::{Deserialize, Serialize};

use super::chart::CHARTS;
use crate::measure::chart::Chart;
use crate::measure::column::{self, Column, column};
use crate::measure::figure::{self, Estimated, Figure, Page, Shown, amount, counter, setting, share_of_some};
use crate::measure::unit::{Better, Unit};

pub use self::{FileSystemOutcome as Outcome, FileSystemSeries as Series, FileSystemTotals as Totals};

/// One file system.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FileSystemSeries {
    /// The name that the file gives it.
    pub name: String,
    /// Operations per second that read.
    pub reads: Vec<f64>,
    /// Operations per second that write.
    pub writes: Vec<f64>,
    /// Bytes per second that are read, in MiB.
    pub read_mib: Vec<f64>,
    /// Bytes per second that are written, in MiB.
    pub written_mib: Vec<f64>,
    /// Part of the row in which no more could be read, percent.
    pub reads_busy_percent: Vec<f64>,
    /// Part of the row in which no more could be written, percent.
    pub writes_busy_percent: Vec<f64>,
    /// Part of the row in which its throughput let nothing more through, percent; 0 where that has no end.
    pub throughput_busy_percent: Vec<f64>,
    /// Operations that wait, by those that came in the row, mean over it.
    pub waiting: Vec<f64>,
    /// Burst credits that are left, end of the row, percent; 100 where it has none to spend.
    pub credits_percent: Vec<f64>,
    /// What is stored, mean over the row, in gigabytes of 2^30 bytes.
    pub stored_gb: Vec<f64>,
}

/// Totals of a file system.
#[derive(Clone, Debug, Default)]
pub struct FileSystemTotals {
    /// The name that the file gives it.
    pub name: String,
    /// Files read.
    pub reads: u64,
    /// Files written.
    pub writes: u64,
    /// Operations that were asked for, both ways.
    pub operations: u64,
    /// Nanoseconds that operations waited.
    pub waited: u64,
    /// What was read, in gigabytes of 2^30 bytes.
    pub read_gb: f64,
    /// What was written.
    pub written_gb: f64,
    /// What is stored at the end.
    pub stored_gb: f64,
    /// Burst credits that are left at the end, percent, added up over runs.
    pub credits_percent: f64,
}

/// Totals of a file system.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FileSystemOutcome {
    /// The name that the file gives it.
    pub name: String,
    /// Files read.
    pub reads: f64,
    /// Files written.
    pub writes: f64,
    /// Operations that were asked for, both ways.
    pub operations: f64,
    /// How long an operation waited, mean.
    pub wait_ms: f64,
    /// What was read, in gigabytes of 2^30 bytes.
    pub read_gb: f64,
    /// What was written, in gigabytes of 2^30 bytes.
    pub written_gb: f64,
    /// What is stored at the end, in gigabytes of 2^30 bytes.
    pub stored_gb: f64,
    /// Burst credits that are left at the end, percent; 100 where it has none to spend.
    pub credits_percent: f64,
}

impl column::Series for FileSystemSeries {
    const KIND: &'static str = "efs";
    const LABELS: &'static [&'static str] = &["name"];
    const COLUMNS: &'static [Column<FileSystemSeries>] = &[
        column!(reads, PerSecond),
        column!(writes, PerSecond),
        column!(read_mib, PerSecond),
        column!(written_mib, PerSecond),
        column!(reads_busy_percent, Percent),
        column!(writes_busy_percent, Percent),
        column!(throughput_busy_percent, Percent),
        column!(waiting, Count),
        column!(credits_percent, Percent),
        column!(stored_gb, Count),
    ];

    fn labels(&self) -> Vec<&str> {
        vec![&self.name]
    }
}

impl figure::Totals for FileSystemTotals {
    type Series = FileSystemSeries;
    type Told = FileSystemOutcome;
    const TITLE: &'static str = "File systems";
    const CHARTS: &'static [Chart<FileSystemSeries, FileSystemOutcome>] = CHARTS;
    const FIGURES: &'static [Figure<FileSystemTotals>] = &[
        setting!(name, Text, Page::Not("it begins the row")),
        counter!(reads at 0, "files read"),
        counter!(writes at 1, "files written"),
        counter!(operations at 2, "operations"),
        Figure {
            name: "wait_ms",
            unit: Unit::Millis,
            add: |sum, more| sum.waited = sum.waited.saturating_add(more.waited),
            tell: |told, of, _| {
                told.wait_ms = share_of_some(of.waited as f64, of.operations as f64).unwrap_or(0.0) / 1e6
            },
            page: Page::Column {
                place: 3,
                title: "wait",
                unit: Unit::Millis,
                about: "",
                cell: |told| Shown::Number(told.wait_ms, Unit::Millis),
            },
            estimate: Some(Estimated {
                name: "file_wait",
                words: "wait of an operation at",
                unit: Unit::Millis,
                better: Better::Lower,
                of: |of, _| share_of_some(of.waited as f64 / 1e6, of.operations as f64),
            }),
        },
        amount!(read_gb at 4, "GB read", Count),
        amount!(written_gb at 5, "GB written", Count),
        amount!(stored_gb at 6, "GB stored", Count),
        amount!(credits_percent at 7, "credits left", Percent),
    ];

    fn name(told: &Self::Told) -> &str {
        &told.name
    }
}

#[cfg(test)]
mod sample {
    use super::*;
    use crate::kind::tests::Sample;

    impl Sample for FileSystemTotals {
        fn sample(salt: u64) -> FileSystemTotals {
            FileSystemTotals {
                name: "uploads".into(),
                reads: 100 + salt,
                writes: 20 + salt,
                operations: 300 + salt,
                waited: 4_000_000 + salt,
                read_gb: 6.5 + salt as f64,
                written_gb: 1.5 + salt as f64,
                stored_gb: 70.5 + salt as f64,
                credits_percent: 50.5 + salt as f64,
            }
        }
    }
}

//! What is kept of the volumes of a fleet: their columns, their totals, their figures.
//!
//! In: nothing but types of its own. Out: the tables of volumes, one line a column and one a figure.

use serde::{Deserialize, Serialize};

use super::chart::CHARTS;
use crate::measure::chart::Chart;
use crate::measure::column::{self, Column, column};
use crate::measure::figure::{self, Estimated, Figure, Page, Shown, amount, counter, setting, share_of_some};
use crate::measure::unit::{Better, Unit};
use crate::measure::writes::Writes;

pub use self::{VolumeOutcome as Outcome, VolumeSeries as Series, VolumeTotals as Totals};

/// The volumes of one fleet.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VolumeSeries {
    /// The name that the file gives it.
    pub name: String,
    /// Volumes that are there, end of the row.
    pub volumes: Vec<f64>,
    /// I/Os per second that read, all volumes together.
    pub reads: Vec<f64>,
    /// I/Os per second that write, all volumes together.
    pub writes: Vec<f64>,
    /// Bytes per second that are read, in MiB.
    pub read_mib: Vec<f64>,
    /// Bytes per second that are written, in MiB.
    pub written_mib: Vec<f64>,
    /// Part of the row in which a volume could begin no other I/O, mean over the volumes, percent.
    pub busy_percent: Vec<f64>,
    /// Part of the row in which the fullest volume could begin no other I/O, percent.
    pub fullest_percent: Vec<f64>,
    /// I/Os that wait, by those that came in the row, mean over it.
    pub waiting: Vec<f64>,
    /// Burst credits that are left, mean over the volumes, end of the row, percent; 100 where they have none to spend.
    pub credits_percent: Vec<f64>,
    /// Files per second that were not on the volume where they were looked for.
    pub missing: Vec<f64>,
}

/// Totals of the volumes of a fleet.
#[derive(Clone, Debug, Default)]
pub struct VolumeTotals {
    /// The name that the file gives it.
    pub name: String,
    /// Files read.
    pub files_read: u64,
    /// Files written.
    pub files_written: u64,
    /// I/Os that were asked for, both ways.
    pub ios: u64,
    /// Nanoseconds that I/Os waited.
    pub waited: u64,
    /// What was read, in gigabytes of 2^30 bytes.
    pub read_gb: f64,
    /// What was written.
    pub written_gb: f64,
    /// Files that were looked for and not there.
    pub missing: u64,
    /// Files that were written, and lost with their instance.
    pub lost: u64,
    /// How far back these go: from when the first was written until it was lost, seconds.
    pub lost_span_s: f64,
    /// Burst credits that are left at the end, mean over the volumes, percent, added up over runs.
    pub credits_percent: f64,
}

/// Totals of the volumes of a fleet.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VolumeOutcome {
    /// The name that the file gives it.
    pub name: String,
    /// Files read.
    pub files_read: f64,
    /// Files written.
    pub files_written: f64,
    /// I/Os that were asked for, both ways.
    pub ios: f64,
    /// How long an I/O waited, mean.
    pub wait_ms: f64,
    /// What was read, in gigabytes of 2^30 bytes.
    pub read_gb: f64,
    /// What was written, in gigabytes of 2^30 bytes.
    pub written_gb: f64,
    /// Files that were not on the volume where they were looked for.
    pub missing: f64,
    /// Files that were written, and lost with their instance.
    pub lost: f64,
    /// How far back lost files go: from when the first was written until it was lost, seconds.
    pub lost_span_s: f64,
    /// Burst credits that are left at the end, mean over the volumes, percent; 100 where they have none to spend.
    pub credits_percent: f64,
}

impl column::Series for VolumeSeries {
    const KIND: &'static str = "ebs";
    const LABELS: &'static [&'static str] = &["name"];
    const COLUMNS: &'static [Column<VolumeSeries>] = &[
        column!(volumes, Count),
        column!(reads, PerSecond),
        column!(writes, PerSecond),
        column!(read_mib, PerSecond),
        column!(written_mib, PerSecond),
        column!(busy_percent, Percent),
        column!(fullest_percent, Percent),
        column!(waiting, Count),
        column!(credits_percent, Percent),
        column!(missing, PerSecond),
    ];

    fn labels(&self) -> Vec<&str> {
        vec![&self.name]
    }
}

impl figure::Totals for VolumeTotals {
    type Series = VolumeSeries;
    type Told = VolumeOutcome;
    const TITLE: &'static str = "EBS volumes";
    const CHARTS: &'static [Chart<VolumeSeries, VolumeOutcome>] = CHARTS;
    const FIGURES: &'static [Figure<VolumeTotals>] = &[
        setting!(name, Text, Page::Not("it begins the row")),
        counter!(files_read at 0, "files read"),
        counter!(files_written at 1, "files written"),
        counter!(ios at 2, "I/Os"),
        Figure {
            name: "wait_ms",
            unit: Unit::Millis,
            add: |sum, more| sum.waited = sum.waited.saturating_add(more.waited),
            tell: |told, of, _| {
                told.wait_ms = share_of_some(of.waited as f64, of.ios as f64).unwrap_or(0.0) / 1e6
            },
            page: Page::Column {
                place: 3,
                title: "wait",
                unit: Unit::Millis,
                about: "",
                cell: |told| Shown::Number(told.wait_ms, Unit::Millis),
            },
            estimate: Some(Estimated {
                name: "volume_wait",
                words: "wait of an I/O at",
                unit: Unit::Millis,
                better: Better::Lower,
                of: |of, _| share_of_some(of.waited as f64 / 1e6, of.ios as f64),
            }),
        },
        amount!(read_gb at 4, "GB read", Count),
        amount!(written_gb at 5, "GB written", Count),
        counter!(missing at 6, "not there"),
        counter!(lost at 7, "lost"),
        Figure {
            name: "lost_span_s",
            unit: Unit::Seconds,
            add: |sum, more| sum.lost_span_s += more.lost_span_s,
            tell: |told, of, runs| told.lost_span_s = of.lost_span_s / runs,
            page: Page::Line {
                before: "",
                noun: "",
                after: "of files lost with their instance",
                value: |told| told.lost_span_s,
            },
            estimate: None,
        },
        amount!(credits_percent at 8, "credits left", Percent),
    ];

    /// A file that was stored and is lost is a write that was answered and is lost.
    fn writes(&self) -> Writes {
        Writes { lost: self.lost, lost_span: (self.lost_span_s * 1e9).round() as u64, doubled: 0 }
    }

    fn name(told: &Self::Told) -> &str {
        &told.name
    }
}

#[cfg(test)]
mod sample {
    use super::*;
    use crate::kind::tests::Sample;

    impl Sample for VolumeTotals {
        fn sample(salt: u64) -> VolumeTotals {
            VolumeTotals {
                name: "disks".into(),
                files_read: 100 + salt,
                files_written: 20 + salt,
                ios: 300 + salt,
                waited: 4_000_000 + salt,
                read_gb: 6.5 + salt as f64,
                written_gb: 1.5 + salt as f64,
                missing: 7 + salt,
                lost: 3 + salt,
                lost_span_s: 5.5 + salt as f64,
                credits_percent: 50.5 + salt as f64,
            }
        }
    }
}

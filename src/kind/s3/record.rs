//! What is kept of a bucket: its columns, its totals, its figures.
//!
//! In: nothing but types of its own. Out: the tables of a bucket, one line a column and one a figure.

use serde::{Deserialize, Serialize};

use super::chart::CHARTS;
use crate::measure::chart::Chart;
use crate::measure::column::{self, Column, column};
use crate::measure::figure::{self, Estimated, Figure, Page, Shown, counter, setting, share_of_some};
use crate::measure::unit::{Better, Unit};
use crate::measure::writes::Writes;

pub use self::{BucketOutcome as Outcome, BucketSeries as Series, BucketTotals as Totals};

/// One bucket.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BucketSeries {
    /// The name that the file gives it.
    pub name: String,
    /// Requests per second that read, and were taken.
    pub reads: Vec<f64>,
    /// Requests per second that write, and were taken.
    pub writes: Vec<f64>,
    /// Requests per second that read, and were answered with 503 Slow Down.
    pub reads_refused: Vec<f64>,
    /// Requests per second that write, and were answered with 503 Slow Down.
    pub writes_refused: Vec<f64>,
    /// What came to the fullest partition of requests that read, of as many as it takes, percent; above 100 it refused some. 0 without a limit.
    pub reads_asked_percent: Vec<f64>,
    /// What came to the fullest partition of requests that write, of as many as it takes, percent; above 100 it refused some. 0 without a limit.
    pub writes_asked_percent: Vec<f64>,
    /// Partitions at the end of the row.
    pub partitions: Vec<f64>,
    /// What is stored, mean over the row, in gigabytes of 2^30 bytes.
    pub stored_gb: Vec<f64>,
}

/// Totals of a bucket.
#[derive(Clone, Debug, Default)]
pub struct BucketTotals {
    /// The name that the file gives it.
    pub name: String,
    /// Objects read.
    pub gets: u64,
    /// Objects written.
    pub puts: u64,
    /// Lists.
    pub lists: u64,
    /// Objects deleted.
    pub deletes: u64,
    /// Requests answered with 503 Slow Down.
    pub refused: u64,
    /// What was read, in gigabytes of 2^30 bytes.
    pub sent_gb: f64,
    /// What was written.
    pub received_gb: f64,
    /// What is stored at the end.
    pub stored_gb: f64,
    /// Partitions at the end.
    pub partitions: u64,
    /// Objects that were copied to it from other buckets.
    pub copies: u64,
    /// Objects read of which another bucket had a newer version that was on its way here.
    pub behind: u64,
    /// Objects that were not in its replica when its Region was lost.
    pub lost_objects: u64,
    /// How much was lost: the time from the newest object that was in the replica with all before it to the loss of the Region, seconds.
    pub lost_span_s: f64,
}

/// Totals of a bucket.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BucketOutcome {
    /// The name that the file gives it.
    pub name: String,
    /// Objects read.
    pub gets: f64,
    /// Objects written.
    pub puts: f64,
    /// Calls that list objects.
    pub lists: f64,
    /// Objects deleted.
    pub deletes: f64,
    /// Requests answered with 503 Slow Down.
    pub refused: f64,
    /// What was read, in gigabytes of 2^30 bytes.
    pub sent_gb: f64,
    /// What was written, in gigabytes of 2^30 bytes.
    pub received_gb: f64,
    /// What is stored at the end, in gigabytes of 2^30 bytes.
    pub stored_gb: f64,
    /// Partitions at the end.
    pub partitions: f64,
    /// Objects that were copied to the bucket from other buckets.
    #[serde(default)]
    pub copies: f64,
    /// Objects read of which another bucket had a newer version that was on its way here.
    #[serde(default)]
    pub behind: f64,
    /// Objects that were not in the replica of the bucket when its Region was lost.
    #[serde(default)]
    pub lost_objects: f64,
    /// How much was lost: the time from the newest object that was in the replica with all before it to the loss of the Region, seconds.
    #[serde(default)]
    pub lost_span_s: f64,
}

impl column::Series for BucketSeries {
    const KIND: &'static str = "s3";
    const LABELS: &'static [&'static str] = &["name"];
    const COLUMNS: &'static [Column<BucketSeries>] = &[
        column!(reads, PerSecond),
        column!(writes, PerSecond),
        column!(reads_refused, PerSecond),
        column!(writes_refused, PerSecond),
        column!(reads_asked_percent, Percent),
        column!(writes_asked_percent, Percent),
        column!(partitions, Count),
        column!(stored_gb, Count),
    ];

    fn labels(&self) -> Vec<&str> {
        vec![&self.name]
    }
}

/// An amount of gigabytes, with its place and its title.
macro_rules! gigabytes {
    ($field:ident at $place:literal, $title:literal) => {
        Figure {
            name: stringify!($field),
            unit: Unit::Count,
            add: |sum, more| sum.$field += more.$field,
            tell: |told, of, runs| told.$field = of.$field / runs,
            page: Page::Column {
                place: $place,
                title: $title,
                unit: Unit::Count,
                about: "",
                cell: |told| Shown::Number(told.$field, Unit::Count),
            },
            estimate: None,
        }
    };
}

impl figure::Totals for BucketTotals {
    type Series = BucketSeries;
    type Told = BucketOutcome;
    const TITLE: &'static str = "Buckets";
    const CHARTS: &'static [Chart<BucketSeries, BucketOutcome>] = CHARTS;
    const FIGURES: &'static [Figure<BucketTotals>] = &[
        setting!(name, Text, Page::Not("it begins the row")),
        counter!(gets at 0, "gets"),
        counter!(puts at 1, "puts"),
        counter!(lists at 2, "lists"),
        counter!(deletes at 3, "deletes"),
        Figure {
            name: "refused",
            unit: Unit::Count,
            add: |sum, more| sum.refused += more.refused,
            tell: |told, of, runs| told.refused = figure::per_run(of.refused, runs),
            page: Page::Column {
                place: 4,
                title: "503 slow down",
                unit: Unit::Count,
                about: "",
                cell: |told| Shown::Number(told.refused, Unit::Count),
            },
            estimate: Some(Estimated {
                name: "slow_downs",
                words: "503 Slow Down at",
                unit: Unit::Share,
                better: Better::Lower,
                of: |of, _| {
                    let done = of.gets + of.puts + of.lists + of.deletes;
                    share_of_some(of.refused as f64, (done + of.refused) as f64)
                },
            }),
        },
        gigabytes!(sent_gb at 5, "GB read"),
        gigabytes!(received_gb at 6, "GB written"),
        gigabytes!(stored_gb at 7, "GB stored"),
        counter!(partitions at 8, "partitions"),
        counter!(copies below, "object", "copied here from another bucket"),
        counter!(behind below, "read", "of an object whose newest version was on its way"),
        counter!(lost_objects below, "object", "not in the replica when the Region was lost"),
        Figure {
            name: "lost_span_s",
            unit: Unit::Seconds,
            add: |sum, more| sum.lost_span_s += more.lost_span_s,
            tell: |told, of, runs| told.lost_span_s = of.lost_span_s / runs,
            page: Page::Line {
                before: "",
                noun: "",
                after: "of what was written lost with the Region",
                value: |told| told.lost_span_s,
            },
            estimate: None,
        },
    ];

    fn name(told: &Self::Told) -> &str {
        &told.name
    }

    fn writes(&self) -> Writes {
        Writes { lost: self.lost_objects, lost_span: (self.lost_span_s * 1e9).round() as u64, doubled: 0 }
    }
}

#[cfg(test)]
mod sample {
    use super::*;
    use crate::kind::tests::Sample;

    impl Sample for BucketTotals {
        fn sample(salt: u64) -> BucketTotals {
            BucketTotals {
                name: "assets".into(),
                gets: 100 + salt,
                puts: 20 + salt,
                lists: 3 + salt,
                deletes: 4 + salt,
                refused: 5 + salt,
                sent_gb: 6.5 + salt as f64,
                received_gb: 1.5 + salt as f64,
                stored_gb: 70.5 + salt as f64,
                partitions: 2 + salt,
                copies: 8 + salt,
                behind: 9 + salt,
                lost_objects: 10 + salt,
                lost_span_s: 11.5 + salt as f64,
            }
        }
    }
}

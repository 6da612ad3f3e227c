//! What is kept of a name: its columns, its totals, its figures.
//!
//! In: nothing but types of its own. Out: the tables of a name, one line a column and one a figure.

use super::chart::CHARTS;
use serde::{Deserialize, Serialize};

use crate::measure::chart::Chart;
use crate::measure::column::{self, Column, column};
use crate::measure::figure::{self, Figure, Page, counter, setting};

pub use self::{DnsOutcome as Outcome, DnsSeries as Series, DnsTotals as Totals};

/// One name.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DnsSeries {
    /// The name that the file gives it.
    pub name: String,
    /// Lookups per second that Route 53 answered.
    pub queries: Vec<f64>,
    /// Requests per second whose client went by this name.
    pub requests: Vec<f64>,
    /// Requests per second whose client had an answer that no lookup has any more.
    pub old: Vec<f64>,
    /// Requests per second that failed because the name had no answer for the client.
    pub unanswered: Vec<f64>,
    /// Records that are healthy, at the end of the row.
    pub healthy: Vec<f64>,
    /// Each record of the name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<RecordSeries>,
}

/// One record.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordSeries {
    /// What the record leads to.
    pub name: String,
    /// Requests per second that went by the record.
    pub requests: Vec<f64>,
    /// Whether the record is healthy, at the end of the row: 0 or 1.
    pub healthy: Vec<f64>,
}

/// Totals of a name.
#[derive(Clone, Debug, Default)]
pub struct DnsTotals {
    /// The name that the file gives it.
    pub name: String,
    /// Requests that entered by it.
    pub requests: u64,
    /// Lookups that Route 53 answered.
    pub queries: u64,
    /// Those of them that are charged for.
    pub billed: u64,
    /// Requests whose client had an answer that no lookup had any more.
    pub old: u64,
    /// Requests without an answer.
    pub unanswered: u64,
    /// How often a record became unhealthy.
    pub failed: u64,
    /// How often a record became healthy again.
    pub recovered: u64,
}

/// Totals of a name.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DnsOutcome {
    /// The name that the file gives it.
    pub name: String,
    /// Requests whose client went by this name.
    pub requests: f64,
    /// Lookups that Route 53 answered.
    pub queries: f64,
    /// Lookups that Route 53 answered and charges for.
    pub billed: f64,
    /// Requests whose client had an answer that no lookup had any more.
    pub old: f64,
    /// Requests that failed because the name had no answer for the client.
    pub unanswered: f64,
    /// How often a record became unhealthy.
    pub failed: f64,
    /// How often a record became healthy again.
    pub recovered: f64,
}

impl column::Series for RecordSeries {
    const KIND: &'static str = "record";
    const LABELS: &'static [&'static str] = &["name"];
    const COLUMNS: &'static [Column<RecordSeries>] = &[column!(requests, PerSecond), column!(healthy, Count)];

    fn labels(&self) -> Vec<&str> {
        vec![&self.name]
    }
}

impl column::Series for DnsSeries {
    const KIND: &'static str = "dns";
    const LABELS: &'static [&'static str] = &["name"];
    const COLUMNS: &'static [Column<DnsSeries>] = &[
        column!(queries, PerSecond),
        column!(requests, PerSecond),
        column!(old, PerSecond),
        column!(unanswered, PerSecond),
        column!(healthy, Count),
        column!(parts records),
    ];

    fn labels(&self) -> Vec<&str> {
        vec![&self.name]
    }
}

impl figure::Totals for DnsTotals {
    type Series = DnsSeries;
    type Told = DnsOutcome;
    const TITLE: &'static str = "Names";
    const FIGURES: &'static [Figure<DnsTotals>] = &[
        setting!(name, Text, Page::Not("it begins the row")),
        counter!(requests at 0, "requests"),
        counter!(queries at 1, "lookups"),
        counter!(billed, Page::Not("the bill has it")),
        counter!(old at 2, "by old answers"),
        counter!(unanswered below, "request", "without an answer: no record was for the client"),
        counter!(failed at 3, "unhealthy"),
        counter!(recovered at 4, "healthy again"),
    ];
    const CHARTS: &'static [Chart<DnsSeries, DnsOutcome>] = CHARTS;

    fn name(told: &Self::Told) -> &str {
        &told.name
    }
}

#[cfg(test)]
mod sample {
    use super::*;
    use crate::kind::tests::{Sample, filled};

    impl Sample for DnsTotals {
        fn sample(salt: u64) -> DnsTotals {
            DnsTotals {
                name: "shop".into(),
                requests: 1_000 + salt,
                queries: 200 + salt,
                billed: 150 + salt,
                old: 30 + salt,
                unanswered: 5 + salt,
                failed: 2 + salt,
                recovered: 1 + salt,
            }
        }

        fn add_parts(series: &mut DnsSeries, salt: u32) {
            series.records = vec![filled(salt + 7)];
        }
    }
}

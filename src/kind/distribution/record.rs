//! What is kept of a distribution: its columns, its totals, its figures.
//!
//! In: nothing but types of its own. Out: the tables of a distribution, one line a column and one a figure.

use serde::{Deserialize, Serialize};

use super::chart::CHARTS;
use crate::measure::chart::Chart;
use crate::measure::column::{self, Column, column};
use crate::measure::figure::{self, Estimated, Figure, Page, Shown, counter, setting, share, share_of_some};
use crate::measure::unit::{Better, Unit};

pub use self::{DistributionOutcome as Outcome, DistributionSeries as Series, DistributionTotals as Totals};

/// One distribution.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DistributionSeries {
    /// The name that the file gives it.
    pub name: String,
    /// Requests per second that the distribution took.
    pub requests: Vec<f64>,
    /// Requests per second for what may be kept at the edge.
    pub lookups: Vec<f64>,
    /// Requests of the row that were answered by a fresh copy at the edge over all requests of the row for what may be kept; empty without any.
    pub hit_ratio: Vec<Option<f64>>,
    /// Requests per second that were sent to origins.
    pub origin: Vec<f64>,
    /// Megabits per second that the distribution sent.
    pub megabits: Vec<f64>,
    /// What is used of the quota of the distribution that is used most, percent.
    pub quota_percent: Vec<f64>,
    /// Requests per second above the quotas of the distribution, turned away.
    pub throttled: Vec<f64>,
}

/// Totals of a distribution.
#[derive(Clone, Debug, Default)]
pub struct DistributionTotals {
    /// The name that the file gives it.
    pub name: String,
    /// Requests that it took.
    pub requests: u64,
    /// Answered by a copy that was fresh at the edge.
    pub hits: u64,
    /// Requests for what may be kept of which no edge had a fresh copy.
    pub misses: u64,
    /// Of these, those that waited for the fetch of another at the edge.
    pub collapsed: u64,
    /// Fetches that a regional cache or the Origin Shield answered.
    pub regional_hits: u64,
    /// Requests to origins.
    pub origin: u64,
    /// Of these, those that failed or were not answered in time.
    pub origin_errors: u64,
    /// Of these, those that were not answered in time.
    pub timeouts: u64,
    /// Requests that were sent to an origin again.
    pub retries: u64,
    /// Requests that went on to the second origin.
    pub failovers: u64,
    /// Answered by a copy that was not fresh, because the origin failed.
    pub stale: u64,
    /// Answered by an error that was kept.
    pub kept_errors: u64,
    /// Answered by an error that was not.
    pub errors: u64,
    /// Turned away above the quotas.
    pub throttled: u64,
    /// Connections to origins that were made.
    pub connections: u64,
    /// Copies that edges gave up for others.
    pub evictions: u64,
    /// Bytes sent to clients.
    pub bytes: u64,
}

/// Totals of a distribution.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DistributionOutcome {
    /// The name that the file gives it.
    pub name: String,
    /// Requests that the distribution took.
    pub requests: f64,
    /// Requests that were answered by a copy that was fresh at the edge.
    pub hits: f64,
    /// Requests for what may be kept of which no edge had a fresh copy.
    pub misses: f64,
    /// Requests that were answered by a fresh copy at the edge over all requests for what may be kept; 0 without any.
    pub hit_ratio: f64,
    /// Requests without a fresh copy at the edge that waited for the fetch of another one there.
    pub collapsed: f64,
    /// Fetches that a regional cache or the Origin Shield answered.
    pub regional_hits: f64,
    /// Requests that were sent to origins.
    pub origin: f64,
    /// Requests to origins that failed or were not answered in time.
    pub origin_errors: f64,
    /// Requests to origins that were not answered in time.
    pub timeouts: f64,
    /// Requests that were sent to an origin again.
    pub retries: f64,
    /// Requests that went on to the second origin.
    pub failovers: f64,
    /// Requests that were answered by a copy that was not fresh, because the origin failed.
    pub stale: f64,
    /// Requests that were answered by an error that an edge had kept.
    pub kept_errors: f64,
    /// Requests that were answered by an error of the origin, or of the way there.
    pub errors: f64,
    /// Requests above the quotas of the distribution, turned away.
    pub throttled: f64,
    /// Connections to origins that were made.
    pub connections: f64,
    /// Copies that edges gave up for others.
    pub evictions: f64,
    /// What was sent to clients, in gigabytes of 10^9 bytes.
    pub gigabytes: f64,
}

impl column::Series for DistributionSeries {
    const KIND: &'static str = "distribution";
    const LABELS: &'static [&'static str] = &["name"];
    const COLUMNS: &'static [Column<DistributionSeries>] = &[
        column!(requests, PerSecond),
        column!(lookups, PerSecond),
        column!(hit_ratio, Share, by lookups),
        column!(origin, PerSecond),
        column!(megabits, PerSecond),
        column!(quota_percent, Percent),
        column!(throttled, PerSecond),
    ];

    fn labels(&self) -> Vec<&str> {
        vec![&self.name]
    }
}

impl figure::Totals for DistributionTotals {
    type Series = DistributionSeries;
    type Told = DistributionOutcome;
    const TITLE: &'static str = "Distributions";
    const CHARTS: &'static [Chart<DistributionSeries, DistributionOutcome>] = CHARTS;
    const FIGURES: &'static [Figure<DistributionTotals>] = &[
        setting!(name, Text, Page::Not("it begins the row")),
        counter!(requests at 0, "requests"),
        counter!(hits, Page::Not("it is the hit ratio of the requests for what may be kept")),
        counter!(misses at 2, "misses"),
        Figure {
            name: "hit_ratio",
            unit: Unit::Share,
            add: |_, _| {},
            tell: |told, of, _| told.hit_ratio = share(of.hits, of.hits + of.misses),
            page: Page::Column {
                place: 1,
                title: "hit ratio",
                unit: Unit::Share,
                about: "",
                cell: |told| match told.hits + told.misses > 0.0 {
                    true => Shown::Number(told.hit_ratio, Unit::Share),
                    false => Shown::Nothing,
                },
            },
            estimate: Some(Estimated {
                name: "edge_hit_ratio",
                words: "hit ratio at the edges of",
                unit: Unit::Share,
                better: Better::Higher,
                of: |of, _| share_of_some(of.hits as f64, (of.hits + of.misses) as f64),
            }),
        },
        counter!(collapsed at 3, "collapsed"),
        counter!(regional_hits at 4, "regional hits"),
        Figure {
            name: "origin",
            unit: Unit::Count,
            add: |sum, more| sum.origin += more.origin,
            tell: |told, of, runs| told.origin = figure::per_run(of.origin, runs),
            page: Page::Column {
                place: 5,
                title: "to origins",
                unit: Unit::Count,
                about: "",
                cell: |told| Shown::Number(told.origin, Unit::Count),
            },
            estimate: Some(Estimated {
                name: "origin_requests",
                words: "requests to the origins of",
                unit: Unit::Count,
                better: Better::Lower,
                of: |of, runs| Some(figure::per_run(of.origin, runs)),
            }),
        },
        counter!(origin_errors below, "request", "to origins failed or not answered in time"),
        counter!(timeouts, Page::Not("it is a part of the requests to origins that failed")),
        counter!(retries below, "request", "sent to an origin again"),
        counter!(failovers below, "request", "sent on to the second origin"),
        counter!(stale below, "request", "answered by a copy that was not fresh, because the origin failed"),
        counter!(kept_errors below, "request", "answered by an error that was kept"),
        counter!(errors below, "request", "answered by an error of the origin"),
        counter!(throttled below, "request", "above the quotas, turned away"),
        counter!(connections, Page::Not("it says little beside the requests to origins")),
        counter!(evictions below, "copy", "given up for others at the edges"),
        Figure {
            name: "gigabytes",
            unit: Unit::Count,
            add: |sum, more| sum.bytes += more.bytes,
            tell: |told, of, runs| told.gigabytes = figure::per_run(of.bytes, runs) / 1e9,
            page: Page::Column {
                place: 6,
                title: "GB sent",
                unit: Unit::Count,
                about: "",
                cell: |told| Shown::Number(told.gigabytes, Unit::Count),
            },
            estimate: None,
        },
    ];

    fn name(told: &Self::Told) -> &str {
        &told.name
    }
}

#[cfg(test)]
mod sample {
    use super::*;
    use crate::kind::tests::Sample;

    impl Sample for DistributionTotals {
        fn sample(salt: u64) -> DistributionTotals {
            DistributionTotals {
                name: "cdn".into(),
                requests: 100 + salt,
                hits: 60 + salt,
                misses: 30 + salt,
                collapsed: 5 + salt,
                regional_hits: 10 + salt,
                origin: 25 + salt,
                origin_errors: 4 + salt,
                timeouts: 2 + salt,
                retries: 3 + salt,
                failovers: 1 + salt,
                stale: 6 + salt,
                kept_errors: 7 + salt,
                errors: 8 + salt,
                throttled: 9 + salt,
                connections: 11 + salt,
                evictions: 12 + salt,
                bytes: 13_000_000_000 + salt,
            }
        }
    }
}

//! What is kept of an API: its columns, its totals, its figures.
//!
//! In: nothing but types of its own. Out: the tables of an API, one line a column and one a figure.

use serde::{Deserialize, Serialize};

use super::chart::CHARTS;
use crate::measure::chart::Chart;
use crate::measure::column::{self, Column, column};
use crate::measure::figure::{self, Estimated, Figure, Page, Shown, counter, per_run, setting, share};
use crate::measure::unit::{Better, Unit};

pub use self::{ApiOutcome as Outcome, ApiSeries as Series, ApiTotals as Totals};

/// One API.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ApiSeries {
    /// The name that the file gives it.
    pub name: String,
    /// Requests a second that the API took.
    pub requests: Vec<f64>,
    /// Requests a second that were throttled.
    pub throttled: Vec<f64>,
    /// Answers a second from the cache of the API.
    pub hits: Vec<f64>,
    /// What was taken of the requests a second that the API may take, percent.
    pub busy_percent: Vec<f64>,
    /// Requests a second that a route throttled.
    #[serde(default)]
    pub routes_throttled: Vec<f64>,
    /// What was taken of the rate of a route, percent, of the one that was taken most of.
    #[serde(default)]
    pub routes_percent: Vec<f64>,
    /// Requests a second that a key of a usage plan throttled, or its quota.
    #[serde(default)]
    pub keys_throttled: Vec<f64>,
    /// What was taken of the rates of all keys of a usage plan, percent, of the plan that was taken most of.
    #[serde(default)]
    pub keys_percent: Vec<f64>,
}

/// Totals of an API.
#[derive(Clone, Debug, Default)]
pub struct ApiTotals {
    /// The name that the file gives it.
    pub name: String,
    /// Requests that it took.
    pub requests: u64,
    /// Requests that found an empty bucket.
    pub throttled: u64,
    /// Requests beyond the quota of their key.
    pub over_quota: u64,
    /// Requests that were too large.
    pub too_large: u64,
    /// Answered from its cache.
    pub hits: u64,
    /// Not in its cache, though it might be.
    pub misses: u64,
}

impl ApiTotals {
    /// All that were throttled.
    pub fn all_throttled(&self) -> u64 {
        self.throttled + self.over_quota
    }
}

/// Totals of an API.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ApiOutcome {
    /// The name that the file gives it.
    pub name: String,
    /// Requests that the API took.
    pub requests: f64,
    /// Requests that were throttled: more came than the rate allows (429).
    pub throttled: f64,
    /// Requests beyond the quota that the key of a usage plan has.
    pub over_quota: f64,
    /// Requests that were too large.
    pub too_large: f64,
    /// Requests that were answered from the cache of the API.
    pub hits: f64,
    /// Requests that the cache of the API might have answered, and that it did not have.
    pub misses: f64,
    /// Requests that were answered from the cache of the API over all requests that it may answer; absent without any.
    pub hit_ratio: f64,
}

impl column::Series for ApiSeries {
    const KIND: &'static str = "api";
    const LABELS: &'static [&'static str] = &["name"];
    const COLUMNS: &'static [Column<ApiSeries>] = &[
        column!(requests, PerSecond),
        column!(throttled, PerSecond),
        column!(hits, PerSecond),
        column!(busy_percent, Percent),
        column!(routes_throttled, PerSecond),
        column!(routes_percent, Percent),
        column!(keys_throttled, PerSecond),
        column!(keys_percent, Percent),
    ];

    fn labels(&self) -> Vec<&str> {
        vec![&self.name]
    }
}

impl figure::Totals for ApiTotals {
    type Series = ApiSeries;
    type Told = ApiOutcome;
    const TITLE: &'static str = "APIs";
    const CHARTS: &'static [Chart<ApiSeries, ApiOutcome>] = CHARTS;
    const FIGURES: &'static [Figure<ApiTotals>] = &[
        setting!(name, Text, Page::Not("it begins the row")),
        counter!(requests at 0, "requests"),
        Figure {
            name: "throttled",
            unit: Unit::Count,
            add: |sum, more| sum.throttled += more.throttled,
            tell: |told, of, runs| told.throttled = per_run(of.throttled, runs),
            page: Page::Column {
                place: 1,
                title: "throttled",
                unit: Unit::Count,
                about: "",
                cell: |told| Shown::Number(told.throttled, Unit::Count),
            },
            estimate: Some(Estimated {
                name: "throttled_at_api",
                words: "throttled requests to",
                unit: Unit::Count,
                better: Better::Lower,
                of: |of, runs| Some(per_run(of.throttled, runs)),
            }),
        },
        counter!(over_quota at 2, "over quota"),
        counter!(too_large below, "request", "with too large a payload"),
        counter!(hits at 3, "from cache"),
        counter!(misses, Page::Not("it follows from the hit ratio")),
        Figure {
            name: "hit_ratio",
            unit: Unit::Share,
            add: |_, _| {},
            tell: |told, of, _| told.hit_ratio = share(of.hits, of.hits + of.misses),
            page: Page::Column {
                place: 4,
                title: "hit ratio",
                unit: Unit::Share,
                about: "",
                cell: |told| match told.hits + told.misses > 0.0 {
                    true => Shown::Number(told.hit_ratio, Unit::Share),
                    false => Shown::Nothing,
                },
            },
            estimate: Some(Estimated {
                name: "hit_ratio_of_api",
                words: "hit ratio of the cache of",
                unit: Unit::Share,
                better: Better::Higher,
                of: |of, _| (of.hits + of.misses > 0).then(|| share(of.hits, of.hits + of.misses)),
            }),
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

    impl Sample for ApiTotals {
        fn sample(salt: u64) -> ApiTotals {
            ApiTotals {
                name: "front".into(),
                requests: 1_000 + salt,
                throttled: 50 + salt,
                over_quota: 20 + salt,
                too_large: 3 + salt,
                hits: 400 + salt,
                misses: 100 + salt,
            }
        }
    }
}

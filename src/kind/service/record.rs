//! What is kept of a service station: its columns, its totals, its figures.
//!
//! In: nothing but types of its own. Out: the tables of a station, one line a column and one a figure.

use serde::{Deserialize, Serialize};

use super::chart::CHARTS;
use crate::measure::chart::Chart;
use crate::measure::column::{self, Column, column};
use crate::measure::figure::{self, Estimated, Figure, Page, Shown, counter, mean_ms, setting};
use crate::measure::histogram::Histogram;
use crate::measure::latency::Latency;
use crate::measure::unit::{Better, Unit};

pub use self::{ServiceOutcome as Outcome, ServiceSeries as Series, ServiceTotals as Totals};

/// One service station.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServiceSeries {
    /// The name that the file gives it.
    pub name: String,
    /// Busy servers over all servers, mean over the row, percent.
    pub busy_percent: Vec<f64>,
    /// Requests waiting, mean over the row.
    pub waiting: Vec<f64>,
    /// Requests per second that found the queue full.
    #[serde(default)]
    pub refused: Vec<f64>,
}

/// Totals of a service station.
#[derive(Clone, Debug, Default)]
pub struct ServiceTotals {
    /// The name that the file gives it.
    pub name: String,
    /// Requests that asked for service.
    pub arrived: u64,
    /// Served to the end.
    pub served: u64,
    /// Turned away at a full queue.
    pub rejected: u64,
    /// Left the queue out of patience.
    pub abandoned: u64,
    /// Asked for service and had to wait.
    pub delayed: u64,
    /// Waiting times of those served who came after the warm-up.
    pub wait: Histogram,
    /// Busy servers over all servers, time average, 0 to 1.
    pub utilisation: f64,
    /// Requests in the station (waiting and served), time average.
    pub mean_in_station: f64,
}

/// Totals of a service station.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServiceOutcome {
    /// The name that the file gives it.
    pub name: String,
    /// Requests that asked for service.
    pub arrived: f64,
    /// Requests that were served to the end.
    pub served: f64,
    /// Requests that were turned away because the queue was full.
    pub rejected: f64,
    /// Requests that left the queue out of patience.
    pub abandoned: f64,
    /// Requests that asked for service and had to wait.
    pub delayed: f64,
    /// Mean wait of served requests that came after the warm-up.
    pub mean_wait_ms: f64,
    /// Waits of served requests that came after the warm-up.
    pub wait_ms: Latency,
    /// Busy servers over all servers, time average.
    pub utilisation: f64,
    /// Requests in the station (waiting and served), time average.
    pub mean_in_station: f64,
}

impl column::Series for ServiceSeries {
    const KIND: &'static str = "service";
    const LABELS: &'static [&'static str] = &["name"];
    const COLUMNS: &'static [Column<ServiceSeries>] =
        &[column!(busy_percent, Percent), column!(waiting, Count), column!(refused, PerSecond)];

    fn labels(&self) -> Vec<&str> {
        vec![&self.name]
    }
}

impl figure::Totals for ServiceTotals {
    type Series = ServiceSeries;
    type Told = ServiceOutcome;
    const TITLE: &'static str = "Services";
    const CHARTS: &'static [Chart<ServiceSeries, ServiceOutcome>] = CHARTS;
    const FIGURES: &'static [Figure<ServiceTotals>] = &[
        setting!(name, Text, Page::Not("it begins the row")),
        counter!(arrived at 0, "arrived"),
        counter!(served at 1, "served"),
        counter!(rejected at 3, "rejected"),
        counter!(abandoned at 4, "gave up"),
        counter!(delayed at 5, "waited"),
        Figure {
            name: "utilisation",
            unit: Unit::Share,
            add: |sum, more| sum.utilisation += more.utilisation,
            tell: |told, of, runs| told.utilisation = of.utilisation / runs,
            page: Page::Column {
                place: 2,
                title: "busy",
                unit: Unit::Share,
                about: "",
                cell: |told| Shown::Number(told.utilisation, Unit::Share),
            },
            estimate: Some(Estimated {
                name: "busy",
                words: "busy share of",
                unit: Unit::Share,
                better: Better::Neither,
                of: |of, runs| Some(of.utilisation / runs),
            }),
        },
        Figure {
            name: "mean_wait_ms",
            unit: Unit::Millis,
            add: |sum, more| sum.wait.merge(&more.wait),
            tell: |told, of, _| told.mean_wait_ms = of.wait.mean() / 1e6,
            page: Page::Column {
                place: 6,
                title: "mean wait",
                unit: Unit::Millis,
                about: "",
                cell: |told| Shown::wait(told.mean_wait_ms),
            },
            estimate: Some(Estimated {
                name: "wait",
                words: "wait at",
                unit: Unit::Millis,
                better: Better::Lower,
                of: |of, _| mean_ms(&of.wait),
            }),
        },
        Figure {
            name: "wait_ms",
            unit: Unit::Millis,
            add: |_, _| {},
            tell: |told, of, _| told.wait_ms = (&of.wait).into(),
            page: Page::Column {
                place: 7,
                title: "p99 wait",
                unit: Unit::Millis,
                about: "99 of 100 served requests that came after the warm-up waited no longer than this.",
                cell: |told| Shown::wait(told.wait_ms.p99),
            },
            estimate: None,
        },
        Figure {
            name: "mean_in_station",
            unit: Unit::Count,
            add: |sum, more| sum.mean_in_station += more.mean_in_station,
            tell: |told, of, runs| told.mean_in_station = of.mean_in_station / runs,
            page: Page::Not("it follows from the others, by Little's law"),
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
    use crate::kind::tests::{self, Sample};

    impl Sample for ServiceTotals {
        fn sample(salt: u64) -> ServiceTotals {
            ServiceTotals {
                name: "payment".into(),
                arrived: 40 + salt,
                served: 30 + salt,
                rejected: 4 + salt,
                abandoned: 3 + salt,
                delayed: 20 + salt,
                wait: tests::times(5 + salt),
                utilisation: 0.5 + salt as f64,
                mean_in_station: 2.5 + salt as f64,
            }
        }
    }
}

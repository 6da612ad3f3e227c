//! What is kept of NAT gateways: columns, totals, figures.
//!
//! In: nothing but types of its own. Out: the tables of a `[nat.NAME]`, one line a column and one a figure.

use serde::{Deserialize, Serialize};

use super::chart::CHARTS;
use crate::measure::chart::Chart;
use crate::measure::column::{self, Column, column};
use crate::measure::figure::{self, Estimated, Figure, Page, Shown, counter, setting, share_of_some};
use crate::measure::unit::{Better, Unit};

pub use self::{NatOutcome as Outcome, NatSeries as Series, NatTotals as Totals};

/// The gateways of one table.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NatSeries {
    /// The name that the file gives it.
    pub name: String,
    /// Connections opened per second.
    pub opened: Vec<f64>,
    /// Requests per second that found no port.
    pub refused: Vec<f64>,
    /// Requests per second on a connection that was idle for too long.
    pub reset: Vec<f64>,
    /// What passed in both directions, gigabits per second.
    pub gbit_per_s: Vec<f64>,
    /// Ports taken at the end of the row to the fullest destination, of the fullest gateway, percent.
    pub ports_percent: Vec<f64>,
    /// How busy the link of the busiest gateway was, mean over the row, percent.
    pub link_percent: Vec<f64>,
    /// Requests that got less of a link than one can have, mean over the row.
    pub link_waiting: Vec<f64>,
}

/// Totals of the gateways of a table.
#[derive(Clone, Debug, Default)]
pub struct NatTotals {
    /// The name that the file gives it.
    pub name: String,
    /// Requests that got a connection.
    pub requests: u64,
    /// Connections opened.
    pub opened: u64,
    /// Requests that found no port.
    pub refused: u64,
    /// Requests on a connection that was idle for too long.
    pub reset: u64,
    /// Gigabytes that passed, both directions.
    pub passed_gb: f64,
}

/// Totals of the gateways of a table.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NatOutcome {
    /// The name that the file gives it.
    pub name: String,
    /// Requests that got a connection through the gateways.
    pub requests: f64,
    /// Connections that were opened.
    pub opened: f64,
    /// Requests that found no port.
    pub refused: f64,
    /// Requests that failed on a connection that had been idle for too long.
    pub reset: f64,
    /// What passed in both directions, in gigabytes of 10^9 bytes.
    pub passed_gb: f64,
}

impl column::Series for NatSeries {
    const KIND: &'static str = "nat";
    const LABELS: &'static [&'static str] = &["name"];
    const COLUMNS: &'static [Column<NatSeries>] = &[
        column!(opened, PerSecond),
        column!(refused, PerSecond),
        column!(reset, PerSecond),
        column!(gbit_per_s, PerSecond),
        column!(ports_percent, Percent),
        column!(link_percent, Percent),
        column!(link_waiting, Count),
    ];

    fn labels(&self) -> Vec<&str> {
        vec![&self.name]
    }
}

impl figure::Totals for NatTotals {
    type Series = NatSeries;
    type Told = NatOutcome;
    const TITLE: &'static str = "NAT gateways";
    const CHARTS: &'static [Chart<NatSeries, NatOutcome>] = CHARTS;
    const FIGURES: &'static [Figure<NatTotals>] = &[
        setting!(name, Text, Page::Not("it begins the row")),
        counter!(requests at 0, "requests"),
        counter!(opened at 1, "connections"),
        Figure {
            name: "refused",
            unit: Unit::Count,
            add: |sum, more| sum.refused += more.refused,
            tell: |told, of, runs| told.refused = figure::per_run(of.refused, runs),
            page: Page::Column {
                place: 2,
                title: "no port",
                unit: Unit::Count,
                about: "",
                cell: |told| Shown::Number(told.refused, Unit::Count),
            },
            estimate: Some(Estimated {
                name: "without_port",
                words: "requests without a port at",
                unit: Unit::Share,
                better: Better::Lower,
                of: |of, _| share_of_some(of.refused as f64, (of.requests + of.refused) as f64),
            }),
        },
        counter!(reset at 3, "reset"),
        Figure {
            name: "passed_gb",
            unit: Unit::Count,
            add: |sum, more| sum.passed_gb += more.passed_gb,
            tell: |told, of, runs| told.passed_gb = of.passed_gb / runs,
            page: Page::Column {
                place: 4,
                title: "GB",
                unit: Unit::Count,
                about: "",
                cell: |told| Shown::Number(told.passed_gb, Unit::Count),
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

    impl Sample for NatTotals {
        fn sample(salt: u64) -> NatTotals {
            NatTotals {
                name: "egress".into(),
                requests: 100 + salt,
                opened: 20 + salt,
                refused: 3 + salt,
                reset: 4 + salt,
                passed_gb: 5.5 + salt as f64,
            }
        }
    }
}

//! What is kept of a firewall, for each source of traffic apart: its columns, its totals, its figures.
//!
//! In: nothing but types of its own. Out: the tables, one line a column and one a figure, with a row for each firewall and each source. So
//! none of the figures is an estimate or has a bound: these are of a table of the file. A source of its own for bots shows what of people is
//! blocked.

use serde::{Deserialize, Serialize};

use super::chart::CHARTS;
use crate::measure::chart::Chart;
use crate::measure::column::{self, Column, column};
use crate::measure::figure::{self, Figure, Page, Shown, counter, setting};
use crate::measure::unit::Unit;

pub use self::{FirewallOutcome as Outcome, FirewallSeries as Series, FirewallTotals as Totals};

/// One firewall, and one source.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FirewallSeries {
    /// The name that the file gives it.
    pub name: String,
    /// Name of the source of traffic that the requests are of.
    pub source: String,
    /// Requests per second that the firewall let through.
    pub passed: Vec<f64>,
    /// Requests per second that the firewall blocked.
    pub blocked: Vec<f64>,
}

/// Totals of a firewall and a source. Retries count as requests of their own.
#[derive(Clone, Debug, Default)]
pub struct FirewallTotals {
    /// The name that the file gives it.
    pub name: String,
    /// Name of the source of traffic.
    pub source: String,
    /// Requests that it looked at.
    pub requests: u64,
    /// Requests of addresses over a limit, which it blocked.
    pub over_limit: u64,
    /// Requests that matched, which it blocked.
    pub matched: u64,
    /// Times that a rule found something and only counted it.
    pub noted: u64,
}

impl FirewallTotals {
    /// Requests that it blocked.
    pub fn blocked(&self) -> u64 {
        self.over_limit + self.matched
    }
}

/// Totals of a firewall and a source. Retries count as requests of their own.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FirewallOutcome {
    /// The name that the file gives it.
    pub name: String,
    /// Name of the source of traffic that the requests are of.
    pub source: String,
    /// Requests of the source that the firewall looked at.
    pub requests: f64,
    /// Requests of addresses that were over a limit, and were blocked.
    pub over_limit: f64,
    /// Requests that matched a rule and were blocked.
    pub matched: f64,
    /// Times that a rule found something and only counted it.
    pub noted: f64,
}

impl column::Series for FirewallSeries {
    const KIND: &'static str = "firewall";
    const LABELS: &'static [&'static str] = &["name", "source"];
    const COLUMNS: &'static [Column<FirewallSeries>] =
        &[column!(passed, PerSecond), column!(blocked, PerSecond)];

    fn labels(&self) -> Vec<&str> {
        vec![&self.name, &self.source]
    }
}

impl figure::Totals for FirewallTotals {
    type Series = FirewallSeries;
    type Told = FirewallOutcome;
    const TITLE: &'static str = "Firewalls";
    const REMARK: &'static str =
        "requests that each let through or blocked, by source of traffic; retries count";
    const CHARTS: &'static [Chart<FirewallSeries, FirewallOutcome>] = CHARTS;
    const FIGURES: &'static [Figure<FirewallTotals>] = &[
        setting!(name, Text, Page::Not("it begins the row")),
        setting!(
            source,
            Text,
            Page::Column {
                place: 0,
                title: "requests of",
                unit: Unit::Text,
                about: "",
                cell: |told| Shown::Text(&told.source)
            }
        ),
        counter!(requests at 1, "looked at"),
        counter!(over_limit at 2, "over a limit"),
        counter!(matched at 3, "matched"),
        counter!(noted below, "request", "that rules found and only counted"),
    ];

    fn name(told: &Self::Told) -> &str {
        &told.name
    }

    fn heading(told: &Self::Told) -> String {
        format!("{}, requests of {}", told.name, told.source)
    }

    /// Most sources come to one firewall alone.
    fn is_shown(told: &Self::Told) -> bool {
        told.requests > 0.0
    }
}

#[cfg(test)]
mod sample {
    use super::*;
    use crate::kind::tests::Sample;

    impl Sample for FirewallTotals {
        fn sample(salt: u64) -> FirewallTotals {
            FirewallTotals {
                name: "edge".into(),
                source: "bots".into(),
                requests: 900 + salt,
                over_limit: 500 + salt,
                matched: 60 + salt,
                noted: 7 + salt,
            }
        }
    }
}

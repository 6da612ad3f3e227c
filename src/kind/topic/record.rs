//! What is kept of a topic: the calls to it, if it is an event bus.
//!
//! In: nothing but types of its own. Out: the tables of a topic, one line a column and one a figure.

use serde::{Deserialize, Serialize};

use super::chart::CHARTS;
use crate::measure::chart::Chart;
use crate::measure::column::{self, Column, column};
use crate::measure::figure::{self, Figure, Page, counter, setting};

pub use self::{TopicOutcome as Outcome, TopicSeries as Series, TopicTotals as Totals};

/// One topic.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TopicSeries {
    /// The name that the file gives it.
    pub name: String,
    /// Calls of PutEvents to the bus, per second, each once; 0 of a topic of SNS, as in the other columns.
    pub puts: Vec<f64>,
    /// Tries of PutEvents calls that were throttled, per second.
    pub throttled: Vec<f64>,
    /// Calls of PutEvents to all buses of the Region, each once, percent of what it takes.
    pub puts_percent: Vec<f64>,
}

/// Totals of a topic.
#[derive(Clone, Debug, Default)]
pub struct TopicTotals {
    /// The name that the file gives it.
    pub name: String,
    /// Calls of PutEvents to it, each once.
    pub puts: u64,
    /// Tries of these that were throttled.
    pub throttled: u64,
    /// Calls that gave up after all their tries.
    pub given_up: u64,
}

/// Totals of a topic.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TopicOutcome {
    /// The name that the file gives it.
    pub name: String,
    /// Calls of PutEvents to the bus, each once.
    pub puts: f64,
    /// Tries of PutEvents calls that were throttled.
    pub throttled: f64,
    /// Calls that gave up after all their tries.
    pub given_up: f64,
}

impl column::Series for TopicSeries {
    const KIND: &'static str = "topic";
    const LABELS: &'static [&'static str] = &["name"];
    const COLUMNS: &'static [Column<TopicSeries>] =
        &[column!(puts, PerSecond), column!(throttled, PerSecond), column!(puts_percent, Percent)];

    fn labels(&self) -> Vec<&str> {
        vec![&self.name]
    }
}

impl figure::Totals for TopicTotals {
    type Series = TopicSeries;
    type Told = TopicOutcome;
    const TITLE: &'static str = "Event buses";
    const CHARTS: &'static [Chart<TopicSeries, TopicOutcome>] = CHARTS;
    const FIGURES: &'static [Figure<TopicTotals>] = &[
        setting!(name, Text, Page::Not("it begins the row")),
        counter!(puts at 0, "calls"),
        counter!(throttled at 1, "tries throttled"),
        counter!(given_up at 2, "gave up"),
    ];

    fn name(told: &Self::Told) -> &str {
        &told.name
    }

    fn is_shown(told: &Self::Told) -> bool {
        told.puts > 0.0
    }
}

#[cfg(test)]
mod sample {
    use super::*;
    use crate::kind::tests::Sample;

    impl Sample for TopicTotals {
        fn sample(salt: u64) -> TopicTotals {
            TopicTotals { name: "news".into(), puts: 100 + salt, throttled: 3 + salt, given_up: 1 + salt }
        }
    }
}

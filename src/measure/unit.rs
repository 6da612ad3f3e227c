//! What figures and columns are counted in, and which way they should go. In: nothing. Out: [`Unit`] and [`Better`].

use serde::{Deserialize, Serialize};

/// What a number is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Unit {
    /// Seconds.
    #[serde(rename = "s")]
    Seconds,
    /// Milliseconds.
    #[serde(rename = "ms")]
    Millis,
    /// A share between 0 and 1.
    #[serde(rename = "share")]
    Share,
    /// A share in percent.
    #[serde(rename = "percent")]
    Percent,
    /// A count.
    #[serde(rename = "count")]
    Count,
    /// A count per second.
    #[serde(rename = "per_s")]
    PerSecond,
    /// US dollars.
    #[serde(rename = "usd")]
    Usd,
    /// Hours.
    #[serde(rename = "hours")]
    Hours,
    /// Times the traffic of the run.
    #[serde(rename = "multiple")]
    Multiple,
    /// No number: a name.
    #[serde(rename = "text")]
    Text,
}

impl Unit {
    /// In words, for a description.
    pub const fn words(self) -> &'static str {
        match self {
            Unit::Seconds => "seconds",
            Unit::Millis => "milliseconds",
            Unit::Share => "a share between 0 and 1",
            Unit::Percent => "percent",
            Unit::Count => "a count",
            Unit::PerSecond => "a count per second",
            Unit::Usd => "US dollars",
            Unit::Hours => "hours",
            Unit::Multiple => "times the traffic of the run",
            Unit::Text => "text",
        }
    }
}

/// Which way a number should go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// Less is better.
    Lower,
    /// More is better.
    Higher,
    /// Neither is better by itself.
    Neither,
}

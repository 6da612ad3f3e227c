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

    /// In words, for a field of this name: what has a size is counted in that, as its name says.
    #[cfg(any(feature = "schema", test))]
    pub(crate) fn words_of(self, field: &str) -> String {
        let sized = field.split('_').find_map(|part| SIZES.iter().find(|(of, _)| *of == part));
        match (self, sized) {
            (Unit::Count, Some((_, size))) => (*size).to_owned(),
            (Unit::PerSecond, Some((_, size))) => format!("{size} per second"),
            _ => self.words().to_owned(),
        }
    }
}

/// The sizes that names of fields have in them, and what they are called.
#[cfg(any(feature = "schema", test))]
const SIZES: [(&str, &str); 6] = [
    ("gb", "gigabytes"),
    ("gigabytes", "gigabytes"),
    ("mib", "MiB"),
    ("megabits", "megabits"),
    ("mbit", "megabits"),
    ("gbit", "gigabits"),
];

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_size_is_no_count() {
        assert_eq!(Unit::Count.words_of("stored_gb"), "gigabytes");
        assert_eq!(Unit::PerSecond.words_of("read_mib"), "MiB per second");
        assert_eq!(Unit::PerSecond.words_of("gbit_per_s"), "gigabits per second");
        assert_eq!(Unit::Count.words_of("hits"), "a count");
        assert_eq!(Unit::Hours.words_of("unit_hours_bytes"), "hours");
    }
}

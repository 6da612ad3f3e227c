//! The figures that can be measured. In: words such as `p95_ms of home`. Out: a [`Figure`].

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::language::names::closest;

/// What a figure tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// Requests in the period.
    Requests,
    /// Requests that failed: answers 5xx, and connections that broke.
    Errors,
    /// Requests whose client went away.
    Aborted,
    /// Mean latency, milliseconds.
    Mean,
    /// Median latency.
    P50,
    /// 90th percentile.
    P90,
    /// 95th percentile.
    P95,
    /// 99th percentile.
    P99,
    /// 99.9th percentile.
    P999,
    /// Mean time in the target of a balancer, milliseconds.
    Service,
    /// CPU utilisation, percent.
    Cpu,
    /// Busy servers of a service, percent.
    Busy,
    /// Instances in service.
    Instances,
    /// Hits over look-ups of a cache, percent.
    Hit,
    /// Open connections to a database.
    Connections,
}

impl What {
    /// All of them.
    pub const ALL: [What; 15] = [
        What::Requests,
        What::Errors,
        What::Aborted,
        What::Mean,
        What::P50,
        What::P90,
        What::P95,
        What::P99,
        What::P999,
        What::Service,
        What::Cpu,
        What::Busy,
        What::Instances,
        What::Hit,
        What::Connections,
    ];

    /// Its word in the head of a column.
    pub const fn word(self) -> &'static str {
        match self {
            What::Requests => "requests",
            What::Errors => "errors",
            What::Aborted => "aborted",
            What::Mean => "mean_ms",
            What::P50 => "p50_ms",
            What::P90 => "p90_ms",
            What::P95 => "p95_ms",
            What::P99 => "p99_ms",
            What::P999 => "p99_9_ms",
            What::Service => "service_ms",
            What::Cpu => "cpu_percent",
            What::Busy => "busy_percent",
            What::Instances => "instances",
            What::Hit => "hit_percent",
            What::Connections => "connections",
        }
    }

    /// How people call it.
    pub const fn name(self) -> &'static str {
        match self {
            What::Requests => "requests",
            What::Errors => "errors",
            What::Aborted => "aborted requests",
            What::Mean => "mean latency",
            What::P50 => "p50",
            What::P90 => "p90",
            What::P95 => "p95",
            What::P99 => "p99",
            What::P999 => "p99.9",
            What::Service => "time in the target",
            What::Cpu => "CPU",
            What::Busy => "busy share",
            What::Instances => "instances",
            What::Hit => "hit ratio",
            What::Connections => "connections",
        }
    }

    /// Whether it is a time of requests, in milliseconds.
    pub const fn is_time(self) -> bool {
        matches!(self, What::Mean | What::Service) || self.quantile().is_some()
    }

    /// Whether it is a part of something, in percent.
    pub const fn is_percent(self) -> bool {
        matches!(self, What::Cpu | What::Busy | What::Hit)
    }

    /// Whether it is of requests, and not of a resource.
    pub const fn is_of_requests(self) -> bool {
        self.is_time() || matches!(self, What::Requests | What::Errors | What::Aborted)
    }

    /// Which quantile it is, between 0 and 1, if it is one.
    pub const fn quantile(self) -> Option<f64> {
        match self {
            What::P50 => Some(0.5),
            What::P90 => Some(0.9),
            What::P95 => Some(0.95),
            What::P99 => Some(0.99),
            What::P999 => Some(0.999),
            _ => None,
        }
    }
}

/// A figure of a class or a resource, or of all classes together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Figure {
    /// What it tells.
    pub what: What,
    /// Of which class or resource; of all classes without.
    pub name: Option<String>,
}

impl Figure {
    /// A figure of a class or a resource.
    pub fn of(what: What, name: &str) -> Figure {
        Figure { what, name: Some(name.to_owned()) }
    }

    /// A figure of all classes together.
    pub fn of_all(what: What) -> Figure {
        Figure { what, name: None }
    }

    /// In words for people: `p95 of home`.
    pub fn words(&self) -> String {
        match &self.name {
            Some(name) => format!("{} of {name}", self.what.name()),
            None => self.what.name().to_owned(),
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "{} of {name}", self.what.word()),
            None => f.write_str(self.what.word()),
        }
    }
}

impl From<Figure> for String {
    fn from(figure: Figure) -> String {
        figure.to_string()
    }
}

impl TryFrom<String> for Figure {
    type Error = String;

    fn try_from(text: String) -> Result<Figure, String> {
        text.parse()
    }
}

impl FromStr for Figure {
    type Err = String;

    /// The error says which figures there are.
    fn from_str(text: &str) -> Result<Figure, String> {
        let (word, name) = match text.trim().split_once(" of ") {
            Some((word, name)) => (word.trim(), Some(name.trim())),
            None => (text.trim(), None),
        };
        let Some(what) = What::ALL.into_iter().find(|it| it.word() == word) else {
            let words = || What::ALL.into_iter().map(What::word);
            let without_unit =
                || words().find(|it| it.strip_prefix(word).is_some_and(|unit| unit.starts_with('_')));
            return Err(match without_unit().or_else(|| closest(word, words())) {
                Some(close) => format!("did you mean `{close}`?"),
                None => format!("figures are {}", words().collect::<Vec<_>>().join(", ")),
            });
        };
        match name {
            Some(name) if !name.is_empty() => Ok(Figure::of(what, name)),
            None if what.is_of_requests() => Ok(Figure::of_all(what)),
            _ => Err(format!("say of what it is: `{} of NAME`", what.word())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_reads_back_as_it_is_written() {
        for what in What::ALL {
            let figure = Figure::of(what, "a b");
            assert_eq!(figure.to_string().parse(), Ok(figure));
        }
        assert_eq!("p95_ms".parse(), Ok(Figure::of_all(What::P95)));
        assert_eq!("cpu_percent".parse::<Figure>().unwrap_err(), "say of what it is: `cpu_percent of NAME`");
        assert_eq!("p95 of home".parse::<Figure>().unwrap_err(), "did you mean `p95_ms`?");
    }
}

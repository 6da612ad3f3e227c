//! A run as OpenMetrics text. In: an [`Outcome`], and for the timeline the date at which it starts. Out: the figures of the end, or every row
//! with its time, as Prometheus reads it.
//!
//! Names and units follow OpenMetrics 1.0 and the naming advice of Prometheus: seconds, bytes, ratios; counters end with `_total`. A file
//! with times is for `promtool tsdb create-blocks-from openmetrics`. No kept crate writes samples with times, so this does.

mod end;
mod family;
mod named;
mod rows;

use jiff::Timestamp;

use crate::outcome::Outcome;

/// The figures of the end, their intervals, causes of failure and verdicts; no times, so that a scrape gives its own.
pub fn openmetrics(outcome: &Outcome) -> String {
    end::families(outcome).text()
}

/// Every row of the timeline, as it would have been scraped at its end in a run that began at `start`.
pub fn openmetrics_timeline(outcome: &Outcome, start: Timestamp) -> String {
    rows::families(outcome, start).text()
}

//! A run as OpenMetrics text. In: an [`Outcome`], and for the timeline the date at which it starts. Out: the figures of the end, or every row
//! with its time, as Prometheus reads it.
//!
//! Names and units follow OpenMetrics 1.0 and the naming advice of Prometheus: seconds, bytes, ratios; counters end with `_total`. A file
//! with times is for `promtool tsdb create-blocks-from openmetrics`. No kept crate writes samples with times, so this does.

mod end;
mod family;
mod named;
mod rows;

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::baseline::write_text;
use super::error::ReportError;
use crate::outcome::Outcome;

/// The figures of the end, their intervals, causes of failure and verdicts; no times, so that a scrape gives its own.
pub fn openmetrics(outcome: &Outcome) -> String {
    end::families(outcome).text()
}

/// Every row of the timeline, as it would have been scraped at its end in a run that began at `start`.
pub fn openmetrics_timeline(outcome: &Outcome, start: Timestamp) -> String {
    rows::families(outcome, start).text()
}

/// Writes the timeline of a run for Prometheus into a file; returns the file.
///
/// # Errors
/// The file cannot be written; then one that was there is as it was.
pub fn write_openmetrics(outcome: &Outcome, start: Timestamp, path: &Path) -> Result<PathBuf, ReportError> {
    write_text(&openmetrics_timeline(outcome, start), path)
}

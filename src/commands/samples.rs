//! The timeline as samples of Prometheus. In: what the command line says, and the date of the scenario. Out: a file.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use simcap::outcome::Outcome;
use simcap::report::{self, ReportError};

use crate::cli;
use crate::exit::NoStart;

/// Where samples are written, and when their run starts.
pub(super) struct Samples<'a> {
    pub path: &'a Path,
    start: Timestamp,
}

/// What is asked for; `of_file` is the date that the scenario has.
pub(super) fn samples(
    asked: &cli::Samples,
    of_file: Option<Timestamp>,
) -> Result<Option<Samples<'_>>, NoStart> {
    let Some(path) = &asked.openmetrics else { return Ok(None) };
    let start = asked.start.or(of_file).ok_or(NoStart)?;
    Ok(Some(Samples { path, start }))
}

impl Samples<'_> {
    /// Writes the file of an outcome.
    pub fn write(&self, outcome: &Outcome) -> Result<PathBuf, ReportError> {
        report::write_openmetrics(outcome, self.start, self.path)
    }
}

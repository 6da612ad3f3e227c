//! What a run shows and leaves: the terminal page, `outcome.json`, `timeline.csv` and the charts.
//!
//! In: an [`Outcome`], a comparison of two, or what a search found, and nothing else, so that every view can be made
//! again from a stored file. Out: text and files.

mod breakpoint;
pub mod chart;
mod comparison;
mod csv;
mod file;
mod json;
mod table;
mod terminal;

use std::path::{Path, PathBuf};

pub use breakpoint::{breakpoints, first_to_break};
pub use comparison::{comparison, comparison_verdicts};
pub use json::{read, to_json};
pub use terminal::{page, verdicts};

use crate::outcome::Outcome;

/// Name of the artefact in its folder.
pub const OUTCOME_FILE: &str = "outcome.json";
/// Name of the table of rows in its folder.
pub const TIMELINE_FILE: &str = "timeline.csv";

/// Why a view could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A file or folder that cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file that cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file that is not an outcome.
    #[error("{} is not an outcome of simcap", path.display())]
    NotAnOutcome {
        /// Which.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
    /// An outcome of another layout.
    #[error("{} has layout version {found}, this simcap reads version {}", path.display(), crate::outcome::VERSION)]
    OtherVersion {
        /// Which.
        path: PathBuf,
        /// Its version.
        found: u64,
    },
    /// A chart that cannot be drawn.
    #[error("cannot draw the charts")]
    Chart(#[from] chart::ChartError),
}

/// Makes the folder of a run and tries to write in it, so that a bad path fails before the simulation starts.
///
/// # Errors
/// The folder cannot be made or written to.
pub fn prepare(dir: &Path) -> Result<(), ReportError> {
    file::probe(dir)
}

/// Writes `outcome.json`, `timeline.csv` and, if asked for, the charts; the files in this order.
///
/// # Errors
/// A file cannot be written, or a chart not drawn.
pub fn write(outcome: &Outcome, dir: &Path, charts: bool) -> Result<Vec<PathBuf>, ReportError> {
    let path = dir.join(OUTCOME_FILE);
    file::write(&path, to_json(outcome).as_bytes())?;
    let mut files = vec![path];
    files.extend(write_views(outcome, dir, charts)?);
    Ok(files)
}

/// Writes what can be made from `outcome.json`: `timeline.csv` and, if asked for, the charts.
///
/// # Errors
/// A file cannot be written, or a chart not drawn.
pub fn write_views(outcome: &Outcome, dir: &Path, charts: bool) -> Result<Vec<PathBuf>, ReportError> {
    let path = dir.join(TIMELINE_FILE);
    file::write(&path, csv::timeline(outcome).as_bytes())?;
    let mut files = vec![path];
    match charts {
        true => files.extend(chart::draw_all(outcome, dir)?),
        // Those of an earlier run would show another event.
        false => chart::remove_all(dir)?,
    }
    Ok(files)
}

//! What a run shows and leaves: the terminal page, `outcome.json`, `timeline.csv` and the charts.
//!
//! In: an [`Outcome`], a comparison of two, or what a search found, and nothing else, so that every view can be made
//! again from a stored file. Out: text and files.

mod breakpoint;
pub mod chart;
mod comparison;
mod csv;
mod file;
mod folder;
mod json;
mod table;
mod terminal;

use std::path::{Path, PathBuf};

pub use breakpoint::{breakpoints, first_to_break, multiple};
pub use comparison::{comparison, comparison_verdicts};
pub use folder::Folder;
pub use json::{read, to_json};
pub use terminal::{page, verdicts};

use crate::outcome::Outcome;

use file::Set;

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
    /// A folder that has the outcome of something else.
    #[error("{} has the results of {other}", path.display())]
    Occupied {
        /// Which.
        path: PathBuf,
        /// What it has.
        other: String,
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

/// Writes `outcome.json`, `timeline.csv` and, if asked for, the charts into a folder; returns the files in this order.
/// All are written before the first takes its name, and no other run gives names there meanwhile.
///
/// # Errors
/// A file cannot be written, or a chart not drawn; then those that were there are as they were.
pub fn write(outcome: &Outcome, dir: &Path, charts: bool) -> Result<Vec<PathBuf>, ReportError> {
    let mut set = Set::new(dir);
    set.write(OUTCOME_FILE, to_json(outcome).as_bytes())?;
    add_views(&mut set, outcome, charts)?;
    set.commit()
}

/// Writes what can be made from the `outcome.json` at `stored`: `timeline.csv` and, if asked for, the charts; makes the
/// folder.
///
/// # Errors
/// A file cannot be written, or a chart not drawn, or the folder has an outcome that they are not of.
pub fn write_views(
    outcome: &Outcome,
    stored: &Path,
    dir: &Path,
    charts: bool,
) -> Result<Vec<PathBuf>, ReportError> {
    let there = dir.join(OUTCOME_FILE);
    if there.exists() && !folder::is_same_file(&there, stored) {
        return Err(ReportError::Occupied { path: dir.into(), other: there.display().to_string() });
    }
    std::fs::create_dir_all(dir).map_err(|source| ReportError::Write { path: dir.into(), source })?;
    let mut set = Set::new(dir);
    add_views(&mut set, outcome, charts)?;
    set.commit()
}

fn add_views(set: &mut Set, outcome: &Outcome, charts: bool) -> Result<(), ReportError> {
    set.write(TIMELINE_FILE, csv::timeline(outcome).as_bytes())?;
    for (name, picture) in chart::draw_all(outcome, charts)? {
        match picture {
            Some(picture) => set.write(name, &picture)?,
            // That of an earlier run would show another event.
            None => set.remove(name),
        }
    }
    Ok(())
}

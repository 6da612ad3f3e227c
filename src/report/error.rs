//! Why a view could not be made. In: what failed. Out: a [`ReportError`] that names the file.

use std::path::PathBuf;

#[cfg(feature = "charts")]
use super::chart::ChartError;

/// Why a view could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A file or folder that cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The reason.
        source: std::io::Error,
    },
    /// A file that cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: std::io::Error,
    },
    /// A folder that already has another outcome.
    #[error("{} has the results of {other}", path.display())]
    Occupied {
        /// The folder.
        path: PathBuf,
        /// The outcome that it has.
        other: String,
    },
    /// A file that is not an outcome.
    #[error("{} is not an outcome of simcap: {why}", path.display())]
    NotAnOutcome {
        /// The file.
        path: PathBuf,
        /// The reason and the place; no content is quoted, because the file may not be an outcome and must not be
        /// shown.
        why: String,
    },
    /// A baseline, where rows are needed.
    #[error("{} is a baseline: it has no rows, so no charts and no table of them", path.display())]
    NoRows {
        /// The file.
        path: PathBuf,
    },
    /// An outcome of another layout.
    #[error("{} has layout version {found}, this simcap reads version {}", path.display(), crate::outcome::VERSION)]
    OtherVersion {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u64,
    },
    /// A chart that cannot be drawn.
    #[cfg(feature = "charts")]
    #[error("cannot draw the charts")]
    Chart(#[from] ChartError),
}

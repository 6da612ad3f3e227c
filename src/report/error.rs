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
    #[error("{} is not an outcome of simcap: {why}", path.display())]
    NotAnOutcome {
        /// Which.
        path: PathBuf,
        /// Why and where; nothing is quoted of a file that may not be ours to show.
        why: String,
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
    #[cfg(feature = "charts")]
    #[error("cannot draw the charts")]
    Chart(#[from] ChartError),
}

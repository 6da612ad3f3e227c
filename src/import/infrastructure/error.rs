//! Why files cannot be imported. In: a file. Out: what to tell people.

use std::io;
use std::path::PathBuf;

/// Why nothing could be made of files.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file cannot be read.
    #[error("cannot read {}: {source}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error("cannot write {}: {source}", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file is neither JSON nor YAML.
    #[error("{} is neither JSON nor YAML: {why}", .path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A file of Terraform's language.
    #[error("{} is source text: import what Terraform makes of it, `terraform show -json PLAN > plan.json`", .path.display())]
    Source {
        /// The file.
        path: PathBuf,
    },
    /// A file of no format that is known.
    #[error(
        "{} is no plan, no state and no template: a plan is written by `terraform show -json PLAN`, a template has `Resources`",
        .path.display()
    )]
    Unknown {
        /// The file.
        path: PathBuf,
    },
    /// A plan, a state or a template of nothing.
    #[error("{} has no resources: was everything destroyed, or is the state kept elsewhere?", .path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// A folder without a file of these formats.
    #[error("{} has no plan, no state and no template", .path.display())]
    Nothing {
        /// The folder.
        path: PathBuf,
    },
}

impl Error {
    /// Whether the command line or a file is wrong, and not the machine.
    pub fn is_usage(&self) -> bool {
        !matches!(self, Error::Write { .. })
    }
}

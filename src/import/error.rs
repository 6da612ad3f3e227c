//! Why an import fails. In: what went wrong, and where. Out: a message without anything of the content of a file, and a hint.

use std::io;

use super::classes::ClassesError;
use super::format::Format;
use crate::guard::Reason;

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file or a folder cannot be read.
    #[error("cannot read {name}: {error}")]
    Read {
        /// The file.
        name: String,
        /// Why.
        error: io::Error,
    },
    /// A file cannot be written.
    #[error("cannot write {name}: {error}")]
    Write {
        /// The file.
        name: String,
        /// Why.
        error: io::Error,
    },
    /// A file of no known format.
    #[error("{name} is in no format that is known{}", asked.map_or(String::new(), |format| format!(" as `{format}`")))]
    Unknown {
        /// The file.
        name: String,
        /// The format that was asked for.
        asked: Option<Format>,
    },
    /// A file that has to be unpacked first.
    #[error("{name} is {what}")]
    Packed {
        /// The file.
        name: String,
        /// What it is.
        what: &'static str,
    },
    /// A template or a plan of infrastructure.
    #[error("{name} describes infrastructure, and is no log")]
    Infrastructure {
        /// The file.
        name: String,
    },
    /// A log beside what describes infrastructure.
    #[error("{name} is a log or has figures, and another one describes infrastructure")]
    TwoKinds {
        /// The log.
        name: String,
    },
    /// No request and no figure was found.
    #[error("nothing to import: {0}")]
    Nothing(String),
    /// The time from the first to the last row has too many periods.
    #[error("there are too many periods of {period} between {first} and {last}")]
    Periods {
        /// The period.
        period: String,
        /// The first instant.
        first: String,
        /// The last instant.
        last: String,
    },
    /// Classes that cannot be used.
    #[error("the classes cannot be used")]
    Classes(#[from] ClassesError),
    /// A time that is none.
    #[error("`{0}` is no instant")]
    Instant(String),
    /// Ended early.
    #[error("the import was ended: {reason}")]
    Stopped {
        /// By what.
        reason: Reason,
    },
}

impl ImportError {
    /// A file cannot be read.
    pub(super) fn read(name: &str, error: io::Error) -> ImportError {
        ImportError::Read { name: name.to_owned(), error }
    }

    /// Whether the command line is wrong, or names what cannot be imported.
    pub fn is_usage(&self) -> bool {
        !matches!(self, ImportError::Read { .. } | ImportError::Write { .. } | ImportError::Stopped { .. })
    }

    /// What has ended it, if something has.
    pub fn stopped(&self) -> Option<Reason> {
        match self {
            ImportError::Stopped { reason } => Some(*reason),
            _ => None,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            ImportError::Unknown { asked: None, .. } => Some(
                "name the format with --format alb, clf, cloudfront, k6, locust, cloudwatch or csv; the first line of a csv names its \
                 columns, one of them `time` (or say --column time=NAME); or leave the file out",
            ),
            ImportError::Unknown { .. } => Some("leave --format away, and it is found out"),
            ImportError::Packed { .. } => {
                Some("unpack or convert it first; plain and gzip files are read, of UTF-8 text")
            }
            ImportError::Infrastructure { name } if name == "standard input" => Some(
                "write it to a file, such as plan.json or template.yaml, and import that: of standard input only logs are read",
            ),
            ImportError::Infrastructure { .. } => Some("give logs and measurements only"),
            ImportError::TwoKinds { .. } => Some("give one kind at a time"),
            ImportError::Nothing(_) => Some("if the format was not found out rightly, name it with --format"),
            ImportError::Periods { .. } => Some(
                "choose a longer --period, or leave rows out with --from and --to, such as those with wrong times; a scenario has at most 366 days",
            ),
            ImportError::Classes(_) => Some("edit the classes.toml that an import without --classes writes"),
            ImportError::Instant(_) => {
                Some("write a date such as 2026-11-27T09:00:00Z, or seconds since 1970")
            }
            ImportError::Read { .. } | ImportError::Write { .. } | ImportError::Stopped { .. } => None,
        }
    }
}

//! Why there is no study. In: what is wrong. Out: a [`StudyError`], and what to do about it.

use std::io;
use std::path::PathBuf;

use super::axis::AxisError;
use super::check::{MOST_POINTS, PLAN};
use crate::scenario::ScenarioError;

/// Why there is no study.
#[derive(Debug, thiserror::Error)]
pub enum StudyError {
    /// The study file cannot be read.
    #[error("cannot read `{}`", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The scenario is a pipe, a folder or a device.
    #[error("`{}` is no file", path.display())]
    NoFile {
        /// What was named.
        path: PathBuf,
    },
    /// The study file says something that it cannot say.
    #[error("the study `{}` is not valid: {message}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong, with its place.
        message: String,
    },
    /// Values that make no axis.
    #[error(transparent)]
    Axis(#[from] AxisError),
    /// Two axes for one key, or two variants of one name.
    #[error("`{name}` is varied twice")]
    Twice {
        /// The key or the name.
        name: String,
    },
    /// Two values for one key, or for a table and a key of it: one of them would not count, and the other one would be told.
    #[error("`{one}` and `{other}` are of the same key")]
    Overlapping {
        /// An override.
        one: String,
        /// Another one.
        other: String,
    },
    /// What no point has of its own.
    #[error("`{key}` is the same for all points of a study")]
    Common {
        /// The key.
        key: String,
    },
    /// Too many points.
    #[error("{points} points are too many: a study has at most {MOST_POINTS}")]
    TooMany {
        /// How many there are.
        points: u128,
    },
    /// Not one point is a scenario: what is wrong with the first.
    #[error(transparent)]
    NoPoint(Box<ScenarioError>),
}

impl StudyError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            StudyError::Axis(error) => Some(error.hint.clone()),
            StudyError::NoFile { .. } => {
                Some("write the scenario into a file: it is read again for each point".into())
            }
            StudyError::Invalid { .. } => {
                Some("a study has: scenario, axes, variants, set, runs, seed".into())
            }
            StudyError::Twice { .. } => Some("name all of its values in one --set".into()),
            StudyError::Overlapping { .. } => {
                Some("give each key its values in one place: one --set, or the variants".into())
            }
            StudyError::Common { key } => Some(match key.as_str() {
                "seed" => {
                    "every point has the same seeds: --seed says the first one, and --runs how many".into()
                }
                _ if key.starts_with(PLAN) => {
                    "a run knows nothing of [plan]: ask for several plans, one after the other".into()
                }
                _ => format!("say it once: --{key}"),
            }),
            StudyError::TooMany { .. } => Some("use larger steps, or fewer axes".into()),
            StudyError::Unreadable { .. } | StudyError::NoPoint(_) => None,
        }
    }
}

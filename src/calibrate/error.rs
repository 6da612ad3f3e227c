//! Why there is no calibration. In: what is wrong. Out: a [`CalibrateError`], and what to do about it.

use crate::backtest::{BacktestError, ReplayError};
use crate::scenario::ScenarioError;

/// Why there is no calibration.
#[derive(Debug, thiserror::Error)]
pub enum CalibrateError {
    /// No number has such a path.
    #[error("`{path}` is no number of the scenario")]
    Unknown {
        /// The path.
        path: String,
        /// A path that is like it, if there is one.
        close: Option<String>,
    },
    /// Numbers that cannot be changed.
    #[error("`{path}` cannot be fitted: it does not change when it is multiplied")]
    Fixed {
        /// The paths.
        path: String,
    },
    /// Numbers that are multiplied together.
    #[error("`{path}` cannot be fitted: it is a curve of several numbers")]
    Curve {
        /// The path.
        path: String,
    },
    /// Nothing that was measured tells of any number.
    #[error("nothing that was measured tells of a number of the file: {why}")]
    Nothing {
        /// The reasons.
        why: String,
    },
    /// Too few periods are left to fit to.
    #[error("{periods} periods to fit to are too few")]
    Few {
        /// How many there are.
        periods: usize,
    },
    /// The file cannot be read.
    #[error(transparent)]
    Scenario(#[from] Box<ScenarioError>),
    /// The runs.
    #[error(transparent)]
    Runs(#[from] BacktestError),
}

impl From<ReplayError> for CalibrateError {
    fn from(error: ReplayError) -> CalibrateError {
        CalibrateError::Runs(error.into())
    }
}

impl CalibrateError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            CalibrateError::Unknown { close: Some(close), .. } => format!("did you mean `{close}`?"),
            CalibrateError::Unknown { close: None, .. } => {
                "name a number of the file by its path, as --set does: request.order.steps.0.cpu".into()
            }
            CalibrateError::Fixed { .. } => {
                "measured times of a file, zero and 100 % stay what they are; a law of time can be fitted".into()
            }
            CalibrateError::Curve { .. } => {
                "traffic is not fitted: write the recorded counts, rate = { file, column, time, per }, and fit demands and times".into()
            }
            CalibrateError::Nothing { .. } => {
                "measure CPU and requests, or latencies, of what the file has; the names are those of the file".into()
            }
            CalibrateError::Few { .. } => "use a longer recording, shorter periods, or a smaller --hold-out".into(),
            CalibrateError::Runs(BacktestError::Replay(error)) => error.hint(),
            CalibrateError::Scenario(_) | CalibrateError::Runs(_) => return None,
        })
    }
}

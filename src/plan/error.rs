//! Why there is no plan. In: what is wrong. Out: a [`PlanError`], and what to do about it.

use crate::study::RunnerError;

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// Nothing is varied.
    #[error("a plan has nothing to choose from")]
    NoChoice,
    /// The scenario has no objectives, or only one on the cost.
    #[error("the scenario has no objective that a point could miss, except by its cost")]
    NoObjective,
    /// There would be more users than a scenario may have.
    #[error("a headroom of {headroom} is too much: with so many users the traffic may be at most ×{most:.1}")]
    Users {
        /// What was asked for.
        headroom: f64,
        /// The most there may be.
        most: f64,
    },
    /// Something of a point has no price, so that nobody knows whether it is the cheapest.
    #[error("the bill of {values} is not known: {what}")]
    Unpriced {
        /// The values of the point.
        values: String,
        /// What has no price.
        what: String,
    },
    /// Fewer runs than the confidence takes, or rare days.
    #[error("{most} runs of a point are too few: it takes {fewest} that meet to be so sure")]
    TooFewRuns {
        /// What was asked for.
        most: usize,
        /// What it takes.
        fewest: usize,
    },
    /// The runs.
    #[error(transparent)]
    Runs(#[from] RunnerError),
}

impl PlanError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            PlanError::NoChoice => Some(
                "name values with --set fleet.was.min=4..14 or --variant, or in the file: [plan] axes = [\"fleet.was.min=4..14\"]",
            ),
            PlanError::NoObjective => Some("write [objectives], such as latency = \"p99 < 500ms\""),
            PlanError::Users { .. } => Some("ask for less --headroom"),
            PlanError::TooFewRuns { .. } => Some(
                "allow more with --max-runs, or ask for less --confidence, or for days that are less rare",
            ),
            PlanError::Unpriced { .. } => Some(
                "give its price in [prices], such as --set 'prices.\"EC2/m7a.large\"=0.14', or leave that value out",
            ),
            PlanError::Runs(_) => None,
        }
    }
}

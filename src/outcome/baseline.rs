//! An outcome small enough to be kept in a repository. In: an [`Outcome`]. Out: the same without what it has row by row.
//!
//! It is an outcome like any other: what reads one reads this, and finds no rows. What it lacks are charts, the table of rows, and
//! what only rows tell: for how long a bound was broken, for how long the CPU of a fleet was above a target. Verdicts, figures with
//! their intervals and the values of each run, the bill, phases and histories are all there, and with them all that a comparison
//! is made of.

use super::Outcome;
use crate::measure::column;

impl Outcome {
    /// The same without rows, and without the curves of percentiles.
    #[must_use]
    pub fn without_rows(&self) -> Outcome {
        let mut bare = self.clone();
        column::clear(&mut bare.timeline);
        bare.distribution.clear();
        for class in &mut bare.classes {
            class.distribution.clear();
            class.rows_ms.clear();
        }
        bare.density.clear();
        bare.spread = None;
        bare.utilisation.clear();
        bare.cost_by_service.clear();
        bare
    }

    /// Whether it has the event row by row.
    pub fn has_rows(&self) -> bool {
        !self.timeline.time_s.is_empty()
    }

    /// Whether its percentiles have what the intervals of their differences need; those that an earlier simcap stored do
    /// not.
    pub fn has_tails(&self) -> bool {
        self.runs.count < 2 || self.estimates.iter().any(|it| !it.without.is_empty())
    }
}

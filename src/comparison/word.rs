//! How one scenario compares with another, in a word. In: an interval, or two verdicts. Out: a [`Word`].

use serde::{Deserialize, Serialize};

use crate::interval::Interval;
use crate::outcome::Standing;
use crate::outcome::estimate::Better;

/// How the second scenario compares with the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// The interval is on the good side; or the first misses an objective on this figure and the second meets it.
    Better,
    /// The interval is on the bad side; or the first meets an objective on this figure and the second misses it.
    Worse,
    /// The interval is above zero, for a figure that is neither good nor bad.
    More,
    /// The interval is below zero, for a figure that is neither good nor bad.
    Less,
    /// The difference is zero in every run.
    Same,
    /// The interval contains zero, or there is none.
    CannotTell,
    /// A price is missing, so nobody knows.
    Unknown,
}

impl Word {
    pub(super) fn of_interval(interval: Option<Interval>, better: Better) -> Word {
        let above = match interval {
            Some(interval) if interval.low > 0.0 => true,
            Some(interval) if interval.high < 0.0 => false,
            _ => return Word::CannotTell,
        };
        match (better, above) {
            (Better::Higher, true) | (Better::Lower, false) => Word::Better,
            (Better::Higher, false) | (Better::Lower, true) => Word::Worse,
            (Better::Neither, true) => Word::More,
            (Better::Neither, false) => Word::Less,
        }
    }

    pub(super) fn of_standings(a: Standing, b: Standing) -> Word {
        match (a, b) {
            (Standing::CannotTell, _) | (_, Standing::CannotTell) => Word::CannotTell,
            (Standing::Missed, Standing::Met) => Word::Better,
            (Standing::Met, Standing::Missed) => Word::Worse,
            _ => Word::Same,
        }
    }

    /// The word, for people.
    pub fn text(self) -> &'static str {
        match self {
            Word::Better => "better",
            Word::Worse => "worse",
            Word::More => "more",
            Word::Less => "less",
            Word::Same => "same",
            Word::CannotTell => "cannot tell",
            Word::Unknown => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_objective_is_better_when_it_is_met_at_last() {
        use Standing::{CannotTell, Met, Missed};
        let word = Word::of_standings;
        assert_eq!((word(Missed, Met), word(Met, Missed)), (Word::Better, Word::Worse));
        assert_eq!((word(Met, Met), word(Missed, Missed)), (Word::Same, Word::Same));
        assert_eq!((word(CannotTell, Met), word(Missed, CannotTell)), (Word::CannotTell, Word::CannotTell));
    }
}

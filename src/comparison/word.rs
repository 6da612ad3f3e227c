//! How one scenario compares with another, in a word. In: an interval, or two verdicts. Out: a [`Word`].

use serde::{Deserialize, Serialize};

use super::seen::Seen;
use crate::interval::Interval;
use crate::outcome::Standing;
use crate::outcome::estimate::Better;

/// How the second scenario compares with the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// The interval is on the good side: for a latency that of the ratio, else that of the difference. Or the first misses an objective on this figure and the second meets it.
    Better,
    /// The interval is on the bad side; or the first meets an objective on this figure and the second misses it.
    Worse,
    /// The interval is above zero, for a figure that is neither good nor bad.
    More,
    /// The interval is below zero, for a figure that is neither good nor bad.
    Less,
    /// The difference is zero in every run.
    Same,
    /// Higher in every run, but the interval does not rule out chance, or there is none.
    Higher,
    /// Lower in every run, but the interval does not rule out chance, or there is none.
    Lower,
    /// The runs disagree, and the interval contains no difference; of objectives, one of them is not decided.
    CannotTell,
    /// A price is missing, so nobody knows.
    Unknown,
}

impl Word {
    /// `interval` is that of a quantity which is `even` if nothing differs; where that leaves it open, `seen` says what
    /// the runs agree on.
    fn of_interval(interval: Option<Interval>, even: f64, better: Better, seen: &Seen) -> Word {
        let above = match interval {
            Some(interval) if interval.low > even => true,
            Some(interval) if interval.high < even => false,
            _ if seen.all_higher() => return Word::Higher,
            _ if seen.all_lower() => return Word::Lower,
            _ => return Word::CannotTell,
        };
        match (better, above) {
            (Better::Higher, true) | (Better::Lower, false) => Word::Better,
            (Better::Higher, false) | (Better::Lower, true) => Word::Worse,
            (Better::Neither, true) => Word::More,
            (Better::Neither, false) => Word::Less,
        }
    }

    /// The word of a figure by its runs: the interval of the ratio decides where there is one, else that of the difference.
    pub(super) fn of_runs(
        same: bool,
        (interval, ratio): (Option<Interval>, Option<Interval>),
        better: Better,
        seen: &Seen,
    ) -> Word {
        match ratio {
            _ if same => Word::Same,
            Some(_) => Word::of_interval(ratio, 1.0, better, seen),
            None => Word::of_interval(interval, 0.0, better, seen),
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

    /// Whether it says that the two differ by more than chance.
    pub fn is_sure(self) -> bool {
        matches!(self, Word::Better | Word::Worse | Word::More | Word::Less)
    }

    /// Whether it says what every run shows, though that may be chance.
    pub fn is_seen(self) -> bool {
        matches!(self, Word::Higher | Word::Lower)
    }

    /// The word, for people.
    pub fn text(self) -> &'static str {
        match self {
            Word::Better => "better",
            Word::Worse => "worse",
            Word::More => "more",
            Word::Less => "less",
            Word::Same => "same",
            Word::Higher => "higher",
            Word::Lower => "lower",
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

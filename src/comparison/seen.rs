//! What the runs of two scenarios show of a figure, before any statistics. In: its value in each pair of runs. Out: [`Seen`].

use serde::{Deserialize, Serialize};

/// In how many runs a figure is higher or lower, and by how much.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// Runs in which the second has more than the first.
    pub higher: usize,
    /// Runs in which it has less.
    pub lower: usize,
    /// Runs in which both have the same.
    pub same: usize,
    /// Smallest difference of a run, in the unit of the figure; 0 without runs that have a value.
    pub least: f64,
    /// Largest difference.
    pub most: f64,
    /// Smallest and largest ratio of a run, the second over the first; absent where the first has none in a run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<(f64, f64)>,
}

impl Seen {
    pub(super) fn of(pairs: &[(f64, f64)]) -> Seen {
        let count = |is: fn(f64, f64) -> bool| pairs.iter().filter(|(a, b)| is(*a, *b)).count();
        let ends = |of: fn(f64, f64) -> f64| {
            let values = || pairs.iter().map(|(a, b)| of(*a, *b));
            values().reduce(f64::min).zip(values().reduce(f64::max))
        };
        let (least, most) = ends(|a, b| b - a).unwrap_or_default();
        Seen {
            higher: count(|a, b| b > a),
            lower: count(|a, b| b < a),
            same: count(|a, b| a == b),
            least,
            most,
            times: ends(|a, b| b / a).filter(|_| pairs.iter().all(|(a, _)| *a > 0.0)),
        }
    }

    /// Runs in which both have a value.
    pub fn runs(&self) -> usize {
        self.higher + self.lower + self.same
    }

    /// Whether the second has more in every run.
    pub fn all_higher(&self) -> bool {
        self.higher > 0 && self.higher == self.runs()
    }

    /// Whether the second has less in every run.
    pub fn all_lower(&self) -> bool {
        self.lower > 0 && self.lower == self.runs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_counted_by_their_side() {
        let seen = Seen::of(&[(10.0, 18.0), (20.0, 44.0)]);
        assert_eq!((seen.higher, seen.lower, seen.same), (2, 0, 0));
        assert!(seen.all_higher() && !seen.all_lower());
        assert_eq!((seen.least, seen.most, seen.times), (8.0, 24.0, Some((1.8, 2.2))));
        let mixed = Seen::of(&[(1.0, 2.0), (1.0, 1.0), (0.0, -1.0)]);
        assert_eq!((mixed.higher, mixed.lower, mixed.same, mixed.times), (1, 1, 1, None));
        assert!(!mixed.all_higher() && !mixed.all_lower());
        let nothing = Seen::of(&[]);
        assert!(nothing == Seen::default() && !nothing.all_higher() && !nothing.all_lower());
        assert!(
            !Seen::of(&[(1.0, 2.0), (1.0, 1.0)]).all_higher(),
            "the runs differ in whether anything changes"
        );
    }
}

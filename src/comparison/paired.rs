//! One figure of two scenarios, taken run by run. In: its two estimates under the same seeds. Out: [`Paired`]: the mean of the differences of
//! the runs, with the interval of the same differences, and a [`Word`] by the rule of a comparison.
//!
//! A [`Difference`](super::Difference) is that of all requests of all runs, as both pages show them. Of a percentile that is another number
//! than the mean of what each run shows, because it follows the worst runs.

use serde::{Deserialize, Serialize};

use super::seen::Seen;
use super::word::Word;
use crate::interval::{Interval, Sides, mean};
use crate::outcome::estimate::{Estimate, Unit};

/// A figure of two scenarios, taken run by run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Paired {
    /// Mean over the runs of what the second has more than the first.
    pub difference: f64,
    /// Interval of the expected difference; absent with a single run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Interval>,
    /// Of a latency: how many times the first the second is, the geometric mean of the runs. Absent where a run has zero.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<f64>,
    /// Of a latency: interval of that, from the logarithms of the ratios. It decides on the word. Absent with a single run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ratio: Option<Interval>,
    /// What the runs show one by one.
    pub seen: Seen,
    /// How the second compares with the first.
    pub word: Word,
}

impl Paired {
    /// The runs of both side by side; nothing where no run has a value in both.
    pub(crate) fn of(a: &Estimate, b: &Estimate) -> Option<Paired> {
        let pairs = pairs(a, b);
        if pairs.is_empty() {
            return None;
        }
        let differences: Vec<f64> = pairs.iter().map(|(a, b)| b - a).collect();
        let same = differences.iter().all(|it| *it == 0.0);
        let rounding = if same { (0.0, 0.0) } else { (a.rounding, b.rounding) };
        let both = (rounding.0 * rounding.0 + rounding.1 * rounding.1).sqrt();
        let difference = mean(&differences);
        let interval = Interval::around(difference, &differences, both);
        let is_latency = a.unit == Unit::Millis;
        let values = (geometric(pairs.iter().map(|it| it.0)), geometric(pairs.iter().map(|it| it.1)));
        let times = (is_latency && values.0 > 0.0 && values.1 > 0.0).then(|| values.1 / values.0);
        let ratio = times.and_then(|_| {
            Interval::around_ratio(Sides {
                values,
                pairs: &pairs,
                without: [&[], &[]],
                rounding,
                stretch: 1.0,
            })
        });
        let seen = Seen::of(&pairs);
        // Factors and amounts may lean to different sides, where few runs fall by much and many rise a little.
        let against = times.is_some_and(|it| (it - 1.0) * difference < 0.0);
        let word = match Word::of_runs(same, (interval, ratio), a.better, &seen) {
            word if against && word.is_sure() => Word::CannotTell,
            word => word,
        };
        Some(Paired { difference, interval, times, ratio, seen, word })
    }

    /// The same where a price is missing on a side: the values are sums of what has a price.
    pub(crate) fn unknown(self) -> Paired {
        Paired {
            interval: None,
            times: None,
            ratio: None,
            seen: Seen::default(),
            word: Word::Unknown,
            ..self
        }
    }
}

/// The values of the runs that both have.
pub(super) fn pairs(a: &Estimate, b: &Estimate) -> Vec<(f64, f64)> {
    a.by_run.iter().zip(&b.by_run).filter_map(|(a, b)| Some(((*a)?, (*b)?))).collect()
}

/// The geometric mean; zero where a value is zero.
fn geometric(values: impl Iterator<Item = f64>) -> f64 {
    let logarithms: Vec<f64> = values.map(libm::log).collect();
    libm::exp(mean(&logarithms))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::estimate::{Better, Quantity};

    fn estimate(unit: Unit, value: f64, by_run: &[f64]) -> Estimate {
        Estimate {
            of: Some(Quantity::Latency { class: None, quantile: 0.99 }),
            name: "p99".into(),
            unit,
            better: Better::Lower,
            value,
            interval: None,
            rounding: 0.0,
            by_run: by_run.iter().copied().map(Some).collect(),
            without: Vec::new(),
            stretch: 1.7,
        }
    }

    /// Differences 10, 20 and 60: mean 30, variance 700, t = 4.302653. All requests together say 90, as those of the worst run do. The
    /// ratios are 2, 3 and 4; their geometric mean is the cube root of 24.
    #[test]
    fn a_difference_is_the_mean_of_those_of_the_runs_whatever_all_requests_say() {
        let a = estimate(Unit::Millis, 15.0, &[10.0, 10.0, 20.0]);
        let b = estimate(Unit::Millis, 105.0, &[20.0, 30.0, 80.0]);
        let paired = Paired::of(&a, &b).unwrap();
        assert_eq!(paired.difference, 30.0);
        let half = 4.302_653 * (700.0f64 / 3.0).sqrt();
        assert!((paired.interval.unwrap().half_width - half).abs() < 1e-3, "{paired:?}");
        assert!((paired.times.unwrap() - libm::cbrt(24.0)).abs() < 1e-12);
        let ratio = paired.ratio.unwrap();
        assert!((ratio.low * ratio.high - libm::pow(24.0, 2.0 / 3.0)).abs() < 1e-9, "{ratio:?}");
        // The plain differences leave it open, the ratios do not.
        assert!(paired.interval.unwrap().holds(0.0) && ratio.low > 1.0 && paired.word == Word::Worse);
        let of_a_share = |it: Estimate| Estimate { unit: Unit::Share, ..it };
        let share = Paired::of(&of_a_share(a), &of_a_share(b)).unwrap();
        assert_eq!((share.word, share.times, share.ratio), (Word::Higher, None, None));
    }

    #[test]
    fn the_word_is_that_of_a_comparison() {
        let word = |a: &[f64], b: &[f64]| {
            let of = |runs| estimate(Unit::Share, 0.0, runs);
            Paired::of(&of(a), &of(b)).unwrap().word
        };
        assert_eq!(
            word(&[1.0, 2.0], &[2.0, 9.0]),
            Word::Higher,
            "two runs on one side do not rule out chance"
        );
        assert_eq!(word(&[2.0, 9.0], &[1.0, 2.0]), Word::Lower);
        assert_eq!(word(&[1.0, 2.0], &[2.0, 1.5]), Word::CannotTell);
        assert_eq!(word(&[1.0], &[2.0]), Word::Higher, "one run has no interval");
        assert_eq!(word(&[1.0, 2.0], &[1.0, 2.0]), Word::Same);
        assert_eq!(word(&[1.0, 2.0, 3.0], &[2.0, 3.01, 4.02]), Word::Worse);
    }

    #[test]
    fn a_run_without_a_value_on_a_side_does_not_count() {
        let a = estimate(Unit::Share, 0.0, &[1.0, 2.0, 3.0]);
        let mut b = estimate(Unit::Share, 0.0, &[2.0, 9.0, 5.0]);
        b.by_run[1] = None;
        let paired = Paired::of(&a, &b).unwrap();
        assert_eq!((paired.difference, paired.interval.unwrap().runs), (1.5, 2));
        b.by_run = vec![None; 3];
        assert_eq!(Paired::of(&a, &b), None);
    }
}

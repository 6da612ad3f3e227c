//! Intervals of figures that are above zero and skewed: latencies.
//!
//! In: the value of each run; for a percentile also the shape of its tail. Out: an [`Interval`] that never reaches zero
//! and is longer upwards. Two things make the plain interval of a percentile too short. Runs differ by factors rather
//! than by amounts, so the spread is taken of logarithms. And a percentile of all requests follows the worst runs: a
//! few bad days that are not in the sample would raise it by more than the spread of the runs' own percentiles. So the
//! upper end is lengthened by Cox's rule for the mean of a log-normal quantity, and neither end is nearer than by the
//! jackknife over runs.

use super::{Interval, LEVEL, jackknife_error, student_t, variance};

/// The tail of all requests at a percentile, compared with the runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tail {
    /// How many nines the percentile has: 2 for the 99th, 3 for the 99.9th. An upper end is lengthened at most this
    /// many times.
    pub nines: f64,
    /// Slope of the tail there: percent fewer slower requests for a latency that is one percent higher.
    pub slope: f64,
    /// For each run, the percentile of all other runs.
    pub without: Vec<f64>,
    /// Slower requests, of all runs.
    pub beyond: f64,
}

impl Interval {
    /// The interval around a figure that is above zero; `None` with fewer than two runs.
    ///
    /// With `t` of Student, `s` the standard deviation of the logarithms of the `n` runs and `e` the standard error by
    /// the jackknife of the logarithm: the lower end is the estimate over `1 + d`, `d = t max(s / √n, e)`.
    ///
    /// Above, `s / √n` is multiplied by `√(1 + 2 (slope s)²)`, at most [`Tail::nines`] times. In runs of spread `s`,
    /// the shares of requests beyond the estimate are spread by `slope s`. The logarithm of a mean of such shares has
    /// the variance `(slope s)² / n + (slope s)⁴ / (2 (n - 1))` (Cox's method; Zhou and Gao 1997). The second term is
    /// taken four times, because the coverage study needs it: runs that are missing from a sample are the bad ones.
    ///
    /// The upper end is the estimate times `1 + d + d² / 2`, the first terms of an exponential. For a `d` above 1 it
    /// continues as `1 + 1.5 d`: with two runs an exponential would be far too large.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub fn above_zero(estimate: f64, values: &[f64], rounding: f64, tail: &Tail) -> Option<Interval> {
        let runs = values.len();
        if estimate <= 0.0 {
            return Interval::around(estimate, values, rounding).map(Interval::at_least_zero);
        }
        (runs >= 2).then(|| {
            let relative = rounding / estimate;
            let of_runs = spread(estimate, values);
            let spread = (of_runs * of_runs + relative * relative / 3.0).sqrt();
            let error = spread / (runs as f64).sqrt();
            let jackknife = jackknife_error(&logarithms(estimate, &tail.without));
            let t = student_t(runs - 1);
            let (below, above) = (t * error.max(jackknife), t * (tail.factor(spread) * error).max(jackknife));
            let (low, high) =
                (estimate / (1.0 + below), estimate * (1.0 + above * (1.0 + above.min(1.0) / 2.0)));
            Interval { low, high, half_width: (high - low) / 2.0, level: LEVEL, runs }
        })
    }
}

impl Tail {
    /// Factor by which an interval must be longer to allow for bad runs that are not in the sample; 1 if there is no
    /// tail.
    pub fn stretch(&self, estimate: f64, values: &[f64]) -> f64 {
        match values.len() {
            0 | 1 => 1.0,
            _ => self.factor(spread(estimate, values)),
        }
    }

    /// The factor for this standard deviation of the logarithms of runs.
    fn factor(&self, spread: f64) -> f64 {
        let shares = self.slope * spread;
        match shares > 0.0 {
            true => (1.0 + 2.0 * shares * shares).sqrt().min(self.nines.max(1.0)),
            false => 1.0,
        }
    }
}

/// Standard deviation of the logarithms of runs.
fn spread(estimate: f64, values: &[f64]) -> f64 {
    variance(&logarithms(estimate, values)).sqrt()
}

/// Logarithms of the values; if a run has zero, which has none, the values over the estimate.
fn logarithms(estimate: f64, values: &[f64]) -> Vec<f64> {
    match values.iter().all(|value| *value > 0.0) {
        true => values.iter().map(|value| libm::log(*value)).collect(),
        false => values.iter().map(|value| value / estimate).collect(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::interval::mean;

    fn plain() -> Tail {
        Tail::default()
    }

    /// Logarithms 0, ln 2, 2 ln 2: standard deviation ln 2, error ln 2 / √3 = 0.400188, t = 4.302653, d = 1.721873.
    #[test]
    fn a_spread_of_factors_has_ends_that_are_factors() {
        let interval = Interval::above_zero(2.0, &[1.0, 2.0, 4.0], 0.0, &plain()).unwrap();
        assert!((interval.low - 2.0 / 2.721_868).abs() < 1e-5, "{interval:?}");
        assert!((interval.high - 2.0 * (1.0 + 1.5 * 1.721_873)).abs() < 1e-5, "{interval:?}");
        assert!((interval.half_width - (interval.high - interval.low) / 2.0).abs() < 1e-12);
    }

    /// Runs that are close together: d = 0.024843, and 1 + d + d² / 2 differs little from 1 / (1 - d).
    #[test]
    fn close_runs_have_nearly_the_interval_of_student() {
        let values = [99.0, 100.0, 101.0];
        let (skewed, even) = (
            Interval::above_zero(100.0, &values, 0.0, &plain()).unwrap(),
            Interval::around(100.0, &values, 0.0).unwrap(),
        );
        assert!((skewed.high - even.high).abs() < 0.04 && (skewed.low - even.low).abs() < 0.07, "{skewed:?}");
        assert_eq!(Interval::above_zero(4.0, &[4.0; 3], 0.0, &plain()).unwrap().half_width, 0.0);
        assert_eq!(Interval::above_zero(4.0, &[4.0], 0.0, &plain()), None);
    }

    /// Spread ln 2 and slope 1: √(1 + 2 ln² 2) = 1.400324; at slope 10 the nines are the limit.
    #[test]
    fn a_steep_tail_lengthens_the_upper_end_alone() {
        let of = |slope, nines| {
            let tail = Tail { nines, slope, without: vec![], beyond: 1e3 };
            Interval::above_zero(2.0, &[1.0, 2.0, 4.0], 0.0, &tail).unwrap()
        };
        let arm = |interval: Interval| (interval.high / 2.0 - 1.0) / 1.5;
        let usual = arm(of(0.0, 2.0));
        assert!((arm(of(1.0, 2.0)) / usual - 1.400_324).abs() < 1e-5);
        assert!((arm(of(10.0, 2.0)) / usual - 2.0).abs() < 1e-9);
        assert!((arm(of(10.0, 0.3)) / usual - 1.0).abs() < 1e-9, "a median has no nines");
        assert_eq!(of(10.0, 3.0).low, of(0.0, 2.0).low);
    }

    /// All but one at 1, 1 and e: the jackknife's error is 2/3 (variance 1/3, √(1/9) × 2), t = 4.302653.
    #[test]
    fn one_run_that_makes_the_percentile_counts_by_the_jackknife() {
        let tail = Tail { nines: 2.0, slope: 0.0, without: vec![1.0, 1.0, std::f64::consts::E], beyond: 1e3 };
        let interval = Interval::above_zero(1.0, &[1.0, 1.0, 1.0], 0.0, &tail).unwrap();
        let d = 4.302_653 * 2.0 / 3.0;
        assert!((interval.low - 1.0 / (1.0 + d)).abs() < 1e-5, "{interval:?}");
        assert!((interval.high - (1.0 + 1.5 * d)).abs() < 1e-5, "{interval:?}");
    }

    proptest! {
        /// For any runs, the ends are above zero, hold the estimate, and are at most 1.5 times as far as Student's t,
        /// the nines and the jackknife can reach together.
        #[test]
        fn no_end_is_below_zero_or_absurd(
            values in prop::collection::vec(1e-6..1e9f64, 2..12),
            slope in 0.0..1e3f64,
            nines in 0.0..6.0f64,
        ) {
            let estimate = mean(&values);
            let tail = Tail { nines, slope, without: vec![], beyond: 1e3 };
            let interval = Interval::above_zero(estimate, &values, 0.0, &tail).unwrap();
            prop_assert!(interval.low > 0.0 && interval.holds(estimate));
            let n = values.len();
            let logs: Vec<f64> = values.iter().map(|value| libm::log(*value)).collect();
            let farthest = student_t(n - 1) * (variance(&logs) / n as f64).sqrt() * nines.max(1.0);
            prop_assert!(interval.high <= estimate * (1.0 + 1.5 * farthest) * (1.0 + 1e-9));
        }
    }

    #[test]
    fn runs_without_any_are_not_below_zero_either() {
        let interval = Interval::above_zero(0.65, &[0.0, 1.3], 0.0, &plain()).unwrap();
        assert!(interval.low > 0.0 && interval.high < 0.65 * 21.0, "{interval:?}");
        assert_eq!(Interval::above_zero(0.0, &[0.0, 0.0], 0.0, &plain()).unwrap().high, 0.0);
    }
}

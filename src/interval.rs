//! Confidence intervals: Student's t over independent runs.
//!
//! In: one value for each run. Out: an [`Interval`] at 95 %. `simcap validate --coverage` measures how often such
//! intervals hold the true value. An interval covers the chance of the seed only; whether the scenario is right is
//! another question. Only additions, divisions and square roots are used, so that the bits are the same everywhere.

mod paired;
mod skewed;
mod without;

pub use paired::Sides;
pub use skewed::Tail;
pub use without::may_fail;

use serde::{Deserialize, Serialize};

/// Confidence of every interval.
pub const LEVEL: f64 = 0.95;
/// Lower bound on how many of 100 intervals of a latency (the mean, and percentiles up to the 99th) held the exact
/// answer in the worst case of `simcap validate --coverage`.
pub const HELD: u32 = 87;
/// The same bound for percentiles beyond the 99th.
pub const HELD_BEYOND_P99: u32 = 82;

/// A two-sided confidence interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Interval {
    /// Lower end of the interval. In: the unit of the figure.
    pub low: f64,
    /// Upper end of the interval. In: the unit of the figure.
    pub high: f64,
    /// Half of the width, before an end was cut off. The estimate need not be in the middle. In: the unit of the figure.
    pub half_width: f64,
    /// Confidence: 0.95. In: a share between 0 and 1.
    pub level: f64,
    /// Runs that had a value.
    pub runs: usize,
}

impl Interval {
    /// The interval around an estimate from the spread of the runs' values; `None` with fewer than two.
    ///
    /// The estimate need not be their mean: a percentile of all requests is not the mean of the runs' percentiles.
    /// `rounding` is the largest rounding error of a value; without it, two runs rounded to the same value would give an
    /// interval of width zero.
    pub fn around(estimate: f64, values: &[f64], rounding: f64) -> Option<Interval> {
        let runs = values.len();
        (runs >= 2).then(|| {
            // The variance of a uniform spread over twice `rounding`.
            let variance = variance(values) + rounding * rounding / 3.0;
            let half_width = student_t(runs - 1) * (variance / runs as f64).sqrt();
            Interval::even(estimate, half_width, runs)
        })
    }

    /// The interval around a difference of two percentiles under the same seeds; `None` with fewer than two.
    ///
    /// `values` are the differences of the runs; `without` has for each run the difference of all other runs. As
    /// percentiles of all requests follow the worst runs, the spread of the runs is multiplied by the stretch of the tail; the
    /// spread by the jackknife is used if it is wider.
    pub fn around_difference(
        difference: f64,
        values: &[f64],
        without: &[f64],
        rounding: f64,
        stretch: f64,
    ) -> Option<Interval> {
        let even = Interval::around(difference, values, rounding)?;
        let jackknife = student_t(even.runs - 1) * jackknife_error(without);
        Some(Interval::even(difference, (stretch * even.half_width).max(jackknife), even.runs))
    }

    fn even(estimate: f64, half_width: f64, runs: usize) -> Interval {
        Interval { low: estimate - half_width, high: estimate + half_width, half_width, level: LEVEL, runs }
    }

    /// The interval cut off below zero, for a quantity that is never negative.
    pub fn at_least_zero(self) -> Interval {
        Interval { low: self.low.max(0.0), ..self }
    }

    /// The interval cut off above a value that the quantity never exceeds.
    pub fn at_most(self, longest: f64) -> Interval {
        Interval { high: self.high.min(longest), ..self }
    }

    /// The interval cut off to 0 and 1, for a share.
    pub fn of_a_share(self) -> Interval {
        Interval { low: self.low.max(0.0), high: self.high.min(1.0), ..self }
    }

    /// Whether ± half of the width describes the interval: both ends are about as far from the estimate, by a factor of
    /// at most 1.5, or both are within a twentieth of it. One that was cut off is narrower than that.
    pub fn is_even(&self, estimate: f64) -> bool {
        let (below, above) = (estimate - self.low, self.high - estimate);
        let is_cut_off = self.half_width > 1.5 * below.max(above);
        !is_cut_off && below.max(above) <= (1.5 * below.min(above)).max(0.05 * estimate)
    }

    /// Whether a value is inside, the ends included.
    pub fn holds(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

/// Arithmetic mean; NaN if there are no values.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Unbiased variance; NaN with fewer than two values. Equal values have none, though their mean is rounded.
pub fn variance(values: &[f64]) -> f64 {
    if values.len() > 1 && values.iter().all(|value| *value == values[0]) {
        return 0.0;
    }
    let mean = mean(values);
    values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (values.len() as f64 - 1.0)
}

/// Standard error by the jackknife (Tukey 1958), from the values of all runs but one each; 0 if there are none.
fn jackknife_error(without: &[f64]) -> f64 {
    match without.len() {
        0 | 1 => 0.0,
        // The jackknife is the sum of squares times (n - 1) / n; the variance is that sum over n - 1.
        runs => (variance(without) / runs as f64).sqrt() * (runs as f64 - 1.0),
    }
}

/// Correlation of pairs; `None` if one side does not vary.
pub fn correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    let (a, b): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let (mean_a, mean_b) = (mean(&a), mean(&b));
    let together: f64 = pairs.iter().map(|(a, b)| (a - mean_a) * (b - mean_b)).sum();
    let apart = variance(&a).sqrt() * variance(&b).sqrt() * (pairs.len() as f64 - 1.0);
    (apart > 0.0).then(|| (together / apart).clamp(-1.0, 1.0))
}

/// Half the width of the interval of the difference if the two sides had separate seeds, each with as many runs as
/// there are pairs; `None` with fewer than two. Widened for percentiles as [`Interval::around_difference`] is: `without`
/// has the values of both sides without one run each.
pub fn unpaired_half_width(pairs: &[(f64, f64)], without: [&[f64]; 2], stretch: f64) -> Option<f64> {
    let runs = pairs.len();
    (runs >= 2).then(|| {
        let (a, b): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
        let t = student_t(2 * runs - 2);
        let spread = ((variance(&a) + variance(&b)) / runs as f64).sqrt();
        let [a, b] = without.map(jackknife_error);
        t * (stretch * spread).max((a * a + b * b).sqrt())
    })
}

/// The 97.5 % quantile of Student's t.
///
/// Up to 30 degrees of freedom from the usual table; beyond, the expansion of Cornish and Fisher (Abramowitz and
/// Stegun 26.7.5), whose error there is below a millionth.
pub(crate) fn student_t(freedom: usize) -> f64 {
    const TABLE: [f64; 30] = [
        12.706_204_736,
        4.302_652_730,
        3.182_446_305,
        2.776_445_105,
        2.570_581_836,
        2.446_911_851,
        2.364_624_252,
        2.306_004_135,
        2.262_157_163,
        2.228_138_852,
        2.200_985_160,
        2.178_812_830,
        2.160_368_656,
        2.144_786_688,
        2.131_449_546,
        2.119_905_299,
        2.109_815_578,
        2.100_922_040,
        2.093_024_054,
        2.085_963_447,
        2.079_613_845,
        2.073_873_068,
        2.068_657_610,
        2.063_898_562,
        2.059_538_553,
        2.055_529_439,
        2.051_830_516,
        2.048_407_142,
        2.045_229_642,
        2.042_272_456,
    ];
    /// The 97.5 % quantile of the normal distribution.
    const Z: f64 = 1.959_963_984_540_054;
    if let Some(known) = freedom.checked_sub(1).and_then(|row| TABLE.get(row)) {
        return *known;
    }
    let (n, z2) = (freedom as f64, Z * Z);
    let first = (z2 + 1.0) * Z / 4.0;
    let second = ((5.0 * z2 + 16.0) * z2 + 3.0) * Z / 96.0;
    let third = (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) * Z / 384.0;
    Z + (first + (second + third / n) / n) / n
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{ContinuousCDF, StudentsT};

    #[test]
    fn the_quantiles_are_those_of_student() {
        for freedom in (1..200).chain([1_000]) {
            let exact = StudentsT::new(0.0, 1.0, freedom as f64).unwrap().inverse_cdf(0.975);
            let off = (student_t(freedom) / exact - 1.0).abs();
            assert!(off < 1e-6, "{freedom}: {} instead of {exact}", student_t(freedom));
        }
    }

    /// The mean of eight times this number is another one, by its last bit.
    #[test]
    fn equal_runs_leave_no_doubt() {
        let value = 0.014354066985645933;
        assert_ne!(mean(&[value; 8]), value);
        assert_eq!(Interval::around(value, &[value; 8], 0.0).unwrap().half_width, 0.0);
    }

    #[test]
    fn an_interval_is_as_wide_as_the_runs_are_apart() {
        // Mean 4, variance 4, three runs: 4.3027 × 2 / √3.
        let interval = Interval::around(4.0, &[2.0, 4.0, 6.0], 0.0).unwrap();
        assert!((interval.half_width - 4.968_275_7).abs() < 1e-6, "{interval:?}");
        assert!(interval.low < 0.0 && interval.at_least_zero().low == 0.0);
        assert!(interval.holds(8.9) && !interval.holds(9.0));
        let cut = interval.of_a_share().at_most(7.5);
        assert!(
            interval.is_even(4.0) && !Interval { low: 2.0, high: 6.0, ..cut }.is_even(4.0),
            "± 4.97 is wider"
        );
        assert_eq!(Interval::around(4.0, &[4.0], 0.0), None);
        assert_eq!(Interval::around(4.0, &[4.0, 4.0], 0.0).unwrap().half_width, 0.0);
        let rounded = Interval::around(4.0, &[4.0, 4.0], 0.01).unwrap().half_width;
        assert!((rounded - 12.7062 * 0.01 / 6f64.sqrt()).abs() < 1e-6, "{rounded}");
    }

    /// Differences 2, 4, 6: half the width is 4.968276, then twice that. By the jackknife: the values 3, 4, 5 without
    /// each have variance 1, error √(1/3) × 2, times 4.302653.
    #[test]
    fn a_difference_is_as_wide_as_the_worst_runs_ask_for() {
        let half = |without: &[f64], stretch| {
            Interval::around_difference(4.0, &[2.0, 4.0, 6.0], without, 0.0, stretch).unwrap().half_width
        };
        assert!((half(&[], 1.0) - 4.968_275_7).abs() < 1e-6);
        assert!((half(&[], 2.0) - 2.0 * 4.968_275_7).abs() < 1e-6);
        assert!((half(&[3.0, 4.0, 5.0], 1.0) - 4.968_275_7).abs() < 1e-6, "the same spread of a mean");
        assert!((half(&[1.0, 4.0, 7.0], 1.0) - 3.0 * 4.968_275_7).abs() < 1e-5);
    }

    #[test]
    fn correlation_tells_whether_two_rise_together() {
        assert_eq!(correlation(&[(1.0, 10.0), (2.0, 20.0), (4.0, 40.0)]), Some(1.0));
        assert_eq!(correlation(&[(1.0, -1.0), (2.0, -2.0), (4.0, -4.0)]), Some(-1.0));
        assert_eq!(correlation(&[(1.0, 1.0), (1.0, 2.0)]), None);
    }
}

//! How a sample compares with an answer. In: one value per seed. Out: mean, interval, p-value; Holm's rule over many.

use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::interval::{LEVEL, mean, variance};

/// Probability that a true model misses anything at all in one report.
pub const FAMILY_WISE: f64 = 0.01;
/// A share is judged only from this many expected events on.
pub const RARE: f64 = 25.0;
/// Relative error (absolute below one) within which results without randomness agree.
const EXACT: f64 = 1e-9;

/// Mean of independent values and its standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Estimate {
    pub mean: f64,
    pub error: f64,
    pub count: usize,
}

impl Estimate {
    /// Estimate from at least two values; with one value the error is zero.
    pub fn of(values: &[f64]) -> Estimate {
        let count = values.len();
        let error = if count < 2 { 0.0 } else { (variance(values) / count as f64).sqrt() };
        Estimate { mean: mean(values), error, count }
    }

    fn student(&self) -> StudentsT {
        let freedom = self.count.max(2) - 1;
        StudentsT::new(0.0, 1.0, freedom as f64).expect("degrees of freedom are positive")
    }

    /// Half the width of the 95 % interval of the difference from an answer with this standard error.
    pub fn half_width(&self, reference_error: f64) -> f64 {
        self.student().inverse_cdf((1.0 + LEVEL) / 2.0) * libm::hypot(self.error, reference_error)
    }

    /// Probability of a difference at least this large from the answer, if the model is true. `grain` is how coarsely
    /// both were rounded.
    pub fn p_value(&self, answer: f64, reference_error: f64, grain: f64) -> f64 {
        let difference = ((self.mean - answer).abs() - grain).max(0.0);
        let error = libm::hypot(self.error, reference_error);
        // A spread in the last digits of a sum counts as zero.
        if error <= EXACT * answer.abs() {
            return if difference <= EXACT * answer.abs().max(1.0) { 1.0 } else { 0.0 };
        }
        2.0 * self.student().cdf(-difference / error)
    }
}

/// Which of many true hypotheses are rejected; the chance of any is at most [`FAMILY_WISE`] (Holm 1979).
pub(super) fn holm(p_values: &[f64]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&one, &two| p_values[one].total_cmp(&p_values[two]));
    let mut missed = vec![false; p_values.len()];
    for (rank, &position) in order.iter().enumerate() {
        if p_values[position] > FAMILY_WISE / (p_values.len() - rank) as f64 {
            break;
        }
        missed[position] = true;
    }
    missed
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean 3, variance 2.5, t(0.975, 4) = 2.776.
    #[test]
    fn an_interval_is_that_of_student() {
        let estimate = Estimate::of(&[1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!((estimate.mean, estimate.error), (3.0, 0.5f64.sqrt()));
        assert!((estimate.half_width(0.0) - 2.776_445 * 0.5f64.sqrt()).abs() < 1e-6);
        assert!((estimate.p_value(3.0 + estimate.half_width(0.0), 0.0, 0.0) - 0.05).abs() < 1e-9);
        assert!(estimate.p_value(5.0, 0.0, 0.0) < estimate.p_value(5.0, 1.0, 0.0));
        assert_eq!(estimate.p_value(3.1, 0.0, 0.2), 1.0);
    }

    #[test]
    fn without_chance_there_is_equal_and_unequal() {
        let estimate = Estimate::of(&[0.25; 4]);
        assert_eq!(estimate.p_value(0.25, 0.0, 0.0), 1.0);
        assert_eq!(estimate.p_value(0.250_001, 0.0, 0.0), 0.0);
        assert_eq!(Estimate::of(&[2.0]).p_value(2.0, 0.0, 0.0), 1.0);
    }

    /// 0.01/4, 0.01/3, 0.01/2, 0.01: the third is too large, so the fourth is not rejected either.
    #[test]
    fn holms_rule_stops_at_the_first_that_stands() {
        assert_eq!(holm(&[0.006, 0.001, 0.002, 0.008]), [false, true, true, false]);
        assert_eq!(holm(&[0.5, 0.003]), [false, true]);
        assert!(holm(&[]).is_empty());
    }
}

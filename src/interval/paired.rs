//! Intervals of how many times one figure is another, over runs of the same seeds.
//!
//! In: pairs of values above zero, one pair a run. Out: an [`Interval`] of their ratio. Latencies differ by factors, so the
//! spread is that of the logarithms of the ratios. If these are normal, the interval holds the ratio in exactly 95 of 100
//! cases for any number of pairs: Student's t with one degree of freedom less than there are pairs.

use super::{Interval, LEVEL, jackknife_error, student_t, variance};

/// No ratio is shown beyond e to this power, so that its ends stay finite.
const FARTHEST: f64 = 600.0;

/// The two sides of a ratio.
#[derive(Clone, Copy, Debug)]
pub struct Sides<'a> {
    /// The value of each side for all runs.
    pub values: (f64, f64),
    /// Both values of each run.
    pub pairs: &'a [(f64, f64)],
    /// The value of each side without one run each, as in [`Interval::around_difference`].
    pub without: [&'a [f64]; 2],
    /// What the values may be off by because they are rounded.
    pub rounding: (f64, f64),
    /// How many times longer the interval has to be for bad runs that are not in the sample.
    pub stretch: f64,
}

impl Interval {
    /// The interval of the second value over the first; `None` with fewer than two pairs, or where a value is zero.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub fn around_ratio(sides: Sides<'_>) -> Option<Interval> {
        let (a, b) = sides.values;
        let runs = sides.pairs.len();
        let above_zero = |(a, b): &(f64, f64)| *a > 0.0 && *b > 0.0;
        if runs < 2 || !above_zero(&sides.values) || !sides.pairs.iter().all(above_zero) {
            return None;
        }
        let log = |(a, b): (f64, f64)| libm::log(b / a);
        let ratios: Vec<f64> = sides.pairs.iter().copied().map(log).collect();
        let relative = (sides.rounding.0 / a, sides.rounding.1 / b);
        let rounding = (relative.0 * relative.0 + relative.1 * relative.1) / 3.0;
        let error = ((variance(&ratios) + rounding) / runs as f64).sqrt();
        let without: Vec<(f64, f64)> =
            sides.without[0].iter().copied().zip(sides.without[1].iter().copied()).collect();
        let without = match without.iter().all(above_zero) {
            true => without.into_iter().map(log).collect(),
            false => Vec::new(),
        };
        let half = student_t(runs - 1) * (sides.stretch * error).max(jackknife_error(&without));
        let end = |side: f64| libm::exp((log(sides.values) + side * half).clamp(-FARTHEST, FARTHEST));
        let (low, high) = (end(-1.0), end(1.0));
        Some(Interval { low, high, half_width: (high - low) / 2.0, level: LEVEL, runs })
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::Xoshiro256PlusPlus;
    use rand_distr::{Distribution, Normal};

    use super::*;
    use crate::interval::mean;

    fn of(values: (f64, f64), pairs: &[(f64, f64)], rounding: (f64, f64), stretch: f64) -> Option<Interval> {
        Interval::around_ratio(Sides { values, pairs, without: [&[], &[]], rounding, stretch })
    }

    /// Ratios 2 and 8: logarithms ln 2 and 3 ln 2, standard deviation √2 ln 2, error ln 2, times 12.706205.
    #[test]
    fn the_ends_are_factors_away_from_the_ratio() {
        let pairs = [(1.0, 2.0), (10.0, 80.0)];
        let interval = of((1.0, 4.0), &pairs, (0.0, 0.0), 1.0).unwrap();
        let factor = libm::pow(2.0, 12.706_205);
        assert!((interval.high / (4.0 * factor) - 1.0).abs() < 1e-5, "{interval:?}");
        assert!((interval.low * factor / 4.0 - 1.0).abs() < 1e-5, "{interval:?}");
        let longer = of((1.0, 4.0), &pairs, (0.0, 0.0), 2.0).unwrap();
        assert!((longer.high / (4.0 * factor * factor) - 1.0).abs() < 1e-5, "{longer:?}");
        let equal = of((1.0, 4.0), &[(1.0, 4.0), (2.0, 8.0)], (0.0, 0.0), 1.0).unwrap();
        assert!((equal.low - 4.0).abs() < 1e-12 && (equal.high - 4.0).abs() < 1e-12);
        assert!(of((1.0, 4.0), &[(1.0, 4.0), (2.0, 8.0)], (0.01, 0.0), 1.0).unwrap().high > 4.1);
    }

    #[test]
    fn what_has_no_logarithm_has_no_ratio() {
        assert_eq!(of((1.0, 2.0), &[(1.0, 2.0)], (0.0, 0.0), 1.0), None, "one run");
        assert_eq!(of((1.0, 2.0), &[(0.0, 2.0), (2.0, 2.0)], (0.0, 0.0), 1.0), None);
        assert_eq!(of((1.0, 0.0), &[(1.0, 0.0), (2.0, 0.0)], (0.0, 0.0), 1.0), None);
        let wild = of((1.0, 1.0), &[(1e-300, 1e300), (1e300, 1e-300)], (0.0, 0.0), 4.0).unwrap();
        assert!(wild.low > 0.0 && wild.high.is_finite(), "{wild:?}");
    }

    /// 4,000 comparisons each of log-normal runs that share half of their chance: a share of 0.95 has a standard error of
    /// 0.0034 there. For any number of pairs the interval holds the true ratio, and where that is 1, at most one in twenty
    /// claims a difference; all runs agree in one of 2 to the power of pairs less one.
    #[test]
    fn for_any_number_of_pairs_95_of_100_intervals_hold_the_ratio() {
        const COMPARISONS: usize = 4_000;
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(11);
        let normal = Normal::new(0.0, 1.0).unwrap();
        for pairs in [2, 3, 5, 8, 30] {
            let (mut held, mut agree) = (0, 0);
            for _ in 0..COMPARISONS {
                let runs: Vec<(f64, f64)> = (0..pairs)
                    .map(|_| {
                        let shared = normal.sample(&mut rng);
                        let mut side = || libm::exp(0.4 * (shared + normal.sample(&mut rng)));
                        (side(), side())
                    })
                    .collect();
                let logs: Vec<f64> = runs.iter().map(|(a, b)| libm::log(b / a)).collect();
                let middle = libm::exp(mean(&logs));
                held += usize::from(of((1.0, middle), &runs, (0.0, 0.0), 1.0).unwrap().holds(1.0));
                agree += usize::from(logs.iter().all(|log| *log > 0.0) || logs.iter().all(|log| *log < 0.0));
            }
            let share = |count: usize| count as f64 / COMPARISONS as f64;
            println!("{pairs} pairs: {:.4} hold, {:.4} agree", share(held), share(agree));
            assert!((share(held) - 0.95).abs() < 0.012, "{pairs} pairs: {} hold", share(held));
            let by_chance = libm::pow(0.5, f64::from(pairs - 1));
            assert!((share(agree) - by_chance).abs() < 0.025, "{pairs} pairs: {} agree", share(agree));
        }
    }
}

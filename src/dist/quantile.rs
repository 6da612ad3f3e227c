//! Quantiles of laws. In: a law, how many independent values of it are added, a probability. Out: seconds, where there is a formula.
//!
//! Sums of exponential phases and of gamma values are gamma values; other laws have a formula for one value alone.

use statrs::distribution::{ContinuousCDF, Gamma, Normal};

use super::{Law, Sampler};

/// Halvings of a probability: it is known to a billionth of a part in a thousand.
const OF_PROBABILITY: u32 = 40;
/// Halvings of the interval in which a quantile lies, until it is known to the last bit.
const HALVINGS: u32 = 200;

impl Law {
    /// The value below which the sum of so many independent values lies with a probability, in seconds; nothing where there is no
    /// formula for it.
    pub fn quantile(&self, values: u32, probability: f64) -> Option<f64> {
        let mean = self.mean().as_secs_f64();
        let times = f64::from(values);
        let gamma = |shape: f64| {
            let law = Gamma::new(shape * times, 1.0).ok()?;
            Some(law.inverse_cdf(probability) * mean / shape)
        };
        let found = match self {
            Law::Constant(_) => Some(times * mean),
            Law::Exponential { .. } if values == 1 => Some(-mean * libm::log1p(-probability)),
            Law::Exponential { .. } => gamma(1.0),
            Law::Erlang { shape, .. } => gamma(f64::from(*shape)),
            Law::Gamma { cv, .. } => gamma(1.0 / (cv * cv)),
            _ if values == 1 => self.of_one(probability),
            _ => None,
        };
        found.filter(|seconds| seconds.is_finite())
    }

    /// The probability with which the sum of so many independent values lies above some seconds; nothing where there is no formula
    /// for it.
    pub fn above(&self, values: u32, seconds: f64) -> Option<f64> {
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..OF_PROBABILITY {
            let middle = (low + high) / 2.0;
            let side = if self.quantile(values, middle)? > seconds { &mut high } else { &mut low };
            *side = middle;
        }
        Some(match (low, high) {
            (0.0, _) => 1.0,
            (_, 1.0) => 0.0,
            _ => 1.0 - (low + high) / 2.0,
        })
    }

    fn of_one(&self, probability: f64) -> Option<f64> {
        let nanos = match (self, Sampler::new(self)) {
            (Law::Empirical(values), _) => ranked(values, probability)?,
            (Law::Replayed { values, plus }, _) => ranked(values, probability)? + plus.0 as f64,
            (_, Sampler::Lognormal { mu, sigma }) => {
                libm::exp(mu + sigma * Normal::standard().inverse_cdf(probability))
            }
            (_, Sampler::Weibull { scale, power }) => scale * libm::pow(-libm::log1p(-probability), power),
            (_, Sampler::Uniform(low, width)) => low + probability * width,
            (_, Sampler::Hyperexponential { p, first, second }) => {
                let above =
                    |nanos: f64| p * libm::exp(-nanos / first) + (1.0 - p) * libm::exp(-nanos / second);
                let (mut low, mut high) = (0.0, -(first + second) * libm::log1p(-probability));
                for _ in 0..HALVINGS {
                    let middle = (low + high) / 2.0;
                    let side = if above(middle) > 1.0 - probability { &mut low } else { &mut high };
                    *side = middle;
                }
                high
            }
            _ => return None,
        };
        Some(nanos / 1e9)
    }
}

/// The value of a list, each as likely as the others, below which that part of them lies, in nanoseconds.
fn ranked(values: &[crate::units::Time], probability: f64) -> Option<f64> {
    let mut values: Vec<u64> = values.iter().map(|it| it.0).collect();
    values.sort_unstable();
    let rank = (probability * values.len() as f64) as usize;
    Some(*values.get(rank.min(values.len().checked_sub(1)?))? as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::stream;
    use crate::units::Time;

    #[test]
    fn a_formula_says_what_is_drawn() {
        let mean = Time::from_secs(100);
        // 100 s × ln 100.
        assert!((Law::Exponential { mean }.quantile(1, 0.99).unwrap() - 460.517).abs() < 1e-3);
        let laws = [
            Law::Exponential { mean },
            Law::Erlang { mean, shape: 4 },
            Law::Lognormal { mean, cv: 0.5 },
            Law::Hyperexponential { mean, cv: 3.0 },
            Law::Gamma { mean, cv: 2.5 },
            Law::Weibull { mean, shape: 0.7 },
            Law::Uniform { low: Time::from_secs(20), high: mean },
            Law::Empirical([Time::from_secs(4), mean].into()),
        ];
        // Of 100 s, e^-2 lies above 200 s; of a list of two, the larger.
        let above = |law: &Law, seconds| law.above(1, seconds).unwrap();
        assert!((above(&laws[0], 200.0) - 0.1353).abs() < 1e-4, "{}", above(&laws[0], 200.0));
        assert!((above(&laws[7], 50.0) - 0.5).abs() < 1e-9);
        assert_eq!((above(&laws[6], 10.0), above(&laws[6], 120.0)), (1.0, 0.0));
        for law in laws {
            for values in [1, 5] {
                let Some(quantile) = law.quantile(values, 0.9) else {
                    assert!(values > 1, "{law:?}");
                    continue;
                };
                let (sampler, mut rng) = (Sampler::new(&law), stream(1, "quantile"));
                let mut sum = || (0..values).map(|_| sampler.nanos(&mut rng)).sum::<f64>() / 1e9;
                let below = (0..20_000).filter(|_| sum() < quantile).count() as f64 / 20_000.0;
                // Four standard errors of a share of 20,000; of two values, one is at the quantile.
                let expected = if matches!(law, Law::Empirical(_)) { 0.5 } else { 0.9 };
                assert!((below - expected).abs() < 0.015, "{law:?} × {values}: {below} below {quantile}");
            }
        }
    }
}

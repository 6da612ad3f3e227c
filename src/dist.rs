//! Laws of service times, delays and sizes, and the samplers that draw from them.
//!
//! In: a [`Law`] as a scenario writes it (`"lognormal 12ms cv 0.5"`). Out: [`Time`]s.

pub mod batch;
pub mod exp;
pub(crate) mod fitted;
pub mod gamma;
mod quantile;
mod uniform;
pub mod ziggurat;
pub mod zipf;

use std::sync::Arc;

use self::gamma::Gamma;
pub use self::uniform::{below, uniform};
pub use self::ziggurat::exponential;
use crate::rng::Stream;
use crate::units::Time;

/// The probability law of a span of time.
#[derive(Clone, Debug, PartialEq)]
pub enum Law {
    /// Always the same: `"6ms"`.
    Constant(Time),
    /// Memoryless, coefficient of variation 1: `"exponential 6ms"`.
    Exponential {
        /// Mean.
        mean: Time,
    },
    /// The sum of `shape` equal exponential phases, coefficient of variation 1/√shape: `"erlang-4 6ms"`.
    Erlang {
        /// Mean of the sum.
        mean: Time,
        /// Number of phases, at least 1.
        shape: u32,
    },
    /// Log-normal by mean and coefficient of variation: `"lognormal 6ms cv 0.5"`.
    Lognormal {
        /// Mean.
        mean: Time,
        /// Standard deviation over mean.
        cv: f64,
    },
    /// Two exponential phases with balanced means, coefficient of variation above 1: `"hyperexponential 6ms cv 3"`.
    Hyperexponential {
        /// Mean.
        mean: Time,
        /// Standard deviation over mean, above 1.
        cv: f64,
    },
    /// Gamma by mean and coefficient of variation: `"gamma 6ms cv 0.7"`.
    Gamma {
        /// Mean.
        mean: Time,
        /// Standard deviation over mean, above 0.
        cv: f64,
    },
    /// Weibull by mean and shape: `"weibull 6ms shape 1.5"`.
    Weibull {
        /// Mean.
        mean: Time,
        /// Shape: 1 is exponential, below it the tail is heavier.
        shape: f64,
    },
    /// Uniform between two ends: `"uniform 5ms 15ms"`.
    Uniform {
        /// Shortest.
        low: Time,
        /// Longest.
        high: Time,
    },
    /// One of the values measured in a file, each equally likely: `"empirical times.csv"`.
    Empirical(Arc<[Time]>),
    /// Recorded values, used in order: the first request of a source takes the first value, and so on. Nothing is drawn:
    /// `"replay trace.csv column service_us unit us"`.
    Replayed {
        /// The values in the order of the file, shared by all uses of the column.
        values: Arc<[Time]>,
        /// Added to each value.
        plus: Time,
    },
}

impl Law {
    /// The mean of the law.
    pub fn mean(&self) -> Time {
        match self {
            Law::Constant(time) => *time,
            Law::Exponential { mean }
            | Law::Erlang { mean, .. }
            | Law::Lognormal { mean, .. }
            | Law::Hyperexponential { mean, .. }
            | Law::Gamma { mean, .. }
            | Law::Weibull { mean, .. } => *mean,
            Law::Uniform { low, high } => Time::from_secs_f64((low.as_secs_f64() + high.as_secs_f64()) / 2.0),
            Law::Empirical(values) => mean(values),
            Law::Replayed { values, plus } => mean(values) + *plus,
        }
    }
}

impl Law {
    /// What it takes at the least: of laws that may come near to nothing, that.
    pub fn least(&self) -> Time {
        match self {
            Law::Constant(time) => *time,
            Law::Uniform { low, .. } => *low,
            Law::Empirical(values) => values.iter().copied().min().unwrap_or(Time::ZERO),
            Law::Replayed { values, plus } => values.iter().copied().min().unwrap_or(Time::ZERO) + *plus,
            Law::Exponential { .. }
            | Law::Erlang { .. }
            | Law::Lognormal { .. }
            | Law::Hyperexponential { .. }
            | Law::Gamma { .. }
            | Law::Weibull { .. } => Time::ZERO,
        }
    }
}

fn mean(values: &[Time]) -> Time {
    let total: f64 = values.iter().map(|value| value.as_secs_f64()).sum();
    Time::from_secs_f64(total / values.len().max(1) as f64)
}

/// A law prepared for sampling.
///
/// It calls no exponential or logarithm of the platform, so the same draws have the same bits everywhere.
#[derive(Clone, Debug)]
pub enum Sampler {
    /// Always this many nanoseconds.
    Constant(u64),
    /// Exponential with this mean in nanoseconds.
    Exponential(f64),
    /// The sum of this many exponentials of this mean.
    Erlang(u32, f64),
    /// exp(mu + sigma × normal).
    Lognormal {
        /// Mean of the logarithm.
        mu: f64,
        /// Standard deviation of the logarithm.
        sigma: f64,
    },
    /// With probability `p` exponential of the first mean, else of the second.
    Hyperexponential {
        /// Probability of the first phase.
        p: f64,
        /// Mean of the first phase.
        first: f64,
        /// Mean of the second phase.
        second: f64,
    },
    /// Gamma.
    Gamma(Gamma),
    /// A scaled power of an exponential: scale × exponential^(1 / shape).
    Weibull {
        /// Scale in nanoseconds.
        scale: f64,
        /// 1 / shape.
        power: f64,
    },
    /// Uniform: lower end and width.
    Uniform(f64, f64),
    /// One of these values, each equally likely.
    Empirical(Arc<[Time]>),
}

impl Sampler {
    /// Prepares a law.
    pub fn new(law: &Law) -> Sampler {
        match law {
            Law::Constant(time) => Sampler::Constant(time.0),
            Law::Exponential { mean } => Sampler::Exponential(mean.0 as f64),
            Law::Erlang { mean, shape } => Sampler::Erlang(*shape, mean.0 as f64 / f64::from(*shape)),
            Law::Lognormal { mean, cv } => {
                let variance = libm::log1p(cv * cv);
                Sampler::Lognormal {
                    mu: libm::log(mean.0.max(1) as f64) - variance / 2.0,
                    sigma: variance.sqrt(),
                }
            }
            Law::Hyperexponential { mean, cv } => {
                // Balanced means: p × first = (1 − p) × second.
                let square = cv * cv;
                let p = (1.0 + ((square - 1.0) / (square + 1.0)).max(0.0).sqrt()) / 2.0;
                let mean = mean.0 as f64;
                Sampler::Hyperexponential { p, first: mean / (2.0 * p), second: mean / (2.0 * (1.0 - p)) }
            }
            Law::Gamma { mean, cv } => {
                // A cv so small that its square is zero means no spread: the shape is capped.
                let shape = (1.0 / (cv * cv)).min(1e300);
                Sampler::Gamma(Gamma::new(shape, mean.0 as f64 / shape))
            }
            Law::Weibull { mean, shape } => {
                let power = 1.0 / shape;
                Sampler::Weibull { scale: mean.0 as f64 / libm::tgamma(1.0 + power), power }
            }
            Law::Uniform { low, high } => Sampler::Uniform(low.0 as f64, high.0.saturating_sub(low.0) as f64),
            // The step that replays the column puts in the value of each request.
            Law::Replayed { .. } => Sampler::Constant(0),
            Law::Empirical(values) if values.is_empty() => Sampler::Constant(0),
            Law::Empirical(values) => Sampler::Empirical(values.clone()),
        }
    }

    /// Fills a slice with values in nanoseconds, not rounded: the same values as repeated calls of [`Sampler::nanos`].
    #[inline(never)]
    pub fn fill(&self, values: &mut [f64], rng: &mut Stream) {
        match self {
            // For the common laws, choose the law once and not for each value.
            Sampler::Exponential(mean) => values.fill_with(|| mean * exponential(rng)),
            Sampler::Lognormal { mu, sigma } => {
                values.fill_with(|| ziggurat::normal(rng));
                // Computed in a loop of its own, apart from the draws, which depend on each other: several values run
                // in parallel.
                for value in values {
                    *value = exp::exp(mu + sigma * *value);
                }
            }
            _ => values.fill_with(|| self.nanos(rng)),
        }
    }

    /// One value in nanoseconds, not rounded.
    pub fn nanos(&self, rng: &mut Stream) -> f64 {
        match self {
            Sampler::Constant(nanos) => *nanos as f64,
            Sampler::Exponential(mean) => mean * exponential(rng),
            Sampler::Erlang(shape, mean) => (0..*shape).map(|_| mean * exponential(rng)).sum(),
            Sampler::Lognormal { mu, sigma } => exp::exp(mu + sigma * ziggurat::normal(rng)),
            Sampler::Hyperexponential { p, first, second } => {
                let mean = if uniform(rng) < *p { first } else { second };
                mean * exponential(rng)
            }
            Sampler::Gamma(gamma) => gamma.draw(rng),
            Sampler::Weibull { scale, power } => scale * libm::pow(exponential(rng), *power),
            Sampler::Uniform(low, width) => low + width * uniform(rng),
            Sampler::Empirical(values) => values[below(rng, values.len() as u64) as usize].0 as f64,
        }
    }

    /// One value, rounded to the nanosecond.
    #[inline]
    pub fn time(&self, rng: &mut Stream) -> Time {
        match self {
            Sampler::Constant(nanos) => Time(*nanos),
            _ => Time(rounded(self.nanos(rng))),
        }
    }
}

/// Rounds nanoseconds to whole ones. Converts through a signed number, because that is one instruction; a value beyond
/// its range (three centuries) becomes the longest span.
#[inline]
pub fn rounded(nanos: f64) -> u64 {
    (nanos + 0.5) as i64 as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::stream;

    fn laws() -> Vec<Law> {
        let mean = Time::from_millis(6);
        vec![
            Law::Constant(mean),
            Law::Exponential { mean },
            Law::Erlang { mean, shape: 4 },
            Law::Lognormal { mean, cv: 0.5 },
            Law::Hyperexponential { mean, cv: 3.0 },
            Law::Uniform { low: Time::from_millis(2), high: Time::from_millis(10) },
            Law::Empirical([Time::from_millis(4), Time::from_millis(8)].into()),
            Law::Gamma { mean, cv: 0.7 },
            Law::Gamma { mean, cv: 2.5 },
            Law::Weibull { mean, shape: 0.7 },
        ]
    }

    #[test]
    fn every_law_keeps_its_mean() {
        const N: u32 = 400_000;
        for law in laws() {
            let sampler = Sampler::new(&law);
            let mut rng = stream(7, "means");
            let (mut sum, mut squares) = (0.0, 0.0);
            for _ in 0..N {
                let value = sampler.nanos(&mut rng);
                sum += value;
                squares += value * value;
            }
            let mean = sum / f64::from(N);
            let standard_error = ((squares / f64::from(N) - mean * mean).max(0.0) / f64::from(N)).sqrt();
            let off = (mean - law.mean().0 as f64).abs();
            assert!(
                off <= 4.0 * standard_error + 1.0,
                "{law:?}: {mean} is off by {off}, se {standard_error}"
            );
        }
    }

    /// The samples of a version must not change by accident: not with the platform, and not with other linked crates.
    #[test]
    fn samples_are_pinned() {
        let hashes: Vec<u64> = laws()
            .iter()
            .map(|law| {
                let sampler = Sampler::new(law);
                let mut rng = stream(7, "pinned");
                (0..100_000).fold(0, |hash: u64, _| {
                    (hash ^ sampler.nanos(&mut rng).to_bits()).wrapping_mul(0x0100_0000_01b3).rotate_left(17)
                })
            })
            .collect();
        assert_eq!(hashes, PINNED);
    }
    const PINNED: [u64; 10] = [
        2_192_450_807_806_842_169,
        15_986_607_313_798_638_963,
        3_565_410_958_212_231_789,
        592_550_500_616_129_671,
        3_932_978_459_846_138_077,
        16_950_509_433_434_805_134,
        3_349_598_671_632_202_924,
        17_069_930_770_733_912_501,
        15_073_065_481_522_623_341,
        16_997_869_069_227_760_931,
    ];
}

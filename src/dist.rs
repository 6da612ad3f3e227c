//! Laws of service times, delays and sizes, and the samplers that draw from them.
//!
//! In: a [`Law`] as a scenario writes it (`"lognormal 12ms cv 0.5"`). Out: [`Time`]s.

use std::sync::Arc;

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
        /// Mean of the whole.
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
    /// Uniform between two ends: `"uniform 5ms 15ms"`.
    Uniform {
        /// Shortest.
        low: Time,
        /// Longest.
        high: Time,
    },
    /// One of the measured values of a file, each equally likely: `"empirical times.csv"`.
    Empirical(Arc<[Time]>),
}

impl Law {
    /// The mean of the law.
    pub fn mean(&self) -> Time {
        match self {
            Law::Constant(time) => *time,
            Law::Exponential { mean }
            | Law::Erlang { mean, .. }
            | Law::Lognormal { mean, .. }
            | Law::Hyperexponential { mean, .. } => *mean,
            Law::Uniform { low, high } => Time::from_secs_f64((low.as_secs_f64() + high.as_secs_f64()) / 2.0),
            Law::Empirical(values) => {
                let total: f64 = values.iter().map(|value| value.as_secs_f64()).sum();
                Time::from_secs_f64(total / values.len().max(1) as f64)
            }
        }
    }
}

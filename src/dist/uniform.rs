//! Uniform random numbers. In: a stream. Out: a number in a range, each equally likely.

use rand::Rng;

use crate::rng::Stream;

/// Uniform in [0, 1).
#[inline]
pub fn uniform(rng: &mut Stream) -> f64 {
    (rng.next_u64() >> 11) as i64 as f64 * (1.0 / (1u64 << 53) as f64)
}

/// Uniform in 0..n, by multiplication (bias below 2^-32 for every n in use).
#[inline]
pub fn below(rng: &mut Stream, n: u64) -> u64 {
    ((u128::from(rng.next_u64()) * u128::from(n)) >> 64) as u64
}

//! Random numbers for what a program brings. In: the stream of one source or resource of one run. Out: [`Random`], which draws from it.

use std::time::Duration;

use crate::dist::{exponential, uniform};
use crate::rng::Stream;

/// Random numbers of one source or resource in one run: the same for the same seed, on every platform, whatever else the scenario has.
#[derive(Clone, Debug)]
pub struct Random(Stream);

impl Random {
    pub(crate) fn of(stream: Stream) -> Random {
        Random(stream)
    }

    /// A number from 0 up to but without 1, each equally likely.
    pub fn uniform(&mut self) -> f64 {
        uniform(&mut self.0)
    }

    /// A span of an exponential law: the gap between two arrivals of a Poisson process, or a time without memory.
    pub fn exponential(&mut self, mean: Duration) -> Duration {
        let nanos = mean.as_nanos() as f64 * exponential(&mut self.0);
        // More than fits ends at the longest that does, which is 584 years.
        Duration::from_nanos(nanos as u64)
    }

    /// Any 64 bits, such as the seed of a generator of your own.
    pub fn bits(&mut self) -> u64 {
        rand::Rng::next_u64(&mut self.0)
    }
}

//! What steps draw: times, hits of a given hit ratio, and values recorded for each request.
//!
//! In: laws, each with its own stream of random numbers; columns of recorded values. Out: one value after the other.

use std::sync::Arc;

use super::number;
use crate::dist::batch::Batch;
use crate::dist::{Law, Sampler, rounded, uniform};
use crate::rng::Stream;
use crate::units::Time;

/// A sampler of [`Draws`]. A path of many transactions has more than 65,536 of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DrawId(pub u32);

impl DrawId {
    /// Its position.
    #[inline]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A sampler with its own stream of random numbers.
#[derive(Debug)]
pub struct Draw {
    sampler: Sampler,
    stream: Stream,
    ready: Batch<f64>,
    /// Divisor of every value: the strength of the machine that does the work.
    strength: f64,
    /// Mean of the drawn values, nanoseconds.
    mean: f64,
}

impl Draw {
    /// Draws from a law that is stated for a machine of strength 1, on a machine of this strength.
    pub fn new(law: &Law, strength: f64, stream: Stream) -> Self {
        let mean = law.mean().0 as f64 / strength;
        Draw { sampler: Sampler::new(law), stream, ready: Batch::default(), strength, mean }
    }

    /// A value in nanoseconds.
    #[inline]
    pub fn nanos(&mut self) -> f64 {
        if self.ready.is_used_up() {
            self.refill();
        }
        self.ready.take()
    }

    #[inline(never)]
    fn refill(&mut self) {
        self.ready.refill(|values| {
            self.sampler.fill(values, &mut self.stream);
            values.iter_mut().for_each(|value| *value /= self.strength);
        });
    }

    /// A value rounded to the nanosecond.
    #[inline]
    pub fn time(&mut self) -> u64 {
        rounded(self.nanos())
    }

    /// Mean of the drawn values, nanoseconds.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Makes a recorded value the next one.
    pub fn recall(&mut self, value: Time) {
        self.ready.put(value.0 as f64 / self.strength);
    }
}

/// A given hit ratio.
#[derive(Debug)]
pub struct Ratio {
    ratio: f64,
    stream: Stream,
    ready: Batch<bool>,
}

impl Ratio {
    /// Hits with this probability.
    pub fn new(ratio: f64, stream: Stream) -> Self {
        Ratio { ratio, stream, ready: Batch::default() }
    }

    /// The share of look-ups that hit.
    pub fn probability(&self) -> f64 {
        self.ratio
    }

    /// Whether the next look-up is a hit.
    #[inline]
    pub fn hits(&mut self) -> bool {
        if self.ready.is_used_up() {
            self.refill();
        }
        self.ready.take()
    }

    #[inline(never)]
    fn refill(&mut self) {
        let Ratio { ratio, stream, ready } = self;
        ready.refill(|hits| hits.fill_with(|| uniform(stream) < *ratio));
    }
}

/// All that the steps of a program draw from.
#[derive(Debug, Default)]
pub struct Draws {
    /// Samplers.
    pub all: Vec<Draw>,
    /// Columns of recorded values, each with the span that is added to every value.
    pub columns: Vec<(Arc<[Time]>, Time)>,
    /// Given hit ratios.
    pub ratios: Vec<Ratio>,
}

impl Draws {
    /// A sampler.
    #[inline]
    pub fn of(&mut self, id: DrawId) -> &mut Draw {
        &mut self.all[id.0 as usize]
    }

    /// Adds a sampler.
    pub fn add(&mut self, draw: Draw) -> DrawId {
        self.all.push(draw);
        DrawId(number(self.all.len() - 1))
    }

    /// Whether recorded values are replayed.
    #[inline]
    pub fn replays(&self) -> bool {
        !self.columns.is_empty()
    }

    /// Makes the recorded value of a request the next value of a sampler; the last row is followed by the first.
    #[inline(never)]
    pub fn recall(&mut self, id: DrawId, column: u32, ordinal: u64) {
        let (values, plus) = &self.columns[column as usize];
        let value = values[(ordinal % values.len() as u64) as usize] + *plus;
        self.of(id).recall(value);
    }
}

//! Populations of keys: which key a look-up or a statement touches.
//!
//! In: a population and its Zipf exponent. Out: key numbers, 0 the most popular.

use crate::dist::below;
use crate::dist::zipf::Zipf;
use crate::rng::{Stream, stream};
use crate::scenario::request::KeySpace;

/// Draws keys of one population.
#[derive(Debug)]
pub struct Keys {
    count: u32,
    zipf: Option<Zipf>,
    stream: Stream,
}

impl Keys {
    /// The population, with its own stream.
    pub fn new(space: &KeySpace, seed: u64) -> Self {
        let count = space.count.max(1);
        // An exponent of zero is the uniform law, which needs no rejection.
        let zipf = (space.zipf > 0.0).then(|| Zipf::new(count, space.zipf));
        Keys { count, zipf, stream: stream(seed, &format!("keys.{}", space.name)) }
    }

    /// How many keys there are.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// One key.
    #[inline]
    pub fn draw(&mut self) -> u32 {
        match &self.zipf {
            Some(zipf) => zipf.draw(&mut self.stream),
            None if self.count == 1 => 0,
            None => below(&mut self.stream, u64::from(self.count)) as u32,
        }
    }
}

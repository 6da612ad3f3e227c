//! Populations of keys: which key a look-up or a statement touches.
//!
//! In: a population and its Zipf exponent. Out: key numbers, 0 the most popular.

use crate::dist::batch::Batch;
use crate::dist::below;
use crate::dist::zipf::Zipf;
use crate::rng::{Stream, stream};

/// Draws keys of one population.
#[derive(Debug)]
pub struct Keys {
    count: u32,
    zipf: Option<Zipf>,
    stream: Stream,
    ready: Batch<u32>,
}

impl Keys {
    /// A population of `count` keys, with its Zipf exponent and a stream of its own, named after it.
    pub fn new(name: &str, count: u32, zipf: f64, seed: u64) -> Self {
        let count = count.max(1);
        // An exponent of zero is the uniform law, which needs no rejection.
        let zipf = (zipf > 0.0).then(|| Zipf::new(count, zipf));
        let stream = stream(seed, &format!("keys.{name}"));
        Keys { count, zipf, stream, ready: Batch::default() }
    }

    /// How many keys there are.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Draws a key. `ahead` is called with keys that will be drawn soon.
    #[inline]
    pub fn draw(&mut self, ahead: impl FnOnce(&[u32])) -> u32 {
        if self.ready.is_used_up() {
            self.refill(ahead);
        }
        self.ready.take()
    }

    #[inline(never)]
    fn refill(&mut self, ahead: impl FnOnce(&[u32])) {
        let Keys { count, zipf, stream, ready } = self;
        ready.refill(|keys| {
            match zipf {
                Some(zipf) => keys.fill_with(|| zipf.draw(stream)),
                None if *count == 1 => keys.fill(0),
                None => keys.fill_with(|| below(stream, u64::from(*count)) as u32),
            }
            ahead(keys);
        });
    }
}

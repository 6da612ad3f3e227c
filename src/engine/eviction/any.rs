//! A random victim. In: keys to hold, keys to remove. Out: which are held, one of them at random, and those evicted.

use std::ops::Range;

use super::super::lru::{Key, append};
use crate::dist::{below, uniform};
use crate::rng::Stream;

/// A set of at most `capacity` keys that evicts a random key.
#[derive(Debug)]
pub struct AnyOut<N> {
    pub(super) keys: Vec<u32>,
    pub(super) known: Vec<Key<N>>,
    pub(super) capacity: usize,
    chance: Stream,
}

impl<N: Clone + Default> AnyOut<N> {
    /// An empty set.
    pub fn new(population: usize, capacity: u64, chance: Stream) -> Self {
        let capacity = capacity.min(population as u64) as usize;
        let keys = Vec::with_capacity(capacity);
        AnyOut { keys, known: vec![Key::default(); population], capacity, chance }
    }

    pub(super) fn insert(&mut self, key: u32) -> Option<u32> {
        if self.capacity == 0 || self.known[key as usize].place != 0 {
            return None;
        }
        if self.keys.len() < self.capacity {
            self.keys.push(key);
            self.known[key as usize].place = self.keys.len() as u32;
            return None;
        }
        let at = below(&mut self.chance, self.keys.len() as u64) as usize;
        let victim = std::mem::replace(&mut self.keys[at], key);
        self.known[victim as usize].place = 0;
        self.known[key as usize].place = at as u32 + 1;
        Some(victim)
    }

    pub(super) fn fill(&mut self, keys: Range<u32>, note: impl FnMut() -> N) {
        debug_assert!(self.keys.len() + keys.len() <= self.capacity);
        append(&mut self.known, &mut self.keys, keys, note);
    }

    /// Whether a key is held.
    #[inline]
    pub(super) fn holds(&self, key: u32) -> bool {
        self.known[key as usize].place != 0
    }

    /// One of the keys held, each equally likely.
    pub(super) fn any(&mut self) -> Option<u32> {
        let count = self.keys.len() as u64;
        (count > 0).then(|| self.keys[below(&mut self.chance, count) as usize])
    }

    /// Whether something happens that has this probability.
    pub(super) fn happens(&mut self, probability: f64) -> bool {
        uniform(&mut self.chance) < probability
    }

    /// Removes a random key.
    pub(super) fn evict(&mut self) -> Option<u32> {
        let victim = self.any()?;
        self.remove(victim);
        Some(victim)
    }

    pub(super) fn remove(&mut self, key: u32) -> bool {
        let place = std::mem::take(&mut self.known[key as usize].place);
        if place == 0 {
            return false;
        }
        let at = place as usize - 1;
        self.keys.swap_remove(at);
        if let Some(&moved) = self.keys.get(at) {
            self.known[moved as usize].place = place;
        }
        true
    }
}

//! What a full cache pushes out: the least recently used key, or any.
//!
//! In: accesses to keys out of a numbered population. Out: which are held, and how many were pushed out.

use super::lru::{Key, Lru};
use crate::dist::below;
use crate::rng::Stream;

/// The keys that a cache holds, with a note on each key.
#[derive(Debug)]
pub enum Held<N> {
    /// The least recently used key goes first.
    Lru(Lru<N>),
    /// Any key goes, each equally likely.
    Random(AnyOut<N>),
}

impl<N: Clone + Default> Held<N> {
    /// The note on a key, whether it is held or not.
    #[inline]
    pub fn note(&mut self, key: u32) -> &mut N {
        match self {
            Held::Lru(lru) => lru.note(key),
            Held::Random(any) => &mut any.known[key as usize].note,
        }
    }

    /// Keys held.
    pub fn held(&self) -> usize {
        match self {
            Held::Lru(lru) => lru.held(),
            Held::Random(any) => any.keys.len(),
        }
    }

    /// Keys that can be held.
    pub fn capacity(&self) -> usize {
        match self {
            Held::Lru(lru) => lru.capacity(),
            Held::Random(any) => any.capacity,
        }
    }

    /// Whether a key is held.
    #[inline]
    pub fn holds(&self, key: u32) -> bool {
        match self {
            Held::Lru(lru) => lru.holds(key),
            Held::Random(any) => any.known[key as usize].place != 0,
        }
    }

    /// Whether a key is held; this is an access to it.
    #[inline]
    pub fn touch(&mut self, key: u32) -> bool {
        match self {
            Held::Lru(lru) => lru.touch(key),
            Held::Random(_) => self.holds(key),
        }
    }

    /// Holds a key; returns the one that was pushed out for it.
    #[inline(always)]
    pub fn insert(&mut self, key: u32) -> Option<u32> {
        match self {
            Held::Lru(lru) => lru.insert(key),
            Held::Random(any) => any.insert(key),
        }
    }

    /// Lets a key go; returns whether it was held.
    pub fn remove(&mut self, key: u32) -> bool {
        match self {
            Held::Lru(lru) => lru.remove(key),
            Held::Random(any) => any.remove(key),
        }
    }
}

/// A set of at most `capacity` keys that makes room by chance.
#[derive(Debug)]
pub struct AnyOut<N> {
    keys: Vec<u32>,
    known: Vec<Key<N>>,
    capacity: usize,
    chance: Stream,
}

impl<N: Clone + Default> AnyOut<N> {
    /// An empty set.
    pub fn new(population: usize, capacity: u64, chance: Stream) -> Self {
        let capacity = capacity.min(population as u64) as usize;
        let keys = Vec::with_capacity(capacity);
        AnyOut { keys, known: vec![Key::default(); population], capacity, chance }
    }

    fn insert(&mut self, key: u32) -> Option<u32> {
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

    fn remove(&mut self, key: u32) -> bool {
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::rng::stream;

    proptest! {
        /// Against a set, which is told the victims by what is missing.
        #[test]
        fn it_holds_what_was_put_in_but_for_the_victims(
            capacity in 0usize..12,
            steps in prop::collection::vec((0u8..4, 0u32..20), 1..500),
        ) {
            let mut held: Held<()> = Held::Random(AnyOut::new(20, capacity as u64, stream(1, "test")));
            let mut set = BTreeSet::new();
            for (kind, key) in steps {
                if kind == 0 {
                    prop_assert_eq!(held.remove(key), set.remove(&key));
                } else {
                    let full = set.len() == capacity && !set.contains(&key);
                    let victim = held.insert(key);
                    prop_assert_eq!(victim.is_some(), full && capacity > 0);
                    if capacity > 0 {
                        set.insert(key);
                    }
                    let gone: Vec<u32> = set.iter().copied().filter(|&other| !held.touch(other)).collect();
                    prop_assert_eq!(gone.len(), usize::from(full && capacity > 0));
                    prop_assert!(!gone.contains(&key));
                    prop_assert!(gone.iter().eq(&victim));
                    gone.iter().for_each(|other| { set.remove(other); });
                }
                prop_assert_eq!(held.held(), set.len());
                prop_assert!((0..20).all(|key| held.touch(key) == set.contains(&key)));
            }
        }
    }
}

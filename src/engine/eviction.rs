//! What a full cache evicts: the least recently used key, or a random one.
//!
//! In: accesses to keys out of a numbered population. Out: which are held, and how many were evicted.

use std::ops::Range;

use super::lru::{Key, Lru, append};
use crate::dist::below;
use crate::rng::Stream;

/// The keys that a cache holds, with a note on each key.
#[derive(Debug)]
pub enum Held<N> {
    /// The least recently used key goes first.
    Lru(Lru<N>),
    /// A random key goes, each equally likely.
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

    /// Whether a key is held; counts as an access to it.
    #[inline]
    pub fn touch(&mut self, key: u32) -> bool {
        match self {
            Held::Lru(lru) => lru.touch(key),
            Held::Random(_) => self.holds(key),
        }
    }

    /// Holds a key; returns the key that was evicted for it.
    #[inline(always)]
    pub fn insert(&mut self, key: u32) -> Option<u32> {
        match self {
            Held::Lru(lru) => lru.insert(key),
            Held::Random(any) => any.insert(key),
        }
    }

    /// Holds a range of keys, the last one first, each with a note. None of them may be held, and they must fit.
    pub fn fill(&mut self, keys: Range<u32>, note: impl FnMut() -> N) {
        match self {
            Held::Lru(lru) => lru.fill(keys, note),
            Held::Random(any) => any.fill(keys, note),
        }
    }

    /// Removes a key; returns whether it was held.
    pub fn remove(&mut self, key: u32) -> bool {
        match self {
            Held::Lru(lru) => lru.remove(key),
            Held::Random(any) => any.remove(key),
        }
    }
}

/// A set of at most `capacity` keys that evicts a random key.
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

    fn fill(&mut self, keys: Range<u32>, note: impl FnMut() -> N) {
        debug_assert!(self.keys.len() + keys.len() <= self.capacity);
        append(&mut self.known, &mut self.keys, keys, note);
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

    /// Filling a range at once equals filling it key by key: the same keys held, the same notes, the same later
    /// evictions.
    #[test]
    fn a_range_is_held_as_if_key_by_key() {
        let random = || Held::Random(AnyOut::new(30, 12, stream(1, "test")));
        for (mut at_once, mut one_by_one) in
            [(Held::Lru(Lru::new(30, 12)), Held::Lru(Lru::new(30, 12))), (random(), random())]
        {
            for (keys, first) in [(20..25, 1), (3..10, 6)] {
                let mut notes = first..;
                at_once.fill(keys.clone(), || notes.next().unwrap_or_default());
                for (key, note) in keys.rev().zip(first..) {
                    assert_eq!(one_by_one.insert(key), None);
                    *one_by_one.note(key) = note;
                }
            }
            assert_eq!(at_once.held(), 12);
            for key in 0..30 {
                assert_eq!(
                    (at_once.holds(key), *at_once.note(key)),
                    (one_by_one.holds(key), *one_by_one.note(key))
                );
            }
            let victims =
                |held: &mut Held<u32>| (0..30).filter_map(|key| held.insert(key)).collect::<Vec<_>>();
            let gone = victims(&mut at_once);
            assert!(!gone.is_empty());
            assert_eq!(gone, victims(&mut one_by_one));
        }
    }

    proptest! {
        /// Compared with a plain set; a victim is found as the key that is missing.
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

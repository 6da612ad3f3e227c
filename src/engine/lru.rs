//! Exact least-recently-used replacement over a numbered population.
//!
//! In: accesses to keys. Out: which are held, and which are evicted. Every access appends its key to a log and
//! remembers the position; an entry of the log is stale when its key has been accessed again. The oldest entry that is
//! not stale is the least recently used key. An access is two writes, and a full log is compacted in place.

use std::ops::Range;

use crate::dist::below;
use crate::rng::Stream;

/// A set of at most `capacity` keys out of `population`, with a note on each.
#[derive(Debug)]
pub struct Lru<N = ()> {
    keys: Vec<Key<N>>,
    log: Vec<u32>,
    oldest: usize,
    held: usize,
    capacity: usize,
}

/// What is kept for a key: in one place, because a key among millions is not in any processor cache.
#[derive(Clone, Debug, Default)]
pub(super) struct Key<N> {
    /// Position among the keys held (here: in the log) plus one; 0 means not held.
    pub place: u32,
    pub note: N,
}

/// Appends a range of keys to the list of keys held, the last one first, each with a note.
pub(super) fn append<N>(
    known: &mut [Key<N>],
    held: &mut Vec<u32>,
    keys: Range<u32>,
    mut note: impl FnMut() -> N,
) {
    let places = held.len() as u32 + 1..;
    for (key, place) in known[keys.start as usize..keys.end as usize].iter_mut().rev().zip(places) {
        *key = Key { place, note: note() };
    }
    held.extend(keys.rev());
}

impl<N: Clone + Default> Lru<N> {
    /// An empty set.
    pub fn new(population: usize, capacity: u64) -> Self {
        let capacity = capacity.min(population as u64) as usize;
        let log = Vec::with_capacity(4 * capacity + 64);
        Lru { keys: vec![Key::default(); population], log, oldest: 0, held: 0, capacity }
    }

    /// The same without any key.
    pub fn emptied(&self) -> Self {
        Lru::new(self.keys.len(), self.capacity as u64)
    }

    /// The note on a key, whether it is held or not.
    #[inline]
    pub fn note(&mut self, key: u32) -> &mut N {
        &mut self.keys[key as usize].note
    }

    /// Keys held.
    pub fn held(&self) -> usize {
        self.held
    }

    /// Keys that can be held.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Whether a key is held.
    #[inline]
    pub fn holds(&self, key: u32) -> bool {
        self.keys[key as usize].place != 0
    }

    /// Whether a key is held; if so it becomes the most recently used.
    #[inline]
    pub fn touch(&mut self, key: u32) -> bool {
        let held = self.holds(key);
        if held {
            self.append(key);
        }
        held
    }

    /// Holds a key; returns the key that was evicted for it.
    #[inline(always)]
    pub fn insert(&mut self, key: u32) -> Option<u32> {
        if self.capacity == 0 {
            return None;
        }
        self.held += usize::from(self.keys[key as usize].place == 0);
        self.append(key);
        let mut evicted = None;
        while self.held > self.capacity {
            let victim = self.log[self.oldest];
            if self.keys[victim as usize].place == self.oldest as u32 + 1 {
                self.keys[victim as usize].place = 0;
                self.held -= 1;
                evicted = Some(victim);
            }
            self.oldest += 1;
        }
        evicted
    }

    /// Removes the least recently used key.
    pub fn evict(&mut self) -> Option<u32> {
        while let Some(&victim) = self.log.get(self.oldest) {
            let is_stale = self.keys[victim as usize].place != self.oldest as u32 + 1;
            self.oldest += 1;
            if !is_stale {
                self.keys[victim as usize].place = 0;
                self.held -= 1;
                return Some(victim);
            }
        }
        None
    }

    /// One of the keys held, each equally likely: an entry of the log is drawn until one is not stale.
    pub fn any(&self, chance: &mut Stream) -> Option<u32> {
        let entries = (self.log.len() - self.oldest) as u64;
        if self.held == 0 {
            return None;
        }
        loop {
            let at = self.oldest + below(chance, entries) as usize;
            let key = self.log[at];
            if self.keys[key as usize].place == at as u32 + 1 {
                return Some(key);
            }
        }
    }

    /// Holds a range of keys, the last one first, each with a note. None of them may be held, and they must fit.
    pub fn fill(&mut self, keys: Range<u32>, note: impl FnMut() -> N) {
        self.held += keys.len();
        debug_assert!(self.held <= self.capacity && self.log.len() + keys.len() <= self.log.capacity());
        append(&mut self.keys, &mut self.log, keys, note);
    }

    /// Removes a key; returns whether it was held.
    pub fn remove(&mut self, key: u32) -> bool {
        let held = std::mem::take(&mut self.keys[key as usize].place) != 0;
        self.held -= usize::from(held);
        held
    }

    #[inline]
    fn append(&mut self, key: u32) {
        if self.log.len() == self.log.capacity() {
            self.compact();
        }
        self.log.push(key);
        self.keys[key as usize].place = self.log.len() as u32;
    }

    /// Keeps only the entries that are not stale.
    #[cold]
    fn compact(&mut self) {
        let mut kept = 0;
        for at in self.oldest..self.log.len() {
            let key = self.log[at];
            if self.keys[key as usize].place == at as u32 + 1 {
                self.log[kept] = key;
                kept += 1;
                self.keys[key as usize].place = kept as u32;
            }
        }
        self.log.truncate(kept);
        self.oldest = 0;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Compared with a plain list.
        #[test]
        fn it_holds_what_a_plain_list_holds(
            capacity in 0usize..12,
            steps in prop::collection::vec((0u8..8, 0u32..20), 1..2_000),
        ) {
            let mut lru: Lru = Lru::new(20, capacity as u64);
            let mut list: Vec<u32> = Vec::new();
            for (kind, key) in steps {
                let at = list.iter().position(|&other| other == key);
                if let Some(at) = at {
                    list.remove(at);
                }
                if kind == 0 {
                    prop_assert_eq!(lru.remove(key), at.is_some());
                    continue;
                }
                prop_assert_eq!(lru.touch(key), at.is_some());
                if at.is_none() {
                    let evicted = lru.insert(key);
                    let full = capacity > 0 && list.len() == capacity;
                    prop_assert_eq!(evicted, full.then(|| list[0]));
                    if list.len() == capacity && capacity > 0 {
                        list.remove(0);
                    }
                }
                if capacity > 0 {
                    list.push(key);
                }
                prop_assert_eq!(lru.held(), list.len());
            }
        }
    }
}

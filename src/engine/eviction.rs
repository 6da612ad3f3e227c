//! What a full cache evicts: the least recently used key, the first that came, a random one, or one of a sample as in Redis.
//!
//! In: accesses to keys out of a numbered population. Out: which are held, and how many were evicted.

mod any;
mod sampled;

use std::ops::Range;

pub use any::AnyOut;
pub use sampled::{By, Sampled};

use super::lru::Lru;
use crate::dist::below;
use crate::rng::Stream;

/// The keys that a cache holds, with a note on each key.
#[derive(Debug)]
pub enum Held<N> {
    /// The least recently used key goes first.
    Lru(Lru<N>),
    /// A random key goes, each equally likely.
    Random(AnyOut<N>),
    /// The key that came first goes first, however much it is used.
    Fifo(Lru<N>),
    /// The best victim of a sample goes.
    Sampled(Sampled<N>),
}

impl<N: Clone + Default> Held<N> {
    /// The note on a key, whether it is held or not.
    #[inline]
    pub fn note(&mut self, key: u32) -> &mut N {
        match self {
            Held::Lru(lru) | Held::Fifo(lru) => lru.note(key),
            Held::Random(any) => &mut any.known[key as usize].note,
            Held::Sampled(it) => &mut it.any.known[key as usize].note,
        }
    }

    /// Keys held.
    pub fn held(&self) -> usize {
        match self {
            Held::Lru(lru) | Held::Fifo(lru) => lru.held(),
            Held::Random(any) => any.keys.len(),
            Held::Sampled(it) => it.any.keys.len(),
        }
    }

    /// Keys that can be held.
    pub fn capacity(&self) -> usize {
        match self {
            Held::Lru(lru) | Held::Fifo(lru) => lru.capacity(),
            Held::Random(any) => any.capacity,
            Held::Sampled(it) => it.any.capacity,
        }
    }

    /// Whether a key is held.
    #[inline]
    pub fn holds(&self, key: u32) -> bool {
        match self {
            Held::Lru(lru) | Held::Fifo(lru) => lru.holds(key),
            Held::Random(any) => any.holds(key),
            Held::Sampled(it) => it.any.holds(key),
        }
    }

    /// Whether a key is held; counts as an access to it.
    #[inline]
    pub fn touch(&mut self, key: u32) -> bool {
        match self {
            Held::Lru(lru) => lru.touch(key),
            Held::Random(_) | Held::Fifo(_) => self.holds(key),
            Held::Sampled(it) => it.touch(key),
        }
    }

    /// Holds a key; returns the key that was evicted for it.
    #[inline(always)]
    pub fn insert(&mut self, key: u32) -> Option<u32> {
        match self {
            Held::Lru(lru) => lru.insert(key),
            Held::Random(any) => any.insert(key),
            Held::Fifo(lru) if lru.holds(key) => None,
            Held::Fifo(lru) => lru.insert(key),
            Held::Sampled(it) => it.insert(key),
        }
    }

    /// Removes the key that its policy gives up first.
    pub fn evict(&mut self) -> Option<u32> {
        match self {
            Held::Lru(lru) | Held::Fifo(lru) => lru.evict(),
            Held::Random(any) => any.evict(),
            Held::Sampled(it) => it.evict(),
        }
    }

    /// The instant of the accesses to come, for policies that go by time.
    #[inline]
    pub fn tick(&mut self, now: u64) {
        if let Held::Sampled(it) = self {
            it.now = now;
        }
    }

    /// When a key expires, for a policy that goes by that.
    #[inline]
    pub fn expires(&mut self, key: u32, at: u64) {
        if let Held::Sampled(it) = self {
            it.expires(key, at);
        }
    }

    /// One of the keys held, each equally likely.
    pub fn any(&self, chance: &mut Stream) -> Option<u32> {
        let keys = match self {
            Held::Lru(lru) | Held::Fifo(lru) => return lru.any(chance),
            Held::Random(any) => &any.keys,
            Held::Sampled(it) => &it.any.keys,
        };
        (!keys.is_empty()).then(|| keys[below(chance, keys.len() as u64) as usize])
    }

    /// Holds a range of keys, the last one first, each with a note. None of them may be held, and they must fit.
    pub fn fill(&mut self, keys: Range<u32>, note: impl FnMut() -> N) {
        match self {
            Held::Lru(lru) | Held::Fifo(lru) => lru.fill(keys, note),
            Held::Random(any) => any.fill(keys, note),
            Held::Sampled(it) => it.fill(keys, note),
        }
    }

    /// Removes a key; returns whether it was held.
    pub fn remove(&mut self, key: u32) -> bool {
        match self {
            Held::Lru(lru) | Held::Fifo(lru) => lru.remove(key),
            Held::Random(any) => any.remove(key),
            Held::Sampled(it) => it.any.remove(key),
        }
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
        let lru = || Held::Lru(Lru::new(30, 12));
        let fifo = || Held::Fifo(Lru::new(30, 12));
        for (mut at_once, mut one_by_one) in [(lru(), lru()), (fifo(), fifo()), (random(), random())] {
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

    /// Three come; the first is used again, and goes first all the same.
    #[test]
    fn what_came_first_goes_first() {
        let mut held: Held<()> = Held::Fifo(Lru::new(9, 3));
        assert!([4, 2, 7].into_iter().all(|key| held.insert(key).is_none()));
        assert!(held.touch(4) && held.insert(4).is_none());
        assert_eq!(
            (held.insert(1), held.evict(), held.evict(), held.evict(), held.evict()),
            (Some(4), Some(2), Some(7), Some(1), None)
        );
        assert_eq!(held.held(), 0);
    }

    /// Every key that is held comes, and nothing else.
    #[test]
    fn any_key_is_one_that_is_held() {
        let sampled = Held::Sampled(Sampled::new(20, 6, By::Idle, stream(1, "test")));
        let random = Held::Random(AnyOut::new(20, 6, stream(1, "test")));
        for mut held in [Held::<()>::Lru(Lru::new(20, 6)), Held::Fifo(Lru::new(20, 6)), sampled, random] {
            let mut chance = stream(2, "test");
            assert_eq!(held.any(&mut chance), None);
            (0..20).for_each(|key| {
                held.insert(key);
            });
            assert!((0..3).all(|_| held.touch(19)));
            let seen: BTreeSet<u32> = (0..300).filter_map(|_| held.any(&mut chance)).collect();
            let there: BTreeSet<u32> = (0..20).filter(|&key| held.holds(key)).collect();
            assert_eq!((seen, there.len()), (there.clone(), 6));
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

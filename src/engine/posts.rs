//! Posts: the few events that are pending at once in most runs, each at any time. In: entries. Out: the earliest, in the order of
//! (time, insertion).
//!
//! It is a winner tree with as many places as a word has bits: a free place is one instruction away, and an entry goes in or out by one
//! comparison a level, without a branch that the hardware could predict wrongly. A key is the time and the place; the order of
//! insertion is beside it, and asked only where two times are equal, which is rare. What does not fit lies on the wheel.

use super::entry::Entry;
use super::tree::climb;

/// Bits of a key for the place.
const BITS: u32 = 6;
const PLACES: usize = 1 << BITS;
const NEVER: u64 = u64::MAX;

/// An instant from which on nothing can be posted: 9 years.
const END: u64 = NEVER >> BITS;

/// Few pending events.
#[derive(Debug)]
pub struct Posts {
    /// The earliest key.
    first: u64,
    /// A bit for each free place.
    free: u64,
    /// A bit for each place that was ever taken. The lowest free one is always next, so the highest says how many were taken at once.
    taken: u64,
    /// As in [`super::tree`]: below node `n` are `2n` and `2n + 1`.
    nodes: [u64; 2 * PLACES],
    events: [u32; PLACES],
    numbers: [u64; PLACES],
}

impl Default for Posts {
    fn default() -> Self {
        let (nodes, events, numbers) = ([NEVER; 2 * PLACES], [0; PLACES], [0; PLACES]);
        Posts { first: NEVER, free: u64::MAX, taken: 0, nodes, events, numbers }
    }
}

impl Posts {
    /// Whether there is room for an entry at a time.
    #[inline(always)]
    pub fn has_room(&self, time: u64) -> bool {
        self.free != 0 && time < END
    }

    /// Adds an entry, for which there must be room.
    #[inline(always)]
    pub fn push(&mut self, time: u64, number: u64, event: u32) {
        let place = self.free.trailing_zeros() as usize % PLACES;
        self.taken |= 1 << place;
        self.free &= self.free.wrapping_sub(1);
        (self.events[place], self.numbers[place]) = (event, number);
        self.first = climb(&mut self.nodes, place, time << BITS | place as u64);
    }

    /// The largest number of entries that were there at once.
    pub fn peak(&self) -> usize {
        (u64::BITS - self.taken.leading_zeros()) as usize
    }

    /// Time of the earliest entry; 9 years if there is none.
    #[inline(always)]
    pub fn earliest(&self) -> u64 {
        self.first >> BITS
    }

    /// Takes the earliest entry, which there must be.
    #[inline(always)]
    pub fn pop(&mut self) -> Entry {
        let (time, place) = (self.first >> BITS, self.first as usize % PLACES);
        self.first = climb(&mut self.nodes, place, NEVER);
        if self.first >> BITS == time {
            return self.pop_of_equals(time, place);
        }
        self.free |= 1 << place;
        Entry::new(time, self.numbers[place], self.events[place])
    }

    /// One was taken out of several that are at the same time: the one that was added first is the right one.
    #[cold]
    #[inline(never)]
    fn pop_of_equals(&mut self, time: u64, taken: usize) -> Entry {
        self.first = climb(&mut self.nodes, taken, time << BITS | taken as u64);
        let place = self.oldest(time);
        self.first = climb(&mut self.nodes, place, NEVER);
        self.free |= 1 << place;
        Entry::new(time, self.numbers[place], self.events[place])
    }

    /// The place of the entry that was added first of those at a time.
    fn oldest(&self, time: u64) -> usize {
        let of_time = (0..PLACES).filter(|place| self.nodes[PLACES + place] >> BITS == time);
        of_time
            .filter(|place| self.free >> place & 1 == 0)
            .min_by_key(|place| self.numbers[*place])
            .unwrap_or(0)
    }

    /// The earliest entry; [`Entry::NEVER`] if there is none.
    pub fn peek(&self) -> Entry {
        if self.first == NEVER {
            return Entry::NEVER;
        }
        let place = self.oldest(self.earliest());
        Entry::new(self.earliest(), self.numbers[place], self.events[place])
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// As a sorted set has them, with many at the same time, up to the last place.
        #[test]
        fn the_earliest_is_that_of_a_sorted_set(steps in prop::collection::vec(prop::option::weighted(0.6, 0u64..12), 1..400)) {
            let (mut posts, mut set, mut now, mut most) = (Posts::default(), BTreeSet::new(), 0, 0);
            for (number, step) in (1u64..).zip(steps) {
                match step {
                    Some(later) if posts.has_room(now + later) => {
                        posts.push(now + later, number, number as u32);
                        set.insert(Entry::new(now + later, number, number as u32));
                    }
                    Some(_) => prop_assert_eq!(set.len(), PLACES),
                    None => {
                        if let Some(first) = set.pop_first() {
                            now = first.time();
                            prop_assert_eq!(posts.pop(), first);
                        }
                    }
                }
                most = most.max(set.len());
                let first = set.first().copied().unwrap_or(Entry::NEVER);
                prop_assert_eq!((posts.peek(), posts.peak()), (first, most));
                prop_assert_eq!(posts.earliest(), first.time().min(END));
            }
        }
    }

    #[test]
    fn what_is_too_late_has_no_room() {
        let posts = Posts::default();
        assert!(posts.has_room(END - 1) && !posts.has_room(END));
    }
}

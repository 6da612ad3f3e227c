//! Lanes: entries that all have the same delay, and so come due in the order in which they are added.
//!
//! Network hops have constant delays; a ring buffer for each delay orders them for a fraction of the cost of a heap or
//! a wheel. In: entries by lane. Out: the earliest of all lanes.
//!
//! The first entries of the lanes compete in a winner tree (`tree`): so the next of a lane finds its place without a branch that the
//! hardware could predict wrongly. A key is the time and the lane; the order of insertion is asked only where two times are equal.

use std::hint::select_unpredictable;

use super::entry::Entry;
use super::ring::Ring;
use super::tree::{NEVER, Tree};

/// A lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaneId(u16);

/// Entries with the same delay, in order.
#[derive(Debug)]
struct Lane {
    delay: u64,
    entries: Ring<Entry>,
}

/// Bits of a key for the lane.
const BITS: u32 = 8;
/// Lanes in the tree; others never have room.
const LANES: usize = 1 << BITS;
/// Nodes of the tree of as many lanes as most scenarios need: 16.
const FEW: usize = 32;

/// An instant from which on no lane has room: 2 years.
pub(super) const END: u64 = NEVER >> BITS;

/// All lanes.
#[derive(Debug, Default)]
pub struct Lanes {
    lanes: Vec<Lane>,
    /// The first entry of each lane.
    tree: Tree<FEW>,
}

impl Lanes {
    /// The lane of a delay in nanoseconds, made if there is none yet.
    ///
    /// # Panics
    /// If there are more delays than lane numbers: another delay would use the lane of the first one.
    pub fn of(&mut self, delay: u64) -> LaneId {
        let found = self.lanes.iter().position(|lane| lane.delay == delay);
        let index = found.unwrap_or_else(|| {
            self.lanes.push(Lane { delay, entries: Ring::default() });
            self.lanes.len() - 1
        });
        self.tree.make_room(index.min(LANES - 1));
        LaneId(u16::try_from(index).expect("more delays than a run can tell apart"))
    }

    /// Adds an entry one lane's delay after `now`, not earlier than the last one of that lane; gives it back if there is no room.
    #[inline(always)]
    pub fn push(&mut self, LaneId(index): LaneId, now: u64, number: u64, event: u32) -> Result<(), Entry> {
        let index = usize::from(index);
        let lane = &mut self.lanes[index];
        let entry = Entry::new(now.saturating_add(lane.delay), number, event);
        if entry.time() >= END || index >= LANES {
            return Err(entry);
        }
        let is_first = lane.entries.is_empty();
        lane.entries.push(entry);
        if is_first {
            self.tree.set(index, key(entry.time(), index));
        }
        Ok(())
    }

    /// Time of the earliest entry; 2 years if there is none.
    #[inline(always)]
    pub fn earliest(&self) -> u64 {
        self.tree.first() >> BITS
    }

    /// The earliest entry; [`Entry::NEVER`] if there is none.
    pub fn peek(&self) -> Entry {
        let first = self.oldest(self.earliest()).and_then(|index| self.lanes[index].entries.front());
        first.copied().unwrap_or(Entry::NEVER)
    }

    /// Takes the earliest entry, which there must be.
    #[inline(always)]
    pub fn pop(&mut self) -> Entry {
        let (time, index) = (self.earliest(), self.tree.first() as usize % LANES);
        let entry = self.pop_from(index);
        if self.earliest() == time {
            return self.pop_of_equals(entry, index);
        }
        entry
    }

    /// Takes the first entry of a lane, and puts the next one in its place.
    #[inline(always)]
    fn pop_from(&mut self, index: usize) -> Entry {
        let Some(Lane { entries, .. }) = self.lanes.get_mut(index) else { return Entry::NEVER };
        let (entry, next) = entries.pop_of_some();
        let key = select_unpredictable(entries.is_empty(), NEVER, key(next.time(), index));
        self.tree.set(index, key);
        entry
    }

    /// One was taken, and another one is at the same time: the one that was added first is the right one.
    #[cold]
    #[inline(never)]
    fn pop_of_equals(&mut self, taken: Entry, index: usize) -> Entry {
        self.lanes[index].entries.put_back();
        self.tree.set(index, key(taken.time(), index));
        let oldest = self.oldest(taken.time()).unwrap_or(index);
        self.pop_from(oldest)
    }

    /// The lane of the entry that was added first of those at a time that are the first of their lanes.
    fn oldest(&self, time: u64) -> Option<usize> {
        let leaves = self.tree.leaves().iter().zip(&self.lanes).enumerate();
        let of_time = leaves.filter(|(_, (key, _))| *key >> BITS == time);
        let first = of_time.filter_map(|(index, (_, lane))| Some((*lane.entries.front()?, index))).min();
        first.map(|(_, index)| index)
    }
}

#[inline(always)]
fn key(time: u64, index: usize) -> u64 {
    time << BITS | index as u64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Entries come out as a sorted list has them, from few lanes or many, of which some are empty for a while, and some have
        /// the same time as others; those of lanes that have no room are given back.
        #[test]
        fn the_earliest_of_all_lanes_comes_first(
            first in prop::sample::select(vec![0u64, 0, 0, 0, 0, 0, 0, 230, 300]),
            delays in prop::collection::vec(0u64..40, 1..40),
            steps in prop::collection::vec(prop::option::weighted(0.55, (any::<u16>(), 0u64..9)), 1..300),
        ) {
            let (mut lanes, mut list, mut now) = (Lanes::default(), Vec::new(), 0);
            (0..first).for_each(|delay| _ = lanes.of(1_000 + delay));
            let ids: Vec<LaneId> = delays.iter().map(|delay| lanes.of(*delay)).collect();
            for (number, step) in (0u64..).zip(steps) {
                match step {
                    Some((of, later)) => {
                        now += later;
                        let of = usize::from(of) % ids.len();
                        let entry = Entry::new(now + delays[of], number, number as u32);
                        match lanes.push(ids[of], now, number, number as u32) {
                            Ok(()) => list.push(entry),
                            Err(back) => prop_assert!(usize::from(ids[of].0) >= LANES && back == entry),
                        }
                        list.sort_unstable();
                    }
                    None if !list.is_empty() => {
                        let first = list.remove(0);
                        now = now.max(first.time());
                        prop_assert_eq!(lanes.pop(), first);
                    }
                    None => {}
                }
                let first = list.first().copied().unwrap_or(Entry::NEVER);
                prop_assert_eq!((lanes.peek(), lanes.earliest()), (first, first.time().min(END)));
            }
        }
    }

    #[test]
    fn what_is_too_late_is_given_back() {
        let mut lanes = Lanes::default();
        let lane = lanes.of(10);
        assert_eq!(lanes.push(lane, END - 11, 1, 1), Ok(()));
        assert_eq!(lanes.push(lane, END - 10, 2, 2), Err(Entry::new(END, 2, 2)));
        assert_eq!(lanes.push(lane, u64::MAX, 3, 3), Err(Entry::new(u64::MAX, 3, 3)));
        assert_eq!((lanes.pop(), lanes.peek()), (Entry::new(END - 1, 1, 1), Entry::NEVER));
    }

    #[test]
    #[should_panic(expected = "more delays than a run can tell apart")]
    fn a_delay_does_not_get_the_lane_of_another_one() {
        let mut lanes = Lanes::default();
        lanes.lanes.resize_with(1 << 16, || Lane { delay: 0, entries: Ring::default() });
        lanes.of(1);
    }
}

//! Lanes: entries that all have the same delay, and so come due in the order in which they are added.
//!
//! Network hops have constant delays; a ring buffer for each delay orders them for a fraction of the cost of a heap or
//! a wheel. In: entries by lane. Out: the earliest of all lanes.

use super::entry::Entry;
use super::ring::Ring;
use super::sorted;

/// A lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaneId(u16);

/// Entries with the same delay, in order.
#[derive(Debug)]
struct Lane {
    delay: u64,
    entries: Ring<Entry>,
}

/// The first entry of a lane.
#[derive(Clone, Copy, Debug)]
struct Head {
    entry: Entry,
    lane: u16,
}

/// All lanes.
#[derive(Debug)]
pub struct Lanes {
    lanes: Vec<Lane>,
    /// The first entry of each lane that has any: the earliest last, so that it is taken off without moving another. Before all of them
    /// is one that never comes. Few lanes have entries, and the next one of a lane mostly comes soon: so a short scan finds its place.
    heads: Vec<Head>,
    /// The earliest of these, where the loop over events finds it without a test.
    front: Entry,
}

impl Default for Lanes {
    fn default() -> Self {
        Lanes { lanes: Vec::new(), heads: vec![Head { entry: Entry::NEVER, lane: 0 }], front: Entry::NEVER }
    }
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
        LaneId(u16::try_from(index).expect("more delays than a run can tell apart"))
    }

    /// Adds an entry one lane's delay after `now`, not earlier than the last one of that lane.
    #[inline(always)]
    pub fn push(&mut self, LaneId(index): LaneId, now: u64, number: u64, event: u32) {
        let lane = &mut self.lanes[usize::from(index)];
        let entry = Entry::new(now.saturating_add(lane.delay), number, event);
        let is_first = lane.entries.is_empty();
        lane.entries.push(entry);
        if is_first {
            self.insert(Head { entry, lane: index });
        }
    }

    /// The earliest entry; [`Entry::NEVER`] if there is none.
    #[inline]
    pub fn front(&self) -> Entry {
        self.front
    }

    /// Takes the earliest entry, which there must be.
    #[inline(always)]
    pub fn pop(&mut self) -> Entry {
        let Some(Head { entry, lane }) = self.heads.pop() else { return Entry::NEVER };
        let entries = &mut self.lanes[usize::from(lane)].entries;
        entries.pop();
        match entries.front() {
            Some(&entry) => self.insert(Head { entry, lane }),
            None => self.find_front(),
        }
        entry
    }

    #[inline(always)]
    fn find_front(&mut self) {
        self.front = self.heads.last().map_or(Entry::NEVER, |head| head.entry);
    }

    /// Puts the first entry of a lane in its place among those of the others.
    #[inline(always)]
    fn insert(&mut self, head: Head) {
        sorted::insert(&mut self.heads, 0, head, |other, head| other.entry > head.entry);
        self.find_front();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Entries come out as a sorted list has them, from few lanes or many, of which some are empty for a while.
        #[test]
        fn the_earliest_of_all_lanes_comes_first(
            delays in prop::collection::vec(0u64..40, 1..20),
            steps in prop::collection::vec(prop::option::weighted(0.55, (any::<u16>(), 0u64..9)), 1..300),
        ) {
            let (mut lanes, mut list, mut now) = (Lanes::default(), Vec::new(), 0);
            let ids: Vec<LaneId> = delays.iter().map(|delay| lanes.of(*delay)).collect();
            for (number, step) in (0u64..).zip(steps) {
                match step {
                    Some((of, later)) => {
                        now += later;
                        let of = usize::from(of) % ids.len();
                        lanes.push(ids[of], now, number, number as u32);
                        list.push(Entry::new(now + delays[of], number, number as u32));
                        list.sort_unstable();
                    }
                    None if !list.is_empty() => {
                        let first = list.remove(0);
                        now = now.max(first.time());
                        prop_assert_eq!(lanes.pop(), first);
                    }
                    None => {}
                }
                prop_assert_eq!(lanes.front(), list.first().copied().unwrap_or(Entry::NEVER));
            }
        }
    }

    #[test]
    #[should_panic(expected = "more delays than a run can tell apart")]
    fn a_delay_does_not_get_the_lane_of_another_one() {
        let mut lanes = Lanes::default();
        lanes.lanes.resize_with(1 << 16, || Lane { delay: 0, entries: Ring::default() });
        lanes.of(1);
    }
}

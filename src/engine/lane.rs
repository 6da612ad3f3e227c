//! Lanes: entries that all have the same delay, and so come due in the order in which they are added.
//!
//! Network hops have constant delays; a ring buffer for each delay orders them for a fraction of the cost of a heap or
//! a wheel. In: entries by lane. Out: the earliest of all lanes.

use super::entry::Entry;
use super::ring::Ring;

/// A lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaneId(u16);

/// Entries with the same delay, in order.
#[derive(Debug)]
struct Lane {
    delay: u64,
    entries: Ring<Entry>,
}

/// All lanes.
#[derive(Debug, Default)]
pub struct Lanes {
    lanes: Vec<Lane>,
    /// First entry of each lane, kept together: finding the earliest is one pass over a few words.
    heads: Vec<Entry>,
    /// The earliest of these entries, and its lane.
    front: (Entry, usize),
    /// The earliest of the first entries of the other lanes: mostly one lane is busy, and is the next one again.
    second: Entry,
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
            self.heads.push(Entry::NEVER);
            self.lanes.len() - 1
        });
        LaneId(u16::try_from(index).expect("more delays than a run can tell apart"))
    }

    /// Adds an entry one lane's delay after `now`, not earlier than the last one of that lane.
    #[inline(always)]
    pub fn push(&mut self, LaneId(index): LaneId, now: u64, number: u64, event: u32) {
        let index = usize::from(index);
        let lane = &mut self.lanes[index];
        let entry = Entry::new(now.saturating_add(lane.delay), number, event);
        if lane.entries.is_empty() {
            self.heads[index] = entry;
            if entry < self.front.0 {
                self.second = self.front.0;
                self.front = (entry, index);
            } else {
                self.second = self.second.min(entry);
            }
        }
        lane.entries.push(entry);
    }

    /// The earliest entry; [`Entry::NEVER`] if there is none.
    #[inline]
    pub fn front(&self) -> Entry {
        self.front.0
    }

    /// Takes the earliest entry, which there must be.
    #[inline(always)]
    pub fn pop(&mut self) -> Entry {
        let (entry, index) = self.front;
        let entries = &mut self.lanes[index].entries;
        entries.pop();
        let head = entries.front().copied().unwrap_or(Entry::NEVER);
        self.heads[index] = head;
        if head <= self.second {
            self.front = (head, index);
        } else {
            self.find_front();
        }
        entry
    }

    #[inline(never)]
    fn find_front(&mut self) {
        (self.front, self.second) = ((Entry::NEVER, 0), Entry::NEVER);
        for (index, &head) in self.heads.iter().enumerate() {
            // Without a branch: the processor could not predict it.
            let is_first = head < self.front.0;
            self.second = self.second.min(if is_first { self.front.0 } else { head });
            self.front = if is_first { (head, index) } else { self.front };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "more delays than a run can tell apart")]
    fn a_delay_does_not_get_the_lane_of_another_one() {
        let mut lanes = Lanes::default();
        lanes.lanes.resize_with(1 << 16, || Lane { delay: 0, entries: Ring::default() });
        lanes.of(1);
    }
}

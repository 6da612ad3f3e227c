//! A hierarchical timing wheel with exact (time, insertion) order: the queue of the request events.
//!
//! In: entries at any time from now on. Out: the earliest. Eleven levels of 64 slots cover all 64 bits of time.
//! The level of an entry is the highest 6-bit digit in which its time differs from the horizon. So finding the next
//! slot is counting zeros, and the cost of an entry does not depend on how many are pending.

use super::entry::Entry;
use super::sorted;

const DIGIT: u32 = 6;
const SLOTS: usize = 1 << DIGIT;
const LEVELS: usize = 64usize.div_ceil(DIGIT as usize);

/// A slot with no more entries than this is sorted at once instead of being spread over a finer level.
const SORTED_AT_ONCE: usize = 32;

/// A front longer than this after additions is made shorter, because each addition scans the earlier entries.
const LONG: usize = 96;

/// The wheel.
#[derive(Debug)]
pub struct Wheel {
    /// The earliest entries up to and including the horizon, latest first.
    front: Vec<Entry>,
    /// How long the front may become before an addition looks at more than the front.
    room: usize,
    /// Entries up to and including the horizon that are later than all of a front that cannot be made shorter: so many of
    /// one instant, each new one the last, would be pushed past all of them.
    crowd: Vec<Entry>,
    /// The time of the earliest entry, or zero if it has to be looked for.
    earliest: u64,
    /// The last instant that `front` covers; every slot is after it.
    horizon: u64,
    slots: Vec<Vec<Entry>>,
    /// For each level, a bit for each slot that is not empty.
    occupied: [u64; LEVELS],
    /// A bit for each level that has a slot that is not empty.
    levels: u32,
    len: usize,
    peak: usize,
    /// Whether a slot has been opened and not looked at since.
    opened: bool,
}

impl Default for Wheel {
    fn default() -> Self {
        Wheel {
            front: Vec::new(),
            room: 0,
            crowd: Vec::new(),
            earliest: 0,
            horizon: 0,
            slots: (0..LEVELS * SLOTS).map(|_| Vec::new()).collect(),
            occupied: [0; LEVELS],
            levels: 0,
            len: 0,
            peak: 0,
            opened: false,
        }
    }
}

impl Wheel {
    /// Entries on the wheel.
    pub fn len(&self) -> usize {
        self.len
    }

    /// The largest number of entries, counted whenever a slot was opened.
    pub fn peak(&self) -> usize {
        self.peak
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds an entry, which must not be earlier than the last one popped. It ends with a call that has the entry in
    /// registers, and the called function mostly calls nothing: so neither saves registers on the stack.
    #[inline(always)]
    pub fn push(&mut self, entry: Entry) {
        self.len += 1;
        self.earliest = self.earliest.min(entry.time());
        if entry.time() > self.horizon {
            self.place_apart(entry);
        } else {
            self.insert(entry);
        }
    }

    /// Adds an entry to the front.
    #[inline(never)]
    fn insert(&mut self, entry: Entry) {
        if self.front.len() >= self.room {
            return self.make_room(entry);
        }
        self.insert_in_order(entry);
    }

    /// Makes the front shorter, or lets it grow, or puts the entry behind it.
    #[cold]
    #[inline(never)]
    fn make_room(&mut self, entry: Entry) {
        if self.front.len() >= LONG {
            self.shorten_front();
            if entry.time() > self.horizon {
                self.find_room();
                return self.place(entry);
            }
        }
        let is_crowded = !self.crowd.is_empty() || self.front.len() >= LONG;
        if is_crowded && self.front.first().is_none_or(|latest| entry > *latest) {
            self.crowd.push(entry);
        } else {
            self.insert_in_order(entry);
        }
        self.find_room();
    }

    /// After each change of what the front is, other than by an entry.
    fn find_room(&mut self) {
        self.room = if self.crowd.is_empty() { self.front.capacity().min(LONG) } else { 0 };
    }

    /// Searches the front for the position of an entry, from the end, where the earliest entries are.
    #[inline(always)]
    fn insert_in_order(&mut self, entry: Entry) {
        sorted::insert(&mut self.front, 0, entry, |other, entry| other > entry);
    }

    /// The earliest entry.
    #[inline]
    pub fn peek(&mut self) -> Option<Entry> {
        if self.front.is_empty() {
            self.refill();
        }
        self.front.last().copied()
    }

    /// The entries that come next, latest first; returned once for every slot that is opened.
    #[inline]
    pub fn opened(&mut self) -> &[Entry] {
        if std::mem::take(&mut self.opened) { &self.front } else { &[] }
    }

    /// Time of the earliest entry; the end of time if there is none.
    #[inline(always)]
    pub fn earliest(&mut self) -> u64 {
        if self.earliest == 0 {
            self.find_earliest();
        }
        self.earliest
    }

    /// The same, or zero if it has to be looked for: others may be added that come before, which is cheaper until then.
    #[inline(always)]
    pub fn known(&self) -> u64 {
        self.earliest
    }

    #[inline(never)]
    fn find_earliest(&mut self) {
        self.earliest = self.peek().map_or(u64::MAX, Entry::time);
    }

    /// Takes the earliest entry.
    #[inline]
    pub fn pop(&mut self) -> Option<Entry> {
        if self.front.is_empty() {
            self.refill();
        }
        let entry = self.front.pop()?;
        self.earliest = self.front.last().map_or(0, |entry| entry.time());
        self.len -= 1;
        Some(entry)
    }

    /// Adds an entry to the slot of its time.
    #[inline(always)]
    fn place(&mut self, entry: Entry) {
        let level = (entry.time() ^ self.horizon).ilog2() / DIGIT;
        let slot = (entry.time() >> (level * DIGIT)) as usize % SLOTS;
        self.occupied[level as usize] |= 1 << slot;
        self.levels |= 1 << level;
        self.slots[level as usize * SLOTS + slot].push(entry);
    }

    /// The same, but not inlined, for [`Wheel::push`].
    #[inline(never)]
    fn place_apart(&mut self, entry: Entry) {
        self.place(entry);
    }

    /// Fills the empty front with what comes next.
    fn refill(&mut self) {
        self.peak = self.peak.max(self.len);
        self.opened = true;
        if self.crowd.is_empty() {
            self.open_slot();
        } else {
            std::mem::swap(&mut self.front, &mut self.crowd);
        }
        self.sort_front();
        self.find_room();
    }

    /// Moves the horizon to the end of the next slot that is not empty, and that slot into the front.
    #[inline]
    fn open_slot(&mut self) {
        while self.levels != 0 {
            let level = self.levels.trailing_zeros();
            let bits = self.occupied[level as usize];
            let slot = bits.trailing_zeros();
            self.occupied[level as usize] = bits & (bits - 1);
            if bits & (bits - 1) == 0 {
                self.levels &= self.levels - 1;
            }
            let shift = level * DIGIT;
            let below = (1u64 << shift) - 1;
            // The digits above this level equal those of the horizon; the digit at this level is the slot.
            let above = self.horizon.checked_shr(shift + DIGIT).map_or(0, |digits| digits << (shift + DIGIT));
            let start = above | u64::from(slot) << shift;
            // The front is empty: swap it with the slot.
            let entries = &mut self.slots[level as usize * SLOTS + slot as usize];
            std::mem::swap(&mut self.front, entries);
            if level == 0 || self.front.len() <= SORTED_AT_ONCE {
                self.horizon = start | below;
                return;
            }
            self.horizon = start;
            self.spread(start);
            if !self.front.is_empty() {
                return;
            }
        }
    }

    /// Moves the entries of the front that are later than `start` to finer levels.
    fn spread(&mut self, start: u64) {
        let mut entries = std::mem::take(&mut self.front);
        let mut kept = 0;
        for index in 0..entries.len() {
            let entry = entries[index];
            if entry.time() == start {
                entries[kept] = entry;
                kept += 1;
            } else {
                self.place(entry);
            }
        }
        entries.truncate(kept);
        self.front = entries;
    }

    /// Moves the horizon back to an early entry of the front; later entries go to slots, those of the crowd too: what comes next
    /// may lie between them and the front.
    #[cold]
    fn shorten_front(&mut self) {
        let keep = self.front.len() - SORTED_AT_ONCE;
        let new = self.front[keep].time();
        if new == self.horizon {
            return;
        }
        let changed = std::mem::replace(&mut self.horizon, new) ^ new;
        // Slots of levels above the highest changed digit, and of its own level, stay; the entries of finer levels move
        // up to it.
        let finer = changed.checked_ilog2().map_or(0, |bit| bit / DIGIT) as usize;
        for level in 0..finer {
            while self.occupied[level] != 0 {
                let slot = self.occupied[level].trailing_zeros() as usize;
                self.occupied[level] &= self.occupied[level] - 1;
                let mut entries = std::mem::take(&mut self.slots[level * SLOTS + slot]);
                entries.drain(..).for_each(|entry| self.place(entry));
                self.slots[level * SLOTS + slot] = entries;
            }
            self.levels &= !(1 << level);
        }
        let first = self.front.partition_point(|entry| entry.time() > self.horizon);
        for index in 0..first {
            self.place(self.front[index]);
        }
        self.front.drain(..first);
        for index in (0..self.crowd.len()).rev() {
            if self.crowd[index].time() > self.horizon {
                let later = self.crowd.swap_remove(index);
                self.place(later);
            }
        }
    }

    #[inline]
    fn sort_front(&mut self) {
        if self.front.len() > 1 {
            self.front.sort_unstable_by(|one, other| other.cmp(one));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Pushes and pops at random and compares every pop with a sorted list.
    fn hold_against_a_sorted_list(steps: &[(bool, u64)]) {
        let mut wheel = Wheel::default();
        let mut sorted: Vec<Entry> = Vec::new();
        let mut now = 0;
        for (sequence, &(push, delay)) in (0..).zip(steps) {
            if push || sorted.is_empty() {
                let entry = Entry::new(now + delay, sequence, sequence as u32);
                wheel.push(entry);
                let at = sorted.partition_point(|&other| other < entry);
                sorted.insert(at, entry);
            } else {
                // Looking ahead must not prevent earlier entries from being added afterwards.
                assert_eq!(wheel.peek(), sorted.first().copied());
                let popped = wheel.pop();
                assert_eq!(popped, Some(sorted.remove(0)));
                now = popped.map_or(now, Entry::time);
            }
            assert_eq!(wheel.earliest(), sorted.first().map_or(u64::MAX, |entry| entry.time()));
            assert_eq!(wheel.peek(), sorted.first().copied());
            assert_eq!(wheel.len(), sorted.len());
        }
    }

    /// A crowd of one instant behind a long front; then the front is made shorter, and what comes between the two is in slots.
    #[test]
    fn what_comes_between_the_front_and_a_crowd_is_before_the_crowd() {
        let same = std::iter::repeat_n((true, 5_000), 300);
        let earlier = (1..=300).rev().map(|delay| (true, delay));
        let between = (0..200).map(|step| (true, 4_999 - 20 * step));
        let all = same.chain(earlier).chain(between).chain(std::iter::repeat_n((false, 0), 800));
        hold_against_a_sorted_list(&all.collect::<Vec<_>>());
    }

    /// A look at a far entry opens its slot. Then more earlier entries arrive than a front holds, in falling order, so
    /// that the horizon moves back again and again, past slots that were filled in between.
    #[test]
    fn a_crowd_before_an_opened_slot_keeps_the_order() {
        let crowd = (0..400).map(|step| (true, 4_000 - step * 7919 % 3_990));
        let pushes = std::iter::once((true, 4_990)).chain(crowd);
        hold_against_a_sorted_list(&pushes.chain((0..401).map(|_| (false, 0))).collect::<Vec<_>>());
    }

    proptest! {
        #[test]
        fn entries_leave_in_order_of_time_and_insertion(
            steps in prop::collection::vec((prop::bool::weighted(0.6), prop_oneof![0u64..4, 0u64..200, 0u64..1 << 40]), 1..400),
        ) {
            hold_against_a_sorted_list(&steps);
        }

        /// Many at few instants, and each is followed by others of the same instant; some get a number of before.
        #[test]
        fn a_crowd_of_one_instant_keeps_the_order(
            steps in prop::collection::vec((prop::bool::weighted(0.7), 0u64..3, 0u64..1_000), 1..2_000),
        ) {
            let (mut wheel, mut sorted, mut now) = (Wheel::default(), std::collections::BTreeSet::new(), 0);
            for (sequence, &(push, delay, back)) in (1_000..).zip(&steps) {
                if push {
                    let number = if back < 20 { 2 * (sequence - back) + 1 } else { 2 * sequence };
                    let entry = Entry::new(now + delay / 2, number, 0);
                    if sorted.insert(entry) {
                        wheel.push(entry);
                    }
                } else {
                    let popped = wheel.pop();
                    prop_assert_eq!(popped, sorted.pop_first());
                    now = popped.map_or(now, Entry::time);
                }
                prop_assert_eq!(wheel.earliest(), sorted.first().map_or(u64::MAX, |entry| entry.time()));
                prop_assert_eq!(wheel.len(), sorted.len());
            }
        }

        #[test]
        fn a_front_that_grows_keeps_the_order(
            steps in prop::collection::vec((prop::bool::weighted(0.8), 0u64..1 << 20), 300..600),
        ) {
            // A far entry alone in its slot moves the horizon far past all entries that follow.
            let steps: Vec<_> = [(true, 1 << 22), (true, 1 << 21)].into_iter().chain(steps).collect();
            hold_against_a_sorted_list(&steps);
        }

        #[test]
        fn crowded_slots_keep_the_order(delays in prop::collection::vec(0u64..5_000, 200..600)) {
            let pushes = delays.iter().map(|&delay| (true, delay));
            let pops = delays.iter().map(|_| (false, 0));
            hold_against_a_sorted_list(&pushes.chain(pops).collect::<Vec<_>>());
        }
    }
}

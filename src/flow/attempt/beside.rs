//! Rows beside the records of attempts: what only some scenarios have, or only some requests use.
//!
//! In: how many tiers, keys and stages an attempt can have. Out: for each record, room for those that have none in it. A
//! row is as long as this scenario needs; most need only that of the times.

use super::{Attempt, NEAR_TIERS, Tier};
use crate::measure::stage::{NEAR, Spent};

/// Slots of keys that need no row: that of the only key there is, and the one in the record.
const NEAR_KEYS: usize = 2;

/// How many of each an attempt can have.
#[derive(Clone, Copy, Debug, Default)]
pub struct Widths {
    /// Nested tiers.
    pub tiers: usize,
    /// Keys.
    pub keys: usize,
    /// Places of the times in stages.
    pub stages: usize,
}

/// The rows of all records.
#[derive(Debug)]
pub(super) struct Beside {
    /// Length of a row of tiers.
    deep: usize,
    tiers: Vec<Tier>,
    /// Length of a row of keys.
    more: usize,
    keys: Vec<u32>,
    /// Lines of a row of times. Those of a free record are zero.
    lines: usize,
    times: Vec<Spent>,
}

impl Beside {
    pub fn new(widths: Widths) -> Beside {
        Beside {
            deep: widths.tiers.saturating_sub(NEAR_TIERS),
            tiers: Vec::new(),
            more: widths.keys.saturating_sub(NEAR_KEYS),
            keys: Vec::new(),
            lines: Spent::lines(widths.stages.saturating_sub(NEAR)),
            times: Vec::new(),
        }
    }

    /// Makes room for this many records. Rows of times are made when an attempt first needs one.
    pub fn grow(&mut self, count: usize) {
        self.tiers.resize(count * self.deep, Tier::NONE);
        self.keys.resize(count * self.more, 0);
    }

    fn tier_at(&self, id: u32, tier: u8) -> usize {
        id as usize * self.deep + usize::from(tier) - NEAR_TIERS
    }

    /// A tier that is not in the record.
    pub fn tier(&self, id: u32, tier: u8) -> &Tier {
        &self.tiers[self.tier_at(id, tier)]
    }

    /// The same, mutable.
    pub fn tier_mut(&mut self, id: u32, tier: u8) -> &mut Tier {
        let at = self.tier_at(id, tier);
        &mut self.tiers[at]
    }

    /// Copies the tiers of one record to another.
    pub fn copy_tiers(&mut self, from: u32, to: u32) {
        if self.deep == 0 {
            return;
        }
        let first = from as usize * self.deep;
        self.tiers.copy_within(first..first + self.deep, to as usize * self.deep);
    }

    /// Copies the keys of one record to another.
    pub fn copy_keys(&mut self, from: u32, to: u32) {
        if self.more == 0 {
            return;
        }
        let first = from as usize * self.more;
        self.keys.copy_within(first..first + self.more, to as usize * self.more);
    }

    /// A key that is not in the record.
    pub fn key(&self, id: u32, slot: u8) -> u32 {
        self.keys[id as usize * self.more + usize::from(slot) - NEAR_KEYS]
    }

    /// The same, mutable.
    pub fn key_mut(&mut self, id: u32, slot: u8) -> &mut u32 {
        &mut self.keys[id as usize * self.more + usize::from(slot) - NEAR_KEYS]
    }

    /// The row of times of a record; nothing if no attempt there has needed one yet.
    #[inline]
    pub fn times(&mut self, id: u32) -> &mut [Spent] {
        let first = id as usize * self.lines;
        self.times.get_mut(first..first + self.lines).unwrap_or_default()
    }

    /// Makes the row of times of a record, if no attempt there has needed one yet.
    #[inline]
    fn make_times(&mut self, id: u32) {
        let end = (id as usize + 1) * self.lines;
        if self.times.len() < end {
            self.times.resize(end, Spent::NOTHING);
        }
    }

    /// Adds the row of times of one record to that of another, and leaves nothing in the first; returns how much that was.
    #[inline(never)]
    pub fn move_times(&mut self, from: u32, to: u32) -> u64 {
        self.make_times(to);
        let (from, to) = (from as usize * self.lines, to as usize * self.lines);
        let mut all = 0;
        for line in 0..self.lines {
            let Spent(spans) = std::mem::replace(&mut self.times[from + line], Spent::NOTHING);
            self.times[to + line].0.iter_mut().zip(spans).for_each(|(time, span)| *time += span);
            all += spans.into_iter().sum::<u64>();
        }
        all
    }

    #[inline(never)]
    fn time(&mut self, id: u32, place: usize) -> &mut u64 {
        self.make_times(id);
        let place = place - NEAR;
        &mut self.times(id)[place / Spent::STAGES].0[place % Spent::STAGES]
    }

    /// The time that an attempt spent in the stage of a place, in its record or beside it.
    #[inline(always)]
    pub fn time_of<'a>(&'a mut self, id: u32, attempt: &'a mut Attempt, place: u16) -> &'a mut u64 {
        let place = usize::from(place);
        if place < NEAR {
            return &mut attempt.times[place];
        }
        attempt.has_far_times = true;
        self.time(id, place)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Attempts, NETWORK, RETRY};
    use super::*;

    const WIDTHS: Widths = Widths { tiers: 4, keys: 3, stages: 14 };

    /// Two attempts, which must not share a tier, a key or a time, in the record or beside it.
    #[test]
    fn each_attempt_has_its_own_of_everything() {
        let mut attempts = Attempts::new(WIDTHS);
        let ids = [attempts.allocate(), attempts.allocate()];
        let number = |id: u32, at: u32| 100 * id + at + 1;
        for id in ids {
            for tier in 0..4u8 {
                attempts.enter(id, tier, Tier { instance: number(id, tier.into()), ..Tier::NONE });
            }
            (1..3u8).for_each(|slot| *attempts.key_mut(id, slot) = number(id, slot.into()));
            (0..14u16)
                .for_each(|place| *attempts.spent_mut(id, place) += u64::from(number(id, place.into())));
        }
        for id in ids {
            for tier in 0..4u8 {
                let (attempt, inside) = attempts.in_tier(id, tier);
                assert_eq!((attempt.depth, inside.instance), (4, number(id, tier.into())));
                assert_eq!(attempts.tier(id, tier).instance, number(id, tier.into()));
            }
            (1..3u8).for_each(|slot| assert_eq!(attempts.key(id, slot), number(id, slot.into())));
            assert_eq!(attempts.key(id, 0), 0);
            let times = attempts.times_mut(id);
            let all = times.near.iter().chain(times.far.iter().flat_map(|line| &line.0));
            let expected = (0..14).map(|place| u64::from(number(id, place)));
            assert_eq!(all.copied().take(14).collect::<Vec<_>>(), expected.collect::<Vec<_>>());
        }
        attempts.copy_tiers(ids[1], ids[0]);
        assert_eq!([0, 3].map(|tier| attempts.tier(ids[0], tier).instance), [101, 104]);
    }

    /// The next attempt in a record has spent no time anywhere, also if the one before failed.
    #[test]
    fn a_record_that_is_used_again_has_no_times() {
        let mut attempts = Attempts::new(WIDTHS);
        let id = attempts.allocate();
        for place in [NETWORK, RETRY, 13] {
            *attempts.spent_mut(id, place) += 7;
        }
        attempts.renew(id);
        assert!(attempts.times_mut(id).near.iter().all(|time| *time == 0));
        assert!(attempts.times_mut(id).far.is_empty());
        *attempts.spent_mut(id, 13) += 7;
        attempts.release(id);
        assert_eq!(attempts.allocate(), id);
        assert_eq!(*attempts.spent_mut(id, 13), 0);
    }

    /// Time until now is booked to the place of the current step; what is booked ahead is not booked again.
    #[test]
    fn time_is_booked_once() {
        let mut attempts = Attempts::new(WIDTHS);
        let id = attempts.allocate();
        (attempts[id].since, attempts[id].stage) = (100, 9);
        attempts.book_ahead(id, NETWORK, 30);
        attempts.book(id, 150);
        assert_eq!((*attempts.spent_mut(id, NETWORK), *attempts.spent_mut(id, 9)), (30, 20));
        attempts.book(id, 150);
        assert_eq!((*attempts.spent_mut(id, 9), attempts[id].since), (20, 150));
    }
}

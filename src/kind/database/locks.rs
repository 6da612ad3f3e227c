//! Row locks: held until commit, granted in order or at random, with deadlock detection.
//!
//! In: transactions that ask for rows. Out: which transaction holds a row and which wait for it, and how long the hottest row was held. A transaction that
//! would close a cycle of waits is a deadlock and fails at once, as the victim of InnoDB's detection does. One of PostgreSQL waits, and
//! asks later whether it is in one.

use rustc_hash::FxHashMap;

use super::hottest::Hottest;
use crate::dist::{below, uniform};
use crate::engine::station::{Integral, Links, Queue};
use crate::flow::{NONE, number};
use crate::rng::Stream;

/// Row locks of one database.
#[derive(Debug, Default)]
pub struct Locks {
    by_row: FxHashMap<u64, u32>,
    locks: Vec<Lock>,
    free: Vec<u32>,
    /// Draws the next owner at random; without it, the transaction that has waited longest is next.
    lots: Option<Stream>,
    /// The chance of each of those behind to be faster than the first; without it, all are alike.
    overtake: Option<f64>,
    /// Transactions waiting now, and the integral of that number over time.
    waiting: u32,
    waiting_area: Integral,
    /// How long rows were held since the last reading.
    hottest: Hottest,
    /// Locks that were got.
    pub taken: u64,
    /// What searches for deadlocks have cost, in locks that would have been held for that time.
    pub searched: f64,
    /// For how long those were held that were waited for, without such searches, nanoseconds; and how many there were.
    alone: (f64, u64),
    /// Waits that ended with the lock, and their total nanoseconds.
    pub granted_after_wait: u64,
    /// Total nanoseconds of those waits.
    pub waited: u64,
}

#[derive(Clone, Copy, Debug)]
struct Lock {
    row: u64,
    owner: u32,
    /// The lock that its owner took before this one.
    previous: u32,
    queue: Queue,
    /// Since when its owner has it, or since the last reading.
    since: u64,
    /// The part of what it could do at once for which it is held: less than all where a batch has room.
    share: f32,
    /// Since when its owner has it, whether that has waited for it, and how long searches for deadlocks have taken meanwhile.
    owned: u64,
    waited: bool,
    searched: u64,
}

/// The result of asking for a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The row is now locked by the transaction.
    Granted,
    /// The transaction waits in the queue of this lock.
    Waiting(u32),
    /// Waiting would close a cycle.
    Deadlock,
}

impl Locks {
    /// Locks that are granted at random.
    pub fn by_lot(lots: Stream) -> Self {
        Locks { lots: Some(lots), ..Locks::default() }
    }

    /// Locks that the first in line gets, unless one of those behind is faster, each with this chance.
    pub fn overtaking(chance: f64, lots: Stream) -> Self {
        Locks { lots: Some(lots), overtake: Some(chance), ..Locks::default() }
    }

    /// Asks for a row. `held` is the last lock of the asking transaction, and is updated; `waits_for` returns the lock
    /// that an attempt waits for.
    pub fn take(
        &mut self,
        asker: u32,
        row: u64,
        held: &mut u32,
        waits_for: impl Fn(u32) -> Option<u32>,
        now: u64,
        links: &mut Links,
    ) -> Outcome {
        let Some(&lock) = self.by_row.get(&row) else {
            let queue = Queue::default();
            let (owned, waited, searched) = (now, false, 0);
            let lock = Lock {
                row,
                owner: asker,
                previous: *held,
                queue,
                since: now,
                share: 1.0,
                owned,
                waited,
                searched,
            };
            self.taken += 1;
            let index = match self.free.pop() {
                Some(index) => {
                    self.locks[index as usize] = lock;
                    index
                }
                None => {
                    self.locks.push(lock);
                    number(self.locks.len() - 1)
                }
            };
            self.by_row.insert(row, index);
            *held = index;
            return Outcome::Granted;
        };
        if self.locks[lock as usize].owner == asker {
            return Outcome::Granted;
        }
        let mut next = lock;
        loop {
            let owner = self.locks[next as usize].owner;
            if owner == asker {
                return Outcome::Deadlock;
            }
            match waits_for(owner) {
                Some(lock) => next = lock,
                None => break,
            }
        }
        self.waiting += 1;
        self.waiting_area.grow(now);
        self.locks[lock as usize].queue.push(asker, links);
        Outcome::Waiting(lock)
    }

    /// Whether a transaction that waits is in a circle of waits. Others may be in circles that are not found yet: the search ends when it
    /// comes back to a lock that it has seen, of which one is kept in mind, and later and later ones.
    pub fn is_deadlocked(&self, asker: u32, waits_for: impl Fn(u32) -> Option<u32>) -> bool {
        let mut next = waits_for(asker);
        let (mut seen, mut steps, mut until) = (None, 0_u64, 1_u64);
        while let Some(lock) = next.filter(|_| seen != next) {
            let owner = self.locks[lock as usize].owner;
            if owner == asker {
                return true;
            }
            if steps == until {
                (seen, until) = (next, 2 * until);
            }
            steps += 1;
            next = waits_for(owner);
        }
        false
    }

    /// A statement waits for a row in a line, without asking for its lock.
    pub fn waits_outside(&mut self, now: u64) {
        self.waiting += 1;
        self.waiting_area.grow(now);
    }

    /// One in a line gives up.
    pub fn leaves_outside(&mut self, now: u64) {
        self.waiting -= 1;
        self.waiting_area.shrink(now);
    }

    /// One has come to the end of its line.
    pub fn comes_in(&mut self, waited: u64, now: u64) {
        self.leaves_outside(now);
        self.granted_after_wait += 1;
        self.waited = self.waited.saturating_add(waited);
    }

    /// A waiting transaction gives up.
    pub fn leave(&mut self, lock: u32, asker: u32, now: u64, links: &mut Links) {
        self.waiting -= 1;
        self.waiting_area.shrink(now);
        self.locks[lock as usize].queue.remove(asker, links);
    }

    /// Releases a lock; returns the lock that its owner took before it, and the new owner.
    pub fn release(&mut self, lock: u32, now: u64, links: &mut Links) -> (u32, Option<u32>) {
        let Lock { previous, row, since, share, .. } = self.locks[lock as usize];
        self.hottest.held(row, (now - since) as f64 * f64::from(share));
        self.note_owned(lock, now);
        (self.locks[lock as usize].since, self.locks[lock as usize].share) = (now, 1.0);
        let next = self.next_owner(lock, links);
        match next {
            Some(_) => {
                self.waiting -= 1;
                self.waiting_area.shrink(now);
            }
            None => {
                self.by_row.remove(&self.locks[lock as usize].row);
                self.locks[lock as usize].owner = NONE;
                self.free.push(lock);
            }
        }
        (previous, next)
    }

    /// The owner of a lock gives it back: what searches have cost it.
    fn note_owned(&mut self, lock: u32, now: u64) {
        let Lock { owned, waited, searched, .. } = &mut self.locks[lock as usize];
        let held = now - std::mem::replace(owned, now);
        let alone = held.saturating_sub(std::mem::take(searched));
        if alone > 0 {
            self.searched += held as f64 / alone as f64 - 1.0;
            if *waited {
                self.alone = (self.alone.0 + alone as f64, self.alone.1 + 1);
            }
        }
        *waited = true;
    }

    /// The owner of a lock searches for a deadlock for so long.
    pub fn searches(&mut self, lock: u32, nanos: u64) {
        self.locks[lock as usize].searched += nanos;
    }

    /// For how long a lock is held that was waited for, without searches, nanoseconds; nothing before there was one.
    pub fn alone(&self) -> Option<f64> {
        (self.alone.1 > 0).then(|| self.alone.0 / self.alone.1 as f64)
    }

    /// Takes the next owner out of the queue of a lock.
    fn next_owner(&mut self, lock: u32, links: &mut Links) -> Option<u32> {
        let queue = &mut self.locks[lock as usize].queue;
        let Some(lots) = self.lots.as_mut().filter(|_| queue.len() > 1) else { return queue.pop(links) };
        let place = match self.overtake {
            None => below(lots, u64::from(queue.len())) as u32,
            // Nobody is faster; else, any of those who are, and they are any.
            Some(chance) => match uniform(lots) < libm::pow(1.0 - chance, f64::from(queue.len() - 1)) {
                true => 0,
                false => 1 + below(lots, u64::from(queue.len() - 1)) as u32,
            },
        };
        let next = queue.nth(place, links)?;
        queue.remove(next, links);
        Some(next)
    }

    /// Hands a released lock to its next owner, whose last lock is updated.
    pub fn hand_over(&mut self, lock: u32, owner: u32, held: &mut u32, waited: u64) {
        self.locks[lock as usize].owner = owner;
        self.locks[lock as usize].previous = std::mem::replace(held, lock);
        self.taken += 1;
        self.granted_after_wait += 1;
        self.waited = self.waited.saturating_add(waited);
    }

    /// The owner of a lock is served with others: all together are a part of those that could be.
    pub fn serves(&mut self, lock: u32, share: f32) {
        self.locks[lock as usize].share = share;
    }

    /// How long the row was held that was held longest since the last reading, nanoseconds.
    pub fn hottest(&mut self, now: u64) -> f64 {
        if self.taken == 0 {
            return 0.0;
        }
        for lock in self.locks.iter_mut().filter(|lock| lock.owner != NONE) {
            self.hottest.held(lock.row, (now - lock.since) as f64 * f64::from(lock.share));
            lock.since = now;
        }
        self.hottest.read()
    }

    /// Transactions that wait for a lock.
    pub fn waiters(&self, lock: u32) -> u32 {
        self.locks[lock as usize].queue.len()
    }

    /// Waiting-transaction nanoseconds up to `now`.
    pub fn waiting_area(&self, now: u64) -> f64 {
        self.waiting_area.up_to(now, self.waiting)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_granted_in_order() {
        let (mut locks, mut links) = (Locks::default(), Links::default());
        links.grow(4);
        let mut held = [NONE; 4];
        assert_eq!(locks.take(0, 7, &mut held[0], |_| None, 0, &mut links), Outcome::Granted);
        assert_eq!(locks.take(0, 7, &mut held[0], |_| None, 0, &mut links), Outcome::Granted);
        assert_eq!(locks.take(1, 7, &mut held[1], |_| None, 0, &mut links), Outcome::Waiting(0));
        assert_eq!(locks.take(2, 7, &mut held[2], |_| None, 0, &mut links), Outcome::Waiting(0));
        assert_eq!(locks.waiters(0), 2);
        let (previous, next) = locks.release(held[0], 10, &mut links);
        assert_eq!((previous, next), (NONE, Some(1)));
        locks.hand_over(0, 1, &mut held[1], 10);
        assert_eq!(held[1], 0);
        assert_eq!(locks.waiting_area(10), 20.0);
    }

    #[test]
    fn a_circle_of_waiting_is_a_deadlock() {
        let (mut locks, mut links) = (Locks::default(), Links::default());
        links.grow(2);
        let mut held = [NONE; 2];
        locks.take(0, 7, &mut held[0], |_| None, 0, &mut links);
        locks.take(1, 8, &mut held[1], |_| None, 0, &mut links);
        let waiting = locks.take(0, 8, &mut held[0], |_| None, 0, &mut links);
        assert_eq!(waiting, Outcome::Waiting(1));
        let waits_for = |attempt| (attempt == 0).then_some(1);
        assert_eq!(locks.take(1, 7, &mut held[1], waits_for, 0, &mut links), Outcome::Deadlock);
    }

    /// 0, 1 and 2 hold one row each and wait for that of the next; 3 waits for that of 0, and is in no circle.
    #[test]
    fn a_search_ends_beside_a_circle() {
        let (mut locks, mut links) = (Locks::default(), Links::default());
        links.grow(4);
        let mut held = [NONE; 4];
        for asker in 0..3_u32 {
            locks.take(asker, u64::from(asker), &mut held[asker as usize], |_| None, 0, &mut links);
        }
        let mut waits = [None; 4];
        for (asker, row) in [(0_u32, 1), (1, 2), (3, 0)] {
            let Outcome::Waiting(lock) =
                locks.take(asker, row, &mut held[asker as usize], |_| None, 0, &mut links)
            else {
                panic!("{asker} does not wait");
            };
            waits[asker as usize] = Some(lock);
        }
        let found = |locks: &Locks, waits: &[Option<u32>; 4]| {
            [0, 1, 2, 3].map(|asker| locks.is_deadlocked(asker, |attempt| waits[attempt as usize]))
        };
        assert_eq!(found(&locks, &waits), [false; 4]);
        let last = locks.take(2, 0, &mut held[2], |_| None, 0, &mut links);
        waits[2] = Some(held[0]);
        assert_eq!(last, Outcome::Waiting(held[0]));
        assert_eq!(found(&locks, &waits), [true, true, true, false]);
    }
}

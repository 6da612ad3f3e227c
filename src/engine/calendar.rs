//! The calendar: every pending event, in one total order.
//!
//! In: events with a time, events with one of the constant delays, and timers that can be moved and cancelled.
//! Out: the next one. Order: (time, insertion); an arrival from outside the system comes last at its instant,
//! so that whatever ends at that instant has made room for it.

use std::cmp::Reverse;
use std::hash::{BuildHasherDefault, Hash};

use priority_queue::PriorityQueue;
use rustc_hash::FxHasher;

use super::lane::Lane;
use super::wheel::{Entry, Wheel};

/// A lane of a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaneId(u16);

/// What [`Calendar::next`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next<E, T> {
    /// A request event.
    Event(E),
    /// A control timer.
    Timer(T),
}

/// Time and insertion number as one number, see [`Entry::key`].
type Key = u128;
const NEVER: Key = Key::MAX;

#[inline]
fn time_of(key: Key) -> u64 {
    (key >> 64) as u64
}

/// Lanes side by side, and the earliest of their heads.
#[derive(Debug)]
struct Lanes<E> {
    lanes: Vec<Lane<E>>,
    /// Key of the first entry of each: finding the earliest is one pass over a few words.
    heads: Vec<Key>,
    /// The earliest of them and its lane.
    front: (Key, usize),
}

impl<E: Copy> Lanes<E> {
    fn new() -> Self {
        Lanes { lanes: Vec::new(), heads: Vec::new(), front: (NEVER, 0) }
    }

    /// The lane of a delay, made if there is none yet.
    fn of(&mut self, delay: u64) -> usize {
        self.lanes.iter().position(|lane| lane.delay() == delay).unwrap_or_else(|| {
            self.lanes.push(Lane::new(delay));
            self.heads.push(NEVER);
            self.lanes.len() - 1
        })
    }

    #[inline(always)]
    fn push(&mut self, index: usize, now: u64, sequence: u64, event: E) {
        let lane = &mut self.lanes[index];
        let entry = Entry { time: now.saturating_add(lane.delay()), sequence, event };
        if lane.is_empty() {
            let key = entry.key();
            self.heads[index] = key;
            if key < self.front.0 {
                self.front = (key, index);
            }
        }
        lane.push(entry);
    }

    /// Takes the front.
    #[inline]
    fn pop(&mut self) -> Option<Entry<E>> {
        let index = self.front.1;
        let lane = &mut self.lanes[index];
        let entry = lane.pop();
        let next = lane.peek().map_or(NEVER, Entry::key);
        self.heads[index] = next;
        let mut front = (next, index);
        for (index, &key) in self.heads.iter().enumerate() {
            // No branch: which lane is next cannot be foretold.
            front = if key < front.0 { (key, index) } else { front };
        }
        self.front = front;
        entry
    }
}

/// Pending events of type `E` and timers of type `T`.
#[derive(Debug)]
pub struct Calendar<E, T: Hash + Eq> {
    wheel: Wheel<E>,
    lanes: Lanes<E>,
    timers: PriorityQueue<T, Reverse<Key>, BuildHasherDefault<FxHasher>>,
    timer_front: Key,
    sequence: u64,
}

impl<E: Copy, T: Hash + Eq + Copy> Default for Calendar<E, T> {
    fn default() -> Self {
        Calendar {
            wheel: Wheel::default(),
            lanes: Lanes::new(),
            timers: PriorityQueue::with_default_hasher(),
            timer_front: NEVER,
            sequence: 0,
        }
    }
}

impl<E: Copy, T: Hash + Eq + Copy> Calendar<E, T> {
    /// Adds an event at a time; returns its number, by which it can be told from any other.
    #[inline(never)]
    pub fn at(&mut self, time: u64, event: E) -> u64 {
        let sequence = self.stamp();
        self.wheel.push(Entry { time, sequence, event });
        sequence
    }

    /// Takes a number for an event that will be added later, if at all.
    #[inline]
    pub fn number(&mut self) -> u64 {
        self.stamp()
    }

    /// Adds an event with a number taken before.
    pub fn at_number(&mut self, time: u64, sequence: u64, event: E) {
        self.wheel.push(Entry { time, sequence, event });
    }

    /// The lane for a delay in nanoseconds, made if there is none yet.
    pub fn lane(&mut self, delay: u64) -> LaneId {
        LaneId(self.lanes.of(delay) as u16)
    }

    /// Adds an event one lane's delay after `now`; returns its number.
    #[inline(never)]
    pub fn after(&mut self, lane: LaneId, now: u64, event: E) -> u64 {
        let sequence = self.stamp();
        self.lanes.push(usize::from(lane.0), now, sequence, event);
        sequence
    }

    /// Sets a timer, moving it if it is set already.
    pub fn set(&mut self, timer: T, time: u64) {
        let sequence = self.stamp();
        let key = Entry { time, sequence, event: () }.key();
        self.timers.push(timer, Reverse(key));
        self.find_timer_front();
    }

    /// Cancels a timer, if it is set.
    pub fn cancel(&mut self, timer: &T) {
        self.timers.remove(timer);
        self.find_timer_front();
    }

    /// Takes the earliest event that is not later than `limit`, with its time and number.
    #[inline]
    pub fn next(&mut self, limit: u64) -> Option<(u64, u64, Next<E, T>)> {
        loop {
            // Times alone settle the order unless two sources name the same instant.
            let wheel = self.wheel.earliest();
            let lane = time_of(self.lanes.front.0);
            let timer = time_of(self.timer_front);
            let first = wheel.min(lane).min(timer);
            if first > limit || first == u64::MAX {
                return None;
            }
            let entry = if wheel < lane && wheel < timer {
                self.wheel.pop()
            } else if lane < wheel && lane < timer {
                self.lanes.pop()
            } else {
                match self.next_by_key() {
                    Ok(entry) => entry,
                    Err((key, timer)) => return Some((time_of(key), key as u64, Next::Timer(timer))),
                }
            };
            if let Some(entry) = entry {
                return Some((entry.time, entry.sequence, Next::Event(entry.event)));
            }
        }
    }

    /// The earliest event or timer by time and insertion; nothing if a lane's head had been dropped.
    #[inline(never)]
    fn next_by_key(&mut self) -> Result<Option<Entry<E>>, (Key, T)> {
        let wheel = self.wheel.peek().map_or(NEVER, Entry::key);
        let first = wheel.min(self.lanes.front.0).min(self.timer_front);
        if first == wheel {
            Ok(self.wheel.pop())
        } else if first == self.lanes.front.0 {
            Ok(self.lanes.pop())
        } else {
            let timer = self.timers.pop();
            self.find_timer_front();
            timer.map_or(Ok(None), |(timer, _)| Err((first, timer)))
        }
    }

    /// Events that come next, see [`Wheel::opened`].
    #[inline]
    pub fn opened(&mut self) -> impl Iterator<Item = E> {
        self.wheel.opened().iter().map(|entry| entry.event)
    }

    /// Most request events that were on the wheel at once.
    pub fn peak(&self) -> usize {
        self.wheel.peak()
    }

    #[inline]
    fn stamp(&mut self) -> u64 {
        self.sequence += 1;
        self.sequence
    }

    fn find_timer_front(&mut self) {
        self.timer_front = self.timers.peek().map_or(NEVER, |(_, Reverse(key))| *key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_times_leave_in_order_of_insertion_wherever_they_lie() {
        let mut calendar: Calendar<u32, u32> = Calendar::default();
        let lane = calendar.lane(10);
        calendar.at(10, 1);
        calendar.after(lane, 0, 2);
        calendar.set(3, 10);
        calendar.at(10, 4);
        calendar.after(lane, 0, 5);
        let order: Vec<_> = std::iter::from_fn(|| calendar.next(10)).map(|(_, _, next)| next).collect();
        assert_eq!(order, [Next::Event(1), Next::Event(2), Next::Timer(3), Next::Event(4), Next::Event(5)]);
    }

    #[test]
    fn nothing_later_than_the_limit_leaves() {
        let mut calendar: Calendar<u32, u32> = Calendar::default();
        calendar.at(11, 1);
        assert_eq!(calendar.next(10), None);
        assert_eq!(calendar.next(11), Some((11, 1, Next::Event(1))));
    }

    #[test]
    fn a_timer_can_be_moved_and_cancelled() {
        let mut calendar: Calendar<u32, u32> = Calendar::default();
        calendar.set(7, 5);
        calendar.set(7, 20);
        calendar.set(8, 6);
        calendar.cancel(&8);
        assert_eq!(calendar.next(100), Some((20, 2, Next::Timer(7))));
        assert_eq!(calendar.next(100), None);
    }
}

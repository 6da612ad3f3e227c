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

/// Position of a lane in its calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaneId(pub u16);

/// What [`Calendar::next`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next<E, T> {
    /// A request event.
    Event(E),
    /// A control timer.
    Timer(T),
}

type Key = (u64, u64);
const NEVER: Key = (u64::MAX, u64::MAX);

/// Pending events of type `E` and timers of type `T`.
#[derive(Debug)]
pub struct Calendar<E, T: Hash + Eq> {
    wheel: Wheel<E>,
    lanes: Vec<Lane<E>>,
    /// Key and lane of the earliest entry of all lanes.
    lane_front: (Key, usize),
    timers: PriorityQueue<T, Reverse<Key>, BuildHasherDefault<FxHasher>>,
    timer_front: Key,
    sequence: u64,
    peak: usize,
}

impl<E: Copy, T: Hash + Eq + Copy> Default for Calendar<E, T> {
    fn default() -> Self {
        Calendar {
            wheel: Wheel::default(),
            lanes: Vec::new(),
            lane_front: (NEVER, 0),
            timers: PriorityQueue::with_default_hasher(),
            timer_front: NEVER,
            sequence: 0,
            peak: 0,
        }
    }
}

impl<E: Copy, T: Hash + Eq + Copy> Calendar<E, T> {
    /// Adds an event at a time.
    #[inline]
    pub fn at(&mut self, time: u64, event: E) {
        let sequence = self.stamp();
        self.wheel.push(Entry { time, sequence, event });
        self.peak = self.peak.max(self.wheel.len());
    }

    /// The lane for a delay in nanoseconds, made if there is none yet.
    pub fn lane(&mut self, delay: u64) -> LaneId {
        let index = self.lanes.iter().position(|lane| lane.delay() == delay).unwrap_or_else(|| {
            self.lanes.push(Lane::new(delay));
            self.lanes.len() - 1
        });
        LaneId(index as u16)
    }

    /// Adds an event one lane's delay after `now`.
    #[inline]
    pub fn after(&mut self, lane: LaneId, now: u64, event: E) {
        let index = usize::from(lane.0);
        let key = (now.saturating_add(self.lanes[index].delay()), self.stamp());
        if self.lanes[index].peek().is_none() && key < self.lane_front.0 {
            self.lane_front = (key, index);
        }
        self.lanes[index].push(Entry { time: key.0, sequence: key.1, event });
    }

    /// Drops entries from the head of a lane while they are `dead`: timeouts of what has ended in time.
    #[inline]
    pub fn trim(&mut self, lane: LaneId, dead: impl Fn(&E) -> bool) {
        let index = usize::from(lane.0);
        let mut dropped = false;
        while self.lanes[index].peek().is_some_and(|entry| dead(&entry.event)) {
            self.lanes[index].pop();
            dropped = true;
        }
        if dropped && self.lane_front.1 == index {
            self.find_lane_front();
        }
    }

    /// Sets a timer, moving it if it is set already.
    pub fn set(&mut self, timer: T, time: u64) {
        let key = (time, self.stamp());
        self.timers.push(timer, Reverse(key));
        self.find_timer_front();
    }

    /// Cancels a timer, if it is set.
    pub fn cancel(&mut self, timer: &T) {
        self.timers.remove(timer);
        self.find_timer_front();
    }

    /// Takes the earliest event that is not later than `limit`, with its time.
    #[inline]
    pub fn next(&mut self, limit: u64) -> Option<(u64, Next<E, T>)> {
        let wheel = self.wheel.peek().map_or(NEVER, Entry::key);
        let lane = self.lane_front.0;
        let first = wheel.min(lane).min(self.timer_front);
        if first.0 > limit || first == NEVER {
            return None;
        }
        let event = if first == wheel {
            self.wheel.pop()?.event
        } else if first == lane {
            let entry = self.lanes[self.lane_front.1].pop()?;
            self.find_lane_front();
            entry.event
        } else {
            let (timer, _) = self.timers.pop()?;
            self.find_timer_front();
            return Some((first.0, Next::Timer(timer)));
        };
        Some((first.0, Next::Event(event)))
    }

    /// Most entries that were on the wheel at once.
    pub fn peak(&self) -> usize {
        self.peak
    }

    /// Events inserted so far.
    pub fn inserted(&self) -> u64 {
        self.sequence
    }

    #[inline]
    fn stamp(&mut self) -> u64 {
        self.sequence += 1;
        self.sequence
    }

    #[inline]
    fn find_lane_front(&mut self) {
        let mut front = (NEVER, 0);
        for (index, lane) in self.lanes.iter().enumerate() {
            if let Some(entry) = lane.peek()
                && entry.key() < front.0
            {
                front = (entry.key(), index);
            }
        }
        self.lane_front = front;
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
        let order: Vec<_> = std::iter::from_fn(|| calendar.next(10)).map(|(_, next)| next).collect();
        assert_eq!(order, [Next::Event(1), Next::Event(2), Next::Timer(3), Next::Event(4), Next::Event(5)]);
    }

    #[test]
    fn nothing_later_than_the_limit_leaves() {
        let mut calendar: Calendar<u32, u32> = Calendar::default();
        calendar.at(11, 1);
        assert_eq!(calendar.next(10), None);
        assert_eq!(calendar.next(11), Some((11, Next::Event(1))));
    }

    #[test]
    fn a_timer_can_be_moved_and_cancelled() {
        let mut calendar: Calendar<u32, u32> = Calendar::default();
        calendar.set(7, 5);
        calendar.set(7, 20);
        calendar.set(8, 6);
        calendar.cancel(&8);
        assert_eq!(calendar.next(100), Some((20, Next::Timer(7))));
        assert_eq!(calendar.next(100), None);
    }

    #[test]
    fn trimming_a_lane_uncovers_its_first_live_entry() {
        let mut calendar: Calendar<u32, u32> = Calendar::default();
        let lane = calendar.lane(10);
        for event in 1..=3 {
            calendar.after(lane, u64::from(event), event);
        }
        calendar.trim(lane, |event| *event < 3);
        assert_eq!(calendar.next(100), Some((13, Next::Event(3))));
    }
}

//! simcap's whole calendar, the heap of the standard library, and a priority queue with a hash map behind it.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::hash::BuildHasherDefault;

use priority_queue::PriorityQueue;
use rustc_hash::FxHasher;
use simcap::engine::calendar::{Calendar, Next};
use simcap::engine::wheel::Entry;

use super::{Payload, Pending, Queue};

/// The calendar as a run uses it: wheel, lanes and timers, of which only the wheel holds anything here.
#[derive(Default)]
pub struct Simcap(Calendar<Payload, u32>);

impl Queue for Simcap {
    fn push(&mut self, entry: Pending) {
        self.0.at(entry.time, entry.event);
    }
    fn pop(&mut self) -> Option<Pending> {
        match self.0.next(u64::MAX)? {
            (time, sequence, Next::Event(event)) => Some(Entry { time, sequence, event }),
            (_, _, Next::Timer(_)) => None,
        }
    }
}

/// An entry in the order of the standard library's heap, whose greatest comes first.
struct Last(Pending);

impl PartialEq for Last {
    fn eq(&self, other: &Self) -> bool {
        self.0.key() == other.0.key()
    }
}
impl Eq for Last {}
impl PartialOrd for Last {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Last {
    fn cmp(&self, other: &Self) -> Ordering {
        other.0.key().cmp(&self.0.key())
    }
}

/// `std::collections::BinaryHeap`.
#[derive(Default)]
pub struct Binary(BinaryHeap<Last>);

impl Queue for Binary {
    fn push(&mut self, entry: Pending) {
        self.0.push(Last(entry));
    }
    fn pop(&mut self) -> Option<Pending> {
        self.0.pop().map(|last| last.0)
    }
}

/// `priority_queue::PriorityQueue` with the Fx hash: entries could be moved and taken out.
#[derive(Default)]
pub struct Priority(PriorityQueue<Payload, Reverse<u128>, BuildHasherDefault<FxHasher>>);

impl Queue for Priority {
    fn push(&mut self, entry: Pending) {
        self.0.push(entry.event, Reverse(entry.key()));
    }
    fn pop(&mut self) -> Option<Pending> {
        let (event, Reverse(key)) = self.0.pop()?;
        Some(Entry { time: (key >> 64) as u64, sequence: key as u64, event })
    }
}

//! The whole calendar of simcap, the heap of the standard library, and a priority queue with a hash map.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hash::BuildHasherDefault;

use priority_queue::PriorityQueue;
use rustc_hash::FxHasher;
use simcap::engine::calendar::{Calendar, Next};
use simcap::engine::entry::Entry;

use super::{Pending, Queue};

/// The calendar as a run uses it; here only the posts and the wheel have entries.
#[derive(Default)]
pub struct Simcap(Calendar<u32>);

impl Queue for Simcap {
    fn push(&mut self, entry: Pending) {
        self.0.at(entry.time(), entry.event());
    }
    fn pop(&mut self) -> Option<Pending> {
        match self.0.next(u64::MAX)? {
            Next::Event(entry) => Some(entry),
            Next::Plan(..) | Next::Timer(..) => None,
        }
    }
}

/// `std::collections::BinaryHeap`, whose greatest comes first.
#[derive(Default)]
pub struct Binary(BinaryHeap<Reverse<Pending>>);

impl Queue for Binary {
    fn push(&mut self, entry: Pending) {
        self.0.push(Reverse(entry));
    }
    fn pop(&mut self) -> Option<Pending> {
        self.0.pop().map(|Reverse(entry)| entry)
    }
}

/// `priority_queue::PriorityQueue` with the Fx hash: its entries could be moved and removed.
#[derive(Default)]
pub struct Priority(PriorityQueue<u64, Reverse<Entry>, BuildHasherDefault<FxHasher>>);

impl Queue for Priority {
    fn push(&mut self, entry: Pending) {
        self.0.push(entry.number(), Reverse(entry));
    }
    fn pop(&mut self) -> Option<Pending> {
        self.0.pop().map(|(_, Reverse(entry))| entry)
    }
}

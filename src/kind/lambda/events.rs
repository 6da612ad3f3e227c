//! The queues of Lambda for events. In: nothing. Out: what is known of each event, and what is counted of all of a function.

use std::collections::{BTreeMap, BTreeSet};

use super::event::Event;
use crate::catalog::zone::Zone;
use crate::flow::mark::Mark;
use crate::measure::histogram::Histogram;

/// All events of a run.
#[derive(Debug, Default)]
pub struct Events {
    /// Those that are there, by their numbers.
    pub all: BTreeMap<u32, Event>,
    /// The number of the next one.
    next: u32,
    /// Of each function.
    pub each: Vec<Queue>,
}

/// The events of a function.
#[derive(Debug, Default)]
pub struct Queue {
    /// The first ops of its path: to invoke it, and to tell of a failure.
    pub path: Option<[u32; 2]>,
    /// The Region that it may be lost with, and whether it is.
    pub region: Option<Zone>,
    pub is_lost: bool,
    /// Those that wait, by when something happens to them: they are tried again, or too old.
    pub waiting: BTreeSet<(u64, u32)>,
    /// Those that are there, by when they came.
    pub by_age: BTreeSet<(u64, u32)>,
    /// Those that wait because they were throttled.
    pub held: u64,
    pub counts: Counts,
    pub marks: Marks,
    /// Of each row: events that came, those that got an environment for the first time, those that were held at its end.
    pub came: Vec<f64>,
    pub taken: Vec<f64>,
    pub held_in_rows: Vec<f64>,
    /// From when an event came to each invocation.
    pub age: Histogram,
}

/// What happened to the events of a function.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// They came.
    pub received: u64,
    /// Their invocation succeeded.
    pub succeeded: u64,
    /// They were dropped: after the last retry, and as too old.
    pub dropped: u64,
    pub too_old: u64,
    /// Their first invocation began.
    pub taken: u64,
    /// Tries again after an invocation that failed.
    pub retried: u64,
    /// Their destination could not be told.
    pub undelivered: u64,
}

/// Counters at the end of the last row.
#[derive(Debug, Default)]
pub struct Marks {
    pub received: Mark,
    pub lost: Mark,
    pub taken: Mark,
}

impl Counts {
    /// All that were dropped.
    pub fn lost(&self) -> u64 {
        self.dropped + self.too_old
    }
}

impl Queue {
    /// Events that are there: in the queue, or worked on.
    pub fn there(&self) -> u64 {
        self.by_age.len() as u64
    }

    /// Age of the oldest event that is there, nanoseconds.
    pub fn oldest(&self, now: u64) -> u64 {
        self.by_age.first().map_or(0, |(sent, _)| now.saturating_sub(*sent))
    }
}

impl Events {
    /// None so far, of as many functions.
    pub fn of(each: Vec<Queue>) -> Events {
        Events { each, ..Events::default() }
    }

    /// A new event; its number.
    pub fn add(&mut self, event: Event) -> u32 {
        // After four thousand million the first one has long gone.
        while self.all.contains_key(&self.next) {
            self.next = self.next.wrapping_add(1);
        }
        let number = self.next;
        self.next = self.next.wrapping_add(1);
        self.all.insert(number, event);
        number
    }
}

//! Who is inside: visitors that were let in, each for as long as a session lasts.
//!
//! In: visitors that are let in. Out: whether one may come again, and when the next session ends.

use std::collections::VecDeque;

use rustc_hash::FxHashSet;

use crate::flow::{Flow, NONE};

/// The sessions of one room, all of the same length. A visitor who is inside is not let in again, so each has one.
#[derive(Debug)]
pub(super) struct Sessions {
    length: u64,
    /// When they end, and whose they are; the first ends first.
    ends: VecDeque<(u64, u64)>,
    visitors: FxHashSet<u64>,
}

/// A number of a visitor: a user, or a request of open traffic with its retries.
pub(super) fn visitor(id: u32, flow: &Flow) -> u64 {
    /// The bits of a request among those of its source.
    const OF_SOURCE: u32 = 48;
    let attempt = &flow.attempts[id];
    let within = match attempt.user {
        NONE => flow.attempts[id].ordinal & ((1 << OF_SOURCE) - 1),
        user => user.into(),
    };
    u64::from(attempt.source) << OF_SOURCE | within
}

impl Sessions {
    /// Nobody is inside.
    pub fn new(length: u64) -> Sessions {
        Sessions { length, ends: VecDeque::new(), visitors: FxHashSet::default() }
    }

    /// How many are inside at an instant.
    pub fn inside(&self, now: u64) -> usize {
        self.ends.len() - self.ends.partition_point(|(until, _)| *until <= now)
    }

    /// When the first of them leaves.
    pub fn next_end(&self, now: u64) -> Option<u64> {
        self.ends.get(self.ends.partition_point(|(until, _)| *until <= now)).map(|(until, _)| *until)
    }

    /// Whether a visitor is inside.
    pub fn has(&mut self, visitor: u64, now: u64) -> bool {
        let over = self.ends.partition_point(|(until, _)| *until <= now);
        for (_, gone) in self.ends.drain(..over) {
            self.visitors.remove(&gone);
        }
        self.visitors.contains(&visitor)
    }

    /// A visitor is let in.
    pub fn begin(&mut self, visitor: u64, now: u64) {
        if self.length > 0 {
            self.ends.push_back((now.saturating_add(self.length), visitor));
            self.visitors.insert(visitor);
        }
    }
}

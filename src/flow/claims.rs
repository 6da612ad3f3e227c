//! What an attempt waits for and what it holds, beside its record.
//!
//! Apart from the record, because an attempt that only passes time needs none of it, and a million of those are read
//! faster when each lies in one line of a processor's cache.

use super::NONE;
use super::deadline::Deadline;

/// Where an attempt waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// It does not wait in a queue.
    Nowhere,
    /// For a server of a station.
    Station(u32),
    /// In a queue of a kind.
    Queue {
        /// The kind.
        owner: u8,
        /// Which of its resources.
        place: u16,
        /// Which queue of that: a lock, an item.
        item: u32,
    },
}

/// What an attempt waits for and holds.
#[derive(Clone, Debug)]
pub struct Claims {
    /// Where it waits.
    pub waiting: Waiting,
    /// The limit of its present wait.
    pub limit: Deadline,
    /// When it joined the queue of a service station.
    pub queued: u64,
    /// When the deadlines of the attempt in this record are looked at next; the end of time if that is not planned.
    pub watched: u64,
    /// The station (cores of a host, service station) of which it holds a server.
    pub holding: u32,
    /// What the clock of its CPU work showed when it began to be counted as abandoned.
    pub clock: f64,
    /// Number of its request among those of its source, where something recorded is replayed.
    pub ordinal: u64,
}

impl Claims {
    /// None.
    pub const EMPTY: Claims = Claims {
        waiting: Waiting::Nowhere,
        limit: Deadline::NEVER,
        queued: 0,
        watched: u64::MAX,
        holding: NONE,
        clock: 0.0,
        ordinal: 0,
    };

    /// Whether nothing is held and nowhere waited, as it must be when an attempt has ended.
    pub fn are_settled(&self) -> bool {
        self.waiting == Waiting::Nowhere && self.limit == Deadline::NEVER && self.holding == NONE
    }
}

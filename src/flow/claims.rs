//! What an attempt waits for and what it holds.
//!
//! Kept apart from the record, because an attempt that only passes time needs none of it, and a million records are
//! read faster when each fits one cache line.

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
        /// The number of the kind.
        owner: u8,
        /// The resource of that kind.
        place: u16,
        /// The queue of that resource: a lock, an item.
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
    /// The station (cores of a host, service station) at which it holds a server.
    pub holding: u32,
    /// The CPU clock of its work when that began to be counted as abandoned.
    pub clock: f64,
}

impl Claims {
    /// Nothing claimed.
    pub const EMPTY: Claims =
        Claims { waiting: Waiting::Nowhere, limit: Deadline::NEVER, queued: 0, holding: NONE, clock: 0.0 };

    /// Whether it holds nothing and waits nowhere, as it must when an attempt has ended.
    pub fn are_settled(&self) -> bool {
        self.waiting == Waiting::Nowhere && self.limit == Deadline::NEVER && self.holding == NONE
    }
}

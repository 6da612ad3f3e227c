//! Which pollers Lambda has for the queues whose workers are functions. In: pollers that come and go. Out: how many there are.

use std::collections::BTreeMap;

use super::store::Receipt;
use crate::flow::number;

/// Pollers of Lambda have the numbers from here on; those of fleets the ones before.
pub(super) const FROM: u32 = 1 << 31;
/// The number by which errands are known that are of no poller at all.
pub(super) const NO_POLLER: u32 = u32::MAX - 1;
/// All pollers of Lambda.
#[derive(Debug, Default)]
pub struct Sources {
    /// Those that there are, each with its queue.
    pub(super) live: BTreeMap<u32, u16>,
    /// How many there were.
    pub(super) made: u32,
    /// Of each function, as the resource that it shares, messages beyond one of each invocation that has begun with some of a queue.
    pub(super) beyond: BTreeMap<usize, u64>,
    /// Of those that have a batch.
    pub(super) batches: BTreeMap<u32, Batch>,
    /// Of those that gather one: until when, and what they have.
    pub(super) gathering: BTreeMap<u32, (u64, Vec<Receipt>)>,
    /// Work on a message that may fail by itself, with the invocation that waits for it; and the other way round.
    pub(super) tries: BTreeMap<u32, u32>,
    pub(super) callers: BTreeMap<u32, u32>,
}

/// A batch that a function has.
#[derive(Clone, Debug, Default)]
pub(super) struct Batch {
    /// Its messages.
    pub messages: usize,
    /// Those of them that are done, with success or not.
    pub done: usize,
    /// The places of those that have failed.
    pub failed: Vec<usize>,
}

impl Sources {
    /// How many a queue has.
    pub(super) fn of(&self, queue: u16) -> u32 {
        number(self.live.values().filter(|of| **of == queue).count())
    }
}

/// Whether a poller is one of Lambda.
pub(super) fn is_of_lambda(poller: u32) -> bool {
    poller >= FROM
}

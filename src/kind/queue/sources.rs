//! Which pollers Lambda has for the queues whose workers are functions. In: pollers that come and go. Out: how many there are.

use std::collections::BTreeMap;

use crate::flow::number;

/// Pollers of Lambda have the numbers from here on; those of fleets the ones before.
pub(super) const FROM: u32 = 1 << 31;
/// All pollers of Lambda.
#[derive(Debug, Default)]
pub struct Sources {
    /// Those that there are, each with its queue.
    pub(super) live: BTreeMap<u32, u16>,
    /// How many there were.
    pub(super) made: u32,
    /// Of those that have a batch: its messages, and those of them that are done.
    pub(super) batches: BTreeMap<u32, (u64, u64)>,
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

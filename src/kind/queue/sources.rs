//! Which pollers Lambda has for the queues whose workers are functions. In: pollers that come and go. Out: how many there are.

use std::collections::{BTreeMap, BTreeSet};

use super::store::{Level, Receipt};
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
    /// Those of them that have messages, or are about to get some.
    pub(super) busy: BTreeSet<u32>,
    /// Of each queue, how many of both there are.
    pub(super) polling: BTreeMap<u16, Polling>,
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

/// How many pollers of Lambda a queue has, and how many of them have messages or are about to get some.
#[derive(Debug, Default)]
pub(super) struct Polling {
    there: Level,
    busy: Level,
    /// Both up to the end of the last row, as a number times nanoseconds.
    mark: (f64, f64),
}

impl Polling {
    /// Both since it was last read, as a number times nanoseconds.
    pub fn read(&mut self, now: u64) -> (f64, f64) {
        let areas = (self.there.area(now), self.busy.area(now));
        let before = std::mem::replace(&mut self.mark, areas);
        (areas.0 - before.0, areas.1 - before.1)
    }
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
    /// A poller of a queue begins.
    pub(super) fn begin(&mut self, poller: u32, queue: u16, now: u64) {
        self.live.insert(poller, queue);
        self.polling.entry(queue).or_default().there.change(1, now);
    }

    /// It ends.
    pub(super) fn end(&mut self, poller: u32, now: u64) {
        self.has_work(poller, false, now);
        if let Some(queue) = self.live.remove(&poller) {
            self.polling.entry(queue).or_default().there.change(-1, now);
        }
    }

    /// Whether it has messages, or is about to get some.
    pub(super) fn has_work(&mut self, poller: u32, has: bool, now: u64) {
        let Some(queue) = self.live.get(&poller) else { return };
        let changed = if has { self.busy.insert(poller) } else { self.busy.remove(&poller) };
        if changed {
            self.polling.entry(*queue).or_default().busy.change(if has { 1 } else { -1 }, now);
        }
    }

    /// How many a queue has.
    pub(super) fn of(&self, queue: u16) -> u32 {
        number(self.live.values().filter(|of| **of == queue).count())
    }
}

/// Whether a poller is one of Lambda.
pub(super) fn is_of_lambda(poller: u32) -> bool {
    poller >= FROM
}

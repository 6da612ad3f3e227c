//! Pollers of Lambda, which invoke a function with the messages of a queue.
//!
//! In: a queue whose workers are a function. Out: errands outside of all hosts, each of which receives a batch, has an environment work on it, and
//! deletes it. There are five at first, more while messages can be received, and fewer as soon as one comes back with nothing. If an invocation
//! fails or is throttled, its messages are not deleted, and come back when their visibility timeout ends.

use std::collections::{BTreeMap, BTreeSet};

use super::language::source::{FIRST, MORE, Source};
use super::op::Timer;
use super::state::{Queue, Queues};
use crate::flow::next::Next;
use crate::flow::{Flow, number};
use crate::kind::Kind;
use crate::measure::stage::Cause;

/// Pollers of Lambda have the numbers from here on; those of fleets the ones before.
const FROM: u32 = 1 << 31;
/// How often Lambda looks whether it needs more, nanoseconds. Assumption: AWS gives the number for each minute, and it grows evenly.
const LOOKS: u64 = 1_000_000_000;
/// Pause of a poller whose call or invocation was throttled, nanoseconds. Assumption: AWS says no more than that it backs off.
const PAUSE: u64 = 1_000_000_000;

/// All pollers of Lambda.
#[derive(Debug, Default)]
pub struct Sources {
    /// Those that there are, each with its queue.
    live: BTreeMap<u32, u16>,
    /// How many there were.
    made: u32,
    /// Of those that have a batch: its messages, and those of them that are done.
    batches: BTreeMap<u32, (u64, u64)>,
}

impl Sources {
    /// How many a queue has.
    fn of(&self, queue: u16) -> u32 {
        number(self.live.values().filter(|of| **of == queue).count())
    }
}

/// Whether a poller is one of Lambda.
pub(super) fn is_of_lambda(poller: u32) -> bool {
    poller >= FROM
}

impl Queues<'_> {
    /// The queues whose workers are functions.
    fn source(&self, queue: u16) -> Option<Source> {
        self.settings[usize::from(queue)].source
    }

    /// Lambda looks whether a queue needs more pollers.
    pub(super) fn grow(&mut self, queue: u16, flow: &mut Flow) {
        let Some(source) = self.source(queue) else { return };
        let state: &Queue = &self.each[usize::from(queue)];
        let there = self.sources.of(queue);
        if !state.is_lost {
            let more = match there {
                0 => FIRST,
                _ if state.store.has_some() => MORE,
                _ => 0,
            };
            for _ in 0..more.min(source.most.saturating_sub(there)) {
                let poller = FROM + self.sources.made % FROM;
                self.sources.made = self.sources.made.wrapping_add(1);
                self.sources.live.insert(poller, queue);
                self.ask_for(queue, poller, flow);
            }
        }
        flow.set(Timer::Grow { queue }, flow.now.saturating_add(LOOKS));
    }

    /// A poller of Lambda asks its queue.
    pub(super) fn ask_for(&mut self, queue: u16, poller: u32, flow: &mut Flow) {
        if self.sources.live.get(&poller) != Some(&queue) {
            return;
        }
        let Some(path) = self.each[usize::from(queue)].path else { return };
        flow.send_errand(Kind::Queue as u8, poller, path.receive);
    }

    /// The poller whose errand an attempt is, if it is one of Lambda that is there.
    fn poller_of_lambda(&self, id: u32, flow: &Flow) -> Option<(u32, u16)> {
        let poller = flow.errand(id, Kind::Queue as u8).filter(|poller| is_of_lambda(*poller))?;
        Some((poller, *self.sources.live.get(&poller)?))
    }

    /// A function has a batch.
    pub(super) fn has_batch(&mut self, id: u32, flow: &Flow) {
        let Some((poller, queue)) = self.poller_of_lambda(id, flow) else { return };
        let messages = self.hand(id).len() as u64;
        self.sources.batches.insert(poller, (messages, 0));
        self.of(queue).counts.begun += messages;
    }

    /// A function is done with a message.
    pub(super) fn done_one(&mut self, id: u32, first: u32, flow: &Flow) -> Next {
        let Some((poller, _)) = self.poller_of_lambda(id, flow) else { return Next::Op };
        let Some((messages, done)) = self.sources.batches.get_mut(&poller) else { return Next::Op };
        *done += 1;
        if done < messages { Next::At(first) } else { Next::Op }
    }

    /// The errand of a poller of Lambda ends: with a batch that is deleted, or with nothing.
    pub(super) fn came_back(&mut self, id: u32, flow: &mut Flow) {
        let Some((poller, queue)) = self.poller_of_lambda(id, flow) else { return };
        let had = self.sources.batches.remove(&poller).is_some();
        if !had && self.sources.of(queue) > FIRST {
            self.sources.live.remove(&poller);
            return;
        }
        self.ask_for(queue, poller, flow);
    }

    /// It has come to nothing.
    pub(super) fn failed_for_lambda(&mut self, id: u32, cause: Option<Cause>, flow: &mut Flow) {
        let Some((poller, queue)) = self.poller_of_lambda(id, flow) else { return };
        if let Some((messages, _)) = self.sources.batches.remove(&poller) {
            self.of(queue).counts.failed += messages;
        }
        let pause = match cause {
            Some(Cause::Throttled | Cause::TooManyRequests) => PAUSE,
            _ => 0,
        };
        flow.set(Timer::Ask { queue, poller }, flow.now.saturating_add(pause));
    }

    /// The Region of a queue is lost, or there again: Lambda begins anew.
    pub(super) fn forget_pollers(&mut self, queue: u16) {
        let gone: BTreeSet<u32> =
            self.sources.live.iter().filter(|(_, of)| **of == queue).map(|(poller, _)| *poller).collect();
        self.sources.live.retain(|poller, _| !gone.contains(poller));
        self.sources.batches.retain(|poller, _| !gone.contains(poller));
    }
}

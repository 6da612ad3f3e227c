//! Pollers of Lambda, which invoke a function with the messages of a queue.
//!
//! In: a queue whose workers are a function. Out: errands outside of all hosts, each of which receives a batch, has an environment work on it, and
//! deletes it. There are five at first, more while messages can be received, and fewer as soon as one comes back with nothing. If an invocation
//! fails or is throttled, its messages are not deleted, and come back when their visibility timeout ends.

use std::collections::BTreeSet;

use super::language::source::{FIRST, MORE, Source};
use super::op::Timer;
use super::sources::{FROM, is_of_lambda};
use super::state::{Queue, Queues};
use crate::flow::Flow;
use crate::flow::next::Next;
use crate::kind::Kind;
use crate::measure::stage::Cause;

/// How often Lambda looks whether it needs more, nanoseconds. Assumption: AWS gives the number for each minute, and it grows evenly.
const LOOKS: u64 = 1_000_000_000;
/// Pause of a poller whose call or invocation was throttled, nanoseconds. Assumption: AWS says no more than that it backs off.
const PAUSE: u64 = 1_000_000_000;

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

    /// The errand of a poller of Lambda ends, with a batch that is deleted or with nothing. Returns whether it is one of these.
    pub(super) fn came_back(&mut self, id: u32, flow: &mut Flow) -> bool {
        if !flow.errand(id, Kind::Queue as u8).is_some_and(is_of_lambda) {
            return false;
        }
        let poller = self.poller_of_lambda(id, flow);
        flow.attempts.release(id);
        let Some((poller, queue)) = poller else { return true };
        let had = self.sources.batches.remove(&poller).is_some();
        match !had && self.sources.of(queue) > FIRST {
            true => drop(self.sources.live.remove(&poller)),
            false => self.ask_for(queue, poller, flow),
        }
        true
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

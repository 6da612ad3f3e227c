//! Pollers of Lambda, which invoke a function with the messages of a queue.
//!
//! In: a queue whose workers are a function. Out: errands outside of all hosts, each of which receives a batch, has an environment work on it, and
//! deletes it. There are five at first, more while messages can be received, and fewer as soon as one comes back with nothing. If an invocation
//! fails or is throttled, its messages are not deleted, and come back when their visibility timeout ends.

use std::collections::BTreeSet;

use super::language::source::{FIRST, MORE, Source};
use super::op::Timer;
use super::sources::{Batch, FROM, NO_POLLER, is_of_lambda};
use super::state::{Queue, Queues};
use crate::flow::Flow;
use crate::flow::claims::Waiting;
use crate::flow::next::Next;
use crate::kind::Kind;
use crate::measure::stage::Cause;
use crate::units::Time;

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
                self.sources.begin(poller, queue, flow.now);
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
        let state = &self.each[usize::from(queue)];
        let Some(path) = state.path else { return };
        // What can be received at once is, and to ask for it is a part of the work.
        self.sources.has_work(poller, !state.is_lost && state.store.has_some(), flow.now);
        flow.send_errand(Kind::Queue as u8, poller, path.receive);
    }

    /// The poller whose errand an attempt is, if it is one of Lambda that is there.
    fn poller_of_lambda(&self, id: u32, flow: &Flow) -> Option<(u32, u16)> {
        let poller = flow.errand(id, Kind::Queue as u8).filter(|poller| is_of_lambda(*poller))?;
        Some((poller, *self.sources.live.get(&poller)?))
    }

    /// The call of an attempt waits for a message: its poller, if it is one of Lambda, is idle.
    pub(super) fn waits_idle(&mut self, id: u32, flow: &Flow) {
        if let Some((poller, _)) = self.poller_of_lambda(id, flow) {
            self.sources.has_work(poller, false, flow.now);
        }
    }

    /// How many messages a call receives, and for how long it waits: a poller that gathers a batch takes what is missing, until its window ends.
    pub(super) fn of_call(&self, id: u32, (messages, wait): (u8, u8), flow: &Flow) -> (u8, u64) {
        let wait = Time::from_secs(wait.into()).0;
        if self.sources.gathering.is_empty() {
            return (messages, wait);
        }
        let gathering = self
            .poller_of_lambda(id, flow)
            .and_then(|(poller, queue)| Some((self.sources.gathering.get(&poller)?, self.source(queue)?)));
        let Some(((until, has), source)) = gathering else { return (messages, wait) };
        let missing = (source.batch as usize).saturating_sub(has.len()).max(1);
        (missing.min(messages.into()) as u8, wait.min(until.saturating_sub(flow.now)))
    }

    /// A poller has received something, or nothing: it gathers until its batch is full, or its window ends.
    pub(super) fn gather(&mut self, id: u32, queue: u16, none: u32, flow: &Flow) -> Next {
        let got = std::mem::take(self.hand(id));
        let Some((poller, source)) = self.poller_of_lambda(id, flow).zip(self.source(queue)) else {
            return Next::At(none);
        };
        let (poller, _) = poller;
        if got.is_empty() && !self.sources.gathering.contains_key(&poller) {
            return Next::At(none);
        }
        let end = flow.now.saturating_add(source.window.0);
        let (until, all) = self.sources.gathering.entry(poller).or_insert_with(|| (end, Vec::new()));
        all.extend(got);
        if all.len() < source.batch as usize && flow.now < *until {
            let Some(path) = self.each[usize::from(queue)].path else { return Next::At(none) };
            return Next::At(path.receive);
        }
        let (_, all) = self.sources.gathering.remove(&poller).unwrap_or_default();
        *self.hand(id) = all;
        Next::Op
    }

    /// A function has a batch.
    pub(super) fn has_batch(&mut self, id: u32, flow: &Flow) {
        let Some((poller, queue)) = self.poller_of_lambda(id, flow) else { return };
        let messages = self.hand(id).len();
        self.sources.has_work(poller, true, flow.now);
        self.sources.batches.insert(poller, Batch { messages, ..Batch::default() });
        self.of(queue).counts.begun += messages as u64;
    }

    /// A function works on a message that may fail by itself.
    pub(super) fn try_one(&mut self, id: u32, first: u32, then: u32, flow: &mut Flow) -> Next {
        let Some((_, queue)) = self.poller_of_lambda(id, flow) else { return Next::At(then) };
        let work = flow.send_try(Kind::Queue as u8, id, first, true);
        // It is no poller, whichever number its invocation has.
        flow.attempts[work].user = NO_POLLER;
        self.sources.tries.insert(work, id);
        self.sources.callers.insert(id, work);
        flow.attempts.claims_mut(id).waiting =
            Waiting::Queue { owner: Kind::Queue as u8, place: queue, item: 0 };
        Next::WaitThen(then)
    }

    /// The work on one has succeeded.
    pub(super) fn tried(&mut self, id: u32, flow: &mut Flow) -> Next {
        let caller = self.caller_of(id);
        flow.attempts.release(id);
        caller.into_iter().for_each(|caller| flow.grant(caller));
        Next::Gone
    }

    /// The invocation that waits for the work on a message, which has ended.
    fn caller_of(&mut self, work: u32) -> Option<u32> {
        let caller = self.sources.tries.remove(&work)?;
        self.sources.callers.remove(&caller).map(|_| caller)
    }

    /// The work on a message has failed by itself. Returns whether it was such work.
    pub(super) fn one_failed(&mut self, id: u32, flow: &mut Flow) -> bool {
        if !self.sources.tries.contains_key(&id) {
            return false;
        }
        let Some(caller) = self.caller_of(id) else { return true };
        if let Some((poller, queue)) = self.poller_of_lambda(caller, flow) {
            let fifo = self.settings[usize::from(queue)].fifo;
            if let Some(batch) = self.sources.batches.get_mut(&poller) {
                batch.failed.push(batch.done);
                // What follows it must not overtake it.
                if fifo {
                    batch.failed.extend(batch.done + 1..batch.messages);
                    batch.done = batch.messages;
                }
            }
            self.of(queue).counts.failed += 1;
        }
        flow.grant(caller);
        true
    }

    /// An invocation ends early, with its environment and what works there: nobody waits for that.
    pub(super) fn leave_one(&mut self, id: u32) {
        if let Some(work) = self.sources.callers.remove(&id) {
            self.sources.tries.remove(&work);
        }
    }

    /// Work on a message goes on under another number.
    pub(super) fn one_renumbered(&mut self, from: u32, to: u32) {
        if let Some(caller) = self.sources.tries.remove(&from) {
            self.sources.tries.insert(to, caller);
            self.sources.callers.insert(caller, to);
        }
    }

    /// A function is done with a message.
    pub(super) fn done_one(&mut self, id: u32, first: u32, flow: &Flow) -> Next {
        let Some((poller, queue)) = self.poller_of_lambda(id, flow) else { return Next::Op };
        let Some(batch) = self.sources.batches.get_mut(&poller) else { return Next::Op };
        batch.done += 1;
        if batch.done == 1 {
            // The messages of a batch are asked for one by one, and are one invocation.
            *self.sources.beyond.entry(self.shared[usize::from(queue)]).or_default() +=
                batch.messages as u64 - 1;
        }
        if batch.done < batch.messages {
            return Next::At(first);
        }
        if !batch.failed.is_empty() {
            let failed = std::mem::take(&mut batch.failed);
            let hand = std::mem::take(self.hand(id));
            let kept = hand.into_iter().enumerate().filter(|(at, _)| !failed.contains(at));
            *self.hand(id) = kept.map(|(_, receipt)| receipt).collect();
        }
        Next::Op
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
            true => self.sources.end(poller, flow.now),
            false => self.ask_for(queue, poller, flow),
        }
        true
    }

    /// It has come to nothing.
    pub(super) fn failed_for_lambda(&mut self, id: u32, cause: Option<Cause>, flow: &mut Flow) {
        let Some((poller, queue)) = self.poller_of_lambda(id, flow) else { return };
        self.sources.has_work(poller, false, flow.now);
        self.sources.gathering.remove(&poller);
        if let Some(batch) = self.sources.batches.remove(&poller) {
            // Those that have failed by themselves are counted.
            self.of(queue).counts.failed += (batch.messages - batch.failed.len().min(batch.messages)) as u64;
        }
        let pause = match cause {
            Some(Cause::Throttled | Cause::TooManyRequests) => PAUSE,
            _ => 0,
        };
        flow.set(Timer::Ask { queue, poller }, flow.now.saturating_add(pause));
    }

    /// The Region of a queue is lost, or there again: Lambda begins anew.
    pub(super) fn forget_pollers(&mut self, queue: u16, now: u64) {
        let gone: BTreeSet<u32> =
            self.sources.live.iter().filter(|(_, of)| **of == queue).map(|(poller, _)| *poller).collect();
        gone.iter().for_each(|poller| self.sources.end(*poller, now));
        self.sources.batches.retain(|poller, _| !gone.contains(poller));
        self.sources.gathering.retain(|poller, _| !gone.contains(poller));
    }
}

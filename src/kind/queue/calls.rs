//! Calls to SQS: to send, to receive, to delete.
//!
//! In: a call that has come to SQS. Out: messages in queues, messages in hand, or an error. A receive that waits (long
//! polling) is answered when a message comes, or empty when its wait is over.

use super::limit::{ATTEMPTS, distinct};
use super::state::{Call, MOST, NO_CALL, Queues, chunks, index};
use super::store::Receipt;
use crate::flow::Flow;
use crate::flow::claims::Waiting;
use crate::flow::next::Next;
use crate::id::Owner;
use crate::kind::Kind;
use crate::measure::resource::Action;
use crate::measure::stage::Cause;
use crate::units::Bytes;

impl Queues<'_> {
    /// Messages are sent to a queue.
    pub(super) fn send(&mut self, id: u32, queue: u16, messages: u8, again: u32, flow: &mut Flow) -> Next {
        // What was throttled keeps the groups of its messages.
        let all = self.refused.remove(&id).unwrap_or_else(|| self.draw_groups(queue, messages));
        let groups = &all[..usize::from(messages)];
        if let Some(next) = self.throttled(id, queue, (Action::Send, groups), again, flow) {
            if self.calls.of(id) != NO_CALL {
                self.refused.insert(id, all);
            }
            return next;
        }
        let size = self.settings[usize::from(queue)].message_size;
        self.of(queue).counts.bill(messages.into(), size);
        self.of(queue).counts.calls[Action::Send as usize] += 1;
        self.of(queue).counts.sent_by_calls += u64::from(messages);
        if self.settings[usize::from(queue)].group_limit().is_some() {
            let state = self.of(queue);
            let watched = distinct(groups).filter(|group| state.spread.watches(*group)).count();
            state.counts.group_sends += watched as u64;
        }
        self.put(queue, groups, flow);
        Next::Op
    }

    /// Messages are sent to a topic, which copies each to all of its queues and functions.
    pub(super) fn publish(&mut self, id: u32, topic: u16, messages: u8, again: u32, flow: &mut Flow) -> Next {
        if let Some(next) = self.over_quota(id, topic, again, flow) {
            return next;
        }
        let topics = self.topics;
        let of_bus = topics[usize::from(topic)].bus.as_ref().map(|bus| bus.size);
        let size = topics[usize::from(topic)]
            .queues
            .iter()
            .map(|queue| self.settings[queue.index()].message_size)
            .max();
        self.published[usize::from(topic)].0 += chunks_of(of_bus, messages, size.unwrap_or_default());
        for (place, &queue) in topics[usize::from(topic)].queues.iter().enumerate() {
            let groups = self.draw_groups(index(queue), messages);
            self.copy(topic, place, &groups[..usize::from(messages)], flow);
        }
        self.send_to_functions(topic, messages, flow);
        Next::Op
    }

    /// Messages arrive in a queue, each in its group.
    pub(super) fn put(&mut self, queue: u16, groups: &[u32], flow: &mut Flow) {
        let state = self.of(queue);
        state.counts.sent += groups.len() as u64;
        flow.recorder.stays.came(Owner::Queue(usize::from(queue)), groups.len() as u64);
        groups.iter().for_each(|&group| state.store.send(group, flow.now));
        self.settle(queue, flow);
    }

    /// The group of each message of a call.
    fn draw_groups(&mut self, queue: u16, messages: u8) -> [u32; MOST] {
        let mut drawn = [0; MOST];
        if let Some(groups) = &mut self.of(queue).groups {
            drawn[..usize::from(messages)].fill_with(|| groups.draw(|_| {}));
        }
        drawn
    }

    /// Messages are received, now or as soon as there are some.
    pub(super) fn receive(
        &mut self,
        id: u32,
        queue: u16,
        (messages, wait): (u8, u8),
        again: u32,
        flow: &mut Flow,
    ) -> Next {
        if let Some(next) = self.throttled(id, queue, (Action::Receive, &[]), again, flow) {
            return next;
        }
        self.hand(id).clear();
        let (messages, span) = self.of_call(id, (messages, wait), flow);
        if self.is_stopping(id, flow) {
            return Next::Op;
        }
        // Those that came before wait because there is nothing.
        if self.of(queue).store.has_some() {
            self.deliver(id, queue, messages, flow);
            self.settle(queue, flow);
        }
        if !self.hand(id).is_empty() {
            return Next::Op;
        }
        if wait > 0 {
            self.of(queue).waiters.push_back((id, messages));
            self.waits_idle(id, flow);
            self.waits(id, flow);
            flow.attempts.claims_mut(id).waiting =
                Waiting::Queue { owner: Kind::Queue as u8, place: queue, item: 0 };
            flow.wait_at_most(id, span);
            return Next::Wait;
        }
        let fifo = self.settings[usize::from(queue)].fifo;
        let state = self.of(queue);
        // Only a standard queue answers with an error, and only a call that does not wait.
        state.counts.over_limit += u64::from(!fifo && state.store.is_over_limit());
        Next::Op
    }

    /// Puts messages into the hand of an attempt; what was received too often goes to the dead-letter queue.
    pub(super) fn deliver(&mut self, id: u32, queue: u16, messages: u8, flow: &mut Flow) {
        let mut hand = std::mem::take(self.hand(id));
        let (warmup, mut moved) = (self.warmup, Vec::new());
        let state = self.of(queue);
        state.store.receive(messages.into(), flow.now, &mut hand, &mut moved);
        state.counts.received += hand.len() as u64;
        for receipt in &hand {
            state.counts.again += u64::from(!receipt.first);
            if receipt.first && receipt.sent >= warmup {
                state.wait.record(flow.now - receipt.sent);
            }
        }
        state.counts.dead_lettered += moved.len() as u64;
        *self.hand(id) = hand;
        let Some(dead) = self.settings[usize::from(queue)].dead_letter.map(index) else { return };
        if moved.is_empty() {
            return;
        }
        for (sent, group) in moved {
            self.left(queue, sent, flow);
            self.of(dead).store.take_over(sent, group, flow.now);
            self.of(dead).counts.taken_over += 1;
            flow.recorder.stays.came(Owner::Queue(usize::from(dead)), 1);
        }
        self.settle(dead, flow);
    }

    /// The answer to a receive travels back.
    pub(super) fn answer(&mut self, id: u32, queue: u16, none: u32, flow: &mut Flow) -> Next {
        let settings = &self.settings[usize::from(queue)];
        let count = self.hand(id).len();
        let counts = &mut self.of(queue).counts;
        counts.bill(count, settings.message_size);
        counts.empty += u64::from(count == 0);
        if count > 0 {
            counts.calls[Action::Receive as usize] += 1;
            self.gets(id, flow);
            self.carry(id, queue, count as u64 * settings.message_size.0, flow);
        }
        flow.pass(settings.latency.0 / 2, id);
        if count == 0 { Next::WaitThen(none) } else { Next::Wait }
    }

    /// The messages that a request has received are deleted.
    pub(super) fn delete_in_hand(&mut self, id: u32, queue: u16, again: u32, flow: &mut Flow) -> Next {
        if let Some(next) = self.throttled(id, queue, (Action::Delete, &[]), again, flow) {
            return next;
        }
        let hand = std::mem::take(self.hand(id));
        // All messages of a batch may have failed.
        if !hand.is_empty() {
            self.delete(queue, hand, flow);
        }
        Next::Op
    }

    /// Deletes messages in one call.
    pub(super) fn delete(&mut self, queue: u16, receipts: Vec<Receipt>, flow: &mut Flow) {
        let counts = &mut self.of(queue).counts;
        let calls = receipts.len().div_ceil(MOST).max(1) as u64;
        counts.requests += calls;
        counts.calls[Action::Delete as usize] += calls;
        for receipt in receipts {
            if let Some(sent) = self.of(queue).store.delete(receipt, flow.now) {
                let counts = &mut self.of(queue).counts;
                counts.deleted += 1;
                counts.of_first += u64::from(receipt.group == 0);
                self.left(queue, sent, flow);
            }
        }
        self.settle(queue, flow);
    }

    /// What becomes of a call that is not taken: it is tried again after a pause, or fails.
    pub(super) fn throttled(
        &mut self,
        id: u32,
        queue: u16,
        (action, groups): (Action, &[u32]),
        again: u32,
        flow: &mut Flow,
    ) -> Option<Next> {
        let latency = self.settings[usize::from(queue)].latency.0;
        let tries = self.calls.of(id).tries + 1;
        let state = self.of(queue);
        let call = match state.limits.take(action, groups, flow.now) {
            true => {
                if tries > 1 {
                    *self.calls.of_mut(id) = NO_CALL;
                    self.hold_off(id, false, flow);
                }
                return None;
            }
            false if tries >= ATTEMPTS => NO_CALL,
            false => Call { tries },
        };
        state.counts.throttled[action as usize] += 1;
        let pause = state.limits.pause(tries);
        *self.calls.of_mut(id) = call;
        if call == NO_CALL {
            return Some(Next::Fail(Cause::Throttled));
        }
        self.hold_off(id, true, flow);
        // The error travels back, and the next try here.
        flow.pass(latency.saturating_add(pause), id);
        Some(Next::WaitThen(again))
    }
}

/// Requests that a call is billed as: to a topic all of its messages together, to a bus each event by itself.
fn chunks_of(bus: Option<Bytes>, messages: u8, size: Bytes) -> u64 {
    match bus {
        Some(size) => u64::from(messages) * chunks(1, size),
        None => chunks(messages.into(), size),
    }
}

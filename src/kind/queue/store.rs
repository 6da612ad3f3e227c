//! The state of a queue: messages that are delayed, visible or in flight, with what ends that.
//!
//! In: messages sent, received and deleted, instants that come. Out: receipts, and which messages left the queue by which
//! way. It knows nothing of calls and of those that make them. (Amazon SQS developer guide, "Amazon SQS visibility timeout",
//! "Amazon SQS dead-letter queues", "Amazon SQS delay queues".)

use std::collections::BTreeSet;

use super::messages::{List, Messages, Place};
use super::visible::Visible;
use crate::engine::station::Integral;

/// The right to delete a message: what a receive returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Receipt {
    slot: u32,
    number: u64,
    /// The message group.
    pub group: u32,
    /// Its number among the messages of the queue, from 0 on.
    pub ordinal: u64,
    /// When the message was sent.
    pub sent: u64,
    /// Whether it was received for the first time.
    pub first: bool,
}

/// What holds for all messages of a queue.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    pub fifo: bool,
    pub delay: u64,
    pub visibility: u64,
    pub retention: u64,
    /// Most messages in flight.
    pub in_flight: u32,
    /// Whether the first message group gets more messages than the others, so that it alone is watched.
    pub unequal: bool,
    /// Receives after which a message is moved to the dead-letter queue, if there is one.
    pub receives: Option<u32>,
}

/// A number and its integral over time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Level {
    pub value: u64,
    integral: Integral,
}

impl Level {
    pub fn change(&mut self, by: i64, now: u64) {
        self.integral.change(by, now);
        self.value = self.value.saturating_add_signed(by);
    }

    /// The number times nanoseconds, up to now.
    pub fn area(&self, now: u64) -> f64 {
        self.integral.up_to(now, self.value)
    }
}

/// The messages of a queue.
#[derive(Debug)]
pub(super) struct Store {
    rules: Rules,
    messages: Messages,
    delayed: List,
    visible: Visible,
    in_flight: List,
    /// (first sent, record) of all: the oldest, and the next to expire.
    by_age: BTreeSet<(u64, u32)>,
    serial: u64,
    receipts: u64,
    /// The age of the oldest message that left since the last row.
    left_at_age: u64,
    /// Messages that can be received.
    pub backlog: Level,
    /// Messages received and neither deleted nor visible again.
    pub flying: Level,
    /// Message groups of a FIFO queue of which a message is in flight: of all, or of the first where groups are unequal.
    pub working: Level,
}

impl Store {
    pub fn new(rules: Rules) -> Store {
        Store {
            rules,
            messages: Messages::default(),
            delayed: List::default(),
            visible: Visible::new(rules.fifo),
            in_flight: List::default(),
            by_age: BTreeSet::new(),
            serial: 0,
            receipts: 0,
            left_at_age: 0,
            backlog: Level::default(),
            flying: Level::default(),
            working: Level::default(),
        }
    }

    /// A message is sent here.
    pub fn send(&mut self, group: u32, now: u64) {
        let slot = self.add(now, group);
        if self.rules.delay == 0 {
            return self.show(slot, now);
        }
        let message = self.messages.of_mut(slot);
        (message.place, message.due) = (Place::Delayed, now.saturating_add(self.rules.delay));
        self.messages.push(&mut self.delayed, slot);
    }

    /// A message is moved here from another queue, where it was sent at an instant.
    pub fn take_over(&mut self, sent: u64, group: u32, now: u64) {
        let slot = self.add(sent, group);
        self.show(slot, now);
    }

    fn add(&mut self, sent: u64, group: u32) -> u32 {
        self.serial += 1;
        let slot = self.messages.add(sent, self.serial, group);
        self.by_age.insert((sent, slot));
        slot
    }

    fn show(&mut self, slot: u32, now: u64) {
        self.messages.of_mut(slot).place = Place::Visible;
        self.visible.add(&mut self.messages, slot);
        self.backlog.change(1, now);
    }

    /// Whether as many are in flight as can be.
    pub fn is_over_limit(&self) -> bool {
        self.in_flight.count >= self.rules.in_flight
    }

    /// Whether a receive would return a message, or move one to the dead-letter queue.
    pub fn has_some(&self) -> bool {
        !self.is_over_limit() && self.visible.next(None).is_some()
    }

    /// Receives at most this many messages. What has been received too often is moved instead: when it was sent, and its
    /// group.
    pub fn receive(&mut self, most: usize, now: u64, got: &mut Vec<Receipt>, moved: &mut Vec<(u64, u32)>) {
        self.take_next(most, now, got, moved);
        self.count_groups(now);
    }

    fn take_next(&mut self, most: usize, now: u64, got: &mut Vec<Receipt>, moved: &mut Vec<(u64, u32)>) {
        let mut group = None;
        while got.len() < most && !self.is_over_limit() {
            let Some(slot) = self.visible.next(group) else { return };
            let receives = self.messages.of(slot).receives;
            if self.rules.receives.is_some_and(|most| receives >= most) {
                let message = *self.messages.of(slot);
                self.drop_message(slot, now);
                moved.push((message.sent, message.group));
                continue;
            }
            self.visible.receive(&mut self.messages, slot);
            self.backlog.change(-1, now);
            self.receipts += 1;
            let message = self.messages.of_mut(slot);
            message.receives += 1;
            message.receipt = self.receipts;
            (message.place, message.due) = (Place::InFlight, now.saturating_add(self.rules.visibility));
            group = Some(message.group);
            let (sent, first, ordinal) = (message.sent, message.receives == 1, message.serial - 1);
            got.push(Receipt { slot, number: self.receipts, group: message.group, ordinal, sent, first });
            self.messages.push(&mut self.in_flight, slot);
            self.flying.change(1, now);
        }
    }

    /// Deletes a message, if the receipt is the last one of it; returns when it was sent. A FIFO queue takes a receipt only
    /// while the message is in flight.
    pub fn delete(&mut self, receipt: Receipt, now: u64) -> Option<u64> {
        let message = *self.messages.of(receipt.slot);
        let is_its_last = message.receipt == receipt.number && message.place != Place::Nowhere;
        let in_time = !self.rules.fifo || message.place == Place::InFlight;
        (is_its_last && in_time).then(|| {
            self.drop_message(receipt.slot, now);
            self.count_groups(now);
            message.sent
        })
    }

    /// Takes a message out of wherever it is.
    fn drop_message(&mut self, slot: u32, now: u64) {
        let message = *self.messages.of(slot);
        match message.place {
            Place::Nowhere => return,
            Place::Delayed => self.messages.remove(&mut self.delayed, slot),
            Place::Visible => {
                self.visible.remove(&mut self.messages, slot);
                self.backlog.change(-1, now);
            }
            Place::InFlight => {
                self.messages.remove(&mut self.in_flight, slot);
                self.visible.landed(&mut self.messages, message.group);
                self.flying.change(-1, now);
            }
        }
        self.left_at_age = self.left_at_age.max(now - message.sent);
        self.by_age.remove(&(message.sent, slot));
        self.messages.release(slot);
    }

    /// Shows delayed messages whose delay is over.
    pub fn end_delays(&mut self, now: u64) {
        while let Some(slot) = self.first_due(&self.delayed, now) {
            self.messages.remove(&mut self.delayed, slot);
            self.show(slot, now);
        }
    }

    /// Shows messages in flight again whose visibility timeout is over.
    pub fn end_flights(&mut self, now: u64) {
        while let Some(slot) = self.first_due(&self.in_flight, now) {
            self.messages.remove(&mut self.in_flight, slot);
            self.flying.change(-1, now);
            self.show(slot, now);
            let group = self.messages.of(slot).group;
            self.visible.landed(&mut self.messages, group);
        }
        self.count_groups(now);
    }

    /// Counts the message groups of which a message is in flight, after that may have changed.
    fn count_groups(&mut self, now: u64) {
        if let Some(groups) = self.visible.groups_in_flight(self.rules.unequal)
            && groups != self.working.value
        {
            self.working.change(groups as i64 - self.working.value as i64, now);
        }
    }

    fn first_due(&self, list: &List, now: u64) -> Option<u32> {
        (list.count > 0 && self.messages.of(list.first).due <= now).then_some(list.first)
    }

    /// Drops messages that are older than the retention period; returns when each was sent.
    pub fn expire(&mut self, now: u64) -> Vec<u64> {
        let mut gone = Vec::new();
        while let Some(&(sent, slot)) = self.by_age.first()
            && sent.saturating_add(self.rules.retention) <= now
        {
            self.drop_message(slot, now);
            gone.push(sent);
        }
        self.count_groups(now);
        gone
    }

    /// When the next delay ends, the next visibility timeout ends, and the next message expires.
    pub fn next_ends(&self) -> [Option<u64>; 3] {
        let due = |list: &List| (list.count > 0).then(|| self.messages.of(list.first).due);
        let expires = self.by_age.first().map(|(sent, _)| sent.saturating_add(self.rules.retention));
        [due(&self.delayed), due(&self.in_flight), expires]
    }

    /// When the oldest message that is still there was sent.
    pub fn oldest(&self) -> Option<u64> {
        self.by_age.first().map(|(sent, _)| *sent)
    }

    /// The largest age that a message has had since the last time that this was asked: it had it when it left, or it is still there.
    pub fn largest_age(&mut self, now: u64) -> u64 {
        let there = self.oldest().map_or(0, |sent| now - sent);
        std::mem::take(&mut self.left_at_age).max(there)
    }

    /// Messages that are delayed.
    pub fn delayed(&self) -> u64 {
        self.delayed.count.into()
    }

    /// When each message that is still there was sent.
    pub fn sent(&self) -> impl Iterator<Item = u64> {
        self.by_age.iter().map(|(sent, _)| *sent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: u64 = 1_000_000_000;

    fn rules(fifo: bool) -> Rules {
        Rules {
            fifo,
            delay: 0,
            visibility: 30 * S,
            retention: 100 * S,
            in_flight: 1_000,
            unequal: false,
            receives: Some(2),
        }
    }

    fn receive(store: &mut Store, most: usize, now: u64) -> (Vec<Receipt>, Vec<(u64, u32)>) {
        let (mut got, mut moved) = (Vec::new(), Vec::new());
        store.receive(most, now, &mut got, &mut moved);
        (got, moved)
    }

    #[test]
    fn a_receipt_is_good_until_the_message_is_received_again() {
        let mut store = Store::new(rules(false));
        store.send(0, 0);
        let (first, _) = receive(&mut store, 1, 0);
        assert_eq!(receive(&mut store, 1, 29 * S).0, []);
        store.end_flights(30 * S);
        let (second, _) = receive(&mut store, 1, 31 * S);
        assert_eq!((first[0].first, second[0].first), (true, false));
        assert_eq!(store.delete(first[0], 40 * S), None);
        assert_eq!(store.delete(second[0], 40 * S), Some(0));
        assert_eq!(store.delete(second[0], 41 * S), None);
        assert_eq!((store.backlog.value, store.flying.value, store.oldest()), (0, 0, None));
    }

    #[test]
    fn a_standard_queue_takes_a_late_receipt_and_a_fifo_queue_does_not() {
        for (fifo, deleted) in [(false, Some(0)), (true, None)] {
            let mut store = Store::new(rules(fifo));
            store.send(0, 0);
            let (got, _) = receive(&mut store, 1, 0);
            store.end_flights(30 * S);
            assert_eq!(store.delete(got[0], 31 * S), deleted, "fifo {fifo}");
        }
    }

    #[test]
    fn the_receipt_of_a_message_that_is_gone_deletes_no_other() {
        let mut store = Store::new(rules(false));
        store.send(0, 0);
        let (old, _) = receive(&mut store, 1, 0);
        assert_eq!(store.delete(old[0], S), Some(0));
        // The next message has the same record.
        store.send(0, 2 * S);
        let (new, _) = receive(&mut store, 1, 2 * S);
        assert_eq!(new[0].slot, old[0].slot);
        assert_eq!(store.delete(old[0], 3 * S), None);
        assert_eq!(store.delete(new[0], 3 * S), Some(2 * S));
    }

    #[test]
    fn one_in_flight_holds_its_group_and_no_other() {
        let mut store = Store::new(rules(true));
        for (at, group) in [(1, 7), (2, 7), (3, 8), (4, 7)] {
            store.send(group, at);
        }
        let (first, _) = receive(&mut store, 1, 10);
        let (second, _) = receive(&mut store, 10, 10);
        assert_eq!((first[0].group, second.len(), second[0].group), (7, 1, 8));
        assert_eq!(receive(&mut store, 10, 11).0, []);
        assert_eq!(store.delete(first[0], 12), Some(1));
        // One receive takes several of a group, in order.
        let (rest, _) = receive(&mut store, 10, 13);
        let sent: Vec<_> = rest.iter().map(|&receipt| store.delete(receipt, 14)).collect();
        assert_eq!(sent, [Some(2), Some(4)]);
    }

    #[test]
    fn messages_of_a_group_come_back_in_their_order() {
        let mut store = Store::new(rules(true));
        for at in 1..=4 {
            store.send(7, at);
        }
        assert_eq!(receive(&mut store, 3, 10).0.len(), 3);
        store.end_flights(10 + 30 * S);
        let (got, _) = receive(&mut store, 10, 11 + 30 * S);
        let sent: Vec<_> = got.iter().map(|&receipt| store.delete(receipt, 12 + 30 * S)).collect();
        assert_eq!(sent, [Some(1), Some(2), Some(3), Some(4)]);
    }

    #[test]
    fn what_was_received_too_often_is_moved_by_the_next_receive() {
        let mut store = Store::new(rules(false));
        store.send(0, 5);
        for round in 1..=2 {
            assert_eq!(receive(&mut store, 1, round * 30 * S).0.len(), 1);
            store.end_flights((round + 1) * 30 * S);
        }
        store.send(0, 90 * S);
        let (got, moved) = receive(&mut store, 1, 91 * S);
        assert_eq!((got.len(), moved), (1, vec![(5, 0)]));
        assert_eq!(store.oldest(), Some(90 * S));
    }

    #[test]
    fn a_message_expires_wherever_it_is() {
        let mut store = Store::new(Rules { in_flight: 1, ..rules(false) });
        (0..3).for_each(|at| store.send(0, at * S));
        let (got, _) = receive(&mut store, 2, 90 * S);
        assert_eq!((got.len(), store.is_over_limit(), store.has_some()), (1, true, false));
        assert_eq!(store.next_ends(), [None, Some(120 * S), Some(100 * S)]);
        assert_eq!(store.expire(101 * S), [0, S]);
        assert_eq!((store.flying.value, store.backlog.value), (0, 1));
        assert_eq!(store.delete(got[0], 101 * S), None);
        assert!(store.has_some());
    }

    #[test]
    fn the_largest_age_is_that_of_a_message_that_is_there_or_has_left_since() {
        let mut store = Store::new(rules(false));
        (0..2).for_each(|at| store.send(0, at * S));
        let (got, _) = receive(&mut store, 2, 2 * S);
        assert_eq!(store.delete(got[0], 5 * S), Some(0));
        assert_eq!(store.largest_age(5 * S), 5 * S);
        assert_eq!(store.largest_age(6 * S), 5 * S);
        assert_eq!(store.delete(got[1], 8 * S), Some(S));
        assert_eq!([store.largest_age(9 * S), store.largest_age(9 * S)], [7 * S, 0]);
    }

    #[test]
    fn a_delayed_message_is_there_and_cannot_be_received() {
        let mut store = Store::new(Rules { delay: 10 * S, ..rules(false) });
        store.send(0, S);
        assert_eq!((store.delayed(), store.has_some(), store.oldest()), (1, false, Some(S)));
        store.end_delays(11 * S - 1);
        assert!(!store.has_some());
        store.end_delays(11 * S);
        assert_eq!((store.delayed(), store.has_some()), (0, true));
        assert_eq!((store.backlog.area(21 * S), store.flying.area(21 * S)), (10.0 * S as f64, 0.0));
    }
}

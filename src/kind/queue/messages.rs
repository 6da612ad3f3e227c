//! Messages of a queue, each a small record, in lists that they are members of themselves.
//!
//! In: messages that come, move and go. Out: their places in order. A message is in one list at a time, so that a backlog of
//! millions needs nothing beside its records.

/// No message.
pub(super) const NONE: u32 = u32::MAX;

/// Where a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The record is free.
    Nowhere,
    /// Sent with a delay that is not over.
    Delayed,
    /// Can be received.
    Visible,
    /// Received, and neither deleted nor visible again.
    InFlight,
}

/// One message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Message {
    /// When it was first sent, to whichever queue.
    pub sent: u64,
    /// Its number among the messages of the queue: their order.
    pub serial: u64,
    /// Number of the last receive of the queue that returned it; 0 for none.
    pub receipt: u64,
    /// When its delay or its visibility timeout ends.
    pub due: u64,
    /// Its message group.
    pub group: u32,
    /// How often it was received.
    pub receives: u32,
    /// Where it is.
    pub place: Place,
    before: u32,
    after: u32,
}

/// A list of messages, by its ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    /// The first message.
    pub first: u32,
    last: u32,
    /// How many there are.
    pub count: u32,
}

impl Default for List {
    fn default() -> List {
        List { first: NONE, last: NONE, count: 0 }
    }
}

/// The records of all messages of a queue.
#[derive(Debug, Default)]
pub(super) struct Messages {
    all: Vec<Message>,
    free: Vec<u32>,
}

impl Messages {
    /// A new message; returns its record.
    pub fn add(&mut self, sent: u64, serial: u64, group: u32) -> u32 {
        let message = Message {
            sent,
            serial,
            receipt: 0,
            due: u64::MAX,
            group,
            receives: 0,
            place: Place::Nowhere,
            before: NONE,
            after: NONE,
        };
        match self.free.pop() {
            Some(slot) => {
                self.all[slot as usize] = message;
                slot
            }
            None => {
                self.all.push(message);
                crate::flow::number(self.all.len() - 1)
            }
        }
    }

    /// Gives a record back that is in no list.
    pub fn release(&mut self, slot: u32) {
        self.all[slot as usize].place = Place::Nowhere;
        self.free.push(slot);
    }

    pub fn of(&self, slot: u32) -> &Message {
        &self.all[slot as usize]
    }

    pub fn of_mut(&mut self, slot: u32) -> &mut Message {
        &mut self.all[slot as usize]
    }

    /// Puts a message at the end of a list.
    pub fn push(&mut self, list: &mut List, slot: u32) {
        self.insert(list, slot, NONE);
    }

    /// Puts a message into a list before all that have a higher number; it is looked for from the front.
    pub fn insert_in_order(&mut self, list: &mut List, slot: u32) {
        let serial = self.of(slot).serial;
        let mut next = list.first;
        while next != NONE && self.of(next).serial < serial {
            next = self.of(next).after;
        }
        self.insert(list, slot, next);
    }

    /// Puts a message before another one, or at the end.
    fn insert(&mut self, list: &mut List, slot: u32, after: u32) {
        let before = if after == NONE { list.last } else { self.of(after).before };
        let message = self.of_mut(slot);
        (message.before, message.after) = (before, after);
        match before {
            NONE => list.first = slot,
            before => self.of_mut(before).after = slot,
        }
        match after {
            NONE => list.last = slot,
            after => self.of_mut(after).before = slot,
        }
        list.count += 1;
    }

    /// Takes a message out of its list.
    pub fn remove(&mut self, list: &mut List, slot: u32) {
        let Message { before, after, .. } = *self.of(slot);
        match before {
            NONE => list.first = after,
            before => self.of_mut(before).after = after,
        }
        match after {
            NONE => list.last = before,
            after => self.of_mut(after).before = before,
        }
        list.count -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(messages: &Messages, list: &List) -> Vec<u64> {
        let mut found = Vec::new();
        let mut next = list.first;
        while next != NONE {
            found.push(messages.of(next).serial);
            next = messages.of(next).after;
        }
        assert_eq!(found.len(), list.count as usize);
        found
    }

    #[test]
    fn a_list_keeps_its_order_whatever_leaves() {
        let (mut messages, mut list) = (Messages::default(), List::default());
        let slots: Vec<u32> = (1..=5).map(|serial| messages.add(0, serial, 0)).collect();
        slots.iter().for_each(|&slot| messages.push(&mut list, slot));
        for gone in [2, 0, 4] {
            messages.remove(&mut list, slots[gone]);
            messages.release(slots[gone]);
        }
        assert_eq!(order(&messages, &list), [2, 4]);
        // Freed records are used again.
        let slot = messages.add(0, 3, 0);
        assert_eq!(slot, slots[4]);
        messages.insert_in_order(&mut list, slot);
        assert_eq!(order(&messages, &list), [2, 3, 4]);
        [1, 3].iter().for_each(|&at: &usize| messages.remove(&mut list, slots[at]));
        messages.remove(&mut list, slot);
        assert_eq!(order(&messages, &list), [0; 0]);
        assert_eq!((list.first, list.last), (NONE, NONE));
    }
}

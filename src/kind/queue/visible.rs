//! Messages that can be received, in the order in which they are.
//!
//! In: messages that become visible, are received or go. Out: the next one. A standard queue gives them in the order in
//! which they became visible. A FIFO queue gives those of a message group in the order in which they were sent, and none of a
//! group of which one is in flight; among groups, the one whose first message is the oldest.

use std::collections::{BTreeMap, BTreeSet};

use super::messages::{List, Messages, NONE};

/// The visible messages of a queue.
#[derive(Debug)]
pub(super) enum Visible {
    Standard(List),
    Fifo(Groups),
}

/// Message groups that have messages.
#[derive(Debug, Default)]
pub(super) struct Groups {
    all: BTreeMap<u32, Group>,
    /// Groups that can give a message, by the number of their first one.
    ready: BTreeSet<(u64, u32)>,
    /// Groups of which a message is in flight, and whether the first is one of them.
    in_flight: u64,
    first_in_flight: bool,
}

#[derive(Debug, Default)]
struct Group {
    visible: List,
    in_flight: u32,
}

impl Group {
    /// What makes it ready: the number of its first message, if nothing is in flight.
    fn head(&self, messages: &Messages) -> Option<u64> {
        let is_free = self.in_flight == 0 && self.visible.first != NONE;
        is_free.then(|| messages.of(self.visible.first).serial)
    }
}

impl Groups {
    /// Changes a group, and whether it can give a message.
    fn change<T>(
        &mut self,
        messages: &mut Messages,
        group: u32,
        change: impl FnOnce(&mut Group, &mut Messages) -> T,
    ) -> T {
        let state = self.all.entry(group).or_default();
        let (before, was_in_flight) = (state.head(messages), state.in_flight > 0);
        let result = change(state, messages);
        let after = state.head(messages);
        let is_in_flight = state.in_flight > 0;
        if was_in_flight != is_in_flight {
            self.in_flight = self.in_flight.saturating_add_signed(if is_in_flight { 1 } else { -1 });
            self.first_in_flight = if group == 0 { is_in_flight } else { self.first_in_flight };
        }
        let is_empty = state.visible.count == 0 && state.in_flight == 0;
        if before != after {
            before.map(|head| self.ready.remove(&(head, group)));
            after.map(|head| self.ready.insert((head, group)));
        }
        if is_empty {
            self.all.remove(&group);
        }
        result
    }
}

impl Visible {
    /// Nothing so far.
    pub fn new(fifo: bool) -> Visible {
        match fifo {
            true => Visible::Fifo(Groups::default()),
            false => Visible::Standard(List::default()),
        }
    }

    /// A message becomes visible.
    pub fn add(&mut self, messages: &mut Messages, slot: u32) {
        match self {
            Visible::Standard(list) => messages.push(list, slot),
            Visible::Fifo(groups) => {
                let group = messages.of(slot).group;
                let is_new = messages.of(slot).receives == 0;
                groups.change(messages, group, |state, messages| match is_new {
                    true => messages.push(&mut state.visible, slot),
                    // It comes back to its place, which is among the first.
                    false => messages.insert_in_order(&mut state.visible, slot),
                });
            }
        }
    }

    /// A visible message goes without being received.
    pub fn remove(&mut self, messages: &mut Messages, slot: u32) {
        match self {
            Visible::Standard(list) => messages.remove(list, slot),
            Visible::Fifo(groups) => {
                let group = messages.of(slot).group;
                groups.change(messages, group, |state, messages| messages.remove(&mut state.visible, slot));
            }
        }
    }

    /// The next message that can be received, if there is one. `also` is the message group that the same receive has
    /// taken from already: of that group more can follow.
    pub fn next(&self, also: Option<u32>) -> Option<u32> {
        match self {
            Visible::Standard(list) => (list.first != NONE).then_some(list.first),
            Visible::Fifo(groups) => {
                let more = also.and_then(|group| groups.all.get(&group)).map(|group| group.visible.first);
                more.filter(|&slot| slot != NONE).or_else(|| {
                    let (_, group) = groups.ready.first()?;
                    Some(groups.all[group].visible.first)
                })
            }
        }
    }

    /// A visible message is received.
    pub fn receive(&mut self, messages: &mut Messages, slot: u32) {
        match self {
            Visible::Standard(list) => messages.remove(list, slot),
            Visible::Fifo(groups) => {
                let group = messages.of(slot).group;
                groups.change(messages, group, |state, messages| {
                    messages.remove(&mut state.visible, slot);
                    state.in_flight += 1;
                });
            }
        }
    }

    /// Message groups of which a message is in flight, or of the first alone; nothing of a standard queue.
    pub fn groups_in_flight(&self, first: bool) -> Option<u64> {
        match self {
            Visible::Standard(_) => None,
            Visible::Fifo(groups) if first => Some(u64::from(groups.first_in_flight)),
            Visible::Fifo(groups) => Some(groups.in_flight),
        }
    }

    /// A message of a group is no longer in flight.
    pub fn landed(&mut self, messages: &mut Messages, group: u32) {
        if let Visible::Fifo(groups) = self {
            groups.change(messages, group, |state, _| state.in_flight -= 1);
        }
    }
}

//! Deadlines of attempts: the patience of a client, of a balancer, and the limit of a wait.
//!
//! In: a deadline when a wait begins. Out: the timeout, if the wait lasts that long. Nearly no deadline ever comes, so
//! it is no event but a number in the record of its attempt. For each record one event is planned at the earliest
//! deadline; by then the record mostly belongs to a later attempt, and the event is planned anew for that one's.
//! A deadline comes last at its instant: what ends exactly then has ended in time.

use super::request::Deadline;
use super::{Event, World};

impl World<'_> {
    /// A deadline of an attempt, so many nanoseconds from now.
    #[inline]
    pub(super) fn deadline(&mut self, id: u32, span: u64) -> Deadline {
        let deadline = Deadline { time: self.now.saturating_add(span), number: self.calendar.last_number() };
        if deadline.time < self.attempts.claims(id).watched {
            self.watch(id, deadline);
        }
        deadline
    }

    /// Plans to look at the deadlines of an attempt when this one comes.
    #[inline(never)]
    fn watch(&mut self, id: u32, Deadline { time, number }: Deadline) {
        self.attempts.claims_mut(id).watched = time;
        self.calendar.at_number(time, number, Event::Watch(id));
    }

    /// A deadline of an attempt has come, unless the wait has ended and others have begun since this was planned.
    pub(super) fn look_at_deadlines(&mut self, id: u32, number: u64) {
        if self.attempts.claims(id).watched != self.now {
            return; // an earlier one has come between
        }
        self.attempts.claims_mut(id).watched = u64::MAX;
        let due = Deadline { time: self.now, number };
        if self.attempts.deadline(id) == due {
            self.timeout(id, due);
        }
        let next = self.attempts.deadline(id);
        if next.time < self.attempts.claims(id).watched {
            self.watch(id, next);
        }
    }

    fn timeout(&mut self, id: u32, due: Deadline) {
        let attempt = &mut self.attempts[id];
        let (floor, depth) = (attempt.floor, attempt.depth);
        if attempt.patience == due {
            attempt.patience = Deadline::NEVER;
            self.client_timeout(id);
        } else if self.attempts.claims(id).limit == due {
            self.attempts.claims_mut(id).limit = Deadline::NEVER;
            self.give_up(id);
        } else if let Some(tier) = (floor..depth).find(|&tier| self.attempts.tier(id, tier).patience == due) {
            self.attempts.tier_mut(id, tier).patience = Deadline::NEVER;
            self.idle_timeout(id, tier);
        }
    }
}

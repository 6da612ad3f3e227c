//! Deadlines of attempts: the patience of a client, of a balancer, and the limit of a wait.
//!
//! In: a deadline when a wait begins. Out: an event at which somebody looks whether it has come. Nearly no deadline ever
//! comes, so it is no event but a number in the record of its attempt. For each record one event is planned at the
//! earliest deadline; by then the record mostly belongs to a later attempt, and the event is planned anew for that
//! one's. A deadline comes last at its instant: what ends exactly then has ended in time.

use super::Flow;
use super::event::Event;

/// When a wait must have ended, and the place of that among the events of the same instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline {
    /// When.
    pub time: u64,
    /// Its number in the calendar.
    pub number: u64,
}

impl Deadline {
    /// No deadline.
    pub const NEVER: Deadline = Deadline { time: u64::MAX, number: u64::MAX };
}

impl Flow {
    /// A deadline of an attempt, this many nanoseconds from now.
    #[inline]
    pub fn deadline(&mut self, id: u32, span: u64) -> Deadline {
        let deadline = Deadline { time: self.now.saturating_add(span), number: self.calendar.last_number() };
        if deadline.time < self.attempts.claims(id).watched {
            self.watch(id, deadline);
        }
        deadline
    }

    /// Plans to look at the deadlines of an attempt when this one comes.
    #[inline(never)]
    pub fn watch(&mut self, id: u32, Deadline { time, number }: Deadline) {
        self.attempts.claims_mut(id).watched = time;
        self.calendar.at_number(time, number, Event::Watch(id));
    }

    /// Waits with a limit: an attempt that is not served by then fails.
    #[inline]
    pub fn wait_at_most(&mut self, id: u32, limit: u64) {
        self.attempts.claims_mut(id).limit = self.deadline(id, limit);
    }
}

//! Waits of attempts: their limits, and their ends.
//!
//! In: a wait that begins. Out: an event at which the deadline is checked, see `deadline`; the attempt, when it
//! resumes.

use super::Flow;
use super::claims::Waiting;
use super::deadline::Deadline;
use super::event::Event;

impl Flow {
    /// A deadline for an attempt, this many nanoseconds from now.
    #[inline]
    pub fn deadline(&mut self, id: u32, span: u64) -> Deadline {
        let deadline = Deadline { time: self.now.saturating_add(span), number: self.calendar.last_number() };
        if deadline.time < self.attempts.watched(id) {
            self.watch(id, deadline);
        }
        deadline
    }

    /// Plans a check of an attempt's deadlines at the time of this one.
    #[inline(never)]
    pub fn watch(&mut self, id: u32, Deadline { time, number }: Deadline) {
        *self.attempts.watched_mut(id) = time;
        self.calendar.at_number(time, number, Event::Watch(id));
    }

    /// Waits with a limit: an attempt that is not served by then fails.
    #[inline]
    pub fn wait_at_most(&mut self, id: u32, limit: u64) {
        self.attempts.claims_mut(id).limit = self.deadline(id, limit);
    }

    /// The wait of an attempt is over, and so is its step.
    #[inline]
    pub fn grant(&mut self, attempt: u32) {
        self.end_wait(attempt);
        self.ready.push(attempt);
    }

    /// The wait of an attempt is over.
    #[inline]
    pub fn end_wait(&mut self, attempt: u32) {
        let claims = self.attempts.claims_mut(attempt);
        claims.waiting = Waiting::Nowhere;
        claims.limit = Deadline::NEVER;
    }
}

//! Deadlines of attempts: the timeout of a client, of a balancer, and the limit of a wait.
//!
//! In: an event that was planned for a deadline, see [`crate::flow::deadline`]. Out: the timeout, if the wait has
//! lasted that long, and the next check.

use super::World;
use super::program::Op;
use crate::flow::attempt::Tier;
use crate::flow::broken::Broken;
use crate::flow::deadline::Deadline;

impl World<'_> {
    /// A deadline of an attempt may have expired: the wait may have ended and others may have begun since this was
    /// planned.
    pub(super) fn look_at_deadlines(&mut self, id: u32, number: u64) {
        if self.flow.attempts.watched(id) != self.flow.now {
            return; // an earlier check was planned meanwhile
        }
        *self.flow.attempts.watched_mut(id) = u64::MAX;
        let due = Deadline { time: self.flow.now, number };
        if self.flow.attempts.deadline(id) == due {
            self.timeout(id, due);
        }
        let next = self.flow.attempts.deadline(id);
        if next.time < self.flow.attempts.watched(id) {
            self.flow.watch(id, next);
        }
    }

    fn timeout(&mut self, id: u32, due: Deadline) {
        let attempt = &mut self.flow.attempts[id];
        let (floor, depth) = (attempt.floor, attempt.depth);
        if attempt.patience == due {
            attempt.patience = Deadline::NEVER;
            self.client_timeout(id);
        } else if self.flow.attempts.claims(id).limit == due {
            self.flow.attempts.claims_mut(id).limit = Deadline::NEVER;
            self.give_up(id);
        } else if let Some(tier) =
            (floor..depth).find(|&tier| self.flow.attempts.tier(id, tier).patience == due)
        {
            self.flow.attempts.tier_mut(id, tier).patience = Deadline::NEVER;
            self.idle_timeout(id, tier);
        }
    }

    /// A wait has reached its limit.
    fn give_up(&mut self, id: u32) {
        let told = self.flow.facts.len();
        let cause = match self.program.ops[self.flow.attempts[id].at as usize].op {
            Op::Of(op) => self.parts.give_up(op, id, &mut self.flow),
            // No answer from a host that is lost.
            Op::Thread { tier, .. } => {
                let Tier { balancer, .. } = *self.flow.attempts.tier(id, tier);
                Some(self.seen(balancer, Broken::Unaccepted))
            }
            _ => None,
        };
        let Some(cause) = cause else { return self.give_tries_up(told) };
        self.flow.attempts.book(id, self.flow.now);
        self.fail(id, cause);
    }
}

//! What an instance keeps for its calls by one policy: how many there are, its budget, its breaker.
//!
//! In: tries that begin and end. Out: whether one may begin, and why not.

use super::breaker::Breaker;
use crate::kind::policy::{Budget, Policy};
use crate::measure::stage::Cause;

/// One instance that calls.
#[derive(Debug)]
pub(super) struct Caller {
    /// Calls that are not answered yet; a call that pauses before a retry is none.
    inside: u32,
    /// Tokens in its bucket.
    tokens: f64,
    breaker: Breaker,
}

impl Caller {
    /// One that has not called yet.
    pub(super) fn new(policy: &Policy) -> Caller {
        Caller { inside: 0, tokens: policy.budget.map_or(0.0, |it| it.tokens), breaker: Breaker::default() }
    }

    /// A call wants to send a try: nothing if it may, and the cause by which it fails if it may not.
    pub(super) fn begin(&mut self, policy: &Policy, now: u64) -> Option<Cause> {
        if policy.bulkhead.is_some_and(|most| self.inside >= most) {
            return Some(Cause::BulkheadFull);
        }
        if policy.breaker.as_ref().is_some_and(|breaker| !self.breaker.lets(breaker, now)) {
            return Some(Cause::CircuitOpen);
        }
        self.inside += 1;
        None
    }

    /// Its try has ended.
    pub(super) fn end(&mut self, policy: &Policy, has_failed: bool, now: u64) {
        self.inside -= 1;
        if let Some(breaker) = &policy.breaker {
            self.breaker.ended(breaker, has_failed, now);
        }
        if let Some(Budget { tokens, ratio }) = policy.budget {
            let change = if has_failed { -1.0 } else { ratio };
            self.tokens = (self.tokens + change).clamp(0.0, tokens);
        }
    }

    /// Nobody waits for its try any more, and nobody will hear how it ends.
    pub(super) fn leave(&mut self) {
        self.inside -= 1;
        self.breaker.forgets_one();
    }

    /// Whether a try that has failed may be followed by another.
    pub(super) fn may_retry(&self, policy: &Policy) -> bool {
        policy.budget.is_none_or(|budget| self.tokens > budget.tokens / 2.0)
    }

    /// Whether its breaker is not closed.
    pub(super) fn is_open(&self) -> bool {
        self.breaker.is_open()
    }
}

//! Requests that do not end well at a balancer. In: failures, each by whose fault, and clients that have gone. Out: counts, and weights.

use super::counts::{Counts, Inside};
use super::model::Balancers;
use crate::measure::stage::Cause;

impl Balancers<'_> {
    /// Whether a balancer answers requests itself; one that knows no HTTP carries connections.
    pub fn knows_http(&self, balancer: u16) -> bool {
        self.each[usize::from(balancer)].knows_http
    }

    /// A balancer makes an error itself, because its target has gone or there is none. One that knows no HTTP answers nothing: it hears
    /// a reset.
    #[cold]
    pub fn made(&mut self, balancer: u16, cause: Cause) {
        let state = self.of(balancer);
        match state.knows_http {
            true => state.counts.own(cause),
            false => state.counts.target_resets += u64::from(cause == Cause::ConnectionReset),
        }
    }

    /// The client of a request, a user or none, has closed its connection before the answer.
    #[cold]
    pub fn closed(&mut self, balancer: u16, user: u32, now: u64) {
        let root = self.settings[usize::from(balancer)].root(balancer.into());
        self.each[root].sessions.closed(user, now);
        let state = self.of(balancer);
        match state.knows_http {
            true => state.counts.closed += 1,
            false => state.counts.client_resets += 1,
        }
    }

    /// A request has failed at a target: by an error that the balancer made of it, or by the answer of the target.
    #[cold]
    pub fn failed(&mut self, balancer: u16, target: u32, own: Option<Cause>) {
        let state = self.of(balancer);
        match (own, state.knows_http) {
            (Some(cause), true) => state.counts.own(cause),
            (None, true) => state.counts.of_targets += 1,
            // It reads no answers. What was idle for too long it resets itself; what a target refuses or resets it passes on.
            (Some(Cause::GatewayTimeout), false) => state.counts.resets += 1,
            (Some(Cause::ConnectionRefused | Cause::ConnectionReset), false) => {
                state.counts.target_resets += 1
            }
            (_, false) => {}
        }
        if self.mitigates {
            self.weigh_failure(balancer, target);
        }
    }

    /// What is at a balancer, in all of its groups.
    pub(super) fn inside(&self, root: usize) -> Inside {
        let groups =
            self.each.iter().enumerate().filter(|(index, _)| self.settings[*index].root(*index) == root);
        Inside {
            outstanding: groups.map(|(_, state)| state.outstanding()).sum(),
            counts: self.counts(root),
            of_users: self.each[root].sessions.requests(),
        }
    }

    /// The counters of a balancer, in all of its groups.
    pub(super) fn counts(&self, root: usize) -> Counts {
        let mut sum = Counts::default();
        for (index, state) in self.each.iter().enumerate() {
            if self.settings[index].root(index) == root {
                sum.add(&state.counts);
            }
        }
        sum
    }
}

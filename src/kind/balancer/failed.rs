//! Requests that do not end well at a balancer. In: failures, each by whose fault, and clients that have gone. Out: counts, and weights.

use super::counts::Counts;
use super::model::Balancers;
use crate::measure::stage::Cause;

impl Balancers<'_> {
    /// A balancer answers a request by an error of its own, and no target has done anything wrong that it heard of.
    #[cold]
    pub fn made(&mut self, balancer: u16, cause: Cause) {
        let state = self.of(balancer);
        // A Network Load Balancer answers nothing.
        if state.network.is_none() {
            state.counts.own(cause);
        }
    }

    /// The client of a request has closed its connection before the answer.
    #[cold]
    pub fn closed(&mut self, balancer: u16) {
        let state = self.of(balancer);
        state.counts.closed += u64::from(state.network.is_none());
    }

    /// A request has failed at a target: by an error that the balancer made of it, or by the answer of the target.
    #[cold]
    pub fn failed(&mut self, balancer: u16, target: u32, own: Option<Cause>) {
        let state = self.of(balancer);
        match own {
            // Nor does it read answers.
            _ if state.network.is_some() => {}
            Some(cause) => state.counts.own(cause),
            None => state.counts.of_targets += 1,
        }
        if self.mitigates {
            self.weigh_failure(balancer, target);
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

//! Which environment an invocation gets, if any. In: an invocation. Out: an environment that is idle or new, or a throttle.
//!
//! A provisioned one comes first, then the idle one that was used last, then a new one. Concurrency counts invocations in progress, those whose
//! environment initializes included; idle environments are none.

use super::account::{Got, Throttle};
use super::environment::State;
use super::state::Lambdas;
use crate::flow::Flow;

impl Lambdas<'_> {
    /// An environment for an invocation; requests a second are only those of callers that wait.
    pub(super) fn admit(&mut self, function: u16, waits: bool, flow: &mut Flow) -> Got {
        let index = usize::from(function);
        let (settings, state) = (&self.settings[index], &mut self.each[index]);
        let account = &mut self.accounts[state.account];
        if waits {
            let rate = state.rate.as_mut().unwrap_or(&mut account.rate);
            if !rate.take(1.0, flow.now) {
                return Got::Nothing(Throttle::Rate);
            }
        }
        if let Some(environment) = state.ready.pop() {
            state.counts.provisioned += 1;
            return Got::Warm(environment);
        }
        let has_room = match settings.reserved {
            Some(reserved) => {
                u64::from(state.busy) + u64::from(state.provisioned.held()) < u64::from(reserved)
            }
            None => account.has_room(),
        };
        if !has_room {
            return Got::Nothing(Throttle::Concurrency);
        }
        state.counts.spilled += u64::from(settings.provisioned.is_some());
        if let Some(environment) = state.idle.pop_back() {
            return Got::Warm(environment);
        }
        if !state.scale.take(1.0, flow.now) {
            return Got::Nothing(Throttle::Scaling);
        }
        Got::Cold(self.make(function, false, flow))
    }

    /// An environment has a request from now on.
    pub(super) fn begins(&mut self, environment: u32, attempt: u32, flow: &Flow) {
        let own = &mut self.environments[environment as usize];
        if own.state == State::Idle {
            own.state = State::Busy;
        }
        (own.attempt, own.since) = (attempt, flow.now);
        let (index, provisioned) = (usize::from(own.function), own.provisioned);
        self.takes(index, provisioned, true, flow.now);
    }

    /// Concurrency is taken, or given back.
    pub(super) fn takes(&mut self, index: usize, provisioned: bool, begins: bool, now: u64) {
        let state = &mut self.each[index];
        state.turns(provisioned, begins, now);
        if !provisioned && self.settings[index].reserved.is_none() {
            let busy = &mut self.accounts[state.account].busy;
            *busy = if begins { *busy + 1 } else { *busy - 1 };
        }
    }
}

//! Environments that end: an invocation took too long, or nothing was to be done for a while. In: timers. Out: environments that are gone.
//!
//! All invocations of a function may take as long, and all of its environments are kept as long: so what is due first is at the front of a
//! list, and one timer for each function is enough.

use super::environment::State;
use super::op::Timer;
use super::state::Lambdas;
use crate::flow::fact::Fact;
use crate::flow::{Flow, NONE, number};
use crate::measure::stage::Cause;

impl Lambdas<'_> {
    /// The work of an invocation begins: it may take so long.
    pub(super) fn watch_timeout(&mut self, environment: u32, flow: &mut Flow) {
        let own = &self.environments[environment as usize];
        let function = own.function;
        let index = usize::from(function);
        let due = flow.now.saturating_add(self.settings[index].timeout.0);
        let state = &mut self.each[index];
        state.deadlines.push_back((due, environment, own.served));
        if state.deadlines.len() == 1 {
            flow.set(Timer::TimesOut { function }, due);
        }
    }

    /// Invocations that take too long end with their environments. What ends at this very instant is in time.
    pub(super) fn time_out(&mut self, function: u16, flow: &mut Flow) {
        let index = usize::from(function);
        while let Some(&(due, environment, served)) = self.each[index].deadlines.front() {
            let own = self.environments[environment as usize];
            let is_over = own.served != served || own.state != State::Busy;
            let state = &mut self.each[index];
            // An answer that comes at the very end is in time: whatever else happens at that instant goes first.
            if !is_over && (due > flow.now || std::mem::replace(&mut state.looked_at, due) != due) {
                return flow.set(Timer::TimesOut { function }, due);
            }
            self.each[index].deadlines.pop_front();
            if is_over {
                continue;
            }
            self.each[index].counts.timeouts += 1;
            self.bill(environment, flow.now);
            self.takes(index, own.provisioned, false, flow.now);
            self.end(environment, flow);
            self.replace(environment, flow);
            flow.tell(Fact::Killed { host: own.host, cause: Cause::FunctionTimeout });
        }
    }

    /// The request of an environment has ended: it is idle.
    pub(super) fn rests(&mut self, environment: u32, flow: &mut Flow) {
        let own = &mut self.environments[environment as usize];
        // One that was ended meanwhile has given everything back.
        if own.state == State::Gone {
            return;
        }
        let (function, provisioned, refused) = (own.function, own.provisioned, own.refused);
        let index = usize::from(function);
        self.bill(environment, flow.now);
        self.takes(index, provisioned, false, flow.now);
        let own = &mut self.environments[environment as usize];
        own.served = own.served.wrapping_add(1);
        // One whose caller has gone while it was made has no connections yet.
        if refused || (own.state == State::Starts && !self.settings[index].pools.is_empty()) {
            self.end(environment, flow);
            return self.replace(environment, flow);
        }
        (own.state, own.since) = (State::Idle, flow.now);
        if provisioned {
            return self.back_to_ready(environment, flow);
        }
        let state = &mut self.each[index];
        state.idle.push_back(environment);
        if state.idle.len() == 1 {
            let keep = self.settings[index].keep.0;
            flow.set(Timer::Reclaims { function }, flow.now.saturating_add(keep));
        }
    }

    /// Idle environments are reclaimed, those that were used longest ago first.
    pub(super) fn reclaim(&mut self, function: u16, flow: &mut Flow) {
        let index = usize::from(function);
        let keep = self.settings[index].keep.0;
        while let Some(&environment) = self.each[index].idle.front() {
            let due = self.environments[environment as usize].since.saturating_add(keep);
            if due > flow.now {
                return flow.set(Timer::Reclaims { function }, due);
            }
            self.each[index].idle.pop_front();
            self.each[index].counts.reclaimed += 1;
            self.end(environment, flow);
        }
    }

    /// The run ends: what still runs is paid for up to now.
    pub(super) fn bill_running(&mut self, now: u64) {
        for environment in 0..self.environments.len() {
            let own = &self.environments[environment];
            let runs = match own.state {
                State::Busy => true,
                // One that is made for a request; what is provisioned and has none is paid for as that.
                State::Starts => own.attempt != NONE,
                State::Idle | State::Gone => false,
            };
            if runs {
                self.bill(number(environment), now);
            }
        }
    }

    /// Books what an environment has worked since its request came: whole milliseconds, the initialization as well.
    fn bill(&mut self, environment: u32, now: u64) {
        let own = &self.environments[environment as usize];
        let worked = match own.state {
            State::Starts => own.init.min(now.saturating_sub(own.since)),
            _ => now.saturating_sub(own.since).saturating_add(own.init),
        };
        let counts = &mut self.each[usize::from(own.function)].counts;
        counts.billed_ms[usize::from(own.provisioned)] += worked.div_ceil(1_000_000);
        self.environments[environment as usize].init = 0;
    }
}

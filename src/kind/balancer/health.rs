//! Health checks: which targets are healthy.
//!
//! In: the answers to health checks. Out: verdicts. A target that was never healthy is healthy after one passing check, whatever it failed
//! before; one that has become unhealthy after as many in a row as the healthy threshold says. (Elastic Load Balancing user guide, "Health
//! checks for your target groups".) Checks begin when a target is registered. A health check is a small real request that waits for a
//! thread like any other, and may have steps; an instance whose application is not up yet refuses it, as it refuses requests.

use super::model::{Balancers, Timer};
use crate::flow::attempt::Tier;
use crate::flow::fact::Fact;
use crate::flow::{Flow, NONE, number};
use crate::id;
use crate::kind::Kind;

impl Balancers<'_> {
    /// Sends the health check of a target.
    pub(super) fn check_health(&mut self, balancer: u16, target: u32, flow: &mut Flow) {
        let settings = &self.settings[usize::from(balancer)].health_check;
        let next = flow.now.saturating_add(settings.interval.0);
        let (first, state) = {
            let state = self.of(balancer);
            (state.probe, &mut state.targets[target as usize])
        };
        let host = state.instance;
        if flow.hosts[host as usize].is_lost() {
            // Nothing comes back: the timeout of the check decides.
            state.probe = NONE;
            flow.set(Timer::CheckTimeout { balancer, target }, flow.now.saturating_add(settings.timeout.0));
            return flow.set(Timer::Check { balancer, target }, next);
        }
        if !flow.hosts[host as usize].is_running() {
            flow.set(Timer::Check { balancer, target }, next);
            return self.judge(balancer, target, false, flow); // the connection is refused
        }
        flow.set(Timer::CheckTimeout { balancer, target }, flow.now.saturating_add(settings.timeout.0));
        // After the timeout of this check, which may be due at the same time.
        flow.set(Timer::Check { balancer, target }, next);
        let id = flow.send_errand(Kind::Balancer as u8, balancer.into(), first);
        // Recorded as a tier without balancer: a health check does not count as outstanding.
        flow.enter_tier(id, 0, host, Tier { target, ..Tier::NONE });
        state.probe = id;
    }

    /// A health check was answered.
    pub(super) fn probed(&mut self, id: u32, flow: &mut Flow) {
        let (balancer, target) = (number(flow.attempts[id].user as usize), flow.attempts.tier(id, 0).target);
        flow.attempts.release(id);
        let state = &mut self.of(balancer).targets[target as usize];
        let passes = !flow.hosts[state.instance as usize].ails;
        if state.probe != id || !state.registered {
            return; // too late: the timeout was already judged as a failure
        }
        state.probe = NONE;
        flow.cancel(Timer::CheckTimeout { balancer, target });
        self.judge(balancer, target, passes, flow);
    }

    /// A health check was not answered in time.
    pub(super) fn check_timed_out(&mut self, balancer: u16, target: u32, flow: &mut Flow) {
        self.of(balancer).targets[target as usize].probe = NONE;
        self.judge(balancer, target, false, flow);
    }

    /// A new target has waited for as long as its first connections take.
    pub(super) fn join(&mut self, balancer: u16, target: u32, flow: &mut Flow) {
        self.of(balancer).targets[target as usize].waits = false;
        self.refresh(usize::from(balancer), flow);
    }

    fn judge(&mut self, balancer: u16, target: u32, passed: bool, flow: &mut Flow) {
        let settings = &self.settings[usize::from(balancer)];
        let state = &mut self.each[usize::from(balancer)].targets[target as usize];
        let before = *state;
        if passed {
            state.passes += 1;
            state.failures = 0;
            let check = &settings.health_check;
            if state.passes >= if state.new { check.first_passes } else { check.healthy_threshold } {
                (state.healthy, state.initial, state.new, state.struck) = (true, false, false, false);
            }
        } else {
            state.failures += 1;
            state.passes = 0;
            if state.failures >= settings.health_check.unhealthy_threshold {
                state.struck |= state.healthy && flow.hosts[state.instance as usize].does_nothing();
                state.healthy = false;
                state.initial = false;
            }
        }
        if state.healthy && !before.healthy {
            self.each[usize::from(balancer)].begin_slowly(target, flow.now);
        }
        let state = &mut self.each[usize::from(balancer)].targets[target as usize];
        if let (Some(network), true, false) = (settings.network, before.new, state.new) {
            state.waits = true;
            let at = flow.now.saturating_add(network.target_delay.0);
            flow.set(Timer::Join { balancer, target }, at);
        }
        let after = *state;
        if after.healthy != before.healthy {
            self.refresh(usize::from(balancer), flow);
        }
        if after.is_unhealthy() != before.is_unhealthy() {
            flow.incident(id::Kind::Balancer, &settings.name, self.each[usize::from(balancer)].health());
        }
        if after.healthy && !before.healthy {
            flow.tell(Fact::Healthy(after.instance));
        }
        if after.is_unhealthy() {
            flow.tell(Fact::Unhealthy(after.instance));
        }
    }
}

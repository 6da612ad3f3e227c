//! Health checks: which targets are healthy.
//!
//! In: the answers to health checks. Out: verdicts of the nodes. A target that was never healthy is healthy after one passing check, whatever it failed
//! before; one that has become unhealthy after as many in a row as the healthy threshold says. (Elastic Load Balancing user guide, "Health
//! checks for your target groups".) Checks begin when a target is registered. A health check is a small real request that waits for a
//! thread like any other, and may have steps; an instance whose application is not up yet refuses it, as it refuses requests.

use super::model::{Balancers, Timer};
use super::targets::Target;
use crate::catalog::zone::Place;
use crate::flow::attempt::Tier;
use crate::flow::fact::Fact;
use crate::flow::{Flow, NONE, number};
use crate::id;
use crate::kind::Kind;

impl Balancers<'_> {
    /// A node sends the health check of a target.
    pub(super) fn check_health(&mut self, balancer: u16, check: u32, flow: &mut Flow) {
        let settings = &self.settings[usize::from(balancer)].health_check;
        let next = flow.now.saturating_add(settings.interval.0);
        let state = self.of(balancer);
        let (target, node) = state.of_check(check);
        let (first, host) = (state.probe, state.targets[target as usize].instance);
        if state.nodes.is_lost(node) {
            return flow.set(Timer::Check { balancer, check }, next);
        }
        if flow.hosts[host as usize].is_lost() {
            // Nothing comes back: the timeout of the check decides.
            state.verdict(check).probe = NONE;
            flow.set(Timer::CheckTimeout { balancer, check }, flow.now.saturating_add(settings.timeout.0));
            return flow.set(Timer::Check { balancer, check }, next);
        }
        if !flow.hosts[host as usize].is_running() {
            flow.set(Timer::Check { balancer, check }, next);
            return self.judge(balancer, check, false, flow); // the connection is refused
        }
        flow.set(Timer::CheckTimeout { balancer, check }, flow.now.saturating_add(settings.timeout.0));
        // After the timeout of this check, which may be due at the same time.
        flow.set(Timer::Check { balancer, check }, next);
        let id = flow.send_errand(Kind::Balancer as u8, balancer.into(), first);
        // Recorded as a tier without balancer: a health check does not count as outstanding.
        flow.enter_tier(id, 0, host, Tier { target: check, ..Tier::NONE });
        state.verdict(check).probe = id;
    }

    /// A health check was answered.
    pub(super) fn probed(&mut self, id: u32, flow: &mut Flow) {
        let (balancer, check) = (number(flow.attempts[id].user as usize), flow.attempts.tier(id, 0).target);
        flow.attempts.release(id);
        let state = self.of(balancer);
        let (target, _) = state.of_check(check);
        let Target { instance, registered, .. } = state.targets[target as usize];
        let passes = !flow.hosts[instance as usize].ails;
        if state.verdict(check).probe != id || !registered {
            return; // too late: the timeout was already judged as a failure
        }
        state.verdict(check).probe = NONE;
        flow.cancel(Timer::CheckTimeout { balancer, check });
        self.judge(balancer, check, passes, flow);
    }

    /// A health check was not answered in time.
    pub(super) fn check_timed_out(&mut self, balancer: u16, check: u32, flow: &mut Flow) {
        let state = self.of(balancer);
        state.verdict(check).probe = NONE;
        let (_, node) = state.of_check(check);
        if !state.nodes.is_lost(node) {
            self.judge(balancer, check, false, flow);
        }
    }

    /// A zone is lost with the node there, or both are back.
    pub(super) fn zone_changes(&mut self, place: Place, lost: bool, flow: &mut Flow) {
        for balancer in 0..self.each.len() {
            let state = &mut self.each[balancer];
            if let Some(node) = state.nodes.set_lost(place, lost) {
                if !lost {
                    state.node_is_back(node);
                }
                state.sum_up_all();
                self.refresh(balancer, flow);
            }
        }
    }

    /// A new target has waited for as long as its first connections take.
    pub(super) fn join(&mut self, balancer: u16, target: u32, flow: &mut Flow) {
        self.of(balancer).targets[target as usize].waits = false;
        self.refresh(usize::from(balancer), flow);
    }

    fn judge(&mut self, balancer: u16, check: u32, passed: bool, flow: &mut Flow) {
        let settings = &self.settings[usize::from(balancer)];
        let own = &settings.health_check;
        let state = self.of(balancer);
        let (target, _) = state.of_check(check);
        let before = state.targets[target as usize];
        let does_nothing = flow.hosts[before.instance as usize].does_nothing();
        let known = state.verdict(check);
        let was_healthy = known.healthy;
        if passed {
            known.passes += 1;
            known.failures = 0;
            if known.passes >= if known.new { own.first_passes } else { own.healthy_threshold } {
                (known.healthy, known.initial, known.new, known.struck) = (true, false, false, false);
            }
        } else {
            known.failures += 1;
            known.passes = 0;
            if known.failures >= own.unhealthy_threshold {
                known.struck |= known.healthy && does_nothing;
                known.healthy = false;
                known.initial = false;
            }
        }
        let differs = known.healthy != was_healthy;
        state.sum_up(target);
        if state.targets[target as usize].at_some && !before.at_some {
            state.begin_slowly(target, flow.now);
        }
        let state = &mut self.each[usize::from(balancer)].targets[target as usize];
        if let (Some(network), true, false) = (settings.network, before.new, state.new) {
            state.waits = true;
            let at = flow.now.saturating_add(network.target_delay.0);
            flow.set(Timer::Join { balancer, target }, at);
        }
        let after = *state;
        if differs {
            self.refresh(usize::from(balancer), flow);
        }
        if after.is_unhealthy() != before.is_unhealthy() {
            flow.incident(id::Kind::Balancer, &settings.name, self.each[usize::from(balancer)].health());
        }
        if after.at_some && !before.at_some {
            flow.tell(Fact::Admitted(after.instance));
        }
        if after.healthy && !before.healthy {
            flow.tell(Fact::Healthy(after.instance));
        }
        if after.is_unhealthy() {
            flow.tell(Fact::Unhealthy(after.instance));
        }
    }
}

//! The surge queue of a Classic Load Balancer: requests that wait for a target that can take a connection.
//!
//! In: requests that come, and connections that end. Out: requests that go on, in the order in which they came, or that are turned away at
//! a full queue. A target can take as many as it has threads and places of its accept backlog; the balancer counts what it has sent there.

use super::model::Balancers;
use super::targets::Balancer;
use crate::engine::station::Admission;
use crate::flow::broken::Broken;
use crate::flow::claims::Waiting;
use crate::flow::next::Next;
use crate::flow::{Flow, NONE, number};
use crate::measure::stage::Cause;

impl Balancers<'_> {
    /// A request comes to a balancer with a surge queue: it goes on if a target can take it and nobody is before it.
    pub(super) fn line_up(&mut self, balancer: u16, past: u32, id: u32, flow: &mut Flow) -> Next {
        let state = self.of(balancer);
        let Some(surge) = &state.surge else { return Next::At(past) };
        let is_first = surge.len(flow) == 0 && surge.called.is_empty();
        // Without a healthy target nothing is waited for.
        if !state.has_healthy() || (is_first && state.has_eligible()) || state.free(flow) > 0 {
            return Next::At(past);
        }
        let (station, idle) = (surge.station, state.idle);
        if flow.take(station, id) == Admission::Refused {
            state.counts.spilled += 1;
            let cause = Broken::Nowhere.cause(self.knows_http(balancer));
            return Next::Fail(cause);
        }
        let claims = flow.attempts.claims_mut(id);
        (claims.holding, claims.waiting) = (station, Waiting::Station(station));
        flow.wait_at_most(id, idle);
        Next::Wait
    }

    /// A request has waited, and goes to a target now.
    pub(super) fn called(&mut self, balancer: u16, id: u32) {
        if let Some(surge) = &mut self.of(balancer).surge {
            surge.called.retain(|called| *called != id);
        }
    }

    /// The same where it has ended instead.
    pub(super) fn called_in_vain(&mut self, id: u32) {
        for state in &mut self.each {
            if let Some(surge) = &mut state.surge {
                surge.called.retain(|called| *called != id);
            }
        }
    }

    /// A request has waited for as long as the balancer waits for an answer.
    pub(super) fn waited_in_vain(&mut self, balancer: u16) -> Cause {
        let cause = Broken::Unaccepted.cause(self.knows_http(balancer));
        self.of(balancer).counts.own(cause);
        cause
    }

    /// A connection to a target has begun: it may be the last one that the target can take.
    pub(super) fn fills(&mut self, balancer: u16, target: u32, flow: &Flow) {
        let state = self.of(balancer);
        if state.surge.is_some() && state.room_of(target, flow) == 0 {
            state.set_full(target, true);
        }
    }

    /// Connections may have ended: those that wait go on.
    pub(super) fn drain(&mut self, balancer: u16, flow: &mut Flow) {
        let state = self.of(balancer);
        for target in state.full_targets() {
            if state.room_of(target, flow) > 0 {
                state.set_full(target, false);
            }
        }
        let nobody = !state.has_healthy();
        let mut free = if nobody { u64::from(u32::MAX) } else { state.free(flow) };
        let Some(surge) = &mut state.surge else { return };
        while free > 0
            && let Some(id) = flow.station(surge.station).first()
        {
            flow.leave_queue(id, surge.station, 0);
            flow.attempts.claims_mut(id).holding = NONE;
            flow.grant(id);
            surge.called.push(id);
            free -= 1;
        }
    }

    /// The same at all balancers, where attempts have ended early.
    #[cold]
    pub fn drain_all(&mut self, flow: &mut Flow) {
        for balancer in 0..self.each.len() {
            self.drain(number(balancer), flow);
        }
    }
}

impl Balancer {
    /// How many connections a target can take besides those that it has from here.
    fn room_of(&self, target: u32, flow: &Flow) -> u64 {
        let Some(state) = self.targets.get(target as usize) else { return 0 };
        let host = &flow.hosts[state.instance as usize];
        // What is down refuses a connection, or takes none: nobody waits for that.
        if !host.is_running() {
            return u64::MAX;
        }
        let outstanding = self.pickers[state.picker].outstanding(target);
        host.threads.places().saturating_sub(outstanding.into())
    }

    /// How many connections its targets can take, besides those of requests that were called.
    fn free(&self, flow: &Flow) -> u64 {
        let Some(surge) = &self.surge else { return 0 };
        if surge.len(flow) > 0 && !self.has_eligible() {
            return 0;
        }
        let eligible = self.pickers.iter().flat_map(|picker| picker.eligible());
        let free = eligible.map(|&target| self.room_of(target, flow)).fold(0, u64::saturating_add);
        free.saturating_sub(surge.called.len() as u64)
    }
}

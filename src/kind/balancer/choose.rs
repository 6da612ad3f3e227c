//! A choice of a target that depends on more than the targets: on who asks.
//!
//! In: a request at a balancer with stickiness, or whose targets close connections, or that grows. Out: the request at its
//! target, or rejected. Other balancers choose in the walk itself, in fewer
//! instructions: which of the two it is, is decided where the path is compiled.

use super::language::Protocol;
use super::model::Balancers;
use super::stickiness::Caller;
use super::targets::Balancer;
use crate::flow::attempt::{State, Tier};
use crate::flow::broken::Broken;
use crate::flow::next::Next;
use crate::flow::{Flow, NONE};
use crate::id;
use crate::measure::resource::Resource;
use crate::measure::stage::Cause;

/// A place of a path where a balancer chooses a target.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice {
    /// The balancer.
    pub balancer: u16,
    /// The tier that the request enters.
    pub tier: u8,
    /// The op: what passes there is counted by it.
    pub at: u32,
}

impl Balancers<'_> {
    /// A request comes to a balancer.
    pub(super) fn choose(&mut self, Choice { balancer, tier, at }: Choice, id: u32, flow: &mut Flow) -> Next {
        // All groups of a balancer share what it carries.
        let outer = self.settings[usize::from(balancer)].root(usize::from(balancer));
        let caller = self.caller(id, tier, flow);
        if self.each[outer].capacity.as_ref().is_some_and(|it| it.is_to_count(flow.now)) {
            self.count_connections(outer, flow);
        }
        let session = self.session(outer, id, tier, flow);
        let is_new = match session {
            Some(user) => Some(!self.each[outer].sessions.is_open(user, flow.now)),
            None => caller.map(|caller| caller.is_new),
        };
        if let Some(capacity) = &mut self.each[outer].capacity
            && !capacity.admit(at, is_new, flow.now)
        {
            let state = &mut self.each[outer];
            state.counts.rejected += 1;
            return Next::Fail(match state.network {
                None => Cause::ServiceUnavailable,
                Some(_) => Cause::BandwidthExceeded,
            });
        }
        if let Some(user) = session {
            let state = &mut self.each[outer];
            state.sessions.comes(user, flow.now, state.idle);
        }
        let state = self.of(balancer);
        let user = state.asker(id, tier, flow);
        if state.is_reset(user, flow.now) {
            return Next::Fail(Broken::Unanswered.cause(false));
        }
        let chosen = match user {
            Some(user) => state.pick_for(user, caller, flow.now),
            None => state.pick(flow.now).map(|chosen| (chosen, 0)).ok_or_else(|| state.nowhere()),
        };
        let ((target, host), until) = match chosen {
            Ok(chosen) => chosen,
            Err(cause) => {
                match state.knows_http {
                    true => state.counts.own(cause),
                    false => state.counts.refused += u64::from(cause == Cause::ConnectionRefused),
                }
                return Next::Fail(cause);
            }
        };
        if state.flows.is_some() {
            *self.closes.of_mut(id) = until;
        }
        self.fills(balancer, target, flow);
        let state = self.of(balancer);
        if let Some(connections) = &mut state.connections {
            let closes = connections.take(target, flow.now);
            match closes {
                u64::MAX => state.counts.opened += 1,
                _ => state.counts.reused += 1,
            }
            *self.closes.of_mut(id) = closes;
        }
        let state = self.of(balancer);
        let idle = state.idle;
        flow.passed[at as usize] += 1;
        let patience = flow.deadline(id, idle);
        flow.enter_tier(id, tier, host, Tier { target, balancer, patience, ..Tier::NONE });
        Next::Op
    }

    /// The user who asks, at a balancer that answers requests: its connection is counted by itself.
    fn session(&self, balancer: usize, id: u32, tier: u8, flow: &Flow) -> Option<u32> {
        let attempt = &flow.attempts[id];
        let is_user = tier == 0 && attempt.user != NONE && attempt.state == State::Active;
        (is_user && self.each[balancer].knows_http).then_some(attempt.user)
    }

    /// A request may be of a user, and comes on its connection to a balancer that looks at nothing else of it.
    pub(super) fn comes(&mut self, balancer: u16, id: u32, flow: &Flow) {
        if let Some(user) = self.session(balancer.into(), id, 0, flow) {
            let state = self.of(balancer);
            state.sessions.comes(user, flow.now, state.idle);
        }
    }

    /// The answer to a request goes back, on the connection of its user if it has one.
    pub(super) fn rests(&mut self, balancer: u16, id: u32, flow: &Flow) {
        if let Some(user) = self.session(balancer.into(), id, 0, flow) {
            let state = self.of(balancer);
            state.sessions.answered(user, flow.now, state.idle);
        }
    }

    /// A request comes to a target: the connection that it came on is open, or closed by now.
    pub(super) fn reach(&mut self, id: u32, tier: u8, flow: &mut Flow) -> Next {
        if self.closes.of(id) > flow.now {
            return Next::Op;
        }
        let Tier { balancer, instance, .. } = *flow.attempts.tier(id, tier);
        self.tell_race(balancer, instance, flow);
        Next::Fail(Cause::BadGateway)
    }

    /// The host that calls, if its connections are counted.
    fn caller(&self, id: u32, tier: u8, flow: &Flow) -> Option<Caller> {
        let host = flow.attempts.tier(id, tier.checked_sub(1)?).instance;
        let keep_alive = self.fleets[flow.hosts[host as usize].group].sockets?.keep_alive.0;
        Some(Caller { host, is_new: flow.dialed.is_fresh(id), keep_alive })
    }

    #[cold]
    fn tell_race(&mut self, balancer: u16, instance: u32, flow: &mut Flow) {
        let settings = &self.settings[usize::from(balancer)];
        let root = settings.root(balancer.into());
        flow.note_happened(Resource::Raced { balancer: root }, 1);
        let Some(connections) = &mut self.of(balancer).connections else { return };
        if !std::mem::replace(&mut connections.raced, true) {
            let text = format!(
                "instance {} closed an idle connection while a request was on its way there: 502, the first of its kind",
                flow.hosts[instance as usize].number
            );
            flow.incident(id::Kind::Balancer, &settings.name, text);
        }
    }

    /// An answer leaves a target: its connection is kept, unless the caller has gone.
    pub(super) fn keep(&mut self, id: u32, tier: u8, flow: &mut Flow) {
        let attempt = &flow.attempts[id];
        let is_gone = attempt.state == State::Orphan && attempt.floor == tier;
        let Tier { balancer, target, .. } = *flow.attempts.tier(id, tier);
        let until = self.closes.of(id);
        let caller = self.caller(id, tier, flow);
        let state = self.of(balancer);
        if let (Some(connections), false) = (&mut state.connections, is_gone) {
            connections.keep(target, flow.now);
        }
        let user = state.asker(id, tier, flow);
        if state.flows.is_some() {
            let mut idle = 0;
            if let (false, Some(user), Some(sticky)) = (is_gone, user, &mut state.sticky) {
                idle = sticky.duration();
                match caller {
                    Some(caller) => idle = sticky.answered_to(caller, target, flow.now),
                    None => sticky.answered(user, target, flow.now),
                }
            }
            state.moves(target, flow.now, until, flow.now.saturating_add(idle));
        }
    }
}

impl Balancer {
    /// Who asks, as far as the balancer tells clients apart. A caller that is an instance keeps no cookies, and neither does a try of a call
    /// with a policy. Connections they have.
    fn asker(&self, id: u32, tier: u8, flow: &Flow) -> Option<u32> {
        let attempt = &flow.attempts[id];
        match (tier, attempt.state) {
            (0, State::Active) => Some(attempt.user),
            _ if self.knows_http => None,
            _ => Some(NONE),
        }
    }

    /// Whether a user sends on a connection that a Network Load Balancer has ended meanwhile: it is reset, and the next request opens
    /// another one. A flow of datagrams just begins anew.
    fn is_reset(&mut self, user: Option<u32>, now: u64) -> bool {
        let (true, Some(user), Some(sticky)) = (self.is_of_connections(), user, &mut self.sticky) else {
            return false;
        };
        let is_reset = sticky.ends(user, now);
        self.counts.resets += u64::from(is_reset);
        is_reset
    }

    /// Chooses the target for a request of a client: the one that it is bound to, if that may get requests. Returns also until when a
    /// connection stays open on which nothing more comes.
    fn pick_for(&mut self, user: u32, caller: Option<Caller>, now: u64) -> Result<((u32, u32), u64), Cause> {
        let Some(mut sticky) = self.sticky.take() else {
            return self.pick(now).map(|chosen| (chosen, 0)).ok_or_else(|| self.nowhere());
        };
        let shown = match caller.filter(|_| !self.knows_http) {
            Some(caller) => sticky.of_caller(caller, now),
            None => sticky.shown(user, now),
        };
        // A host that keeps a connection for longer than the balancer does.
        if caller.is_some() && shown.target != NONE && shown.at(now).is_none() && self.is_of_connections() {
            self.counts.resets += 1;
            self.sticky = Some(sticky);
            return Err(Broken::Unanswered.cause(false));
        }
        let bound = shown.at(now).filter(|&target| {
            if !self.node_takes(target) {
                return false;
            }
            let picker = self.targets[target as usize].picker;
            self.pickers[picker].take(target)
        });
        let until = now.saturating_add(sticky.duration());
        let chosen = match bound {
            Some(target) => {
                self.node_is_done();
                self.moves(target, now, shown.until(), until);
                Ok((target, self.doors[target as usize].instance))
            }
            None => self.pick_anew(now, until),
        };
        if let Ok((target, _)) = chosen {
            sticky.set(user, shown, target, now);
            // A connection that it had to another target is of no use; without a cookie that is all that was lost.
            if let (None, Some(before)) = (bound, shown.at(now)) {
                self.counts.rebound += u64::from(self.flows.is_none());
                self.moves(before, now, shown.until(), now);
            }
        }
        self.sticky = Some(sticky);
        chosen.map(|chosen| (chosen, until))
    }

    /// Whether it carries connections, which it resets when they were idle for too long: no requests, and no datagrams.
    fn is_of_connections(&self) -> bool {
        !self.knows_http && self.network.is_none_or(|network| network.protocol != Protocol::Udp)
    }

    /// Chooses the target for a connection that opens.
    fn pick_anew(&mut self, now: u64, until: u64) -> Result<(u32, u32), Cause> {
        let (target, host) = self.pick(now).ok_or_else(|| self.nowhere())?;
        if !self.opens(target, now, until) {
            self.answered(target);
            return Err(Cause::PortsExhausted);
        }
        Ok((target, host))
    }

    /// What a request gets for which there is no target.
    fn nowhere(&self) -> Cause {
        Broken::Nowhere.cause(self.knows_http)
    }
}

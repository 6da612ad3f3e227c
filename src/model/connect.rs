//! Connections that are not accepted.
//!
//! In: an attempt at an instance whose backlog is full, or whose application is not up. Out: the attempt
//! waiting for its next try, or failed.

use super::World;
use super::program::Op;
use crate::flow::attempt::{ENDED, State, Tier};
use crate::flow::broken::Broken;
use crate::flow::claims::Waiting;
use crate::flow::event::Event;
use crate::flow::next::Next;
use crate::kind::Kind;
use crate::kind::fleet::language::Overflow;

/// First pause before a connection that was not accepted is tried again; it doubles with every try.
/// Source: initial retransmission timeout of TCP, RFC 6298 section 2.1.
pub(super) const FIRST_RETRANSMISSION: u64 = 1_000_000_000;

/// When a client without a balancer in front gives up a connection: after six retransmissions. Source: Linux kernel,
/// ip-sysctl documentation, `tcp_syn_retries` default 6, "about 127 seconds".
const LAST_RETRANSMISSION: u64 = 127_000_000_000;

impl World<'_> {
    /// Whether an attempt that has lost its caller was about to connect to the tier from which it is cut off: then nobody
    /// connects, and nothing goes on.
    pub(super) fn is_connecting(&self, id: u32) -> bool {
        let attempt = &self.flow.attempts[id];
        let waits = self.flow.attempts.claims(id).waiting != Waiting::Nowhere;
        match self.program.ops[attempt.at as usize].op {
            Op::Thread { tier, .. } => tier == attempt.floor && attempt.threads & 1 << tier == 0 && !waits,
            _ => false,
        }
    }

    /// Whether an attempt without a client is a try of a caller, which waits for it elsewhere.
    fn has_caller(&self, id: u32) -> bool {
        self.flow.errand(id, Kind::Distribution as u8).is_some()
    }

    /// Whether an attempt begins at this tier, as a health check or the work of a worker: it has no caller elsewhere.
    pub(super) fn begins_here(&self, id: u32, tier: u8) -> bool {
        self.flow.attempts[id].state == State::Errand && tier == 0 && !self.has_caller(id)
    }

    /// The backlog is full: the packet was dropped and is sent again, or the connection was reset. Before its
    /// application is up an instance has neither threads nor backlog.
    #[cold]
    pub(super) fn connect_again(&mut self, id: u32, tier: u8) -> Next {
        if self.begins_here(id, tier) {
            // A health check, which does not try again: its timeout decides.
            self.vanish(id);
            return Next::Gone;
        }
        if self.flow.attempts[id].state == State::Orphan && tier == self.flow.attempts[id].floor {
            self.flow.attempts[id].marks |= ENDED;
            self.vanish(id);
            return Next::Gone;
        }
        self.find_met(id, None);
        let Tier { instance, balancer, target, .. } = *self.flow.attempts.tier(id, tier);
        if self.has_caller(id)
            && tier == self.flow.attempts[id].floor
            && (balancer == u16::MAX || !self.parts.balancer.knows_http(balancer))
        {
            self.flow.is_not_accepted(id);
        }
        if self.flow.hosts[instance as usize].is_lost() {
            return self.connect_in_vain(id, tier);
        }
        let stopped = self.flow.hosts[instance as usize].stopped;
        if !stopped && !self.flow.hosts[instance as usize].is_running() {
            // The application does not listen yet: the connection is refused.
            if balancer != u16::MAX {
                self.parts.balancer.of(balancer).refused(target);
            }
            return Next::Fail(self.seen(balancer, Broken::Refused));
        }
        if !stopped && self.parts.fleet.refuse(instance, &self.flow) == Overflow::Reset {
            return Next::Fail(self.seen(balancer, Broken::Reset));
        }
        let limit = self.connect_limit(balancer);
        // Each pause is twice the one before: the time passed so far plus the first pause.
        let since = self.flow.attempts[id].since;
        let give_up = since.saturating_add(limit);
        if self.flow.now >= give_up {
            self.flow.attempts.book(id, self.flow.now);
            return Next::Fail(self.seen(balancer, Broken::Unaccepted));
        }
        let pause = (self.flow.now - since).saturating_add(FIRST_RETRANSMISSION);
        self.flow.calendar.at(self.flow.now.saturating_add(pause).min(give_up), Event::Connect(id));
        Next::Wait
    }

    /// How long the caller tries to connect.
    pub(super) fn connect_limit(&self, balancer: u16) -> u64 {
        let balancer = self.scenario.balancers.get(usize::from(balancer));
        balancer.map_or(LAST_RETRANSMISSION, |balancer| balancer.connect_timeout.0)
    }
}

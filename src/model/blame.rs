//! Errors that balancers see of their targets, and those that they make themselves. In: an attempt that fails, or whose client has
//! gone. Out: the targets that it was at, which have failed it, and counts.
//!
//! A failure inside of a tier is an error of every tier around it: each answers with a 5xx, or its connection breaks.

use super::World;
use crate::flow::NONE;
use crate::flow::attempt::Tier;
use crate::flow::broken::Broken;
use crate::measure::stage::Cause;

impl World<'_> {
    /// Every balancer on the way hears that its target has failed a request. That before a tier which the request has no thread of has
    /// made the error itself: nothing answered it there.
    #[cold]
    pub(super) fn blame_all(&mut self, id: u32, cause: Cause) {
        let attempt = &self.flow.attempts[id];
        let (floor, depth, threads) = (attempt.floor, attempt.depth, attempt.threads);
        let is_broken = matches!(
            cause,
            Cause::BadGateway
                | Cause::GatewayTimeout
                | Cause::ConnectionRefused
                | Cause::ConnectionReset
                | Cause::ConnectionTimeout
        );
        let is_garbled = self.flow.garbled == id;
        for tier in floor..depth {
            let is_here = tier + 1 == depth && (threads & 1 << tier == 0 || is_garbled);
            self.blame(id, tier, (is_broken && is_here).then_some(cause));
        }
        self.flow.garbled = NONE;
    }

    /// What becomes of an answer that nobody can read: a balancer that knows HTTP makes an error of its own of it.
    pub(super) fn read(&self, id: u32, cause: Cause) -> Cause {
        let attempt = &self.flow.attempts[id];
        match self.flow.garbled == id && attempt.depth > attempt.floor {
            true => match self.seen(self.flow.attempts.tier(id, attempt.depth - 1).balancer, Broken::Reset) {
                Cause::BadGateway => Cause::BadGateway,
                _ => cause,
            },
            false => cause,
        }
    }

    /// The balancer of a tier hears that its target has failed a request, and of which error it makes itself of that.
    #[cold]
    pub(super) fn blame(&mut self, id: u32, tier: u8, own: Option<Cause>) {
        let Tier { balancer, target, .. } = *self.flow.attempts.tier(id, tier);
        if balancer != u16::MAX {
            self.parts.balancer.failed(balancer, target, own);
        }
    }

    /// What the caller of a tier sees of a connection that has come to nothing. A caller without a balancer counts as one that asks a
    /// balancer which knows HTTP.
    #[cold]
    pub(super) fn seen(&self, balancer: u16, broken: Broken) -> Cause {
        broken.cause(balancer == u16::MAX || self.parts.balancer.knows_http(balancer))
    }

    /// The balancer of a tier makes an error, because the target of a request is gone; returns what the caller sees.
    #[cold]
    pub(super) fn made(&mut self, id: u32, tier: u8, broken: Broken) -> Cause {
        let Tier { balancer, .. } = *self.flow.attempts.tier(id, tier);
        let cause = self.seen(balancer, broken);
        if balancer != u16::MAX {
            self.parts.balancer.made(balancer, cause);
        }
        cause
    }

    /// A balancer has no target for a request.
    #[cold]
    pub(super) fn turned_away(&mut self, id: u32, balancer: u16) {
        let cause = self.seen(balancer, Broken::Nowhere);
        self.parts.balancer.made(balancer, cause);
        self.fail(id, cause);
    }

    /// The caller of an attempt goes before the answer: the balancer of its outermost tier sees a connection that is closed.
    #[cold]
    pub(super) fn closed(&mut self, id: u32) {
        let attempt = &self.flow.attempts[id];
        if attempt.depth > attempt.floor {
            let Tier { balancer, .. } = *self.flow.attempts.tier(id, attempt.floor);
            let user = if attempt.floor == 0 { attempt.user } else { NONE };
            if balancer != u16::MAX {
                self.parts.balancer.closed(balancer, user, self.flow.now);
            }
        }
    }
}

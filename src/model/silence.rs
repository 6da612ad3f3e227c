//! Hosts that are lost: what was sent to them is not answered, and nothing says so.
//!
//! In: a host that has stopped without a word, or has lost its network. Out: its work ends at once; callers wait on. A machine that is gone closes no
//! connection: a balancer waits for the answer until its idle timeout, and for a new connection until its connect timeout,
//! and says 504 in both cases. (Elastic Load Balancing user guide, "Troubleshoot your Application Load Balancers".)

use super::World;
use super::program::Op;
use crate::flow::NONE;
use crate::flow::attempt::{Attempt, DOOMED, State, Tier};
use crate::flow::claims::Waiting;
use crate::flow::deadline::Deadline;
use crate::flow::next::Next;
use crate::flow::whose::threads_of;
use crate::measure::stage::Cause;

impl World<'_> {
    /// A host is lost, or its network is: the attempts inside end there, and their callers hear nothing.
    pub(super) fn fall_silent(&mut self, host: u32) {
        let state = &mut self.flow.hosts[host as usize];
        state.threads.close();
        let cores = state.cores;
        if cores != NONE {
            self.flow.station_mut(cores).close();
        }
        // Callers that wait on are new attempts, and not to be visited.
        let inside: Vec<(u32, u8)> = (0..self.flow.attempts.len() as u32)
            .filter_map(|id| Some((id, self.tier_on(id, host)?)))
            .collect();
        for (id, tier) in inside {
            let attempt = &self.flow.attempts[id];
            let is_called = match attempt.state {
                State::Active => true,
                State::Orphan => tier > attempt.floor,
                // An errand that begins on the host has no caller elsewhere, and the caller of a try on this host is lost with it.
                _ => !self.begins_here(id, tier) && tier >= attempt.floor,
            };
            if is_called {
                self.wait_in_vain(id, tier);
            }
            self.end_inside(id, tier, host);
        }
        self.end_jobs(host);
        debug_assert!(self.is_empty(host), "what a lost host held is given back");
    }

    /// The node at the other end of the connections of some attempts is lost: their hosts see it at once, and what they ask for
    /// fails.
    pub(super) fn sever(&mut self, processor: u32, cause: Cause) {
        let connected = self.parts.sever(processor, &mut self.flow);
        let working = self.flow.clear_processor(processor);
        for &id in &working {
            self.fail(id, cause);
        }
        for id in connected.into_iter().filter(|id| !working.contains(id)) {
            if self.flow.attempts.claims(id).waiting != Waiting::Nowhere {
                self.fail(id, cause);
                continue;
            }
            if let Op::Of(op) = self.program.ops[self.flow.attempts[id].at as usize].op {
                self.parts.cut(op, id);
            }
            // An event is on its way for what it does there: that ends with it, and the caller goes on without it.
            let Attempt { state, depth, floor, .. } = self.flow.attempts[id];
            if state != State::Orphan {
                let caller = self.cut_short(id, depth);
                self.flow.attempts[caller].floor = floor;
                self.fail(caller, cause);
            }
            self.flow.attempts[id].marks |= DOOMED;
        }
    }

    /// The tier of an attempt that works on a host; one that is still on its way there is not, and finds it silent.
    fn tier_on(&self, id: u32, host: u32) -> Option<u8> {
        let attempt = &self.flow.attempts[id];
        if !matches!(attempt.state, State::Active | State::Orphan | State::Errand) {
            return None;
        }
        let mut tiers = self.flow.attempts.on_hosts(id);
        let tier = tiers.find(|&tier| self.flow.attempts.tier(id, tier).instance == host)?;
        let waits_there = self.flow.attempts.claims(id).waiting == Waiting::Station(threads_of(host));
        let is_inside = attempt.threads & 1 << tier != 0 || tier + 1 < attempt.depth || waits_there;
        // An errand that begins on a host takes none of its threads.
        let begins_there = tier < attempt.floor || self.begins_here(id, tier);
        (is_inside || begins_there).then_some(tier)
    }

    /// The caller of a tier hears nothing more, and waits until it gives up: the tier is cut off from it, and the caller goes on
    /// as an attempt that waits for an answer.
    fn wait_in_vain(&mut self, id: u32, tier: u8) {
        let (patience, floor) = (self.flow.attempts[id].patience, self.flow.attempts[id].floor);
        let called = *self.flow.attempts.tier(id, tier);
        let at = self.thread_of(id, tier);
        let waiting = self.cut_short(id, tier);
        // It is the caller that counts at the balancer until then.
        *self.flow.attempts.tier_mut(id, tier) =
            Tier { balancer: u16::MAX, patience: Deadline::NEVER, ..called };
        self.flow.hosts[called.instance as usize].inside += 1;
        let stage = self.program.ops[at as usize].stage();
        let caller = &mut self.flow.attempts[waiting];
        (caller.floor, caller.depth, caller.patience) = (floor, tier + 1, patience);
        (caller.at, caller.next, caller.stage) = (at, at, stage);
        self.flow.attempts.tier_mut(waiting, tier).patience = Deadline::NEVER;
        let limit = match called.patience == Deadline::NEVER {
            true => self.connect_limit(called.balancer),
            false => called.patience.time.saturating_sub(self.flow.now),
        };
        self.flow.wait_at_most(waiting, limit);
        let next = self.flow.attempts.deadline(waiting);
        if next.time < self.flow.attempts.watched(waiting) {
            self.flow.watch(waiting, next);
        }
    }

    /// The op at which an attempt took, or asked for, its thread of a tier.
    fn thread_of(&self, id: u32, tier: u8) -> u32 {
        let at = self.flow.attempts[id].at;
        let is_it =
            |at: &u32| matches!(self.program.ops[*at as usize].op, Op::Thread { tier: of, .. } if of == tier);
        (0..=at).rev().find(is_it).unwrap_or(at)
    }

    /// A host that is lost does not answer when a connection is opened: the caller tries until its limit.
    #[cold]
    pub(super) fn connect_in_vain(&mut self, id: u32, tier: u8) -> Next {
        let Tier { balancer, .. } = *self.flow.attempts.tier(id, tier);
        let give_up = self.flow.attempts[id].since.saturating_add(self.connect_limit(balancer));
        self.flow.wait_at_most(id, give_up.saturating_sub(self.flow.now));
        Next::Wait
    }
}

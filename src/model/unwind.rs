//! How attempts end early: failures, and work that goes on after its caller has gone.
//!
//! In: an attempt and a cause. Out: everything it held is given back, and its client learns of it. When only the
//! caller has gone (a client's timeout, a balancer's 504, a terminated instance), the attempt is cut in two: the
//! inner part goes on as an orphan under its old number, the outer part fails under a new one.

use super::World;
use super::program::Op;
use crate::flow::NONE;
use crate::flow::attempt::{Attempt, DOOMED, ENDED, HOSTED, State, Tier};
use crate::flow::broken::Broken;
use crate::flow::claims::Waiting;
use crate::flow::deadline::Deadline;
use crate::flow::fact::Fact;
use crate::kind::{Kind, Parts};
use crate::measure::stage::Cause;
use crate::scenario::request::TIERS_MAX;

// One bit of a byte for each tier whose thread an attempt holds.
const _: () = assert!(TIERS_MAX <= u8::BITS as usize);

impl World<'_> {
    /// The attempt fails at its current step.
    pub(super) fn fail(&mut self, id: u32, cause: Cause) {
        let cause = self.read(id, cause);
        match self.flow.attempts[id].state {
            State::Active => {
                self.find_met(id, Some(cause));
                self.blame_all(id, cause);
                self.unwind(id);
                let delay = self.way_back(id);
                self.attempt_failed(id, cause, delay);
            }
            State::Errand => {
                self.blame_all(id, cause);
                self.errand_lost(id, Some(cause));
                self.end_without_client(id);
                self.flow.attempts.release(id);
            }
            _ => self.vanish(id),
        }
    }

    /// An attempt without a client, or a health check, ends at its current step.
    pub(super) fn vanish(&mut self, id: u32) {
        match self.flow.attempts[id].state {
            State::Orphan if self.flow.attempts[id].marks & ENDED == 0 => self.flow.recorder.abandoned += 1,
            State::Errand => self.errand_lost(id, None),
            _ => {}
        }
        self.end_without_client(id);
        self.flow.attempts.release(id);
    }

    #[cold]
    fn errand_lost(&mut self, id: u32, cause: Option<Cause>) {
        self.errand_met(id, cause);
        let owner = self.flow.attempts[id].source as u8;
        self.parts.lost(owner, id, cause, &mut self.flow);
    }

    /// Takes back what an attempt without a client holds; the caller releases its record.
    pub(super) fn end_without_client(&mut self, id: u32) {
        self.stop_clock(id);
        self.unwind(id);
    }

    /// Cuts an attempt in two: the part inside `tier` goes on as an orphan. Returns a new attempt that keeps the client,
    /// or the errand, and the outer tiers; no event is scheduled for it.
    pub(super) fn cut_off(&mut self, id: u32, tier: u8) -> u32 {
        self.find_met(id, None);
        let outer = self.flow.new_attempt();
        self.flow.attempts.copy_tiers(id, outer);
        let inner = &mut self.flow.attempts[id];
        let copy = inner.clone();
        inner.state = State::Orphan;
        inner.floor = tier;
        inner.patience = Deadline::NEVER;
        inner.threads &= !((1u16 << tier) - 1) as u8;
        inner.marks &= !HOSTED;
        let attempt = &mut self.flow.attempts[outer];
        attempt.state = copy.state;
        attempt.retries = copy.retries;
        attempt.class = copy.class;
        attempt.source = copy.source;
        (attempt.ordinal, attempt.origin) = (copy.ordinal, copy.origin);
        attempt.user = copy.user;
        attempt.request_start = copy.request_start;
        attempt.start = copy.start;
        attempt.since = self.flow.now;
        attempt.depth = tier;
        attempt.floor = copy.floor;
        attempt.marks = copy.marks & HOSTED;
        attempt.threads = copy.threads & ((1u16 << tier) - 1) as u8;
        if self.flow.met.is_any {
            self.tell_met(id, outer);
        }
        self.leaves_with_caller(id);
        self.start_clock(id);
        if copy.state == State::Errand {
            self.parts.renumbered(copy.source as u8, id, outer, &mut self.flow);
        }
        outer
    }

    /// Gives up the tries of which this was told since there were so many facts: at once, for their callers are about to end. Other
    /// facts wait for their turn.
    pub(super) fn give_tries_up(&mut self, told: usize) {
        while let Some(at) =
            (told..self.flow.facts.len()).find(|&at| matches!(self.flow.facts[at], Fact::GivenUp { .. }))
        {
            if let Some(Fact::GivenUp { attempt, caller, cancels }) = self.flow.facts.remove(at) {
                self.given_up(attempt, caller, cancels);
            }
        }
    }

    /// Nobody waits for a try of a call any more. What was sent again meanwhile is left alone.
    pub(super) fn given_up(&mut self, id: u32, caller: u32, cancels: bool) {
        let is_its = |kind: Kind| self.flow.errand(id, kind as u8) == Some(caller);
        if !is_its(Kind::Resilience) && !is_its(Kind::Distribution) {
            return;
        }
        if self.flow.met.is_any {
            self.find_met(id, None);
            self.tell_met(id, caller);
        }
        self.closed(id);
        if cancels {
            return self.cancel(id);
        }
        self.flow.attempts[id].state = State::Orphan;
        self.leaves_with_caller(id);
        self.start_clock(id);
    }

    /// An attempt that has lost its caller before it came to a target: nobody connects, or waits for one, and nothing goes on.
    fn leaves_with_caller(&mut self, id: u32) {
        if self.is_connecting(id) {
            self.flow.attempts[id].marks |= ENDED;
            return;
        }
        if self.is_in_vain(id) {
            self.flow.attempts[id].marks |= ENDED | DOOMED;
            return;
        }
        let Attempt { at, depth, floor, .. } = self.flow.attempts[id];
        let Waiting::Station(station) = self.flow.attempts.claims(id).waiting else { return };
        if depth == floor && self.program.ops[at as usize].op.is_before_target() {
            self.flow.leave_queue(id, station, 0);
            self.flow.attempts.claims_mut(id).holding = NONE;
            self.flow.grant(id);
            self.flow.attempts[id].marks |= ENDED | DOOMED;
        }
    }

    /// The same where the part inside `tier` does not go on: its host or its connection is gone.
    pub(super) fn cut_short(&mut self, id: u32, tier: u8) -> u32 {
        let outer = self.cut_off(id, tier);
        self.flow.attempts[id].marks |= ENDED;
        outer
    }

    /// A balancer times out: its caller gets a 504, the target keeps working.
    pub(super) fn idle_timeout(&mut self, id: u32, tier: u8) {
        let attempt = &self.flow.attempts[id];
        let floor = attempt.floor;
        match attempt.state {
            State::Active | State::Errand => {
                self.blame(id, tier, Some(Cause::GatewayTimeout));
                let cause = self.seen(self.flow.attempts.tier(id, tier).balancer, Broken::Unanswered);
                let outer = self.cut_off(id, tier);
                self.fail(outer, cause);
            }
            // The client has already gone, but a calling tier has not: the tier gets the 504 and ends here.
            State::Orphan if tier > floor => {
                let outer = self.cut_off(id, tier);
                self.flow.attempts[outer].floor = floor;
                self.vanish(outer);
            }
            _ => {}
        }
    }

    /// A host is gone: attempts inside get a 502, and their work elsewhere stops at its next step.
    pub(super) fn evict(&mut self, instance: u32) {
        if self.flow.hosts[instance as usize].inside == 0 {
            return;
        }
        let is_lost = self.flow.hosts[instance as usize].is_lost();
        let (mut cut, failures) = (0, self.flow.recorder.requests().failures());
        for id in 0..self.flow.attempts.len() as u32 {
            let attempt = &self.flow.attempts[id];
            if matches!(attempt.state, State::Free | State::Pausing | State::Late | State::CalledOff) {
                continue;
            }
            let mut tiers = self.flow.attempts.on_hosts(id);
            let Some(tier) = tiers.find(|&tier| self.flow.attempts.tier(id, tier).instance == instance)
            else {
                continue;
            };
            // Nobody says to a caller without a balancer that a lost host is taken away.
            if is_lost && self.flow.attempts.tier(id, tier).balancer == u16::MAX {
                continue;
            }
            // An errand that begins on the host has no caller elsewhere.
            if attempt.state == State::Active
                || (attempt.state == State::Errand && !self.begins_here(id, tier) && tier >= attempt.floor)
            {
                let cause = self.made(id, tier, Broken::Reset);
                let outer = self.cut_short(id, tier);
                self.fail(outer, cause);
                cut += 1;
            }
            self.end_inside(id, tier, instance);
        }
        if cut > 0 {
            let failed = self.flow.recorder.requests().failures() - failures;
            self.parts.fleet.left_unfinished(instance, (cut, failed), &mut self.flow);
        }
        self.end_jobs(instance);
        debug_assert!(self.is_empty(instance), "what a terminated instance held is given back");
    }

    /// The application of a host has ended: connections to it are reset, so attempts inside get a 502 at once.
    pub(super) fn reset(&mut self, host: u32) {
        // No thread that is given back goes to another attempt.
        self.flow.hosts[host as usize].threads.close();
        self.evict(host);
    }

    /// An attempt ends inside a host that is gone: at once where it waits, else at its next step.
    pub(super) fn end_inside(&mut self, id: u32, tier: u8, host: u32) {
        match self.flow.attempts.claims(id).waiting {
            Waiting::Nowhere => {
                self.flow.attempts[id].marks |= DOOMED;
                self.take_back(id, tier, host);
            }
            _ => self.vanish(id),
        }
    }

    /// The attempts that a host's processor works on end with the host.
    pub(super) fn end_jobs(&mut self, host: u32) {
        let processor = self.flow.hosts[host as usize].processor;
        if processor != NONE {
            for id in self.flow.clear_processor(processor) {
                self.vanish(id);
            }
        }
    }

    /// What an attempt holds at an instance that is gone (thread, core, connection) ends with the instance, and not
    /// with the attempt's work elsewhere.
    fn take_back(&mut self, id: u32, tier: u8, instance: u32) {
        let state = &self.flow.hosts[instance as usize];
        let holding = self.flow.attempts.claims(id).holding;
        let has_core = holding != NONE && holding == state.cores;
        if has_core {
            self.stop_clock(id);
            self.flow.let_go(id);
        }
        self.parts.take_back(id, instance, &mut self.flow);
        if self.flow.attempts[id].threads & 1 << tier != 0 {
            self.flow.attempts[id].threads &= !(1 << tier);
            self.flow.give_thread(instance);
        }
    }

    /// Whether nothing of an instance is in use.
    pub(super) fn is_empty(&self, instance: u32) -> bool {
        let state = &self.flow.hosts[instance as usize];
        !self.parts.is_in_use(instance, &self.flow)
            && state.threads.busy() == 0
            && (state.cores == NONE || self.flow.station(state.cores).busy() == 0)
    }

    /// Gives back everything that an attempt holds, innermost first.
    fn unwind(&mut self, id: u32) {
        if let Waiting::Station(station) = self.flow.attempts.claims(id).waiting {
            let level = match self.program.ops[self.flow.attempts[id].at as usize].op {
                Op::Of(op) => Parts::level(op),
                _ => 0,
            };
            self.flow.leave_queue(id, station, level);
            self.forget_station(id, station);
        }
        self.flow.attempts.claims_mut(id).limit = Deadline::NEVER;
        self.flow.let_go_of_any(id);
        let told = self.flow.facts.len();
        self.parts.release(id, &mut self.flow);
        self.flow.forget_vain(id);
        self.give_tries_up(told);
        self.flow.attempts.claims_mut(id).waiting = Waiting::Nowhere;
        while self.flow.attempts[id].depth > self.flow.attempts[id].floor {
            self.leave_tier(id);
        }
        if self.parts.balancer.surges {
            self.parts.balancer.drain_all(&mut self.flow);
        }
    }

    /// An attempt holds no server of the station whose queue it was in.
    fn forget_station(&mut self, id: u32, station: u32) {
        let claims = self.flow.attempts.claims_mut(id);
        if claims.holding == station {
            claims.holding = NONE;
        } else if !self.parts.left_queue(id, station) {
            // The queue for a thread of the innermost tier.
            let attempt = &mut self.flow.attempts[id];
            attempt.threads &= !(1 << (attempt.depth - 1));
        }
    }

    /// Leaves the innermost tier: its thread goes to the next attempt, its balancer has the answer.
    #[inline(always)]
    pub(super) fn leave_tier(&mut self, id: u32) {
        let (Tier { instance, target, balancer, .. }, is_idle) = self.flow.leave_tier(id);
        if balancer != u16::MAX {
            self.parts.balancer.of(balancer).answered(target);
        }
        if is_idle {
            self.host_is_idle(instance);
        }
    }

    /// The last attempt has left a draining host.
    #[cold]
    fn host_is_idle(&mut self, instance: u32) {
        self.parts.hear(&Fact::Idle(instance), &mut self.flow);
    }
}

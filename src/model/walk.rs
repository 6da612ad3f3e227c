//! Walking an attempt through its program: the steps that nearly every request takes.
//!
//! In: an attempt whose wait is over. Out: the attempt at its next wait, or at its end. Each op either ends at once
//! or leaves the attempt waiting for exactly one event; time that passed in an op is booked to its stage. An op
//! that is always followed by another does that one's work too: choosing among ops is what a walk spends most on.

use super::claims::Waiting;
use super::program::{DrawId, NETWORK, Op};
use super::request::{NONE, State, Tier};
use super::{Event, World};
use crate::dist::rounded;
use crate::engine::lane::LaneId;
use crate::engine::station::Admission;
use crate::measure::stage::Cause;

/// Where the walk goes on.
pub(super) enum Flow {
    /// At the next op.
    Next,
    /// Behind this op, when an event comes.
    Wait,
    /// Behind the op after this one, which has begun, when an event comes.
    WaitBehindNext,
    /// At that op, when an event comes.
    WaitThen(u32),
    /// Nowhere: the attempt has ended.
    Gone,
}

impl World<'_> {
    /// The present step is over: its time is booked, and the walk goes on.
    #[inline(always)]
    pub(super) fn resume(&mut self, id: u32) {
        let attempt = self.attempts.book(id, self.now);
        let next = attempt.next;
        if attempt.marks == 0 || !self.ends_here(id) {
            self.walk(id, next);
        }
    }

    /// A connection that was not accepted is tried again.
    #[inline(never)]
    pub(super) fn connect(&mut self, id: u32) {
        if self.attempts[id].marks == 0 || !self.ends_here(id) {
            self.walk(id, self.attempts[id].at);
        }
    }

    /// Walks from an op to the next wait.
    #[inline(always)]
    fn walk(&mut self, id: u32, mut at: u32) {
        loop {
            let flow = match self.program.ops[at as usize].0 {
                Op::Pick { balancer, tier, hop } => self.pick(id, at, balancer, tier, hop),
                Op::Hop { lane } => self.hop(id, lane),
                Op::Thread { tier, cpu } => self.take_thread(id, tier, cpu),
                Op::Cpu { tier, draw } => self.share_cpu(id, tier, draw),
                Op::Core { tier, draw } => self.take_core(id, tier, draw),
                Op::Run { tier, draw } => self.run_on_core(id, tier, draw),
                Op::Yield => {
                    self.let_go(id);
                    Flow::Next
                }
                Op::Delay { draw } => {
                    let span = self.program.draw(draw).time();
                    self.pass(span, id)
                }
                Op::Draw { slot, keys } => {
                    let caches = &self.caches;
                    let key = self.keys[usize::from(keys)]
                        .draw(|ahead| caches.iter().for_each(|cache| cache.fetch(keys, ahead)));
                    *self.attempts.key_mut(id, slot) = key;
                    Flow::Next
                }
                Op::Lookup { cache, keys, slot, draw, hit } => {
                    let item = self.item(id, cache, keys, slot);
                    let done = self.command(id, cache, Some(item), draw);
                    let found = self.caches[usize::from(cache)].lookup(item, done);
                    Flow::WaitThen(if found { hit } else { at + 1 })
                }
                Op::Chance { cache, ratio, draw, hit } => {
                    self.command(id, cache, None, draw);
                    let found = self.program.ratios[usize::from(ratio)].hits();
                    self.caches[usize::from(cache)].chance(found);
                    Flow::WaitThen(if found { hit } else { at + 1 })
                }
                Op::Leave { tier, hop } => self.leave(id, at, tier, hop),
                Op::Respond { back } => {
                    self.respond(id, back);
                    Flow::Gone
                }
                op => self.step(id, op),
            };
            let (at, next) = match flow {
                Flow::Next => {
                    at += 1;
                    continue;
                }
                Flow::Wait => (at, at + 1),
                Flow::WaitBehindNext => (at + 1, at + 2),
                Flow::WaitThen(next) => (at, next),
                Flow::Gone => return,
            };
            let stage = self.program.ops[at as usize].1;
            let attempt = &mut self.attempts[id];
            (attempt.at, attempt.next, attempt.stage) = (at, next, stage);
            return;
        }
    }

    #[inline(always)]
    fn hop(&mut self, id: u32, lane: LaneId) -> Flow {
        self.calendar.after(lane, self.now, Event::Resume(id));
        Flow::Wait
    }

    /// The attempt goes on after a span.
    #[inline]
    pub(super) fn pass(&mut self, span: u64, id: u32) -> Flow {
        self.calendar.at(self.now.saturating_add(span), Event::Resume(id));
        Flow::Wait
    }

    #[inline(always)]
    fn pick(&mut self, id: u32, at: u32, balancer: u16, tier: u8, hop: Option<LaneId>) -> Flow {
        let Some((target, instance)) = self.pick_target(balancer) else {
            self.fail(id, Cause::ServiceUnavailable);
            return Flow::Gone;
        };
        self.passed[at as usize] += 1;
        let patience = self.deadline(id, self.balancers[usize::from(balancer)].idle);
        self.enter_tier(id, tier, instance, Tier { target, balancer, patience, ..Tier::NONE });
        match hop {
            None => Flow::Next,
            Some(lane) => {
                self.hop(id, lane);
                Flow::WaitBehindNext
            }
        }
    }

    #[inline]
    pub(super) fn enter_tier(&mut self, id: u32, tier: u8, instance: u32, from: Tier) {
        let Tier { target, balancer, patience, .. } = from;
        let state = &mut self.instances[instance as usize];
        state.inside += 1;
        *self.attempts.tier_mut(id, tier) = Tier { target, balancer, patience, ..state.tier(instance) };
        let attempt = &mut self.attempts[id];
        attempt.depth = tier + 1;
    }

    #[inline(always)]
    fn take_thread(&mut self, id: u32, tier: u8, cpu: Option<DrawId>) -> Flow {
        let station = self.attempts.tier(id, tier).threads;
        let admission = self.stations[station as usize].take(id, self.now, &mut self.links);
        if admission == Admission::Refused {
            return self.connect_again(id, tier);
        }
        let attempt = &mut self.attempts[id];
        attempt.threads |= 1 << tier;
        if admission == Admission::Waiting {
            self.attempts.claims_mut(id).waiting = Waiting::Station(station);
            return Flow::Wait;
        }
        match cpu {
            None => Flow::Next,
            Some(draw) => {
                self.share_cpu(id, tier, draw);
                Flow::WaitBehindNext
            }
        }
    }

    #[inline(always)]
    fn share_cpu(&mut self, id: u32, tier: u8, draw: DrawId) -> Flow {
        let demand = self.program.draw(draw).nanos();
        let Tier { instance, cpu: processor, .. } = *self.attempts.tier(id, tier);
        self.begin(processor, id, demand);
        if self.attempts[id].state == State::Orphan {
            self.clock_sharing(id, processor, instance);
        }
        Flow::Wait
    }

    #[inline(always)]
    fn take_core(&mut self, id: u32, tier: u8, draw: Option<DrawId>) -> Flow {
        let station = self.attempts.tier(id, tier).cpu;
        match (self.hold(id, station), draw) {
            (Flow::Next, Some(draw)) => {
                self.run_on_core(id, tier, draw);
                Flow::WaitBehindNext
            }
            (flow, _) => flow,
        }
    }

    #[inline(always)]
    fn run_on_core(&mut self, id: u32, tier: u8, draw: DrawId) -> Flow {
        let instance = self.attempts.tier(id, tier).instance;
        let demand = self.program.draw(draw).nanos();
        if self.attempts[id].state == State::Orphan {
            self.clock_running(id);
        }
        let speed = self.instances[instance as usize].speed;
        self.pass(rounded(demand / speed), id)
    }

    /// Takes a server of a station without bound and keeps it until [`World::let_go`].
    #[inline]
    fn hold(&mut self, id: u32, station: u32) -> Flow {
        let claims = self.attempts.claims_mut(id);
        claims.holding = station;
        match self.stations[station as usize].take(id, self.now, &mut self.links) {
            Admission::Served => Flow::Next,
            Admission::Waiting | Admission::Refused => {
                claims.waiting = Waiting::Station(station);
                Flow::Wait
            }
        }
    }

    /// Gives back the server that the attempt holds.
    #[inline(always)]
    pub(super) fn let_go(&mut self, id: u32) {
        let station = std::mem::replace(&mut self.attempts.claims_mut(id).holding, NONE);
        if station != NONE {
            self.give(station);
        }
    }

    /// Sends a command to a cache; the attempt goes on when the answer is back. Returns when it has executed.
    #[inline]
    pub(super) fn command(&mut self, id: u32, cache: u16, item: Option<u32>, draw: DrawId) -> u64 {
        let span = self.program.draw(draw).time();
        let state = &mut self.caches[usize::from(cache)];
        let hop = state.hop;
        let done = state.execute(item, span, self.now.saturating_add(hop));
        if hop > 0 {
            // The journey is network time; what is left of the step was at the cache.
            self.attempts.book_ahead(id, NETWORK, 2 * hop);
        }
        self.calendar.at(done.saturating_add(hop), Event::Resume(id));
        done
    }

    #[inline]
    pub(super) fn item(&self, id: u32, cache: u16, keys: u16, slot: u8) -> u32 {
        self.caches[usize::from(cache)].item(keys, self.attempts.key(id, slot))
    }

    /// The tier has done its part: an attempt whose caller has gone ends here.
    #[inline(always)]
    fn leave(&mut self, id: u32, at: u32, tier: u8, hop: Option<LaneId>) -> Flow {
        self.leave_tier(id);
        let attempt = &self.attempts[id];
        if attempt.state == State::Orphan && tier == attempt.floor {
            self.vanish(id);
            return Flow::Gone;
        }
        self.passed[at as usize] += 1;
        match hop {
            None => Flow::Next,
            Some(lane) => {
                self.hop(id, lane);
                Flow::WaitBehindNext
            }
        }
    }
}

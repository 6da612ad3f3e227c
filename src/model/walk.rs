//! Walking an attempt through its program: the steps that nearly every request takes.
//!
//! In: an attempt whose wait is over. Out: the attempt at its next wait, or at its end. Each op either ends at once
//! or leaves the attempt waiting for exactly one event; time that passed in an op is booked to its stage. An op
//! that is always followed by another does the work of both: choosing the next op is the largest cost of a walk.

use super::World;
use super::program::Op;
use crate::dist::rounded;
use crate::engine::lane::LaneId;
use crate::engine::station::Admission;
use crate::flow::attempt::{State, Tier};
use crate::flow::claims::Waiting;
use crate::flow::draws::DrawId;
use crate::flow::next::Next;
use crate::kind;
use crate::measure::stage::Cause;

impl World<'_> {
    /// The current step is over: its time is booked, and the walk goes on.
    #[inline(always)]
    pub(super) fn resume(&mut self, id: u32) {
        let attempt = self.flow.attempts.book(id, self.flow.now);
        let next = attempt.next;
        if attempt.marks == 0 || !self.ends_here(id) {
            self.walk(id, next);
        }
    }

    /// A connection that was not accepted is tried again.
    #[inline(never)]
    pub(super) fn connect(&mut self, id: u32) {
        if self.flow.attempts[id].marks == 0 || !self.ends_here(id) {
            self.walk(id, self.flow.attempts[id].at);
        }
    }

    /// Walks from an op to the next wait.
    #[inline(always)]
    fn walk(&mut self, id: u32, mut at: u32) {
        loop {
            let next = match self.program.ops[at as usize].0 {
                Op::Pick { balancer, tier, hop } => self.pick(id, at, balancer, tier, hop),
                Op::Hop { lane } => self.flow.hop(id, lane),
                Op::Thread { tier, cpu } => self.take_thread(id, tier, cpu),
                Op::Cpu { tier, draw } => self.share_cpu(id, tier, draw),
                Op::Core { tier, draw } => self.take_core(id, tier, draw),
                Op::Run { tier, draw } => self.run_on_core(id, tier, draw),
                Op::Yield => {
                    self.flow.let_go(id);
                    Next::Op
                }
                Op::Delay { draw } => {
                    let span = self.flow.draws.of(draw).time();
                    self.flow.pass(span, id)
                }
                Op::Draw { slot, keys } => {
                    let parts = &self.parts;
                    let key = self.flow.keys[usize::from(keys)].draw(|ahead| parts.fetch(keys, ahead));
                    *self.flow.attempts.key_mut(id, slot) = key;
                    Next::Op
                }
                Op::Leave { tier, hop } => self.leave(id, at, tier, hop),
                Op::Respond { back } => {
                    self.respond(id, back);
                    Next::Gone
                }
                Op::Of(op) => self.step(id, op),
                Op::Recall { draw, column } => {
                    self.flow.draws.recall(draw, column, self.flow.attempts.claims(id).ordinal);
                    Next::Op
                }
            };
            let (at, next) = match next {
                Next::Op => {
                    at += 1;
                    continue;
                }
                Next::Wait => (at, at + 1),
                Next::WaitAfterBoth => (at + 1, at + 2),
                Next::WaitThen(next) => (at, next),
                Next::Gone => return,
                Next::Fail(cause) => return self.fail(id, cause),
            };
            let stage = self.program.ops[at as usize].1;
            let attempt = &mut self.flow.attempts[id];
            (attempt.at, attempt.next, attempt.stage) = (at, next, stage);
            return;
        }
    }

    /// Takes a step of a kind; facts that the kind sends are delivered at once.
    #[inline(never)]
    fn step(&mut self, id: u32, op: kind::Op) -> Next {
        let next = self.parts.step(op, id, &mut self.flow);
        self.deliver();
        next
    }

    #[inline(always)]
    fn pick(&mut self, id: u32, at: u32, balancer: u16, tier: u8, hop: Option<LaneId>) -> Next {
        let state = self.parts.balancer.of(balancer);
        let Some((target, host)) = state.pick(self.flow.now) else {
            return Next::Fail(Cause::ServiceUnavailable);
        };
        let idle = state.idle;
        self.flow.passed[at as usize] += 1;
        let patience = self.flow.deadline(id, idle);
        self.flow.enter_tier(id, tier, host, Tier { target, balancer, patience, ..Tier::NONE });
        match hop {
            None => Next::Op,
            Some(lane) => {
                self.flow.hop(id, lane);
                Next::WaitAfterBoth
            }
        }
    }

    #[inline(always)]
    fn take_thread(&mut self, id: u32, tier: u8, cpu: Option<DrawId>) -> Next {
        let station = self.flow.attempts.tier(id, tier).threads;
        let admission = self.flow.take(station, id);
        if admission == Admission::Refused {
            return self.connect_again(id, tier);
        }
        let attempt = &mut self.flow.attempts[id];
        attempt.threads |= 1 << tier;
        if admission == Admission::Waiting {
            self.flow.attempts.claims_mut(id).waiting = Waiting::Station(station);
            return Next::Wait;
        }
        match cpu {
            None => Next::Op,
            Some(draw) => {
                self.share_cpu(id, tier, draw);
                Next::WaitAfterBoth
            }
        }
    }

    #[inline(always)]
    fn share_cpu(&mut self, id: u32, tier: u8, draw: DrawId) -> Next {
        let demand = self.flow.draws.of(draw).nanos();
        let Tier { instance, cpu: processor, .. } = *self.flow.attempts.tier(id, tier);
        self.flow.begin(processor, id, demand);
        if self.flow.attempts[id].state == State::Orphan {
            self.clock_sharing(id, processor, instance);
        }
        Next::Wait
    }

    #[inline(always)]
    fn take_core(&mut self, id: u32, tier: u8, draw: Option<DrawId>) -> Next {
        let station = self.flow.attempts.tier(id, tier).cpu;
        match (self.flow.hold(id, station), draw) {
            (Next::Op, Some(draw)) => {
                self.run_on_core(id, tier, draw);
                Next::WaitAfterBoth
            }
            (flow, _) => flow,
        }
    }

    #[inline(always)]
    fn run_on_core(&mut self, id: u32, tier: u8, draw: DrawId) -> Next {
        let instance = self.flow.attempts.tier(id, tier).instance;
        let demand = self.flow.draws.of(draw).nanos();
        if self.flow.attempts[id].state == State::Orphan {
            self.clock_running(id);
        }
        let speed = self.flow.hosts[instance as usize].speed;
        self.flow.pass(rounded(demand / speed), id)
    }

    /// The tier has finished: an attempt whose caller has gone ends here.
    #[inline(always)]
    fn leave(&mut self, id: u32, at: u32, tier: u8, hop: Option<LaneId>) -> Next {
        self.leave_tier(id);
        let attempt = &self.flow.attempts[id];
        if attempt.state == State::Orphan && tier == attempt.floor {
            self.vanish(id);
            return Next::Gone;
        }
        self.flow.passed[at as usize] += 1;
        match hop {
            None => Next::Op,
            Some(lane) => {
                self.flow.hop(id, lane);
                Next::WaitAfterBoth
            }
        }
    }
}

//! Walking an attempt through its program: the steps that nearly every request takes.
//!
//! In: an attempt whose wait is over. Out: the attempt at its next wait, or at its end. Each op either ends at once
//! or leaves the attempt waiting for exactly one event; time that passed in an op is booked to its stage. An op
//! that is always followed by another does the work of both: choosing the next op is the largest cost of a walk.

use std::sync::Arc;

use super::World;
use super::program::{Line, Op, Work};
use crate::dist::rounded;
use crate::engine::station::Admission;
use crate::flow::attempt::{ENDED, State, Tier};
use crate::flow::claims::Waiting;
use crate::flow::draws::DrawId;
use crate::flow::next::Next;
use crate::flow::whose::threads_of;
use crate::kind;

impl World<'_> {
    /// The current step is over: its time is booked, and the walk goes on.
    #[inline(always)]
    pub(super) fn resume(&mut self, ops: &[Line], id: u32) {
        let attempt = self.flow.attempts.book(id, self.flow.now);
        let next = attempt.next;
        if attempt.marks == 0 || !self.ends_here(id) {
            self.walk(ops, id, next);
        }
    }

    /// A connection that was not accepted is tried again, unless its caller has gone meanwhile: then nobody asks for it.
    #[inline(never)]
    pub(super) fn connect(&mut self, id: u32) {
        let attempt = &self.flow.attempts[id];
        if attempt.marks & ENDED != 0 {
            self.vanish(id);
        } else if attempt.marks == 0 || !self.ends_here(id) {
            self.flow.forget_vain(id);
            let ops = Arc::clone(&self.program.ops);
            self.walk(&ops, id, self.flow.attempts[id].at);
        }
    }

    /// Walks from an op to the next wait. Each arm says itself how the walk goes on: a result that all of them returned would
    /// be written in one place and read in another. Where nearly always the same op follows, the arm tests for it: the
    /// processor predicts that, but not a jump to one of all arms.
    #[inline(always)]
    fn walk(&mut self, ops: &[Line], mut id: u32, mut at: u32) {
        let (at, next, stage) = loop {
            let Line { op, stages } = &ops[at as usize];
            let next = match *op {
                Op::Pick { balancer, tier, hop } => {
                    if !self.pick(id, at, balancer, tier) {
                        return self.turned_away(id, balancer);
                    }
                    if let Some(lane) = hop {
                        self.flow.hop(id, lane);
                        break (at + 1, at + 2, stages[1]);
                    }
                    at += 1;
                    let Line { op: Op::Thread { tier, work }, stages } = ops[at as usize] else {
                        continue;
                    };
                    match self.begin_work(id, tier, work) {
                        Ok(ahead) => break (at + ahead, at + ahead + 1, stages[ahead as usize]),
                        Err(next) => next,
                    }
                }
                Op::Hop { lane } => {
                    self.flow.hop(id, lane);
                    break (at, at + 1, stages[0]);
                }
                Op::Cross => {
                    self.flow.passed[at as usize] += 1;
                    at += 1;
                    continue;
                }
                Op::Travel { to } => {
                    if let Some(span) = self.way_to(id, to) {
                        self.flow.pass(span, id);
                        break (at, at + 1, stages[0]);
                    }
                    at += 1;
                    continue;
                }
                Op::Thread { tier, work } => match self.begin_work(id, tier, work) {
                    Ok(ahead) => break (at + ahead, at + ahead + 1, stages[ahead as usize]),
                    Err(next) => next,
                },
                Op::Cpu { tier, draw } => {
                    let (attempt, Tier { cpu, .. }) = self.flow.attempts.in_tier(id, tier);
                    let orphan = attempt.state == State::Orphan;
                    self.share_cpu(id, cpu, draw, orphan);
                    break (at, at + 1, stages[0]);
                }
                Op::Core { tier, draw } => {
                    let (attempt, Tier { instance, cpu, .. }) = self.flow.attempts.in_tier(id, tier);
                    let orphan = attempt.state == State::Orphan;
                    match (self.take_core(id, cpu), draw) {
                        (true, Some(draw)) => {
                            self.run_on_core(id, instance, draw, orphan);
                            break (at + 1, at + 2, stages[1]);
                        }
                        (true, None) => Next::Op,
                        (false, _) => break (at, at + 1, stages[0]),
                    }
                }
                Op::Run { tier, draw } => {
                    let (attempt, Tier { instance, .. }) = self.flow.attempts.in_tier(id, tier);
                    let orphan = attempt.state == State::Orphan;
                    self.run_on_core(id, instance, draw, orphan);
                    break (at, at + 1, stages[0]);
                }
                Op::Yield => {
                    self.flow.let_go(id);
                    at += 1;
                    let Op::Of(op) = &ops[at as usize].op else { continue };
                    self.step(op, id)
                }
                Op::Delay { draw } => {
                    let span = self.flow.draws.of(draw).time();
                    self.flow.pass(span, id);
                    break (at, at + 1, stages[0]);
                }
                Op::Draw { slot, keys } => {
                    let parts = &self.parts;
                    let key = self.flow.keys[usize::from(keys)].draw(|ahead| parts.fetch(keys, ahead));
                    *self.flow.attempts.key_mut(id, slot) = key;
                    at += 1;
                    let Op::Of(op) = &ops[at as usize].op else { continue };
                    self.step(op, id)
                }
                Op::Again { slot, keys } => {
                    let attempt = &self.flow.attempts[id];
                    let of = (attempt.request_start, attempt.retries > 0);
                    if !self.flow.repeats.keeps(id, slot, of) {
                        let parts = &self.parts;
                        let key = self.flow.keys[usize::from(keys)].draw(|ahead| parts.fetch(keys, ahead));
                        *self.flow.attempts.key_mut(id, slot) = key;
                    }
                    Next::Op
                }
                Op::Leave { tier, hop } => {
                    if !self.leave(id, at, tier) {
                        return;
                    }
                    if let Some(lane) = hop {
                        self.flow.hop(id, lane);
                        break (at + 1, at + 2, stages[1]);
                    }
                    Next::Op
                }
                Op::Home { tier, back } => {
                    if self.leave(id, at, tier) {
                        self.respond(id, back);
                    }
                    return;
                }
                Op::Respond { back } => return self.respond(id, back),
                Op::Of(ref op) => self.step(op, id),
                Op::Recall { draw, column } => {
                    self.flow.draws.recall(draw, column, self.flow.attempts[id].ordinal);
                    Next::Op
                }
            };
            match next {
                Next::Op => at += 1,
                Next::At(next) => at = next,
                Next::Wait => break (at, at + 1, ops[at as usize].stage()),
                Next::WaitThen(next) => break (at, next, ops[at as usize].stage()),
                Next::Hand(other) => {
                    id = other;
                    let attempt = self.flow.attempts.book(id, self.flow.now);
                    at = attempt.next;
                    if attempt.marks != 0 && self.ends_here(id) {
                        return;
                    }
                }
                Next::Gone => return,
                Next::Fail(cause) => return self.fail(id, cause),
            }
        };
        let attempt = &mut self.flow.attempts[id];
        (attempt.at, attempt.next, attempt.stage) = (at, next, stage);
    }

    /// Takes a step of a kind; facts that the kind sends are delivered at once.
    #[inline(never)]
    fn step(&mut self, op: &kind::Op, id: u32) -> Next {
        let next = self.parts.step(op, id, &mut self.flow);
        if !self.flow.facts.is_empty() {
            self.deliver();
        }
        next
    }

    /// A balancer chooses the host of a tier; returns whether there is one.
    #[inline(always)]
    fn pick(&mut self, id: u32, at: u32, balancer: u16, tier: u8) -> bool {
        let state = self.parts.balancer.of(balancer);
        let Some((target, host)) = state.pick(self.flow.now) else { return false };
        let idle = state.idle;
        self.flow.passed[at as usize] += 1;
        let patience = self.flow.deadline(id, idle);
        self.flow.enter_tier(id, tier, host, Tier { target, balancer, patience, ..Tier::NONE });
        true
    }

    /// Takes a thread, and the CPU too if the work there begins at once. Returns in which op the attempt waits, counted from
    /// this one, or else how the walk goes on.
    #[inline(always)]
    fn begin_work(&mut self, id: u32, tier: u8, work: Work) -> Result<u32, Next> {
        // The bit says that it has a thread or waits for one.
        let (attempt, Tier { instance, cpu, .. }) = self.flow.attempts.in_tier(id, tier);
        attempt.threads |= 1 << tier;
        let orphan = attempt.state == State::Orphan;
        match self.flow.take_thread(instance, id) {
            Admission::Served => {}
            Admission::Waiting => {
                self.flow.attempts.claims_mut(id).waiting = Waiting::Station(threads_of(instance));
                return Ok(0);
            }
            Admission::Refused => {
                self.flow.attempts[id].threads &= !(1 << tier);
                return Err(self.connect_again(id, tier));
            }
        }
        match work {
            Work::None => Err(Next::Op),
            Work::Cpu(draw) => {
                self.share_cpu(id, cpu, draw, orphan);
                Ok(1)
            }
            Work::Core(draw) if self.take_core(id, cpu) => {
                self.run_on_core(id, instance, draw, orphan);
                Ok(2)
            }
            Work::Core(_) => Ok(1),
        }
    }

    #[inline(always)]
    fn share_cpu(&mut self, id: u32, processor: u32, draw: DrawId, orphan: bool) {
        let demand = self.flow.draws.of(draw).nanos();
        self.flow.begin_here(processor, id, demand);
        if orphan {
            self.clock_sharing(id, processor);
        }
    }

    /// Asks for a core; returns whether there is one at once.
    #[inline(always)]
    fn take_core(&mut self, id: u32, cores: u32) -> bool {
        matches!(self.flow.hold(id, cores), Next::Op)
    }

    #[inline(always)]
    fn run_on_core(&mut self, id: u32, instance: u32, draw: DrawId, orphan: bool) {
        let demand = self.flow.draws.of(draw).nanos();
        if orphan {
            self.clock_running(id);
        }
        let speed = self.flow.hosts[instance as usize].speed;
        // What takes the processor longest is a division, and this one mostly changes nothing.
        let span = if speed == 1.0 { demand } else { demand / speed };
        self.flow.pass(rounded(span), id);
    }

    /// The tier has finished; returns whether the attempt goes on. One whose caller has gone ends here.
    #[inline(always)]
    fn leave(&mut self, id: u32, at: u32, tier: u8) -> bool {
        self.leave_tier(id);
        let attempt = &self.flow.attempts[id];
        if attempt.state == State::Orphan && tier == attempt.floor {
            self.vanish(id);
            return false;
        }
        self.flow.passed[at as usize] += 1;
        true
    }
}

//! Walking an attempt through its program.
//!
//! In: an attempt whose wait is over. Out: the attempt at its next wait, or at its end. Each op either ends at
//! once or leaves the attempt waiting for exactly one event; time that passed in an op is booked to its stage.

use super::program::{NETWORK, Op};
use super::request::{NO_EVENT, NONE, State, Tier, Waiting};
use super::{Event, World};
use crate::dist::{Sampler, rounded, uniform};
use crate::engine::station::Admission;
use crate::measure::stage::Cause;
use crate::scenario::fleet::Overflow;

/// First pause before a connection that was not accepted is tried again; it doubles with every try.
/// Source: initial retransmission timeout of TCP, RFC 6298 section 2.1.
const FIRST_RETRANSMISSION: u64 = 1_000_000_000;

/// When a client without a balancer before it gives a connection up: after six retransmissions.
/// Source: Linux kernel, ip-sysctl documentation, `tcp_syn_retries` default 6, "about 127 seconds".
const LAST_RETRANSMISSION: u64 = 127_000_000_000;

/// Where the walk goes on.
pub(super) enum Flow {
    /// At the next op.
    Next,
    /// At this op.
    Jump(u32),
    /// Here, when an event comes.
    Wait,
    /// Nowhere: the attempt has ended.
    Gone,
}

impl World<'_> {
    /// The present step is over: its time is booked, and the walk goes on.
    #[inline]
    pub(super) fn resume(&mut self, id: u32) {
        let at = self.attempts[id].at;
        let stage = self.program.ops[at as usize].1;
        self.attempts.book(id, stage, self.now);
        self.walk(id, at + 1);
    }

    /// Books the time since the present step began to its stage.
    #[inline]
    pub(super) fn book(&mut self, id: u32) {
        let stage = self.program.ops[self.attempts[id].at as usize].1;
        self.attempts.book(id, stage, self.now);
    }

    /// Walks on from the present op.
    pub(super) fn advance(&mut self, id: u32) {
        self.walk(id, self.attempts[id].at);
    }

    /// Walks from an op to the next wait.
    fn walk(&mut self, id: u32, mut at: u32) {
        if self.attempts[id].doomed {
            return self.vanish(id);
        }
        loop {
            let (op, _) = self.program.ops[at as usize];
            match self.step(id, op) {
                Flow::Next => at += 1,
                Flow::Jump(to) => at = to,
                Flow::Wait => {
                    self.attempts[id].at = at;
                    return;
                }
                Flow::Gone => return,
            }
        }
    }

    #[inline(always)]
    fn step(&mut self, id: u32, op: Op) -> Flow {
        match op {
            Op::Pick { balancer, tier } => self.pick(id, balancer, tier),
            Op::Direct { fleet, tier } => self.direct(id, fleet, tier),
            Op::Hop { lane } => {
                self.calendar.after(lane, self.now, Event::Resume(id));
                Flow::Wait
            }
            Op::Recall { draw, column } => {
                self.recall(id, draw, column);
                Flow::Next
            }
            Op::Thread { tier } => self.take_thread(id, tier),
            Op::Cpu { tier, draw } => {
                let demand = self.program.draws[usize::from(draw)].nanos();
                let instance = &self.instances[self.attempts.tier(id, tier).instance as usize];
                let (processor, speed) = (instance.processor, instance.speed);
                self.count_abandoned(id, demand / speed);
                self.begin(processor, id, demand);
                Flow::Wait
            }
            Op::Core { tier } => {
                let station = self.instances[self.attempts.tier(id, tier).instance as usize].cores;
                self.hold(id, station)
            }
            Op::Run { tier, draw } => {
                let speed = self.instances[self.attempts.tier(id, tier).instance as usize].speed;
                let span = self.program.draws[usize::from(draw)].nanos() / speed;
                self.count_abandoned(id, span);
                self.pass(rounded(span), id)
            }
            Op::Delay { draw } => {
                let span = self.program.draws[usize::from(draw)].time();
                self.pass(span, id)
            }
            Op::Serve { service, draw } => {
                self.count_wait(id, service);
                let span = self.program.draws[usize::from(draw)].time();
                self.pass(span, id)
            }
            Op::Yield => {
                self.let_go(id);
                Flow::Next
            }
            Op::Leave { tier } => self.leave(id, tier),
            Op::Draw { slot, keys } => {
                *self.attempts.key_mut(id, slot) = self.keys[usize::from(keys)].draw();
                Flow::Next
            }
            Op::Lookup { cache, keys, slot, draw } => {
                let item = self.item(id, cache, keys, slot);
                let done = self.command(id, cache, Some(item), draw);
                self.attempts[id].hit = self.caches[usize::from(cache)].lookup(item, done);
                Flow::Wait
            }
            Op::Chance { cache, ratio, draw } => {
                self.command(id, cache, None, draw);
                let (ratio, stream) = &mut self.program.ratios[usize::from(ratio)];
                let hit = uniform(stream) < *ratio;
                self.caches[usize::from(cache)].chance(hit);
                self.attempts[id].hit = hit;
                Flow::Wait
            }
            Op::IfHit { at } => match self.attempts[id].hit {
                true => Flow::Jump(at),
                false => Flow::Next,
            },
            Op::JoinFill { cache, keys, slot, .. } => self.join_fill(id, cache, keys, slot),
            Op::Fill { cache, keys, slot, draw } => {
                let item = self.item(id, cache, keys, slot);
                let done = self.command(id, cache, Some(item), draw);
                self.caches[usize::from(cache)].fill(item, done);
                Flow::Wait
            }
            Op::Store { cache, draw } => {
                self.command(id, cache, None, draw);
                Flow::Wait
            }
            Op::Filled { cache, keys, slot } => {
                // Inside another fill of its own, an attempt has not announced this one.
                if self.attempts[id].filling == (cache, self.item(id, cache, keys, slot)) {
                    self.end_fill(id, true);
                }
                Flow::Next
            }
            Op::Invalidate { cache, keys, slot, draw } => {
                let item = self.item(id, cache, keys, slot);
                self.command(id, cache, Some(item), draw);
                self.caches[usize::from(cache)].invalidate(item);
                Flow::Wait
            }
            Op::Borrow { tier, pool, writer } => self.borrow(id, tier, pool, writer),
            Op::Return => {
                self.return_connection(id);
                Flow::Next
            }
            Op::Page { database, keys, slot } => self.fetch_page(id, database, keys, slot),
            Op::Execute { database, draw, write } => {
                let demand = self.program.draws[usize::from(draw)].nanos();
                let processor = self.count_statement(id, database, write);
                self.begin(processor, id, demand);
                Flow::Wait
            }
            Op::Seen { database, keys, slot } => {
                self.check_staleness(id, database, keys, slot);
                Flow::Next
            }
            Op::Lock { database, keys, slot } => self.lock(id, database, keys, slot),
            Op::Checked { database } => self.detect_deadlocks(id, database),
            Op::Flush { draw } => {
                let span = self.program.draws[usize::from(draw)].time();
                self.pass(span, id)
            }
            Op::Commit { database, rows, count } => {
                self.commit(id, database, rows, count);
                Flow::Next
            }
            Op::Queue { service } => self.queue(id, service),
            Op::Line { service, level } => self.line_up(id, service, level),
            Op::DepartLine { service } => {
                self.leave_counter(id);
                self.services[usize::from(service)].served += 1;
                Flow::Next
            }
            Op::Share { service, draw } => {
                self.count_wait(id, service);
                let demand = self.program.draws[usize::from(draw)].nanos();
                let processor = self.services[usize::from(service)].processor;
                self.begin(processor, id, demand);
                Flow::Wait
            }
            Op::Depart { service } => {
                self.let_go(id);
                self.services[usize::from(service)].served += 1;
                Flow::Next
            }
            Op::Respond { back } => {
                self.respond(id, back);
                Flow::Gone
            }
            Op::Probed => {
                self.probed(id);
                Flow::Gone
            }
        }
    }

    /// Puts what was recorded for a request where the next step draws from; behind the last row comes the first.
    #[inline(never)]
    fn recall(&mut self, id: u32, draw: u16, column: u16) {
        let values = &self.program.columns[usize::from(column)];
        let value = values[self.attempts[id].ordinal as usize % values.len()];
        self.program.draws[usize::from(draw)].sampler = Sampler::Constant(value.0);
    }

    /// Sends a command to a cache; the attempt goes on when the answer is back. Returns when it has executed.
    #[inline]
    fn command(&mut self, id: u32, cache: u16, item: Option<u32>, draw: u16) -> u64 {
        let span = self.program.draws[usize::from(draw)].nanos();
        let hop = self.scenario.caches[usize::from(cache)].hop.0;
        let done = self.caches[usize::from(cache)].execute(item, span, self.now.saturating_add(hop));
        // The journey is network time; what is left of the step was at the cache.
        self.attempts.book_ahead(id, NETWORK, 2 * hop);
        self.calendar.at(done.saturating_add(hop), Event::Resume(id));
        done
    }

    /// The attempt goes on after a span.
    #[inline]
    fn pass(&mut self, span: u64, id: u32) -> Flow {
        self.calendar.at(self.now.saturating_add(span), Event::Resume(id));
        Flow::Wait
    }

    /// Takes a server of a station without bound and keeps it until [`World::let_go`].
    #[inline]
    fn hold(&mut self, id: u32, station: u32) -> Flow {
        self.attempts[id].holding = station;
        match self.stations[station as usize].take(id, self.now, &mut self.links) {
            Admission::Served => Flow::Next,
            Admission::Waiting | Admission::Refused => {
                self.attempts[id].waiting = Waiting::Station(station);
                Flow::Wait
            }
        }
    }

    /// Gives back the server that the attempt holds.
    #[inline]
    fn let_go(&mut self, id: u32) {
        let station = std::mem::replace(&mut self.attempts[id].holding, NONE);
        if station != NONE {
            self.give(station);
        }
    }

    /// Waits with a limit: whoever is not served by then fails.
    #[inline]
    pub(super) fn wait_at_most(&mut self, id: u32, limit: u64) {
        let lane = self.calendar.lane(limit);
        self.attempts[id].limit = self.time_out(lane, Event::GiveUp(id));
    }

    /// A wait has reached its limit.
    pub(super) fn give_up(&mut self, id: u32, number: u64) {
        if self.attempts[id].limit != number {
            return;
        }
        let cause = match self.program.ops[self.attempts[id].at as usize].0 {
            Op::Borrow { .. } => Cause::PoolTimeout,
            Op::Lock { database, .. } => {
                self.databases[usize::from(database)].lock_timeouts += 1;
                Cause::LockTimeout
            }
            Op::Queue { service } | Op::Line { service, .. } => {
                self.services[usize::from(service)].abandoned += 1;
                Cause::Impatience
            }
            _ => return,
        };
        self.book(id);
        self.fail(id, cause);
    }

    fn take_thread(&mut self, id: u32, tier: u8) -> Flow {
        let station = self.instances[self.attempts.tier(id, tier).instance as usize].threads;
        self.attempts[id].threads |= 1 << tier;
        match self.stations[station as usize].take(id, self.now, &mut self.links) {
            Admission::Served => Flow::Next,
            Admission::Waiting => {
                self.attempts[id].waiting = Waiting::Station(station);
                Flow::Wait
            }
            Admission::Refused => {
                self.attempts[id].threads &= !(1 << tier);
                self.connect_again(id, tier)
            }
        }
    }

    /// The backlog is full: the packet was dropped and is sent again, or the connection was reset.
    #[cold]
    fn connect_again(&mut self, id: u32, tier: u8) -> Flow {
        if self.attempts[id].state == State::Probe {
            // No answer: the check's timeout decides.
            self.vanish(id);
            return Flow::Gone;
        }
        let Tier { instance, balancer, .. } = *self.attempts.tier(id, tier);
        let fleet = self.instances[instance as usize].fleet;
        if self.scenario.fleets[fleet].overflow == Overflow::Reset {
            self.fail(id, Cause::BadGateway);
            return Flow::Gone;
        }
        let limit = self
            .scenario
            .balancers
            .get(usize::from(balancer))
            .map_or(LAST_RETRANSMISSION, |balancer| balancer.connect_timeout.0);
        let attempt = &mut self.attempts[id];
        let give_up = attempt.since.saturating_add(limit);
        if self.now >= give_up {
            self.book(id);
            self.fail(id, Cause::GatewayTimeout);
            return Flow::Gone;
        }
        let pause = FIRST_RETRANSMISSION << attempt.connects.min(30);
        attempt.connects += 1;
        self.calendar.at(self.now.saturating_add(pause).min(give_up), Event::Connect(id));
        Flow::Wait
    }

    #[inline]
    fn pick(&mut self, id: u32, balancer: u16, tier: u8) -> Flow {
        let Some((target, instance)) = self.pick_target(balancer) else {
            self.fail(id, Cause::ServiceUnavailable);
            return Flow::Gone;
        };
        let (idle, lane) = self.balancers[usize::from(balancer)].idle;
        // While the client's timeout pends that ends first, this one need not: nearly no attempt outlives either.
        let (patience, deferred) = match self.attempts[id].patience != NO_EVENT && self.patience <= idle {
            true => (self.calendar.number(), self.now.saturating_add(idle)),
            false => (self.time_out(lane, Event::IdleTimeout { attempt: id, tier }), 0),
        };
        self.enter_tier(id, tier, Tier { instance, target, balancer, patience, deferred });
        Flow::Next
    }

    fn direct(&mut self, id: u32, fleet: u16, tier: u8) -> Flow {
        match self.fleets[usize::from(fleet)].next_in_turn() {
            Some(instance) => {
                self.enter_tier(id, tier, Tier { instance, ..Tier::NONE });
                Flow::Next
            }
            None => {
                self.fail(id, Cause::ServiceUnavailable);
                Flow::Gone
            }
        }
    }

    #[inline]
    fn enter_tier(&mut self, id: u32, tier: u8, place: Tier) {
        self.instances[place.instance as usize].inside += 1;
        *self.attempts.tier_mut(id, tier) = place;
        let attempt = &mut self.attempts[id];
        attempt.depth = tier + 1;
        attempt.connects = 0;
    }

    /// The tier has done its part: an attempt whose caller has gone ends here.
    fn leave(&mut self, id: u32, tier: u8) -> Flow {
        self.leave_tier(id);
        let attempt = &self.attempts[id];
        if attempt.state == State::Orphan && tier == attempt.floor {
            self.vanish(id);
            return Flow::Gone;
        }
        Flow::Next
    }

    #[inline]
    fn item(&self, id: u32, cache: u16, keys: u16, slot: u8) -> u32 {
        self.caches[usize::from(cache)].item(keys, self.attempts.key(id, slot))
    }

    /// Waits for the fill of an item that is under way, or becomes the one who fills it.
    fn join_fill(&mut self, id: u32, cache: u16, keys: u16, slot: u8) -> Flow {
        if self.attempts[id].filling.1 != NONE {
            return Flow::Next; // inside another fill of its own
        }
        let item = self.item(id, cache, keys, slot);
        let state = &mut self.caches[usize::from(cache)];
        match state.fills.get_mut(&item) {
            None => {
                state.fills.insert(item, Default::default());
                self.attempts[id].filling = (cache, item);
                Flow::Next
            }
            Some(queue) => {
                queue.push(id, &mut self.links);
                state.counts.coalesced += 1;
                self.attempts[id].waiting = Waiting::Fill { cache, item };
                Flow::Wait
            }
        }
    }

    /// A fill has ended: with the item in the cache all who waited go on behind it, otherwise the first of them
    /// takes it over.
    pub(super) fn end_fill(&mut self, id: u32, filled: bool) {
        let (cache, item) = std::mem::replace(&mut self.attempts[id].filling, (0, NONE));
        if item == NONE {
            return;
        }
        let state = &mut self.caches[usize::from(cache)];
        let Some(mut queue) = state.fills.remove(&item) else { return };
        if filled {
            while let Some(next) = queue.pop(&mut self.links) {
                if let Op::JoinFill { filled, .. } = self.program.ops[self.attempts[next].at as usize].0 {
                    self.book(next);
                    self.attempts[next].at = filled - 1;
                }
                self.grant(next);
            }
        } else if let Some(next) = queue.pop(&mut self.links) {
            self.caches[usize::from(cache)].fills.insert(item, queue);
            self.attempts[next].filling = (cache, item);
            self.grant(next);
        }
    }

    /// CPU time that is spent for nobody.
    #[inline]
    fn count_abandoned(&mut self, id: u32, nanos: f64) {
        if self.attempts[id].state == State::Orphan {
            self.recorder.abandoned_cpu += nanos;
        }
    }

    /// Books the network time of an attempt that stands between two places.
    pub(super) fn book_network(&mut self, id: u32) {
        self.attempts.book(id, NETWORK, self.now);
    }
}

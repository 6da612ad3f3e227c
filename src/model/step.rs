//! Walking an attempt through its program.
//!
//! In: an attempt whose wait is over. Out: the attempt at its next wait, or at its end. Each op either ends at
//! once or leaves the attempt waiting for exactly one event; time that passed in an op is booked to its stage.

use super::program::{NETWORK, Op};
use super::request::{NO_EVENT, NONE, State, Tier, Waiting};
use super::{Event, World};
use crate::dist::{Sampler, uniform};
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
    /// Nowhere until an event comes, or the attempt is gone.
    Stop,
}

impl World<'_> {
    /// The present step is over: its time is booked, and the walk goes on.
    #[inline]
    pub(super) fn resume(&mut self, id: u32) {
        self.book(id);
        self.attempts[id].at += 1;
        self.advance(id);
    }

    /// Books the time since the present step began to its stage.
    #[inline]
    pub(super) fn book(&mut self, id: u32) {
        let stage = self.program.ops[self.attempts[id].at as usize].1;
        self.attempts.book(id, stage, self.now);
    }

    /// Walks on from the present op.
    pub(super) fn advance(&mut self, id: u32) {
        if self.attempts[id].doomed {
            self.vanish(id);
            return;
        }
        let mut at = self.attempts[id].at;
        loop {
            self.attempts[id].at = at;
            let (op, _) = self.program.ops[at as usize];
            match self.step(id, op) {
                Flow::Next => at += 1,
                Flow::Jump(to) => at = to,
                Flow::Stop => return,
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
                Flow::Stop
            }
            Op::Recall { draw, column } => {
                self.recall(id, draw, column);
                Flow::Next
            }
            Op::Thread { tier } => self.take_thread(id, tier),
            Op::Cpu { tier, draw } => {
                let demand = self.program.draws[usize::from(draw)].nanos();
                let instance = &self.instances[self.attempts[id].tiers[usize::from(tier)].instance as usize];
                let (processor, speed) = (instance.processor, instance.speed);
                self.count_abandoned(id, demand / speed);
                self.begin(processor, id, demand);
                Flow::Stop
            }
            Op::Core { tier } => {
                let station =
                    self.instances[self.attempts[id].tiers[usize::from(tier)].instance as usize].cores;
                self.hold(id, station)
            }
            Op::Run { tier, draw } => {
                let speed =
                    self.instances[self.attempts[id].tiers[usize::from(tier)].instance as usize].speed;
                let span = self.program.draws[usize::from(draw)].nanos() / speed;
                self.count_abandoned(id, span);
                self.pass((span + 0.5) as u64, id)
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
                self.attempts[id].keys[usize::from(slot)] = self.keys[usize::from(keys)].draw();
                Flow::Next
            }
            Op::Lookup { cache, keys, slot, draw } => {
                let item = self.item(id, cache, keys, slot);
                let done = self.command(id, cache, Some(item), draw);
                self.attempts[id].hit = self.caches[usize::from(cache)].lookup(item, done);
                Flow::Stop
            }
            Op::Chance { cache, ratio, draw } => {
                self.command(id, cache, None, draw);
                let (ratio, stream) = &mut self.program.ratios[usize::from(ratio)];
                let hit = uniform(stream) < *ratio;
                self.caches[usize::from(cache)].chance(hit);
                self.attempts[id].hit = hit;
                Flow::Stop
            }
            Op::IfHit { at } => match self.attempts[id].hit {
                true => Flow::Jump(at),
                false => Flow::Next,
            },
            Op::JoinFill { cache, keys, slot, filled } => self.join_fill(id, cache, keys, slot, filled),
            Op::Fill { cache, keys, slot, draw } => {
                let item = self.item(id, cache, keys, slot);
                let done = self.command(id, cache, Some(item), draw);
                self.caches[usize::from(cache)].fill(item, done);
                Flow::Stop
            }
            Op::Store { cache, draw } => {
                self.command(id, cache, None, draw);
                Flow::Stop
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
                Flow::Stop
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
                Flow::Stop
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
            Op::Share { service, draw } => {
                self.count_wait(id, service);
                let demand = self.program.draws[usize::from(draw)].nanos();
                let processor = self.services[usize::from(service)].processor;
                self.begin(processor, id, demand);
                Flow::Stop
            }
            Op::Depart { service } => {
                self.let_go(id);
                self.services[usize::from(service)].served += 1;
                Flow::Next
            }
            Op::Respond { back } => {
                self.respond(id, back);
                Flow::Stop
            }
            Op::Probed => {
                self.probed(id);
                Flow::Stop
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
        Flow::Stop
    }

    /// Takes a server of a station without bound and keeps it until [`World::let_go`].
    #[inline]
    fn hold(&mut self, id: u32, station: u32) -> Flow {
        self.attempts[id].holding = station;
        match self.stations[station as usize].take(id, self.now, &mut self.links) {
            Admission::Served => Flow::Next,
            Admission::Waiting | Admission::Refused => {
                self.attempts[id].waiting = Waiting::Station(station);
                Flow::Stop
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
            Op::Queue { service } => {
                self.services[usize::from(service)].abandoned += 1;
                Cause::Impatience
            }
            _ => return,
        };
        self.book(id);
        self.fail(id, cause);
    }

    fn take_thread(&mut self, id: u32, tier: u8) -> Flow {
        let attempt = &mut self.attempts[id];
        let instance = &self.instances[attempt.tiers[usize::from(tier)].instance as usize];
        let station = instance.threads;
        attempt.threads |= 1 << tier;
        match self.stations[station as usize].take(id, self.now, &mut self.links) {
            Admission::Served => Flow::Next,
            Admission::Waiting => {
                self.attempts[id].waiting = Waiting::Station(station);
                Flow::Stop
            }
            Admission::Refused => {
                self.attempts[id].threads &= !(1 << tier);
                self.connect_again(id, tier);
                Flow::Stop
            }
        }
    }

    /// The backlog is full: the packet was dropped and is sent again, or the connection was reset.
    fn connect_again(&mut self, id: u32, tier: u8) {
        let attempt = &self.attempts[id];
        if attempt.state == State::Probe {
            // No answer: the check's timeout decides.
            return self.vanish(id);
        }
        let fleet = self.instances[attempt.tiers[usize::from(tier)].instance as usize].fleet;
        if self.scenario.fleets[fleet].overflow == Overflow::Reset {
            return self.fail(id, Cause::BadGateway);
        }
        let balancer = attempt.tiers[usize::from(tier)].balancer;
        let limit = self
            .scenario
            .balancers
            .get(usize::from(balancer))
            .map_or(LAST_RETRANSMISSION, |balancer| balancer.connect_timeout.0);
        let began = attempt.since;
        let give_up = began.saturating_add(limit);
        if self.now >= give_up {
            self.book(id);
            return self.fail(id, Cause::GatewayTimeout);
        }
        let pause = FIRST_RETRANSMISSION << attempt.connects.min(30);
        self.attempts[id].connects += 1;
        self.calendar.at(self.now.saturating_add(pause).min(give_up), Event::Connect(id));
    }

    fn pick(&mut self, id: u32, balancer: u16, tier: u8) -> Flow {
        let Some((target, instance)) = self.pick_target(balancer) else {
            self.fail(id, Cause::ServiceUnavailable);
            return Flow::Stop;
        };
        self.enter_tier(id, tier, instance, (balancer, target));
        let lane = self.balancers[usize::from(balancer)].idle_lane;
        let number = self.time_out(lane, Event::IdleTimeout { attempt: id, tier });
        self.attempts[id].tiers[usize::from(tier)].patience = number;
        Flow::Next
    }

    fn direct(&mut self, id: u32, fleet: u16, tier: u8) -> Flow {
        match self.fleets[usize::from(fleet)].next_in_turn() {
            Some(instance) => {
                self.enter_tier(id, tier, instance, (u16::MAX, 0));
                Flow::Next
            }
            None => {
                self.fail(id, Cause::ServiceUnavailable);
                Flow::Stop
            }
        }
    }

    fn enter_tier(&mut self, id: u32, tier: u8, instance: u32, via: (u16, u32)) {
        let attempt = &mut self.attempts[id];
        let (balancer, target) = via;
        attempt.tiers[usize::from(tier)] = Tier { instance, target, balancer, patience: NO_EVENT };
        attempt.depth = tier + 1;
        attempt.connects = 0;
        self.instances[instance as usize].inside += 1;
    }

    /// The tier has done its part: an attempt whose caller has gone ends here.
    fn leave(&mut self, id: u32, tier: u8) -> Flow {
        self.leave_tier(id);
        let attempt = &self.attempts[id];
        if attempt.state == State::Orphan && tier == attempt.floor {
            self.vanish(id);
            return Flow::Stop;
        }
        Flow::Next
    }

    #[inline]
    fn item(&self, id: u32, cache: u16, keys: u16, slot: u8) -> u32 {
        self.caches[usize::from(cache)].item(keys, self.attempts[id].keys[usize::from(slot)])
    }

    /// Waits for the fill of an item that is under way, or becomes the one who fills it.
    fn join_fill(&mut self, id: u32, cache: u16, keys: u16, slot: u8, filled: u32) -> Flow {
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
                let attempt = &mut self.attempts[id];
                attempt.waiting = Waiting::Fill { cache, item };
                debug_assert!(filled > attempt.at);
                Flow::Stop
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

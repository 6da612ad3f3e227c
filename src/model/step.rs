//! The steps that some requests take: misses, statements, stations, and connections that are not accepted.
//!
//! In: an attempt at such an op. Out: the attempt waiting, or ready for the next op; `walk` goes on from there.

use super::claims::Waiting;
use super::program::{DrawId, Op};
use super::request::{NONE, State, Tier};
use super::walk::Flow;
use super::{Event, World};
use crate::measure::stage::Cause;
use crate::scenario::fleet::Overflow;

/// First pause before a connection that was not accepted is tried again; it doubles with every try.
/// Source: initial retransmission timeout of TCP, RFC 6298 section 2.1.
pub(super) const FIRST_RETRANSMISSION: u64 = 1_000_000_000;

/// When a client without a balancer before it gives a connection up: after six retransmissions.
/// Source: Linux kernel, ip-sysctl documentation, `tcp_syn_retries` default 6, "about 127 seconds".
const LAST_RETRANSMISSION: u64 = 127_000_000_000;

impl World<'_> {
    /// Takes one step.
    #[inline(never)]
    pub(super) fn step(&mut self, id: u32, op: Op) -> Flow {
        match op {
            Op::Direct { fleet, tier } => self.direct(id, fleet, tier),
            Op::Recall { draw, column } => {
                self.recall(id, draw, column);
                Flow::Next
            }
            Op::Serve { service, draw } => {
                self.count_wait(id, service);
                let span = self.program.draw(draw).time();
                self.pass(span, id)
            }
            Op::JoinFill { cache, keys, slot, .. } => self.join_fill(id, cache, keys, slot),
            Op::Fill { cache, keys, slot, draw } => {
                let item = self.item(id, cache, keys, slot);
                let done = self.command(id, cache, Some(item), draw);
                let cache = &mut self.caches[usize::from(cache)];
                cache.counts.fills += 1;
                cache.fill(item, done);
                Flow::Wait
            }
            Op::Store { cache, draw } => {
                self.command(id, cache, None, draw);
                self.caches[usize::from(cache)].counts.fills += 1;
                Flow::Wait
            }
            Op::Filled { cache, keys, slot } => {
                // Inside another fill of its own, an attempt has not announced this one.
                if self.attempts.claims(id).filling == (cache, self.item(id, cache, keys, slot)) {
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
            Op::Unpooled => {
                self.attempts.claims_mut(id).node = 0;
                Flow::Next
            }
            Op::Return => {
                self.return_connection(id);
                Flow::Next
            }
            Op::Page { database, keys, slot } => self.fetch_page(id, database, keys, slot),
            Op::Execute { database, draw, write } => {
                let demand = self.program.draw(draw).nanos();
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
                let span = self.program.draw(draw).time();
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
                let demand = self.program.draw(draw).nanos();
                let processor = self.services[usize::from(service)].processor;
                self.begin(processor, id, demand);
                Flow::Wait
            }
            Op::Depart { service } => {
                self.let_go(id);
                self.services[usize::from(service)].served += 1;
                Flow::Next
            }
            Op::Probed => {
                self.probed(id);
                Flow::Gone
            }
            _ => unreachable!("the walk takes {op:?} itself"),
        }
    }

    /// Puts what was recorded for a request where the next step draws from; behind the last row comes the first.
    fn recall(&mut self, id: u32, draw: DrawId, column: u32) {
        let (values, plus) = &self.program.columns[column as usize];
        let value = values[(self.attempts.claims(id).ordinal % values.len() as u64) as usize] + *plus;
        self.program.draw(draw).recall(value);
    }

    /// Waits with a limit: whoever is not served by then fails.
    #[inline]
    pub(super) fn wait_at_most(&mut self, id: u32, limit: u64) {
        self.attempts.claims_mut(id).limit = self.deadline(id, limit);
    }

    /// A wait has reached its limit.
    pub(super) fn give_up(&mut self, id: u32) {
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
        self.attempts.book(id, self.now);
        self.fail(id, cause);
    }

    /// The backlog is full: the packet was dropped and is sent again, or the connection was reset. Before its
    /// application runs an instance has neither threads nor backlog.
    #[cold]
    pub(super) fn connect_again(&mut self, id: u32, tier: u8) -> Flow {
        if self.attempts[id].state == State::Probe {
            // No answer: the check's timeout decides.
            self.vanish(id);
            return Flow::Gone;
        }
        let Tier { instance, balancer, target, .. } = *self.attempts.tier(id, tier);
        let fleet = self.instances[instance as usize].fleet;
        if self.instances[instance as usize].running == u64::MAX {
            // Nothing listens there yet: the connection is refused.
            if let Some(balancer) = self.balancers.get_mut(usize::from(balancer)) {
                balancer.refused(target);
            }
            self.fail(id, Cause::BadGateway);
            return Flow::Gone;
        }
        self.fleets[fleet].refused += 1;
        if self.scenario.fleets[fleet].overflow == Overflow::Reset {
            self.fail(id, Cause::BadGateway);
            return Flow::Gone;
        }
        let limit = self
            .scenario
            .balancers
            .get(usize::from(balancer))
            .map_or(LAST_RETRANSMISSION, |balancer| balancer.connect_timeout.0);
        // Each pause is twice as long as the one before: as long as what has passed, and the first one.
        let since = self.attempts[id].since;
        let give_up = since.saturating_add(limit);
        if self.now >= give_up {
            self.attempts.book(id, self.now);
            self.fail(id, Cause::GatewayTimeout);
            return Flow::Gone;
        }
        let pause = (self.now - since).saturating_add(FIRST_RETRANSMISSION);
        self.calendar.at(self.now.saturating_add(pause).min(give_up), Event::Connect(id));
        Flow::Wait
    }

    fn direct(&mut self, id: u32, fleet: u16, tier: u8) -> Flow {
        match self.fleets[usize::from(fleet)].in_turn.take() {
            Some(instance) => {
                self.enter_tier(id, tier, instance, Tier::NONE);
                Flow::Next
            }
            None => {
                self.fail(id, Cause::ServiceUnavailable);
                Flow::Gone
            }
        }
    }

    /// Waits for the fill of an item that is under way, or becomes the one who fills it.
    fn join_fill(&mut self, id: u32, cache: u16, keys: u16, slot: u8) -> Flow {
        if self.attempts.claims(id).filling.1 != NONE {
            return Flow::Next; // inside another fill of its own
        }
        let item = self.item(id, cache, keys, slot);
        let state = &mut self.caches[usize::from(cache)];
        match state.fills.get_mut(&item) {
            None => {
                state.fills.insert(item, Default::default());
                self.attempts.claims_mut(id).filling = (cache, item);
                Flow::Next
            }
            Some(queue) => {
                queue.push(id, &mut self.links);
                state.counts.coalesced += 1;
                self.attempts.claims_mut(id).waiting = Waiting::Fill { cache, item };
                Flow::Wait
            }
        }
    }

    /// A fill has ended: with the item in the cache all who waited go on behind it, otherwise the first of them
    /// takes it over.
    pub(super) fn end_fill(&mut self, id: u32, filled: bool) {
        let (cache, item) = std::mem::replace(&mut self.attempts.claims_mut(id).filling, (0, NONE));
        if item == NONE {
            return;
        }
        let state = &mut self.caches[usize::from(cache)];
        let Some(mut queue) = state.fills.remove(&item) else { return };
        if filled {
            while let Some(next) = queue.pop(&mut self.links) {
                if let Op::JoinFill { filled, .. } = self.program.ops[self.attempts[next].at as usize].0 {
                    self.attempts[next].next = filled;
                }
                self.grant(next);
            }
        } else if let Some(next) = queue.pop(&mut self.links) {
            self.caches[usize::from(cache)].fills.insert(item, queue);
            self.attempts.claims_mut(next).filling = (cache, item);
            self.grant(next);
        }
    }
}

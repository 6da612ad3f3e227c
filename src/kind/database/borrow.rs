//! Borrowing a connection of a pool, and giving it back.
//!
//! In: attempts that need a connection, and that are done with it. Out: attempts that have one, or wait for one up to the timeout
//! of their pool. A pool hands a connection that comes back to the one that has waited longest. One that lets newcomers overtake
//! leaves it to whoever asks first, and tells the one that has waited longest, which asks again a little later.

use super::model::{Databases, NEVER};
use crate::engine::station::Admission;
use crate::flow::claims::Waiting;
use crate::flow::next::Next;
use crate::flow::{Flow, NONE, number};
use crate::kind::fleet::language::Order;

impl Databases<'_> {
    /// Borrows a connection, or waits for one up to the pool's timeout.
    pub(super) fn borrow(&mut self, id: u32, tier: u8, index: u8, writer: bool, flow: &mut Flow) -> Next {
        let host = self.pools.of(flow.attempts.tier(id, tier).instance);
        let settings = &self.fleets[host.fleet].pools[usize::from(index)];
        let pool = &mut host.pools[usize::from(index)];
        let (station, node) = match writer {
            true => (pool.writer, pool.leads),
            false => (pool.reader, pool.next_reader(&self.each[settings.database.index()].nodes)),
        };
        // The place after the replicas is that of readers that go to the writer.
        let node = if node as usize >= self.each[settings.database.index()].nodes.len() { 0 } else { node };
        let session = self.sessions.of_mut(id);
        session.connection = station;
        session.node = number(node as usize);
        session.database = number(settings.database.index());
        match flow.take(station, id) {
            Admission::Served => Next::Op,
            Admission::Waiting | Admission::Refused => {
                flow.attempts.claims_mut(id).waiting = Waiting::Station(station);
                flow.wait_at_most(id, settings.timeout.0);
                Next::Wait
            }
        }
    }

    /// The same at a pool that opens connections for those who wait, or that lets newcomers overtake: these take the step at
    /// `at`, which is this one, once more.
    pub(super) fn obtain(
        &mut self,
        id: u32,
        (tier, index, writer): (u8, u8, bool),
        at: u32,
        flow: &mut Flow,
    ) -> Next {
        let next = self.borrow(id, tier, index, writer, flow);
        let host = self.pools.of(flow.attempts.tier(id, tier).instance);
        let settings = &self.fleets[host.fleet].pools[usize::from(index)];
        let (timeout, order) = (settings.timeout.0, settings.order);
        let adder = host.pools[usize::from(index)].adders[usize::from(!writer)];
        if adder != NONE {
            self.asked(adder, flow);
        }
        let Order::Newcomers(_) = order else { return next };
        let since = *self.since.of_mut(id);
        match next {
            Next::Wait => {
                let since = since.min(flow.now);
                *self.since.of_mut(id) = since;
                flow.wait_at_most(id, since.saturating_add(timeout).saturating_sub(flow.now));
                Next::WaitThen(at)
            }
            next => {
                *self.since.of_mut(id) = NEVER;
                if since != NEVER {
                    self.pools.waits.note(self.sessions.of(id).connection, flow.now - since);
                }
                next
            }
        }
    }

    /// Gives the borrowed connection back, if there is one, to the attempt that has waited longest.
    pub(super) fn return_connection(&mut self, id: u32, flow: &mut Flow) {
        let station = self.sessions.of(id).connection;
        if station != NONE {
            self.sessions.of_mut(id).connection = NONE;
            if let Some(next) = flow.hand_over(station) {
                self.pools.waits.note(station, flow.now - flow.attempts[next].since);
            }
        }
    }

    /// Gives the borrowed connection back, if there is one, to a pool of any order.
    pub(super) fn give_back(&mut self, id: u32, flow: &mut Flow) {
        let station = self.sessions.of(id).connection;
        if station == NONE || self.pools.wake_of(station).is_none() {
            return self.return_connection(id, flow);
        }
        self.sessions.of_mut(id).connection = NONE;
        let now = flow.now;
        flow.station_mut(station).free(now);
        self.wake(station, flow);
    }

    /// Tells the attempt that has waited longest at a pool that a connection is free, if one is. Returns whether there is such an
    /// attempt.
    fn wake(&mut self, station: u32, flow: &mut Flow) -> bool {
        let Some(span) = self.pools.wake_of(station) else { return false };
        let Some(next) = flow.wake(station, span) else { return false };
        // It holds nothing until it has asked again.
        self.sessions.of_mut(next).connection = NONE;
        true
    }

    /// A station of a pool has so many connections from now on: those who wait get them.
    pub(super) fn resize(&mut self, station: u32, connections: u32, flow: &mut Flow) {
        flow.station_mut(station).resize(connections);
        if self.pools.wake_of(station).is_some() {
            let free = connections.saturating_sub(flow.station(station).busy());
            for _ in 0..free {
                if !self.wake(station, flow) {
                    break;
                }
            }
            return;
        }
        while let Some(next) = flow.admit(station) {
            self.pools.waits.note(station, flow.now - flow.attempts[next].since);
        }
    }
}

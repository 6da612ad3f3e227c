//! An RDS Proxy before a database: its connections, and those who borrow them.
//!
//! In: attempts that have a connection of the pool of their host, which leads to the proxy. Out: attempts that have a connection to the
//! database, or wait for one up to the borrow timeout. The proxy opens connections for those who wait, as many at once as are lacking,
//! and closes idle ones. Client connections are kept when a node is lost: only what is done there fails. A pinned part of them has
//! connections to the database of its own. (Aurora user guide, "Amazon RDS Proxy concepts and terminology".)

use super::growth::{Adder, CHECK, Owner};
use super::language::Proxy;
use super::language::proxy::IDLE_AFTER;
use super::model::{Databases, Timer};
use super::pool::{Pool, SIDES, node_for, station};
use super::proxied::Proxied;
use crate::dist::uniform;
use crate::engine::station::Admission;
use crate::flow::claims::Waiting;
use crate::flow::next::Next;
use crate::flow::{Flow, NONE, number};
use crate::kind::fleet::language::Growth;
use crate::rng::stream;

/// A node that is on no side of a session: the connection to the database is given back.
const NOWHERE: u16 = u16::MAX;

impl Databases<'_> {
    /// The proxies of all databases, before a run.
    pub(super) fn add_proxies(&mut self, flow: &mut Flow) {
        for database in 0..self.each.len() {
            let settings = &self.settings[database];
            let proxied = settings.proxy.as_ref().map(|proxy| {
                let stations = SIDES.map(|_| station(flow));
                let nodes = self.each[database].nodes.len();
                let limits = [
                    proxy.limit(settings.writer_connections),
                    proxy.limit(settings.replica_connections).saturating_mul(settings.most_replicas()),
                ];
                let mut adders = [NONE; 2];
                for side in 0..=usize::from(nodes > 1) {
                    self.pools.waits.know_proxy(stations[side], database, side);
                    adders[side] = number(self.adders.len());
                    let place = (Owner::Proxy { database }, database, side, stations[side]);
                    let kept = proxy.idle(limits[side]);
                    let growth =
                        Growth { minimum_idle: Some(kept), idle_timeout: IDLE_AFTER, max_lifetime: None };
                    let lots = stream(self.seed, &format!("database.{}/ages of the proxy", settings.name));
                    let adder = Adder::new(place, (limits[side], kept), &growth, 1_000_000_000, lots);
                    self.adders.push(adder.for_any_number());
                }
                let lots = stream(self.seed, &format!("database.{}/pinned", settings.name));
                Proxied {
                    pool: Pool::new(stations[0], stations[1], nodes).with(adders),
                    limits,
                    clients: [0; 2],
                    pinned: [0; 2],
                    pinned_to: vec![0; nodes],
                    lots,
                    timeouts: 0,
                }
            });
            let adders = proxied.as_ref().map_or([NONE; 2], |proxied| proxied.pool.adders);
            self.pools.proxies.push(proxied);
            self.begin_each(adders, flow);
        }
    }

    /// Borrows a connection to the database from its proxy, unless the client connection has one.
    pub(super) fn lend(&mut self, id: u32, database: u16, writer: bool, flow: &mut Flow) -> Next {
        let (index, side) = (usize::from(database), usize::from(!writer));
        let Some(proxied) = &mut self.pools.proxies[index] else { return Next::Op };
        let nodes = self.each[index].nodes.len();
        let node = if writer { 0 } else { proxied.pool.next_reader(&self.each[index].nodes) as usize };
        let session = self.sessions.of_mut(id);
        // The last place is that of readers that go to the writer.
        (session.database, session.node) = (database, number(if node < nodes { node } else { 0 }));
        let pinned = f64::from(proxied.pinned[side]) / f64::from(proxied.clients[side].max(1));
        if pinned > 0.0 && uniform(&mut proxied.lots) < pinned {
            return Next::Op;
        }
        let (station, adder) = ([proxied.pool.writer, proxied.pool.reader][side], proxied.pool.adders[side]);
        *self.lent.of_mut(id) = station;
        let admission = flow.take(station, id);
        self.asked(adder, flow);
        match admission {
            Admission::Served => Next::Op,
            Admission::Waiting | Admission::Refused => {
                flow.attempts.claims_mut(id).waiting = Waiting::Station(station);
                let timeout = self.settings[index].proxy.as_ref().map_or(0, |proxy| proxy.borrow_timeout.0);
                flow.wait_at_most(id, timeout);
                Next::Wait
            }
        }
    }

    /// The transaction is over: its connection to the database goes to whoever has waited longest.
    pub(super) fn repay(&mut self, id: u32, flow: &mut Flow) {
        self.sessions.of_mut(id).node = NOWHERE;
        let station = self.lent.of(id);
        if station != NONE {
            *self.lent.of_mut(id) = NONE;
            if let Some(next) = flow.hand_over(station) {
                self.pools.waits.note(station, flow.now - flow.attempts[next].since);
            }
        }
    }

    /// An attempt has waited for a connection of a proxy for as long as it may.
    pub(super) fn count_borrow_timeout(&mut self, database: u16) {
        if let Some(proxied) = &mut self.pools.proxies[usize::from(database)] {
            proxied.timeouts += 1;
        }
    }

    /// The number of client connections of a proxy has changed, or nodes are lost or back: pinned ones have their share of the
    /// connections to the database, as far as there is room.
    pub(super) fn pin(&mut self, database: usize, flow: &mut Flow) {
        let Some(share) = self.settings[database].proxy.as_ref().map(|proxy: &Proxy| proxy.pinned) else {
            return;
        };
        let clients = self.pools.clients_of(database, &self.fleets);
        let Some(proxied) = &mut self.pools.proxies[database] else { return };
        proxied.clients = clients;
        if share == 0.0 {
            return;
        }
        let nodes = &mut self.each[database].nodes;
        for (node, pinned) in nodes.iter_mut().zip(&mut proxied.pinned_to) {
            node.open -= std::mem::take(pinned);
        }
        for (side, clients) in clients.into_iter().enumerate() {
            let wanted = (f64::from(clients) * share).round() as u32;
            proxied.pinned[side] = 0;
            for _ in 0..wanted.min(proxied.limits[side]) {
                let place = node_for(side, &proxied.pool.to, &proxied.pinned_to, nodes);
                let Some(node) = place.filter(|&node| nodes[node].room() > 0) else { break };
                nodes[node].accept();
                proxied.pinned_to[node] += 1;
                proxied.pinned[side] += 1;
            }
            let (adder, left) = (proxied.pool.adders[side], proxied.limits[side] - proxied.pinned[side]);
            if adder != NONE {
                self.adders[adder as usize].size = left;
            }
        }
        for adder in self.pools.proxies[database].iter().flat_map(|it| it.pool.adders).collect::<Vec<_>>() {
            self.shrink(adder, flow);
        }
    }

    /// The connections of a proxy to a node have broken; those of its clients are kept.
    pub(super) fn break_proxied(&mut self, database: usize, node: usize, flow: &mut Flow) {
        let nodes = self.each[database].nodes.len();
        let Some(proxied) = &mut self.pools.proxies[database] else { return };
        proxied.pinned_to[node] = 0;
        proxied.pool.break_off(node, nodes, flow.now);
        let (sides, stations) = (proxied.pool.sides(), [proxied.pool.writer, proxied.pool.reader]);
        for (station, open) in stations.into_iter().zip(sides) {
            self.resize(station, open, flow);
        }
    }

    /// A timer for the next check of each adder, from now on.
    pub(super) fn begin_each(&mut self, adders: [u32; 2], flow: &mut Flow) {
        for adder in adders.into_iter().filter(|adder| *adder != NONE) {
            self.adders[adder as usize].begin(flow.now);
            flow.set(Timer::Checks { adder }, flow.now.saturating_add(CHECK));
        }
    }
}

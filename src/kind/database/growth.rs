//! Pools that open and close connections during a run, as HikariCP's do.
//!
//! In: requests that wait for a connection, the check that runs every 30 s, connections that have reached their age. Out: errands
//! that make connections, and connections that are closed. Each side of a pool has an adder, which makes one connection after the
//! other while requests wait or too few connections are idle. If the node refuses one or is lost, the adder pauses. A
//! connection that is made goes to whoever waits. (HikariCP, `HikariPool`: `PoolEntryCreator`, `HouseKeeper`.)

mod adder;

use super::model::{Databases, Timer};
use crate::flow::draws::DrawId;
use crate::flow::next::Next;
use crate::flow::{Flow, NONE, number};
use crate::id;
use crate::kind::Kind;

pub(super) use adder::{Adder, Owner};

/// A check of idle connections runs every 30 s. Source: HikariCP, `HOUSEKEEPING_PERIOD_MS`.
pub(super) const CHECK: u64 = 30_000_000_000;
/// And for the first time 100 ms after the pool has been made. Source: HikariCP, `HikariPool`.
const FIRST_CHECK: u64 = 100_000_000;

impl Databases<'_> {
    /// The open connections of an adder.
    fn open_of(&self, adder: u32) -> u32 {
        let it = &self.adders[adder as usize];
        self.pools.pool(it.owner).map_or(0, |pool| pool.sides()[it.side])
    }

    /// A pool of a host has been opened: its adders begin.
    pub(super) fn begin_adders(&mut self, host: u32, pool: usize, flow: &mut Flow) {
        for adder in self.pools.of(host).pools[pool].adders {
            if adder == NONE {
                continue;
            }
            let open = self.open_of(adder);
            let it = &mut self.adders[adder as usize];
            it.begin(flow.now);
            for _ in 0..open {
                // Those of the start of a run are of any age.
                it.made(flow.now, flow.now == 0);
            }
            let first = if flow.now == 0 { CHECK } else { FIRST_CHECK };
            flow.set(Timer::Checks { adder }, flow.now.saturating_add(first));
            self.watch_ages(adder, flow);
        }
    }

    /// The application of a host has ended, or its host is lost: its adders make nothing more.
    pub(super) fn end_adders(&mut self, host: u32, flow: &mut Flow) {
        let adders: Vec<u32> = self.pools.of(host).pools.iter().flat_map(|pool| pool.adders).collect();
        for adder in adders.into_iter().filter(|adder| *adder != NONE) {
            self.adders[adder as usize].end();
            flow.cancel(Timer::Retries { adder });
            flow.cancel(Timer::Checks { adder });
            flow.cancel(Timer::Ages { adder });
        }
    }

    /// A request has asked a pool for a connection.
    pub(super) fn asked(&mut self, adder: u32, flow: &mut Flow) {
        let it = &mut self.adders[adder as usize];
        let station = flow.station(it.station);
        it.peak = it.peak.max(station.busy());
        if station.waiting() > 0 {
            self.grow(adder, flow);
        }
    }

    /// Makes connections, as long as some are lacking and the adder is not busy.
    pub(super) fn grow(&mut self, adder: u32, flow: &mut Flow) {
        let open = self.open_of(adder);
        let it = &mut self.adders[adder as usize];
        let station = flow.station(it.station);
        let (idle, waiting) = (open.saturating_sub(station.busy()), station.waiting());
        while it.lacks(open, idle, waiting) {
            it.dialling += 1;
            flow.send_errand(Kind::Database as u8, adder, self.each[it.database].dial);
        }
    }

    /// A connection that is being made has come to its node, which takes it or refuses it.
    pub(super) fn accept(&mut self, id: u32, draw: DrawId, flow: &mut Flow) -> Next {
        let Some(adder) = flow.errand(id, Kind::Database as u8) else { return Next::Op };
        let it = &self.adders[adder as usize];
        if it.closed {
            return self.come_to_nothing(id, adder, None, flow);
        }
        let place =
            self.pools.pool(it.owner).and_then(|pool| pool.place_for(it.side, &self.each[it.database].nodes));
        let Some(node) = place else { return self.come_to_nothing(id, adder, Some(false), flow) };
        let state = &mut self.each[it.database].nodes[node];
        if state.room() == 0 {
            return self.come_to_nothing(id, adder, Some(true), flow);
        }
        state.accept();
        *self.dials.of_mut(id) = state.dialled();
        let demand = flow.draws.of(draw).nanos();
        flow.begin(state.processor, id, demand);
        if self.contends {
            self.ease(number(self.adders[adder as usize].database), flow);
        }
        Next::Wait
    }

    /// A connection is made.
    pub(super) fn connected(&mut self, id: u32, flow: &mut Flow) -> Next {
        let Some(adder) = flow.errand(id, Kind::Database as u8) else { return Next::Op };
        let dialled = self.dials.of(id);
        let it = &mut self.adders[adder as usize];
        let database = &mut self.each[it.database];
        let node = database.nodes.iter().position(|node| node.still_has(dialled));
        let Some(node) = node else { return self.come_to_nothing(id, adder, Some(false), flow) };
        // Its host has looked the address of the writer up meanwhile.
        let leads = self.pools.pool(it.owner).map_or(0, |pool| pool.leads as usize);
        let strays = |pool: &super::pool::Pool| node > 0 && !pool.to.readers.contains(&node);
        let strays = it.side == 1 && self.pools.pool(it.owner).is_some_and(strays);
        if it.side == 0 && leads != node || strays {
            database.nodes[node].open -= 1;
            return self.come_to_nothing(id, adder, Some(false), flow);
        }
        if it.closed {
            database.nodes[node].open -= 1;
            return self.come_to_nothing(id, adder, None, flow);
        }
        database.made += 1;
        self.made(id, adder, node, flow)
    }

    /// A connection to a node is made, or that of a client to its proxy.
    fn made(&mut self, id: u32, adder: u32, node: usize, flow: &mut Flow) -> Next {
        let it = &mut self.adders[adder as usize];
        it.made(flow.now, false);
        it.dialling -= 1;
        it.told = false;
        let (owner, side, station) = (it.owner, it.side, it.station);
        if let Some(pool) = self.pools.pool_mut(owner) {
            pool.add(side, node, flow.now);
        }
        flow.attempts.release(id);
        self.resize(station, self.open_of(adder), flow);
        // Whoever waited has it now.
        let it = &mut self.adders[adder as usize];
        it.peak = it.peak.max(flow.station(station).busy());
        self.watch_ages(adder, flow);
        self.grow(adder, flow);
        Next::Gone
    }

    /// A connection is not made: the node refuses it, is lost, or nobody wants it any more.
    fn come_to_nothing(&mut self, id: u32, adder: u32, refused: Option<bool>, flow: &mut Flow) -> Next {
        flow.attempts.release(id);
        let it = &mut self.adders[adder as usize];
        it.dialling -= 1;
        let Some(refused) = refused else { return Next::Gone };
        if refused {
            let database = it.database;
            self.each[database].refused += 1;
            if !std::mem::replace(&mut it.told, true) {
                let name = &self.settings[database].name;
                flow.incident(
                    id::Kind::Database,
                    name,
                    "too many connections: a pool that grows is refused".into(),
                );
            }
        }
        let it = &mut self.adders[adder as usize];
        let pause = it.pause();
        flow.set(Timer::Retries { adder }, flow.now.saturating_add(pause));
        Next::Gone
    }

    /// The pause of an adder is over.
    pub(super) fn retry(&mut self, adder: u32, flow: &mut Flow) {
        self.adders[adder as usize].pauses = false;
        self.grow(adder, flow);
        let it = &mut self.adders[adder as usize];
        // Nothing lacks any more: the next time it begins anew.
        if it.dialling == 0 {
            it.begin_anew();
        }
    }

    /// Closes connections that were idle for too long, and makes those that lack.
    pub(super) fn check_idle(&mut self, adder: u32, flow: &mut Flow) {
        flow.set(Timer::Checks { adder }, flow.now.saturating_add(CHECK));
        let open = self.open_of(adder);
        let it = &mut self.adders[adder as usize];
        let busy = flow.station(it.station).busy();
        let surplus = it.surplus(open, busy, flow.now);
        self.close(adder, surplus, flow);
        self.adders[adder as usize].fill();
        self.grow(adder, flow);
    }

    /// Connections have reached their age. One that is in use is closed when it comes back.
    pub(super) fn retire(&mut self, adder: u32, flow: &mut Flow) {
        let open = self.open_of(adder);
        let old = self.adders[adder as usize].retired(flow.now).min(open);
        self.close(adder, old, flow);
        self.watch_ages(adder, flow);
        self.adders[adder as usize].fill();
        self.grow(adder, flow);
    }

    /// Closes connections of the node that has most of them.
    fn close(&mut self, adder: u32, count: u32, flow: &mut Flow) {
        if count == 0 {
            return;
        }
        let it = &self.adders[adder as usize];
        let (owner, side, station, database) = (it.owner, it.side, it.station, it.database);
        let is_client = self.is_client(owner, database);
        for _ in 0..count {
            let Some(pool) = self.pools.pool_mut(owner) else { return };
            let nodes = &mut self.each[database].nodes;
            let node = pool.remove(side, nodes.len(), flow.now);
            if let Some(node) = node.filter(|_| !is_client) {
                nodes[node].open -= 1;
            }
        }
        let open = self.open_of(adder);
        self.adders[adder as usize].keep(open);
        self.resize(station, open, flow);
    }

    /// Closes what is beyond the size of an adder.
    pub(super) fn shrink(&mut self, adder: u32, flow: &mut Flow) {
        if adder != NONE {
            let beyond = self.open_of(adder).saturating_sub(self.adders[adder as usize].size);
            self.close(adder, beyond, flow);
        }
    }

    /// Whether they are connections to a proxy.
    fn is_client(&self, owner: Owner, database: usize) -> bool {
        matches!(owner, Owner::Host { .. }) && self.settings[database].proxy.is_some()
    }

    fn watch_ages(&self, adder: u32, flow: &mut Flow) {
        if let Some(at) = self.adders[adder as usize].next_age() {
            flow.set(Timer::Ages { adder }, at);
        }
    }

    /// Nodes have room, or are back: pools that lack connections make them.
    pub(super) fn regrow(&mut self, flow: &mut Flow) {
        for adder in 0..self.adders.len() as u32 {
            let open = self.open_of(adder);
            let it = &mut self.adders[adder as usize];
            if !it.closed {
                it.keep(open);
                it.fill();
                // A proxy knows when a node is there.
                if matches!(it.owner, Owner::Proxy { .. }) && std::mem::take(&mut it.pauses) {
                    flow.cancel(Timer::Retries { adder });
                }
                self.grow(adder, flow);
            }
        }
    }

    /// Adders for the sides of a pool of a host, if it grows.
    pub(super) fn add_adders(
        &mut self,
        host: u32,
        fleet: usize,
        pool: usize,
        stations: [u32; 2],
    ) -> [u32; 2] {
        let settings = &self.fleets[fleet].pools[pool];
        let Some(growth) = &settings.growth else { return [NONE; 2] };
        let sizes = [settings.writer, settings.reader];
        let database = settings.database.index();
        let has_replicas = self.each[database].nodes.len() > 1 && self.aim(database, host, fleet).has_readers;
        let mut adders = [NONE; 2];
        for side in 0..=usize::from(has_replicas) {
            adders[side] = number(self.adders.len());
            let name = ["writer", "reader"][side];
            let purpose = format!("fleet.{}/ages of {name} {pool} of {host}", self.fleets[fleet].name);
            self.adders.push(Adder::new(
                (Owner::Host { host, pool }, database, side, stations[side]),
                (sizes[side], settings.kept(sizes[side])),
                growth,
                settings.timeout.0,
                crate::rng::stream(self.seed, &purpose),
            ));
        }
        adders
    }
}

//! Connection pools: the connections that each host keeps open to the nodes of a database.
//!
//! In: hosts whose application starts, or that are gone. Out: connections that requests borrow. A pool opens its
//! connections when its application starts, if it does not grow. So scaling out takes connections from the
//! limit of a node; connections that the node refuses are missing from the pool.

use std::collections::{BTreeMap, BTreeSet};

use super::growth::{self, Owner, SIDES};
use super::model::Databases;
use super::node::{Lacking, Node};
use super::proxy::Proxied;
use super::waits::Waits;
use crate::engine::station::Integral;
use crate::flow::{Flow, NONE};
use crate::id;
use crate::kind::fleet::language::{Fleet, Order};
use crate::measure::resource::Node as Side;

/// The pools of a host.
#[derive(Debug, Default)]
pub struct HostPools {
    /// Its fleet.
    pub fleet: usize,
    /// Its pools, in the order of the file.
    pub pools: Vec<Pool>,
}

/// The pools of all hosts.
#[derive(Debug, Default)]
pub struct Pools {
    /// Pools by the number of the host.
    hosts: Vec<HostPools>,
    /// For each fleet, the hosts whose pools are open.
    open: Vec<BTreeSet<u32>>,
    /// Waits for connections.
    pub(super) waits: Waits,
    /// Of the stations of pools that let newcomers overtake: from the return of a connection until the one that was told of it
    /// asks again.
    wakes: BTreeMap<u32, u64>,
    /// The proxy of each database that has one.
    pub(super) proxies: Vec<Option<Proxied>>,
}

impl Pools {
    /// No pool yet.
    pub(super) fn new(fleets: &[Fleet], databases: &[super::language::Database]) -> Pools {
        Pools { waits: Waits::new(fleets, databases), ..Pools::default() }
    }

    /// A pool of a host, or that of a proxy.
    pub(super) fn pool(&self, of: Owner) -> Option<&Pool> {
        match of {
            Owner::Host { host, pool } => self.hosts.get(host as usize)?.pools.get(pool),
            Owner::Proxy { database } => self.proxies.get(database)?.as_ref().map(|proxied| &proxied.pool),
        }
    }

    /// The same, mutable.
    pub(super) fn pool_mut(&mut self, of: Owner) -> Option<&mut Pool> {
        match of {
            Owner::Host { host, pool } => self.hosts.get_mut(host as usize)?.pools.get_mut(pool),
            Owner::Proxy { database } => self.proxies.get_mut(database)?.as_mut().map(|it| &mut it.pool),
        }
    }

    /// Connections that hosts have to the proxy of a database, on each side.
    pub(super) fn clients_of(&self, database: usize, fleets: &[Fleet]) -> [u32; 2] {
        let mut clients = [0; 2];
        for host in &self.hosts {
            for (pool, settings) in host.pools.iter().zip(&fleets[host.fleet].pools) {
                if settings.database.index() == database {
                    let sides = pool.sides();
                    clients = [clients[0] + sides[0], clients[1] + sides[1]];
                }
            }
        }
        clients
    }

    /// After which time one that waits at a station asks again, if its pool lets newcomers overtake.
    pub(super) fn wake_of(&self, station: u32) -> Option<u64> {
        self.wakes.get(&station).copied()
    }

    /// The pools of a host.
    #[inline]
    pub fn of(&mut self, host: u32) -> &mut HostPools {
        &mut self.hosts[host as usize]
    }

    /// Whether a station holds connections of a pool of a host.
    pub fn has(&self, host: u32, station: u32) -> bool {
        self.stations(host).any(|other| other == station)
    }

    /// Connections taken so far, in the pools of all hosts of a fleet.
    pub fn taken(&self, fleet: usize, pool: usize, node: Side, flow: &Flow) -> f64 {
        let taken = |station: u32| flow.station(station).taken() as f64;
        let hosts =
            self.hosts.iter().filter(|host| host.fleet == fleet).filter_map(|host| host.pools.get(pool));
        hosts
            .map(|pool| match node {
                Side::Writer => taken(pool.writer),
                Side::Reader => taken(pool.reader),
                Side::All => taken(pool.writer) + taken(pool.reader),
            })
            .sum()
    }

    /// Connections taken so far of the proxy of a database.
    pub(super) fn taken_of_proxy(&self, database: usize, node: Side, flow: &Flow) -> f64 {
        let Some(Some(Proxied { pool, .. })) = self.proxies.get(database) else { return 0.0 };
        let taken = |station: u32| flow.station(station).taken() as f64;
        match node {
            Side::Writer => taken(pool.writer),
            Side::Reader => taken(pool.reader),
            Side::All => taken(pool.writer) + taken(pool.reader),
        }
    }

    /// Busy connections of the pools of a fleet, in percent of the open ones; nothing where none is open.
    pub fn busy_percent(&self, fleet: usize, flow: &Flow) -> Option<f64> {
        let pools = self.hosts.iter().filter(|host| host.fleet == fleet).flat_map(|host| &host.pools);
        let (busy, open) = pools.fold((0, 0), |(busy, open), pool| {
            let taken = [pool.writer, pool.reader].map(|station| flow.station(station).busy());
            (busy + taken.iter().sum::<u32>(), open + pool.sides().iter().sum::<u32>())
        });
        (open > 0).then(|| 100.0 * f64::from(busy) / f64::from(open))
    }

    /// The stations of the pools of a host.
    pub fn stations(&self, host: u32) -> impl Iterator<Item = u32> {
        let pools = self.hosts.get(host as usize).map_or(&[][..], |host| &host.pools);
        pools.iter().flat_map(|pool| [pool.writer, pool.reader])
    }
}

/// A connection pool of a host: stations of connections to the writer and to the replicas.
#[derive(Debug)]
pub struct Pool {
    /// Station of the writer's connections.
    pub writer: u32,
    /// Station of the replicas' connections.
    pub reader: u32,
    /// Connections open to each node: the writer first. With replicas, the last are those of readers to the writer, which are
    /// there while every replica is lost.
    pub open: Vec<u32>,
    /// Replica of the next borrowed connection.
    pub turn: u32,
    /// What makes connections of each side during the run, if it grows.
    pub(super) adders: [u32; 2],
    /// Open connections over time: to the writer, and to the replicas.
    opened: [Opened; 2],
}

/// Open connections over time.
#[derive(Clone, Copy, Debug, Default)]
struct Opened {
    present: u32,
    area: Integral,
    /// The integral when it was last read, connection nanoseconds.
    read: f64,
}

impl Pool {
    /// A pool without connections, of these two stations, to this many nodes.
    pub fn new(writer: u32, reader: u32, nodes: usize) -> Pool {
        let places = nodes + usize::from(nodes > 1);
        Pool { writer, reader, open: vec![0; places], turn: 0, adders: [NONE; 2], opened: Default::default() }
    }

    /// The same, with adders that make its connections.
    pub(super) fn with(self, adders: [u32; 2]) -> Pool {
        Pool { adders, ..self }
    }

    /// Opens its missing connections, as far as the nodes allow; returns how many they refuse at their limits. A lost node
    /// refuses nothing: nobody answers there.
    fn fill(&mut self, (writer, reader): (u32, u32), nodes: &mut [Node]) -> u32 {
        let readers = nodes[1..].iter().filter(|node| !node.lost).count() as u32;
        let mut rank = 0;
        let mut refused = 0;
        for place in 0..self.open.len() {
            // Without a replica the reader endpoint leads to the writer.
            let node = if place < nodes.len() { place } else { 0 };
            let wanted = match place {
                0 => writer,
                place if place == nodes.len() => {
                    if readers == 0 {
                        reader
                    } else {
                        0
                    }
                }
                place if nodes[place].lost => 0,
                // The reader endpoint spreads connections over the replicas.
                _ => {
                    rank += 1;
                    (reader + readers - rank) / readers
                }
            };
            let state = &mut nodes[node];
            // Those of a replica that is back come from the others.
            let surplus = self.open[place].saturating_sub(wanted);
            self.open[place] -= surplus;
            state.open -= surplus;
            let missing = wanted.saturating_sub(self.open[place]);
            let opened = missing.min(state.room());
            (0..opened).for_each(|_| state.accept());
            self.open[place] += opened;
            refused += if state.lost { 0 } else { missing - opened };
        }
        refused
    }

    /// It leads to a proxy, which takes any number of connections.
    fn fill_to_proxy(&mut self, (writer, reader): (u32, u32)) {
        self.open[0] = writer;
        if let Some(first) = self.open.get_mut(1) {
            *first = reader;
        }
    }

    /// Its connections to a node have broken.
    pub(super) fn break_off(&mut self, node: usize, nodes: usize, now: u64) {
        self.open[node] = 0;
        // Those of readers that go to the writer.
        if node == 0 && self.open.len() > nodes {
            self.open[nodes] = 0;
        }
        self.changed(now);
    }

    /// The node that takes its next connection of a side, if one is there.
    pub(super) fn place_for(&self, side: usize, nodes: &[Node]) -> Option<usize> {
        growth::node_for(side, &self.open, nodes)
    }

    /// A connection of a side to a node has been made.
    pub(super) fn add(&mut self, side: usize, node: usize, now: u64) {
        // That of a reader to the writer has the last place.
        let place = if side == 1 && node == 0 { self.open.len() - 1 } else { node };
        self.open[place] += 1;
        self.changed(now);
    }

    /// Closes a connection of a side, where there are most; returns its node.
    pub(super) fn remove(&mut self, side: usize, nodes: usize, now: u64) -> Option<usize> {
        let places = if side == 0 { 0..1 } else { 1..self.open.len() };
        let place = places.filter(|place| self.open[*place] > 0).max_by_key(|place| self.open[*place])?;
        self.open[place] -= 1;
        self.changed(now);
        Some(if place < nodes { place } else { 0 })
    }

    /// Connections open to the writer, and to the replicas together.
    pub fn sides(&self) -> [u32; 2] {
        [self.open[0], self.open[1..].iter().sum()]
    }

    /// Connections have been opened or closed.
    pub fn changed(&mut self, now: u64) {
        for (present, opened) in self.sides().into_iter().zip(&mut self.opened) {
            opened.area.change(i64::from(present) - i64::from(opened.present), now);
            opened.present = present;
        }
    }

    /// Connection nanoseconds since the last call: to the writer, and to the replicas.
    pub fn open_in_row(&mut self, now: u64) -> [f64; 2] {
        self.opened.each_mut().map(|opened| {
            let area = opened.area.up_to(now, opened.present);
            area - std::mem::replace(&mut opened.read, area)
        })
    }

    /// The replica of the next connection: in turn, among those with a connection.
    pub fn next_replica(&mut self) -> u32 {
        let replicas = self.open.len() as u32 - 1;
        let mut replica = self.turn;
        for _ in 0..replicas {
            replica = self.turn;
            self.turn = if replica + 1 < replicas { replica + 1 } else { 0 };
            if self.open[1 + replica as usize] > 0 {
                break;
            }
        }
        1 + replica
    }
}

impl Databases<'_> {
    /// A new host: its pools exist, without connections.
    pub(super) fn add_host(&mut self, host: u32, flow: &mut Flow) {
        let fleet = flow.hosts[host as usize].group;
        let mut pools = Vec::new();
        for (index, settings) in self.fleets[fleet].pools.iter().enumerate() {
            let nodes = self.each[settings.database.index()].nodes.len();
            let stations = SIDES.map(|_| growth::station(flow));
            for (side, station) in stations.into_iter().enumerate() {
                self.pools.waits.know(station, fleet, index, side);
                if let Order::Newcomers(wake) = settings.order {
                    self.pools.wakes.insert(station, wake.0);
                }
            }
            let adders = self.add_adders(host, fleet, index, stations);
            pools.push(Pool::new(stations[0], stations[1], nodes).with(adders));
        }
        let hosts = &mut self.pools.hosts;
        if hosts.len() <= host as usize {
            hosts.resize_with(host as usize + 1, HostPools::default);
        }
        hosts[host as usize] = HostPools { fleet, pools };
    }

    /// Opens the pools of a host whose application starts; returns whether each opens its minimum.
    pub(super) fn open_pools(&mut self, host: u32, flow: &mut Flow) -> bool {
        let fleet = self.pools.of(host).fleet;
        for pool in &self.fleets[fleet].pools {
            if self.pools.proxies[pool.database.index()].is_some() {
                continue;
            }
            let lacking = self.each[pool.database.index()].lacks(pool);
            if lacking != Lacking::default() {
                self.cannot_start(host, pool.database.index(), lacking, flow);
                return false;
            }
        }
        for pool in 0..self.fleets[fleet].pools.len() {
            self.fill_pool(host, pool, true, flow);
            self.begin_adders(host, pool, flow);
        }
        let open = &mut self.pools.open;
        open.resize_with(open.len().max(fleet + 1), BTreeSet::new);
        open[fleet].insert(host);
        true
    }

    /// A node refuses connections that a pool must have, or is lost: the application ends. Reported once for each host.
    fn cannot_start(&mut self, host: u32, database: usize, lacking: Lacking, flow: &mut Flow) {
        self.each[database].refused += u64::from(lacking.refused);
        let state = &mut flow.hosts[host as usize];
        if !std::mem::replace(&mut state.failed_start, true) {
            let (fleet, database) = (&self.fleets[state.group].name, &self.settings[database].name);
            // Readers go to the writer while there is no replica: where nothing answers, that is lost.
            let why = match lacking.refused {
                0 => format!("the writer of `{database}` is lost"),
                _ => format!("`{database}` refuses its connections"),
            };
            let text = format!("an application cannot start: {why}");
            flow.incident(id::Kind::Fleet, fleet, text);
        }
    }

    /// Opens the missing connections of a pool, as far as the limits of the nodes allow.
    fn fill_pool(&mut self, host: u32, index: usize, count_refused: bool, flow: &mut Flow) {
        let state = self.pools.of(host);
        let settings = &self.fleets[state.fleet].pools[index];
        let pool = &mut state.pools[index];
        let database = settings.database.index();
        // One that grows has what it keeps at the start of a run, and else begins with what it must have.
        let first = |size: u32| match (&settings.growth, flow.now) {
            (None, _) => size,
            (Some(_), 0) => settings.kept(size).max(settings.minimum.min(size)),
            (Some(_), _) => settings.minimum.min(size),
        };
        let (writer, reader) = (first(settings.writer), first(settings.reader));
        let to_proxy = self.settings[database].proxy.is_some();
        let refused = match to_proxy {
            true => {
                pool.fill_to_proxy((writer, reader));
                0
            }
            false => pool.fill((writer, reader), &mut self.each[database].nodes),
        };
        let (writer, reader) = (pool.writer, pool.reader);
        let [to_writer, to_readers] = pool.sides();
        pool.changed(flow.now);
        if count_refused && refused > 0 {
            self.each[database].refused += u64::from(refused);
            let name = &self.settings[database].name;
            flow.incident(id::Kind::Database, name, format!("too many connections: {refused} refused"));
        }
        self.resize(writer, to_writer, flow);
        self.resize(reader, to_readers, flow);
        if to_proxy {
            self.pin(database, flow);
        }
    }

    /// A host is lost: it opens no connections any more. Those that it has stay open until it is gone: nobody closes them.
    pub(super) fn forget_pools(&mut self, host: u32, flow: &mut Flow) {
        self.end_adders(host, flow);
        let fleet = flow.hosts[host as usize].group;
        if let Some(open) = self.pools.open.get_mut(fleet) {
            open.remove(&host);
        }
    }

    /// Closes the pools of a host that is gone; pools with missing connections get them.
    pub(super) fn close_pools(&mut self, host: u32, flow: &mut Flow) {
        self.end_adders(host, flow);
        let state = &mut self.pools.hosts[host as usize];
        for (pool, settings) in state.pools.iter_mut().zip(&self.fleets[state.fleet].pools) {
            let database = settings.database.index();
            let nodes = &mut self.each[database].nodes;
            for (place, open) in pool.open.iter_mut().enumerate() {
                let (node, open) = (if place < nodes.len() { place } else { 0 }, std::mem::take(open));
                nodes[node].open -= if self.pools.proxies[database].is_some() { 0 } else { open };
            }
            pool.changed(flow.now);
        }
        if let Some(open) = self.pools.open.get_mut(state.fleet) {
            open.remove(&host);
        }
        self.fill_pools(flow);
    }

    /// Pools with missing connections get them, as far as the nodes allow.
    pub(super) fn fill_pools(&mut self, flow: &mut Flow) {
        for fleet in 0..self.pools.open.len() {
            for other in self.pools.open[fleet].clone() {
                for pool in 0..self.fleets[fleet].pools.len() {
                    if self.fleets[fleet].pools[pool].growth.is_none() {
                        self.fill_pool(other, pool, false, flow);
                    }
                }
            }
        }
        for database in 0..self.each.len() {
            self.pin(database, flow);
        }
        self.regrow(flow);
    }

    /// Every connection to a node breaks.
    pub(super) fn break_connections(&mut self, database: usize, node: usize, flow: &mut Flow) {
        let nodes = self.each[database].nodes.len();
        let hosts = match self.pools.proxies[database] {
            Some(_) => &mut [][..],
            None => &mut self.pools.hosts[..],
        };
        for host in hosts {
            for (pool, settings) in host.pools.iter_mut().zip(&self.fleets[host.fleet].pools) {
                if settings.database.index() != database {
                    continue;
                }
                pool.break_off(node, nodes, flow.now);
                let [to_writer, to_readers] = pool.sides();
                flow.resize(pool.writer, to_writer);
                flow.resize(pool.reader, to_readers);
            }
        }
        self.break_proxied(database, node, flow);
        let node = &mut self.each[database].nodes[node];
        node.open = 0;
        node.breaks += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(pool: &mut Pool, count: usize) -> Vec<u32> {
        (0..count).map(|_| pool.next_replica()).collect()
    }

    /// Three replicas are the nodes 1 to 3.
    #[test]
    fn the_turns_of_replicas_begin_with_the_first_and_keep_their_place() {
        let mut pool = Pool::new(0, 1, 4);
        pool.open = vec![1, 1, 1, 1];
        assert_eq!(nodes(&mut pool, 4), [1, 2, 3, 1]);
        // The replica whose turn it is loses its connections: the next one gets the turn, and the lost one comes again
        // in the next round.
        pool.open[2] = 0;
        assert_eq!(nodes(&mut pool, 2), [3, 1]);
        pool.open[2] = 1;
        assert_eq!(nodes(&mut pool, 2), [2, 3]);
        assert_eq!(pool.next_replica(), 1);
        // A request while no replica has a connection takes no turn.
        pool.open = vec![1, 0, 0, 0];
        nodes(&mut pool, 5);
        pool.open = vec![1, 1, 1, 1];
        assert_eq!(nodes(&mut pool, 3), [2, 3, 1]);
    }

    #[test]
    fn connections_count_for_as_long_as_they_are_open() {
        let mut pool = Pool::new(0, 1, 3);
        pool.open = vec![2, 1, 0];
        pool.changed(10);
        pool.open = vec![2, 1, 3];
        pool.changed(15);
        assert_eq!(pool.open_in_row(20), [20.0, 25.0]);
        pool.open = vec![0; 3];
        pool.changed(27);
        assert_eq!((pool.open_in_row(30), pool.open_in_row(40)), ([14.0, 28.0], [0.0, 0.0]));
    }
}

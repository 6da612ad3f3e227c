//! The pools of all hosts, and those of proxies.
//!
//! In: whose pool, which station. Out: the pool, and what is open, taken and busy in pools of a fleet or of a proxy.

use std::collections::{BTreeMap, BTreeSet};

use super::callers::Callers;
use super::growth::Owner;
use super::language::Database;
use super::pool::Pool;
use super::proxied::Proxied;
use super::waits::Waits;
use crate::flow::Flow;
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
    pub(super) hosts: Vec<HostPools>,
    /// For each fleet, the hosts whose pools are open.
    pub(super) open: Vec<BTreeSet<u32>>,
    /// Waits for connections.
    pub(super) waits: Waits,
    /// Of the stations of pools that let newcomers overtake: from the return of a connection until the one that was told of it
    /// asks again.
    pub(super) wakes: BTreeMap<u32, u64>,
    /// The proxy of each database that has one.
    pub(super) proxies: Vec<Option<Proxied>>,
    /// Groups of a host for each request, one of which could not start.
    pub(super) told: BTreeSet<usize>,
}

impl Pools {
    /// No pool yet.
    pub(super) fn new(fleets: &[Callers<'_>], databases: &[Database]) -> Pools {
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
    pub(super) fn clients_of(&self, database: usize, fleets: &[Callers<'_>]) -> [u32; 2] {
        let mut clients = [0; 2];
        for host in &self.hosts {
            for (pool, settings) in host.pools.iter().zip(fleets[host.fleet].pools) {
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
                Side::Reader | Side::Far => taken(pool.reader),
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
            Side::Reader | Side::Far => taken(pool.reader),
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

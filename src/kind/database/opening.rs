//! The pools of a host open and close with its application.
//!
//! In: hosts whose application starts, or that are gone. Out: connections that requests borrow. A pool opens its
//! connections when its application starts, if it does not grow. So scaling out takes connections from the
//! limit of a node; connections that the node refuses are missing from the pool.

use std::collections::BTreeSet;

use super::callers::Callers;
use super::model::{Databases, Timer};
use super::node::Lacking;
use super::pool::{Pool, SIDES, station};
use super::pools::HostPools;
use crate::flow::{Flow, number};
use crate::id;
use crate::kind::fleet::language::Order;

impl Databases<'_> {
    /// A new host: its pools exist, without connections.
    pub(super) fn add_host(&mut self, host: u32, flow: &mut Flow) {
        let fleet = flow.hosts[host as usize].group;
        let mut pools = Vec::new();
        for (index, settings) in self.fleets[fleet].pools.iter().enumerate() {
            let nodes = self.each[settings.database.index()].nodes.len();
            let stations = SIDES.map(|_| station(flow));
            for (side, station) in stations.into_iter().enumerate() {
                self.pools.waits.know(station, fleet, index, side);
                if let Order::Newcomers(wake) = settings.order {
                    self.pools.wakes.insert(station, wake.0);
                }
            }
            let adders = self.add_adders(host, fleet, index, stations);
            let to = self.aim(settings.database.index(), host, fleet);
            pools.push(Pool::new(stations[0], stations[1], nodes).to(to).with(adders));
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
        for pool in self.fleets[fleet].pools {
            if self.pools.proxies[pool.database.index()].is_some() {
                continue;
            }
            let to = self.aim(pool.database.index(), host, fleet);
            let lacking = self.each[pool.database.index()].lacks(pool, &to);
            if lacking != Lacking::default() {
                self.cannot_start(host, pool.database.index(), lacking, flow);
                return false;
            }
        }
        for pool in 0..self.fleets[fleet].pools.len() {
            self.fill_pool(host, pool, flow);
            self.begin_adders(host, pool, flow);
        }
        let open = &mut self.pools.open;
        open.resize_with(open.len().max(fleet + 1), BTreeSet::new);
        open[fleet].insert(host);
        true
    }

    /// A node refuses connections that a pool must have, or is lost: the application ends. Reported once for each host, or for the group if
    /// that has a host for each request.
    fn cannot_start(&mut self, host: u32, database: usize, lacking: Lacking, flow: &mut Flow) {
        self.each[database].refused += u64::from(lacking.refused);
        let state = &mut flow.hosts[host as usize];
        let (callers, group) = (self.fleets[state.group], state.group);
        let is_known = std::mem::replace(&mut state.failed_start, true);
        if is_known || callers.many() && !self.pools.told.insert(group) {
            return;
        }
        let Callers { of, name, .. } = callers;
        let database = &self.settings[database].name;
        // Readers go to the writer while there is no replica: where nothing answers, that is lost.
        let why = match lacking.refused {
            0 => format!("the writer of `{database}` is lost"),
            _ => format!("`{database}` refuses its connections"),
        };
        let what = if callers.many() { "an environment" } else { "an application" };
        flow.incident(of.0, name, format!("{what} cannot start: {why}"));
    }

    /// Opens the missing connections of a pool, as far as the limits of the nodes allow.
    fn fill_pool(&mut self, host: u32, index: usize, flow: &mut Flow) {
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
        // A pool asks again whenever another one closes; what it was refused then is no news.
        let more = refused.saturating_sub(std::mem::replace(&mut pool.refused, refused));
        if more > 0 {
            self.each[database].refused += u64::from(more);
            let name = &self.settings[database].name;
            flow.incident(id::Kind::Database, name, format!("too many connections: {more} refused"));
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
        for (pool, settings) in state.pools.iter_mut().zip(self.fleets[state.fleet].pools) {
            let database = settings.database.index();
            let nodes = &mut self.each[database].nodes;
            for place in 0..pool.open.len() {
                let (node, open) = (pool.node_of(place, nodes.len()), std::mem::take(&mut pool.open[place]));
                nodes[node].open -= if self.pools.proxies[database].is_some() { 0 } else { open };
            }
            pool.changed(flow.now);
            if pool.astray.take().is_some() {
                pool.leads = 0;
                flow.cancel(Timer::LooksUp { host, database: number(database) });
            }
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
                        self.fill_pool(other, pool, flow);
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
            for (pool, settings) in host.pools.iter_mut().zip(self.fleets[host.fleet].pools) {
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

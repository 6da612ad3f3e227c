//! Addresses that hosts keep: after a failover they go on to connect to the old writer until they look its name up again.
//!
//! In: another node that writes. Out: pools of which the writer's side is astray. While the old writer is lost, they get no connection;
//! once it is a replica, they get connections on which nothing can be written. When a host looks the name up, its pools close these
//! connections and open others to the new writer.

use super::model::{Databases, Timer};
use crate::dist::uniform;
use crate::flow::claims::Waiting;
use crate::flow::next::Next;
use crate::flow::{Flow, number};
use crate::measure::resource::Resource;
use crate::measure::stage::Cause;

impl Databases<'_> {
    /// Another node writes: each host that has the address of the old writer, a machine, keeps it for what is left of its time.
    pub(super) fn keep_addresses(&mut self, database: usize, old: u32, flow: &mut Flow) {
        let ttl = self.settings[database].takeover.dns_ttl.0;
        if ttl == 0 || self.settings[database].proxy.is_some() {
            return;
        }
        let forwards =
            self.settings[database].global.as_ref().is_some_and(|global| global.forwarding.is_some());
        for (fleet, hosts) in self.pools.open.iter().enumerate() {
            // Those that have a node which forwards their writes keep to their own Region.
            if forwards && self.is_in_one(database, self.regions[fleet]) {
                continue;
            }
            for &host in hosts {
                let pools = self.pools.hosts[host as usize].pools.iter_mut().zip(self.fleets[fleet].pools);
                let own = pools.filter(|(pool, it)| it.database.index() == database && pool.astray.is_none());
                let astray = own.map(|(pool, _)| pool.astray = Some(old)).count();
                if astray > 0 {
                    let left = uniform(&mut self.each[database].addresses) * ttl as f64;
                    let at = flow.now.saturating_add(left as u64);
                    flow.set(Timer::LooksUp { host, database: number(database) }, at);
                }
            }
        }
        self.lead(database, flow);
        self.note_addresses(database, flow);
    }

    /// Records how many hosts have an old address.
    fn note_addresses(&mut self, database: usize, flow: &mut Flow) {
        let has_old = |host: u32| {
            let host = &self.pools.hosts[host as usize];
            let pools = host.pools.iter().zip(self.fleets[host.fleet].pools);
            pools.into_iter().any(|(pool, it)| it.database.index() == database && pool.astray.is_some())
        };
        let hosts = self.pools.open.iter().flatten().filter(|host| has_old(**host)).count();
        flow.note_lost(Resource::OldAddresses { database }, None, number(hosts));
    }

    /// Nodes are lost, are back or have other roles: pools that are astray lead to where that machine is now.
    pub(super) fn lead(&mut self, database: usize, flow: &Flow) {
        let nodes = &self.each[database].nodes;
        let mut turned = Vec::new();
        for host in &mut self.pools.hosts {
            for (pool, settings) in host.pools.iter_mut().zip(self.fleets[host.fleet].pools) {
                if settings.database.index() == database && pool.astray.is_some() {
                    let leads = pool.writer_node(nodes).unwrap_or(0);
                    if std::mem::replace(&mut pool.leads, number(leads)) != pool.leads {
                        turned.push((pool.writer, pool.leads));
                    }
                }
            }
        }
        turned.into_iter().for_each(|(station, node)| self.turn(station, node, flow));
    }

    /// Those who wait for a connection of a pool will get one to another node.
    pub(super) fn turn(&mut self, station: u32, node: u32, flow: &Flow) {
        for id in 0..flow.attempts.len() as u32 {
            if flow.attempts.claims(id).waiting == Waiting::Station(station)
                && self.sessions.of(id).connection == station
            {
                self.sessions.of_mut(id).node = number(node as usize);
            }
        }
    }

    /// A host looks the address of the writer up.
    pub(super) fn look_up(&mut self, host: u32, database: usize, flow: &mut Flow) {
        let state = &mut self.pools.hosts[host as usize];
        let mut turned = Vec::new();
        for (pool, settings) in state.pools.iter_mut().zip(self.fleets[state.fleet].pools) {
            if settings.database.index() == database && pool.astray.take().is_some() {
                let old = std::mem::take(&mut pool.leads) as usize;
                if old > 0 {
                    self.each[database].nodes[old].open -= std::mem::take(&mut pool.open[0]);
                    pool.changed(flow.now);
                }
                turned.push((pool.writer, pool.open[0]));
            }
        }
        for (station, open) in turned {
            self.turn(station, 0, flow);
            self.resize(station, open, flow);
        }
        self.note_addresses(database, flow);
        self.fill_pools(flow);
    }

    /// A statement is to write: where the connection leads to a node that only reads, it is answered with an error.
    pub(super) fn writes(&mut self, id: u32, database: u16) -> Next {
        if self.sessions.of(id).node == 0 {
            return Next::Op;
        }
        self.each[usize::from(database)].read_only += 1;
        Next::Fail(Cause::DatabaseUnavailable)
    }
}

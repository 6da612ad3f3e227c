//! Callers in the Region that does not write, and the nodes there that they read at.
//!
//! In: where a caller is, and which Region writes. Out: the nodes to which its connections lead; when another Region writes, nodes that exchange their roles,
//! and pools that lead elsewhere. A database whose second Region nobody reads at has no such nodes. (Aurora user guide, "Using Amazon Aurora Global Database":
//! low-latency reads in secondary Regions.)

use std::ops::Range;

use super::aim::Aim;
use super::model::Databases;
use super::node::Node;
use super::presence::Did;
use crate::catalog::region::Region;
use crate::flow::claims::Waiting;
use crate::flow::{Flow, number};

impl Databases<'_> {
    /// Where the nodes in the Region that does not write are, before a run.
    pub(super) fn place_far(&mut self) {
        for (settings, state) in self.settings.iter().zip(&mut self.each) {
            for (index, node) in state.nodes[state.near..].iter_mut().enumerate() {
                node.place = settings.place_when(index, true, self.home);
            }
        }
    }

    /// Whether a caller is in the Region that does not write, and has nodes there.
    fn is_far(&self, database: usize, caller: Option<Region>) -> bool {
        let (settings, state) = (&self.settings[database], &self.each[database]);
        let is_there = state.region.as_ref().is_some_and(|region| !region.is_gone);
        is_there && caller.or(self.home) == settings.region_when(!state.abroad, self.home)
    }

    /// Whether a caller is in one of the two Regions.
    pub(super) fn is_in_one(&self, database: usize, caller: Option<Region>) -> bool {
        let settings = &self.settings[database];
        [false, true]
            .into_iter()
            .any(|abroad| caller.or(self.home) == settings.region_when(abroad, self.home))
    }

    /// Where the connections of a host lead.
    pub(super) fn aim(&self, database: usize, host: u32, fleet: usize) -> Aim {
        let (settings, state) = (&self.settings[database], &self.each[database]);
        let (near, all) = (state.near, state.nodes.len());
        if near == all {
            return Aim::at(all);
        }
        let caller = self.regions[fleet].or(self.home);
        let is_far = self.is_far(database, caller);
        let forwards = is_far && settings.global.as_ref().is_some_and(|global| global.forwarding.is_some());
        // Hosts take the nodes there in turn.
        let there: Vec<usize> = (near..all).filter(|node| !state.nodes[*node].lost).collect();
        let forwarder = there.get(host as usize % there.len().max(1)).copied().unwrap_or(near);
        let has_readers = settings.replicas > 0 || settings.reads_far(caller);
        Aim {
            writer: if forwards { number(forwarder) } else { 0 },
            readers: if is_far && has_readers { near..all } else { 1..near },
            has_readers,
        }
    }

    /// The nodes by which a caller without a pool reads.
    pub(super) fn readers_of_home(&self, database: usize) -> Range<usize> {
        let state = &self.each[database];
        let (near, all) = (state.near, state.nodes.len());
        if near < all && self.is_far(database, None) { near..all } else { 1..near }
    }

    /// Nodes are lost or back, or have other roles: connections are closed that are to lead elsewhere.
    pub(super) fn aim_pools(&mut self, database: usize, flow: &mut Flow) {
        if self.each[database].nodes.len() == self.each[database].near {
            return;
        }
        let mut turned = Vec::new();
        for host in 0..self.pools.hosts.len() {
            let fleet = self.pools.hosts[host].fleet;
            let to = self.aim(database, number(host), fleet);
            let nodes = &mut self.each[database].nodes;
            for (pool, it) in self.pools.hosts[host].pools.iter_mut().zip(self.fleets[fleet].pools) {
                if it.database.index() == database && pool.to != to {
                    pool.aim(to.clone(), nodes, flow.now);
                    let sides = pool.sides();
                    turned.push((pool.writer, pool.leads, sides[0]));
                    turned.push((pool.reader, number(to.readers.start), sides[1]));
                }
            }
        }
        for (station, node, open) in turned {
            self.turn(station, node, flow);
            self.resize(station, open, flow);
        }
    }

    /// The nodes of both Regions exchange their roles; the totals of each role go on.
    pub(super) fn exchange_regions(&mut self, database: usize, flow: &mut Flow) {
        let state = &mut self.each[database];
        let (near, all) = (state.near, state.nodes.len());
        if near == all {
            return;
        }
        let done = |nodes: &[Node]| {
            [0..1, 1..near, near..all].map(|role| nodes[role].iter().map(|node| node.work(flow)).sum::<f64>())
        };
        let cpu = |node: &Node| 100.0 * node.used(flow) / f64::from(node.vcpus);
        let (work, writer, peak) = (done(&state.nodes), cpu(&state.nodes[0]), state.nodes[0].peak);
        (0..near).for_each(|node| state.nodes.swap(node, near + node));
        for (before, (old, new)) in state.before.work.iter_mut().zip(work.into_iter().zip(done(&state.nodes)))
        {
            *before += old - new;
        }
        state.before.writer_cpu += writer - cpu(&state.nodes[0]);
        state.nodes[0].peak = peak;
        state.nodes.iter_mut().enumerate().for_each(|(index, node)| node.far = index >= near);
        // What was done in this row belongs to the role that each had: of the far ones first, by their new places.
        let did: Vec<Did> = state.nodes.iter_mut().map(|node| node.did_in_row(flow)).collect();
        state.presence.leave(&did[near..]);
        state.far_did = did[..near].iter().fold(state.far_did, |sum, did| sum.and(*did));
        let moved = |node: u16| match usize::from(node) {
            it if it < near => number(it + near),
            it if it < all => number(it - near),
            _ => node,
        };
        for id in 0..flow.attempts.len() as u32 {
            let session = self.sessions.of_mut(id);
            let waits = flow.attempts.claims(id).waiting == Waiting::Station(session.connection);
            if usize::from(session.database) == database && !waits {
                session.node = moved(session.node);
                let sent = self.forwarded.of_mut(id);
                sent.by = moved(sent.by);
            }
        }
    }
}

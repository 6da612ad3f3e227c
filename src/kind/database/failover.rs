//! Nodes and zones: what is lost with one, and which node takes over.
//!
//! In: zones that are lost and that are back. Out: connections that break, and another writer. Of Aurora a replica is promoted, or
//! a new writer is made in the same zone; of a database with `multi_az` a standby takes over; otherwise there is no writer until the zone
//! is back. (Aurora user guide, "High availability for Amazon Aurora"; Amazon RDS user guide, "Multi-AZ DB instance deployments" and
//! "Multi-AZ DB cluster deployments".)

use super::acus::Acus;
use super::model::{Databases, Timer};
use super::node::Node;
use super::replication::UNKNOWN;
use super::state::Database;
use super::struck::{NOWHERE, STANDBY};
use crate::catalog::zone::{Place, Zone};
use crate::flow::attempt::State;
use crate::flow::claims::Waiting;
use crate::flow::fact::{Fact, Sign};
use crate::flow::{Flow, NONE, number};
use crate::id;
use crate::measure::resource::{Node as Side, Resource};
use crate::measure::stage::Cause;
use crate::units::Time;

/// How nodes are lost.
#[derive(Clone, Copy, Debug)]
pub(super) enum Loss {
    /// With their zone.
    Zone(Zone),
    /// By themselves.
    Alone,
}

/// What takes over from a lost writer.
pub(super) enum Heir {
    /// A replica, by its number among the nodes.
    Replica(usize),
    /// The standby, and where it is.
    Standby(Place),
    /// A new writer in the place of the old one.
    New,
}

impl Databases<'_> {
    /// A zone is lost, and with it the nodes there.
    pub(super) fn zone_lost(&mut self, place: Place, flow: &mut Flow) {
        self.lost.push(place);
        for database in 0..self.each.len() {
            self.tend_region(database, flow);
            self.lose_nodes(database, |node| node.place == place, Loss::Zone(place.zone), flow);
        }
    }

    /// Nodes of a database are lost.
    pub(super) fn lose_nodes(
        &mut self,
        database: usize,
        which: impl Fn(&Node) -> bool,
        loss: Loss,
        flow: &mut Flow,
    ) {
        let had_writer = !self.each[database].nodes[0].lost;
        for node in 0..self.each[database].nodes.len() {
            let state = &mut self.each[database].nodes[node];
            if state.lost || !which(state) {
                continue;
            }
            state.lost = true;
            match node {
                0 => self.stop_shipping(database, flow),
                _ if node < self.each[database].near => {
                    self.each[database].replication.lose(node - 1, flow.now)
                }
                _ => {}
            }
            let what = self.what(database, node);
            let text = match loss {
                Loss::Zone(zone) => format!("{what} is lost with zone {zone}"),
                Loss::Alone => format!("{what} is lost"),
            };
            flow.incident(id::Kind::Database, &self.settings[database].name, text);
            self.break_off(database, node, flow);
        }
        if had_writer && self.each[database].nodes[0].lost && self.heir(database).is_none() {
            let text = match loss {
                Loss::Zone(_) => "nothing takes over from the writer: it waits for its zone",
                Loss::Alone => "nothing takes over from the writer until it is back",
            };
            flow.incident(id::Kind::Database, &self.settings[database].name, text.into());
        }
        self.fail_over(database, flow);
        self.aim_pools(database, flow);
        self.note_lost(database, flow);
    }

    /// What a node is.
    fn what(&self, database: usize, node: usize) -> &'static str {
        match node {
            0 => "the writer",
            node if node < self.each[database].near => "a replica",
            _ => "a node in the Region that does not write",
        }
    }

    /// Records which nodes are missing, and whether there is anything that can take over from the writer. While the old writer is lost, a
    /// replica that has taken over leaves its place among the replicas empty.
    pub(super) fn note_lost(&mut self, database: usize, flow: &mut Flow) {
        let state = &mut self.each[database];
        state.presence.note(&state.nodes[1..state.near], flow.now);
        let state = &self.each[database];
        let (writer, replicas) = self.each[database].nodes[..self.each[database].near].split_at(1);
        for (node, nodes) in [(Side::Writer, writer), (Side::Reader, replicas)] {
            let lost = nodes.iter().filter(|it| it.lost && (!it.absent || node == Side::Writer)).count();
            flow.note_lost(Resource::LostNodes { database, node }, None, number(lost));
        }
        let is_alone = writer[0].lost
            && !self.each[database].restarts(0)
            && self.each[database].promoting.is_none()
            && self.heir(database).is_none();
        flow.note_lost(Resource::Heirs { database }, None, is_alone.into());
        let is_told = state.told.is_some() || state.promoting.is_some();
        let is_there = !state.restarts(0) && !state.trouble.is_dead(writer[0].processor);
        let hands_over = writer[0].lost && is_told && is_there && !self.lost.contains(&writer[0].place);
        flow.note_lost(Resource::Handover { database }, None, hands_over.into());
        self.note_uploads(database, flow.now);
    }

    /// A failover begins if the writer is lost and there is something that can take over.
    pub(super) fn fail_over(&mut self, database: usize, flow: &mut Flow) {
        let (heir, anew) = match self.heir(database) {
            None => (false, false),
            Some(heir) => (true, matches!(heir, Heir::New)),
        };
        // A replica is there again before the new writer is made.
        if std::mem::replace(&mut self.each[database].anew, anew) && !anew && heir {
            self.each[database].fails_over = false;
        }
        let state = &mut self.each[database];
        let goes_on = state.fails_over || state.promoting.is_some();
        if state.nodes[0].lost && heir && !goes_on && !state.restarts(0) {
            state.fails_over = true;
            let (law, stream) = if anew { &mut state.recreate } else { &mut state.failover };
            let proxy = self.settings[database].proxy.as_ref();
            let span = law.time(stream);
            let span = proxy.map_or(span, |proxy| Time::from_secs_f64(span.as_secs_f64() * proxy.failover));
            let at = flow.now.saturating_add(span.0);
            flow.set(Timer::TakesOver { database: number(database) }, at);
        }
    }

    /// A zone is back, and with it the nodes there, with nothing in memory.
    pub(super) fn zone_back(&mut self, place: Place, flow: &mut Flow) {
        self.lost.retain(|lost| *lost != place);
        for database in 0..self.each.len() {
            self.bring_back(database, |node| node.place == place, flow);
            self.tend_region(database, flow);
            self.report_if_paired(database, flow);
        }
        self.fill_pools(flow);
    }

    /// Nodes of a database are back, unless something else keeps them lost.
    pub(super) fn bring_back(&mut self, database: usize, which: impl Fn(&Node) -> bool, flow: &mut Flow) {
        for node in 0..self.each[database].nodes.len() {
            let Database { nodes, trouble, restarting, region, .. } = &mut self.each[database];
            let state = &mut nodes[node];
            let is_kept = state.absent
                || self.lost.contains(&state.place)
                || state.far && region.as_ref().is_some_and(|region| region.is_gone)
                || !state.far && trouble.is_dead(state.processor)
                || restarting.iter().any(|it| it.0 == state.processor);
            if !state.lost || !which(state) || is_kept {
                continue;
            }
            state.start_cold();
            let text = format!("{} is back", self.what(database, node));
            flow.incident(id::Kind::Database, &self.settings[database].name, text);
            if node == 0 {
                self.call_off(database, flow);
            }
        }
        self.fail_over(database, flow);
        self.rejoin_replicas(database, flow);
        self.lead(database, flow);
        self.aim_pools(database, flow);
        self.note_lost(database, flow);
    }

    /// The writer is lost: what is under way to its replicas does not arrive. Those of a cluster have what was answered.
    pub(super) fn stop_shipping(&mut self, database: usize, flow: &Flow) {
        if !self.settings[database].promotes() {
            self.each[database].replication.stop_shipping(flow.now);
        }
    }

    /// Replicas that are not lost read the log again, if there is a writer that ships it; shared storage needs none.
    pub(super) fn rejoin_replicas(&mut self, database: usize, flow: &Flow) {
        let ships = self.settings[database].appliers().is_none() || !self.each[database].nodes[0].lost;
        let Database { nodes, replication, near, .. } = &mut self.each[database];
        for node in (1..*near).filter(|&node| ships && !nodes[node].lost) {
            replication.rejoin(node - 1, flow.now);
        }
    }

    /// What can take over from the writer of a database now.
    pub(super) fn heir(&self, database: usize) -> Option<Heir> {
        let (settings, state) = (&self.settings[database], &self.each[database]);
        let there = (1..state.near).filter(|&node| !state.nodes[node].lost);
        // Of those that apply a log, the one that will have done so first. Those that were added come last.
        let added = |node: usize| state.readers.as_ref().is_some_and(|it| it.has_added(&state.nodes[node]));
        let replica = there.min_by_key(|&node| (added(node), state.replication.applied_by(node - 1)));
        let is_there = |standby: &Place| !self.lost.contains(standby) && !state.trouble.is_dead(STANDBY);
        match replica.filter(|_| settings.promotes()) {
            Some(replica) => Some(Heir::Replica(replica)),
            // Of RDS that is all.
            None if !settings.engine.is_aurora() || state.standby.is_some_and(|it| is_there(&it)) => {
                state.standby.filter(is_there).map(Heir::Standby)
            }
            None => {
                let is_possible =
                    !self.lost.contains(&state.nodes[0].place) && !state.trouble.is_dead(NOWHERE);
                is_possible.then_some(Heir::New)
            }
        }
    }

    /// The time of a failover is over.
    pub(super) fn take_over(&mut self, database: usize, flow: &mut Flow) {
        let name = &self.settings[database].name;
        let heir = self.heir(database);
        // It applies the log that it has before it writes.
        if let Some(Heir::Replica(replica)) = heir
            && let by = self.each[database].replication.applied_by(replica - 1)
            && by > flow.now
            && by != UNKNOWN
        {
            return flow.set(Timer::TakesOver { database: number(database) }, by);
        }
        self.each[database].fails_over = false;
        let by = Sign::Failover { from: self.each[database].nodes[0].place, shard: 0 };
        flow.tell(Fact::Noticed { of: (id::Kind::Database, number(database)), by });
        match heir {
            None => {
                let text = "no node is left that could take over from the writer".into();
                flow.incident(id::Kind::Database, name, text);
                self.end_restart(database, 0, flow);
                self.fill_pools(flow);
            }
            Some(Heir::Replica(replica)) => {
                flow.incident(id::Kind::Database, name, "a replica takes over from the writer".into());
                // It restarts as the writer, so its readers lose their connections.
                self.each[database].promoted = Some(replica);
                self.break_off(database, replica, flow);
            }
            Some(Heir::Standby(place)) => {
                flow.incident(id::Kind::Database, name, "the standby takes over from the writer".into());
                self.leave_machine(database);
                self.end_told(database, flow);
                let state = &mut self.each[database];
                // They change places: where the writer was, the next standby is made when that zone is back.
                let writer = &mut state.nodes[0];
                state.standby = Some(std::mem::replace(&mut writer.place, place));
                writer.start_cold();
                self.rejoin_replicas(database, flow);
                self.keep_addresses(database, NOWHERE, flow);
                self.fill_pools(flow);
            }
            Some(Heir::New) => {
                flow.incident(
                    id::Kind::Database,
                    name,
                    "a new writer is made in place of the lost one".into(),
                );
                self.leave_for_good(database);
                self.end_told(database, flow);
                self.each[database].nodes[0].start_cold();
                self.rejoin_replicas(database, flow);
                self.keep_addresses(database, NOWHERE, flow);
                self.fill_pools(flow);
            }
        }
        self.note_lost(database, flow);
    }

    /// A replica and the writer exchange their roles; the totals of each role go on.
    fn promote(&mut self, database: usize, replica: usize, flow: &mut Flow) {
        let state = &mut self.each[database];
        let did = [0, replica].map(|node| state.nodes[node].did_in_row(flow));
        state.presence.exchange(replica - 1, did);
        let cpu = |node: &super::Node| 100.0 * node.used(flow) / f64::from(node.vcpus);
        let (old, new) = (&state.nodes[0], &state.nodes[replica]);
        let (moved, peak) = (old.work(flow) - new.work(flow), old.peak);
        state.before.writer_cpu += cpu(old) - cpu(new);
        state.before.work[0] += moved;
        state.before.work[1] -= moved;
        state.nodes.swap(0, replica);
        let nodes = [0, replica].into_iter();
        nodes.for_each(|node| state.nodes[node].acus.iter_mut().for_each(Acus::begin_anew));
        state.nodes[0].peak = peak;
        state.replication.exchange(replica - 1, flow.now);
        if state.nodes[replica].lost {
            state.replication.lose(replica - 1, flow.now);
        }
        let old = state.nodes[replica].processor;
        self.keep_addresses(database, old, flow);
        self.end_restart(database, replica, flow);
    }

    /// A failover is needed no more, whether it had begun or was told to.
    pub(super) fn call_off(&mut self, database: usize, flow: &mut Flow) {
        flow.cancel(Timer::TakesOver { database: number(database) });
        self.each[database].fails_over = false;
        self.end_told(database, flow);
    }

    /// A node is no part of it any more, if it was one: nobody has lost it, so nothing takes over.
    pub(super) fn cut_off(&mut self, database: usize, node: usize, flow: &mut Flow) {
        if !std::mem::replace(&mut self.each[database].nodes[node].lost, true) {
            self.break_off(database, node, flow);
        }
    }

    /// The connections to a node break.
    pub(super) fn break_off(&mut self, database: usize, node: usize, flow: &mut Flow) {
        self.break_connections(database, node, flow);
        self.lead(database, flow);
        let processor = self.each[database].nodes[node].processor;
        flow.tell(Fact::Severed { processor, cause: Cause::DatabaseUnavailable });
    }

    /// The attempts on connections to a node; what they hold there is free at once.
    pub(super) fn let_go_of(&mut self, processor: u32, flow: &mut Flow) -> Vec<u32> {
        let Some((database, node)) = self.node_by(processor) else { return Vec::new() };
        let is_there = |&id: &u32| {
            let session = self.sessions.of(id);
            matches!(flow.attempts[id].state, State::Active | State::Orphan | State::Errand)
                && session.connection != NONE
                && usize::from(session.database) == database
                && [session.node, self.forwarded.of(id).by].map(usize::from).contains(&node)
                && flow.attempts.claims(id).waiting != Waiting::Station(session.connection)
                && flow.attempts.claims(id).waiting != Waiting::Station(self.lent.of(id))
        };
        let attempts: Vec<u32> = (0..flow.attempts.len() as u32).filter(is_there).collect();
        for &id in &attempts {
            if flow.attempts.claims(id).waiting == Waiting::Nowhere {
                self.release_locks(id, flow);
                if self.settings[database].proxy.is_some() {
                    self.repay(id, flow);
                }
                self.give_back(id, flow);
            }
        }
        attempts
    }

    /// What was done on the connections to a node has failed: a replica that waits for that is promoted, and pools open
    /// connections to the nodes that are left.
    pub(super) fn severed(&mut self, processor: u32, flow: &mut Flow) {
        let Some((database, node)) = self.node_by(processor) else { return };
        if self.each[database].promoted == Some(node) {
            self.each[database].promoted = None;
            self.promote(database, node, flow);
            self.note_lost(database, flow);
        }
        self.fill_pools(flow);
    }

    fn node_by(&self, processor: u32) -> Option<(usize, usize)> {
        let place = |nodes: &[super::Node]| nodes.iter().position(|node| node.processor == processor);
        self.each.iter().enumerate().find_map(|(index, database)| Some((index, place(&database.nodes)?)))
    }

    /// The connection of an attempt leads elsewhere, because the node that it was to lead to was lost while it waited for it.
    #[cold]
    pub(super) fn another_node(&mut self, id: u32, database: u16) -> Option<u16> {
        let session = self.sessions.of(id);
        let Database { nodes, near, .. } = &self.each[usize::from(database)];
        if session.connection == NONE || session.node == 0 {
            return None;
        }
        // One that reads in the Region that does not write goes nowhere else.
        let is_far = usize::from(session.node) >= *near;
        let mut readers = if is_far { *near..nodes.len() } else { 1..*near };
        let replica = readers.find(|&node| !nodes[node].lost);
        let node = replica.or_else(|| (!is_far && !nodes[0].lost).then_some(0))?;
        self.sessions.of_mut(id).node = number(node);
        Some(number(node))
    }
}

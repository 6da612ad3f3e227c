//! A database that is told to fail over, and servers that crash and start again.
//!
//! In: that it is told, or that a server has ended. Out: connections that break; nodes that are back as soon as another one writes, or when
//! the server has started again. The page cache of Aurora is outside of the server and outlives it; of RDS it is lost. (Aurora user guide,
//! "Amazon Aurora storage and reliability", survivable page cache; on a failover the writer and the replica that takes over restart.)

use super::failover::Heir;
use super::model::{Databases, Timer};
use crate::flow::fact::{Fact, Member};
use crate::flow::{Flow, number};
use crate::id;

impl Databases<'_> {
    /// A database is told to let another node write: the writer stops until that one does.
    pub(super) fn switch_over(&mut self, database: usize, strike: u32, flow: &mut Flow) {
        let is_possible = !self.each[database].nodes[0].lost
            && matches!(self.heir(database), Some(Heir::Replica(_) | Heir::Standby(_)));
        if !is_possible {
            let text = "no failover: the writer is lost, or nothing can take over from it";
            flow.incident(id::Kind::Database, &self.settings[database].name, text.into());
            return flow.tell(Fact::Resumed { strike });
        }
        let state = &mut self.each[database];
        state.nodes[0].lost = true;
        state.told = Some(strike);
        self.stop_shipping(database, flow);
        let text = "the writer stops, so that another node takes over";
        flow.incident(id::Kind::Database, &self.settings[database].name, text.into());
        self.break_off(database, 0, flow);
        self.fail_over(database, flow);
        self.note_lost(database, flow);
    }

    /// A failover that was asked for is over: the old writer, which is this node now, has restarted.
    pub(super) fn end_restart(&mut self, database: usize, node: usize, flow: &mut Flow) {
        if self.end_told(database, flow) {
            self.wake_up(database, node, flow);
        }
    }

    /// Whether a failover was asked for: it is over now.
    pub(super) fn end_told(&mut self, database: usize, flow: &mut Flow) -> bool {
        let told = self.each[database].told.take();
        if let Some(strike) = told {
            flow.tell(Fact::Resumed { strike });
        }
        told.is_some()
    }

    /// The server of a node ends, and starts again.
    pub(super) fn crash(&mut self, database: usize, member: Member, strike: u32, flow: &mut Flow) {
        let nodes = &self.each[database].nodes;
        let node = match member {
            Member::Replica => (1..self.each[database].near).find(|&node| !nodes[node].lost),
            _ => Some(0).filter(|_| !nodes[0].lost),
        };
        let Some(node) = node else { return flow.tell(Fact::Resumed { strike }) };
        let state = &mut self.each[database];
        let processor = state.nodes[node].processor;
        state.nodes[node].lost = true;
        state.restarting.push((processor, strike));
        match node {
            0 => self.stop_shipping(database, flow),
            _ => state.replication.lose(node - 1, flow.now),
        }
        let state = &mut self.each[database];
        let span = state.recovery.0.time(&mut state.recovery.1);
        flow.set(Timer::Restarts { database: number(database), processor }, flow.now.saturating_add(span.0));
        self.break_off(database, node, flow);
        self.note_lost(database, flow);
    }

    /// A server that had ended has started again.
    pub(super) fn restarted(&mut self, database: usize, processor: u32, flow: &mut Flow) {
        let state = &mut self.each[database];
        for (_, strike) in state.restarting.extract_if(.., |(other, _)| *other == processor) {
            flow.tell(Fact::Resumed { strike });
        }
        let Some(node) = state.nodes.iter().position(|node| node.processor == processor) else { return };
        self.wake_up(database, node, flow);
        // Its machine may have been lost meanwhile.
        self.fail_over(database, flow);
        self.fill_pools(flow);
    }

    /// A node answers again, unless its machine is lost.
    fn wake_up(&mut self, database: usize, node: usize, flow: &mut Flow) {
        if self.each[database].nodes[node].absent {
            return;
        }
        let is_aurora = self.settings[database].engine.is_aurora();
        let state = &mut self.each[database];
        let it = &mut state.nodes[node];
        if self.lost.contains(&it.place) || state.trouble.is_dead(it.processor) {
            return;
        }
        match is_aurora {
            true => it.lost = false,
            false => it.start_cold(),
        }
        let what = if node == 0 { "the writer" } else { "a replica" };
        let text = format!("{what} is back after a restart");
        flow.incident(id::Kind::Database, &self.settings[database].name, text);
        self.rejoin_replicas(database, flow);
        self.lead(database, flow);
        self.note_lost(database, flow);
    }
}

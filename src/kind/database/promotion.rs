//! A read replica of RDS that is promoted by hand.
//!
//! In: that it is asked for. Out: the old writer is cut off; commits that the replica will never have are lost and counted; after the time of a promotion,
//! which includes its restart, the replica writes. MySQL stops its replication, so that what is in its log and not applied is lost; PostgreSQL applies that
//! first. Other replicas follow the old writer, and so get nothing any more. (Amazon RDS user guide, "Promoting a read replica to be a standalone DB
//! instance"; PostgreSQL manual, "Log-Shipping Standby Servers": what is in `pg_wal` is restored before a failover.) Hosts find the new writer as after a failover: when they look its name up, or when they start.

use super::corruption::on_replica;
use super::model::{Databases, Timer};
use super::struck::NOWHERE;
use crate::flow::fact::Fact;
use crate::flow::{Flow, number};
use crate::id::Kind;
use crate::number::things;

impl Databases<'_> {
    /// The replica that is least behind is to become the writer.
    pub(super) fn promote_by_hand(&mut self, database: usize, strike: u32, flow: &mut Flow) {
        let state = &mut self.each[database];
        let there = (1..state.nodes.len()).filter(|&node| !state.nodes[node].lost);
        let replica = there.min_by_key(|&node| state.replication.behind(node - 1, flow.now));
        let Some(node) = replica.filter(|_| state.promoting.is_none()) else {
            let text = "no promotion: there is no replica that could be promoted";
            flow.incident(Kind::Database, &self.settings[database].name, text.into());
            return flow.tell(Fact::Resumed { strike });
        };
        let applies_received = self.settings[database].engine.is_postgres();
        let lost = state.replication.cut_off(node - 1, applies_received, flow.now);
        state.lose(lost.commits, lost.since, lost.until);
        state.promoting = Some((state.nodes[node].processor, strike));
        // Nothing takes over from what is no part of it any more.
        state.standby = None;
        state.nodes[0].absent = true;
        let text = match lost.commits {
            0 if lost.applied_by > flow.now => {
                "a replica is promoted: it applies what it has received".into()
            }
            0 => "a replica is promoted: it has applied all commits".into(),
            lost => format!("a replica is promoted: {} lost", commits(lost)),
        };
        flow.incident(Kind::Database, &self.settings[database].name, text);
        self.leave_corruption(database, on_replica(node - 1, flow.now), flow);
        self.call_off(database, flow);
        self.cut_off(database, 0, flow);
        let (law, stream) = &mut self.each[database].promotion;
        let at = flow.now.saturating_add(law.time(stream).0).max(lost.applied_by);
        flow.set(Timer::Promoted { database: number(database) }, at);
        self.note_lost(database, flow);
    }

    /// The promotion is over, and the replica has restarted: its readers lose their connections, and it writes.
    pub(super) fn promoted(&mut self, database: usize, flow: &mut Flow) {
        let state = &mut self.each[database];
        let Some((processor, strike)) = state.promoting.take() else { return };
        flow.tell(Fact::Resumed { strike });
        if processor == NOWHERE {
            self.arrive_abroad(database, flow);
            return self.note_lost(database, flow);
        }
        let node = state.nodes.iter().position(|node| node.processor == processor && !node.lost);
        let text = match node {
            Some(_) => "the promoted replica writes",
            None => "the promoted replica is lost: there is no writer",
        };
        flow.incident(Kind::Database, &self.settings[database].name, text.into());
        if let Some(node) = node {
            self.each[database].promoted = Some(node);
            self.break_off(database, node, flow);
        }
        self.note_lost(database, flow);
    }
}

/// `12 commits that it had not applied are`.
fn commits(lost: u64) -> String {
    let are = if lost == 1 { "is" } else { "are" };
    format!("{} that it had not applied {are}", things(lost as f64, "commit"))
}

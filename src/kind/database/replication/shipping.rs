//! What ships the log to replicas: the writer, which may be lost, and a replica that is cut off from it.
//!
//! In: a writer or a replica that is lost or back, and a replica that is to write. Out: commits that arrive later, or never. What a replica of RDS has
//! received stays in its log; what was under way is shipped anew when the writer is back.

use super::{Kind, Pending, Replication, UNKNOWN};

/// Commits that were answered, and that the node which takes over has not got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    /// How many.
    pub commits: u64,
    /// When the first of them was.
    pub since: u64,
    /// When the old writer stopped.
    pub until: u64,
    /// When the node will have applied what it has received.
    pub applied_by: u64,
}

impl Replication {
    /// The writer is lost: what is under way to a replica does not arrive.
    pub fn stop_shipping(&mut self, now: u64) {
        self.stopped = self.stopped.or(Some(now));
        let Kind::Log { .. } = self.law else { return };
        for replica in self.replicas.iter_mut().filter(|it| !it.lost && !it.detached) {
            let under_way = replica.pending.iter_mut().rev().take_while(|it| it.received > now);
            under_way.for_each(|it| (it.received, it.visible) = (UNKNOWN, UNKNOWN));
            replica.appliers.forget(now);
            let applied = |it: &&Pending| it.visible != UNKNOWN;
            replica.last_end = replica.pending.iter().rev().find(applied).map_or(now, |it| it.visible);
        }
    }

    /// There is a writer again, and a replica that can read its log: whatever that lacks is shipped to it anew. One that was lost
    /// has forgotten what it had received. (MySQL reference manual, `relay_log_recovery`.)
    pub fn rejoin(&mut self, replica: usize, now: u64) {
        self.stopped = None;
        let replica = &mut self.replicas[replica];
        if replica.detached {
            return;
        }
        let was_lost = std::mem::take(&mut replica.lost);
        if was_lost {
            replica.last_end = now;
        }
        let Kind::Log { ship, apply, .. } = &self.law else { return };
        if replica.pending.back().is_none_or(|it| it.visible != UNKNOWN) {
            return;
        }
        let mut pending = std::mem::take(&mut replica.pending);
        for it in pending.iter_mut().filter(|it| it.visible == UNKNOWN) {
            let (received, end) = replica.apply(ship, apply, now);
            replica.last_end = replica.last_end.max(end);
            (it.received, it.visible) = (received, replica.last_end);
            self.worst = self.worst.max(it.visible - it.committed);
        }
        replica.pending = pending;
    }

    /// A replica is to be the writer of what it has: what it never will have. It may apply first what it has received. All others get nothing any
    /// more.
    pub fn cut_off(&mut self, replica: usize, applies_received: bool, now: u64) -> Lost {
        self.behind(replica, now);
        let pending = &mut self.replicas[replica].pending;
        let kept = match applies_received {
            true => pending.iter().take_while(|it| it.received <= now).count(),
            false => 0,
        };
        let lost = pending.split_off(kept);
        // How late they would have been, as the rows have said: what is lost is counted by itself.
        for it in &lost {
            self.lag.record(if it.visible == UNKNOWN { now } else { it.visible } - it.committed);
        }
        let applied_by = pending.back().map_or(now, |it| it.visible);
        for other in (0..self.replicas.len()).filter(|other| *other != replica) {
            self.lose(other, now);
            self.replicas[other].detached = true;
        }
        Lost {
            commits: lost.len() as u64,
            since: lost.front().map_or(now, |it| it.committed),
            until: self.stopped.unwrap_or(now),
            applied_by,
        }
    }
}

//! Commits that become durable together, or on a quorum of the storage.
//!
//! In: transactions that commit. Out: when each is durable. With `group_commit` one flush of the log is in progress at a time, and
//! whoever commits meanwhile waits for the next one, which is for all of them. With `quorum` a write goes to all copies of the storage,
//! and the slowest of those that it waits for decides. A database without either does not come here.

use super::language::durable::GroupCommit;
use super::log::FLUSH;
use super::model::{Databases, Timer};
use crate::dist::rounded;
use crate::flow::claims::Waiting;
use crate::flow::next::Next;
use crate::flow::{Flow, number};
use crate::kind::Kind;

impl Databases<'_> {
    /// A transaction commits.
    pub(super) fn harden(&mut self, id: u32, database: u16, flow: &mut Flow) -> Next {
        let state = &mut self.each[usize::from(database)];
        let factor = state.trouble.factor(state.nodes[0].processor);
        let Some(log) = &mut state.log else { return Next::Op };
        let Some(GroupCommit { delay, .. }) = log.group else {
            let span = log.send(flow.now).saturating_add(rounded(log.write() * factor));
            return flow.pass(span, id);
        };
        let (group, owner) = (log.join(id, flow.now, &mut flow.links), Kind::Database as u8);
        flow.attempts.claims_mut(id).waiting = Waiting::Queue { owner, place: database, item: FLUSH | group };
        if !log.is_busy {
            log.is_busy = true;
            self.gather(database, delay.0, flow);
        }
        Next::Wait
    }

    /// The next flush waits for more commits, or begins.
    fn gather(&mut self, database: u16, delay: u64, flow: &mut Flow) {
        match delay {
            0 => self.flush(database, flow),
            _ => flow.set(Timer::Flushes { database }, flow.now.saturating_add(delay)),
        }
    }

    /// A flush begins, for all that have committed.
    pub(super) fn flush(&mut self, database: u16, flow: &mut Flow) {
        let index = usize::from(database);
        let state = &mut self.each[index];
        let factor = state.trouble.factor(state.nodes[0].processor);
        let Some(log) = &mut state.log else { return };
        let count = log.groups[log.gathering as usize].len();
        if count == 0 {
            log.is_busy = false;
            return;
        }
        log.gathering = 1 - log.gathering;
        let each = log.group.map_or(0, |group| group.each.0) as f64 * f64::from(count);
        let work = rounded((log.write() + each) * factor);
        let span = self.ask_log(index, 0, count as f32, flow).saturating_add(work);
        if let Some(log) = &mut self.each[index].log {
            log.begin(flow.now, span, each * factor);
        }
        flow.set(Timer::Flushed { database }, flow.now.saturating_add(span));
    }

    /// A flush is over: its group is durable, and the next one is flushed.
    pub(super) fn flushed(&mut self, database: u16, flow: &mut Flow) {
        let Some(log) = &mut self.each[usize::from(database)].log else { return };
        let group: usize = number(1 - log.gathering as usize);
        while let Some(id) = log.groups[group].pop(&mut flow.links) {
            flow.grant(id);
        }
        match log.groups[log.gathering as usize].is_empty() {
            true => log.is_busy = false,
            false => {
                let delay = log.group.map_or(0, |group| group.delay.0);
                self.gather(database, delay, flow);
            }
        }
    }
}

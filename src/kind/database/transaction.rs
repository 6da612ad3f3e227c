//! Transactions: row locks until commit, deadlock detection, and commits.
//!
//! In: statements that lock rows, and commits. Out: attempts that wait for a row or fail; rows on their way to replicas.

use super::history::Writer;
use super::language::RowLocks;
use super::locks::Outcome;
use super::log::FLUSH;
use super::model::{Databases, Session, row_number};
use crate::dist::rounded;
use crate::flow::attempt::Attempt;
use crate::flow::attempt::Attempts;
use crate::flow::claims::Waiting;
use crate::flow::next::Next;
use crate::flow::{Flow, NONE};
use crate::kind::Kind;
use crate::measure::stage::Cause;
use crate::units::Time;

impl Databases<'_> {
    /// Locks a row until commit.
    pub(super) fn lock(&mut self, id: u32, database: u16, keys: u16, slot: u8, flow: &mut Flow) -> Next {
        let row = row_number(keys, flow.attempts.key(id, slot));
        let session = self.sessions.of_mut(id);
        session.database = database;
        let RowLocks { wait_timeout, deadlock_timeout, .. } = self.settings[usize::from(database)].row_locks;
        let state = &mut self.each[usize::from(database)];
        let attempts = &flow.attempts;
        // PostgreSQL does not look before it has waited.
        let search = |owner| match deadlock_timeout {
            None => lock_of(owner, database, attempts),
            Some(_) => None,
        };
        match state.locks.take(id, row, &mut session.locks, search, flow.now, &mut flow.links) {
            Outcome::Granted => Next::Op,
            Outcome::Waiting(lock) => {
                let owner = Kind::Database as u8;
                flow.attempts.claims_mut(id).waiting = Waiting::Queue { owner, place: database, item: lock };
                // Whichever is first: what is left of the other one is waited for later.
                if let Some(limit) = [wait_timeout, deadlock_timeout].into_iter().flatten().min() {
                    flow.wait_at_most(id, limit.0);
                }
                Next::Wait
            }
            Outcome::Deadlock => {
                state.deadlocks += 1;
                Next::Fail(Cause::Deadlock)
            }
        }
    }

    /// A wait for a lock has lasted for its timeout, or for that after which PostgreSQL looks, once, whether it is in a deadlock.
    pub(super) fn give_up_lock(&mut self, id: u32, database: u16, flow: &mut Flow) -> Option<Cause> {
        let waited = Time(flow.now - flow.attempts[id].since);
        let limit = self.settings[usize::from(database)].row_locks.wait_timeout;
        let state = &mut self.each[usize::from(database)];
        if limit.is_some_and(|limit| waited >= limit) {
            state.lock_timeouts += 1;
            return Some(Cause::LockTimeout);
        }
        let attempts = &flow.attempts;
        if state.locks.is_deadlocked(id, |attempt| lock_of(attempt, database, attempts)) {
            state.deadlocks += 1;
            return Some(Cause::Deadlock);
        }
        if let Some(limit) = limit {
            flow.wait_at_most(id, limit.0 - waited.0);
        }
        None
    }

    /// Deadlock detection walks the list of waiting transactions while the lock is held: the longer the queue, the
    /// longer the hold.
    pub(super) fn detect_deadlocks(&mut self, id: u32, database: u16, flow: &mut Flow) -> Next {
        let check = self.settings[usize::from(database)].row_locks.deadlock_check;
        let Session { locks: lock, node, .. } = self.sessions.of(id);
        let state = &mut self.each[usize::from(database)];
        let waiters = if lock == NONE { 0 } else { state.locks.waiters(lock) };
        if waiters == 0 || check == Time::ZERO {
            return Next::Op;
        }
        let node = &state.nodes[usize::from(node)];
        let (processor, search) = (node.processor, (check * u64::from(waiters)).0 as f64);
        state.locks.searches(lock, rounded(search / node.strength));
        flow.begin(processor, id, search);
        if self.contends {
            self.ease(database, flow);
        }
        Next::Wait
    }

    /// A transaction is durable: its locks are released, its rows go to the replicas.
    pub(super) fn commit(&mut self, id: u32, database: u16, rows: u32, count: u8, flow: &mut Flow) {
        let written = &self.written[rows as usize..][..usize::from(count)];
        let attempts = &flow.attempts;
        let rows = written.iter().map(|&(keys, slot)| row_number(keys, attempts.key(id, slot)));
        let state = &mut self.each[usize::from(database)];
        state.commits += 1;
        let mut is_sent = false;
        if let Some(region) = &mut state.region {
            region.commit(rows.clone(), Writer::of(id, &attempts[id]), flow.now);
            is_sent = !region.is_gone;
        }
        if let Some(backup) = &mut state.backup {
            backup.commit(flow.now);
        }
        state.replication.commit(rows, Writer::of(id, &attempts[id]), flow.now);
        if is_sent {
            self.send_log(database, flow);
        }
        self.release_locks(id, flow);
    }

    /// A write was committed of which another try may have been committed before, or may be after this one.
    pub(super) fn counts_twice(&mut self, id: u32, database: u16, place: u32, flow: &Flow) {
        let Attempt { ordinal, origin, .. } = flow.attempts[id];
        let state = &mut self.each[usize::from(database)];
        state.doubled_commits += u64::from(state.twice.commits((place, origin, ordinal), flow.now));
    }

    /// Releases every row lock that the attempt holds; the longest waiting attempt for each resumes.
    pub(super) fn release_locks(&mut self, id: u32, flow: &mut Flow) {
        let Session { database, locks: mut lock, .. } = self.sessions.of(id);
        if lock == NONE {
            return;
        }
        self.sessions.of_mut(id).locks = NONE;
        let locks = &mut self.each[usize::from(database)].locks;
        while lock != NONE {
            let (previous, next) = locks.release(lock, flow.now, &mut flow.links);
            if let Some(next) = next {
                let waited = flow.now - flow.attempts[next].since;
                locks.hand_over(lock, next, &mut self.sessions.of_mut(next).locks, waited);
                flow.grant(next);
            }
            lock = previous;
        }
    }
}

/// The lock of a database for which an attempt waits, if it does.
fn lock_of(attempt: u32, database: u16, attempts: &Attempts) -> Option<u32> {
    match attempts.claims(attempt).waiting {
        // Whoever waits in a line, or for a flush, waits for no lock.
        Waiting::Queue { owner, place, item }
            if (owner, place) == (Kind::Database as u8, database) && item < FLUSH =>
        {
            Some(item)
        }
        _ => None,
    }
}

//! Statements that wait in line before a hot row, and those that are done together.
//!
//! In: writes with `in_line` or `batch`. Out: one at a time asks for the lock of the row; with a batch, those behind it wait for its
//! commit, which is theirs too. A database without such writes does not come here.

use super::lines::LINE;
use super::model::{Databases, row_number};
use crate::flow::claims::Waiting;
use crate::flow::draws::DrawId;
use crate::flow::next::Next;
use crate::flow::{Flow, NONE};
use crate::kind::Kind;
use crate::measure::stage::Cause;

/// Marks the line of an attempt that is done with another one, which is inside.
const RIDES: u32 = 1 << 30;

impl Databases<'_> {
    /// A statement comes to the line of its row.
    pub(super) fn enter_line(
        &mut self,
        id: u32,
        (database, keys, slot): (u16, u16, u8),
        flow: &mut Flow,
    ) -> Next {
        let row = row_number(keys, flow.attempts.key(id, slot));
        let state = &mut self.each[usize::from(database)];
        let (line, enters) = state.lines.enter(id, row, &mut flow.links);
        self.sessions.of_mut(id).database = database;
        *self.in_line.of_mut(id) = line;
        if enters {
            return Next::Op;
        }
        state.locks.waits_outside(flow.now);
        flow.attempts.claims_mut(id).waiting =
            Waiting::Queue { owner: Kind::Database as u8, place: database, item: LINE | line };
        if let Some(limit) = self.settings[usize::from(database)].row_locks.wait_timeout {
            flow.wait_at_most(id, limit.0);
        }
        Next::Wait
    }

    /// The one inside has its lock: those that wait are done with it, as many as a batch has room for.
    pub(super) fn gather_riders(&mut self, id: u32, database: u16, batch: u16, flow: &mut Flow) {
        let (line, in_line) = (self.in_line.of(id), &mut self.in_line);
        let rides = |rider| *in_line.of_mut(rider) = line | RIDES;
        let state = &mut self.each[usize::from(database)];
        state.lines.gather(line, u32::from(batch) - 1, &mut flow.links, rides);
        let lock = self.sessions.of(id).locks;
        if lock != NONE {
            let served = 1.0 + state.lines.riders(line) as f32;
            state.locks.serves(lock, served / f32::from(batch));
        }
    }

    /// It executes their statements too.
    pub(super) fn execute_batch(&mut self, id: u32, database: u16, draw: DrawId, flow: &mut Flow) -> Next {
        let Some(processor) = self.count_statement(id, database, true) else {
            return Next::Fail(Cause::DatabaseUnavailable);
        };
        let state = &mut self.each[usize::from(database)];
        let riders = state.lines.riders(self.in_line.of(id));
        state.writes += u64::from(riders);
        let demand: f64 = (0..=riders).map(|_| flow.draws.of(draw).nanos()).sum();
        let factor = state.trouble.factor(processor);
        flow.begin(processor, id, demand * factor);
        if self.settings[usize::from(database)].contention.is_some() {
            self.ease(database, flow);
        }
        Next::Wait
    }

    /// The one inside has committed: those that rode with it are done too, and go on at the op `after` this; the next one enters.
    pub(super) fn exit_line(&mut self, id: u32, after: u32, flow: &mut Flow) {
        let line = self.in_line.of(id);
        let state = &mut self.each[usize::from(self.sessions.of(id).database)];
        while let Some(rider) = state.lines.arrived(line, &mut flow.links) {
            state.locks.comes_in(flow.now - flow.attempts[rider].since, flow.now);
            // It has had the lock, with the one inside.
            state.locks.taken += 1;
            *self.in_line.of_mut(rider) = NONE;
            flow.attempts[rider].next = after;
            flow.grant(rider);
        }
        self.leave_inside(id, flow);
    }

    /// The one inside leaves.
    fn leave_inside(&mut self, id: u32, flow: &mut Flow) {
        let line = std::mem::replace(self.in_line.of_mut(id), NONE);
        let in_line = &mut self.in_line;
        let state = &mut self.each[usize::from(self.sessions.of(id).database)];
        if let Some(next) = state.lines.exit(line, &mut flow.links, |rider| *in_line.of_mut(rider) = line) {
            state.locks.comes_in(flow.now - flow.attempts[next].since, flow.now);
            flow.grant(next);
        }
    }

    /// An attempt that is in a line ends early.
    pub(super) fn give_up_line(&mut self, id: u32, flow: &mut Flow) {
        let held = self.in_line.of(id);
        let Waiting::Queue { owner, place, item } = flow.attempts.claims(id).waiting else {
            return self.leave_inside(id, flow);
        };
        if owner != Kind::Database as u8 || item & LINE == 0 {
            return self.leave_inside(id, flow);
        }
        *self.in_line.of_mut(id) = NONE;
        let state = &mut self.each[usize::from(place)];
        state.locks.leaves_outside(flow.now);
        state.lines.leave(held & !RIDES, id, held & RIDES != 0, &mut flow.links);
    }
}

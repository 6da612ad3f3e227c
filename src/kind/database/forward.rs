//! Writes that a node in the Region that does not write forwards to the writer, and reads there that wait for what they must see.
//!
//! In: statements of callers there. Out: the way between the Regions for each of them that writes, and for the commit; a read that waits until what its request has
//! written is there, or all that is committed. (Aurora user guide, "Using write forwarding in an Amazon Aurora global database".)

use super::forwarded::NOWHERE;
use super::language::Consistency;
use super::model::Databases;
use crate::flow::Flow;
use crate::flow::next::Next;
use crate::measure::stage::Cause;

impl Databases<'_> {
    /// A statement that writes goes to the writer, or its answer back, if its connection leads to a node that forwards.
    pub(super) fn forward(&mut self, id: u32, database: u16, back: bool, flow: &mut Flow) -> Next {
        let index = usize::from(database);
        let (settings, state) = (&self.settings[index], &mut self.each[index]);
        let (session, sent) = (self.sessions.of_mut(id), self.forwarded.of_mut(id));
        match back {
            false if usize::from(session.node) < state.near => return Next::Op,
            false => (sent.by, session.node) = (session.node, 0),
            true if sent.by == NOWHERE => return Next::Op,
            true => {
                session.node = std::mem::replace(&mut sent.by, NOWHERE);
                if let Some(region) = &mut state.region {
                    sent.written = (flow.attempts[id].start, region.will_have(flow.now));
                }
            }
        }
        let regions = [false, true].map(|abroad| settings.region_when(abroad, self.home));
        match regions {
            [Some(one), Some(other)] => flow.pass(one.round_trip(other).0 / 2, id),
            _ => Next::Op,
        }
    }

    /// A read at such a node waits for what it must see. While a Region is lost nothing comes.
    pub(super) fn see(&self, id: u32, database: u16, flow: &mut Flow) -> Next {
        let index = usize::from(database);
        let forwarding = self.settings[index].global.as_ref().and_then(|global| global.forwarding);
        let state = &self.each[index];
        let (Some(consistency), Some(region)) = (forwarding, &state.region) else { return Next::Op };
        if usize::from(self.sessions.of(id).node) < state.near {
            return Next::Op;
        }
        let by = match consistency {
            Consistency::Eventual => return Next::Op,
            Consistency::Session => {
                let (start, by) = self.forwarded.of(id).written;
                if start == flow.attempts[id].start { by } else { 0 }
            }
            Consistency::Global => region.has_all_by,
        };
        let lacks = by > flow.now || consistency == Consistency::Global && region.lacks_some();
        match (lacks, region.is_cut()) {
            (false, _) => Next::Op,
            (true, true) => Next::Fail(Cause::DatabaseUnavailable),
            (true, false) => flow.pass(by.saturating_sub(flow.now), id),
        }
    }
}

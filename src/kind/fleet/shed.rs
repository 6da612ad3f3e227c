//! Load shedding: an instance turns requests away that come when it has too many, or that have waited too long for a thread.
//!
//! In: attempts before and after they take a thread. Out: the same, or their failure. Only a fleet that asks for it has these
//! steps.

use super::model::Fleets;
use crate::flow::Flow;
use crate::flow::next::Next;
use crate::measure::resource::Resource;
use crate::measure::stage::Cause;

impl Fleets<'_> {
    /// An attempt has come to the host of a tier, and has not asked for a thread yet.
    pub(super) fn admit(&mut self, id: u32, tier: u8, flow: &mut Flow) -> Next {
        let host = &flow.hosts[flow.attempts.tier(id, tier).instance as usize];
        *self.came.of_mut(id) = flow.now;
        let most = self.settings[host.group].shed.and_then(|shed| shed.concurrency);
        match most.is_some_and(|most| host.inside > most) {
            true => shed(host.group, flow),
            false => Next::Op,
        }
    }

    /// It has its thread.
    pub(super) fn admitted(&mut self, id: u32, tier: u8, flow: &mut Flow) -> Next {
        let host = &flow.hosts[flow.attempts.tier(id, tier).instance as usize];
        let longest = self.settings[host.group].shed.and_then(|shed| shed.queue_time);
        match longest.is_some_and(|longest| flow.now - self.came.of(id) > longest.0) {
            true => shed(host.group, flow),
            false => Next::Op,
        }
    }
}

fn shed(fleet: usize, flow: &mut Flow) -> Next {
    flow.note_happened(Resource::Shed { fleet }, 1);
    Next::Fail(Cause::Shed)
}

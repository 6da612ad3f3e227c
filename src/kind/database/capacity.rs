//! Aurora Serverless v2: the capacity of each node follows its CPU.
//!
//! In: once a second, how busy each node was. Out: a larger or smaller capacity: it has more or fewer cores, or faster or slower ones, and what it
//! costs goes with it. The first replica has at least the capacity of the writer, as readers of the promotion tiers 0 and 1 do. (Aurora user guide, "How
//! Aurora Serverless v2 works".)

use super::acus::SECOND;
use super::model::{Databases, Timer};
use crate::flow::{Flow, number};

impl Databases<'_> {
    /// The first second of each such database begins.
    pub(super) fn begin_capacities(&mut self, flow: &mut Flow) {
        for (database, settings) in self.settings.iter().enumerate() {
            if settings.serverless.is_some() {
                flow.set(Timer::Second { database: number(database) }, flow.now.saturating_add(SECOND));
            }
        }
    }

    /// A second is over.
    pub(super) fn measure(&mut self, database: usize, flow: &mut Flow) {
        let Some(settings) = &self.settings[database].serverless else { return };
        flow.set(Timer::Second { database: number(database) }, flow.now.saturating_add(SECOND));
        let state = &mut self.each[database];
        state.pass_capacity(flow.now);
        let mut writer = 0;
        for (place, node) in state.nodes.iter_mut().enumerate().filter(|(_, node)| !node.absent) {
            let busy = flow.processors[node.processor as usize].busy_area(flow.now);
            let Some(acus) = &mut node.acus else { continue };
            let used = acus.end_second(busy);
            let mut halves = acus.next(used, settings, flow.now);
            match place {
                0 => writer = halves,
                1 => halves = halves.max(writer),
                _ => {}
            }
            if halves != acus.halves {
                acus.set(halves);
                flow.set_cores(node.processor, acus.cores, acus.strength);
            }
        }
    }
}

impl super::state::Database {
    /// Counts what its nodes had up to now.
    pub(super) fn pass_capacity(&mut self, now: u64) {
        let present = self.nodes.iter().enumerate().filter(|(_, node)| !node.absent);
        let halves = present.filter_map(|(place, node)| Some((place, node.acus?.halves)));
        self.consumed.pass(halves, now);
    }
}

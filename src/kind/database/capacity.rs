//! Aurora Serverless v2: the capacity of each node follows its CPU.
//!
//! In: once a second, how busy each node was. Out: a larger or smaller capacity: its cores become faster or slower, and what it costs goes
//! with it. The first replica has at least the capacity of the writer, as readers of the promotion tiers 0 and 1 do. (Aurora user guide, "How
//! Aurora Serverless v2 works".)

use super::model::{Databases, Timer};
use super::paced::SECOND;
use crate::flow::{Flow, number};

impl Databases<'_> {
    /// The nodes of each such database begin with their least capacity.
    pub(super) fn begin_capacities(&mut self, flow: &mut Flow) {
        for (database, state) in self.each.iter().enumerate() {
            for node in &state.nodes {
                if let Some(paced) = &node.paced {
                    flow.set_speed(node.processor, node.strength * paced.part);
                }
            }
            if self.settings[database].serverless.is_some() {
                flow.set(Timer::Second { database: number(database) }, flow.now.saturating_add(SECOND));
            }
        }
    }

    /// A second is over.
    pub(super) fn measure(&mut self, database: usize, flow: &mut Flow) {
        let Some(settings) = &self.settings[database].serverless else { return };
        flow.set(Timer::Second { database: number(database) }, flow.now.saturating_add(SECOND));
        let state = &mut self.each[database];
        state.consumed.in_row[2] += 1;
        let mut writer = 0;
        for (place, node) in state.nodes.iter_mut().enumerate().filter(|(_, node)| !node.absent) {
            let busy = flow.processors[node.processor as usize].busy_area(flow.now);
            let Some(paced) = &mut node.paced else { continue };
            state.consumed.halves += u64::from(paced.halves);
            state.consumed.in_row[place.min(1)] += u64::from(paced.halves);
            let used = (busy - paced.busy) / (SECOND as f64 * f64::from(node.vcpus));
            (paced.done, paced.busy) = (paced.done(busy), busy);
            let mut halves = paced.next(used, settings, flow.now);
            match place {
                0 => writer = halves,
                1 => halves = halves.max(writer),
                _ => {}
            }
            if halves != paced.halves {
                paced.halves = halves;
                paced.part = f64::from(halves) / (2.0 * settings.max);
                flow.set_speed(node.processor, node.strength * paced.part);
            }
        }
    }
}

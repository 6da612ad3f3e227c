//! Statements that run at once slow each other down.
//!
//! In: jobs that begin and end on the nodes of a database with `contention`. Out: the speed of its cores, by how many run there. A
//! database without it does not come here.

use super::model::{Databases, Timer};
use crate::flow::{Flow, number};

impl Databases<'_> {
    /// Jobs have begun or ended on nodes of a database: its cores have another speed.
    #[inline(never)]
    pub(super) fn ease(&mut self, database: u16, flow: &mut Flow) {
        for node in &mut self.each[usize::from(database)].nodes {
            let Some(pace) = &mut node.pace else { continue };
            let processor = &flow.processors[node.processor as usize];
            let (running, busy) = (processor.jobs(), processor.busy_area(flow.now));
            if let Some(speed) = pace.settle(running, busy, node.strength) {
                flow.set_speed(node.processor, speed);
            }
        }
    }

    /// An attempt ends early. Its job, if it has one, is called off after this: so the speed is set at the end of the instant.
    pub(super) fn ease_soon(&mut self, flow: &mut Flow) {
        let contended = self.settings.iter().enumerate().filter(|(_, it)| it.contention.is_some());
        for (database, _) in contended {
            flow.set(Timer::Eases { database: number(database) }, flow.now);
        }
    }
}

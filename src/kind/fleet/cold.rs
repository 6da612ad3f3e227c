//! Applications that have just started: slower, for the same CPU time, until they are warm.
//!
//! In: an application that answers for the first time. Out: the pace of its host, which grows in small steps. What it takes is
//! CPU that policies see, unlike what is withheld from an instance without credits.

use super::model::{Fleets, Timer};
use crate::flow::Flow;

/// Steps in which an application gets warm: each is a fiftieth of the way.
const STEPS: u64 = 50;

impl Fleets<'_> {
    /// The application of an instance answers for the first time, if it was launched or has crashed.
    pub(super) fn begin_cold(&mut self, instance: u32, flow: &mut Flow) {
        let host = &flow.hosts[instance as usize];
        let is_new = !host.seasoned || self.instances[instance as usize].restarted.is_some();
        if is_new && self.settings[host.group].cold.is_some() {
            self.warm_up(instance, flow);
        }
    }

    /// One step on the way to a warm application.
    pub(super) fn warm_up(&mut self, instance: u32, flow: &mut Flow) {
        let host = &flow.hosts[instance as usize];
        let fleet = host.group;
        let Some(cold) = self.settings[fleet].cold.filter(|_| host.ended == u64::MAX) else {
            return self.note_cold(fleet, flow);
        };
        let began = self.instances[instance as usize].restarted.unwrap_or(host.running);
        let (since, all) = (flow.now - began.min(flow.now), cold.lasts.0);
        if since >= all {
            self.set_warmth(instance, 1.0, flow);
            return self.note_cold(fleet, flow);
        }
        // Each step has the mean of its time.
        let step = all.div_ceil(STEPS);
        let middle = (since + step / 2).min(all);
        let warmth = cold.speed + (1.0 - cold.speed) * middle as f64 / all as f64;
        self.set_warmth(instance, warmth, flow);
        self.note_cold(fleet, flow);
        flow.set(Timer::Warms { instance }, flow.now + step.min(all - since));
    }
}

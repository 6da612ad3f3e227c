//! In which zone a request was. In: a request that has ended. Out: the zone of the outermost instance of its last attempt, counted.
//!
//! Nothing is counted where all instances are in one zone.

use super::World;
use crate::measure::zones::Zones;
use crate::scenario::Scenario;

/// What there is to count: nothing unless the fleets of a scenario are in several zones.
pub(super) fn counted(scenario: &Scenario) -> Option<Box<Zones>> {
    (!scenario.zones().is_empty()).then(Box::default)
}

impl World<'_> {
    /// A request was answered. It counts at the host, whose zone is looked up at the end: nearly every request comes here.
    #[inline(always)]
    pub(super) fn completes_in_zone(&mut self, id: u32) {
        if self.flow.recorder.zones.is_some() {
            // No host has the number that stands for none.
            let instance = self.flow.attempts.tier(id, 0).instance as usize;
            if let Some(host) = self.flow.hosts.get_mut(instance) {
                host.answered += 1;
            }
        }
    }

    /// A request has failed.
    pub(super) fn fails_in_zone(&mut self, id: u32) {
        if let Some(zones) = &mut self.flow.recorder.zones {
            let host = self.flow.hosts.get(self.flow.attempts.tier(id, 0).instance as usize);
            zones.failed(host.map(|host| host.place.zone), 1);
        }
    }

    /// Counts by zone what was answered in the run.
    pub(super) fn sum_zones(&mut self) {
        let answered = self.flow.recorder.requests().completed;
        if let Some(zones) = &mut self.flow.recorder.zones {
            let mut nowhere = answered;
            for host in &self.flow.hosts {
                zones.completed(Some(host.place.zone), host.answered);
                nowhere -= host.answered;
            }
            zones.completed(None, nowhere);
        }
    }
}

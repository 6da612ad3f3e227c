//! In which zone a request was. In: a request that has ended. Out: the zone of the outermost instance of its last attempt, counted.
//!
//! Nothing is counted where zones are not told apart: it would cost each request some twenty instructions.

use super::World;
use crate::measure::zones::Zones;
use crate::scenario::Scenario;

/// What there is to count: nothing unless the fleets of a scenario are in several zones which are told apart.
pub(super) fn counted(scenario: &Scenario) -> Option<Box<Zones>> {
    (!scenario.zones().is_empty()).then(Box::default)
}

impl World<'_> {
    /// A request has ended. Apart from the code of every request, which needs it seldom.
    #[inline(never)]
    pub(super) fn ends_in_zone(&mut self, id: u32, answered: bool) {
        if let Some(zones) = &mut self.flow.recorder.zones {
            // No host has the number that stands for none.
            let host = self.flow.hosts.get(self.flow.attempts.tier(id, 0).instance as usize);
            // What is of a Region as a whole is in none of its zones.
            let zone = host.map(|host| host.place.zone).filter(|zone| !zone.is_whole());
            zones.ended(zone, answered);
        }
    }
}

//! What kinds see of a run that has ended. In: a scenario and what was recorded. Out: a [`Scene`].

use crate::kind::view::Scene;
use crate::measure::timeline::Timeline;
use crate::measure::totals::FleetTotals;
use crate::scenario::Scenario;

pub(super) fn scene<'a>(
    scenario: &'a Scenario,
    timeline: &'a Timeline,
    fleet_totals: &'a [FleetTotals],
) -> Scene<'a> {
    Scene {
        balancers: &scenario.balancers,
        fleets: &scenario.fleets,
        caches: &scenario.caches,
        databases: &scenario.databases,
        services: &scenario.services,
        duration: scenario.duration,
        timeline,
        fleet_totals,
    }
}

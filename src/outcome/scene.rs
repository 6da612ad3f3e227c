//! What kinds see of a run that has ended. In: a scenario and what was recorded. Out: a [`Scene`].

use super::Timeline;
use crate::kind::Scene;
use crate::kind::Totals;
use crate::scenario::Scenario;

pub(super) fn scene<'a>(
    scenario: &'a Scenario,
    timeline: &'a Timeline,
    totals: Option<&'a Totals>,
) -> Scene<'a> {
    Scene { settings: &scenario.kinds, duration: scenario.duration, timeline, totals }
}

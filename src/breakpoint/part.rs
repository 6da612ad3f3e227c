//! How much of the event each multiple has to run. In: the runs of the whole event at ×1. Out: an instant, if what comes after it is a
//! large part of the requests and nothing came near a limit there.
//!
//! Runs begin where the event does: the state in which the peak finds the system (fleets, caches, credits, backlogs) is that of this
//! multiple, and no guess. What is cut off is the end.

use crate::language::shape::Given;
use crate::outcome::Outcome;
use crate::scenario::Scenario;
use crate::scenario::objective::Bound;
use crate::units::Time;

/// Most of the requests that may be left: 70 %.
const MOST_LEFT: Given<f64> =
    Given::new(0.7, "assumption: for less than a third of the time the whole event is the better answer");
/// Part of the event that is run after the last instant of interest, so that what begins there is seen.
const AFTER: f64 = 0.1;
/// Longest time that is run after it: five minutes.
const AFTER_AT_MOST: Given<f64> = Given::new(
    300.0,
    "assumption: what the peak has filled has been full for some minutes then; how long it takes to recover is no part of the question",
);
/// The peak lasts as long as the traffic has this part of its highest.
const PEAK: f64 = 0.95;

/// When the runs of the other multiples of a long event may end; nothing where the whole event is needed.
pub(super) fn end(scenario: &Scenario, outcome: &Outcome, up_to: f64) -> Option<Time> {
    // A bill is that of the whole event, and the goodput of users is judged by their number in all of it.
    let bounds_cost = scenario.objectives.iter().any(|it| matches!(it.bound, Bound::Cost { .. }));
    if bounds_cost || scenario.has_users() {
        return None;
    }
    let timeline = &outcome.timeline;
    let after =
        last_of_interest(outcome, up_to) + (AFTER * outcome.scenario.duration_s).min(AFTER_AT_MOST.value);
    let row = timeline.time_s.iter().position(|start| *start >= after)?;
    let requests: f64 = timeline.offered.iter().sum();
    let left: f64 = timeline.offered[..row].iter().sum();
    (left <= MOST_LEFT.value * requests).then(|| Time::from_secs_f64(timeline.time_s[row]))
}

/// The last instant at which a resource that may fill was at its busiest, traffic near its highest, something struck, or a trouble lasted.
fn last_of_interest(outcome: &Outcome, up_to: f64) -> f64 {
    let may_fill = outcome.headroom.iter().filter(|it| it.limit().is_some_and(|limit| limit < up_to));
    let busiest = may_fill.map(|it| {
        let largest = it.at_maximum.filter(|_| !it.saturated && it.of.follows_traffic());
        let load = largest.unwrap_or(it.as_it_stood);
        load.until_s.unwrap_or(load.at_s)
    });
    let timeline = &outcome.timeline;
    let highest = timeline.offered.iter().copied().fold(0.0, f64::max);
    let peak = timeline.offered.iter().rposition(|offered| *offered >= PEAK * highest);
    let peak = peak.map(|row| timeline.time_s[row]);
    let troubles = outcome.phases.iter().filter(|phase| phase.trouble).map(|phase| phase.to_s);
    let struck = outcome.faults.iter().map(|strike| strike.at_s);
    let deployed = outcome.deployments.iter().map(|it| it.at_s);
    busiest.chain(peak).chain(troubles).chain(struck).chain(deployed).fold(0.0, f64::max)
}

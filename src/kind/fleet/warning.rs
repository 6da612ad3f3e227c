//! What is rarely intended of a fleet: too small or too slow to boot, policies that cannot do what they are there for.
//!
//! In: the traffic that is expected, or the rows of runs. Out: warnings.

mod boot;
mod containers;
mod credits;
mod demand;
mod held;
mod policies;
mod seen;
mod sockets;
mod times;
mod versions;

use crate::kind::expected::Expected;
use crate::kind::warning::Warning;
use crate::kind::{Ended, Settings};

/// Before a run.
pub(super) fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let mut found = Vec::new();
    for (index, fleet) in expected.fleets.iter().enumerate() {
        found.extend(credits::expected(expected, index, fleet));
        found.extend(demand::cpu(expected, index, fleet));
        found.extend(held::threads(expected, index, fleet));
        found.extend(held::pools(expected, index, fleet));
        found.extend(boot::warnings(index, fleet, &expected.balancers));
        found.extend(demand::bytes(expected, index, fleet));
        found.extend(policies::warnings(index, &expected.fleets));
        found.extend(times::warnings(fleet, expected.duration));
        found.extend(versions::warnings(index, expected));
        found.extend(sockets::warnings(index, expected));
        found.extend(containers::overcommitted(expected, fleet));
    }
    found
}

/// After it.
pub(super) fn ended(ended: &Ended<'_>) -> Vec<Warning> {
    let (fleets, rows) = (&ended.scene.fleets, &ended.scene.timeline.fleets);
    let mut found = Vec::new();
    for ((fleet, series), totals) in fleets.iter().zip(rows).zip(&ended.outcomes.fleets) {
        found.extend(credits::seen(fleet, series, totals, &ended.scene));
        found.extend(demand::throttled(fleet, totals));
        found.extend(seen::out_of_memory(fleet, series));
        found.extend(seen::at_maximum(fleet, series, ended).or_else(|| seen::wanted_more(fleet, totals)));
        found.extend(seen::never_served(fleet, totals));
        found.extend(seen::launches_failed(fleet, totals));
        found.extend(containers::limited(fleet, totals));
        found.extend(containers::without_room(fleet, series));
    }
    found
}

//! What is kept full by work that never ends. In: what was saturated. Out: marks on what carries none of any traffic.
//!
//! A message of a queue whose workers send one back to it for each is never done with: it stays, and others come. However little
//! comes, after a time it is more than can be done. So no multiple of the traffic is carried, whatever was busy at some time of the
//! run.

use super::found::Headroom;
use crate::kind;
use crate::scenario::{Scenario, demand};
use crate::warning;

/// Marks what was saturated by nothing but such work: what requests ask for too has a limit by these.
pub(super) fn mark(found: &mut [Headroom], scenario: &Scenario) {
    if scenario.paths.is_empty() || !found.iter().any(|it| it.saturated) {
        return;
    }
    let endless = kind::endless(&scenario.kinds, &warning::walks(scenario));
    if endless.is_empty() {
        return;
    }
    let asked = demand::of_classes(scenario);
    let is_asked = |it: &Headroom| asked.iter().any(|demand| demand.work_s.contains_key(&it.of));
    let marked = found.iter_mut().filter(|it| it.saturated && endless.contains(&it.of));
    marked.filter(|it| !is_asked(it)).for_each(Headroom::never_ends);
}

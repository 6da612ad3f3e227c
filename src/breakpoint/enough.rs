//! When fewer runs of a multiple are enough. In: its first runs. Out: whether more of them could change what it shows.
//!
//! Only for events whose runs take long. The number of runs never depends on threads or time, so that the result does not.

use crate::language::shape::Given;
use crate::outcome::{Outcome, Resource, Verdict};

/// Runs after which a multiple may be decided: two.
pub(super) const FIRST: Given<u32> =
    Given::new(2, "the fewest that can disagree, and that give an interval over runs");
/// Fewest requests of a run of ×1 for which time is worth saving: two million.
const WORTH: Given<f64> =
    Given::new(2e6, "assumption: so many take about a second, and a shorter search needs no help");

/// Whether the runs of an event take so long that a search should save some.
pub(super) fn is_long(outcome: &Outcome) -> bool {
    outcome.requests.arrived >= WORTH.value
}

/// Whether the runs so far agree on everything that is looked for: each objective with its whole interval, and what was full in each.
pub(super) fn is_decided(outcome: &Outcome, saturated: &[Vec<Resource>]) -> bool {
    let is_sure = |verdict: &Verdict| match (&verdict.bound, verdict.interval) {
        (Some(bound), Some(interval)) => {
            !interval.holds(bound.limit) && (verdict.runs_met == 0 || verdict.runs_missed == 0)
        }
        _ => false,
    };
    saturated.windows(2).all(|pair| pair[0] == pair[1]) && outcome.objectives.iter().all(is_sure)
}

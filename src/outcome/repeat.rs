//! Whether a scenario repeats itself. In: a scenario and a seed. Out: a [`Repetition`], from two runs in one process.
//!
//! Two worlds in one process lie at other addresses and hash with other random keys, so what depends on either
//! shows. What depends on the platform shows when hashes of two platforms are compared.

use std::ops::ControlFlow;

use super::runs::Runs;
use crate::model::compare::{Seen, compare};
use crate::scenario::Scenario;
use crate::units::Time;

/// How two runs compare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repetition {
    /// The same events in the same order, and the same outcome to the last bit.
    Identical {
        /// How many.
        events: u64,
        /// A hash of all of them in their order; the same on every platform.
        hash: u64,
    },
    /// After so many equal events, others; `None` where a run had ended.
    Diverged {
        /// Equal events before.
        events: u64,
        /// The next event of each run.
        next: [Option<Seen>; 2],
    },
    /// Both runs were ended before their end, with the same events up to there.
    Ended {
        /// How many.
        events: u64,
        /// Simulated time that was reached.
        at: Time,
    },
    /// The same events, but another outcome: something outside the order of events is not settled by the seed.
    OtherOutcome {
        /// How many events there were.
        events: u64,
    },
}

/// Runs a scenario with two seeds in step and compares the runs: with equal seeds they are to be identical.
///
/// `watch` gets the simulated time now and then, and may end both runs.
pub fn repeat(
    scenario: &Scenario,
    seeds: [u64; 2],
    watch: &mut dyn FnMut(Time) -> ControlFlow<()>,
) -> Repetition {
    let comparison = compare(scenario, seeds, watch);
    let events = comparison.events;
    if let Some(at) = comparison.cut {
        return Repetition::Ended { events, at };
    }
    if let Some(next) = comparison.difference {
        return Repetition::Diverged { events, next };
    }
    // The seed that an outcome names is no result of its run.
    let outcomes = comparison.measured.map(|measured| {
        measured.map(|measured| {
            let mut runs = Runs::new(scenario, &[]);
            runs.add(seeds[0], measured);
            serde_json::to_vec(&runs.outcome()).ok()
        })
    });
    match outcomes {
        Some([Some(one), Some(other)]) if one == other => {
            Repetition::Identical { events, hash: comparison.hash }
        }
        _ => Repetition::OtherOutcome { events },
    }
}

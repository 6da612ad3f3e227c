//! How to search, what is reported meanwhile, and why a search can fail. In: a scenario. Out: its default [`Search`].

use super::found::{Breakpoints, Probe};
use crate::ensemble::{Interruption, ThreadsError, Told};
use crate::language::shape::Given;
use crate::own::OwnError;
use crate::scenario::Scenario;

/// Largest factor between the last multiple that holds and the first that fails, less one: 2 %.
pub const PRECISION: Given<f64> =
    Given::new(0.02, "assumption: nobody knows the traffic of an event to two percent");
/// Largest multiple that is tried: ×16.
pub const UP_TO: Given<f64> =
    Given::new(16.0, "assumption: beyond sixteen times the traffic another architecture is needed");
/// Most runs of each multiple by default: 4.
pub const MOST_RUNS: Given<u32> =
    Given::new(4, "assumption: common random numbers make up for seeds, and a dozen multiples are to be run");

/// Progress during a search, reported from any thread.
#[derive(Clone, Copy, Debug)]
pub enum Tell<'a> {
    /// Progress of the runs: how many are likely to be needed in all, and how much of them is simulated.
    Run(Told),
    /// All runs of a multiple are done.
    Multiple {
        /// Their results.
        probe: &'a Probe,
        /// Multiples that were run so far.
        done: usize,
        /// Multiples that are likely to be run in all, as estimated now.
        about: usize,
    },
}

/// How to search.
#[derive(Clone, Copy, Debug)]
pub struct Search {
    /// Seed of the first run of every multiple.
    pub seed: u64,
    /// Runs of every multiple.
    pub runs: usize,
    /// Threads; by default one for each core.
    pub threads: Option<usize>,
    /// Largest factor between the last multiple that holds and the first that fails, less one.
    pub precision: f64,
    /// Largest multiple that is tried; the smallest is one over it.
    pub up_to: f64,
    /// Whether every multiple runs the whole event, also where its end can be left out.
    pub whole: bool,
}

impl Search {
    /// The default search: the scenario's own seed, a few runs, two percent, up to sixteen times the traffic.
    pub fn of(scenario: &Scenario) -> Search {
        Search {
            seed: scenario.seed,
            runs: scenario.runs.min(MOST_RUNS.value) as usize,
            threads: None,
            precision: PRECISION.value,
            up_to: UP_TO.value,
            whole: false,
        }
    }
}

/// Why a search did not complete.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// Its runs could not start.
    #[error(transparent)]
    Threads(#[from] ThreadsError),
    /// What a program brought to its runs cannot be used.
    #[error(transparent)]
    Own(#[from] Box<OwnError>),
    /// Its runs were interrupted.
    #[error("{interruption}")]
    Interrupted {
        /// The reason, and where the runs were.
        interruption: Box<Interruption>,
        /// What the complete multiples show; `None` if ×1 was not complete.
        known: Option<Box<Breakpoints>>,
    },
}

//! Finds by simulation at which multiple of its traffic a scenario breaks.
//!
//! In: a scenario. Out: [`Breakpoints`]: for each objective, for each resource and for the goodput, the last multiple
//! of the traffic that holds and the first that fails. Every arrival rate of the scenario is multiplied (see
//! [`Scenario::with_traffic`]); everything else stays, scheduled actions too. Every multiple is run with the same
//! seeds, so that two multiples differ by the load and hardly by chance.
//!
//! A limit that already fails at ×1 is followed down in coarse steps until it holds at two of them in a row; goodput
//! until nearly all requests are answered. Then the search climbs from ×1, with a closer pair of multiples around the
//! nearest limit that the [`headroom`](crate::outcome::headroom) of the first runs estimates. It stops when the
//! objectives are broken and more traffic brings no more goodput, one step later if something scales. Then the first
//! cell that goes from holding to failing is halved until it is as narrow as asked for. A larger load may pass where a
//! smaller one fails, because it triggers scaling earlier: the report gives the first failing cell, and says where the
//! limit holds again above it. Multiples between two that were tried are not known.

mod hunt;
mod lattice;
mod limit;
mod probe;

use serde::{Deserialize, Serialize};

pub use limit::{Between, Limit, Subject};
pub use probe::Probe;

use crate::ensemble::{Interruption, ThreadsError, Told};
use crate::guard::Guard;
use crate::language::shape::Given;
use crate::outcome::{Headroom, ScenarioSummary};
use crate::scenario::Scenario;

/// Version of the layout of breakpoints as JSON; raised when a field changes its meaning or goes away.
pub const VERSION: u32 = 2;
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
        }
    }
}

/// Where a scenario breaks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Breakpoints {
    /// Layout version, [`VERSION`].
    pub version: u32,
    /// Layout version of the outcome types that it contains.
    pub outcome_version: u32,
    /// Version of simcap that made it.
    pub simcap: String,
    /// The scenario that was run.
    pub scenario: ScenarioSummary,
    /// Seeds of the runs of every multiple.
    pub seeds: Vec<u64>,
    /// Largest factor between the last multiple that holds and the first that fails, less one.
    pub precision: f64,
    /// Largest multiple that was allowed.
    pub up_to: f64,
    /// The limits: objectives in the order of the file, resources, goodput.
    pub limits: Vec<Limit>,
    /// Headroom estimated by the runs at ×1.
    pub headroom: Vec<Headroom>,
    /// Every multiple that was run, smallest first.
    pub probes: Vec<Probe>,
    /// Why the search was interrupted, in words; absent if it is complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partial: Option<String>,
}

impl Breakpoints {
    /// Limits that fail at some multiple, in the order of that multiple.
    pub fn failing(&self) -> Vec<&Limit> {
        let mut failing: Vec<&Limit> =
            self.limits.iter().filter(|limit| limit.between.fails.is_some()).collect();
        failing.sort_by(|a, b| a.between.fails.partial_cmp(&b.between.fails).expect("multiples are numbers"));
        failing
    }

    /// The largest multiple that was run.
    pub fn highest(&self) -> f64 {
        self.probes.last().map_or(1.0, |probe| probe.multiplier)
    }
}

/// Why a search did not complete.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// Its runs could not start.
    #[error(transparent)]
    Threads(#[from] ThreadsError),
    /// Its runs were interrupted.
    #[error("{interruption}")]
    Interrupted {
        /// The reason, and where the runs were.
        interruption: Box<Interruption>,
        /// What the complete multiples show; `None` if ×1 was not complete.
        known: Option<Box<Breakpoints>>,
    },
}

/// Searches for the limits of a scenario; `progress` is called for all runs of all multiples.
///
/// # Errors
/// The threads cannot be started.
pub fn search(
    scenario: &Scenario,
    search: &Search,
    progress: &(dyn Fn(Tell<'_>) + Sync),
) -> Result<Breakpoints, SearchError> {
    search_guarded(scenario, search, progress, &Guard::new(None, None))
}

/// Like [`search`], as long as the guard lets it run.
///
/// # Errors
/// The threads cannot be started, or the guard has ended the runs.
pub fn search_guarded(
    scenario: &Scenario,
    search: &Search,
    progress: &(dyn Fn(Tell<'_>) + Sync),
    guard: &Guard,
) -> Result<Breakpoints, SearchError> {
    hunt::hunt(scenario, search, progress, guard)
}

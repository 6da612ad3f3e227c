//! Finds by simulation at which multiple of its traffic a scenario breaks.
//!
//! In: a scenario. Out: [`Breakpoints`]: for each objective, for each resource and for the goodput, the last multiple
//! of the traffic that holds and the first that fails. Every arrival rate of the scenario is multiplied (see
//! [`Scenario::with_traffic`]); everything else stays, scheduled actions too. Every multiple is run with the same
//! seeds, so that two multiples differ by the load and hardly by chance.
//!
//! A limit that already fails at ×1 is followed down in coarse steps until it holds at two of them in a row; goodput
//! until nearly all requests are answered, and, where users wait for answers, grows with their number. Then the search
//! climbs from ×1, with a closer pair of multiples around the nearest limit that the
//! [`headroom`](crate::outcome::headroom) of the first runs estimates. It stops when the objectives are broken and more
//! traffic brings no more goodput, one step later if all that is full can grow. Then the first cell that goes from
//! holding to failing is divided until it is as narrow as asked for: where the runs at its lower end estimate that a
//! resource fills, else in the middle. A larger load may pass where a smaller one fails, because it triggers scaling
//! earlier: the report gives the first failing cell, and says where the limit holds again above it, if that cannot be
//! chance. Multiples between two that were tried are not known.
//!
//! Where a run takes long, four things are left out: the calm end of the event, coarse steps above the first missed
//! objective, closer looks at resources that fill only above it, and runs after two that decide.

mod enough;
mod found;
mod goodput;
mod hunt;
mod lattice;
mod limit;
mod part;
mod probe;
mod search;
mod sure;

pub use found::{Between, Breakpoints, Ended, Limit, OfRun, Probe, Subject, VERSION};
pub use search::{MOST_RUNS, PRECISION, Search, SearchError, Tell, UP_TO};

use crate::guard::Guard;
use crate::scenario::Scenario;

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

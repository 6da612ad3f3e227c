//! What an import is asked for. In: the command line. Out: [`Options`].

use super::classes::Class;
use super::format::Hints;

/// Most days of a scenario.
pub(super) const DAYS_MAX: i64 = 366;

/// What an import is asked for.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Formats and columns.
    pub hints: Hints,
    /// The length of a period in nanoseconds; found out if there is none.
    pub period: Option<i64>,
    /// Rows before are left out, in nanoseconds since 1970.
    pub from: Option<i64>,
    /// Rows from then on are left out.
    pub to: Option<i64>,
    /// The classes; proposed if there are none.
    pub classes: Option<Vec<Class>>,
    /// Most classes that are proposed.
    pub top: usize,
    /// Threads to read with; zero is one for each core.
    pub threads: usize,
}

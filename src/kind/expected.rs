//! What can be said of a scenario before it runs. In: its tables, and what traffic asks for. Out: what kinds warn of.

use std::collections::BTreeSet;
use std::ops::Deref;

use super::demand::Demand;
use super::load::Load;
use super::path::PathOwner;
use crate::dist::Law;
use crate::id;
use crate::units::Time;

/// A scenario before it runs; `All` are the settings of all kinds.
pub(crate) struct Expected<'a, All> {
    /// What the file says of every kind.
    pub settings: &'a All,
    /// Simulated span.
    pub duration: Time,
    /// The traffic.
    pub load: Load,
    /// Tables that something uses, by position.
    pub used: BTreeSet<(id::Kind, usize)>,
    /// What steps do that resources count.
    pub counts: BTreeSet<(PathOwner, &'static str)>,
    /// The paths by which resources know what requests ask for.
    pub asked_for: BTreeSet<(PathOwner, String)>,
    /// The sizes of the populations whose keys are used at each resource.
    pub keys: Vec<(PathOwner, u32)>,
    /// The paths that resources own.
    pub paths: Vec<Walk<'a>>,
    /// The calls of the classes that traffic asks for through a table that waits for their answer, as a balancer does: the class, and the
    /// seconds that the answer takes at the least.
    pub least: Vec<(PathOwner, &'a str, f64)>,
    /// The figures that objectives bound: its name, the resource if one is named, and the limit.
    pub bounded: Vec<(&'static str, Option<usize>, f64)>,
}

/// One walk on the path that a resource owns.
pub(crate) struct Walk<'a> {
    /// Whose path it is.
    pub of: PathOwner,
    /// The name of its place.
    pub place: &'a str,
    /// The fleet on whose hosts it is walked.
    pub fleet: usize,
    /// Seconds of one walk, with nothing waited for.
    pub alone_s: f64,
    /// What its steps ask for.
    pub demand: Demand,
    /// The times and the CPU of its steps that vary, each with the part of a drawn value that passes.
    pub laws: Vec<(&'a Law, f64)>,
}

/// What the file says is a part of it: `expected.fleets`.
impl<All> Deref for Expected<'_, All> {
    type Target = All;

    fn deref(&self) -> &All {
        self.settings
    }
}

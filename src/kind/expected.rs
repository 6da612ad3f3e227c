//! What can be said of a scenario before it runs. In: its tables, and what traffic asks for. Out: what kinds warn of.

use std::collections::BTreeSet;
use std::ops::Deref;

use super::load::Load;
use super::path::PathOwner;
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
    /// The sizes of the populations whose keys are used at each resource.
    pub keys: Vec<(PathOwner, u32)>,
    /// Seconds of one walk on the path that a resource owns, with nothing waited for.
    pub paths: Vec<(PathOwner, f64)>,
}

/// What the file says is a part of it: `expected.fleets`.
impl<All> Deref for Expected<'_, All> {
    type Target = All;

    fn deref(&self) -> &All {
        self.settings
    }
}

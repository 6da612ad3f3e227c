//! The seam between kinds and the bill: what a kind has counted that is billed.
//!
//! In: the settings of a resource, and what it counted in each hour of a run. Out: its charges.

use crate::cost::charge::Charge;

/// What a resource is charged for by its own count; nothing, unless its kind says otherwise.
pub(crate) trait Billed<All> {
    /// The charges, by what was counted in each hour.
    fn charges<'a>(&'a self, _all: &'a All, _counted: &[f64]) -> Vec<Charge<'a>> {
        Vec::new()
    }
}

//! What one request of a class asks of each resource, on the mean and at the least. In: nothing. Out: a [`Demand`].

use std::collections::BTreeMap;

use super::path::PathOwner;
use crate::measure::resource::Resource;
use crate::units::Bytes;

/// The demand of one request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Demand {
    /// Seconds for which it occupies one unit of a resource, of strength 1 where units differ.
    pub work_s: BTreeMap<Resource, f64>,
    /// How often it does what resources count, such as the look-ups of a cache.
    pub(crate) counts: BTreeMap<(PathOwner, &'static str), f64>,
    /// How often it has paths of other resources walked, such as that of a worker.
    pub(crate) walks: BTreeMap<PathOwner, f64>,
    /// Seconds of all its parts in a row, with nothing waited for.
    pub alone_s: f64,
    /// Events of the simulation.
    pub events: f64,
    /// Bytes of the request.
    pub request: Bytes,
    /// Bytes of the answer.
    pub response: Bytes,
    /// The fleet that sends the answer, if one does.
    pub answers: Option<usize>,
}

impl Demand {
    /// How often it does something that a resource counts.
    pub(crate) fn count(&self, of: PathOwner, what: &'static str) -> f64 {
        self.counts.get(&(of, what)).copied().unwrap_or(0.0)
    }

    /// How often it has the path of a resource walked.
    pub(crate) fn walked(&self, of: PathOwner) -> f64 {
        self.walks.get(&of).copied().unwrap_or(0.0)
    }

    /// Seconds for which it occupies one unit of a resource, of strength 1 where units differ.
    pub fn of(&self, resource: Resource) -> f64 {
        self.work_s.get(&resource).copied().unwrap_or(0.0)
    }
}

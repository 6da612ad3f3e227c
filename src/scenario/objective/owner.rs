//! What the resource that an objective bounds is called. In: an [`Owner`] and the scenario. Out: its name.

use crate::id::{Kind, Owner};
use crate::scenario::Scenario;

impl Owner {
    /// Its name in the file.
    pub fn name(self, scenario: &Scenario) -> &str {
        scenario.names(self.kind())[self.index()]
    }
}

impl Scenario {
    /// The names in the file of the resources of a kind.
    pub(crate) fn names(&self, kind: Kind) -> Vec<&str> {
        match kind {
            Kind::Fleet => self.fleets.iter().map(|it| it.name.as_str()).collect(),
            Kind::Cache => self.caches.iter().map(|it| it.name.as_str()).collect(),
            Kind::Database => self.databases.iter().map(|it| it.name.as_str()).collect(),
            Kind::Service => self.services.iter().map(|it| it.name.as_str()).collect(),
            _ => Vec::new(),
        }
    }
}

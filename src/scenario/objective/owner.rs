//! What the resource that an objective bounds is called. In: an [`Owner`] and the scenario. Out: its name.

use crate::id::Owner;
use crate::scenario::Scenario;

impl Owner {
    /// Its name in the file.
    pub fn name(self, scenario: &Scenario) -> &str {
        match self {
            Owner::Fleet(index) => &scenario.fleets[index].name,
            Owner::Cache(index) => &scenario.caches[index].name,
            Owner::Database(index) => &scenario.databases[index].name,
            Owner::Service(index) => &scenario.services[index].name,
        }
    }
}

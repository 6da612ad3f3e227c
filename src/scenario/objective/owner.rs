//! What the resource that an objective bounds is called. In: an [`Owner`] and the scenario. Out: its name.

use crate::id::Owner;
use crate::scenario::Scenario;

impl Owner {
    /// Its name in the file.
    pub fn name(self, scenario: &Scenario) -> &str {
        scenario.kinds.names(self.kind())[self.index()]
    }
}

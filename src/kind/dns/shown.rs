//! What Route 53 knows of the records of a name. In: changes, checks, addresses that come and go. Out: [`Shown`] records, by which lookups are answered.

use super::language::Switch;

/// A record as it is answered.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shown {
    /// Its weight, and whether it is there.
    pub switch: Switch,
    /// Whether it is healthy.
    pub healthy: bool,
    /// Its addresses, if it leads to a fleet: their numbers, and whether each is healthy.
    pub addresses: Option<Vec<(u32, bool)>>,
}

impl Shown {
    /// Whether a lookup can be answered with it.
    pub fn is_there(&self) -> bool {
        self.switch.on && self.addresses.as_ref().is_none_or(|it| !it.is_empty())
    }

    /// Whether it has an address, and that address is as healthy as a value can be.
    pub fn has(&self, address: u32) -> bool {
        self.addresses.as_ref().is_none_or(|all| all.iter().any(|(own, _)| *own == address))
    }
}

//! An address of an instance, where a record leads to a fleet without a balancer. In: nothing. Out: [`Address`], and whether anything is there.

use crate::flow::host::Lifecycle;
use crate::flow::{Flow, NONE};

/// An address of an instance.
#[derive(Clone, Copy, Debug)]
pub(super) struct Address {
    /// The name, and the record of it.
    pub name: u16,
    /// See there.
    pub record: u8,
    /// The instance that has it; [`NONE`] if none has.
    pub host: u32,
    /// Whether that instance leaves, so that another may take it.
    pub leaving: bool,
    /// Whether it is in the record.
    pub listed: bool,
    /// Its health check, by its number; [`NONE`] without.
    pub endpoint: u32,
}

/// Whether nothing answers at the address of an instance, whatever is sent there: it has ended.
pub(super) fn is_nobody(host: u32, flow: &Flow) -> bool {
    host == NONE
        || matches!(flow.hosts[host as usize].lifecycle, Lifecycle::TerminatingWait | Lifecycle::Terminated)
        || flow.hosts[host as usize].ended != u64::MAX
}

//! A strike of a fault. In: a fault that strikes. Out: what it has struck, until it is over.

/// One strike of a fault.
#[derive(Clone, Debug)]
pub struct Strike {
    /// The position of its fault.
    pub(super) fault: u16,
    /// It has begun, and is not over.
    pub(super) is_present: bool,
    /// The hosts that it has struck, and for which it is not over.
    pub(super) hosts: Vec<u32>,
}

impl Strike {
    /// One that has not begun.
    pub(super) fn of(fault: u16) -> Strike {
        Strike { fault, is_present: false, hosts: Vec::new() }
    }
}

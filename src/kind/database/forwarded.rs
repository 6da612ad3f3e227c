//! What a node forwards for an attempt. In: nothing. Out: what is kept of it.

/// No node.
pub(super) const NOWHERE: u16 = u16::MAX;

/// What is forwarded of an attempt.
#[derive(Clone, Copy, Debug)]
pub struct Forwarded {
    /// The node that has forwarded its statement, which is at the writer now.
    pub by: u16,
    /// The attempt, by its start, and when the node has what it has written.
    pub written: (u64, u64),
}

impl Forwarded {
    /// Nothing.
    pub const NONE: Forwarded = Forwarded { by: NOWHERE, written: (0, 0) };
}

//! What a scaler of nodes remembers from one look to the next. In: what it does. Out: the same.

/// What a scaler of nodes remembers.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    /// When the batch of Karpenter began.
    pub(super) batch: Option<u64>,
    /// When it has added nodes last.
    pub(super) added: Option<u64>,
    /// Nodes that are not needed, and since when.
    pub(super) unneeded: Vec<(u32, u64)>,
}

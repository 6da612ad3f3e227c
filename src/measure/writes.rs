//! Writes that were answered and are not there, and writes that are there more than once.
//!
//! In: what each resource that keeps data has counted. Out: the same of all of them.

/// What became of writes, in a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Writes {
    /// Those that were answered and are lost.
    pub lost: u64,
    /// How far back they go: the time between the earliest of them and the instant that they were lost, nanoseconds.
    pub lost_span: u64,
    /// Those that were done once more for the same request or message.
    pub doubled: u64,
}

impl Writes {
    /// The same of another resource as well: what was lost goes back as far as that of either.
    pub fn and(self, other: Writes) -> Writes {
        Writes {
            lost: self.lost + other.lost,
            lost_span: self.lost_span.max(other.lost_span),
            doubled: self.doubled + other.doubled,
        }
    }
}

//! Counters between two readings. In: a counter that only grows. Out: by how much it grew since it was last read.

/// The value of a counter when it was last read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mark(u64);

impl Mark {
    /// By how much the counter has grown since then, now that it stands at `value`.
    pub fn grown(&mut self, value: u64) -> u64 {
        value - std::mem::replace(&mut self.0, value)
    }
}

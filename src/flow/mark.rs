//! Growth of counters between two readings. In: a counter that only grows. Out: how much it grew since the last
//! reading.

/// The value of a counter at the last reading.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mark(u64);

impl Mark {
    /// How much the counter has grown since then, now that it is at `value`.
    pub fn grown(&mut self, value: u64) -> u64 {
        value - std::mem::replace(&mut self.0, value)
    }
}

//! What is provisioned for a function. In: changes of it. Out: what is there, and what is paid for.

/// What is provisioned for a function.
#[derive(Debug, Default)]
pub struct Use {
    /// How many are wanted.
    pub wanted: u32,
    /// Those that have initialized, busy ones included.
    pub there: u32,
    /// Those on their way.
    pub coming: u32,
    /// When the next one may begin to initialize.
    pub next: u64,
    /// Most in use in the present minute.
    pub most: u32,
    /// Minutes in a row above the target, and below nine tenths of it.
    pub above: u32,
    pub below: u32,
    /// Environment-seconds that are paid for: wanted ones from when they are asked for.
    pub area: f64,
    pub counted_until: u64,
}

impl Use {
    /// Concurrency that it takes, whether it is in use or not.
    pub fn held(&self) -> u32 {
        self.there
    }

    /// Counts what is paid for up to now.
    pub fn count(&mut self, now: u64) {
        self.area += f64::from(self.wanted) * now.saturating_sub(self.counted_until) as f64;
        self.counted_until = now;
    }
}

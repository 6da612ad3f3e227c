//! A whole number that changes at instants, over time. In: changes. Out: its integral.

/// A number, and its integral so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Area {
    value: u32,
    since: u64,
    /// The number times nanoseconds until the last change.
    sum: u64,
}

impl Area {
    pub fn of(value: u32) -> Area {
        Area { value, ..Area::default() }
    }

    /// From now on it is another one.
    pub fn set(&mut self, value: u32, now: u64) {
        self.sum = self.at(now);
        (self.value, self.since) = (value, now);
    }

    /// One more, or one less.
    pub fn step(&mut self, up: bool, now: u64) {
        let value = if up { self.value.saturating_add(1) } else { self.value.saturating_sub(1) };
        self.set(value, now);
    }

    pub fn value(self) -> u32 {
        self.value
    }

    /// The integral until an instant.
    pub fn at(self, now: u64) -> u64 {
        self.sum.saturating_add(u64::from(self.value).saturating_mul(now.saturating_sub(self.since)))
    }
}

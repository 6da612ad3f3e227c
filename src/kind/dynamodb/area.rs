//! An amount that changes at instants, over time. In: the amount from an instant on. Out: its integral.

/// An amount, and its integral so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Area {
    value: f64,
    since: u64,
    /// Amount times nanoseconds until the last change.
    sum: f64,
    /// The same at the last reading.
    mark: f64,
}

impl Area {
    pub fn of(value: f64) -> Area {
        Area { value, ..Area::default() }
    }

    pub fn value(self) -> f64 {
        self.value
    }

    /// From now on it is another one.
    pub fn set(&mut self, value: f64, now: u64) {
        self.catch_up(now);
        self.value = value;
    }

    /// The integral since the last reading, in amount times nanoseconds.
    pub fn read(&mut self, now: u64) -> f64 {
        self.catch_up(now);
        self.sum - std::mem::replace(&mut self.mark, self.sum)
    }

    fn catch_up(&mut self, now: u64) {
        self.sum += self.value * (now - self.since) as f64;
        self.since = now;
    }
}

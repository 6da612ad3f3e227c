//! Values drawn in batches, before the events that need them.
//!
//! In: a way to draw. Out: the same values in the same order, one by one. A draw is a chain of dependent steps, which
//! the processor can overlap with those of the next draw, but not with an event that waits for its result.

/// Values drawn at a time.
pub const SIZE: usize = 32;

/// Values that are ready.
#[derive(Clone, Debug)]
pub struct Batch<T> {
    values: [T; SIZE],
    next: usize,
}

impl<T: Copy + Default> Default for Batch<T> {
    fn default() -> Self {
        Batch { values: [T::default(); SIZE], next: SIZE }
    }
}

impl<T: Copy> Batch<T> {
    /// Whether no value is left.
    #[inline(always)]
    pub fn is_used_up(&self) -> bool {
        self.next >= SIZE
    }

    /// Draws values, of which the first comes next.
    #[inline]
    pub fn refill(&mut self, fill: impl FnOnce(&mut [T; SIZE])) {
        fill(&mut self.values);
        self.next = 0;
    }

    /// The next value; there must be one.
    #[inline(always)]
    pub fn take(&mut self) -> T {
        // The remainder changes nothing, and saves a comparison: it is always inside.
        let value = self.values[self.next % SIZE];
        self.next += 1;
        value
    }

    /// Makes this the next value, in place of all values that were ready.
    pub fn put(&mut self, value: T) {
        self.next = SIZE - 1;
        self.values[self.next] = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_in_the_order_in_which_they_were_drawn() {
        let mut drawn = 0;
        let mut batch = Batch::default();
        let values: Vec<u32> = (0..100)
            .map(|_| {
                if batch.is_used_up() {
                    batch.refill(|values| {
                        values.fill_with(|| {
                            drawn += 1;
                            drawn
                        });
                    });
                }
                batch.take()
            })
            .collect();
        assert_eq!(values, (1..=100).collect::<Vec<_>>());
        batch.put(7);
        assert!(!batch.is_used_up());
        assert_eq!(batch.take(), 7);
        assert!(batch.is_used_up());
    }
}

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
    /// The next value; `fill` draws a batch when none is left.
    #[inline(always)]
    pub fn next(&mut self, fill: impl FnOnce(&mut [T; SIZE])) -> T {
        if self.next >= SIZE {
            fill(&mut self.values);
            self.next = 0;
        }
        let value = self.values[self.next];
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
                batch.next(|values| {
                    values.fill_with(|| {
                        drawn += 1;
                        drawn
                    });
                })
            })
            .collect();
        assert_eq!(values, (1..=100).collect::<Vec<_>>());
        batch.put(7);
        assert_eq!(batch.next(|_| unreachable!()), 7);
    }
}

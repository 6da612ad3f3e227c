//! A ring buffer whose length is a power of two: what a standard deque does, without its tests for wrapping around.
//!
//! In: values at the back. Out: values from the front.

/// A FIFO of values.
#[derive(Debug)]
pub struct Ring<T> {
    places: Vec<T>,
    /// Values taken and added so far; they wrap, and their low bits are the positions.
    taken: usize,
    added: usize,
}

impl<T> Default for Ring<T> {
    fn default() -> Self {
        Ring { places: Vec::new(), taken: 0, added: 0 }
    }
}

impl<T: Copy> Ring<T> {
    /// Values in the ring.
    #[inline]
    pub fn len(&self) -> usize {
        self.added.wrapping_sub(self.taken)
    }

    /// Whether it is empty.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.added == self.taken
    }

    #[inline]
    fn place(&self, number: usize) -> usize {
        number & (self.places.len() - 1)
    }

    /// Adds a value at the back. Growing is a call at the end, so that adding saves no registers on the stack.
    #[inline(always)]
    pub fn push(&mut self, value: T) {
        if self.len() == self.places.len() {
            return self.grow_for(value);
        }
        self.put(value);
    }

    #[inline(always)]
    fn put(&mut self, value: T) {
        let place = self.place(self.added);
        self.places[place] = value;
        self.added = self.added.wrapping_add(1);
    }

    /// The value at the front.
    #[inline]
    pub fn front(&self) -> Option<&T> {
        (!self.is_empty()).then(|| &self.places[self.place(self.taken)])
    }

    /// Takes the value at the front.
    #[inline]
    pub fn pop(&mut self) -> Option<T> {
        let value = *self.front()?;
        self.taken = self.taken.wrapping_add(1);
        Some(value)
    }

    /// Takes the value at the front, which there must be; returns also what is in the place behind it: the next one, if there is one.
    /// Whether there is cannot be predicted, so it is not asked.
    #[inline(always)]
    pub fn pop_of_some(&mut self) -> (T, T) {
        let value = self.places[self.place(self.taken)];
        self.taken = self.taken.wrapping_add(1);
        (value, self.places[self.place(self.taken)])
    }

    /// Puts back the value that was taken last, when none was added since.
    pub fn put_back(&mut self) {
        self.taken = self.taken.wrapping_sub(1);
    }

    /// Adds a value after making room for it.
    #[cold]
    #[inline(never)]
    fn grow_for(&mut self, value: T) {
        let count = self.len();
        let values: Vec<T> = std::iter::from_fn(|| self.pop()).collect();
        // Unused places hold copies of any value.
        let mut places = vec![value; 2 * count.max(8)];
        places[..count].copy_from_slice(&values);
        *self = Ring { places, taken: 0, added: count };
        self.put(value);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_does_what_a_deque_does(steps in prop::collection::vec(prop::bool::weighted(0.6), 1..400)) {
            let (mut ring, mut deque) = (Ring::default(), VecDeque::new());
            for (value, &push) in steps.iter().enumerate() {
                if push {
                    ring.push(value);
                    deque.push_back(value);
                } else {
                    let first = deque.pop_front();
                    if let Some(first) = first {
                        let (taken, next) = ring.pop_of_some();
                        prop_assert_eq!(taken, first);
                        prop_assert_eq!((!ring.is_empty()).then_some(next), deque.front().copied());
                        ring.put_back();
                    }
                    prop_assert_eq!(ring.pop(), first);
                }
                prop_assert_eq!(ring.front(), deque.front());
                prop_assert_eq!(ring.len(), deque.len());
            }
        }
    }
}

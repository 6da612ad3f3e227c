//! What a kind keeps for each attempt, beside the record of the attempt.
//!
//! In: the number of an attempt. Out: its row, which keeps its initial value until the kind changes it. Only kinds that
//! use rows pay for them, and only for the attempts that come to them.

/// A row for each attempt.
#[derive(Debug)]
pub struct PerAttempt<T> {
    rows: Vec<T>,
    empty: T,
}

impl<T: Copy> PerAttempt<T> {
    /// Rows that all start as `empty`.
    pub fn new(empty: T) -> Self {
        PerAttempt { rows: Vec::new(), empty }
    }

    /// The row of an attempt.
    #[inline]
    pub fn of(&self, id: u32) -> T {
        self.rows.get(id as usize).copied().unwrap_or(self.empty)
    }

    /// The same, where only a part of it is read.
    #[inline]
    pub fn read(&self, id: u32) -> &T {
        self.rows.get(id as usize).unwrap_or(&self.empty)
    }

    /// The row of an attempt, mutable.
    #[inline]
    pub fn of_mut(&mut self, id: u32) -> &mut T {
        let index = id as usize;
        if index >= self.rows.len() {
            self.grow(index + 1);
        }
        &mut self.rows[index]
    }

    #[cold]
    fn grow(&mut self, count: usize) {
        // Grows as the attempts do: their numbers are consecutive.
        self.rows.resize(count.next_power_of_two(), self.empty);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_as_it_was_made_until_it_is_changed() {
        let mut rows = PerAttempt::new(7);
        assert_eq!(rows.of(1_000), 7);
        *rows.of_mut(5) += 1;
        assert_eq!([4, 5, 6, 1_000].map(|id| rows.of(id)), [7, 8, 7, 7]);
        *rows.of_mut(1_000) = 0;
        assert_eq!([5, 999, 1_000, 1_001].map(|id| rows.of(id)), [8, 7, 0, 7]);
    }
}

//! How long the hottest of many rows was held.
//!
//! In: rows, and for how long each was held. Out: the longest that one of them was held, all its spans together, since the last
//! reading. A row that limits anything is held for much of the time, so no row needs a counter of its own: each has a place by its
//! number, where the one that is held longer stays and the others count against it. What that hides of a row is what the others of
//! its place were held, about a thousandth of all; rows of a population no larger than the number of places share none.

/// Places for rows.
const PLACES: usize = 1_024;

/// Rows by their places, each with the nanoseconds by which it is ahead there; no places before a row was held.
#[derive(Debug, Default)]
pub struct Hottest(Vec<(u64, f64)>);

impl Hottest {
    /// A row was held for so many nanoseconds.
    #[inline]
    pub fn held(&mut self, row: u64, nanos: f64) {
        if self.0.is_empty() {
            self.0.resize(PLACES, (0, 0.0));
        }
        // The population is in the upper half of the number: its rows begin at a place of their own.
        let place = (row ^ (row >> 32).wrapping_mul(0x9E37)) as usize % PLACES;
        let (first, ahead) = &mut self.0[place];
        if *first == row {
            *ahead += nanos;
        } else if *ahead >= nanos {
            *ahead -= nanos;
        } else {
            (*first, *ahead) = (row, nanos - *ahead);
        }
    }

    /// The longest since the last reading.
    pub fn read(&mut self) -> f64 {
        let longest = self.0.iter().fold(0.0, |longest: f64, (_, ahead)| longest.max(*ahead));
        self.0.iter_mut().for_each(|place| place.1 = 0.0);
        longest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_that_was_held_longest_counts() {
        let mut hottest = Hottest::default();
        assert_eq!(hottest.read(), 0.0);
        for (row, nanos) in [(7, 30.0), (8, 40.0), (7, 30.0), (9, 50.0)] {
            hottest.held(row, nanos);
        }
        assert_eq!(hottest.read(), 60.0);
        assert_eq!(hottest.read(), 0.0, "it begins anew");
    }

    /// Row 1 and row 1,025 have one place.
    #[test]
    fn rows_of_one_place_count_against_each_other() {
        let mut hottest = Hottest::default();
        for (row, nanos) in [(1, 10.0), (1_025, 900.0), (1, 5.0)] {
            hottest.held(row, nanos);
        }
        assert_eq!(hottest.read(), 885.0);
    }
}

//! Counts the items of a cache that are past their time to live and still held.
//!
//! In: the expiry of each item that is stored, renewed or removed. Out: at the end of a row, how many of the held items
//! have expired. Items are counted by the row of the timeline in which they expire, so no item is searched for.

/// Items held, by the row in which they expire.
#[derive(Debug)]
pub struct Expiries {
    /// Length of a row, nanoseconds.
    row: u64,
    /// End of the run; items that expire later are not tracked.
    end: u64,
    by_row: Vec<u32>,
    /// Rows that have ended.
    passed: usize,
    /// Items still held that expired in these rows.
    expired: u64,
}

impl Expiries {
    /// No items yet, for a run with rows of this length that ends at `end`.
    pub fn new(row: u64, end: u64) -> Expiries {
        let rows = end.div_ceil(row.max(1)) as usize;
        Expiries { row: row.max(1), end, by_row: vec![0; rows], passed: 0, expired: 0 }
    }

    /// The row in which an item expires: it is live before its expiry, not at it.
    fn row(&self, expiry: u64) -> Option<usize> {
        (expiry <= self.end).then(|| (expiry.saturating_sub(1) / self.row) as usize)
    }

    /// An item is stored that expires at this time; with a time to live of zero it has already expired.
    #[inline]
    pub fn enter(&mut self, expiry: u64) {
        match self.row(expiry) {
            Some(row) if row < self.passed => self.expired += 1,
            Some(row) => self.by_row[row] += 1,
            None => {}
        }
    }

    /// An item is removed, or its expiry is changed.
    #[inline]
    pub fn leave(&mut self, expiry: u64) {
        match self.row(expiry) {
            Some(row) if row < self.passed => self.expired -= 1,
            Some(row) => self.by_row[row] -= 1,
            None => {}
        }
    }

    /// Items held that have expired by the end of the last row before or at `now`.
    pub fn expired_by(&mut self, now: u64) -> u64 {
        let ended = if now < self.end { (now / self.row) as usize } else { self.by_row.len() };
        for row in self.passed..ended {
            self.expired += u64::from(self.by_row[row]);
        }
        self.passed = self.passed.max(ended);
        self.expired
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of 10; the run ends at 25.
    #[test]
    fn an_item_is_live_until_the_row_of_its_expiry_ends() {
        let mut expiries = Expiries::new(10, 25);
        for expiry in [5, 10, 11, 20, 25, 26, u64::MAX] {
            expiries.enter(expiry);
        }
        assert_eq!(expiries.expired_by(10), 2, "what expires at the end of a row is not live any more");
        expiries.leave(5);
        expiries.leave(20);
        assert_eq!((expiries.expired_by(10), expiries.expired_by(20)), (1, 2));
        expiries.leave(11);
        expiries.enter(24);
        assert_eq!(expiries.expired_by(25), 3, "those of 10, 25 and 24; what expires after the end is live");
        expiries.leave(26);
        assert_eq!(expiries.expired_by(25), 3);
        expiries.enter(25);
        assert_eq!(expiries.expired_by(25), 4);
    }
}

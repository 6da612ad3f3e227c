//! An entry of the calendar: a time, its number in the order of insertion, and an event.
//!
//! In: the three. Out: one number, whose order is the total order of events.

/// An entry: time, number in the order of insertion, and event, packed into one number that sorts in the total order.
/// So comparing needs no branch, and only sixteen bytes are moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry(u128);

/// Bits of an entry that say what happens.
pub const EVENT_BITS: u32 = 30;
/// Bits of an entry for its number, one of which marks an entry as last at its instant. Numbers start again after 2^33
/// insertions: two entries of the same nanosecond are out of order only if that many were added between them.
pub const NUMBER_BITS: u32 = 64 - EVENT_BITS;

impl Entry {
    /// No entry: later than any.
    pub const NEVER: Entry = Entry(u128::MAX);

    /// An entry at a time in nanoseconds. The number and the event must fit their bits.
    #[inline(always)]
    pub fn new(time: u64, number: u64, event: u32) -> Self {
        debug_assert!(number < 1 << NUMBER_BITS && event < 1 << EVENT_BITS);
        Entry(u128::from(time) << 64 | u128::from(number << EVENT_BITS | u64::from(event)))
    }

    /// Nanoseconds.
    #[inline(always)]
    pub fn time(self) -> u64 {
        (self.0 >> 64) as u64
    }

    /// Place in the order of insertion.
    #[inline(always)]
    pub fn number(self) -> u64 {
        self.0 as u64 >> EVENT_BITS
    }

    /// The event.
    #[inline(always)]
    pub fn event(self) -> u32 {
        self.0 as u32 & ((1 << EVENT_BITS) - 1)
    }
}

impl Default for Entry {
    fn default() -> Self {
        Entry::NEVER
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_keeps_what_it_was_made_of() {
        for (time, number, event) in
            [(0, 0, 0), (u64::MAX - 1, (1 << NUMBER_BITS) - 1, (1 << EVENT_BITS) - 1), (5, 6, 7)]
        {
            let entry = Entry::new(time, number, event);
            assert_eq!((entry.time(), entry.number(), entry.event()), (time, number, event));
            assert!(entry < Entry::NEVER);
        }
        assert!(Entry::new(1, 9, 9) < Entry::new(2, 0, 0) && Entry::new(2, 0, 9) < Entry::new(2, 1, 0));
    }
}

//! Who wrote which row when, as far back as some replica lacks it.
//!
//! In: writes in the order of their commits. Out: what a read misses that sees nothing after some commit: how old what it sees is, and
//! whether the reader has written any of it.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use crate::flow::NONE;
use crate::flow::attempt::{Attempt, State};

/// Writes, the last of each row first to find.
#[derive(Debug, Default)]
pub struct History {
    /// The number of the last write of each row.
    last: FxHashMap<u64, u64>,
    writes: VecDeque<Write>,
    /// The number of the first of them.
    first: u64,
}

#[derive(Debug)]
struct Write {
    commit: u64,
    at: u64,
    /// The number of the write of the same row before it, if it was one of these; else its own.
    before: u64,
    by: Writer,
}

/// Whose data a row is: of a user in a closed population, or of one attempt of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Writer {
    id: u32,
    start: u64,
}

impl Writer {
    /// Nobody who reads.
    #[cfg(test)]
    pub const NOBODY: Writer = Writer { id: NONE, start: 0 };

    /// Whoever an attempt acts for.
    pub fn of(id: u32, attempt: &Attempt) -> Writer {
        let is_of_user = attempt.user != NONE && attempt.state != State::Errand;
        if is_of_user {
            Writer { id: attempt.user, start: u64::MAX }
        } else {
            Writer { id, start: attempt.start }
        }
    }
}

/// What a read missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missed {
    /// When the first write was committed that it missed: since then, what it saw is old.
    pub since: u64,
    /// Whether the reader made one of them.
    pub is_own: bool,
}

impl History {
    /// A row was written.
    pub fn wrote(&mut self, row: u64, commit: u64, at: u64, by: Writer) {
        let number = self.first + self.writes.len() as u64;
        let before = self.last.insert(row, number).unwrap_or(number);
        self.writes.push_back(Write { commit, at, before, by });
    }

    /// What a read of a row misses that sees the writes up to a commit.
    pub fn missed(&self, row: u64, seen: u64, reader: Writer) -> Option<Missed> {
        let mut number = *self.last.get(&row)?;
        let mut missed = None;
        loop {
            let index = number.checked_sub(self.first)?;
            let write = &self.writes[index as usize];
            if write.commit <= seen {
                return missed;
            }
            let is_own = missed.is_some_and(|it: Missed| it.is_own) || write.by == reader;
            missed = Some(Missed { since: write.at, is_own });
            // The one before it has been forgotten, so everybody has seen it.
            if write.before == number || write.before < self.first {
                return missed;
            }
            number = write.before;
        }
    }

    /// How many it keeps.
    pub fn len(&self) -> usize {
        self.writes.len()
    }

    /// Everybody has seen all up to a commit.
    pub fn forget(&mut self, seen: u64) {
        while self.writes.front().is_some_and(|write| write.commit <= seen) {
            self.writes.pop_front();
            self.first += 1;
        }
        let first = self.first;
        self.last.retain(|_, number| *number >= first);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn user(id: u32) -> Writer {
        Writer { id, start: u64::MAX }
    }

    /// Row 7 is written at 10, 20 and 30 by users 1, 2 and 3, row 8 at 25.
    fn written() -> History {
        let mut history = History::default();
        for (row, commit, at) in [(7, 1, 10), (7, 2, 20), (8, 3, 25), (7, 4, 30)] {
            history.wrote(row, commit, at, user(commit as u32));
        }
        history
    }

    #[test]
    fn what_is_old_is_so_since_the_first_write_that_was_missed() {
        let history = written();
        let missed = |row, seen, reader| history.missed(row, seen, user(reader));
        assert_eq!(missed(7, 0, 9), Some(Missed { since: 10, is_own: false }));
        assert_eq!(missed(7, 1, 9), Some(Missed { since: 20, is_own: false }));
        assert_eq!(missed(7, 3, 9), Some(Missed { since: 30, is_own: false }));
        assert_eq!((missed(7, 4, 9), missed(8, 3, 9), missed(9, 0, 9)), (None, None, None));
    }

    #[test]
    fn one_of_several_missed_writes_may_be_ones_own() {
        let history = written();
        let own = |seen, reader| history.missed(7, seen, user(reader)).map(|it| it.is_own);
        assert_eq!([own(0, 1), own(0, 2), own(0, 4)], [Some(true); 3]);
        assert_eq!([own(1, 1), own(2, 2), own(0, 3)], [Some(false); 3]);
    }

    #[test]
    fn what_everybody_has_seen_is_forgotten() {
        let mut history = written();
        history.forget(2);
        assert_eq!(history.len(), 2);
        assert_eq!(history.missed(7, 2, user(2)), Some(Missed { since: 30, is_own: false }));
        history.forget(4);
        assert_eq!((history.len(), history.missed(7, 4, user(2))), (0, None));
        history.wrote(7, 5, 50, user(5));
        assert_eq!(history.missed(7, 4, user(5)), Some(Missed { since: 50, is_own: true }));
    }
}

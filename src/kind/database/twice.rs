//! Writes that are committed more than once for one request, or one message.
//!
//! In: commits of writes that may come again: clients and calls that try again, and messages that are delivered again, do not know that the first one
//! has come through. Out: whether it was committed before. Commits are remembered for an hour at least, and two at most.

use rustc_hash::FxHashMap;

/// How long a commit is remembered at least: longer than clients try, and than a message that was not deleted stays away by default. Assumption.
const REMEMBERED: u64 = 3_600_000_000_000;

/// A write of a request: where it stands in the file, the source of the request or message, and its number there.
pub type Write = (u32, u16, u64);

/// The commits of late.
#[derive(Debug, Default)]
pub struct Twice {
    since: u64,
    now: Commits,
    before: Commits,
}

impl Twice {
    /// A write is committed: whether it was before.
    pub fn commits(&mut self, write: Write, now: u64) -> bool {
        if now - self.since >= REMEMBERED {
            self.before = std::mem::take(&mut self.now);
            self.since = now;
        }
        self.before.has(write) || !self.now.add(write)
    }
}

/// Words of a line of a cache.
const WORDS: usize = 8;

/// Writes, a bit each. Numbers of a line of bits in a row lie together: requests come in their order, so those of a moment are in few
/// lines, which stay in the cache.
#[derive(Debug, Default)]
struct Commits(FxHashMap<Write, [u64; WORDS]>);

impl Commits {
    /// The line of a write, and the word and bit there.
    fn place((place, source, number): Write) -> (Write, usize, u64) {
        let bit = number % (WORDS as u64 * 64);
        ((place, source, number / (WORDS as u64 * 64)), (bit / 64) as usize, 1 << (bit % 64))
    }

    fn has(&self, write: Write) -> bool {
        let (line, word, bit) = Commits::place(write);
        self.0.get(&line).is_some_and(|words| words[word] & bit != 0)
    }

    /// Adds a write; returns whether it is new.
    fn add(&mut self, write: Write) -> bool {
        let (line, word, bit) = Commits::place(write);
        let words = &mut self.0.entry(line).or_default()[word];
        let is_new = *words & bit == 0;
        *words |= bit;
        is_new
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_write_is_doubled_if_it_was_committed_for_the_same_request() {
        let mut twice = Twice::default();
        let minute = 60_000_000_000;
        assert!(!twice.commits((7, 0, 1), 0));
        // Another step, another source, another request.
        assert!(!twice.commits((8, 0, 1), minute));
        assert!(!twice.commits((7, 1, 1), minute));
        assert!(!twice.commits((7, 0, 2), minute));
        assert!(twice.commits((7, 0, 1), 2 * minute));
        assert!(twice.commits((7, 0, 1), 3 * minute), "and once more");
        // Still known in the second hour, and not in the fourth.
        assert!(twice.commits((7, 0, 2), 61 * minute));
        assert!(!twice.commits((9, 0, 2), 130 * minute));
        assert!(!twice.commits((7, 0, 1), 200 * minute));
    }

    proptest! {
        /// As a set knows them, whatever the numbers.
        #[test]
        fn a_write_is_new_once(writes in prop::collection::vec((0u32..2, 0u16..2, prop_oneof![0u64..1_100, (u64::MAX - 9)..=u64::MAX]), 0..300)) {
            let (mut commits, mut set) = (Commits::default(), BTreeSet::new());
            for write in writes {
                prop_assert_eq!(commits.has(write), set.contains(&write));
                prop_assert_eq!(commits.add(write), set.insert(write));
            }
        }
    }
}

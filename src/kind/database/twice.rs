//! Writes that are committed more than once for one request, or one message.
//!
//! In: commits of writes that may come again: clients and calls that try again, and messages that are delivered again, do not know that the first one
//! has come through. Out: whether it was committed before. Commits are remembered for an hour at least, and two at most.

use rustc_hash::FxHashSet;

/// How long a commit is remembered at least: longer than clients try, and than a message that was not deleted stays away by default. Assumption.
const REMEMBERED: u64 = 3_600_000_000_000;

/// A write of a request: where it stands in the file, the source of the request or message, and its number there.
pub type Write = (u32, u16, u64);

/// The commits of late.
#[derive(Debug, Default)]
pub struct Twice {
    since: u64,
    now: FxHashSet<Write>,
    before: FxHashSet<Write>,
}

impl Twice {
    /// A write is committed: whether it was before.
    pub fn commits(&mut self, write: Write, now: u64) -> bool {
        if now - self.since >= REMEMBERED {
            self.before = std::mem::take(&mut self.now);
            self.since = now;
        }
        self.before.contains(&write) || !self.now.insert(write)
    }
}

#[cfg(test)]
mod tests {
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
}

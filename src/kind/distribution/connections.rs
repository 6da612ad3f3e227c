//! Connections of caches to origins. In: requests that begin and end. Out: whether one finds an open connection.

use std::collections::VecDeque;

/// The idle connections of each cache to each origin: until when each stays open, the last used at the end.
#[derive(Debug)]
pub(super) struct Connections {
    keep_alive: u64,
    /// Of each cache, those to each of its origins.
    idle: Vec<Vec<VecDeque<u64>>>,
}

impl Connections {
    /// None yet, of so many caches to so many origins.
    pub fn new(keep_alive: u64, caches: usize, origins: usize) -> Connections {
        Connections { keep_alive, idle: vec![vec![VecDeque::new(); origins]; caches] }
    }

    /// A request takes the connection that was used last, if it is still open.
    pub fn take(&mut self, cache: usize, origin: usize, now: u64) -> bool {
        let idle = &mut self.idle[cache][origin];
        match idle.pop_back() {
            Some(until) if until > now => true,
            // Those before it were idle for longer.
            _ => {
                idle.clear();
                false
            }
        }
    }

    /// Its answer has come: the connection is idle.
    pub fn give(&mut self, cache: usize, origin: usize, now: u64) {
        if self.keep_alive == 0 {
            return;
        }
        let idle = &mut self.idle[cache][origin];
        while idle.front().is_some_and(|until| *until <= now) {
            idle.pop_front();
        }
        idle.push_back(now.saturating_add(self.keep_alive));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_used_again_until_it_was_idle_for_too_long() {
        let mut all = Connections::new(5, 2, 1);
        assert!(!all.take(0, 0, 0));
        all.give(0, 0, 10);
        all.give(0, 0, 12);
        assert!(!all.take(1, 0, 13), "of another cache");
        assert!(all.take(0, 0, 14), "open until 17");
        all.give(0, 0, 14);
        assert!(all.take(0, 0, 18), "open until 19");
        assert!(!all.take(0, 0, 18), "the other one was open until 15");
        let mut none = Connections::new(0, 1, 1);
        none.give(0, 0, 10);
        assert!(!none.take(0, 0, 10));
    }
}

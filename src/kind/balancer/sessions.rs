//! Connections of users to a balancer of requests: each of them keeps one from one request to the next.
//!
//! In: requests of users, their answers, and users that close. Out: how many connections are open, and how many were opened. A user who thinks
//! for longer than the idle timeout opens another one. Connections of open traffic, which has no users, are counted from its requests (`clients`).

use crate::flow::flows::Flows;
use crate::flow::mark::Mark;

/// The connections of users to one balancer.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    /// Of each user, when its connection ends if nothing more comes on it.
    until: Vec<u64>,
    flows: Flows,
    /// Requests of users so far.
    requests: u64,
    /// The same at the end of the last row.
    mark: Mark,
}

/// What came on connections that are counted one by one, in a row.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Opened {
    /// Connections that were opened.
    pub opened: f64,
    /// Connections that were open, on the mean.
    pub open: f64,
    /// Requests of users on them.
    pub requests: u64,
}

impl Sessions {
    /// Whether a user has an open connection.
    pub fn is_open(&self, user: u32, now: u64) -> bool {
        self.until.get(user as usize).is_some_and(|until| *until > now)
    }

    /// A request of a user comes, on its connection or on a new one, which is open for so long if nothing more comes.
    pub fn comes(&mut self, user: u32, now: u64, idle: u64) {
        let index = user as usize;
        if index >= self.until.len() {
            self.until.resize((index + 1).next_power_of_two(), 0);
        }
        let until = now.saturating_add(idle);
        match std::mem::replace(&mut self.until[index], until) {
            before if before > now => self.flows.moves(now, before, until),
            _ => self.flows.opens(now, until),
        }
        self.requests += 1;
    }

    /// The answer goes back: the connection is idle from now on.
    pub fn answered(&mut self, user: u32, now: u64, idle: u64) {
        self.ends_at(user, now, now.saturating_add(idle));
    }

    /// A user closes its connection.
    pub fn closed(&mut self, user: u32, now: u64) {
        self.ends_at(user, now, now);
    }

    /// An open connection ends then.
    fn ends_at(&mut self, user: u32, now: u64, until: u64) {
        if let Some(own) = self.until.get_mut(user as usize).filter(|own| **own > now) {
            let before = std::mem::replace(own, until);
            self.flows.moves(now, before, until);
        }
    }

    /// How many are open.
    pub fn open(&mut self, now: u64) -> u64 {
        self.flows.open(now)
    }

    /// Requests that came on them so far.
    pub fn requests(&self) -> u64 {
        self.requests
    }

    /// What there was in the row that ends now.
    pub fn in_row(&mut self, now: u64, span: f64) -> Opened {
        let (opened, open) = self.flows.in_row(now, span);
        Opened { opened, open, requests: self.mark.grown(self.requests) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: u64 = 1_000_000_000;

    /// A timeout of 4 s. User 2 comes at 0, is answered at 1 s and comes again at 3 s: one connection, which is open until it is closed at 5 s.
    /// At 6 s he opens another one, on which nothing more comes: open until 10 s. In rows of 5 s and 6 s that is 5 s, and 4 s.
    #[test]
    fn a_user_keeps_its_connection_until_it_is_idle_or_closed() {
        let mut sessions = Sessions::default();
        sessions.comes(2, 0, 4 * S);
        sessions.answered(2, S, 4 * S);
        sessions.comes(2, 3 * S, 4 * S);
        assert!(sessions.is_open(2, 5 * S - 1) && !sessions.is_open(1, 0));
        sessions.closed(2, 5 * S);
        let row = sessions.in_row(5 * S, 5e9);
        assert_eq!((row.opened, row.open, row.requests), (1.0, 1.0, 2));
        sessions.comes(2, 6 * S, 4 * S);
        let row = sessions.in_row(11 * S, 5e9);
        assert_eq!((row.opened, row.open, row.requests), (1.0, 0.8, 1));
    }
}

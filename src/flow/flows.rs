//! Connections of clients to a balancer, where each is counted: how many are open.
//!
//! In: connections that open, and until when each stays open unless something more comes on it. Out: how many were opened, and for how
//! long they were open together. Ends are kept by the second in which they are, so that it costs the same for any number.

use std::collections::VecDeque;

/// A second, in nanoseconds.
const SECOND: u64 = 1_000_000_000;

/// The connections that end within one second.
#[derive(Clone, Copy, Debug, Default)]
struct Ends {
    count: u64,
    /// The sum of their ends.
    sum: i128,
}

/// The connections of clients of one balancer.
#[derive(Debug, Default)]
pub struct Flows {
    /// Opened so far.
    opened: u64,
    /// Open now.
    open: u64,
    /// Ends that have come less starts, nanoseconds.
    sum: i128,
    /// The second with which `ends` begins.
    first: u64,
    ends: VecDeque<Ends>,
    /// Opened, and open over time, at the end of the last row.
    mark: (u64, f64),
}

impl Flows {
    /// A connection opens, and ends then unless something comes on it.
    pub fn opens(&mut self, now: u64, until: u64) {
        self.pass(now);
        self.opened += 1;
        self.open += 1;
        self.sum -= i128::from(now);
        self.plan(until);
    }

    /// A connection that was to end then ends at another time.
    pub fn moves(&mut self, now: u64, from: u64, until: u64) {
        self.pass(now);
        if self.unplan(from) {
            self.plan(until.max(now));
        }
    }

    /// A connection opens, and stays open for as long as it is in use.
    pub fn begins(&mut self, now: u64) {
        self.pass(now);
        self.opened += 1;
        self.open += 1;
        self.sum -= i128::from(now);
    }

    /// It is in use no more, and ends then unless something comes on it.
    pub fn idles(&mut self, now: u64, until: u64) {
        self.pass(now);
        self.plan(until.max(now));
    }

    /// A connection that was to end then is in use again.
    pub fn resumes(&mut self, now: u64, from: u64) {
        self.pass(now);
        self.unplan(from);
    }

    /// Takes a planned end back; returns whether it had not come.
    fn unplan(&mut self, from: u64) -> bool {
        let at = (from / SECOND).checked_sub(self.first);
        let ends = at.and_then(|at| self.ends.get_mut(at as usize)).filter(|ends| ends.count > 0);
        let Some(ends) = ends else { return false };
        ends.count -= 1;
        ends.sum -= i128::from(from);
        true
    }

    fn plan(&mut self, until: u64) {
        let at = ((until / SECOND).max(self.first) - self.first) as usize;
        if at >= self.ends.len() {
            self.ends.resize(at + 1, Ends::default());
        }
        self.ends[at].count += 1;
        self.ends[at].sum += i128::from(until);
    }

    /// What has ended in seconds that are over is open no more.
    fn pass(&mut self, now: u64) {
        while self.first < now / SECOND {
            let Some(ends) = self.ends.pop_front() else {
                self.first = now / SECOND;
                return;
            };
            self.open -= ends.count;
            self.sum += ends.sum;
            self.first += 1;
        }
    }

    /// How many are open.
    pub fn open(&mut self, now: u64) -> u64 {
        self.pass(now);
        self.open
    }

    /// How many were opened in the row that ends now, and how many were open on its mean.
    pub fn in_row(&mut self, now: u64, span: f64) -> (f64, f64) {
        self.pass(now);
        let area = (self.sum + i128::from(self.open) * i128::from(now)) as f64;
        let (opened, before) = std::mem::replace(&mut self.mark, (self.opened, area));
        ((self.opened - opened) as f64, (area - before) / span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: u64 = SECOND;

    /// Open from 1 s to 4 s and from 2 s to 3 s, where the second one goes on to 8 s: in rows of 5 s 3 + 3 seconds, and 3.
    #[test]
    fn connections_are_open_until_they_end() {
        let mut flows = Flows::default();
        flows.opens(S, 4 * S);
        flows.opens(2 * S, 3 * S);
        flows.moves(5 * S / 2, 3 * S, 8 * S);
        assert_eq!(flows.in_row(5 * S, 5e9), (2.0, 1.2));
        assert_eq!(flows.in_row(10 * S, 5e9), (0.0, 0.6));
        assert_eq!(flows.open, 0);
    }

    /// In use from 1 s to 3 s, idle until it is used again from 5 s to 6 s, and closed at 8 s: 7 seconds in rows of 5 s are 4 and 3.
    #[test]
    fn a_connection_that_is_used_again_is_open_meanwhile() {
        let mut flows = Flows::default();
        flows.begins(S);
        flows.idles(3 * S, 7 * S);
        assert_eq!(flows.in_row(5 * S, 5e9), (1.0, 0.8));
        flows.resumes(5 * S, 7 * S);
        flows.idles(6 * S, 8 * S);
        assert_eq!(flows.in_row(10 * S, 5e9), (0.0, 0.6));
    }

    #[test]
    fn what_has_ended_is_not_moved() {
        let mut flows = Flows::default();
        flows.opens(0, 2 * S);
        flows.moves(7 * S, 2 * S, 9 * S);
        assert_eq!(flows.in_row(10 * S, 1e10), (1.0, 0.2));
    }
}

//! Connections of clients to a balancer of requests: how many are open.
//!
//! In: counters of requests, read from time to time. Out: connections in use, and those that wait for the idle timeout after their last answer.
//! Nothing is done for a request: what came between two readings counts as spread evenly over them. The requests of a connection follow each
//! other, so one of them has it at a time, and it is idle once for all of them.

use std::collections::VecDeque;

/// What has become of the requests of a balancer so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    /// Requests that came to a target.
    pub requests: u64,
    /// Those of them that were answered, by an error as well: the connection stays.
    pub answered: u64,
    /// Those of them whose client has closed the connection.
    pub closed: u64,
    /// Requests at targets now, of which some may have no client any more.
    pub outstanding: u64,
    /// The part of the requests whose connections are counted here; callers that count their own, and users, have the others.
    pub share: f64,
}

/// A moment at which the counters were read.
#[derive(Clone, Copy, Debug, Default)]
struct Moment {
    at: u64,
    /// Connections that have become idle for good so far.
    idled: f64,
    /// The sum of that over time, nanoseconds.
    area: f64,
}

/// The connections of clients of one balancer.
#[derive(Debug)]
pub(super) struct Clients {
    requests_per_connection: f64,
    /// How long a connection stays open after its last answer, in nanoseconds.
    idle: u64,
    /// Requests with a client at the last reading.
    inside: u64,
    before: Seen,
    /// Moments in order; the first one is no later than the idle timeout before the last.
    past: VecDeque<Moment>,
}

/// How many connections are open.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Open {
    /// On the mean since the reading before.
    pub mean: f64,
    /// Now.
    pub now: f64,
}

impl Clients {
    /// None yet.
    pub fn new(requests_per_connection: f64, idle: u64) -> Clients {
        let past = VecDeque::from([Moment::default()]);
        Clients { requests_per_connection, idle, inside: 0, before: Seen::default(), past }
    }

    /// Reads the counters.
    pub fn read(&mut self, now: u64, seen: Seen) -> Open {
        let before = std::mem::replace(&mut self.before, seen);
        let answered = seen.answered - before.answered;
        let came = self.inside + seen.requests - before.requests;
        // A request whose client has gone is at its target for as long as that works on it.
        let inside = came.saturating_sub(answered + seen.closed - before.closed).min(seen.outstanding);
        let in_use = (self.inside as f64 * before.share + inside as f64 * seen.share) / 2.0;
        self.inside = inside;
        let last = self.last();
        let span = (now - last.at) as f64;
        let idled = last.idled + answered as f64 * seen.share / self.requests_per_connection;
        self.past.push_back(Moment { at: now, idled, area: last.area + span * (last.idled + idled) / 2.0 });
        let ago = |at: u64| self.at(at.saturating_sub(self.idle));
        let (from, to) = (ago(last.at), ago(now));
        let gone = if now < self.idle { 0.0 } else { to.idled };
        let mean = match span > 0.0 {
            true => in_use + (self.last().area - last.area - (to.area - from.area)) / span,
            false => 0.0,
        };
        self.forget(now);
        Open { mean: mean.max(0.0), now: (inside as f64 * seen.share + idled - gone).max(0.0) }
    }

    fn last(&self) -> Moment {
        self.past.back().copied().unwrap_or_default()
    }

    /// A moment between two readings.
    fn at(&self, at: u64) -> Moment {
        let next = self.past.partition_point(|it| it.at <= at);
        let Some(before) = next.checked_sub(1).and_then(|it| self.past.get(it)).copied() else {
            return Moment::default();
        };
        let Some(after) = self.past.get(next) else { return Moment { at, ..before } };
        let passed = (at - before.at) as f64;
        let idled = before.idled + (after.idled - before.idled) * passed / (after.at - before.at) as f64;
        Moment { at, idled, area: before.area + passed * (before.idled + idled) / 2.0 }
    }

    /// What is longer ago than the idle timeout is asked for no more.
    fn forget(&mut self, now: u64) {
        let from = now.saturating_sub(self.idle);
        while self.past.get(1).is_some_and(|second| second.at <= from) {
            self.past.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: u64 = 1_000_000_000;

    fn seen(requests: u64, answered: u64, closed: u64, outstanding: u64) -> Seen {
        Seen { requests, answered, closed, outstanding, share: 1.0 }
    }

    /// Ten requests a second that are answered at once, five to a connection: two connections a second, each open for 4 s. In the first second
    /// they grow from 0 to 2, in the fourth one from 6 to 8, and then there are 8. What comes no more is gone after 4 s.
    #[test]
    fn connections_fill_up_over_the_idle_timeout() {
        let mut clients = Clients::new(5.0, 4 * S);
        let mut found = Vec::new();
        for second in 1..=10 {
            let count = 10 * second.min(6);
            found.push(clients.read(second * S, seen(count, count, 0, 0)));
        }
        let mean: Vec<f64> = found.iter().map(|it| (it.mean * 1e6).round() / 1e6).collect();
        let now: Vec<f64> = found.iter().map(|it| (it.now * 1e6).round() / 1e6).collect();
        assert_eq!(mean, [1.0, 3.0, 5.0, 7.0, 8.0, 8.0, 7.0, 5.0, 3.0, 1.0]);
        assert_eq!(now, [2.0, 4.0, 6.0, 8.0, 8.0, 8.0, 6.0, 4.0, 2.0, 0.0]);
        assert!(clients.past.len() <= 6, "{}", clients.past.len());
    }

    /// Three requests stay inside for two seconds, one of them without its client after the first: 3 in use, then 2, which are idle then.
    #[test]
    fn a_request_holds_its_connection_until_its_answer_or_until_its_client_goes() {
        let mut clients = Clients::new(1.0, 5 * S);
        assert_eq!(clients.read(S, seen(3, 0, 0, 3)).now, 3.0);
        assert_eq!(clients.read(2 * S, seen(3, 0, 1, 3)).now, 2.0);
        assert_eq!(clients.read(3 * S, seen(3, 2, 1, 1)).now, 2.0);
        // What the target still works on is of nobody.
        assert_eq!(clients.read(4 * S, seen(3, 2, 1, 0)), Open { mean: 2.0, now: 2.0 });
    }

    /// The idle timeout ends between two readings: of what came in a second, half is gone half a second later.
    #[test]
    fn a_moment_between_two_readings_is_on_a_straight_line() {
        let mut clients = Clients::new(1.0, S / 2);
        assert_eq!(clients.read(S, seen(8, 8, 0, 0)).now, 4.0);
    }

    /// Half of the requests are of callers that count their own connections.
    #[test]
    fn connections_that_callers_count_are_left_out() {
        let mut clients = Clients::new(1.0, 5 * S);
        let half = Seen { share: 0.5, ..seen(4, 2, 0, 2) };
        assert_eq!(clients.read(S, half).now, 2.0);
    }
}

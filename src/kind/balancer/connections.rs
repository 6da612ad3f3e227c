//! Connections to targets that close idle ones: the keep-alive race.
//!
//! In: answers, which leave a connection idle, and requests, which take one. Out: whether the target has closed it meanwhile. A
//! server closes a connection on which nothing came for its keep-alive time. The balancer hears of it one way later, and a request
//! that it has sent until then arrives at a closed connection. (Elastic Load Balancing user guide, "Troubleshoot your Application
//! Load Balancers": 502, the target closed the connection with a TCP RST or FIN while it had an outstanding request.)

use std::collections::VecDeque;

/// The idle connections of one balancer, and when its targets close them.
#[derive(Debug)]
pub(super) struct Connections {
    /// An application closes a connection that was idle for so long, in nanoseconds.
    keep_alive: u64,
    /// The balancer closes it after this.
    idle_timeout: u64,
    /// One way between them.
    hop: u64,
    /// Of each target, when its idle connections carried their last answer out; the latest last.
    idle: Vec<VecDeque<u64>>,
    /// Whether a request has met a closed connection.
    pub raced: bool,
}

impl Connections {
    /// No connection yet.
    pub fn new(keep_alive: u64, idle_timeout: u64, hop: u64) -> Connections {
        Connections { keep_alive, idle_timeout, hop, idle: Vec::new(), raced: false }
    }

    /// A request leaves the balancer for a target. It takes the connection that was used last, or a new one. Returns when the
    /// target closes that connection, unless the request is there before.
    pub fn take(&mut self, target: u32, now: u64) -> u64 {
        let Some(idle) = self.idle.get_mut(target as usize) else { return u64::MAX };
        // The answer has come back on it.
        let back = idle.partition_point(|answered| answered.saturating_add(self.hop) <= now);
        let Some(last) = back.checked_sub(1) else { return u64::MAX };
        let answered = idle[last];
        let closes = answered.saturating_add(self.keep_alive);
        // Each end closes it; the balancer knows of the other one's end when the way is over.
        let known = closes.min(answered.saturating_add(self.idle_timeout)).saturating_add(self.hop);
        if known <= now {
            // Those before have been idle for longer.
            idle.drain(..back);
            return u64::MAX;
        }
        idle.remove(last);
        closes
    }

    /// An answer leaves a target: its connection is idle from now on.
    pub fn keep(&mut self, target: u32, now: u64) {
        let index = target as usize;
        if index >= self.idle.len() {
            self.idle.resize(index + 1, VecDeque::new());
        }
        self.idle[index].push_back(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One way is 1, the target closes after 100. An answer leaves it at 0 and is back at 1. What is sent before 101 takes the
    /// connection, which is closed at 100; at 101 the balancer knows.
    #[test]
    fn a_connection_is_taken_until_its_end_is_known() {
        let taken = |at: u64, idle_timeout: u64| {
            let mut connections = Connections::new(100, idle_timeout, 1);
            connections.keep(3, 0);
            connections.take(3, at)
        };
        assert_eq!([0, 1, 98, 100, 101].map(|at| taken(at, 1_000)), [u64::MAX, 100, 100, 100, u64::MAX]);
        // A balancer that closes after 50 does so 50 after the answer is back.
        assert_eq!([50, 51].map(|at| taken(at, 50)), [100, u64::MAX]);
    }

    #[test]
    fn the_connection_that_was_used_last_is_taken_first() {
        let mut connections = Connections::new(100, 1_000, 0);
        [0, 40].into_iter().for_each(|now| connections.keep(0, now));
        assert_eq!(
            [connections.take(0, 50), connections.take(0, 50), connections.take(0, 50)],
            [140, 100, u64::MAX]
        );
        // Those that have been idle for longer end with one that has ended.
        [60, 70].into_iter().for_each(|now| connections.keep(0, now));
        assert_eq!(connections.take(0, 170), u64::MAX);
        assert!(connections.idle[0].is_empty() && connections.take(1, 0) == u64::MAX);
    }
}

//! What a balancer counts of requests that do not end well. In: failures, each by whose fault. Out: counters, and marks at the ends
//! of rows. What goes well is counted where it passes.

use crate::flow::mark::Mark;
use crate::measure::stage::Cause;

/// The counters of one target group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Rejected because the balancer had not grown enough.
    pub rejected: u64,
    /// Its own errors: 502, 503 and 504.
    pub own: [u64; 3],
    /// Errors that targets answered.
    pub of_targets: u64,
    /// Clients that closed their connection before the answer.
    pub closed: u64,
    /// Connections that were idle for too long, and reset.
    pub resets: u64,
    /// Connections that targets refused or reset.
    pub target_resets: u64,
    /// Connections that clients closed before the answer.
    pub client_resets: u64,
    /// Connections for which there was no port.
    pub port_errors: u64,
    /// Turned away at a full surge queue.
    pub spilled: u64,
    /// Connections that were refused for want of a target.
    pub refused: u64,
    /// How often a client whose cookie names a target that may get no requests was bound to another one.
    pub rebound: u64,
    /// Connections to targets that were opened, and requests that took one that was idle, where targets close idle ones.
    pub opened: u64,
    pub reused: u64,
}

/// What is at a balancer, and what has become of its requests.
#[derive(Clone, Copy, Debug)]
pub(super) struct Inside {
    /// Requests at its targets.
    pub outstanding: u64,
    pub counts: Counts,
    /// Requests that have come from users so far, whose connections are counted by themselves.
    pub of_users: u64,
}

impl Counts {
    /// Adds those of another group.
    pub fn add(&mut self, more: &Counts) {
        self.rejected += more.rejected;
        self.own.iter_mut().zip(more.own).for_each(|(sum, more)| *sum += more);
        self.of_targets += more.of_targets;
        self.closed += more.closed;
        self.resets += more.resets;
        self.target_resets += more.target_resets;
        self.client_resets += more.client_resets;
        self.port_errors += more.port_errors;
        self.spilled += more.spilled;
        self.refused += more.refused;
        self.rebound += more.rebound;
        self.opened += more.opened;
        self.reused += more.reused;
    }

    /// Errors of requests that had come to a target.
    pub fn after_target(&self) -> u64 {
        let [bad_gateway, _, timeout] = self.own;
        bad_gateway + timeout + self.of_targets
    }

    /// Every error of its own: those that it answers with, also while it grows or its surge queue is full.
    pub fn all_own(&self) -> u64 {
        self.own.iter().sum::<u64>() + self.rejected + self.spilled
    }

    /// An error that the balancer makes itself.
    pub fn own(&mut self, cause: Cause) {
        let place = match cause {
            Cause::BadGateway => 0,
            Cause::GatewayTimeout => 2,
            _ => 1,
        };
        self.own[place] += 1;
    }
}

/// Counters at the end of the last row.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks {
    rejected: Mark,
    own: Mark,
    of_targets: Mark,
    closed: Mark,
    spilled: Mark,
    port_errors: Mark,
}

impl Marks {
    /// What they grew by since then: rejected, own errors, errors of targets, closed by the client, turned away at the surge queue, and
    /// dropped for want of a port.
    pub fn grown(&mut self, now: &Counts) -> [u64; 6] {
        [
            self.rejected.grown(now.rejected),
            self.own.grown(now.own.iter().sum()),
            self.of_targets.grown(now.of_targets),
            self.closed.grown(now.closed),
            self.spilled.grown(now.spilled),
            self.port_errors.grown(now.port_errors),
        ]
    }
}

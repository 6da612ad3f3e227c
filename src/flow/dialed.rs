//! Connections that hosts open for their calls, where their fleet counts them.
//!
//! In: calls that take a connection, and that end. Out: of each balancer that they lead to, how many were opened and are open; of a call,
//! whether its connection is new. Without such hosts there is nothing here.

use super::flows::Flows;
use super::per_attempt::PerAttempt;

/// The connections of hosts to balancers.
#[derive(Debug)]
pub struct Dialed {
    /// Of each attempt, whether its last call has opened a connection.
    fresh: PerAttempt<bool>,
    /// Of each balancer.
    to: Vec<Flows>,
}

impl Default for Dialed {
    fn default() -> Self {
        Dialed { fresh: PerAttempt::new(false), to: Vec::new() }
    }
}

impl Dialed {
    fn of(&mut self, balancer: usize) -> &mut Flows {
        if balancer >= self.to.len() {
            self.to.resize_with(balancer + 1, Flows::default);
        }
        &mut self.to[balancer]
    }

    /// A call opens a connection.
    pub fn opens(&mut self, id: u32, balancer: usize, now: u64) {
        *self.fresh.of_mut(id) = true;
        self.of(balancer).begins(now);
    }

    /// A call takes a connection that was kept, and would have been closed then.
    pub fn keeps_on(&mut self, id: u32, balancer: usize, now: u64, closes: u64) {
        *self.fresh.of_mut(id) = false;
        self.of(balancer).resumes(now, closes);
    }

    /// A call has ended: its connection is closed then, unless it is used before.
    pub fn rests(&mut self, balancer: usize, now: u64, closes: u64) {
        self.of(balancer).idles(now, closes);
    }

    /// Whether the last call of an attempt has opened a connection.
    pub fn is_fresh(&self, id: u32) -> bool {
        self.fresh.of(id)
    }

    /// How many are open to a balancer.
    pub fn open(&mut self, balancer: usize, now: u64) -> u64 {
        self.to.get_mut(balancer).map_or(0, |flows| flows.open(now))
    }

    /// How many were opened to a balancer in the row that ends now, and how many were open on its mean.
    pub fn in_row(&mut self, balancer: usize, now: u64, span: f64) -> (f64, f64) {
        self.to.get_mut(balancer).map_or((0.0, 0.0), |flows| flows.in_row(now, span))
    }
}

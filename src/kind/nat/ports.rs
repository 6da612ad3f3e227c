//! The ports of a NAT gateway to one destination: which connections of its hosts take them.
//!
//! In: requests of hosts that begin and end. Out: whether each has a connection. A host takes the connection that it used last. One that
//! has been idle for too long is closed by the host, or has been forgotten by the gateway, which resets it when it is used.

use std::collections::BTreeMap;

use super::language::Nat;

/// What a request got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// A connection that was kept.
    Kept,
    /// A new one.
    Opened,
    /// One that the gateway has forgotten.
    Forgotten,
    /// Nothing: all ports are taken.
    Nothing,
}

/// The connections to one destination.
#[derive(Debug, Default)]
pub struct Ports {
    /// In use.
    in_use: u64,
    /// Of each host, since when its idle ones are, the longest first.
    idle: BTreeMap<u32, Vec<u64>>,
    /// How many these are.
    kept: u64,
}

impl Ports {
    /// A host begins a request.
    pub fn take(&mut self, nat: &Nat, host: u32, now: u64) -> Taken {
        let age = |since: u64| now - since;
        let own = self.idle.entry(host).or_default();
        // A host closes what it has kept for long enough.
        let closed = own.partition_point(|since| age(*since) >= nat.keep_alive.0);
        own.drain(..closed);
        self.kept -= closed as u64;
        if let Some(since) = own.pop() {
            self.kept -= 1;
            if age(since) >= nat.idle_timeout.0 {
                return Taken::Forgotten;
            }
            self.in_use += 1;
            return Taken::Kept;
        }
        if self.in_use + self.kept >= nat.at_once() && self.open(nat, now) >= nat.at_once() {
            return Taken::Nothing;
        }
        self.in_use += 1;
        Taken::Opened
    }

    /// A request has ended, and its connection is idle.
    pub fn give(&mut self, nat: &Nat, host: u32, now: u64) {
        self.in_use -= 1;
        if nat.keep_alive.0 > 0 {
            self.idle.entry(host).or_default().push(now);
            self.kept += 1;
        }
    }

    /// A request was called off, and its connection is closed.
    pub fn close(&mut self) {
        self.in_use -= 1;
    }

    /// A host is gone, with its connections.
    pub fn leave(&mut self, host: u32) {
        self.kept -= self.idle.remove(&host).map_or(0, |own| own.len() as u64);
    }

    /// The gateway has forgotten all of them.
    pub fn forget(&mut self) {
        self.idle.clear();
        self.kept = 0;
    }

    /// Ports that are taken: of what is in use, and of what is idle and known to both sides.
    pub fn open(&self, nat: &Nat, now: u64) -> u64 {
        let lives = nat.keep_alive.min(nat.idle_timeout).0;
        let own = self.idle.values().map(|own| own.len() - own.partition_point(|since| now - since >= lives));
        self.in_use + own.sum::<usize>() as u64
    }
}

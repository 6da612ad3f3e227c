//! Attempts in hosts, and hosts in groups.
//!
//! In: attempts that enter and leave a host. Out: which threads and CPU they use; the state of a group of hosts.

use super::attempt::Tier;
use super::host::{Host, Lifecycle};
use super::{Flow, NONE};

impl Flow {
    /// An attempt enters a host, as a new innermost tier.
    #[inline]
    pub fn enter_tier(&mut self, id: u32, tier: u8, host: u32, from: Tier) {
        let Tier { target, balancer, patience, .. } = from;
        let state = &mut self.hosts[host as usize];
        state.inside += 1;
        state.entered += 1;
        self.attempts.enter(id, tier, Tier { target, balancer, patience, ..state.tier(host) });
    }

    /// An attempt leaves its innermost tier and gives its thread back; returns the tier, and whether the host is
    /// draining and now empty.
    #[inline(always)]
    pub fn leave_tier(&mut self, id: u32) -> (Tier, bool) {
        let tier = self.attempts[id].depth - 1;
        let (attempt, left) = self.attempts.in_tier(id, tier);
        attempt.depth = tier;
        let has_thread = attempt.threads & 1 << tier != 0;
        attempt.threads &= !(1 << tier);
        let state = &mut self.hosts[left.instance as usize];
        state.inside -= 1;
        let is_idle = state.inside == 0 && state.is_draining();
        if has_thread {
            self.give_thread(left.instance);
        }
        (left, is_idle)
    }

    /// CPU nanoseconds of a host up to now: those in which its cores were busy, less what was withheld.
    pub fn cpu_area(&self, host: u32) -> f64 {
        let busy = self.busy_cores(host);
        busy - self.hosts[host as usize].withheld.of(busy)
    }

    /// From now on a host gets only this share of its CPU; 1 is all of it.
    pub fn hold_back(&mut self, host: u32, share: f64) {
        let busy = self.busy_cores(host);
        let state = &mut self.hosts[host as usize];
        state.withheld.change(1.0 - share, busy);
        self.find_speed(host);
    }

    /// From now on a host works at this pace with the CPU that it gets.
    pub fn set_pace(&mut self, host: u32, pace: f64) {
        self.hosts[host as usize].pace = pace;
        self.find_speed(host);
    }

    fn find_speed(&mut self, host: u32) {
        let state = &mut self.hosts[host as usize];
        state.speed = state.strength * state.pace * state.withheld.granted();
        let (processor, speed) = (state.processor, state.speed);
        if processor != NONE {
            self.set_speed(processor, speed);
        }
    }

    /// Busy-core nanoseconds of a host up to now.
    pub fn busy_cores(&self, host: u32) -> f64 {
        let Host { cores, processor, .. } = self.hosts[host as usize];
        match processor {
            NONE => self.station(cores).busy_area(self.now),
            processor => self.processors[processor as usize].busy_area(self.now),
        }
    }

    /// Number of hosts of a group in the given states.
    pub fn count(&self, group: usize, part: impl Fn(Lifecycle) -> bool) -> u32 {
        let alive = &self.groups[group].alive;
        alive.iter().filter(|&&host| part(self.hosts[host as usize].lifecycle)).count() as u32
    }

    /// Units of capacity of some hosts: as many as they are, where none counts for more than another.
    pub fn capacity_of(&self, hosts: impl Iterator<Item = u32>) -> u32 {
        hosts.map(|host| self.hosts[host as usize].weight).sum()
    }

    /// The same of hosts of a group in the given states.
    pub fn capacity(&self, group: usize, part: impl Fn(Lifecycle) -> bool) -> u32 {
        let alive = self.groups[group].alive.iter().copied();
        self.capacity_of(alive.filter(|&host| part(self.hosts[host as usize].lifecycle)))
    }

    /// Number of hosts of a group that are in service and not lost.
    pub fn in_service(&self, group: usize) -> u32 {
        let hosts = self.groups[group].alive.iter().map(|&host| &self.hosts[host as usize]);
        hosts.filter(|host| host.lifecycle == Lifecycle::InService && !host.is_lost()).count() as u32
    }

    /// Hosts of a group that are past their warm-up.
    pub fn warm(&self, group: usize) -> impl Iterator<Item = u32> {
        let alive = self.groups[group].alive.iter().copied();
        alive.filter(|&host| self.hosts[host as usize].is_warm(self.now))
    }

    /// Requests sent to the hosts of a group so far.
    pub fn requests_of(&self, group: usize) -> u64 {
        self.groups[group].calls.iter().map(|&at| self.passed[at]).sum()
    }
}

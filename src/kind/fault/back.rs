//! Whether what a strike took is back: its hosts, or others in their place, and its zone.
//!
//! In: the hosts of each group as they are, and the strikes that are open. Out: which strikes are closed. Each waits for what it took itself:
//! hosts that another strike keeps away are that one's, and of strikes that ended hosts of one group, the first has the first replacements.
//! Nodes and shards are back when the strike is over: one that another strike keeps down is that one's.

use super::language::Target;
use super::model::Faults;
use crate::flow::host::{Host, Lifecycle};
use crate::flow::{Flow, number};

impl Faults<'_> {
    /// A strike takes some hosts: those that served are missed.
    pub(super) fn takes(&mut self, strike: u32, hosts: Vec<u32>, flow: &Flow) {
        let level = (0..flow.groups.len()).map(|group| {
            let before =
                self.open.iter().map(|&it| self.strikes[it as usize].level[group]).max().unwrap_or(0);
            serving(group, flow).max(before.min(flow.groups[group].desired))
        });
        let level = level.collect();
        let served = hosts.iter().copied().filter(|&host| serves(&flow.hosts[host as usize])).collect();
        let mut fleets: Vec<usize> = hosts.iter().map(|&host| flow.hosts[host as usize].group).collect();
        fleets.sort_unstable();
        fleets.dedup();
        let state = &mut self.strikes[strike as usize];
        (state.level, state.took, state.served, state.fleets) = (level, hosts, served, fleets);
    }

    /// Closes the strikes that are over and of which all is back, the first one first.
    pub(super) fn look_for_what_is_back(&mut self, flow: &Flow) {
        let mut at = 0;
        while let Some(&strike) = self.open.get(at) {
            match !self.strikes[strike as usize].is_present && self.is_back(at, flow) {
                true => {
                    self.strikes[strike as usize].recovered = Some(flow.now);
                    self.open.remove(at);
                }
                false => at += 1,
            }
        }
    }

    /// Whether all that an open strike took is there again; `at` is its place among those that are open.
    fn is_back(&self, at: usize, flow: &Flow) -> bool {
        let own = &self.strikes[self.open[at] as usize];
        if let Target::Zone(place) = self.settings[usize::from(own.fault)].target
            && self.is_lost(place)
        {
            return false;
        }
        let hosts = own.served.iter().map(|&host| &flow.hosts[host as usize]);
        let mut groups: Vec<usize> =
            hosts.clone().filter(|host| is_gone(host)).map(|host| host.group).collect();
        groups.sort_unstable();
        groups.dedup();
        hosts.clone().all(|host| is_gone(host) || serves(host))
            && groups.into_iter().all(|group| {
                let wanted = own.level[group].min(flow.groups[group].desired);
                serving(group, flow) + self.away(at, group, flow) >= wanted
            })
    }

    /// Hosts of a group that other open strikes keep away: those that do not serve, and those that are gone by a later one.
    fn away(&self, at: usize, group: usize, flow: &Flow) -> u32 {
        let others = self.open.iter().enumerate().filter(|(place, _)| *place != at);
        let away = others.flat_map(|(place, &other)| {
            let hosts = self.strikes[other as usize].served.iter().map(|&host| &flow.hosts[host as usize]);
            hosts.filter(move |host| {
                host.group == group && if is_gone(host) { place > at } else { !serves(host) }
            })
        });
        number(away.count())
    }
}

/// How many hosts of a group serve.
fn serving(group: usize, flow: &Flow) -> u32 {
    number(flow.groups[group].alive.iter().filter(|&&host| serves(&flow.hosts[host as usize])).count())
}

/// Whether a host is in service, answers, and gets requests because its checks have passed: not because its balancer sends to all.
fn serves(host: &Host) -> bool {
    host.lifecycle == Lifecycle::InService
        && host.is_running()
        && !host.does_nothing()
        && host.rotation.is_well()
}

/// Whether a host does not come back.
fn is_gone(host: &Host) -> bool {
    host.is_lost() || host.lifecycle.is_terminating() || host.lifecycle == Lifecycle::Terminated
}

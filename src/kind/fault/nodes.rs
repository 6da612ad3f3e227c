//! Nodes of balancers in zones that are lost: callers that have looked up an address which does not answer.
//!
//! In: zones that are lost and back, and requests that are about to connect. Out: whether the node that a caller knows is lost. The name of a
//! balancer leaves a node out some time after its zone was lost, and has it again as long after the zone was back. Each caller has
//! looked the name up at a random time and keeps what it was told for its time to live; which of the nodes in the name that is follows from
//! the number of the caller alone, as for [`super::names`], so nothing has to be kept of it.

use std::collections::VecDeque;

use super::names::part;
use crate::catalog::zone::{Place, Zone};
use crate::kind::Settings;
use crate::number::agreeing;
use crate::rng::{mixed, stream};
use crate::units::Time;
use rand::Rng;

/// The nodes of all balancers that can lose one.
#[derive(Debug, Default)]
pub(super) struct Nodes(Vec<OfBalancer>);

/// The nodes of one balancer.
#[derive(Debug)]
struct OfBalancer {
    balancer: u16,
    zones: Vec<Zone>,
    /// From a loss until the name leaves the node out, and back; and how long an address is kept.
    detect: u64,
    ttl: u64,
    /// Whether the zone of each is lost now.
    lost: Vec<bool>,
    /// Which are left out of the name, as long ago as somebody remembers.
    out: Vec<bool>,
    /// Changes of that since then, in order: when, of which node, whether it is left out.
    changes: VecDeque<(u64, usize, bool)>,
    /// What the random numbers of its callers come from.
    seed: u64,
}

impl Nodes {
    /// Those of a file.
    pub fn of(kinds: &Settings, seed: u64) -> Nodes {
        let losing = kinds.balancers.iter().enumerate().filter(|(_, it)| it.loses_nodes(kinds));
        let nodes = losing.map(|(balancer, it)| {
            let mut zones = kinds.fleets[it.targets.index()].azs.clone();
            zones.sort_unstable();
            zones.dedup();
            let seed = stream(seed, &format!("balancer.{}/addresses", it.name)).next_u64();
            OfBalancer::new(crate::flow::number(balancer), zones, it.dns.detect.0, it.dns.ttl.0, seed)
        });
        Nodes(nodes.collect())
    }

    /// Whether no balancer can lose one.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A zone is lost, or back.
    pub fn changes(&mut self, place: Place, lost: bool, now: u64) {
        self.0.iter_mut().for_each(|it| it.change(place, lost, now));
    }

    /// When the check of each node in a zone that is lost now will be over, by its balancer.
    pub fn checks(&self, place: Place, now: u64) -> Vec<(u16, u64)> {
        let its = self.0.iter().filter(|it| it.node_in(place).is_some());
        its.map(|it| (it.balancer, now.saturating_add(it.detect))).collect()
    }

    /// Whether the name of a balancer leaves out its node in a zone from this instant on.
    pub fn leaves_out(&self, balancer: u16, place: Place, now: u64) -> bool {
        let mut its = self.0.iter().filter(|it| it.balancer == balancer);
        its.any(|it| it.node_in(place).is_some_and(|node| it.leaves_out(node, now)))
    }

    /// What the loss of a zone does to the names of balancers, in words.
    pub fn words(&self, place: Place, kinds: &Settings) -> Vec<String> {
        let has_one = |it: &&OfBalancer| it.node_in(place).is_some();
        let told = self.0.iter().filter(has_one).map(|it| {
            let name = &kinds.balancers[usize::from(it.balancer)].name;
            format!(
                "1 of {} of `{name}` does not answer: callers keep it for up to {}",
                agreeing(it.zones.len().to_string(), "address"),
                Time(it.detect.saturating_add(it.ttl))
            )
        });
        told.collect()
    }

    /// The zone that is lost with the node that a caller of a balancer knows.
    pub fn lost_for(&self, balancer: u16, caller: u64, now: u64) -> Option<Place> {
        let mut its = self.0.iter().filter(|it| it.balancer == balancer);
        its.find_map(|it| it.lost_for(caller, now))
    }
}

impl OfBalancer {
    fn new(balancer: u16, zones: Vec<Zone>, detect: u64, ttl: u64, seed: u64) -> OfBalancer {
        let none = vec![false; zones.len()];
        OfBalancer {
            balancer,
            zones,
            detect,
            ttl,
            lost: none.clone(),
            out: none,
            changes: VecDeque::new(),
            seed,
        }
    }

    /// The node in a zone.
    fn node_in(&self, place: Place) -> Option<usize> {
        self.zones.iter().position(|&zone| Place::at_home(zone) == place)
    }

    /// Which nodes are left out of the name for who looks it up at an instant; if it is all of them, it has all of them.
    fn out_at(&self, looked: u64) -> Vec<bool> {
        let mut out = self.out.clone();
        for &(_, node, is_out) in self.changes.iter().take_while(|change| change.0 <= looked) {
            out[node] = is_out;
        }
        out
    }

    /// Whether a node is left out from this instant on, and another one is not.
    fn leaves_out(&self, node: usize, now: u64) -> bool {
        self.changes.contains(&(now, node, true)) && self.out_at(now).contains(&false)
    }

    fn change(&mut self, place: Place, lost: bool, now: u64) {
        let Some(node) = self.node_in(place) else { return };
        self.lost[node] = lost;
        // A check that is not over when it is otherwise again has found nothing.
        let pending = self.changes.iter().position(|&(at, of, _)| of == node && at > now);
        match pending {
            Some(pending) => drop(self.changes.remove(pending)),
            None => {
                self.changes.push_back((now.saturating_add(self.detect), node, lost));
                self.changes.make_contiguous().sort_unstable();
            }
        }
        while let Some(&(at, node, out)) = self.changes.front()
            && at.saturating_add(self.ttl) <= now
        {
            self.out[node] = out;
            self.changes.pop_front();
        }
    }

    /// The zone of the node that a caller knows, if it is lost.
    fn lost_for(&self, caller: u64, now: u64) -> Option<Place> {
        if !self.lost.contains(&true) {
            return None;
        }
        let ttl = self.ttl.max(1);
        let phase = (part(mixed(self.seed ^ caller, 0)) * ttl as f64) as u64;
        // It has looked the name up for the last time in the run, or before it.
        let (number, looked) = match now.checked_sub(phase) {
            Some(since) => (since / ttl + 1, since / ttl * ttl + phase),
            None => (0, 0),
        };
        let out = self.out_at(looked);
        // Without any node the name has all of them.
        let all_out = out.iter().all(|out| *out);
        let known: Vec<usize> = (0..out.len()).filter(|&node| all_out || !out[node]).collect();
        let drawn = part(mixed(self.seed ^ caller, number.saturating_add(u64::MAX / 2))) * known.len() as f64;
        let node = known.get(drawn as usize).copied().filter(|&node| self.lost[node])?;
        Some(Place::at_home(self.zones[node]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Place = Place::at_home(Zone(0));
    const B: Place = Place::at_home(Zone(1));

    /// Of ten thousand callers, those that know a node which is lost.
    fn failing(nodes: &OfBalancer, now: u64) -> f64 {
        (0..10_000).filter(|&ordinal| nodes.lost_for(mixed(ordinal, 0), now).is_some()).count() as f64 / 1e4
    }

    fn of_zones(count: u32) -> OfBalancer {
        OfBalancer::new(0, Zone::first(count), 30, 60, 7)
    }

    /// Of three zones one is lost at 1000: a third of the callers fail until 1030, when the name leaves it out, half of them at 1060, and none
    /// from 1090 on. Within four standard deviations of 0.0047.
    #[test]
    fn callers_fail_at_a_lost_node_until_they_look_the_name_up_again() {
        let mut nodes = of_zones(3);
        assert_eq!(failing(&nodes, 999), 0.0);
        nodes.change(B, true, 1_000);
        for (now, share) in
            [(1_000, 1.0), (1_029, 1.0), (1_060, 0.5), (1_075, 0.25), (1_090, 0.0), (9_000, 0.0)]
        {
            let found = failing(&nodes, now);
            assert!((found - share / 3.0).abs() <= 0.019, "{now}: {found}");
        }
        // What is back answers at once, who knows it still or again.
        nodes.change(B, false, 9_000);
        assert_eq!(failing(&nodes, 9_001), 0.0);
    }

    /// A node that is back before it was left out never is; and if all are lost, all are in the name.
    #[test]
    fn a_short_loss_is_in_no_name_and_the_last_node_stays_in_it() {
        let mut nodes = of_zones(2);
        nodes.change(A, true, 1_000);
        nodes.change(A, false, 1_020);
        assert!(nodes.changes.is_empty() && !nodes.leaves_out(0, 1_030));
        nodes.change(A, true, 2_000);
        assert!(nodes.leaves_out(0, 2_030) && !nodes.leaves_out(1, 2_030));
        nodes.change(B, true, 2_000);
        assert!(!nodes.leaves_out(0, 2_030), "all are in it");
        assert_eq!([2_000, 2_080, 5_000].map(|now| failing(&nodes, now)), [1.0; 3]);
        // One is back: for 30 more all are in the name, and half of the callers come to the other one; a minute later nobody does.
        nodes.change(B, false, 6_000);
        assert!((failing(&nodes, 6_029) - 0.5).abs() < 0.02 && failing(&nodes, 6_090) == 0.0);
    }
}

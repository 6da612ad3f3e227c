//! Choosing a target: round robin, least outstanding requests, random, two choices, by weight.
//!
//! In: which targets are eligible and how many requests each has outstanding. Out: a target.

use super::language::{Routing, Ties};
use super::levels::Levels;
use super::weights::Weights;
use crate::dist::below;
use crate::engine::turns::Turns;
use crate::rng::Stream;

/// The targets of one group.
#[derive(Debug)]
pub struct Picker {
    routing: Routing,
    ties: Ties,
    loads: Vec<Load>,
    /// Eligible targets.
    ring: Turns,
    /// Ties are broken in order from this target on.
    cursor: u32,
    levels: Levels,
    /// With weighted random.
    pub(super) weights: Weights,
    stream: Stream,
}

/// The state of a target.
#[derive(Clone, Copy, Debug, Default)]
struct Load {
    outstanding: u32,
    eligible: bool,
}

impl Picker {
    /// No targets yet.
    pub fn new(routing: Routing, ties: Ties, stream: Stream) -> Self {
        let (loads, ring) = (Vec::new(), Turns::default());
        Picker {
            routing,
            ties,
            loads,
            ring,
            cursor: 0,
            levels: Levels::default(),
            weights: Weights::default(),
            stream,
        }
    }

    /// Makes a target eligible or not.
    pub fn set_eligible(&mut self, target: u32, eligible: bool) {
        let index = target as usize;
        if index >= self.loads.len() {
            self.loads.resize(index + 1, Load::default());
        }
        if self.loads[index].eligible == eligible {
            return;
        }
        self.loads[index].eligible = eligible;
        match eligible {
            true => self.ring.insert(target),
            false => self.ring.remove(target),
        }
        if self.routing == Routing::LeastOutstandingRequests {
            self.levels.toggle(target, self.loads[index].outstanding);
        }
        self.weigh();
    }

    /// Requests of a target that are sent and not yet answered.
    pub(super) fn outstanding(&self, target: u32) -> u32 {
        self.loads.get(target as usize).map_or(0, |load| load.outstanding)
    }

    /// Requests of all targets that are sent and not yet answered.
    pub(super) fn all_outstanding(&self) -> u64 {
        self.loads.iter().map(|load| u64::from(load.outstanding)).sum()
    }

    /// The targets that may be picked.
    pub(super) fn eligible(&self) -> &[u32] {
        self.ring.members()
    }

    /// Weights have changed, or the targets that have them.
    pub(super) fn weigh(&mut self) {
        if self.routing == Routing::WeightedRandom {
            self.weights.among(self.ring.members());
        }
    }

    /// Picks a target and counts the request as outstanding there.
    #[inline(always)]
    pub fn pick(&mut self) -> Option<u32> {
        if self.ring.members().is_empty() {
            return None;
        }
        let target = match (self.routing, self.ties) {
            (Routing::LeastOutstandingRequests, Ties::First) => self.levels.raise_lowest()?,
            _ => self.pick_otherwise()?,
        };
        self.loads[target as usize].outstanding += 1;
        Some(target)
    }

    /// Sends a request to a target that a client is bound to; returns whether it is eligible.
    pub(super) fn take(&mut self, target: u32) -> bool {
        let load = &mut self.loads[target as usize];
        if !load.eligible {
            return false;
        }
        load.outstanding += 1;
        let outstanding = load.outstanding;
        match self.routing {
            Routing::LeastOutstandingRequests => {
                self.levels.toggle(target, outstanding - 1);
                self.levels.toggle(target, outstanding);
            }
            Routing::WeightedRandom => self.weights.sent(target),
            _ => {}
        }
        true
    }

    #[inline(never)]
    fn pick_otherwise(&mut self) -> Option<u32> {
        match self.routing {
            Routing::LeastOutstandingRequests => Some(self.break_tie()),
            Routing::RoundRobin => self.ring.take(),
            Routing::Random => Some(self.any()),
            Routing::TwoChoices => Some(self.two_choices()),
            Routing::WeightedRandom => Some(self.by_weight()),
        }
    }

    /// A request of a target was answered or has failed.
    #[inline(always)]
    pub fn answered(&mut self, target: u32) {
        let load = &mut self.loads[target as usize];
        load.outstanding -= 1;
        if load.eligible && self.routing == Routing::LeastOutstandingRequests {
            self.levels.lower(target, load.outstanding);
        }
    }

    /// A target that was picked does not get the request.
    pub(super) fn put_back(&mut self, target: u32) {
        if self.routing == Routing::WeightedRandom {
            self.weights.unsent(target);
        }
        self.answered(target);
    }

    /// One of the targets with the fewest outstanding requests; there must be at least one.
    fn break_tie(&mut self) -> u32 {
        let target = match self.ties {
            Ties::Random => {
                let among = self.levels.ties();
                self.levels.nth(below(&mut self.stream, among) as u32)
            }
            _ => self.levels.next_from(self.cursor).or_else(|| self.levels.next_from(0)),
        };
        let target = target.unwrap_or(self.ring.members()[0]);
        self.cursor = target + 1;
        self.levels.raise(target);
        target
    }

    fn any(&mut self) -> u32 {
        let ring = self.ring.members();
        ring[below(&mut self.stream, ring.len() as u64) as usize]
    }

    fn by_weight(&mut self) -> u32 {
        let target = self.weights.draw(self.ring.members(), &mut self.stream);
        self.weights.sent(target);
        target
    }

    fn two_choices(&mut self) -> u32 {
        let ring = self.ring.members();
        let first = below(&mut self.stream, ring.len() as u64) as usize;
        if ring.len() == 1 {
            return ring[first];
        }
        let second = below(&mut self.stream, ring.len() as u64 - 1) as usize;
        let second = second + usize::from(second >= first);
        let (first, second) = (ring[first], ring[second]);
        let outstanding = |target: u32| self.loads[target as usize].outstanding;
        if outstanding(second) < outstanding(first) { second } else { first }
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a statistic of a test, which is no simulated number")]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::rng::stream;

    fn picker(routing: Routing, targets: u32) -> Picker {
        tied_picker(routing, Ties::First, targets)
    }

    fn tied_picker(routing: Routing, ties: Ties, targets: u32) -> Picker {
        let mut picker = Picker::new(routing, ties, stream(1, "test"));
        (0..targets).for_each(|target| picker.set_eligible(target, true));
        picker
    }

    #[test]
    fn round_robin_takes_each_in_turn() {
        let mut picker = picker(Routing::RoundRobin, 3);
        let picks: Vec<_> = (0..6).filter_map(|_| picker.pick()).collect();
        assert_eq!(picks, [0, 1, 2, 0, 1, 2]);
    }

    #[test]
    fn nobody_is_picked_when_nobody_is_eligible() {
        for routing in
            [Routing::RoundRobin, Routing::LeastOutstandingRequests, Routing::Random, Routing::TwoChoices]
        {
            let mut picker = picker(routing, 1);
            picker.set_eligible(0, false);
            assert_eq!(picker.pick(), None);
        }
    }

    #[test]
    fn ties_go_to_each_in_turn() {
        let mut picker = tied_picker(Routing::LeastOutstandingRequests, Ties::InTurn, 130);
        let picks: Vec<_> = (0..130).filter_map(|_| picker.pick()).collect();
        assert_eq!(picks, (0..130).collect::<Vec<_>>());
        [3, 99, 70].into_iter().for_each(|target| picker.answered(target));
        assert_eq!([picker.pick(), picker.pick()], [Some(3), Some(70)]);
        picker.answered(3);
        assert_eq!([picker.pick(), picker.pick(), picker.pick()], [Some(99), Some(3), Some(4)]);
    }

    /// As a sorted list of all of them would choose.
    #[test]
    fn the_least_of_many_targets_is_found() {
        for targets in [64u32, 65, 4_096, 4_097, 10_000] {
            let mut picker = picker(Routing::LeastOutstandingRequests, targets);
            let mut loads: BTreeSet<(u32, u32)> = (0..targets).map(|target| (0, target)).collect();
            let (mut sent, mut random) = (Vec::new(), stream(2, "test"));
            for step in 0..60_000 {
                // First they fill up, and then they are mostly at two or three levels.
                if step < 2 * targets || sent.is_empty() || below(&mut random, 2) == 0 {
                    let (outstanding, target) = loads.pop_first().unwrap();
                    assert_eq!(picker.pick(), Some(target), "{targets}, step {step}");
                    loads.insert((outstanding + 1, target));
                    sent.push(target);
                } else {
                    let target = sent.swap_remove(below(&mut random, sent.len() as u64) as usize);
                    let outstanding = picker.outstanding(target);
                    loads.remove(&(outstanding, target));
                    loads.insert((outstanding - 1, target));
                    picker.answered(target);
                }
            }
        }
    }

    #[test]
    fn random_ties_go_to_all_alike() {
        let mut counts = [0u32; 100];
        let mut picker = tied_picker(Routing::LeastOutstandingRequests, Ties::Random, 100);
        for _ in 0..10_000 {
            let target = picker.pick().unwrap();
            counts[target as usize] += 1;
            picker.answered(target);
        }
        // Pearson's statistic with 99 degrees of freedom: 160 is its 99.99 % quantile.
        let distance: f64 = counts.iter().map(|&count| (f64::from(count) - 100.0).powi(2) / 100.0).sum();
        assert!(distance < 160.0, "{distance}");
    }

    proptest! {
        /// For any rule of ties.
        #[test]
        fn broken_ties_are_least_as_well(
            random in any::<bool>(),
            targets in prop::sample::select(vec![1u32, 40, 64, 65, 150]),
            steps in prop::collection::vec((0u8..4, 0u32..150), 1..500),
        ) {
            let ties = if random { Ties::Random } else { Ties::InTurn };
            let mut picker = tied_picker(Routing::LeastOutstandingRequests, ties, targets);
            let mut outstanding = vec![0u32; targets as usize];
            let mut eligible = vec![true; targets as usize];
            for (kind, target) in steps {
                let target = target % targets;
                match kind {
                    0 => {
                        eligible[target as usize] = !eligible[target as usize];
                        picker.set_eligible(target, eligible[target as usize]);
                    }
                    1 if outstanding[target as usize] > 0 => {
                        outstanding[target as usize] -= 1;
                        picker.answered(target);
                    }
                    _ => {
                        let each = eligible.iter().zip(&outstanding);
                        let least = each.filter(|(eligible, _)| **eligible).map(|(_, outstanding)| *outstanding).min();
                        let pick = picker.pick();
                        prop_assert_eq!(pick.map(|t| (eligible[t as usize], outstanding[t as usize])), least.map(|l| (true, l)));
                        if let Some(pick) = pick {
                            outstanding[pick as usize] += 1;
                        }
                    }
                }
            }
        }

        /// Every pick has the fewest outstanding requests of all eligible targets, and the lowest number among equals; also
        /// after requests to targets that clients are bound to.
        #[test]
        fn least_outstanding_is_least(
            targets in prop::sample::select(vec![1u32, 40, 64, 65, 150]),
            steps in prop::collection::vec((0u8..5, 0u32..150), 1..500),
        ) {
            let mut picker = picker(Routing::LeastOutstandingRequests, targets);
            let mut outstanding = vec![0u32; targets as usize];
            let mut eligible = vec![true; targets as usize];
            for (kind, target) in steps {
                let target = target % targets;
                match kind {
                    0 => {
                        eligible[target as usize] = !eligible[target as usize];
                        picker.set_eligible(target, eligible[target as usize]);
                    }
                    1 if outstanding[target as usize] > 0 => {
                        outstanding[target as usize] -= 1;
                        picker.answered(target);
                    }
                    2 => {
                        prop_assert_eq!(picker.take(target), eligible[target as usize]);
                        outstanding[target as usize] += u32::from(eligible[target as usize]);
                    }
                    _ => {
                        let best = (0..targets).filter(|&t| eligible[t as usize]).min_by_key(|&t| outstanding[t as usize]);
                        prop_assert_eq!(picker.pick(), best);
                        if let Some(best) = best {
                            outstanding[best as usize] += 1;
                        }
                    }
                }
            }
        }
    }
}

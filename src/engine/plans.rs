//! Plans: for each of many resources, the one instant that is pending for it, and the earliest of all.
//!
//! In: the instant of a resource, in the place of the one before. Out: the earliest, and its resource; of equal instants the
//! one of the resource that was added first. A resource that plans again moves its instant, so none is ever out of date.
//!
//! It is a winner tree (`tree`). The number of a resource lies in the low bits that no instant of
//! the run needs: 20 of them in a run of four hours, 9 in one of a year. Resources that do not fit share the last
//! number, and a priority queue orders them: slower, but as many as there are.

use std::cmp::Reverse;

use priority_queue::PriorityQueue;

use super::tree::{NEVER, Tree};

/// As many nodes as most scenarios need: twice the resources.
const MANY: usize = 128;

/// The pending instants of all resources.
#[derive(Debug)]
pub struct Plans {
    /// Keys: an instant, and in the low bits a resource.
    tree: Tree<MANY>,
    resources: usize,
    /// Low bits of a key, for the resource.
    bits: u32,
    /// The largest number in these bits, which the resources share that do not fit.
    shared: usize,
    /// Nothing comes at this instant or later.
    end: u64,
    /// Plans of the resources whose numbers do not fit.
    crowd: PriorityQueue<usize, Reverse<(u64, usize)>>,
}

impl Plans {
    /// For a run that ends at this instant: later ones never come.
    pub fn new(end: u64) -> Self {
        let bits = end.leading_zeros().clamp(1, usize::BITS / 2);
        let (shared, end) = ((1 << bits) - 1, NEVER >> bits);
        Plans { tree: Tree::default(), resources: 0, bits, shared, end, crowd: PriorityQueue::new() }
    }

    /// Makes room for a resource for which nothing is pending; returns its number, which counts up from 0.
    pub fn add(&mut self) -> usize {
        let resource = self.resources;
        self.resources += 1;
        self.tree.make_room(resource.min(self.shared));
        resource
    }

    /// Plans an instant for a resource, in the place of the one that was pending; `u64::MAX` for nothing.
    #[inline(always)]
    pub fn set(&mut self, resource: usize, time: u64) {
        if resource >= self.shared {
            return self.set_in_crowd(resource, time);
        }
        self.tree.set(resource, self.key(resource, time));
    }

    /// Nothing is pending any more for a resource.
    pub fn clear(&mut self, resource: usize) {
        self.set(resource, NEVER);
    }

    /// Nothing is pending for an instant after the end.
    #[inline(always)]
    fn key(&self, leaf: usize, time: u64) -> u64 {
        if time < self.end { time << self.bits | leaf as u64 } else { NEVER }
    }

    #[cold]
    #[inline(never)]
    fn set_in_crowd(&mut self, resource: usize, time: u64) {
        match time {
            NEVER => drop(self.crowd.remove(&resource)),
            _ => drop(self.crowd.push(resource, Reverse((time, resource)))),
        }
        let first = self.crowd.peek().map(|(_, Reverse((time, _)))| *time);
        let shared = self.shared;
        self.tree.set(shared, first.map_or(NEVER, |time| self.key(shared, time)));
    }

    /// The instant from which on nothing comes; it is not before the end of the run.
    pub fn end(&self) -> u64 {
        self.end
    }

    /// Whether nothing is pending.
    pub fn is_empty(&self) -> bool {
        self.tree.first() == NEVER
    }

    /// The earliest instant; [`Plans::end`] if nothing is pending.
    #[inline(always)]
    pub fn earliest(&self) -> u64 {
        self.tree.first() >> self.bits
    }

    /// The resource of the earliest instant, if anything is pending.
    #[inline(always)]
    pub fn first(&self) -> usize {
        let leaf = self.tree.first() as usize & self.shared;
        if leaf == self.shared { self.first_in_crowd() } else { leaf }
    }

    #[cold]
    #[inline(never)]
    fn first_in_crowd(&self) -> usize {
        self.crowd.peek().map_or(0, |(resource, _)| *resource)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plans(end: u64, resources: usize) -> Plans {
        let mut plans = Plans::new(end);
        assert_eq!(
            (0..resources).map(|_| plans.add()).collect::<Vec<_>>(),
            (0..resources).collect::<Vec<_>>()
        );
        plans
    }

    fn first(plans: &Plans) -> Option<(u64, usize)> {
        (!plans.is_empty()).then(|| (plans.earliest(), plans.first()))
    }

    #[test]
    fn the_earliest_comes_first_and_of_equals_the_resource_added_first() {
        let mut plans = plans(1_000, 6);
        assert_eq!(first(&plans), None);
        plans.set(5, 30);
        plans.set(3, 20);
        plans.set(1, 20);
        assert_eq!(first(&plans), Some((20, 1)));
        plans.set(1, 31);
        assert_eq!(first(&plans), Some((20, 3)));
        plans.clear(3);
        assert_eq!(first(&plans), Some((30, 5)));
        plans.set(0, 30);
        assert_eq!(first(&plans), Some((30, 0)));
    }

    /// Resources are added while others are pending, past each size of the tree.
    #[test]
    fn what_is_pending_stays_when_resources_come() {
        let mut plans = Plans::new(1_000);
        for resource in 0..300 {
            assert_eq!(plans.add(), resource);
            plans.set(resource, 900 - resource as u64);
            assert_eq!(first(&plans), Some((900 - resource as u64, resource)));
        }
    }

    #[test]
    fn an_instant_after_the_end_never_comes() {
        let mut plans = plans(1_000, 2);
        plans.set(0, u64::MAX);
        plans.set(1, 1 << 60);
        assert_eq!(first(&plans), None);
        plans.set(1, 999);
        assert_eq!(first(&plans), Some((999, 1)));
        plans.set(1, u64::MAX);
        assert_eq!(first(&plans), None);
    }

    proptest! {
        /// With 54 bits for resources, with two (three resources have a number of their own), and with one.
        #[test]
        fn the_first_is_that_of_a_list(
            end in prop::sample::select(vec![1_000u64, (1 << 62) - 1, u64::MAX / 2]),
            resources in prop::sample::select(vec![1usize, 40, 64, 65, 90]),
            steps in prop::collection::vec((0usize..90, prop::option::weighted(0.8, 0u64..50)), 1..300),
        ) {
            let mut plans = plans(end, resources);
            prop_assert!(plans.end() >= end);
            let mut list = [None; 90];
            for (resource, time) in steps {
                let resource = resource % resources;
                match time {
                    Some(time) => plans.set(resource, time),
                    None => plans.clear(resource),
                }
                list[resource] = time;
                let least = list.iter().zip(0..).filter_map(|(time, resource)| time.map(|time| (time, resource))).min();
                prop_assert_eq!(first(&plans), least);
            }
        }
    }
}

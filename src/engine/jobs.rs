//! The jobs of a processor. In: jobs, done at any attained work. Out: the one that is done first.
//!
//! Mostly there are few. Then each lies in a slot, and one number has the slots in the order in which their jobs are done, a byte for
//! each. The place of a new job is how many are done before it: a count over all slots, and the number is shifted there. So
//! nothing depends on where jobs are, and the hardware has nothing to predict. What comes after as many as there are slots is
//! [`Later`].

use super::later::{Job, Later};

/// Slots.
const NEAR: usize = 8;

/// The work of a free slot: after that of all jobs.
const FREE: u64 = f64::INFINITY.to_bits();

/// Jobs in order. Two lines of a cache, and a part of a third that its processor shares.
#[derive(Clone, Debug)]
#[repr(C)]
pub struct Jobs {
    /// For each slot the attained work at which its job is done. It is never negative, so its bits sort like the number.
    works: [u64; NEAR],
    /// For each slot the number of its job in the order of arrival, and its owner.
    owners: [u64; NEAR],
    /// The slots of jobs: the first in the lowest byte.
    order: u64,
    /// The jobs that come after those in slots: there are some only if no slot is free.
    later: Box<Later>,
    /// Jobs.
    count: u32,
    /// Jobs that came since there was none.
    came: u32,
    /// A bit for each free slot.
    free: u32,
}

impl Default for Jobs {
    fn default() -> Self {
        let (works, owners, free) = ([FREE; NEAR], [0; NEAR], (1 << NEAR) - 1);
        Jobs { works, owners, order: 0, later: Box::default(), count: 0, came: 0, free }
    }
}

impl Jobs {
    /// How many there are.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.count as usize
    }

    /// Whether there is none.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The attained work at which the first job is done, and its owner; infinite if there is no job.
    #[inline(always)]
    pub fn first(&self) -> (f64, u32) {
        let slot = self.order as usize % NEAR;
        (f64::from_bits(self.works[slot]), self.owners[slot] as u32)
    }

    /// There is no job: the next one is counted as the first.
    #[inline(always)]
    pub fn begin_anew(&mut self) {
        self.came = 0;
    }

    /// Adds a job, which is done at an attained work; returns whether it is the first. Of equal work the one that arrived first
    /// is first.
    #[inline(always)]
    pub fn push(&mut self, done_at: f64, owner: u32) -> bool {
        self.came = self.came.wrapping_add(1);
        // What is never done is still before what is free.
        let work = done_at.min(f64::MAX).to_bits();
        let job = Job::new(work, u64::from(self.came) << 32 | u64::from(owner));
        self.insert(job)
    }

    /// Puts a job in its place, which came after all that have the same work.
    #[inline(always)]
    fn insert(&mut self, job: Job) -> bool {
        // How many jobs in slots are done no later. The sign of a difference: the compiler makes no better code of a comparison.
        let next = job.work() + 1;
        let place = self.works.iter().map(|other| (other.wrapping_sub(next) >> 63) as usize).sum();
        match self.len() < NEAR {
            true => self.put(job, place),
            false => self.put_in_full(job, place),
        }
        self.count += 1;
        place == 0
    }

    /// Puts a job in a free slot, of which there must be one, and in a place of the order.
    #[inline(always)]
    fn put(&mut self, job: Job, place: usize) {
        let slot = self.free.trailing_zeros() as usize % NEAR;
        self.free &= self.free.wrapping_sub(1);
        (self.works[slot], self.owners[slot]) = (job.work(), job.owner_and_order());
        let before = (1u64 << (8 * place)) - 1;
        self.order = (self.order & before) | (self.order & !before) << 8 | (slot as u64) << (8 * place);
    }

    /// Puts a job in the slot of the last one, which comes later, or is later itself.
    #[inline(never)]
    fn put_in_full(&mut self, job: Job, place: usize) {
        if place == NEAR {
            return self.later.push(job);
        }
        let last = (self.order >> (8 * (NEAR - 1))) as usize % NEAR;
        self.later.push(Job::new(self.works[last], self.owners[last]));
        self.free = 1 << last;
        self.put(job, place);
    }

    /// Takes the first job out, which there must be.
    #[inline(always)]
    pub fn pop(&mut self) {
        let slot = self.order as usize % NEAR;
        self.order >>= 8;
        self.works[slot] = FREE;
        self.free |= 1 << slot;
        self.count -= 1;
        if self.len() >= NEAR {
            self.fetch();
        }
    }

    /// Puts the first of the later jobs into the free slot, as the last there.
    #[inline(never)]
    fn fetch(&mut self) {
        if let Some(job) = self.later.pop() {
            self.put(job, NEAR - 1);
        }
    }

    /// Keeps only the jobs of some owners.
    pub fn retain(&mut self, mut keep: impl FnMut(u32) -> bool) {
        let mut jobs = self.take();
        jobs.retain(|job| keep(job.owner()));
        jobs.sort_unstable();
        jobs.into_iter().for_each(|job| _ = self.insert(job));
    }

    /// Takes all jobs out; returns their owners in the order in which they came.
    pub fn drain(&mut self) -> impl Iterator<Item = u32> {
        let mut jobs = self.take();
        jobs.sort_unstable_by_key(|job| job.owner_and_order());
        jobs.into_iter().map(Job::owner)
    }

    /// Takes all jobs out, in no order. The next one is numbered after them.
    fn take(&mut self) -> Vec<Job> {
        let taken = (0..NEAR).filter(|slot| self.free >> slot & 1 == 0);
        let near = taken.map(|slot| Job::new(self.works[slot], self.owners[slot]));
        let jobs = near.chain(self.later.drain()).collect();
        *self = Jobs { came: self.came, ..Jobs::default() };
        jobs
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Debug)]
    enum Step {
        Push(u16),
        Pop,
        /// Only those whose owner this number does not divide.
        Retain(u32),
        Drain,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            60 => any::<u16>().prop_map(Step::Push),
            // Many of one instant.
            20 => (0u16..4).prop_map(Step::Push),
            70 => Just(Step::Pop),
            2 => (2u32..5).prop_map(Step::Retain),
            1 => Just(Step::Drain),
        ]
    }

    proptest! {
        /// As a sorted set has them, however many there are.
        #[test]
        fn the_first_is_that_of_a_sorted_set(steps in prop::collection::vec(step(), 1..600)) {
            let (mut jobs, mut set) = (Jobs::default(), BTreeSet::new());
            for (owner, step) in (0..).zip(steps) {
                match step {
                    Step::Push(work) => {
                        let work = f64::from(work) / 7.0;
                        let job = Job::new(work.to_bits(), u64::from(jobs.came + 1) << 32 | u64::from(owner));
                        set.insert(job);
                        prop_assert_eq!(jobs.push(work, owner), set.first() == Some(&job));
                    }
                    Step::Pop if set.is_empty() => {}
                    Step::Pop => {
                        set.pop_first();
                        jobs.pop();
                    }
                    Step::Retain(number) => {
                        jobs.retain(|owner| !owner.is_multiple_of(number));
                        set.retain(|job| !job.owner().is_multiple_of(number));
                    }
                    Step::Drain => {
                        let mut all: Vec<u32> = std::mem::take(&mut set).into_iter().map(Job::owner).collect();
                        all.sort_unstable();
                        prop_assert_eq!(jobs.drain().collect::<Vec<_>>(), all);
                    }
                }
                let first = set.first().map(|job| (f64::from_bits(job.work()), job.owner()));
                prop_assert_eq!((!jobs.is_empty()).then(|| jobs.first()), first);
                prop_assert!(!jobs.is_empty() || jobs.first().0 == f64::INFINITY);
                prop_assert_eq!((jobs.len(), jobs.free.count_ones() as usize), (set.len(), NEAR.saturating_sub(set.len())));
            }
        }
    }

    #[test]
    fn jobs_that_are_never_done_keep_their_order() {
        let mut jobs = Jobs::default();
        let firsts = (0..20u32).map(|owner| jobs.push(f64::INFINITY, owner));
        assert_eq!(firsts.filter(|is_first| *is_first).count(), 1);
        for owner in 0..20 {
            assert_eq!(jobs.first(), (f64::MAX, owner));
            jobs.pop();
        }
        assert!(jobs.is_empty());
    }
}

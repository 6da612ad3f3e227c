//! The jobs of a processor that come after those few that are done first (`jobs`). In: jobs, at any place in the order. Out: the first.
//!
//! The next ones lie in order, the first at the end, where it is taken off without moving any other, and a
//! new one finds its place by a short scan, which the hardware predicts better than the paths of a heap. What comes after
//! these lies before them as a heap: so many jobs cost what they cost in a heap. Both are one list, and a job goes from one to the other by
//! moving the border.

use super::sorted;

/// A job: the attained work at which it is done, its number in the order of arrival, and its owner. Work is never
/// negative, so its bits sort like the numbers: one comparison finds which job is first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Job(u128);

impl Job {
    /// A job done at a work, of which these are the bits, with its number and its owner in one.
    #[inline(always)]
    pub fn new(work: u64, owner_and_order: u64) -> Self {
        Job(u128::from(work) << 64 | u128::from(owner_and_order))
    }

    /// The bits of the attained work at which it is done.
    #[inline(always)]
    pub fn work(self) -> u64 {
        (self.0 >> 64) as u64
    }

    /// Its number in the order of arrival, above its owner.
    #[inline(always)]
    pub fn owner_and_order(self) -> u64 {
        self.0 as u64
    }

    /// Its owner.
    #[inline(always)]
    pub fn owner(self) -> u32 {
        self.0 as u32
    }
}

/// Most jobs that lie in order: a scan over so many costs about as much as a way through a large heap.
const NEAR: usize = 24;
/// How many come from the heap when none is left in order.
const REFILL: usize = NEAR / 2;

/// Jobs in order.
#[derive(Clone, Debug, Default)]
pub struct Later {
    /// First a heap, of which the earliest is first, then jobs in order, the earliest last. Each of these is before each of the heap.
    jobs: Vec<Job>,
    /// Jobs in the heap.
    far: u32,
}

impl Later {
    /// Adds a job.
    #[inline]
    pub fn push(&mut self, job: Job) {
        let (far, last) = (self.far as usize, self.jobs.len());
        let place = sorted::insert(&mut self.jobs, far, job, |other, job| other > job);
        if far > 0 || last >= NEAR {
            self.put_away(place);
        }
    }

    /// Takes the first job out.
    #[inline]
    pub fn pop(&mut self) -> Option<Job> {
        let job = self.jobs.pop();
        if self.jobs.len() == self.far as usize && self.far > 0 {
            self.refill();
        }
        job
    }

    /// A job was put in a place. After all that lie in order, it may be after some of the heap, too: so it goes there, or, where too many
    /// are in order, the last of them.
    #[cold]
    #[inline(never)]
    fn put_away(&mut self, place: usize) {
        let mut at = self.far as usize;
        if (place > at || at == 0) && self.jobs.len() - at <= NEAR {
            return;
        }
        let job = self.jobs[at];
        self.far += 1;
        while at > 0 {
            let parent = (at - 1) / 2;
            if job >= self.jobs[parent] {
                break;
            }
            self.jobs[at] = self.jobs[parent];
            at = parent;
        }
        self.jobs[at] = job;
    }

    /// The earliest jobs of the heap are put in order behind it, as a heap is sorted in place.
    #[cold]
    #[inline(never)]
    fn refill(&mut self) {
        let far = self.far as usize;
        let left = far.saturating_sub(REFILL);
        for end in (left..far).rev() {
            let job = self.jobs[end];
            self.jobs[end] = self.jobs[0];
            sink(&mut self.jobs[..end], job);
        }
        self.far = left as u32;
    }

    /// Takes all jobs out, in no order.
    pub fn drain(&mut self) -> impl Iterator<Item = Job> + '_ {
        self.far = 0;
        self.jobs.drain(..)
    }
}

/// Puts a job in the first place of a heap, or, where others are before it, further down.
fn sink(jobs: &mut [Job], job: Job) {
    if jobs.is_empty() {
        return;
    }
    let mut at = 0;
    while let Some(&left) = jobs.get(2 * at + 1) {
        let right = jobs.get(2 * at + 2).copied().unwrap_or(left);
        let (child, first) = if right < left { (2 * at + 2, right) } else { (2 * at + 1, left) };
        if job < first {
            break;
        }
        jobs[at] = first;
        at = child;
    }
    jobs[at] = job;
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// As a sorted set has them, however many there are.
        #[test]
        fn the_first_is_that_of_a_sorted_set(
            steps in prop::collection::vec(prop::option::weighted(0.55, prop_oneof![any::<u16>(), 0u16..4]), 1..600), drains in 0usize..600,
        ) {
            let (mut later, mut set) = (Later::default(), BTreeSet::new());
            for (order, step) in (0..).zip(steps) {
                match step {
                    Some(work) => {
                        let job = Job::new(work.into(), order << 32);
                        set.insert(job);
                        later.push(job);
                    }
                    None => prop_assert_eq!(later.pop(), set.pop_first()),
                }
                if order as usize == drains {
                    prop_assert_eq!(later.drain().collect::<BTreeSet<_>>(), std::mem::take(&mut set));
                }
                prop_assert!(later.jobs.len() - later.far as usize <= NEAR);
            }
        }
    }
}

//! The jobs of a processor, in the order in which they will be done. In: jobs, at any place in the order. Out: the first.
//!
//! Mostly there are few: so the next ones lie in order, the first at the end, where it is taken off without moving any other, and a
//! new one finds its place by a short scan, which the hardware predicts better than the paths of a heap. What comes after
//! these lies before them as a heap: so many jobs cost what they cost in a heap. Both are one list, and a job goes from one to the other by
//! moving the border.

use super::sorted;

/// A job: the attained work at which it is done, its number in the order of arrival, and its owner. Work is never
/// negative, so its bits sort like the numbers: one comparison finds which job is first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Job(u128);

impl Job {
    /// A job of an owner; of equal work the one that arrived first is first.
    #[inline]
    fn new(done_at: f64, order: u32, owner: u32) -> Self {
        Job(u128::from(done_at.to_bits()) << 64 | u128::from(order) << 32 | u128::from(owner))
    }

    /// The attained work at which it is done.
    #[inline]
    pub fn done_at(self) -> f64 {
        f64::from_bits((self.0 >> 64) as u64)
    }

    /// Its owner.
    #[inline]
    pub fn owner(self) -> u32 {
        self.0 as u32
    }

    fn order(self) -> u32 {
        (self.0 >> 32) as u32
    }
}

/// Most jobs that lie in order: a scan over so many costs about as much as a way through a large heap.
const NEAR: usize = 24;
/// How many come from the heap when none is left in order.
const REFILL: usize = NEAR / 2;

/// Jobs in order.
#[derive(Clone, Debug, Default)]
pub struct Jobs {
    /// First a heap, of which the earliest is first, then jobs in order, the earliest last. Each of these is before each of the heap.
    jobs: Vec<Job>,
    /// Jobs in the heap.
    far: u32,
    /// Jobs that came since there was none.
    came: u32,
}

impl Jobs {
    /// How many there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.jobs.len()
    }

    /// Whether there is none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    /// The job that is done first.
    #[inline]
    pub fn first(&self) -> Option<Job> {
        self.jobs.last().copied()
    }

    /// There is no job: the next one is counted as the first.
    #[inline]
    pub fn begin_anew(&mut self) {
        self.came = 0;
    }

    /// Adds a job, which is done at an attained work; returns whether it is the first.
    #[inline]
    pub fn push(&mut self, done_at: f64, owner: u32) -> bool {
        self.came = self.came.wrapping_add(1);
        let job = Job::new(done_at, self.came, owner);
        let (far, last) = (self.far as usize, self.jobs.len());
        let place = sorted::insert(&mut self.jobs, far, job, |other, job| other > job);
        if far > 0 || last >= NEAR {
            self.put_away(place);
        }
        place == last
    }

    /// Takes the first job out; returns the one that is first now. Whether there is one cannot be predicted, so it is asked
    /// once.
    #[inline]
    pub fn pop(&mut self) -> Option<Job> {
        self.jobs.pop();
        if self.jobs.len() == self.far as usize {
            if self.far == 0 {
                return None;
            }
            self.refill();
        }
        self.first()
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

    /// Keeps only some of the jobs.
    pub fn retain(&mut self, keep: impl FnMut(&Job) -> bool) {
        self.jobs.retain(keep);
        self.jobs.sort_unstable_by(|one, other| other.cmp(one));
        let far = self.jobs.len().saturating_sub(NEAR);
        // What is sorted is a heap.
        self.jobs[..far].reverse();
        self.far = far as u32;
    }

    /// Takes all jobs out, in the order in which they came.
    pub fn drain(&mut self) -> impl Iterator<Item = Job> + '_ {
        self.far = 0;
        self.jobs.sort_unstable_by_key(|job| job.order());
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
            50 => Just(Step::Pop),
            2 => (2u32..5).prop_map(Step::Retain),
            1 => Just(Step::Drain),
        ]
    }

    proptest! {
        /// As a sorted set has them, however many there are.
        #[test]
        fn the_first_is_that_of_a_sorted_set(steps in prop::collection::vec(step(), 1..600)) {
            let (mut jobs, mut set) = (Jobs::default(), BTreeSet::new());
            for (order, step) in (0..).zip(steps) {
                match step {
                    Step::Push(work) => {
                        let job = Job::new(f64::from(work) / 7.0, jobs.came + 1, order);
                        set.insert(job);
                        prop_assert_eq!(jobs.push(f64::from(work) / 7.0, order), set.first() == Some(&job));
                    }
                    Step::Pop => {
                        set.pop_first();
                        prop_assert_eq!(jobs.pop(), set.first().copied());
                    }
                    Step::Retain(number) => {
                        jobs.retain(|job| !job.owner().is_multiple_of(number));
                        set.retain(|job| !job.owner().is_multiple_of(number));
                    }
                    Step::Drain => {
                        let mut all: Vec<u32> = std::mem::take(&mut set).into_iter().map(Job::owner).collect();
                        all.sort_unstable();
                        prop_assert_eq!(jobs.drain().map(Job::owner).collect::<Vec<_>>(), all);
                    }
                }
                prop_assert_eq!((jobs.first(), jobs.len()), (set.first().copied(), set.len()));
                prop_assert!(jobs.len() - jobs.far as usize <= NEAR);
            }
        }
    }
}

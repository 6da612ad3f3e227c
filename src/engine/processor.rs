//! Processor sharing: every job in the processor gets an equal share of its cores, at most one core each.
//!
//! In: jobs with their demand. Out: when the next one is done, and which. The work that each job has received
//! since the processor was last idle is one number, so a job's end is known the moment it comes: when that
//! number has grown by the job's demand. Finding the next to finish is a small heap on that value.

use std::cmp::Ordering;

use super::station::Integral;

/// Cores shared by jobs. Work is in nanoseconds of a core of speed 1.
#[derive(Clone, Debug)]
pub struct Processor {
    cores: u32,
    speed: f64,
    /// Work that all cores together do a nanosecond.
    capacity: f64,
    /// Nanoseconds for one unit of work, had a job all cores to itself.
    span_of_unit: f64,
    /// Work received by each job present since the processor was last idle.
    attained: f64,
    updated: u64,
    /// Jobs by the attained work at which they are done; a binary min-heap.
    jobs: Vec<Job>,
    /// The event that is pending for this processor, if any.
    armed: u64,
    arrivals: u64,
    busy_area: Integral,
    jobs_area: Integral,
}

#[derive(Clone, Copy, Debug)]
struct Job {
    done_at: f64,
    order: u64,
    owner: u32,
}

impl Job {
    fn before(&self, other: &Job) -> bool {
        self.done_at.total_cmp(&other.done_at).then(self.order.cmp(&other.order)) == Ordering::Less
    }
}

/// A plan reaches no further than a century: what takes longer is planned anew then.
const LONGEST: f64 = 3.2e18;

/// No event pending.
const UNARMED: u64 = u64::MAX;

impl Processor {
    /// A processor of so many cores, each doing `speed` work a nanosecond.
    pub fn new(cores: u32, speed: f64) -> Self {
        let capacity = f64::from(cores) * speed;
        Processor {
            cores,
            speed,
            capacity,
            span_of_unit: 1.0 / capacity,
            attained: 0.0,
            updated: 0,
            jobs: Vec::new(),
            armed: UNARMED,
            arrivals: 0,
            busy_area: Integral::default(),
            jobs_area: Integral::default(),
        }
    }

    /// Nanoseconds until `work` has been done for a job, as things stand.
    #[inline]
    fn span_of(&self, work: f64) -> f64 {
        work * f64::from(self.present().max(self.cores)) * self.span_of_unit
    }

    #[inline]
    fn present(&self) -> u32 {
        self.jobs.len() as u32
    }

    #[inline]
    fn settle(&mut self, now: u64) {
        // Signed, because that conversion is one instruction.
        let span = (now - self.updated) as i64 as f64;
        self.updated = now;
        // A job gets a core, or its share of all of them.
        self.attained += match self.present() {
            0 => return,
            jobs if jobs <= self.cores => span * self.speed,
            jobs => span * self.capacity / f64::from(jobs),
        };
    }

    /// A job of `demand` nanoseconds begins; returns when an event must fire, if not already pending.
    #[inline]
    pub fn begin(&mut self, owner: u32, demand: f64, now: u64) -> Option<u64> {
        self.settle(now);
        if self.jobs.is_empty() {
            self.attained = 0.0;
        }
        self.arrivals += 1;
        self.jobs_area.grow(now);
        if self.present() < self.cores {
            self.busy_area.grow(now);
        }
        self.push(Job { done_at: self.attained + demand, order: self.arrivals, owner });
        self.arm(now)
    }

    /// Whether the event that fires at `now` is the pending one; others are left from earlier plans.
    #[inline]
    pub fn is_due(&self, now: u64) -> bool {
        self.armed == now
    }

    /// At the pending event: takes one job that is done, if any is.
    #[inline]
    pub fn finish(&mut self, now: u64) -> Option<u32> {
        self.settle(now);
        let first = self.jobs.first()?;
        // Half a nanosecond: the rounding of event times.
        if self.span_of(first.done_at - self.attained) > 0.5 {
            return None;
        }
        self.jobs_area.shrink(now);
        if self.present() <= self.cores {
            self.busy_area.shrink(now);
        }
        Some(self.pop())
    }

    /// After the done jobs were taken at the pending event: when the next event must fire.
    #[inline]
    pub fn rearm(&mut self, now: u64) -> Option<u64> {
        self.armed = UNARMED;
        self.arm(now)
    }

    /// Plans the next completion. A plan that turns out too early is kept: its event finds nothing done and
    /// plans anew, which is cheaper than moving it with every arrival.
    #[inline]
    fn arm(&mut self, now: u64) -> Option<u64> {
        let first = self.jobs.first()?;
        let left = self.span_of(first.done_at - self.attained).min(LONGEST);
        // Rounded up: `ceil` is a call where the processor's own instruction cannot be taken for granted.
        let whole = left as i64;
        let at = now.saturating_add((whole + i64::from((whole as f64) < left)) as u64);
        if at < self.armed {
            self.armed = at;
            return Some(at);
        }
        None
    }

    /// Busy-core nanoseconds up to `now`.
    pub fn busy_area(&self, now: u64) -> f64 {
        self.busy_area.up_to(now, self.present().min(self.cores))
    }

    /// Job nanoseconds up to `now`.
    pub fn jobs_area(&self, now: u64) -> f64 {
        self.jobs_area.up_to(now, self.present())
    }

    /// Takes every job out, finished or not, in no particular order.
    pub fn clear(&mut self, now: u64) -> Vec<u32> {
        self.armed = UNARMED;
        let busy = self.present().min(self.cores);
        (0..busy).for_each(|_| self.busy_area.shrink(now));
        (0..self.present()).for_each(|_| self.jobs_area.shrink(now));
        self.jobs.drain(..).map(|job| job.owner).collect()
    }

    #[inline]
    fn push(&mut self, job: Job) {
        let mut at = self.jobs.len();
        self.jobs.push(job);
        while at > 0 {
            let parent = (at - 1) / 2;
            if !job.before(&self.jobs[parent]) {
                break;
            }
            self.jobs[at] = self.jobs[parent];
            at = parent;
        }
        self.jobs[at] = job;
    }

    #[inline]
    fn pop(&mut self) -> u32 {
        let owner = self.jobs[0].owner;
        let last = self.jobs.len() - 1;
        self.jobs.swap(0, last);
        self.jobs.truncate(last);
        let mut at = 0;
        loop {
            let (left, right) = (2 * at + 1, 2 * at + 2);
            let mut first = at;
            if left < last && self.jobs[left].before(&self.jobs[first]) {
                first = left;
            }
            if right < last && self.jobs[right].before(&self.jobs[first]) {
                first = right;
            }
            if first == at {
                return owner;
            }
            self.jobs.swap(at, first);
            at = first;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs jobs (arrival, demand) and returns when each is done.
    fn run(cores: u32, speed: f64, jobs: &[(u64, f64)]) -> Vec<u64> {
        let mut processor = Processor::new(cores, speed);
        let mut done = vec![0; jobs.len()];
        let mut next = UNARMED;
        let mut arrivals = jobs.iter().enumerate().peekable();
        loop {
            let arrival = arrivals.peek().map_or(UNARMED, |(_, job)| job.0);
            if next.min(arrival) == UNARMED {
                return done;
            }
            if next <= arrival {
                let now = next;
                while let Some(owner) = processor.finish(now) {
                    done[owner as usize] = now;
                }
                next = processor.rearm(now).unwrap_or(UNARMED);
            } else if let Some((owner, job)) = arrivals.next()
                && let Some(at) = processor.begin(owner as u32, job.1, job.0)
            {
                next = at;
            }
        }
    }

    #[test]
    fn two_jobs_on_one_core_share_it() {
        // Alone for 50, then both at half speed: the second needs 100 more of work, the first 50.
        assert_eq!(run(1, 1.0, &[(0, 100.0), (50, 100.0)]), [150, 200]);
    }

    #[test]
    fn jobs_up_to_the_number_of_cores_do_not_slow_each_other_down() {
        assert_eq!(run(2, 1.0, &[(0, 100.0), (10, 50.0)]), [100, 60]);
    }

    #[test]
    fn a_faster_core_shortens_the_demand() {
        assert_eq!(run(1, 2.0, &[(0, 100.0)]), [50]);
    }

    #[test]
    fn three_jobs_on_two_cores_get_two_thirds_each() {
        assert_eq!(run(2, 1.0, &[(0, 60.0), (0, 60.0), (0, 60.0)]), [90, 90, 90]);
    }

    #[test]
    fn utilisation_counts_busy_cores() {
        let mut processor = Processor::new(2, 1.0);
        processor.begin(0, 100.0, 0);
        assert_eq!(processor.busy_area(60), 60.0);
        processor.begin(1, 100.0, 60);
        assert_eq!(processor.busy_area(80), 100.0);
    }
}

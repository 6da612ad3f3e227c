//! Processor sharing: every job in the processor gets an equal share of its cores, at most one core each.
//!
//! In: jobs with their demand. Out: when the next one is done, and which. One number counts the work that each job has
//! received since the processor was last idle. So a job's end is known when it arrives: when that number has grown by
//! the job's demand. The order of that value (`jobs`) says which job is done next.
//!
//! A job that is called off gives its share back at once. Its entry stays, marked by its owner, until it is the
//! first or such entries outnumber the jobs: so no job needs to know its position, and a processor that never calls
//! a job off pays nothing for it.

use std::hint::select_unpredictable;

use super::jobs::Jobs;
use super::station::Integral;

/// Cores shared by jobs: four lines of a cache. Work is in nanoseconds of a core of speed 1.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub struct Processor {
    /// By the attained work at which they are done.
    jobs: Jobs,
    cores: u32,
    /// Entries of jobs that were called off.
    gone: u32,
    /// Work that all cores together do per nanosecond.
    capacity: f64,
    /// Nanoseconds for one unit of work, if a job had all cores to itself.
    span_of_unit: f64,
    /// Work per nanosecond that each present job gets.
    share: f64,
    /// Work received by each job present since the processor was last idle.
    attained: f64,
    /// Work that an always present job would have received before that.
    before: f64,
    updated: u64,
    /// The time of the event pending for this processor, if any.
    armed: u64,
    busy_area: Integral,
    jobs_area: Integral,
}

/// A plan reaches at most 2^51 ns ahead, 26 days: a longer job is planned again then.
const LONGEST: f64 = (1u64 << 51) as f64;

/// Nanoseconds, rounded up. By hand, because `ceil` is a function call where the machine may lack the instruction: a sum with
/// 2^52 has no room for a fraction, so that is rounded away, and the low bits are the number.
#[inline(always)]
fn whole(nanos: f64) -> u64 {
    const SHIFT: f64 = (1u64 << 52) as f64;
    let nanos = nanos.min(LONGEST);
    let shifted = nanos + SHIFT;
    let near = shifted.to_bits() & ((1 << 52) - 1);
    near + u64::from(shifted - SHIFT < nanos)
}

/// No event pending.
const UNARMED: u64 = u64::MAX;

const _: () = assert!(size_of::<Processor>() == 256);

impl Processor {
    /// A processor of this many cores, each doing `speed` work per nanosecond.
    pub fn new(cores: u32, speed: f64) -> Self {
        let capacity = f64::from(cores) * speed;
        Processor {
            jobs: Jobs::default(),
            cores,
            gone: 0,
            capacity,
            share: speed,
            span_of_unit: 1.0 / capacity,
            attained: 0.0,
            before: 0.0,
            updated: 0,
            armed: UNARMED,
            busy_area: Integral::default(),
            jobs_area: Integral::default(),
        }
    }

    /// Jobs in it.
    pub fn jobs(&self) -> u32 {
        self.present()
    }

    #[inline]
    fn present(&self) -> u32 {
        self.jobs.len() as u32 - self.gone
    }

    /// Adds the work done up to `now`. Without jobs the number may stay as it is: the next first job starts at zero.
    #[inline]
    fn settle(&mut self, now: u64) {
        // Signed, because that conversion is one instruction.
        let span = (now - self.updated) as i64 as f64;
        self.updated = now;
        self.attained += span * self.share;
    }

    /// The number of jobs has changed: a job gets a core, or its share of all of them. Computed now, not when the next
    /// event has to wait for the result.
    #[inline]
    fn divide(&mut self) {
        self.share = self.capacity / self.among();
    }

    /// Among how many the cores are divided.
    #[inline]
    fn among(&self) -> f64 {
        f64::from(self.present().max(self.cores))
    }

    /// Nanoseconds that so much work of one job takes at its present share. Found without the division, which is slow.
    #[inline]
    fn span_of(&self, work: f64) -> f64 {
        work * (self.among() * self.span_of_unit)
    }

    /// A job of `demand` nanoseconds begins; returns when an event must fire, if not already pending.
    /// Whether cores are idle cannot be predicted, so it is no branch.
    #[inline]
    pub fn begin(&mut self, owner: u32, demand: f64, now: u64) -> Option<u64> {
        self.settle(now);
        if self.jobs.is_empty() {
            self.before += self.attained;
            self.attained = 0.0;
            self.jobs.begin_anew();
        }
        self.jobs_area.grow(now);
        self.busy_area.grow(select_unpredictable(self.present() < self.cores, now, 0));
        let is_first = self.jobs.push(self.attained + demand, owner);
        self.divide();
        // A job behind others takes a part of their share: the plan stays right or becomes too early.
        if is_first { self.plan(self.span_of(demand), now) } else { None }
    }

    /// The pending event fires, or one left from an earlier plan: gives the owners of the finished jobs to `done`, and
    /// returns when the next event must fire, if not already pending. `gone` says whether the job of an owner was
    /// called off; it is asked once for each such owner, whose entry is then removed.
    #[inline(always)]
    pub fn due(
        &mut self,
        now: u64,
        mut done: impl FnMut(u32),
        mut gone: impl FnMut(u32) -> bool,
    ) -> Option<u64> {
        debug_assert_eq!(self.armed, now);
        self.armed = UNARMED;
        self.settle(now);
        loop {
            let (done_at, owner) = self.jobs.first();
            if self.gone > 0 && gone(owner) {
                self.gone -= 1;
            } else {
                let left = self.span_of(done_at - self.attained);
                // Half a nanosecond: the rounding of event times. Where there is neither a job nor a core, it is no number.
                let is_done = left <= 0.5;
                if !is_done {
                    return self.arm(left, now);
                }
                self.jobs_area.shrink(now);
                self.busy_area.shrink(select_unpredictable(self.present() <= self.cores, now, 0));
                done(owner);
            }
            self.jobs.pop();
            self.divide();
        }
    }

    /// Calls off the job of an owner, for which `gone` now returns true: the others get its share at once. Returns when
    /// an event must fire, if not already pending.
    pub fn call_off(&mut self, now: u64, mut gone: impl FnMut(u32) -> bool) -> Option<u64> {
        self.settle(now);
        self.jobs_area.shrink(now);
        if self.present() <= self.cores {
            self.busy_area.shrink(now);
        }
        self.gone += 1;
        self.divide();
        if self.gone > self.present() {
            self.jobs.retain(|owner| !gone(owner));
            self.gone = 0;
        }
        let left = self.left()?;
        // The first job is done sooner than planned. More may be called off before that, and an event for each would
        // fill the calendar: so one event half way there plans exactly for all of them.
        match now.saturating_add(left as u64) < self.armed {
            true => self.plan(left / 2.0, now),
            false => None,
        }
    }

    /// Changes the work that each core does per nanosecond: the jobs go on at the new speed at once. Returns when an
    /// event must fire, if not already pending.
    pub fn set_speed(&mut self, speed: f64, now: u64) -> Option<u64> {
        self.set_cores(self.cores, speed, now)
    }

    /// The same, with another number of cores: jobs that were alone on one may have to share them, or the other way round.
    pub fn set_cores(&mut self, cores: u32, speed: f64, now: u64) -> Option<u64> {
        self.settle(now);
        let busy = |cores: u32| i64::from(self.present().min(cores));
        self.busy_area.change(busy(cores) - busy(self.cores), now);
        self.cores = cores;
        self.capacity = f64::from(self.cores) * speed;
        self.span_of_unit = 1.0 / self.capacity;
        self.divide();
        let left = self.left()?;
        self.plan(left, now)
    }

    /// Nanoseconds that the first job still takes, if there is one.
    fn left(&self) -> Option<f64> {
        (!self.jobs.is_empty()).then(|| self.span_of((self.jobs.first().0 - self.attained).max(0.0)))
    }

    /// Work that an always present job would have received up to `now`: the difference of two readings is the work that
    /// a job receives between them.
    pub fn received(&self, now: u64) -> f64 {
        self.before + self.attained + (now - self.updated) as f64 * self.share
    }

    /// Plans the next completion. A plan that turns out too early is kept: its event finds no finished job and plans
    /// again, which is cheaper than moving it with every arrival.
    #[inline]
    fn plan(&mut self, left: f64, now: u64) -> Option<u64> {
        let at = now.saturating_add(whole(left));
        if at < self.armed {
            self.armed = at;
            return Some(at);
        }
        None
    }

    /// Plans the next completion when no event is pending. If there is no job, what it still takes is infinite, and no event
    /// must fire.
    #[inline(always)]
    fn arm(&mut self, left: f64, now: u64) -> Option<u64> {
        let at = now.saturating_add(whole(left));
        self.armed = select_unpredictable(self.jobs.is_empty(), UNARMED, at);
        (self.armed != UNARMED).then_some(self.armed)
    }

    /// Busy-core nanoseconds up to `now`.
    pub fn busy_area(&self, now: u64) -> f64 {
        self.busy_area.up_to(now, self.present().min(self.cores))
    }

    /// Job nanoseconds up to `now`.
    pub fn jobs_area(&self, now: u64) -> f64 {
        self.jobs_area.up_to(now, self.present())
    }

    /// Takes every job out, finished or not; returns the owners whose jobs were not called off before, in the order in which
    /// they came. `gone` is as in [`Processor::due`].
    pub fn clear(&mut self, now: u64, mut gone: impl FnMut(u32) -> bool) -> Vec<u32> {
        self.settle(now);
        self.armed = UNARMED;
        let busy = self.present().min(self.cores);
        (0..busy).for_each(|_| self.busy_area.shrink(now));
        (0..self.present()).for_each(|_| self.jobs_area.shrink(now));
        let owners = self.jobs.drain().filter(|&owner| !gone(owner)).collect();
        self.gone = 0;
        self.divide();
        owners
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A job of 100 does 50 by time 50, 25 more at half the speed by 100, and the last 25 at twice the speed by 112.5.
    /// A job of 100 that arrives then has the processor to itself, at speed 2.
    #[test]
    fn jobs_go_on_at_a_changed_speed() {
        let mut processor = Processor::new(1, 1.0);
        let mut done = Vec::new();
        assert_eq!(processor.begin(0, 100.0, 0), Some(100));
        assert_eq!(processor.set_speed(0.5, 50), None); // the plan is too early; its event plans again
        assert_eq!(processor.due(100, |owner| done.push(owner), |_| false), Some(150));
        assert_eq!(processor.set_speed(2.0, 100), Some(113));
        assert_eq!(processor.due(113, |owner| done.push(owner), |_| false), None);
        assert_eq!((done, processor.busy_area(113)), (vec![0], 113.0));
        assert_eq!(processor.begin(1, 100.0, 113), Some(163));
        // 50, 25, 13 ns at twice the speed, and its own 50.
        assert_eq!(processor.received(163), 50.0 + 25.0 + 26.0 + 100.0);
    }

    /// Four jobs on two cores: each gets half of the current speed.
    #[test]
    fn a_changed_speed_is_shared() {
        let mut processor = Processor::new(2, 1.0);
        for owner in 0..4 {
            processor.begin(owner, 100.0, 0);
        }
        assert_eq!(processor.received(80), 40.0);
        let mut done = Vec::new();
        // The first job was alone when it was planned, for 100.
        assert_eq!(processor.set_speed(3.0, 80), None);
        assert_eq!(processor.due(100, |owner| done.push(owner), |_| false), Some(120));
        assert_eq!(processor.due(120, |owner| done.push(owner), |_| false), None);
        assert_eq!(done, [0, 1, 2, 3]);
    }

    /// Two jobs of 100 on two cores did 40 each by time 40. One core of half the speed gives each a quarter: 15 more by time 100, and
    /// one of them is called off. The other one is done 90 later, at 190. Busy cores: 2 × 40, then 1 × 150.
    #[test]
    fn jobs_go_on_with_fewer_cores() {
        let mut processor = Processor::new(2, 1.0);
        let mut done = Vec::new();
        for owner in 0..2 {
            processor.begin(owner, 100.0, 0);
        }
        assert_eq!(processor.set_cores(1, 0.5, 40), None);
        assert_eq!(processor.due(100, |owner| done.push(owner), |_| false), Some(280));
        assert_eq!(processor.busy_area(100), 140.0);
        processor.call_off(100, |owner| owner == 1);
        let mut at = 100;
        while done.is_empty() {
            at = processor.armed;
            processor.due(at, |owner| done.push(owner), |owner| owner == 1);
        }
        assert_eq!((at, done, processor.busy_area(300)), (190, vec![0], 230.0));
    }

    /// Two jobs of 100 share a core up to time 100; two cores give each one of its own: done 50 later.
    #[test]
    fn jobs_go_on_with_more_cores() {
        let mut processor = Processor::new(1, 1.0);
        let mut done = Vec::new();
        for owner in 0..2 {
            processor.begin(owner, 100.0, 0);
        }
        assert_eq!(processor.due(100, |owner| done.push(owner), |_| false), Some(200));
        assert_eq!(processor.set_cores(2, 1.0, 100), Some(150));
        assert_eq!(processor.due(150, |owner| done.push(owner), |_| false), None);
        assert_eq!((done, processor.busy_area(150)), (vec![0, 1], 200.0));
    }

    /// Its only job is called off; the event that was planned for it finds a processor without jobs and without cores.
    #[test]
    fn an_event_may_find_nothing() {
        let mut processor = Processor::new(1, 1.0);
        assert_eq!(processor.begin(7, 100.0, 0), Some(100));
        assert_eq!(processor.call_off(10, |owner| owner == 7), None);
        assert_eq!(processor.set_cores(0, 1.0, 20), None);
        assert_eq!(processor.due(100, |_| panic!("nothing is done"), |_| false), None);
        assert_eq!((processor.jobs(), processor.busy_area(200)), (0, 10.0));
        assert_eq!(processor.set_cores(1, 1.0, 200), None);
        assert_eq!(processor.begin(8, 50.0, 200), Some(250));
    }

    #[test]
    fn nanoseconds_are_rounded_up() {
        for (nanos, up) in [
            (0.0, 0),
            (0.25, 1),
            (0.5, 1),
            (1.0, 1),
            (1.5, 2),
            (2.5, 3),
            (1e15 + 0.125, 1_000_000_000_000_001),
        ] {
            assert_eq!(whole(nanos), up, "{nanos}");
        }
        assert_eq!(whole(1e30), LONGEST as u64);
    }

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
                let mut owners = Vec::new();
                next = processor.due(now, |owner| owners.push(owner), |_| false).unwrap_or(UNARMED);
                owners.iter().for_each(|&owner| done[owner as usize] = now);
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

    /// A job of one core is called off half way: the other has the core from then on. The reading of a job's work
    /// equals its share.
    #[test]
    fn a_job_that_is_called_off_gives_its_share_back_at_once() {
        let mut processor = Processor::new(1, 1.0);
        assert_eq!(processor.begin(0, 100.0, 0), Some(100));
        // As planned it would be done at 120; the plan for 100 is early enough.
        assert_eq!(processor.begin(1, 60.0, 0), None);
        // At 40 both have 20; the other needs 40 more, now alone.
        assert_eq!(processor.received(40), 20.0);
        let mut at = processor.call_off(40, |owner| owner == 0).expect("sooner than planned");
        let mut done = Vec::new();
        while done.is_empty() {
            let next = processor.due(at, |owner| done.push(owner), |_| false);
            if done.is_empty() {
                at = next.expect("a job is left");
            }
        }
        assert_eq!((done, at), (vec![1], 80));
        assert_eq!(processor.received(80), 60.0);
        assert_eq!((processor.busy_area(200), processor.jobs_area(200)), (80.0, 120.0));
    }

    #[test]
    fn places_of_jobs_called_off_never_outnumber_the_jobs() {
        let mut processor = Processor::new(2, 1.0);
        let mut gone = std::collections::BTreeSet::new();
        let (mut events, mut most) = (0, 0);
        for owner in 0..10_000u32 {
            let now = u64::from(owner) * 10;
            events += u32::from(processor.begin(owner, 1e9, now).is_some());
            if owner >= 100 {
                gone.insert(owner - 100);
                events += u32::from(processor.call_off(now, |owner| gone.remove(&owner)).is_some());
            }
            most = most.max(processor.jobs.len());
        }
        assert_eq!(processor.present(), 100);
        assert!(most <= 202, "{most}");
        assert!(gone.len() <= 101, "{}", gone.len());
        assert!(events < 200, "{events}");
        assert_eq!(processor.clear(200_000, |owner| gone.remove(&owner)).len(), 100);
        assert!(gone.is_empty());
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

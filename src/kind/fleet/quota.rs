//! The CPU limit of a container: so much CPU time in each period of the Linux scheduler.
//!
//! In: steps that begin and end on the CPU of a task, and the CPU time that it has used. Out: a task that works at the full speed of
//! its vCPUs until its time of the period is used up, and stands still until the next period. What is not used is lost. Only a task
//! with a limit below its vCPUs has one. (Linux kernel documentation, "CFS Bandwidth Control".)

use super::model::{Fleets, Timer};
use crate::catalog::Quota;
use crate::dist::below;
use crate::flow::Flow;
use crate::flow::host::Withheld;
use crate::flow::next::Next;
use crate::measure::column::the_one;

/// Part of its CPU that a task gets that has used up its time: next to none, so that no time is endless, and more than what hangs
/// gets. It is a sixth of a nanosecond in a period of 100 ms.
const NEXT_TO_NOTHING: f64 = 2e-9;
/// Less CPU time than this, in nanoseconds for each vCPU that works, is none: times are whole nanoseconds.
const NONE_LEFT: f64 = 1.0;

/// What a task has used of its limit.
#[derive(Clone, Copy, Debug)]
pub struct Throttle {
    /// CPU time of a period, nanoseconds.
    quota: f64,
    period: u64,
    /// How far into a period the run begins.
    phase: u64,
    /// CPU time that is left in the period in which it was last looked at, when that was, and what it had used by then.
    left: f64,
    looked: u64,
    used: f64,
    /// Since when it stands still.
    since: Option<u64>,
    /// For how long it stood still before that, and how long that was when the last row ended.
    stood_for: u64,
    stood_mark: u64,
    /// Of the time for which its vCPUs were taken, that in which it stood still, and as much as had been read with the last row.
    stood: Withheld,
    taken_mark: f64,
    /// Periods in which it was stopped.
    stops: u64,
}

impl Throttle {
    /// That of a task which is made now: the run begins so far into one of its periods.
    pub(super) fn new(of: Quota, phase: u64, now: u64) -> Throttle {
        let quota = of.vcpus * of.period.0 as f64;
        Throttle {
            quota,
            period: of.period.0.max(1),
            phase,
            left: quota,
            looked: now,
            used: 0.0,
            since: None,
            stood_for: 0,
            stood_mark: 0,
            stood: Withheld::default(),
            taken_mark: 0.0,
            stops: 0,
        }
    }

    /// How much of its period is past at an instant; the instant at which one begins is in that one.
    fn past(&self, now: u64) -> u64 {
        (now % self.period + self.phase) % self.period
    }

    /// When the period began in which an instant is, if that was in the run, and when it ends.
    fn began(&self, now: u64) -> u64 {
        now.saturating_sub(self.past(now))
    }

    fn ends(&self, now: u64) -> u64 {
        now.saturating_add(self.period - self.past(now))
    }

    /// It has used so much CPU time by now, evenly since it was last looked at.
    fn settle(&mut self, now: u64, used: f64) {
        let began = self.began(now);
        let spent = (used - self.used).max(0.0);
        if began > self.looked {
            let part = (now - began) as f64 / (now - self.looked) as f64;
            self.left = self.quota - spent * part;
        } else {
            self.left -= spent;
        }
        (self.looked, self.used) = (now, used);
    }

    /// When its time is used up with so many vCPUs at work, if ever. A period that ends at that instant has been enough.
    fn used_up(&self, now: u64, working: u32) -> Option<u64> {
        if working == 0 {
            return None;
        }
        let lasts = |left: f64| (left / f64::from(working)).max(0.0);
        let ends = self.ends(now);
        let at = now.saturating_add(lasts(self.left).ceil() as u64);
        if at < ends {
            return Some(at);
        }
        let whole = lasts(self.quota);
        (whole < self.period as f64).then(|| ends.saturating_add(whole.ceil() as u64))
    }

    /// It stands still from now on, or works again; its vCPUs were taken for so long so far.
    fn stop(&mut self, stops: bool, now: u64, taken: f64) {
        match stops {
            true => {
                self.stops += 1;
                self.since = Some(now);
            }
            false => {
                self.stood_for += self.since.take().map_or(0, |since| now - since);
                self.left = self.quota;
            }
        }
        self.stood.change(if stops { 1.0 } else { 0.0 }, taken);
    }

    /// Whether it stands still.
    pub(super) fn stands(&self) -> bool {
        self.since.is_some()
    }

    /// For how long it has stood still so far, nanoseconds.
    pub(super) fn stood_for(&self, now: u64) -> u64 {
        self.stood_for + self.since.map_or(0, |since| now.saturating_sub(since))
    }

    /// For how long its vCPUs were taken in the row while it stood still, from how long they were taken so far.
    pub(super) fn taken_in_row(&mut self, taken: f64) -> f64 {
        let stood = self.stood.of(taken);
        stood - std::mem::replace(&mut self.taken_mark, stood)
    }

    /// For how long it stood still in the row.
    fn stood_in_row(&mut self, now: u64) -> f64 {
        let stood = self.stood_for(now);
        (stood - std::mem::replace(&mut self.stood_mark, stood)) as f64
    }
}

impl Fleets<'_> {
    /// A task is made: a period of its own has begun some time before.
    pub(super) fn limit(&mut self, instance: u32, quota: Option<Quota>, flow: &Flow) {
        let Some(quota) = quota else { return };
        let fleet = flow.hosts[instance as usize].group;
        let phase = below(&mut self.each[fleet].periods, quota.period.0.max(1));
        self.instances[instance as usize].throttle = Some(Throttle::new(quota, phase, flow.now));
    }

    /// A step is about to begin on the CPU of a task with a limit, or has ended there.
    pub(super) fn crowd_limited(&mut self, instance: u32, begins: bool, flow: &mut Flow) -> Next {
        self.plan_quota(instance, u32::from(begins), flow);
        Next::Op
    }

    /// Settles what a task has used, and plans when that is all. So many more steps are about to begin than there are.
    fn plan_quota(&mut self, instance: u32, more: u32, flow: &mut Flow) {
        let used = flow.cpu_area(instance);
        let host = &flow.hosts[instance as usize];
        let jobs = flow.processors[host.processor as usize].jobs().saturating_add(more);
        let working = jobs.min(host.vcpus);
        let Some(throttle) = &mut self.instances[instance as usize].throttle else { return };
        if throttle.stands() {
            return;
        }
        throttle.settle(flow.now, used);
        match throttle.used_up(flow.now, working) {
            Some(at) => flow.set(Timer::Quota { instance }, at),
            None => flow.cancel(Timer::Quota { instance }),
        }
    }

    /// The time of a task may be used up, or its next period begins.
    pub(super) fn look_at_quota(&mut self, instance: u32, flow: &mut Flow) {
        let (used, taken) = (flow.cpu_area(instance), flow.busy_cores(instance));
        let host = &flow.hosts[instance as usize];
        let jobs = flow.processors[host.processor as usize].jobs();
        let working = jobs.min(host.vcpus);
        let Some(throttle) = &mut self.instances[instance as usize].throttle else { return };
        if throttle.stands() {
            throttle.settle(flow.now, used);
            throttle.stop(false, flow.now, taken);
        } else {
            throttle.settle(flow.now, used);
            if working == 0 || throttle.left > NONE_LEFT * f64::from(working) {
                return self.plan_quota(instance, 0, flow);
            }
            throttle.stop(true, flow.now, taken);
            let ends = throttle.ends(flow.now);
            self.hold(instance, flow);
            return flow.set(Timer::Quota { instance }, ends);
        }
        self.hold(instance, flow);
        self.plan_quota(instance, 0, flow);
    }

    /// The part of its CPU that its limit leaves a task at present.
    pub(super) fn unthrottled(&self, instance: u32) -> f64 {
        let stands = self.instances[instance as usize].throttle.is_some_and(|it| it.stands());
        if stands { NEXT_TO_NOTHING } else { 1.0 }
    }

    /// A row of the limits of a fleet, if its tasks have one: for which part of their time they stood still, mean of all.
    pub(super) fn read_quotas(&mut self, fleet: usize, serving: f64, flow: &Flow) {
        if self.settings[fleet].all_hardware().all(|hardware| hardware.instance.quota.is_none()) {
            return;
        }
        let mut stood = 0.0;
        for (instance, host) in self.instances.iter_mut().zip(&flow.hosts).filter(|(_, it)| it.group == fleet)
        {
            if let Some(throttle) = &mut instance.throttle {
                stood += throttle.stood_in_row(flow.now.min(host.ended));
            }
        }
        let share = if serving > 0.0 { (stood / serving).min(1.0) } else { 0.0 };
        the_one(&mut self.series[fleet].limit).throttled_percent.push(100.0 * share);
    }

    /// For how long the tasks of a fleet stood still in all, nanoseconds, and how often.
    pub(super) fn limited_for(&self, fleet: usize, flow: &Flow) -> (f64, u64) {
        let own = self.instances.iter().zip(&flow.hosts).filter(|(_, host)| host.group == fleet);
        let own = own.filter_map(|(instance, host)| Some((instance.throttle?, host)));
        own.fold((0.0, 0), |(time, stops), (throttle, host)| {
            (time + throttle.stood_for(flow.now.min(host.ended)) as f64, stops + throttle.stops)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Time;

    const MS: u64 = 1_000_000;

    fn quarter() -> Throttle {
        Throttle::new(Quota { vcpus: 0.25, period: Time::from_millis(100) }, 0, 0)
    }

    /// 25 ms of CPU in each 100 ms: one vCPU that works from 10 ms on has them at 35 ms, two have them at 22.5 ms.
    #[test]
    fn a_quarter_of_a_vcpu_is_25_ms_of_each_100() {
        let mut throttle = quarter();
        throttle.settle(10 * MS, 0.0);
        assert_eq!(throttle.used_up(10 * MS, 1), Some(35 * MS));
        assert_eq!(throttle.used_up(10 * MS, 2), Some(22 * MS + MS / 2));
        assert_eq!(throttle.used_up(10 * MS, 0), None);
    }

    /// Work that begins 20 ms before the end of a period has the time of that one, and 25 ms of the next.
    #[test]
    fn a_new_period_has_its_time_anew() {
        let mut throttle = quarter();
        throttle.settle(80 * MS, 0.0);
        assert_eq!(throttle.used_up(80 * MS, 1), Some(125 * MS));
        // At 125 ms it has worked for 45 ms, 25 of them in this period.
        throttle.settle(125 * MS, 45e6);
        assert!(throttle.left.abs() < 1.0, "{throttle:?}");
        throttle.stop(true, 125 * MS, 45e6);
        throttle.stop(false, 200 * MS, 120e6);
        assert_eq!((throttle.stood_for(300 * MS), throttle.stops), (75 * MS, 1));
        assert_eq!(throttle.used_up(200 * MS, 1), Some(225 * MS));
        // Of 120 ms for which a vCPU was taken, 75 were no work.
        assert_eq!(throttle.taken_in_row(120e6), 75e6);
    }

    /// What lasts for the whole period is never used up: half a vCPU at work of a limit of 0.5 does not exist, but one vCPU of one does.
    #[test]
    fn a_limit_of_all_that_works_stops_nothing() {
        let throttle = Throttle::new(Quota { vcpus: 1.0, period: Time::from_millis(100) }, 0, 0);
        assert_eq!(throttle.used_up(0, 1), None);
        assert_eq!(throttle.used_up(0, 2), Some(50 * MS));
        assert_eq!(throttle.used_up(0, 8), Some(12 * MS + MS / 2));
    }
}

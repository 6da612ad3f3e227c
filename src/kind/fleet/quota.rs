//! The CPU limit of a container: so much CPU time in each period of the Linux scheduler.
//!
//! In: steps that begin and end on the CPU of a task, and the CPU time that it has used. Out: a task that works at the full speed of
//! its vCPUs until its time of the period is used up, and stands still until the next period. What is not used is lost. Only a task
//! with a limit below its vCPUs has one. (Linux kernel documentation, "CFS Bandwidth Control".)

use super::model::{Fleets, Timer};
use super::throttle::Throttle;
use crate::catalog::Quota;
use crate::dist::below;
use crate::flow::Flow;
use crate::flow::next::Next;
use crate::measure::column::the_one;

/// Part of its CPU that a task gets that has used up its time: next to none, so that no time is endless, and more than what hangs
/// gets. It is a sixth of a nanosecond in a period of 100 ms.
const NEXT_TO_NOTHING: f64 = 2e-9;
/// Less CPU time than this, in nanoseconds for each vCPU that works, is none: times are whole nanoseconds.
const NONE_LEFT: f64 = 1.0;

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

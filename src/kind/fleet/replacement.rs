//! Health replacement: a group terminates an instance that its balancer considers unhealthy and launches another.
//!
//! In: failed health checks. Out: activities that replace instances, at most a tenth of the desired capacity at
//! once. (EC2 Auto Scaling user guide, "Health checks for instances in an Auto Scaling group".)

use super::language::Process;
use super::language::shapes::STATUS_PERIOD;
use super::model::{Fleets, Timer};
use crate::flow::Flow;
use crate::flow::host::Lifecycle;
use crate::measure::resource::Purpose;

impl Fleets<'_> {
    /// A balancer considers an instance unhealthy. With ELB health checks on, the group replaces it, unless its grace
    /// period is not over or the largest number of replacements is already in progress.
    pub(super) fn held_for_unhealthy(&mut self, instance: u32, flow: &mut Flow) {
        let host = &flow.hosts[instance as usize];
        let fleet = host.group;
        let settings = &self.settings[fleet];
        let in_grace = !host.seasoned && host.in_service.saturating_add(settings.grace.0) > flow.now;
        if !settings.elb_health || in_grace || host.lifecycle != Lifecycle::InService {
            return;
        }
        if self.leaves_unhealthy(fleet, flow) {
            return;
        }
        let cause = "an instance was taken out of service in response to an ELB health check failure";
        self.replace_by_policy(instance, cause, flow);
    }

    /// Whether the largest number of replacements is in progress.
    pub(super) fn replaces_enough(&self, fleet: usize, flow: &Flow) -> bool {
        let desired = flow.groups[fleet].desired;
        let in_service = flow.count(fleet, |lifecycle| lifecycle == Lifecycle::InService);
        let at_once = match &self.settings[fleet].maintenance {
            Some(healthy) => desired.saturating_sub(healthy.fewest(desired)),
            None => desired / 10,
        };
        desired.saturating_sub(in_service) >= at_once.max(1)
    }

    /// Replaces an instance by the maintenance policy of its group, or by AWS's usual order: the old one ends first. Returns
    /// whether it does, or whether as many as may be are being replaced.
    fn replace_by_policy(&mut self, instance: u32, cause: &str, flow: &mut Flow) -> bool {
        let fleet = flow.hosts[instance as usize].group;
        let desired = flow.groups[fleet].desired;
        let most = self.settings[fleet].maintenance.map_or(desired, |healthy| healthy.most(desired));
        if most > desired {
            // Another one may be on its way in its place already.
            return self.instances[instance as usize].relieved
                || flow.count(fleet, |lifecycle| !lifecycle.is_terminating()) < most
                    && self.launch_in_place_of(instance, cause, flow);
        }
        let replaces = !self.replaces_enough(fleet, flow);
        if replaces {
            self.replace(instance, cause, flow);
        }
        replaces
    }

    /// An instance in service ends when it is as old as it may be, if its group has a largest age.
    pub(super) fn watch_age(&self, instance: u32, flow: &mut Flow) {
        let host = &flow.hosts[instance as usize];
        if let Some(most) = self.settings[host.group].max_lifetime {
            flow.set(Timer::Aged { instance }, host.launched.saturating_add(most.0).max(flow.now));
        }
    }

    /// An instance is as old as it may be: it is replaced, at most as many at once as for failed checks.
    pub(super) fn grown_old(&mut self, instance: u32, flow: &mut Flow) {
        let host = &flow.hosts[instance as usize];
        let fleet = host.group;
        if host.lifecycle != Lifecycle::InService || host.is_lost() {
            return;
        }
        let cause = "an instance has reached its maximum lifetime";
        self.instances[instance as usize].taken_by = Some(Purpose::Lifetime);
        let held = self.is_suspended(fleet, Process::Terminate, flow);
        if held || !self.replace_by_policy(instance, cause, flow) {
            flow.set(Timer::Aged { instance }, flow.now.saturating_add(STATUS_PERIOD.0));
        }
    }

    /// Terminates an instance and launches another in its place, as soon as the old one is out of its target groups.
    pub(super) fn replace(&mut self, instance: u32, cause: &str, flow: &mut Flow) {
        let fleet = flow.hosts[instance as usize].group;
        if self.instances[instance as usize].relieves.is_some() {
            // It was to stand in for another one, which stays.
            self.terminate(instance, None, flow);
            return self.rebalance(fleet, flow);
        }
        let group = &mut flow.groups[fleet];
        let desired = group.desired;
        group.under_way += 1;
        let name = &self.settings[fleet].name;
        let activity =
            flow.journal.activity(flow.now, (fleet, name), (desired, desired), cause.into(), (1, 1));
        self.instances[instance as usize].replaced = true;
        self.terminate(instance, Some(activity), flow);
    }

    /// Launches the replacement of a leaving instance, if there should be one.
    pub(super) fn launch_replacement(&mut self, instance: u32, flow: &mut Flow) {
        let state = &mut self.instances[instance as usize];
        if std::mem::take(&mut state.replaced) {
            let (fleet, activity) = (flow.hosts[instance as usize].group, state.activity);
            self.launch(fleet, activity, self.settings[fleet].warmup, flow);
            self.fit_pool(fleet, flow);
        }
    }
}

//! Health replacement: a group terminates an instance that its balancer considers unhealthy and launches another.
//!
//! In: failed health checks. Out: activities that replace instances, at most a tenth of the desired capacity at
//! once, or as many as a maintenance policy allows. (EC2 Auto Scaling user guide, "Health checks for instances in an Auto Scaling
//! group", "Instance maintenance policies".)

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
        // What a deployment restarts is its own affair.
        let is_out = self.instances[instance as usize].out.is_some() && self.each[fleet].refreshing.is_some();
        if !settings.elb_health || in_grace || is_out || host.lifecycle != Lifecycle::InService {
            return;
        }
        if self.leaves_unhealthy(fleet, flow) {
            return;
        }
        let cause = "an instance was taken out of service in response to an ELB health check failure";
        // What is lost is missing for another reason.
        let before = self.instances[instance as usize].taken_by;
        if !flow.hosts[instance as usize].is_lost() {
            self.instances[instance as usize].taken_by = Some(Purpose::Unhealthy);
        }
        if !self.replace_by_policy(instance, cause, true, flow) {
            self.instances[instance as usize].taken_by = before;
        }
    }

    /// Whether the largest number of replacements is in progress.
    pub(super) fn replaces_enough(&self, fleet: usize, flow: &Flow) -> bool {
        let desired = flow.groups[fleet].desired;
        let (ready, at_once) = match &self.settings[fleet].maintenance {
            Some(healthy) => (self.healthy(fleet, flow), desired.saturating_sub(healthy.fewest(desired))),
            None => (flow.capacity(fleet, |lifecycle| lifecycle == Lifecycle::InService), desired / 10),
        };
        desired.saturating_sub(ready) >= at_once.max(1)
    }

    /// Instances that count as healthy under a maintenance policy: in service, and past the default warm-up of their group.
    fn healthy(&self, fleet: usize, flow: &Flow) -> u32 {
        let warmup = self.settings[fleet].warmup.0;
        let ready = |&&it: &&u32| {
            let host = &flow.hosts[it as usize];
            let warm = host.seasoned || host.in_service.saturating_add(warmup) <= flow.now;
            host.lifecycle == Lifecycle::InService && warm && !self.fails(it, flow)
        };
        flow.capacity_of(flow.groups[fleet].alive.iter().filter(ready).copied())
    }

    fn fails(&self, instance: u32, flow: &Flow) -> bool {
        flow.hosts[instance as usize].is_lost() || self.instances[instance as usize].unhealthy
    }

    /// Instances that are healthy in service or on their way, and those that are to come in place of what ends.
    fn healthy_or_pending(&self, fleet: usize, flow: &Flow) -> u32 {
        let counts = |&&it: &&u32| match flow.hosts[it as usize].lifecycle.is_terminating() {
            true => self.instances[it as usize].replaced,
            false => !self.fails(it, flow),
        };
        flow.capacity_of(flow.groups[fleet].alive.iter().filter(counts).copied())
    }

    /// Replaces an instance, which fails its checks or does not, by the maintenance policy of its group, or by AWS's usual order:
    /// the old one ends first. Returns whether it does, or nothing is left to do; not if as many as may be are being replaced.
    pub(super) fn replace_by_policy(
        &mut self,
        instance: u32,
        cause: &str,
        fails: bool,
        flow: &mut Flow,
    ) -> bool {
        let fleet = flow.hosts[instance as usize].group;
        let desired = flow.groups[fleet].desired;
        let policy = self.settings[fleet].maintenance;
        let was_unhealthy = self.instances[instance as usize].unhealthy;
        self.instances[instance as usize].unhealthy |= fails;
        let most = policy.map_or(desired, |healthy| healthy.most(desired));
        // What fails is no part of the healthy ones: only the most that there may be holds its replacement back.
        let has_room = policy.is_some() && self.healthy_or_pending(fleet, flow) < most;
        let replaces = if most > desired && self.instances[instance as usize].relieves.is_none() {
            // Another one may be on its way in its place already.
            let relieved = self.instances[instance as usize].relieved;
            let launched = !relieved && has_room && self.launch_in_place_of(instance, cause, flow);
            self.instances[instance as usize].until_warm |= launched;
            relieved || launched
        } else {
            let replaces = fails && has_room || !self.replaces_enough(fleet, flow);
            if replaces {
                self.replace(instance, cause, flow);
            }
            replaces
        };
        self.instances[instance as usize].unhealthy &= replaces || was_unhealthy;
        replaces
    }

    /// The one that was to come in place of an instance does not: the instance is still to be replaced, for what it was before.
    pub(super) fn is_left_alone(&mut self, instance: u32, flow: &mut Flow) {
        let state = &mut self.instances[instance as usize];
        (state.relieved, state.until_warm) = (false, false);
        let again = flow.now.saturating_add(STATUS_PERIOD.0);
        let is_silent = state.blows.is_cut_off() || flow.hosts[instance as usize].is_lost();
        if is_silent {
            flow.set(Timer::Noticed { instance }, again);
        } else if state.taken_by == Some(Purpose::Lifetime) {
            flow.set(Timer::Aged { instance }, again);
        } else if state.taken_by == Some(Purpose::Unhealthy) {
            state.taken_by = None;
        }
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
        if held || !self.replace_by_policy(instance, cause, false, flow) {
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
            self.make_up_for(fleet, flow);
            self.fit_pool(fleet, flow);
        }
    }
}

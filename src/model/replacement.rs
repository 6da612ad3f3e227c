//! Health replacement: a group terminates an instance that its balancer holds for unhealthy and launches another.
//!
//! In: failed health checks. Out: activities that replace instances, at most a tenth of the desired capacity at
//! once. (EC2 Auto Scaling user guide, "Health checks for instances in an Auto Scaling group".)

use super::World;
use super::fleet::Lifecycle;

impl World<'_> {
    /// A balancer holds an instance for unhealthy. With ELB health checks on, the group replaces it, unless its
    /// grace is not over or as many as may be replaced at once are missing already.
    pub(super) fn held_for_unhealthy(&mut self, instance: u32) {
        let state = &self.instances[instance as usize];
        let (fleet, lifecycle) = (state.fleet, state.lifecycle);
        let settings = &self.scenario.fleets[fleet];
        let in_grace = !state.seasoned && state.in_service.saturating_add(settings.grace.0) > self.flow.now;
        if !settings.elb_health || in_grace || lifecycle != Lifecycle::InService {
            return;
        }
        let desired = self.fleets[fleet].desired;
        let in_service = self.count(fleet, |lifecycle| lifecycle == Lifecycle::InService);
        if desired.saturating_sub(in_service) >= (desired / 10).max(1) {
            return;
        }
        self.replace(
            instance,
            "an instance was taken out of service in response to an ELB health check failure",
        );
    }

    /// Terminates an instance and launches another in its place.
    pub(super) fn replace(&mut self, instance: u32, cause: &str) {
        let fleet = self.instances[instance as usize].fleet;
        let settings = &self.scenario.fleets[fleet];
        let desired = self.fleets[fleet].desired;
        let activity = self.flow.journal.activity(
            self.flow.now,
            &settings.name,
            (desired, desired),
            cause.into(),
            (1, 1),
        );
        self.fleets[fleet].control.begin();
        self.terminate(instance, Some(activity));
        self.launch(fleet, Some(activity), settings.warmup);
    }
}

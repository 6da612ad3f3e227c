//! The life of an instance: launch, boot, first health check, service, draining, end.
//!
//! In: a decision to launch or to terminate. Out: capacity that comes and goes at its real pace. Billing starts
//! with the launch; targets are registered on the way to service and deregistered first on the way out; an
//! instance that still has requests when the deregistration delay ends drops them (502).
//! (EC2 Auto Scaling user guide, "Amazon EC2 Auto Scaling instance lifecycle".)

use super::fleet::Lifecycle;
use super::{Timer, World};
use crate::dist::Sampler;
use crate::units::Time;

impl World<'_> {
    /// Launches an instance for an activity.
    pub(super) fn launch(&mut self, fleet: usize, activity: Option<usize>, warmup: Time) {
        let instance = self.create_instance(fleet);
        self.instances[instance as usize].activity = activity;
        self.instances[instance as usize].warmup = warmup.0;
        let boot = &self.scenario.fleets[fleet].boot;
        let stages = [&boot.decision, &boot.launch, &boot.system, &boot.bootstrap, &boot.application];
        let mut streams = self.fleets[fleet].boot.iter_mut();
        let spans = stages.map(|law| streams.next().map_or(0, |stream| Sampler::new(law).time(stream).0));
        let called = self.now.saturating_add(spans[0]);
        let span = spans[1..].iter().fold(0u64, |sum, &span| sum.saturating_add(span));
        self.instances[instance as usize].launched = called;
        self.fleets[fleet].launched += 1;
        self.calendar.set(Timer::Booted { instance }, called.saturating_add(span));
    }

    /// The application runs: its pools are open, it is registered with its balancers and waits for a passed
    /// check; a balancer that fails open already sends it requests.
    pub(super) fn booted(&mut self, instance: u32) {
        self.start_application(instance);
        let fleet = self.instances[instance as usize].fleet;
        let balancers = self.fleets[fleet].balancers.clone();
        for &balancer in &balancers {
            let target = self.register(balancer, instance, false);
            self.instances[instance as usize].targets.push((balancer as u16, target));
        }
        if balancers.is_empty() {
            self.put_in_service(instance, false);
        }
    }

    /// A target passed its first check; with the last of its balancers the instance is in service.
    pub(super) fn passed_first_check(&mut self, instance: u32) {
        let state = &self.instances[instance as usize];
        let all = state.targets.iter().all(|&(balancer, target)| self.is_healthy(balancer, target));
        if state.lifecycle == Lifecycle::Pending && all {
            self.put_in_service(instance, false);
        }
    }

    pub(super) fn put_in_service(&mut self, instance: u32, at_start: bool) {
        let fleet = self.instances[instance as usize].fleet;
        let state = &mut self.instances[instance as usize];
        state.lifecycle = Lifecycle::InService;
        state.in_service = self.now;
        if at_start {
            self.start_application(instance);
            for balancer in self.fleets[fleet].balancers.clone() {
                let target = self.register(balancer, instance, true);
                self.instances[instance as usize].targets.push((balancer as u16, target));
            }
        }
        self.fleets[fleet].in_turn.insert(instance);
        self.activity_done(instance);
    }

    fn start_application(&mut self, instance: u32) {
        self.instances[instance as usize].running = self.now;
        self.open_pools(instance);
    }

    /// Begins to terminate an instance: it gets no new requests and finishes those it has.
    pub(super) fn terminate(&mut self, instance: u32, activity: Option<usize>) {
        // A launch that is called off is over for its activity.
        self.activity_done(instance);
        let fleet = self.instances[instance as usize].fleet;
        let state = &mut self.instances[instance as usize];
        state.lifecycle = Lifecycle::Terminating;
        state.activity = activity;
        let targets = state.targets.clone();
        let idle = state.inside == 0;
        self.calendar.cancel(&Timer::Booted { instance });
        let mut delay = 0;
        for (balancer, target) in targets {
            self.deregister(usize::from(balancer), target);
            delay = delay.max(self.scenario.balancers[usize::from(balancer)].deregistration_delay.0);
        }
        self.fleets[fleet].in_turn.remove(instance);
        let at = if idle { self.now } else { self.now.saturating_add(delay) };
        self.calendar.set(Timer::Drained { instance }, at);
    }

    /// The instance is shut down, with whatever is still inside.
    pub(super) fn terminate_now(&mut self, instance: u32) {
        let state = &mut self.instances[instance as usize];
        let (fleet, inside) = (state.fleet, state.inside);
        state.lifecycle = Lifecycle::Terminated;
        state.ended = self.now;
        if inside > 0 {
            self.evict(instance);
        }
        self.fleets[fleet].terminated += 1;
        self.fleets[fleet].alive.retain(|&other| other != instance);
        self.close_pools(instance);
        self.activity_done(instance);
    }

    /// A balancer holds an instance for unhealthy: with ELB health checks on, the group replaces it, at most a
    /// tenth of its desired capacity at once. (EC2 Auto Scaling user guide, "Health checks for instances".)
    pub(super) fn held_for_unhealthy(&mut self, instance: u32) {
        let state = &self.instances[instance as usize];
        let (fleet, lifecycle, since) = (state.fleet, state.lifecycle, state.in_service);
        let settings = &self.scenario.fleets[fleet];
        let past_grace =
            lifecycle == Lifecycle::Pending || since.saturating_add(settings.grace.0) <= self.now;
        let alive = matches!(lifecycle, Lifecycle::Pending | Lifecycle::InService);
        if !settings.elb_health || !past_grace || !alive {
            return;
        }
        let desired = self.fleets[fleet].desired;
        let under_way = self.count(fleet, Lifecycle::Pending) + self.count(fleet, Lifecycle::Terminating)
            - u32::from(lifecycle == Lifecycle::Pending); // not the one that is judged
        if under_way >= (desired / 10).max(1) {
            return;
        }
        let cause =
            "an instance was taken out of service in response to an ELB health check failure".to_string();
        let activity = self.gauges.activity(self.now, &settings.name, desired, desired, cause, 2);
        self.fleets[fleet].control.begin();
        self.terminate(instance, Some(activity));
        self.launch(fleet, Some(activity), settings.warmup);
    }

    fn activity_done(&mut self, instance: u32) {
        let state = &mut self.instances[instance as usize];
        let fleet = state.fleet;
        if let Some(activity) = state.activity.take()
            && self.gauges.activity_done(activity, self.now)
        {
            self.activity_finished(fleet);
        }
    }
}

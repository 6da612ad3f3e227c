//! The life of an instance: launch, EC2 running, service, draining, end.
//!
//! In: a decision to launch or to terminate. Out: capacity that comes and goes at its real pace. Billing starts
//! with the launch. An instance is registered and in service as soon as EC2 runs it, or after its launch hook;
//! its application starts meanwhile, and whoever reaches the instance before that is refused. On the way out its
//! targets are deregistered first; requests that are still inside when the deregistration delay ends are a 502.
//! (EC2 Auto Scaling user guide, "Amazon EC2 Auto Scaling instance lifecycle".)

use super::fleet::Lifecycle;
use super::{Timer, World};
use crate::dist::Sampler;
use crate::flow::number;
use crate::scenario::balancer::TargetConnections;
use crate::units::Time;

/// Pause before a supervisor starts an application again that did not start.
/// Source: systemd.service manual, `RestartSec` default.
const RESTART_PAUSE: Time = Time::from_millis(100);

impl World<'_> {
    /// Launches an instance for an activity.
    pub(super) fn launch(&mut self, fleet: usize, activity: Option<usize>, warmup: Time) {
        let instance = self.create_instance(fleet);
        let boot = &self.scenario.fleets[fleet].boot;
        let stages = [&boot.decision, &boot.launch, &boot.system, &boot.bootstrap, &boot.application];
        let mut streams = self.fleets[fleet].boot.iter_mut();
        let mut at = self.flow.now;
        let [called, runs, installs, starts, answers] = stages.map(|law| {
            let span = streams.next().map_or(0, |stream| Sampler::new(law).time(stream).0);
            at = at.saturating_add(span);
            at
        });
        let state = &mut self.instances[instance as usize];
        (state.activity, state.warmup, state.launched) = (activity, warmup.0, called);
        state.stages = [runs, installs, starts];
        self.fleets[fleet].launched += 1;
        self.flow.set(Timer::Runs { instance }, runs);
        self.flow.set(Timer::Started { instance }, answers);
    }

    /// EC2 runs the instance; its system boots, and its application is not there yet.
    pub(super) fn runs(&mut self, instance: u32) {
        let fleet = self.instances[instance as usize].fleet;
        match &self.scenario.fleets[fleet].launch_hook {
            None => self.put_in_service(instance),
            Some(hook) => self.wait_before_service(instance, hook),
        }
    }

    /// The application has had its time to start: it answers from now on, or failed and is started again.
    pub(super) fn started(&mut self, instance: u32) {
        if self.start_application(instance) {
            self.application_runs(instance);
        } else {
            self.start_again(instance);
        }
    }

    /// An application that did not start is started again by its supervisor, for as long as it takes.
    fn start_again(&mut self, instance: u32) {
        let fleet = self.instances[instance as usize].fleet;
        let law = &self.scenario.fleets[fleet].boot.application;
        let span = Sampler::new(law).time(&mut self.fleets[fleet].restart) + RESTART_PAUSE;
        self.flow.set(Timer::Started { instance }, self.flow.now.saturating_add(span.0));
    }

    /// Opens the pools and then the door; returns whether the application starts.
    fn start_application(&mut self, instance: u32) -> bool {
        if !self.parts.database.open_pools(instance, &mut self.flow) {
            return false;
        }
        let state = &mut self.instances[instance as usize];
        state.running = self.flow.now;
        let (fleet, threads) = (state.fleet, state.threads);
        self.open_threads(fleet, threads);
        self.join_turns(instance);
        true
    }

    /// Registers the instance with its balancers, whose checks begin, and counts it as in service.
    pub(super) fn put_in_service(&mut self, instance: u32) {
        self.enter_service(instance, false);
        self.activity_done(instance);
    }

    /// An instance that is there at once: it has been in service for long, so its grace and its warm-up are over.
    pub(super) fn put_in_service_at_once(&mut self, instance: u32) {
        let state = &mut self.instances[instance as usize];
        state.seasoned = true;
        state.stages = [self.flow.now; 3];
        if !self.start_application(instance) {
            self.start_again(instance);
        }
        self.enter_service(instance, true);
    }

    fn enter_service(&mut self, instance: u32, seasoned: bool) {
        let state = &mut self.instances[instance as usize];
        let fleet = state.fleet;
        (state.lifecycle, state.in_service) = (Lifecycle::InService, self.flow.now);
        for balancer in self.fleets[fleet].balancers.clone() {
            let target = self.register(balancer, instance, seasoned);
            self.instances[instance as usize].targets.push((number(balancer), target));
        }
        self.join_turns(instance);
    }

    /// Begins to terminate an instance: it gets no new requests and finishes those it has.
    pub(super) fn terminate(&mut self, instance: u32, activity: Option<usize>) {
        self.call_launch_off(instance);
        for timer in [Timer::Runs { instance }, Timer::Started { instance }] {
            self.flow.cancel(timer);
        }
        self.leave_hook(instance);
        let state = &mut self.instances[instance as usize];
        state.lifecycle = Lifecycle::Terminating;
        state.activity = activity;
        let (fleet, targets, idle) = (state.fleet, state.targets.clone(), state.inside == 0);
        let (mut least, mut most) = (self.flow.now, self.flow.now);
        for (balancer, target) in targets {
            let connected = self.deregister(usize::from(balancer), target);
            let settings = &self.scenario.balancers[usize::from(balancer)];
            let delay = self.flow.now.saturating_add(settings.deregistration_delay.0);
            most = most.max(delay);
            if connected && settings.target_connections == TargetConnections::KeepAlive {
                least = least.max(delay);
            }
        }
        self.fleets[fleet].in_turn.remove(instance);
        self.instances[instance as usize].connected_until = least;
        if idle {
            self.last_request_left(instance);
        } else {
            self.flow.set(Timer::Drained { instance }, most);
        }
    }

    /// A leaving instance has nothing more to do; connections that are kept alive may still hold it.
    #[cold]
    pub(super) fn last_request_left(&mut self, instance: u32) {
        let state = &mut self.instances[instance as usize];
        state.idle_since = self.flow.now;
        self.flow.set(Timer::Drained { instance }, state.connected_until.max(self.flow.now));
    }

    /// The deregistration delay is over, or nothing is connected any more; whoever is still inside is cut off.
    pub(super) fn drained(&mut self, instance: u32) {
        let state = &mut self.instances[instance as usize];
        let (fleet, inside) = (state.fleet, state.inside);
        let has_served = state.in_service != u64::MAX;
        state.idle_since = state.idle_since.min(self.flow.now);
        state.lifecycle = Lifecycle::TerminatingWait;
        if inside > 0 {
            self.evict(instance);
        }
        match &self.scenario.fleets[fleet].terminate_hook {
            Some(hook) if has_served => self.wait_before_end(instance, hook),
            _ => self.end_instance(instance),
        }
    }

    /// The instance is shut down.
    pub(super) fn end_instance(&mut self, instance: u32) {
        let state = &mut self.instances[instance as usize];
        let fleet = state.fleet;
        (state.lifecycle, state.ended) = (Lifecycle::Terminated, self.flow.now);
        self.fleets[fleet].terminated += 1;
        self.fleets[fleet].alive.retain(|&other| other != instance);
        self.parts.database.close_pools(instance, &mut self.flow);
        self.activity_done(instance);
    }

    /// The launch of an instance that leaves before it came into service is over for its activity.
    fn call_launch_off(&mut self, instance: u32) {
        let state = &mut self.instances[instance as usize];
        if state.lifecycle.is_pending()
            && let Some(activity) = state.activity
        {
            self.flow.journal.launch_called_off(activity);
        }
        self.activity_done(instance);
    }

    fn activity_done(&mut self, instance: u32) {
        let state = &mut self.instances[instance as usize];
        let fleet = state.fleet;
        if let Some(activity) = state.activity.take()
            && self.flow.journal.activity_done(activity, self.flow.now)
        {
            self.activity_finished(fleet);
        }
    }
}

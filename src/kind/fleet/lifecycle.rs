//! The life of an instance: launch, start, service, draining, end.
//!
//! In: a decision to launch or to terminate. Out: capacity that comes and goes with realistic delays. Billing starts
//! with the launch. An instance is registered and in service as soon as EC2 calls it running, or after its launch hook.
//! Its application starts meanwhile, and requests before that are refused. On the way out its
//! targets are deregistered first; requests still inside when the deregistration delay ends get a 502.
//! (EC2 Auto Scaling user guide, "Amazon EC2 Auto Scaling instance lifecycle".)

use super::language::{Process, Strategy};
use super::model::{Fleets, Timer};
use super::prepared::Start;
use crate::dist::Sampler;
use crate::flow::Flow;
use crate::flow::fact::Fact;
use crate::flow::host::Lifecycle;
use crate::units::Time;

/// Pause before a supervisor restarts an application that failed to start, or has ended. Source: systemd.service manual, `RestartSec`
/// default.
const RESTART_PAUSE: Time = Time::from_millis(100);

impl Fleets<'_> {
    /// Launches an instance for an activity, from the warm pool if one is ready there; returns it, or nothing if no zone is
    /// left.
    pub(super) fn launch(
        &mut self,
        fleet: usize,
        activity: Option<usize>,
        warmup: Time,
        flow: &mut Flow,
    ) -> Option<u32> {
        if self.is_suspended(fleet, Process::Launch, flow) {
            if let Some(activity) = activity {
                flow.journal.launch_called_off(activity);
                part_done(fleet, activity, flow);
            }
            return None;
        }
        let Some(start) = self.take_from_pool(fleet, flow) else {
            return self.launch_anew(fleet, activity, warmup, flow);
        };
        Some(self.begin_launch(fleet, activity, warmup, &start, flow))
    }

    /// An instance is on its way: each stage of its start is known.
    pub(super) fn begin_launch(
        &mut self,
        fleet: usize,
        activity: Option<usize>,
        warmup: Time,
        start: &Start,
        flow: &mut Flow,
    ) -> u32 {
        let instance = self.create_instance_at(fleet, start.place, flow);
        let own = &mut self.instances[instance as usize];
        (own.activity, own.brought) = (activity, start.account);
        let host = &mut flow.hosts[instance as usize];
        (host.warmup, host.launched, host.stages) = (warmup.0, start.billed, start.stages);
        self.each[fleet].launched += 1;
        flow.set(Timer::Runs { instance }, start.runs);
        flow.set(Timer::Started { instance }, start.answers);
        instance
    }

    /// Launches a new instance for an activity; returns it, or nothing if it fails or no zone is left.
    pub(super) fn launch_anew(
        &mut self,
        fleet: usize,
        activity: Option<usize>,
        warmup: Time,
        flow: &mut Flow,
    ) -> Option<u32> {
        let place = match self.place_of_launch(fleet, flow) {
            Ok(place) => place,
            Err(Some(why)) => {
                self.launch_failed(fleet, activity, why, flow);
                return None;
            }
            Err(None) => {
                self.no_zone_left(fleet, activity, flow);
                return None;
            }
        };
        self.note_avoided(fleet, place, flow);
        if self.settings[fleet].tasks.is_some() {
            return Some(match self.on_nodes(fleet) {
                Some(_) => self.launch_on_nodes(fleet, activity, place, warmup, flow),
                None => self.launch_task(fleet, activity, place, warmup, flow),
            });
        }
        let boot = &self.settings[fleet].boot;
        let (bootstrap, application) = self.settings[fleet].version_boot(self.wanted_version(fleet));
        let stages = [&boot.decision, &boot.launch, &boot.system, bootstrap, application];
        let mut streams = self.each[fleet].boot.iter_mut();
        let mut at = flow.now;
        let [billed, runs, installs, starts, answers] = stages.map(|law| {
            let span = streams.next().map_or(0, |stream| Sampler::new(law).time(stream).0);
            at = at.saturating_add(span);
            at
        });
        let answers = answers.saturating_add(boot.first_read(Time(starts - billed)).0);
        let start = Start { place, billed, runs, stages: [runs, installs, starts], answers, account: None };
        Some(self.begin_launch(fleet, activity, warmup, &start, flow))
    }

    /// EC2 calls the instance running; its system boots, and its application is not up yet.
    pub(super) fn runs(&mut self, instance: u32, flow: &mut Flow) {
        self.open_account(instance, true, flow);
        self.plan_interruption(instance, flow);
        match &self.settings[flow.hosts[instance as usize].group].launch_hook {
            None => self.put_in_service(instance, flow),
            Some(hook) => self.wait_before_service(instance, hook, flow),
        }
    }

    /// The application has its connections: from now on it answers.
    pub(super) fn connected(&mut self, instance: u32, flow: &mut Flow) {
        let host = &flow.hosts[instance as usize];
        // One that is restarted before its application ever answered starts for the first time.
        let has_run = host.running != u64::MAX;
        if host.down {
            self.is_up_again(instance, flow);
            if has_run {
                return self.comes_back(instance, flow);
            }
        }
        let host = &mut flow.hosts[instance as usize];
        host.running = flow.now;
        let at_once = host.seasoned && host.in_service == u64::MAX;
        self.begin_cold(instance, flow);
        self.open_link(instance, flow);
        self.open_threads(instance, flow);
        self.join_turns(instance, flow);
        match at_once {
            true => self.enter_service(instance, flow),
            false => self.application_runs(instance, flow),
        }
        self.note_missing(flow.hosts[instance as usize].group, flow);
        self.go_on_resizing(flow.hosts[instance as usize].group, flow);
        self.comes_back(instance, flow);
        self.answers_in_deployment(instance, flow);
        self.takes_tasks(instance, flow);
        self.evict_next(flow);
    }

    /// An instance of a cluster has its agent, and is in service: it takes tasks.
    fn takes_tasks(&mut self, instance: u32, flow: &mut Flow) {
        let nodes = flow.hosts[instance as usize].group;
        if self.settings[nodes].cluster.is_some() {
            self.place_waiting(nodes, flow);
        }
    }

    /// The application does not start without its connections.
    pub(super) fn refused(&mut self, instance: u32, flow: &mut Flow) {
        let host = &flow.hosts[instance as usize];
        match host.seasoned && host.in_service == u64::MAX {
            true => self.enter_service(instance, flow),
            false => self.start_again(instance, flow),
        }
    }

    /// The supervisor restarts an application that failed to start or has ended, until it succeeds.
    pub(super) fn start_again(&mut self, instance: u32, flow: &mut Flow) {
        let fleet = flow.hosts[instance as usize].group;
        let boot = &self.settings[fleet].boot;
        let (_, application) = self.settings[fleet].version_boot(self.instances[instance as usize].version);
        let start = Sampler::new(application).time(&mut self.each[fleet].restart);
        let span = start + boot.next_read() + RESTART_PAUSE;
        flow.set(Timer::Started { instance }, flow.now.saturating_add(span.0));
    }

    /// Registers the instance with its balancers, whose checks begin, and sets it in service.
    pub(super) fn put_in_service(&mut self, instance: u32, flow: &mut Flow) {
        if self.is_held_back(instance, flow) {
            return;
        }
        self.enter_service(instance, flow);
        self.activity_done(instance, flow);
    }

    /// The instances that a fleet has at the start.
    pub(super) fn begin(&mut self, fleet: usize, flow: &mut Flow) {
        let settings = &self.settings[fleet];
        self.each[fleet].at_once = match settings.timetable.first() {
            Some(&(Time::ZERO, count)) => count,
            _ => settings.desired,
        };
        self.put_next_in_service_at_once(fleet, flow);
    }

    /// An instance that is made at once, at the start or by the timetable: it counts as in service for long, so its
    /// grace period and its warm-up are over. When it is in service, the next one follows.
    pub(super) fn put_next_in_service_at_once(&mut self, fleet: usize, flow: &mut Flow) {
        if self.each[fleet].at_once > 0 {
            let Some(instance) = self.create_instance(fleet, flow) else {
                return self.no_zone_left(fleet, None, flow);
            };
            let host = &mut flow.hosts[instance as usize];
            let left = &mut self.each[fleet].at_once;
            *left = left.saturating_sub(host.weight);
            host.seasoned = true;
            host.stages = [flow.now; 3];
            self.open_account(instance, false, flow);
            self.plan_interruption(instance, flow);
            flow.tell(Fact::Starting(instance));
        }
    }

    fn enter_service(&mut self, instance: u32, flow: &mut Flow) {
        let fleet = flow.hosts[instance as usize].group;
        let unregistered = self.is_suspended(fleet, Process::AddToLoadBalancer, flow);
        let host = &mut flow.hosts[instance as usize];
        // What was there before the run was registered before.
        host.unregistered = unregistered && !host.seasoned;
        (host.lifecycle, host.in_service) = (Lifecycle::InService, flow.now);
        flow.tell(Fact::InService(instance));
        self.watch_age(instance, flow);
        self.join_turns(instance, flow);
    }

    /// An instance is in service. If it was made at once, its application is restarted if needed, and the next one
    /// follows.
    pub(super) fn in_service(&mut self, instance: u32, flow: &mut Flow) {
        self.serves(instance, false, flow);
        self.takes_tasks(instance, flow);
        self.watch_refresh(instance, flow);
        self.note_interrupted(flow.hosts[instance as usize].group, flow);
        self.note_missing(flow.hosts[instance as usize].group, flow);
        self.go_on_resizing(flow.hosts[instance as usize].group, flow);
        let host = &flow.hosts[instance as usize];
        if host.seasoned {
            let fleet = host.group;
            if !host.is_running() {
                self.start_again(instance, flow);
            }
            self.put_next_in_service_at_once(fleet, flow);
        }
    }

    /// Begins to terminate an instance: it gets no new requests and finishes its current ones.
    pub(super) fn terminate(&mut self, instance: u32, activity: Option<usize>, flow: &mut Flow) {
        if let Some((other, activity)) = self.instances[instance as usize].relieves.take() {
            self.is_left_alone(other, flow);
            part_done(flow.hosts[instance as usize].group, activity, flow);
        }
        self.call_launch_off(instance, flow);
        flow.cancel(Timer::Runs { instance });
        flow.cancel(Timer::Started { instance });
        flow.cancel(Timer::Aged { instance });
        self.wait_no_more(instance, flow);
        leave_hook(instance, flow);
        self.forget_restart(instance, flow);
        let host = &mut flow.hosts[instance as usize];
        (host.lifecycle, host.draining) = (Lifecycle::Terminating, true);
        let (fleet, is_lost) = (host.group, host.is_lost());
        let own = &mut self.instances[instance as usize];
        (own.activity, own.rollout) = (activity, self.each[fleet].rollout);
        self.each[fleet].in_turn.remove(instance);
        if is_lost {
            self.note_lost(fleet, flow);
        }
        self.take_out(instance, flow);
        self.note_in_service(fleet, flow);
        flow.tell(Fact::Leaving(instance));
        self.drain_node(instance, flow);
    }

    /// No balancer sends requests to a leaving instance any more: the requests inside have some time to end.
    pub(super) fn deregistered(
        &mut self,
        instance: u32,
        connected_until: u64,
        drained_by: u64,
        flow: &mut Flow,
    ) {
        let state = &mut self.instances[instance as usize];
        state.connected_until = connected_until;
        if flow.hosts[instance as usize].inside == 0 {
            self.last_request_left(instance, flow);
        } else {
            let until = drained_by.max(state.working_until);
            flow.set(Timer::Drained { instance }, self.at_most_until_gone(instance, until, flow));
        }
        self.launch_replacement(instance, flow);
        // One that was out to be restarted may leave for another reason: the others follow.
        let fleet = flow.hosts[instance as usize].group;
        if self.strategy(fleet).is_some_and(Strategy::is_in_place) {
            self.go_on_refreshing(fleet, flow);
        }
    }

    /// The last request of a leaving instance has ended; connections that are kept alive may still hold it.
    pub(super) fn last_request_left(&mut self, instance: u32, flow: &mut Flow) {
        match self.instances[instance as usize].out {
            Some(_) => self.instances[instance as usize].gaps.goes(true, flow.now),
            None => flow.hosts[instance as usize].idle_since = flow.now,
        }
        let until = self.instances[instance as usize].connected_until;
        flow.set(Timer::Drained { instance }, self.at_most_until_gone(instance, until.max(flow.now), flow));
    }

    /// The deregistration delay is over, or no connection is left.
    pub(super) fn drained(&mut self, instance: u32, flow: &mut Flow) {
        if self.instances[instance as usize].out.is_some() {
            return self.stop_application(instance, flow);
        }
        let host = &mut flow.hosts[instance as usize];
        host.idle_since = host.idle_since.min(flow.now);
        (host.lifecycle, host.draining) = (Lifecycle::TerminatingWait, false);
        flow.tell(Fact::Drained(instance));
    }

    /// No request is inside a leaving instance any more.
    pub(super) fn emptied(&mut self, instance: u32, flow: &mut Flow) {
        if self.instances[instance as usize].kept && !self.is_gone(instance, flow) {
            return;
        }
        if self.carries_tasks(instance, flow) {
            return;
        }
        let stands = self.instances[instance as usize].stands.is_some();
        let host = &flow.hosts[instance as usize];
        match &self.settings[host.group].terminate_hook {
            Some(hook) if host.in_service != u64::MAX && !self.is_gone(instance, flow) && !stands => {
                self.wait_before_end(instance, hook, flow)
            }
            _ => self.end_instance(instance, flow),
        }
    }

    /// The instance is shut down, or on standby.
    pub(super) fn end_instance(&mut self, instance: u32, flow: &mut Flow) {
        self.close_account(instance, flow);
        self.close_link(instance, flow);
        self.cancel_interruption(instance, flow);
        let stands = self.instances[instance as usize].stands.is_some() && !self.is_gone(instance, flow);
        let host = &mut flow.hosts[instance as usize];
        (host.lifecycle, host.draining, host.ended) = (Lifecycle::Terminated, false, flow.now);
        let resizes = self.instances[instance as usize].resizes;
        flow.groups[host.group].alive.retain(|&other| other != instance);
        flow.tell(Fact::Gone(instance));
        self.activity_done(instance, flow);
        self.lose_carried(instance, flow);
        self.leave_node(instance, flow);
        match (stands, resizes) {
            (true, _) => self.is_on_standby(instance, flow),
            (_, true) => self.is_stopped(instance, flow),
            _ => self.leave_group(instance, flow),
        }
    }

    /// An instance leaves before it came into service: its launch is over for its activity.
    fn call_launch_off(&mut self, instance: u32, flow: &mut Flow) {
        if flow.hosts[instance as usize].lifecycle.is_pending()
            && let Some(activity) = self.instances[instance as usize].activity
        {
            flow.journal.launch_called_off(activity);
        }
        self.activity_done(instance, flow);
    }

    pub(super) fn activity_done(&mut self, instance: u32, flow: &mut Flow) {
        if let Some(activity) = self.instances[instance as usize].activity.take() {
            part_done(flow.hosts[instance as usize].group, activity, flow);
        }
    }
}

/// A launch or a termination of an activity of a group is over.
pub(super) fn part_done(fleet: usize, activity: usize, flow: &mut Flow) {
    if flow.journal.activity_done(activity, flow.now) {
        // Cooldowns count from here.
        let group = &mut flow.groups[fleet];
        group.under_way = group.under_way.saturating_sub(1);
        group.finished = Some(flow.now);
    }
}

/// An instance leaves its hook, if it is in one.
pub(super) fn leave_hook(instance: u32, flow: &mut Flow) {
    for completed in [true, false] {
        flow.cancel(Timer::Hook { instance, completed });
    }
}

//! Application Load Balancers: which target gets a request, and which targets are healthy.
//!
//! In: requests, and the answers to health checks. Out: targets. There is no queue in a balancer; with no
//! healthy target it fails open and sends to all registered ones, with no registered target it answers 503.
//! A new target is healthy after one passing check. (Elastic Load Balancing user guide, "Health checks for your
//! target groups".) Checks begin when a target is registered. A health check is a small real request that waits its
//! turn for a thread like any other; an instance whose application does not run yet refuses it, as it does requests.

use super::picker::Picker;
use super::{Timer, World};
use crate::dist::below;
use crate::flow::NONE;
use crate::flow::attempt::NETWORK;
use crate::flow::attempt::{State, Tier};
use crate::flow::number;
use crate::rng::{Stream, stream};

/// One balancer.
#[derive(Debug)]
pub struct Balancer {
    /// A picker for each zone, or one for all with cross-zone balancing.
    pickers: Vec<Picker>,
    turn: usize,
    targets: Vec<Target>,
    /// The idle timeout in nanoseconds, and its lane.
    pub idle: u64,
    /// Requests for which a target was picked.
    pub requests: u64,
    /// Where requests go; nothing before the first target.
    sends: Option<Sends>,
    phases: Stream,
}

/// Where a balancer sends requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sends {
    /// To the healthy targets.
    ToHealthy,
    /// To all registered ones, as none is healthy.
    ToAll,
    /// Nowhere, as none is registered.
    Nowhere,
}

/// A place in the target group.
#[derive(Clone, Copy, Debug)]
struct Target {
    instance: u32,
    picker: usize,
    registered: bool,
    healthy: bool,
    /// Not judged yet.
    initial: bool,
    /// It has never passed a check: one pass makes it healthy, however many it has failed.
    new: bool,
    passes: u32,
    failures: u32,
    /// The check under way.
    probe: u32,
    since: u64,
    /// It has had a request, so a connection to it is open.
    connected: bool,
}

impl Target {
    fn is_unhealthy(&self) -> bool {
        !self.healthy && !self.initial
    }
}

impl Balancer {
    /// A target has refused the connection for a request.
    pub fn refused(&mut self, target: u32) {
        self.targets[target as usize].connected = false;
    }

    /// A request that a target had has ended.
    #[inline]
    pub fn answered(&mut self, target: u32) {
        let picker = self.targets[target as usize].picker;
        self.pickers[picker].answered(target);
    }

    /// Registered targets that are judged unhealthy.
    pub fn unhealthy(&self) -> u32 {
        self.targets.iter().filter(|target| target.registered && target.is_unhealthy()).count() as u32
    }

    /// Registered targets.
    pub fn registered(&self) -> u32 {
        self.targets.iter().filter(|target| target.registered).count() as u32
    }

    /// Slow start: a new target gets a share that grows in a line over the ramp; what it is too young for goes
    /// to the next in turn.
    #[cold]
    fn ramp(&mut self, mut target: u32, slow_start: u64, now: u64) -> u32 {
        for _ in 0..self.targets.len() {
            let state = self.targets[target as usize];
            let age = now.saturating_sub(state.since);
            if state.since == 0 || age >= slow_start || below(&mut self.phases, slow_start) < age {
                break;
            }
            self.pickers[state.picker].answered(target);
            match self.pickers[state.picker].pick() {
                Some(next) => target = next,
                None => break,
            }
        }
        target
    }
}

impl World<'_> {
    pub(super) fn build_balancers(&mut self) {
        for settings in &self.scenario.balancers {
            let zones =
                if settings.cross_zone { 1 } else { self.scenario.fleets[settings.targets.index()].zones };
            let picker = |zone| {
                let name = format!("balancer.{}/zone {zone}/choice", settings.name);
                Picker::new(settings.routing, settings.ties, stream(self.seed, &name))
            };
            self.balancers.push(Balancer {
                pickers: (0..zones.max(1)).map(picker).collect(),
                turn: 0,
                targets: Vec::new(),
                idle: settings.idle_timeout.0,
                requests: 0,
                sends: None,
                phases: stream(self.seed, &format!("balancer.{}/health check phase", settings.name)),
            });
        }
    }

    /// The target for a request and its instance.
    #[inline(always)]
    pub(super) fn pick_target(&mut self, balancer: u16) -> Option<(u32, u32)> {
        let state = &mut self.balancers[usize::from(balancer)];
        let zones = state.pickers.len();
        for _ in 0..zones {
            // Clients spread evenly over the zones' addresses; a zone without eligible target is out of DNS.
            let zone = state.turn;
            state.turn = if zone + 1 < zones { zone + 1 } else { 0 };
            if let Some(mut target) = state.pickers[zone].pick() {
                let slow_start = self.scenario.balancers[usize::from(balancer)].slow_start.0;
                if slow_start > 0 {
                    target = state.ramp(target, slow_start, self.flow.now);
                }
                state.requests += 1;
                let chosen = &mut state.targets[target as usize];
                chosen.connected = true;
                return Some((target, chosen.instance));
            }
        }
        None
    }

    /// Registers an instance, whose checks begin. One that has been in service for long is known already: healthy
    /// and connected, or unhealthy where its application does not run.
    pub(super) fn register(&mut self, balancer: usize, instance: u32, seasoned: bool) -> u32 {
        let known = &self.instances[instance as usize];
        let (zone, runs) = (known.zone as usize, known.running != u64::MAX);
        let state = &mut self.balancers[balancer];
        let target = Target {
            instance,
            picker: zone % state.pickers.len(),
            registered: true,
            healthy: seasoned && runs,
            initial: !seasoned,
            new: !(seasoned && runs),
            passes: 0,
            failures: 0,
            probe: NONE,
            since: 0,
            connected: seasoned && runs,
        };
        let index: u32 = number(state.targets.len());
        state.targets.push(target);
        let phase =
            below(&mut state.phases, self.scenario.balancers[balancer].health_check.interval.0.max(1));
        self.flow.set(
            Timer::Check { balancer: number(balancer), target: index },
            self.flow.now.saturating_add(phase),
        );
        self.refresh(balancer);
        index
    }

    /// Takes a target out: it gets no new requests. Returns whether it has been connected to.
    pub(super) fn deregister(&mut self, balancer: usize, target: u32) -> bool {
        let state = &mut self.balancers[balancer].targets[target as usize];
        state.registered = false;
        let connected = state.connected;
        let balancer_index = number(balancer);
        self.flow.cancel(Timer::Check { balancer: balancer_index, target });
        self.flow.cancel(Timer::CheckTimeout { balancer: balancer_index, target });
        self.refresh(balancer);
        connected
    }

    /// Sends the health check of a target.
    pub(super) fn check_health(&mut self, balancer: u16, target: u32) {
        let settings = &self.scenario.balancers[usize::from(balancer)].health_check;
        let instance = self.balancers[usize::from(balancer)].targets[target as usize].instance;
        if self.instances[instance as usize].running == u64::MAX {
            self.flow
                .set(Timer::Check { balancer, target }, self.flow.now.saturating_add(settings.interval.0));
            return self.judge(balancer, target, false); // the connection is refused
        }
        self.flow
            .set(Timer::CheckTimeout { balancer, target }, self.flow.now.saturating_add(settings.timeout.0));
        // Behind the timeout of this check, which may be due at the same instant.
        self.flow.set(Timer::Check { balancer, target }, self.flow.now.saturating_add(settings.interval.0));
        let id = self.flow.new_attempt();
        let attempt = &mut self.flow.attempts[id];
        attempt.state = State::Probe;
        attempt.class = balancer;
        attempt.since = self.flow.now;
        attempt.start = self.flow.now;
        attempt.stage = NETWORK;
        attempt.next = self.program.probes[usize::from(balancer)];
        attempt.depth = 1;
        // Of a tier without balancer: a health check is no outstanding request.
        let state = &mut self.instances[instance as usize];
        state.inside += 1;
        *self.flow.attempts.tier_mut(id, 0) = Tier { target, ..state.tier(instance) };
        self.balancers[usize::from(balancer)].targets[target as usize].probe = id;
        self.flow.ready.push(id);
    }

    /// A health check was answered.
    pub(super) fn probed(&mut self, id: u32) {
        let attempt = &self.flow.attempts[id];
        let (balancer, target) = (attempt.class, self.flow.attempts.tier(id, 0).target);
        self.flow.attempts.release(id);
        let state = &mut self.balancers[usize::from(balancer)].targets[target as usize];
        if state.probe != id || !state.registered {
            return; // too late: its timeout has judged
        }
        state.probe = NONE;
        self.flow.cancel(Timer::CheckTimeout { balancer, target });
        self.judge(balancer, target, true);
    }

    /// A health check was not answered in time.
    pub(super) fn check_timed_out(&mut self, balancer: u16, target: u32) {
        self.balancers[usize::from(balancer)].targets[target as usize].probe = NONE;
        self.judge(balancer, target, false);
    }

    fn judge(&mut self, balancer: u16, target: u32, passed: bool) {
        let settings = &self.scenario.balancers[usize::from(balancer)].health_check;
        let state = &mut self.balancers[usize::from(balancer)].targets[target as usize];
        let before = *state;
        if passed {
            state.passes += 1;
            state.failures = 0;
            if state.new || state.passes >= settings.healthy_threshold {
                (state.healthy, state.initial, state.new) = (true, false, false);
            }
        } else {
            state.failures += 1;
            state.passes = 0;
            if state.failures >= settings.unhealthy_threshold {
                state.healthy = false;
                state.initial = false;
            }
        }
        if state.healthy && !before.healthy {
            state.since = self.flow.now;
        }
        let after = *state;
        if after.healthy != before.healthy {
            self.refresh(usize::from(balancer));
        }
        if after.is_unhealthy() != before.is_unhealthy() {
            self.note_health(usize::from(balancer));
        }
        if after.is_unhealthy() {
            self.held_for_unhealthy(after.instance);
        }
    }

    /// Lets the targets in that may get requests: the healthy, or all registered when none is.
    fn refresh(&mut self, balancer: usize) {
        let state = &mut self.balancers[balancer];
        let any =
            |is: fn(&Target) -> bool| state.targets.iter().any(|target| target.registered && is(target));
        let any_healthy = any(|target| target.healthy);
        let sends = match (any_healthy, any(|_| true)) {
            (true, _) => Sends::ToHealthy,
            (false, true) => Sends::ToAll,
            (false, false) => Sends::Nowhere,
        };
        for (index, target) in state.targets.iter().enumerate() {
            let eligible = target.registered && (target.healthy || !any_healthy);
            state.pickers[target.picker].set_eligible(index as u32, eligible);
        }
        let before = state.sends.replace(sends);
        if before == Some(sends) || (before.is_none() && sends == Sends::ToHealthy) {
            return;
        }
        let text = match sends {
            Sends::ToHealthy => "has a healthy target again",
            Sends::ToAll => "no healthy target: fails open, sends to all",
            Sends::Nowhere => "no target left: answers 503",
        };
        self.flow.incident(&self.scenario.balancers[balancer].name, text.into());
    }

    fn note_health(&mut self, balancer: usize) {
        let state = &self.balancers[balancer];
        let new = state.targets.iter().filter(|target| target.registered && target.initial).count();
        let text = match (state.unhealthy(), state.registered()) {
            (0, registered) if new == 0 => format!("all {registered} targets healthy again"),
            (0, registered) => format!("none of {registered} targets unhealthy, {new} not judged yet"),
            (unhealthy, registered) => format!("{unhealthy} of {registered} targets unhealthy"),
        };
        self.flow.incident(&self.scenario.balancers[balancer].name, text);
    }
}

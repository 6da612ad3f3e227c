//! Functions in a run: each request gets an environment of its own.
//!
//! In: attempts that invoke a function, timers, facts of connections. Out: attempts inside an environment, or throttled.

use super::account::{Account, Got};
use super::environment::State;
use super::errand;
use super::events::{Events, Queue};
use super::function::Function;
use super::language::Lambda;
use crate::flow::Flow;
use crate::flow::attempt::Tier;
use crate::flow::deadline::Deadline;
use crate::flow::fact::{Fact, Reading};
use crate::flow::next::Next;
use crate::id::{self, Gauge};
use crate::kind;
use crate::kind::part::{Asked, Offered, Part, Place, Plan};
use crate::kind::path::{CompileOwn, PathOwner};
use crate::measure::resource::Resource;
use crate::measure::stage::Cause;
use crate::usage::Used;

pub use super::op::{Op, Timer};
pub use super::state::Lambdas;

impl<'s> Part<'s> for Lambdas<'s> {
    type Op = Op;
    type Timer = Timer;

    fn own_path(index: usize, all: &kind::Settings, to: &mut impl CompileOwn<Op = kind::Op>) {
        errand::write(index, all, to);
    }

    fn build(plan: &mut Plan<'s>, flow: &mut Flow) -> Self {
        let settings = &*plan.kinds.lambdas;
        let queue = |index: usize| Queue {
            path: plan.entries((id::Kind::Lambda, index)).and_then(|entries| entries.try_into().ok()),
            region: plan.kinds.lost_with((id::Kind::Lambda, index)),
            ..Queue::default()
        };
        let events = Events::of((0..settings.len()).map(queue).collect());
        let (accounts, shared) = Account::all(settings, &plan.kinds.account);
        let first_group = flow.groups.len();
        Self::add_groups(settings.len(), flow);
        let each = settings.iter().zip(shared);
        Lambdas {
            settings,
            each: each.map(|(settings, account)| Function::new(settings, account, plan.seed)).collect(),
            accounts,
            first_group,
            environments: Vec::new(),
            of_host: Vec::new(),
            events,
            series: Vec::new(),
            warmup: plan.warmup.0,
        }
    }

    fn asks(op: Op, place: &mut Place) -> Option<Asked> {
        match op {
            Op::Invoke { function, tier } => {
                place.groups[usize::from(tier)] = Place::NO_FLEET;
                Some((Resource::Concurrency { lambda: function.into() }, None))
            }
            _ => None,
        }
    }

    fn step(&mut self, op: Op, id: u32, flow: &mut Flow) -> Next {
        match op {
            Op::Invoke { function, tier } => self.invoke(function, tier, id, flow),
            Op::Connect { tier } => {
                let environment = self.of_tier(id, tier, flow);
                if self.environments[environment as usize].state == State::Starts {
                    self.connect(environment, flow);
                }
                Next::Op
            }
            Op::Handle { tier } => self.handle(id, tier, flow),
            Op::Event { function, events } => {
                self.take_events(function, events, flow);
                Next::Op
            }
            Op::Succeeds => self.event_succeeds(id, flow),
            Op::Told => self.told(id, flow),
        }
    }

    fn fire(&mut self, timer: Timer, flow: &mut Flow) {
        match timer {
            Timer::TimesOut { function } => self.time_out(function, flow),
            Timer::Reclaims { function } => self.reclaim(function, flow),
            Timer::Provisioned { environment } => self.has_initialized(environment, flow),
            Timer::Schedule { function, change } => self.scheduled(function, change, flow),
            Timer::Track { function } => self.track(function, flow),
            Timer::Event { function } => self.look_at_events(function, flow),
        }
    }

    fn hear(&mut self, fact: &Fact, flow: &mut Flow) {
        match *fact {
            Fact::Begin(group) => {
                if let Some(function) = group.checked_sub(self.first_group).filter(|it| *it < self.each.len())
                {
                    self.provision_first(crate::flow::number(function), flow);
                }
            }
            Fact::Idle(host) => {
                if let Some(environment) = self.environment(host) {
                    self.rests(environment, flow);
                }
            }
            Fact::Connected(host) => {
                if let Some(environment) = self.environment(host) {
                    self.is_ready(environment, flow);
                }
            }
            Fact::Refused(host) => {
                if let Some(environment) = self.environment(host) {
                    self.is_refused(environment, flow);
                }
            }
            Fact::RegionLost { region, .. } => self.region_lost(region, flow.now),
            Fact::RegionBack { region } => self.region_back(region, flow),
            _ => {}
        }
    }

    fn lost(&mut self, id: u32, _cause: Option<Cause>, flow: &mut Flow) {
        self.event_failed(id, flow);
    }

    fn end_row(&mut self, span: f64, flow: &mut Flow) {
        if flow.now >= flow.end {
            self.bill_running(flow.now);
        }
        self.read_all(span, flow);
    }

    fn used(&mut self, flow: &Flow, add: &mut impl FnMut(PathOwner, Used)) {
        for index in 0..self.each.len() {
            add((id::Kind::Lambda, index), self.used_by(index, flow));
        }
    }

    fn gauge(&self, of: Gauge, flow: &Flow) -> Option<Reading> {
        let state = (of.kind == id::Kind::Lambda).then(|| &self.each[of.index as usize])?;
        let events = &self.events.each[of.index as usize];
        Some(match of.name {
            "events" => Reading::Integral(events.counts.received as f64 * 1e9),
            "events_dropped" => Reading::Integral(events.counts.lost() as f64 * 1e9),
            "event_age" => Reading::Level(events.oldest(flow.now) as f64 / 1e9),
            "throttles" => Reading::Integral(state.counts.all_throttled() as f64 * 1e9),
            "provisioned_utilization" => {
                let there = state.provisioned.held();
                if there == 0 {
                    return None;
                }
                Reading::Level(100.0 * f64::from(state.busy_ready) / f64::from(there))
            }
            _ => {
                let rest = flow.now.saturating_sub(state.counted_until) as f64;
                Reading::Integral(state.area + f64::from(state.concurrency()) * rest)
            }
        })
    }

    fn offered(&self, index: usize) -> Option<Offered> {
        self.events.each[index].offered()
    }

    fn crowd(&self) -> Vec<(String, u64)> {
        let functions = self.settings.iter().zip(&self.events.each);
        functions
            .map(|(it, queue)| (format!("as events of the function {}", it.name), queue.there()))
            .collect()
    }

    /// Invocations that got an environment: concurrency is held.
    fn counted(&self, of: Resource, _flow: &Flow) -> Option<f64> {
        match of {
            Resource::Concurrency { lambda } => {
                let sharing = Lambda::sharing(lambda, self.settings);
                Some(sharing.map(|it| self.each[it].counts.invocations as f64).sum())
            }
            _ => None,
        }
    }
}

impl Lambdas<'_> {
    /// The environment of a tier.
    fn of_tier(&self, id: u32, tier: u8, flow: &Flow) -> u32 {
        self.of_host[flow.attempts.tier(id, tier).instance as usize]
    }

    /// An attempt gets an environment, and waits until that has initialized if it is new.
    fn invoke(&mut self, function: u16, tier: u8, id: u32, flow: &mut Flow) -> Next {
        let index = usize::from(function);
        let limit = std::mem::replace(flow.waits_at_most.of_mut(id), u64::MAX);
        // What an event does calls others as any request does.
        let event = self.event_of(id, flow).filter(|_| tier == 0);
        let (environment, is_cold) = match self.admit(function, event.is_none(), flow) {
            Got::Warm(environment) => (environment, false),
            Got::Cold(environment) => (environment, true),
            Got::Nothing(throttle) => {
                self.each[index].counts.throttled[throttle as usize] += 1;
                return Next::Fail(Cause::TooManyRequests);
            }
        };
        let state = &mut self.each[index];
        state.counts.invocations += 1;
        self.begins(environment, id, flow);
        event.into_iter().for_each(|event| self.event_runs(event, flow));
        let patience = if limit == u64::MAX { Deadline::NEVER } else { flow.deadline(id, limit) };
        let host = self.environments[environment as usize].host;
        flow.enter_tier(id, tier, host, Tier { patience, ..Tier::NONE });
        if !is_cold {
            return Next::Op;
        }
        let state = &mut self.each[index];
        state.counts.cold += 1;
        let (sampler, stream) = &mut state.placement;
        let placement = sampler.time(stream);
        let (sampler, stream) = &mut state.init;
        let init = sampler.time(stream);
        let whole = placement.0.saturating_add(init.0);
        if flow.now >= self.warmup {
            self.each[index].counts.starts.record(whole);
        }
        self.environments[environment as usize].init = init.0;
        flow.pass(whole, id)
    }

    /// The handler begins, if the environment has its connections.
    fn handle(&mut self, id: u32, tier: u8, flow: &mut Flow) -> Next {
        let environment = self.of_tier(id, tier, flow);
        let own = &mut self.environments[environment as usize];
        if own.refused {
            self.each[usize::from(own.function)].counts.refused += 1;
            return Next::Fail(Cause::FunctionError);
        }
        if own.state == State::Starts {
            (own.state, own.since) = (State::Busy, flow.now);
        }
        self.watch_timeout(environment, flow);
        Next::Op
    }

    /// A database refuses the connections of an environment.
    fn is_refused(&mut self, environment: u32, flow: &mut Flow) {
        let own = &mut self.environments[environment as usize];
        own.refused = true;
        if own.provisioned && own.attempt == crate::flow::NONE {
            self.end(environment, flow);
            self.replace(environment, flow);
        }
    }
}

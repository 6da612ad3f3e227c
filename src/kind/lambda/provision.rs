//! Provisioned concurrency: environments that are made before they are asked for. In: how many there are to be. Out: environments, which come at
//! the pace of their allocation; a policy that goes by their use.

use super::environment::State;
use super::op::Timer;
use super::state::Lambdas;
use crate::flow::{Flow, NONE, number};

/// Nanoseconds of a minute.
const MINUTE: u64 = 60_000_000_000;
/// The low alarm is below this part of the target.
const LOW: f64 = 0.9;

impl Lambdas<'_> {
    /// At the start of a run those that the file has have been there for long.
    pub(super) fn provision_first(&mut self, function: u16, flow: &mut Flow) {
        let Some(provisioned) = &self.settings[usize::from(function)].provisioned else { return };
        for (change, (at, _)) in provisioned.schedule.iter().enumerate() {
            flow.set(Timer::Schedule { function, change: number(change) }, at.0);
        }
        if provisioned.tracking.is_some() {
            flow.set_first(Timer::Track { function }, MINUTE);
        }
        let count = provisioned.count;
        self.each[usize::from(function)].provisioned.wanted = count;
        for _ in 0..count {
            let environment = self.make(function, true, flow);
            self.each[usize::from(function)].provisioned.coming += 1;
            self.has_initialized(environment, flow);
        }
    }

    /// From now on so many are wanted.
    pub(super) fn want(&mut self, function: u16, wanted: u32, flow: &mut Flow) {
        let state = &mut self.each[usize::from(function)];
        state.provisioned.count(flow.now);
        state.provisioned.wanted = wanted;
        self.allocate(function, flow);
        // Those that are idle go first; a busy one goes when its request has ended.
        while self.has_too_many(function) {
            let Some(environment) = self.each[usize::from(function)].ready.pop() else { return };
            self.leaves(environment, flow);
        }
    }

    fn has_too_many(&self, function: u16) -> bool {
        let provisioned = &self.each[usize::from(function)].provisioned;
        provisioned.there + provisioned.coming > provisioned.wanted && provisioned.there > 0
    }

    /// Begins those that are missing, one after the other.
    fn allocate(&mut self, function: u16, flow: &mut Flow) {
        let index = usize::from(function);
        let Some(settings) = &self.settings[index].provisioned else { return };
        let pace = MINUTE / u64::from(settings.allocation.max(1));
        loop {
            let provisioned = &mut self.each[index].provisioned;
            if provisioned.there + provisioned.coming >= provisioned.wanted {
                return;
            }
            provisioned.coming += 1;
            let begins = provisioned.next.max(flow.now);
            provisioned.next = begins.saturating_add(pace);
            let environment = self.make(function, true, flow);
            let (sampler, stream) = &mut self.each[index].init;
            let init = sampler.time(stream);
            let ready = begins.saturating_add(pace).saturating_add(init.0);
            flow.set(Timer::Provisioned { environment }, ready);
        }
    }

    /// A provisioned environment has initialized, and connects.
    pub(super) fn has_initialized(&mut self, environment: u32, flow: &mut Flow) {
        match self.settings[usize::from(self.environments[environment as usize].function)].pools.is_empty() {
            true => self.is_ready(environment, flow),
            false => self.connect(environment, flow),
        }
    }

    /// An environment has its connections: a provisioned one is ready.
    pub(super) fn is_ready(&mut self, environment: u32, flow: &mut Flow) {
        let own = &mut self.environments[environment as usize];
        if !own.provisioned || own.state != State::Starts {
            return;
        }
        (own.state, own.since) = (State::Idle, flow.now);
        let (index, function) = (usize::from(own.function), own.function);
        let state = &mut self.each[index];
        state.provisioned.coming -= 1;
        state.provisioned.there += 1;
        if self.settings[index].reserved.is_none() {
            self.accounts[state.account].provisioned += 1;
        }
        if self.has_too_many(function) {
            return self.leaves(environment, flow);
        }
        self.each[index].ready.push(environment);
    }

    /// The request of a provisioned environment has ended.
    pub(super) fn back_to_ready(&mut self, environment: u32, flow: &mut Flow) {
        let own = &mut self.environments[environment as usize];
        own.attempt = NONE;
        let function = own.function;
        match self.has_too_many(function) {
            true => self.leaves(environment, flow),
            false => self.each[usize::from(function)].ready.push(environment),
        }
    }

    /// A provisioned environment is not wanted any more.
    fn leaves(&mut self, environment: u32, flow: &mut Flow) {
        let index = usize::from(self.environments[environment as usize].function);
        self.forget(index);
        self.end(environment, flow);
    }

    /// One that was there is not any more.
    fn forget(&mut self, index: usize) {
        let state = &mut self.each[index];
        state.provisioned.there -= 1;
        if self.settings[index].reserved.is_none() {
            self.accounts[state.account].provisioned -= 1;
        }
    }

    /// A provisioned environment has ended before its time: another one takes its place, unless it could not connect.
    pub(super) fn replace(&mut self, environment: u32, flow: &mut Flow) {
        let own = self.environments[environment as usize];
        if !own.provisioned {
            return;
        }
        let index = usize::from(own.function);
        if own.refused {
            let provisioned = &mut self.each[index].provisioned;
            provisioned.count(flow.now);
            provisioned.coming -= 1;
            provisioned.wanted = provisioned.wanted.saturating_sub(1);
            return;
        }
        self.forget(index);
        self.allocate(own.function, flow);
    }

    /// The file says another number.
    pub(super) fn scheduled(&mut self, function: u16, change: u16, flow: &mut Flow) {
        let Some(provisioned) = &self.settings[usize::from(function)].provisioned else { return };
        let wanted = provisioned.schedule[usize::from(change)].1;
        self.want(function, wanted, flow);
    }

    /// A minute has ended: the policy looks at the most that were in use.
    pub(super) fn track(&mut self, function: u16, flow: &mut Flow) {
        let index = usize::from(function);
        flow.set_first(Timer::Track { function }, flow.now.saturating_add(MINUTE));
        let Some(tracking) = self.settings[index].provisioned.as_ref().and_then(|it| it.tracking) else {
            return;
        };
        let state = &mut self.each[index];
        let most = std::mem::replace(&mut state.provisioned.most, state.busy_ready).max(state.busy_ready);
        let there = state.provisioned.there;
        if there == 0 {
            return;
        }
        let used = f64::from(most) / f64::from(there);
        let of = &mut state.provisioned;
        of.above = if used > tracking.target { of.above + 1 } else { 0 };
        of.below = if used < LOW * tracking.target { of.below + 1 } else { 0 };
        let fits = (f64::from(most) / tracking.target).ceil().clamp(0.0, f64::from(u32::MAX)) as u32;
        let fits = fits.clamp(tracking.min.min(tracking.max), tracking.max);
        let wanted = of.wanted;
        let next = match (of.above >= tracking.out_after, of.below >= tracking.in_after) {
            (true, _) if fits > wanted => fits,
            (_, true) if fits < wanted => fits,
            _ => return,
        };
        (of.above, of.below) = (0, 0);
        let text =
            format!("provisioned concurrency goes from {wanted} to {next}: {most} of {there} were in use");
        flow.incident(crate::id::Kind::Lambda, &self.settings[index].name, text);
        self.want(function, next, flow);
    }
}

//! Which environment an invocation gets, if any. In: an invocation. Out: an environment that is idle or new, or a throttle.
//!
//! A provisioned one comes first, then the idle one that was used last, then a new one. Concurrency counts invocations in progress, those whose
//! environment initializes included; idle environments are none.

use super::environment::State;
use super::function::requests_of;
use super::language::Lambda;
use super::model::Lambdas;
use crate::catalog::region::Region;
use crate::engine::bucket::Bucket;
use crate::flow::Flow;
use crate::kind::account::Account as Quotas;

/// What the functions of a Region share.
#[derive(Debug)]
pub struct Account {
    /// Concurrency that no function has reserved.
    pub unreserved: u32,
    /// Invocations in progress in environments made on demand, of functions without a reservation.
    pub busy: u32,
    /// Environments that are provisioned for such functions: they take concurrency whether they are busy or not.
    pub provisioned: u32,
    /// Requests a second of such functions.
    pub rate: Bucket,
}

/// Why an invocation is throttled, by the place in its counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Throttle {
    /// Too many requests a second.
    Rate = 0,
    /// As many in progress as may be.
    Concurrency = 1,
    /// Environments are made as fast as they may be.
    Scaling = 2,
}

/// What an invocation got.
#[derive(Clone, Copy, Debug)]
pub enum Got {
    /// An environment that has initialized.
    Warm(u32),
    /// One that has yet to.
    Cold(u32),
    /// None.
    Nothing(Throttle),
}

impl Account {
    /// The accounts of a file, one for each Region with functions, and which one each function shares.
    pub fn all(settings: &[Lambda], quotas: &Quotas) -> (Vec<Account>, Vec<usize>) {
        let mut regions: Vec<Option<Region>> = Vec::new();
        let shared: Vec<usize> = settings
            .iter()
            .map(|it| {
                regions.iter().position(|known| *known == it.region).unwrap_or_else(|| {
                    regions.push(it.region);
                    regions.len() - 1
                })
            })
            .collect();
        let accounts = regions.iter().map(|region| {
            let own = settings.iter().filter(|it| it.region == *region);
            let reserved: u32 = own.filter_map(|it| it.reserved).fold(0, u32::saturating_add);
            Account {
                unreserved: quotas.lambda_concurrency.saturating_sub(reserved),
                busy: 0,
                provisioned: 0,
                rate: requests_of(quotas.lambda_concurrency),
            }
        });
        (accounts.collect(), shared)
    }

    /// Whether one more invocation may be in progress.
    fn has_room(&self) -> bool {
        u64::from(self.busy) + u64::from(self.provisioned) < u64::from(self.unreserved)
    }
}

impl Lambdas<'_> {
    /// An environment for an invocation; requests a second are only those of callers that wait.
    pub(super) fn admit(&mut self, function: u16, waits: bool, flow: &mut Flow) -> Got {
        let index = usize::from(function);
        let (settings, state) = (&self.settings[index], &mut self.each[index]);
        let account = &mut self.accounts[state.account];
        if waits {
            let rate = state.rate.as_mut().unwrap_or(&mut account.rate);
            if !rate.take(1.0, flow.now) {
                return Got::Nothing(Throttle::Rate);
            }
        }
        if let Some(environment) = state.ready.pop() {
            state.counts.provisioned += 1;
            return Got::Warm(environment);
        }
        let has_room = match settings.reserved {
            Some(reserved) => {
                u64::from(state.busy) + u64::from(state.provisioned.held()) < u64::from(reserved)
            }
            None => account.has_room(),
        };
        if !has_room {
            return Got::Nothing(Throttle::Concurrency);
        }
        state.counts.spilled += u64::from(settings.provisioned.is_some());
        if let Some(environment) = state.idle.pop_back() {
            return Got::Warm(environment);
        }
        if !state.scale.take(1.0, flow.now) {
            return Got::Nothing(Throttle::Scaling);
        }
        Got::Cold(self.make(function, false, flow))
    }

    /// An environment has a request from now on.
    pub(super) fn begins(&mut self, environment: u32, attempt: u32, flow: &Flow) {
        let own = &mut self.environments[environment as usize];
        if own.state == State::Idle {
            own.state = State::Busy;
        }
        (own.attempt, own.since) = (attempt, flow.now);
        let (index, provisioned) = (usize::from(own.function), own.provisioned);
        self.takes(index, provisioned, true, flow.now);
    }

    /// Concurrency is taken, or given back.
    pub(super) fn takes(&mut self, index: usize, provisioned: bool, begins: bool, now: u64) {
        let state = &mut self.each[index];
        state.turns(provisioned, begins, now);
        if !provisioned && self.settings[index].reserved.is_none() {
            let busy = &mut self.accounts[state.account].busy;
            *busy = if begins { *busy + 1 } else { *busy - 1 };
        }
    }
}

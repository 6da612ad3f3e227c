//! The keys of usage plans in a run. In: an attempt. Out: whether the plan of its source lets it pass.

use rand::Rng;

use super::buckets::{Spent, Tally};
use super::language::Api;
use crate::engine::bucket::Bucket;
use crate::flow::attempt::State;
use crate::flow::{Flow, NONE};
use crate::rng::{mixed, stream};

/// The keys of an API.
#[derive(Debug)]
pub struct Callers {
    /// Of each source, the plan that it has.
    of_source: Vec<Option<usize>>,
    plans: Vec<Keys>,
}

/// The keys of a plan.
#[derive(Debug)]
struct Keys {
    count: u32,
    /// By which requests of open traffic draw one.
    salt: u64,
    buckets: Vec<Bucket>,
    quotas: Vec<Spent>,
    /// Requests that its keys let pass.
    passed: Tally,
}

/// Why a key does not let a request pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Its bucket is empty.
    Throttled,
    /// Its quota is used up.
    Quota,
}

impl Callers {
    /// The keys of an API at the start of a run.
    pub fn new(settings: &Api, seed: u64) -> Callers {
        let mut of_source = vec![None; settings.sources.len()];
        let plans = settings.plans.iter().enumerate().map(|(index, plan)| {
            plan.sources.iter().for_each(|&source| of_source[source] = Some(index));
            let salt = stream(seed, &format!("api.{}/keys of plan {index}", settings.name)).next_u64();
            let count = plan.keys as usize;
            let bucket = plan.throttle.map(|it| Bucket::new(it.rate.0, it.burst.into()));
            let quota = plan.quota.map(Spent::new);
            Keys {
                count: plan.keys,
                salt,
                buckets: bucket.map_or_else(Vec::new, |bucket| vec![bucket; count]),
                quotas: quota.map_or_else(Vec::new, |quota| vec![quota; count]),
                passed: Tally::default(),
            }
        });
        let plans = plans.collect();
        Callers { of_source, plans }
    }

    /// Whether there are any.
    pub fn is_any(&self) -> bool {
        !self.plans.is_empty()
    }

    /// Of each plan with a rate, requests that passed since this was last asked, and how many keys it has.
    pub fn passed(&mut self) -> impl Iterator<Item = (f64, u32)> {
        self.plans.iter_mut().map(|keys| (keys.passed.grown(), keys.count))
    }

    /// A request of a client comes; what is sent by something else has no key.
    pub fn take(&mut self, id: u32, flow: &Flow) -> Result<(), Refused> {
        let attempt = &flow.attempts[id];
        if self.plans.is_empty() || attempt.state == State::Errand {
            return Ok(());
        }
        let plan = self.of_source.get(usize::from(attempt.source)).copied().flatten();
        let Some(keys) = plan.and_then(|plan| self.plans.get_mut(plan)) else { return Ok(()) };
        let key = match attempt.user {
            NONE => (mixed(keys.salt, flow.attempts[id].ordinal) % u64::from(keys.count)) as usize,
            user => (user % keys.count) as usize,
        };
        if keys.buckets.get_mut(key).is_some_and(|bucket| !bucket.take(1.0, flow.now)) {
            return Err(Refused::Throttled);
        }
        match keys.quotas.get_mut(key).is_some_and(|quota| !quota.take(flow.now)) {
            true => Err(Refused::Quota),
            false => {
                keys.passed.count += 1;
                Ok(())
            }
        }
    }
}

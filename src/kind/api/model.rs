//! APIs in a run: what they let pass, what they answer from their caches, how long they wait.
//!
//! In: steps of attempts. Out: attempts that go on, that fail by 413 or 429, or that go past what is behind.
//!
//! Limits apply in the order of AWS: those of the key, of the route, of the stage, of the account. (Amazon API Gateway developer guide, "Throttle requests to
//! your REST APIs for better throughput in API Gateway".)

use super::buckets::{Route, Tally};
use super::callers::{Callers, Refused};
use super::copies::{Copies, Set, sets};
use super::language::Api as Settings;
use super::record::{ApiSeries, ApiTotals};
use crate::engine::bucket::Bucket;
use crate::flow::Flow;
use crate::flow::attempt::Tier;
use crate::flow::draws::Draws;
use crate::flow::fact::Reading;
use crate::flow::mark::Mark;
use crate::flow::next::Next;
use crate::flow::timer::NoTimer;
use crate::id::{self, Gauge};
use crate::kind::Kind;
use crate::kind::bill::Hourly;
use crate::kind::part::{Asked, Counted, Part, Place, Plan, Share, Skip};
use crate::kind::path::PathOwner;
use crate::measure::resource::Resource;
use crate::measure::stage::Cause;
use crate::usage::Used;

/// All APIs.
#[derive(Debug)]
pub struct Apis<'s> {
    pub(super) settings: &'s [Settings],
    pub(super) each: Vec<Api>,
    /// What the account takes, in each Region with an API.
    pub(super) accounts: Vec<Bucket>,
    /// Requests a second of that.
    pub(super) rate_of_account: f64,
    /// The objects of each path that a cache may have.
    sets: Vec<Set>,
    /// Rows so far.
    pub(super) series: Vec<ApiSeries>,
}

/// One API.
#[derive(Debug)]
pub struct Api {
    /// Its account.
    pub(super) account: usize,
    stage: Option<Bucket>,
    pub(super) routes: Vec<Route>,
    /// Requests that routes throttled, and that keys did.
    pub(super) by_routes: Tally,
    pub(super) by_keys: Tally,
    pub(super) callers: Callers,
    cache: Option<Copies>,
    pub(super) counts: ApiTotals,
    pub(super) marks: [Mark; 4],
    pub(super) units: u64,
    pub(super) hours: Hourly,
}

/// Steps at an API.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// A request comes: it takes so many units of the bill, and may be too large. `route` is the place of its route, from 1 on.
    Enter { api: u16, route: u8, units: u8, large: bool },
    /// Look an object up: a hit goes on at `past`.
    Look { set: u16, slot: u8, past: u32 },
    /// From now on the API waits for what is behind.
    Wait { api: u16 },
    /// It has entered a tier, in which it is waited for.
    Bound { api: u16, tier: u8 },
    /// The answer is back, and may be kept.
    Keep { set: u16, slot: u8 },
}

/// APIs have no timers.
pub type Timer = NoTimer<{ Kind::Api as u8 }>;

impl<'s> Part<'s> for Apis<'s> {
    type Op = Op;
    type Timer = Timer;

    fn build(plan: &mut Plan<'s>, flow: &mut Flow) -> Self {
        let settings = &*plan.kinds.apis;
        let own = plan.objects.iter().filter(|it| it.of.0 == id::Kind::Api);
        let own: Vec<_> = own.cloned().collect();
        let count_of = |keys: u16| plan.key_spaces[usize::from(keys)].count;
        let (sets, counts) = sets(&own, count_of, settings.len());
        let quotas = &plan.kinds.account;
        let (mut regions, mut accounts) = (Vec::new(), Vec::new());
        let each = settings.iter().zip(counts).map(|(it, objects)| {
            let account = regions.iter().position(|known| *known == it.region).unwrap_or_else(|| {
                regions.push(it.region);
                accounts.push(Bucket::new(quotas.api_rate.0, quotas.api_burst.into()));
                regions.len() - 1
            });
            let callers = Callers::new(it, plan.seed);
            // A key of open traffic goes by the number of a request.
            flow.counts_requests |= callers.is_any();
            let bucket = |throttle: super::language::throttle::Throttle| {
                Bucket::new(throttle.rate.0, throttle.burst.into())
            };
            Api {
                account,
                stage: it.throttle.map(bucket),
                routes: it.routes.iter().map(|route| Route::new(bucket(route.throttle))).collect(),
                by_routes: Tally::default(),
                by_keys: Tally::default(),
                callers,
                cache: it.cache.map(|cache| Copies::new(objects, cache.bytes(), cache.ttl.0)),
                counts: ApiTotals { name: it.name.clone(), ..ApiTotals::default() },
                marks: Default::default(),
                units: 0,
                hours: Hourly::default(),
            }
        });
        let each = each.collect();
        Apis { settings, each, accounts, rate_of_account: quotas.api_rate.0, sets, series: Vec::new() }
    }

    fn asks(op: Op, _place: &mut Place) -> Option<Asked> {
        match op {
            Op::Enter { api, .. } => Some((Resource::ApiRate { api: api.into() }, None)),
            _ => None,
        }
    }

    fn skips(op: Op, _draws: &Draws) -> Option<Skip> {
        match op {
            // All sets of an API have one share, which is nearly always that of one path.
            Op::Look { set, past, .. } => {
                let way = Counted::Way { kind: id::Kind::Api, choice: set, way: 0 };
                Some(Skip { to: past, share: Share::Counted(way) })
            }
            _ => None,
        }
    }

    fn past(&self, of: Counted) -> Option<(u64, u64)> {
        let Counted::Way { kind: id::Kind::Api, choice, .. } = of else { return None };
        let set = self.sets.get(usize::from(choice))?;
        let counts = &self.each[usize::from(set.api)].counts;
        Some((counts.hits + counts.misses, counts.hits))
    }

    fn step(&mut self, op: Op, id: u32, flow: &mut Flow) -> Next {
        match op {
            Op::Enter { api, route, units, large } => self.enter(id, (api, route), (units, large), flow),
            Op::Look { set, slot, past } => {
                let (api, object) = self.object(set, slot, id, flow);
                let own = &mut self.each[api];
                let hits = own.cache.as_mut().is_some_and(|cache| cache.hits(object, flow.now));
                own.counts.hits += u64::from(hits);
                own.counts.misses += u64::from(!hits);
                if hits { Next::At(past) } else { Next::Op }
            }
            Op::Wait { api } => {
                *flow.waits_at_most.of_mut(id) = self.settings[usize::from(api)].timeout.0;
                Next::Op
            }
            Op::Bound { api, tier } => {
                let timeout = self.settings[usize::from(api)].timeout.0;
                let Tier { patience, .. } = *flow.attempts.tier(id, tier);
                let limit = flow.deadline(id, timeout);
                flow.attempts.tier_mut(id, tier).patience = patience.min(limit);
                Next::Op
            }
            Op::Keep { set, slot } => {
                let (api, object) = self.object(set, slot, id, flow);
                let size = self.sets[usize::from(set)].size;
                if let Some(cache) = &mut self.each[api].cache {
                    cache.keep(object, size, flow.now);
                }
                Next::Op
            }
        }
    }

    /// One that ends before it comes to its function is not waited for there.
    fn release(&mut self, id: u32, flow: &mut Flow) {
        if !self.each.is_empty() && flow.waits_at_most.of(id) != u64::MAX {
            *flow.waits_at_most.of_mut(id) = u64::MAX;
        }
    }

    fn end_row(&mut self, span: f64, flow: &mut Flow) {
        self.read_all(span, flow);
    }

    fn used(&mut self, _flow: &Flow, add: &mut impl FnMut(PathOwner, Used)) {
        for (index, own) in self.each.iter().enumerate() {
            add((id::Kind::Api, index), own.hours.used());
        }
    }

    fn gauge(&self, of: Gauge, _flow: &Flow) -> Option<Reading> {
        let counts = (of.kind == id::Kind::Api).then(|| &self.each[of.index as usize].counts)?;
        let count = match of.name {
            "throttled" => counts.all_throttled(),
            _ => counts.requests,
        };
        Some(Reading::Integral(count as f64 * 1e9))
    }

    fn counted(&self, of: Resource, _flow: &Flow) -> Option<f64> {
        match of {
            Resource::ApiRate { api } => {
                let sharing = Settings::sharing(api, self.settings);
                Some(sharing.map(|it| self.each[it].counts.requests as f64).sum())
            }
            _ => None,
        }
    }
}

impl Apis<'_> {
    /// A request passes its limits, or fails.
    fn enter(
        &mut self,
        id: u32,
        (api, route): (u16, u8),
        (units, large): (u8, bool),
        flow: &mut Flow,
    ) -> Next {
        let own = &mut self.each[usize::from(api)];
        if large {
            own.counts.too_large += 1;
            return Next::Fail(Cause::PayloadTooLarge);
        }
        let refused = match own.callers.take(id, flow) {
            Err(refused) => {
                own.by_keys.count += 1;
                Some(refused)
            }
            Ok(()) => {
                let route = usize::from(route).checked_sub(1).and_then(|at| own.routes.get_mut(at));
                let takes = route.is_none_or(|route| route.take(flow.now));
                own.by_routes.count += u64::from(!takes);
                let account = &mut self.accounts[own.account];
                let buckets = [own.stage.as_mut(), Some(account)];
                let is_empty = |bucket: &mut Bucket| !bucket.take(1.0, flow.now);
                (!takes || buckets.into_iter().flatten().any(is_empty)).then_some(Refused::Throttled)
            }
        };
        match refused {
            Some(Refused::Throttled) => own.counts.throttled += 1,
            Some(Refused::Quota) => own.counts.over_quota += 1,
            None => {
                own.counts.requests += 1;
                own.units += u64::from(units);
                return Next::Op;
            }
        }
        Next::Fail(Cause::TooManyRequests)
    }

    /// The API of a set, and which of its objects an attempt asks for.
    fn object(&self, set: u16, slot: u8, id: u32, flow: &Flow) -> (usize, u32) {
        let set = self.sets[usize::from(set)];
        let key = if slot == 0 { 0 } else { flow.attempts.key(id, slot) };
        (usize::from(set.api), set.first + key)
    }
}

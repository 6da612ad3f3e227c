//! Requests at distributions: look-ups level by level, fetches that others wait for, and answers.
//!
//! In: steps of attempts. Out: hits, which cost a look-up, and misses, which go on to the next level of caches and to the origin. One
//! request of those that miss an object at one cache goes on, and the others wait for it there.

use super::language::Distribution;
use super::objects::{Set, is_purged_by};
use super::record::DistributionSeries;
use super::state::{Call, State, far, places};
use crate::dist::below;
use crate::flow::fact::Reading;
use crate::flow::next::Next;
use crate::flow::per_attempt::PerAttempt;
use crate::flow::timer::timers;
use crate::flow::{Flow, number};
use crate::id::{self, Gauge};
use crate::kind::Kind;
use crate::kind::part::{Asked, Counted, Part, Place, Plan, Share, Skip};
use crate::kind::path::PathOwner;
use crate::measure::resource::Resource;
use crate::measure::stage::Cause;
use crate::rng::mixed;
use crate::usage::Used;

pub(super) const OWNER: u8 = Kind::Distribution as u8;

/// All distributions.
#[derive(Debug)]
pub struct Distributions<'s> {
    pub(super) settings: &'s [Distribution],
    pub(super) each: Vec<State>,
    /// The objects of each path, of all distributions.
    pub(super) sets: Vec<Set>,
    /// What each attempt keeps that was not answered by an edge at once.
    pub(super) calls: PerAttempt<Call>,
    /// Rows so far.
    pub(super) series: Vec<DistributionSeries>,
    /// The price group of each place of clients.
    pub(super) groups: Vec<&'static str>,
    /// How far each origin of each distribution is from each of these places, one way, beside `origin_hop`.
    far: Vec<Vec<Vec<u64>>>,
    paths: Vec<String>,
    seed: u64,
}

/// Steps at a distribution.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// Look an object up at a level of caches: a hit goes on at `hit`, and what waited for the fetch of another at `joined`.
    Look { of: u16, set: u16, level: u8, slot: u8, hit: u32, joined: u32 },
    /// Ask for what nobody keeps; includes the [`Op::Begin`] that follows.
    Pass { of: u16, set: u16, first: u32, then: u32 },
    /// Ask an origin, by a try that begins at `first`, after this op; the caller goes on at `then`. Includes the [`Op::Connect`] that
    /// follows, unless others are ready before the try.
    Begin { set: u16, way: u8, first: u32, then: u32 },
    /// The try needs a connection.
    Connect { set: u16, way: u8 },
    /// The try is on its way back.
    Back { set: u16, way: u8 },
    /// The try has come through.
    Answered { set: u16 },
    /// The caller goes on; where the origin failed and another one is left, at `over`.
    Verdict { set: u16, over: u32 },
    /// Only what goes on to the second origin takes the steps up to `past`.
    Over { set: u16, past: u32 },
    /// A fetch is back at the cache of a level, which keeps what has come.
    Fill { set: u16, level: u8 },
}

timers! {
    Kind::Distribution;
    /// Copies are removed.
    Purge { distribution: u16, which: u16 } = "invalidation of a distribution";
}

impl<'s> Part<'s> for Distributions<'s> {
    type Op = Op;
    type Timer = Timer;

    fn build(plan: &mut Plan<'s>, flow: &mut Flow) -> Self {
        let settings = &*plan.kinds.distributions;
        let own = |it: &&crate::kind::front::Objects| it.of.0 == id::Kind::Distribution;
        let objects: Vec<_> = plan.objects.iter().filter(own).cloned().collect();
        let (places, groups, near) = places(plan);
        let far = settings.iter().map(|it| far(plan, it, &near)).collect();
        let keys = |keys: u16| plan.key_spaces[usize::from(keys)].count;
        let sets = Set::all(&objects, keys, settings, (groups.len(), plan.seed));
        let each = settings.iter().enumerate().map(|(index, it)| {
            for (which, purge) in it.purges.iter().enumerate() {
                let timer = Timer::Purge { distribution: number(index), which: number(which) };
                flow.set_first(timer, purge.at.0);
            }
            let all = sets.iter().filter(|set| usize::from(set.of) == index);
            let count = all.map(|set| set.first + set.count).max().unwrap_or(0);
            State::new(it, count, (groups.len(), &places), plan.seed)
        });
        Distributions {
            each: each.collect(),
            settings,
            sets,
            calls: PerAttempt::new(Call::NONE),
            series: Vec::new(),
            groups,
            far,
            paths: objects.into_iter().map(|it| it.path).collect(),
            seed: plan.seed,
        }
    }

    fn asks(op: Op, _place: &mut Place) -> Option<Asked> {
        match op {
            Op::Look { of, level: 0, .. } | Op::Pass { of, .. } => {
                Some((Resource::Distribution { distribution: of.into() }, None))
            }
            _ => None,
        }
    }

    fn skips(op: Op, _draws: &crate::flow::draws::Draws) -> Option<Skip> {
        let share =
            |set, way| Share::Counted(Counted::Way { kind: id::Kind::Distribution, choice: set, way });
        match op {
            Op::Look { set, level, hit, .. } => Some(Skip { to: hit, share: share(set, level) }),
            Op::Over { set, past } => Some(Skip { to: past, share: share(set, u8::MAX) }),
            _ => None,
        }
    }

    fn past(&self, of: Counted) -> Option<(u64, u64)> {
        let Counted::Way { kind: id::Kind::Distribution, choice, way } = of else { return None };
        let counts = &self.sets[usize::from(choice)].counts;
        Some(match counts.came.get(usize::from(way)) {
            Some(came) => (*came, came - counts.on[usize::from(way)]),
            None => counts.over,
        })
    }

    #[inline]
    fn step(&mut self, op: Op, id: u32, flow: &mut Flow) -> Next {
        match op {
            Op::Look { of, set, level: 0, slot, hit, joined } => {
                let own = &mut self.sets[usize::from(set)];
                let state = &mut self.each[usize::from(of)];
                if !state.quota.takes(own.size, flow.now) {
                    return self.throttled(set);
                }
                own.counts.came[0] += 1;
                let mut object = own.first + flow.attempts.key(id, slot) * own.variants;
                if own.variants > 1 {
                    object += below(&mut own.chance, own.variants.into()) as u32;
                }
                let (edge, place) = state.edge_of(id, flow);
                let counts = &mut own.places[usize::from(place)].0;
                counts.requests += 1;
                let cache = &mut state.caches[0][usize::from(edge)];
                if cache.hit(object, own, flow.now).is_some() {
                    own.counts.hits += 1;
                    own.places[usize::from(place)].0.sent += 1;
                    return Next::At(hit);
                }
                *self.calls.of_mut(id) = Call { object, set, edge, place, ..Call::NONE };
                self.miss(id, (set, 0), (hit, joined), flow)
            }
            Op::Look { set, level, hit, joined, .. } => self.look(id, (set, level), (hit, joined), flow),
            Op::Pass { of, set, first, then } => {
                let own = &mut self.sets[usize::from(set)];
                let state = &mut self.each[usize::from(of)];
                if !state.quota.takes(own.size, flow.now) {
                    return self.throttled(set);
                }
                let (edge, place) = state.edge_of(id, flow);
                own.places[usize::from(place)].0.requests += 1;
                *self.calls.of_mut(id) = Call { set, edge, place, ..Call::NONE };
                self.begin(id, (set, 0), (first, then), flow)
            }
            Op::Begin { set, way, first, then } => self.begin(id, (set, way), (first, then), flow),
            Op::Connect { set, way } => self.connect(id, set, way, flow),
            Op::Back { set, way } => self.back(id, set, way, flow),
            Op::Answered { set } => self.answered(id, set, flow),
            Op::Verdict { set, over } => self.verdict(id, set, over),
            Op::Over { set, past } => {
                let call = self.calls.of_mut(id);
                let counts = &mut self.sets[usize::from(set)].counts;
                counts.over.0 += 1;
                if call.set == u16::MAX || !call.is_over {
                    counts.over.1 += 1;
                    return Next::At(past);
                }
                (call.is_over, call.tries) = (false, 0);
                let of = self.sets[usize::from(set)].of;
                self.each[usize::from(of)].counted.failovers += 1;
                Next::Op
            }
            Op::Fill { set, level } => self.fill(id, set, level, flow),
        }
    }

    fn fire(&mut self, timer: Timer, flow: &mut Flow) {
        let Timer::Purge { distribution, which } = timer;
        let settings = &self.settings[usize::from(distribution)];
        let purge = &settings.purges[usize::from(which)];
        for (number, (set, path)) in self.sets.iter_mut().zip(&self.paths).enumerate() {
            if set.of == distribution && is_purged_by(purge, path) {
                let seed = mixed(self.seed, (u64::from(which) << 32) | number as u64);
                set.purged.add(purge.share, seed, flow.now);
            }
        }
        let what = purge.path.as_deref().map_or("all objects".to_owned(), |path| format!("\"{path}\""));
        let part =
            if purge.share < 1.0 { format!(" {:.0} % of", 100.0 * purge.share) } else { String::new() };
        flow.incident(id::Kind::Distribution, &settings.name, format!("invalidation of{part} {what}"));
    }

    /// An attempt ends early: another one fetches in its place.
    fn release(&mut self, id: u32, flow: &mut Flow) {
        if self.each.is_empty() || self.calls.of(id).set == u16::MAX {
            return;
        }
        self.gone(id, flow);
    }

    fn lost(&mut self, id: u32, cause: Option<Cause>, flow: &mut Flow) {
        if let Some(caller) = flow.errand(id, OWNER) {
            self.try_lost(id, caller, cause, flow);
        }
    }

    fn renumbered(&mut self, from: u32, to: u32, flow: &mut Flow) {
        if let Some(caller) = flow.errand(to, OWNER)
            && self.calls.of(caller).errand == from
        {
            self.calls.of_mut(caller).errand = to;
        }
    }

    fn give_up(&mut self, op: Op, id: u32, flow: &mut Flow) -> Option<Cause> {
        if let Op::Begin { set, .. } = op {
            self.unanswered(id, set, flow);
        }
        None
    }

    fn gauge(&self, of: Gauge, _flow: &Flow) -> Option<Reading> {
        if of.kind != id::Kind::Distribution {
            return None;
        }
        let (mut requests, mut hits, mut misses, mut origin) = (0, 0, 0, 0);
        for own in self.sets.iter().filter(|set| u32::from(set.of) == of.index) {
            requests += own.requests();
            hits += own.counts.hits;
            misses += own.counts.misses;
            origin += own.counts.origin;
        }
        Some(match of.name {
            "hit_ratio" => Reading::Mean { sum: 100.0 * hits as f64, count: hits + misses },
            "origin_requests" => Reading::Integral(origin as f64 * 1e9),
            _ => Reading::Integral(requests as f64 * 1e9),
        })
    }

    fn end_row(&mut self, span: f64, flow: &mut Flow) {
        self.read_all(span, flow);
    }

    fn used(&mut self, _flow: &Flow, add: &mut impl FnMut(PathOwner, Used)) {
        for (index, state) in self.each.iter().enumerate() {
            add((id::Kind::Distribution, index), state.used.used());
        }
    }

    fn counted(&self, of: Resource, _flow: &Flow) -> Option<f64> {
        let Resource::Distribution { distribution } = of else { return None };
        let own = self.sets.iter().filter(|set| usize::from(set.of) == distribution);
        Some(own.map(Set::requests).sum::<u64>() as f64)
    }
}

impl Distributions<'_> {
    /// How far an origin is from the place of a client, one way, beside `origin_hop`.
    pub(super) fn far(&self, set: u16, origin: usize, place: u16) -> u64 {
        let of = self.sets[usize::from(set)].of;
        self.far[usize::from(of)][origin][usize::from(place)]
    }

    /// A request above the quota is turned away.
    #[cold]
    fn throttled(&mut self, set: u16) -> Next {
        let of = self.sets[usize::from(set)].of;
        self.each[usize::from(of)].counted.throttled += 1;
        Next::Fail(Cause::Throttled)
    }
}

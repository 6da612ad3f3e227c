//! Steps of requests at caches: commands that travel, wait for their shard and travel back, and fills that others wait
//! for.
//!
//! In: steps of attempts. Out: hits and misses. With coalescing, simultaneous misses of a key wait for the fill of the
//! first one.

use rustc_hash::FxHashMap;

use super::deed::Deed;
use super::ills::Ills;
use super::language;
use super::record::CacheSeries;
use super::store::Cache;
use crate::flow::attempt::NETWORK;
use crate::flow::claims::Waiting;
use crate::flow::draws::{DrawId, Draws};
use crate::flow::event::Event;
use crate::flow::fact::{Fact, Member, Reading};
use crate::flow::next::Next;
use crate::flow::per_attempt::PerAttempt;
use crate::flow::timer::timers;
use crate::flow::trouble::{Strike, Trouble};
use crate::flow::{Flow, NONE};
use crate::id::{self, Gauge};
use crate::kind::Kind;
use crate::kind::part::{Asked, Counted, Part, Place, Plan, Share, Skip};
use crate::measure::resource::Resource;
use crate::measure::stage::Cause;

/// All caches.
#[derive(Debug)]
pub struct Caches<'s> {
    pub(super) settings: &'s [language::Cache],
    pub(super) each: Vec<Cache>,
    /// Rows so far.
    pub(super) series: Vec<CacheSeries>,
    /// The item that an attempt fills while others wait for it: its cache and number.
    filling: PerAttempt<(u16, u32)>,
    /// Attempts and their look-ups, by where a hit would go on, that were not answered because the shard is lost.
    unanswered: FxHashMap<u32, Vec<u32>>,
}

/// Steps at a cache.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// Looks a key up: travels to its shard, waits, executes, and travels back; on a hit the walk goes on at `hit`. It `fills`
    /// after a miss, or it does not.
    Lookup { cache: u16, keys: u16, slot: u8, fills: bool, draw: DrawId, hit: u32 },
    /// Looks up with a given hit ratio.
    Chance { cache: u16, ratio: u16, fills: bool, draw: DrawId, hit: u32 },
    /// After a miss, wait for a fill of the same key in progress, then go on at `filled`.
    JoinFill { cache: u16, keys: u16, slot: u8, filled: u32 },
    /// A fill after a look-up whose hit goes on at `hit`, including travel and wait.
    Fill { cache: u16, keys: u16, slot: u8, draw: DrawId, hit: u32 },
    /// A fill without a key (fixed hit ratio).
    Store { cache: u16, draw: DrawId, hit: u32 },
    /// The fill is done: the attempts that waited for it resume.
    Filled { cache: u16, keys: u16, slot: u8 },
    /// Removes the key, including travel and wait.
    Invalidate { cache: u16, keys: u16, slot: u8, draw: DrawId },
    /// The same and more at a cache that has more than a plain one, with a population, or with a given hit ratio.
    Deep { cache: u16, of: u16, slot: u8, deed: Deed, draw: DrawId, hit: u32 },
    /// After a look-up and its miss: what was found too old is fetched anew behind the scenes, from `first` on. That ends here.
    Anew { cache: u16, first: u32 },
}

timers! {
    Kind::Cache;
    /// Items are removed.
    Flush { cache: u16, which: u16 } = "flush of a cache";
    /// Redis searches for what has expired.
    Sweep { cache: u16 } = "active expiry of a cache";
    /// It is known that a node is lost.
    Detected { cache: u16, shard: u16 } = "loss of a cache node detected";
    /// A replica has become the primary.
    Promoted { cache: u16, shard: u16 } = "promotion of a replica of a cache";
}

impl<'s> Part<'s> for Caches<'s> {
    type Op = Op;
    type Timer = Timer;

    fn build(plan: &mut Plan<'s>, flow: &mut Flow) -> Self {
        let each = plan.kinds.caches.iter().enumerate().map(|(index, settings)| {
            let mut used = vec![false; flow.keys.len()];
            for &(of, keys) in &plan.keyed {
                used[usize::from(keys)] |= of == (id::Kind::Cache, index);
            }
            let trouble = Trouble::new(plan.kinds.striking((id::Kind::Cache, index)), plan.seed);
            let members = settings.shards.max(1) as usize * settings.nodes();
            Cache::new(index, plan, &used, Ills::of(members, trouble))
        });
        let each = each.collect();
        Caches::set_timers(&plan.kinds.caches, flow);
        Caches {
            settings: &plan.kinds.caches,
            each,
            series: Vec::new(),
            filling: PerAttempt::new((0, NONE)),
            unanswered: FxHashMap::default(),
        }
    }

    fn asks(op: Op, _place: &mut Place) -> Option<Asked> {
        match op {
            Op::Lookup { cache, draw, .. }
            | Op::Chance { cache, draw, .. }
            | Op::Fill { cache, draw, .. }
            | Op::Store { cache, draw, .. }
            | Op::Invalidate { cache, draw, .. }
            | Op::Deep { cache, draw, .. } => Some((Resource::Cache { cache: cache.into() }, Some(draw))),
            Op::JoinFill { .. } | Op::Filled { .. } | Op::Anew { .. } => None,
        }
    }

    fn skips(op: Op, draws: &Draws) -> Option<Skip> {
        match op {
            Op::Lookup { cache, hit, .. } | Op::Deep { cache, hit, deed: Deed::Find { .. }, .. } => {
                Some(Skip {
                    to: hit,
                    share: Share::Counted(Counted::At(Resource::Cache { cache: cache.into() })),
                })
            }
            Op::Chance { ratio, hit, .. } | Op::Deep { of: ratio, hit, deed: Deed::Guess { .. }, .. } => {
                let hits = draws.ratios[usize::from(ratio)].probability();
                Some(Skip { to: hit, share: Share::Given(hits) })
            }
            _ => None,
        }
    }

    /// An attempt that waits for the fill of another does not take the steps after a miss.
    fn past(&self, of: Counted) -> Option<(u64, u64)> {
        let Counted::At(Resource::Cache { cache }) = of else { return None };
        let counts = self.each[cache].counts;
        Some((counts.lookups, counts.hits + counts.coalesced))
    }

    #[inline]
    fn fetch(&self, keys: u16, ahead: &[u32]) {
        self.each.iter().for_each(|cache| cache.fetch(keys, ahead));
    }

    #[inline]
    fn step(&mut self, op: Op, id: u32, flow: &mut Flow) -> Next {
        match op {
            Op::Lookup { cache, keys, slot, fills, draw, hit } => {
                let item = self.item(id, cache, keys, slot, flow);
                let done = self.command(id, cache, Some(item), draw, flow);
                let found = match done {
                    Some(done) => self.each[usize::from(cache)].lookup(item, done),
                    None => {
                        self.note_unanswered(id, fills, hit);
                        self.each[usize::from(cache)].unanswered()
                    }
                };
                Next::wait(found.then_some(hit))
            }
            Op::Chance { cache, ratio, fills, draw, hit } => {
                let done = self.command(id, cache, None, draw, flow);
                let found = flow.draws.ratios[usize::from(ratio)].hits() && done.is_some();
                if done.is_none() {
                    self.note_unanswered(id, fills, hit);
                }
                self.each[usize::from(cache)].chance(found);
                Next::wait(found.then_some(hit))
            }
            Op::JoinFill { cache, keys, slot, filled } => {
                let item = self.item(id, cache, keys, slot, flow);
                self.join_fill(id, cache, item, filled, flow)
            }
            Op::Fill { cache, keys, slot, draw, hit } => {
                let item = self.item(id, cache, keys, slot, flow);
                if self.was_unanswered(id, hit) {
                    return Next::Op;
                }
                let done = self.other_command(id, cache, Some(item), draw, flow);
                let cache = &mut self.each[usize::from(cache)];
                if let Some(done) = done {
                    cache.counts.fills += 1;
                    cache.fill(item, done);
                }
                Next::Wait
            }
            Op::Store { cache, draw, hit } => {
                if self.was_unanswered(id, hit) {
                    return Next::Op;
                }
                let done = self.other_command(id, cache, None, draw, flow);
                self.each[usize::from(cache)].counts.fills += u64::from(done.is_some());
                Next::Wait
            }
            Op::Filled { cache, keys, slot } => {
                // An attempt already inside another fill has not announced this one.
                if self.filling.of(id) == (cache, self.item(id, cache, keys, slot, flow)) {
                    self.end_fill(id, true, flow);
                }
                Next::Op
            }
            Op::Invalidate { cache, keys, slot, draw } => {
                let item = self.item(id, cache, keys, slot, flow);
                self.other_command(id, cache, Some(item), draw, flow);
                self.each[usize::from(cache)].invalidate(item);
                Next::Wait
            }
            Op::Deep { cache, of, slot, deed, draw, hit } => {
                self.deed(id, cache, (of, slot), (deed, hit), draw, flow)
            }
            Op::Anew { cache, first } => self.anew(id, cache, first, flow),
        }
    }

    fn fire(&mut self, timer: Timer, flow: &mut Flow) {
        match timer {
            Timer::Flush { cache, which } => self.flush(cache, which, flow),
            Timer::Sweep { cache } => self.sweep(cache, flow),
            Timer::Detected { cache, shard } => self.detected(cache, shard, flow),
            Timer::Promoted { cache, shard } => self.promoted(cache, shard, flow),
        }
    }

    fn hear(&mut self, fact: &Fact, flow: &mut Flow) {
        match *fact {
            Fact::Gone(host) | Fact::Crashed(host) | Fact::Lost(host) => self.disconnect(host),
            Fact::ZoneLost(place) => self.zone_changes(place, true, flow),
            Fact::ZoneBack(place) => self.zone_changes(place, false, flow),
            Fact::Impaired { of: (id::Kind::Cache, cache), member, fault, strike, how, until } => {
                let at = if let Member::Shard(shard) = member { Some(shard.into()) } else { None };
                self.impaired(cache.into(), fault, Strike { number: strike, how, until, at }, flow);
            }
            Fact::Restored { of: (id::Kind::Cache, cache), fault } => {
                self.restored(cache.into(), fault, flow);
            }
            _ => {}
        }
    }

    fn release(&mut self, id: u32, flow: &mut Flow) {
        if let Waiting::Queue { owner, place, item } = flow.attempts.claims(id).waiting
            && owner == Kind::Cache as u8
            && let Some(queue) = self.each[usize::from(place)].fills.get_mut(&item)
        {
            queue.remove(id, &mut flow.links);
        }
        self.end_fill(id, false, flow);
        if !self.unanswered.is_empty() {
            self.unanswered.remove(&id);
        }
        self.forget_refresh(id);
    }

    /// A fetch behind the scenes has come to nothing.
    fn lost(&mut self, id: u32, _cause: Option<Cause>, _flow: &mut Flow) {
        self.forget_refresh(id);
    }

    fn renumbered(&mut self, from: u32, to: u32, _flow: &mut Flow) {
        self.softs().for_each(|soft| soft.pass_on(from, to));
    }

    fn end_row(&mut self, span: f64, flow: &mut Flow) {
        self.read_all(span, flow);
        // A shard whose primary is another node now is as slow as that one from the next row on.
        for cache in self.each.iter_mut().filter(|cache| cache.deep.is_some() && !cache.ills.are_never()) {
            cache.slow_down(flow.now.saturating_add(cache.hop));
        }
    }

    fn passed(&mut self, add: &mut impl FnMut(f64)) {
        for (cache, settings) in self.each.iter_mut().zip(self.settings) {
            let (items, each) = match &cache.deep {
                Some(deep) => (deep.passed, 1.0),
                None => (cache.counts.hits + cache.counts.fills, settings.item.0 as f64),
            };
            add(cache.marks.passed.grown(items) as f64 * each);
        }
    }

    fn gauge(&self, of: Gauge, flow: &Flow) -> Option<Reading> {
        let cache = (of.kind == id::Kind::Cache).then(|| &self.each[of.index as usize])?;
        let counts = cache.counts;
        Some(Reading::Integral(match of.name {
            "hit_ratio" => {
                return Some(Reading::Mean { sum: 100.0 * counts.hits as f64, count: counts.lookups });
            }
            "lookups" => counts.lookups as f64 * 1e9,
            "evictions" => counts.evictions as f64 * 1e9,
            _ => {
                let busy = cache.busy_areas(flow.now.saturating_add(cache.hop)).sum::<u64>();
                100.0 * busy as f64 / f64::from(self.settings[of.index as usize].shards.max(1))
            }
        }))
    }

    fn counted(&self, of: Resource, flow: &Flow) -> Option<f64> {
        let Resource::Cache { cache } = of else { return None };
        let cache = &self.each[cache];
        Some(cache.work(flow.now.saturating_add(cache.hop)))
    }

    fn times_asked(&self, of: Resource) -> f64 {
        // The bytes of a value are no part of the time of its command, and take the thread that executes it as well.
        let Resource::Cache { cache } = of else { return 1.0 };
        self.each[cache].deep.as_deref().map_or(1.0, |deep| deep.nodes.with_bytes())
    }
}

impl Caches<'_> {
    /// Sends a command to a cache; the attempt resumes when the answer is back, or, where the shard is lost, when its client has
    /// waited long enough. Returns when the command has executed.
    #[inline(always)]
    fn command(
        &mut self,
        id: u32,
        cache: u16,
        item: Option<u32>,
        draw: DrawId,
        flow: &mut Flow,
    ) -> Option<u64> {
        let span = flow.draws.of(draw).time();
        let state = &mut self.each[usize::from(cache)];
        let hop = state.hop;
        let done = match state.execute(item, span, flow.now.saturating_add(hop)) {
            Ok(done) => done,
            Err(shard) => return self.endure(id, cache, shard, span, flow),
        };
        if hop > 0 {
            // The travel is network time; the rest of the step was at the cache.
            flow.attempts.book_ahead(id, NETWORK, 2 * hop);
        }
        flow.calendar.at(done.saturating_add(hop), Event::Resume(id));
        Some(done)
    }

    /// The same for commands other than look-ups, which are fewer: only those are worth a copy of it.
    #[inline(never)]
    fn other_command(
        &mut self,
        id: u32,
        cache: u16,
        item: Option<u32>,
        draw: DrawId,
        flow: &mut Flow,
    ) -> Option<u64> {
        self.command(id, cache, item, draw, flow)
    }

    /// A look-up was not answered; the fill that belongs to it asks for that.
    #[cold]
    pub(super) fn note_unanswered(&mut self, id: u32, fills: bool, hit: u32) {
        if fills {
            self.unanswered.entry(id).or_default().push(hit);
        }
    }

    /// Whether the look-up that a fill belongs to was not answered: its client has given the cache up for this request, and does
    /// not wait for it again.
    #[inline]
    pub(super) fn was_unanswered(&mut self, id: u32, hit: u32) -> bool {
        if self.unanswered.is_empty() {
            return false;
        }
        let Some(of) = self.unanswered.get_mut(&id) else { return false };
        let found = of.iter().rposition(|of| *of == hit).map(|found| of.swap_remove(found));
        if of.is_empty() {
            self.unanswered.remove(&id);
        }
        found.is_some()
    }

    /// The application of an instance has ended.
    fn disconnect(&mut self, host: u32) {
        for deep in self.each.iter_mut().filter_map(|cache| cache.deep.as_deref_mut()) {
            if let Some(connections) = &mut deep.connections {
                connections.ends(host);
            }
        }
    }

    #[inline]
    pub(super) fn item(&self, id: u32, cache: u16, keys: u16, slot: u8, flow: &Flow) -> u32 {
        self.each[usize::from(cache)].item(keys, flow.attempts.key(id, slot))
    }

    /// Waits for a fill of the item in progress, or becomes the attempt that fills it.
    fn join_fill(&mut self, id: u32, cache: u16, item: u32, filled: u32, flow: &mut Flow) -> Next {
        if self.filling.of(id).1 != NONE {
            return Next::Op; // inside another fill of its own
        }
        let state = &mut self.each[usize::from(cache)];
        match state.fills.get_mut(&item) {
            None => {
                state.fills.insert(item, Default::default());
                *self.filling.of_mut(id) = (cache, item);
                Next::Op
            }
            Some(queue) => {
                queue.push(id, &mut flow.links);
                state.counts.coalesced += 1;
                let owner = Kind::Cache as u8;
                flow.attempts.claims_mut(id).waiting = Waiting::Queue { owner, place: cache, item };
                Next::WaitThen(filled)
            }
        }
    }

    /// A fill has ended: with the item in the cache all waiting attempts go on after it, otherwise the first of them
    /// takes the fill over.
    fn end_fill(&mut self, id: u32, filled: bool, flow: &mut Flow) {
        let (cache, item) = self.filling.of(id);
        if item == NONE {
            return;
        }
        *self.filling.of_mut(id) = (0, NONE);
        let has_anew = self.settings[usize::from(cache)].soft_ttl.is_some();
        let fills = &mut self.each[usize::from(cache)].fills;
        let Some(mut queue) = fills.remove(&item) else { return };
        if filled {
            while let Some(next) = queue.pop(&mut flow.links) {
                // It comes to no fill of its own; where there is one op more after the fill, a hit goes on behind that.
                let hit = flow.attempts[next].next + u32::from(has_anew);
                self.was_unanswered(next, hit);
                flow.grant(next);
            }
        } else if let Some(next) = queue.pop(&mut flow.links) {
            fills.insert(item, queue);
            *self.filling.of_mut(next) = (cache, item);
            let attempt = &mut flow.attempts[next];
            attempt.next = attempt.at + 1;
            flow.grant(next);
        }
    }
}

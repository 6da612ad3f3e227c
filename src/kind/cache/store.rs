//! One cache: shards with one command thread each, memory, eviction, time to live.
//!
//! In: look-ups, fills and invalidations of keys. Out: hits and misses, which follow from popularity, memory and
//! time to live. What only some caches do is in `store/deep.rs`,
//! and what becomes of shards that are not well in `store/unwell.rs`.

mod deep;
mod unwell;

use rustc_hash::FxHashMap;

use super::deep::Deep;
use super::expiry::Expiries;
use super::ills::Ills;
use super::language::{Engine, Eviction};
use crate::dist::{below, uniform};
use crate::engine::eviction::{AnyOut, By, Held, Sampled};
use crate::engine::lru::Lru;
use crate::engine::station::Queue;
use crate::flow::mark::Mark;
use crate::kind::keys::KeySpace;
use crate::kind::part::Plan;
use crate::rng::{Stream, stream};

/// Totals since the start.
#[derive(Clone, Copy, Debug, Default)]
pub struct CacheCounts {
    /// Look-ups.
    pub lookups: u64,
    /// Look-ups that found their key.
    pub hits: u64,
    /// Items evicted.
    pub evictions: u64,
    /// Items found past their time to live.
    pub expirations: u64,
    /// Items removed by writes.
    pub invalidations: u64,
    /// Look-ups that waited for the fill of another.
    pub coalesced: u64,
    /// Items stored.
    pub fills: u64,
    /// Items that found no room and were refused.
    pub refused: u64,
    /// Items removed by a flush.
    pub flushed: u64,
    /// Items fetched anew behind the scenes.
    pub refreshed: u64,
    /// Commands of instances that got no connections.
    pub unconnected: u64,
    /// Writes lost because the replica that took over did not have them.
    pub lost_writes: u64,
    /// Items that were gone with the shard that held them.
    pub lost_items: u64,
}

/// Counters of a cache at the end of the last row.
#[derive(Clone, Debug, Default)]
pub struct CacheMarks {
    /// Look-ups.
    pub lookups: Mark,
    /// Hits.
    pub hits: Mark,
    /// Items evicted.
    pub evictions: Mark,
    /// Busy nanoseconds of each shard.
    pub shards: Vec<Mark>,
    /// Nanoseconds for which the links of each shard carried values: of each node, in and out.
    pub links: Vec<Vec<Mark>>,
    /// Items sent over the network.
    pub passed: Mark,
}

/// One cache.
#[derive(Debug)]
pub struct Cache {
    shards: Vec<Shard>,
    /// One-way delay between instance and cache, nanoseconds.
    pub hop: u64,
    /// Totals.
    pub counts: CacheCounts,
    /// Totals at the end of the last row.
    pub marks: CacheMarks,
    /// The attempts that wait for each fill.
    pub fills: FxHashMap<u32, Queue>,
    /// First number of each population in this cache; `None` for populations that never use it.
    offsets: Vec<Option<u32>>,
    /// Items of all populations.
    population: u32,
    /// The items, each with the time at which it expires.
    items: Option<Held<Moment>>,
    ttl: u64,
    /// Whether a hit renews the time to live.
    renew: bool,
    /// When the held items expire; `None` if they never do.
    expiries: Option<Expiries>,
    spread: Stream,
    /// What strikes its shards.
    pub(super) ills: Ills,
    /// Whether clients spread keys over the nodes that are there: Memcached.
    rehashes: bool,
    /// What it has beside all this.
    pub deep: Option<Box<Deep>>,
}

/// A time in nanoseconds, in two halves: so it needs no alignment, which would make a key's record longer.
#[derive(Clone, Copy, Debug, Default)]
struct Moment([u32; 2]);

impl Moment {
    #[inline]
    fn new(nanos: u64) -> Self {
        Moment([nanos as u32, (nanos >> 32) as u32])
    }

    #[inline]
    fn nanos(self) -> u64 {
        u64::from(self.0[1]) << 32 | u64::from(self.0[0])
    }
}

/// The expiry of items that never expire.
const NEVER: u64 = u64::MAX;

/// A shard: one thread that executes commands in order of arrival. No command gives up its wait, so its end is known
/// when it arrives, and the queue needs no events.
#[derive(Clone, Copy, Debug, Default)]
struct Shard {
    /// When it will have executed all commands so far.
    free: u64,
    /// Execution time of all commands so far.
    busy: u64,
    /// Until when it did or does nothing, because it hangs.
    stopped: u64,
    /// It is lost, or a fault strikes it, or what that has left is not done yet.
    unwell: bool,
}

impl Shard {
    /// Executes a command; returns when it is done.
    #[inline]
    fn execute(&mut self, span: u64, arrival: u64) -> u64 {
        self.free = self.free.max(arrival).saturating_add(span);
        self.busy = self.busy.saturating_add(span);
        self.free
    }

    /// Execution time that is left at `arrival`.
    fn left(self, arrival: u64) -> u64 {
        self.free.saturating_sub(arrival.max(self.stopped)).min(self.busy)
    }
}

/// A number that looks as if it were random: the finalizer of SplitMix64.
pub(super) fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// The shard of an item.
#[inline]
fn shard_of(item: u32, shards: usize) -> usize {
    (u64::from(item).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize % shards
}

impl Cache {
    /// The cache at the start of a run; `used` says which populations use it.
    pub fn new(index: usize, plan: &Plan<'_>, used: &[bool], ills: Ills) -> Self {
        let settings = &plan.kinds.caches[index];
        let seed = plan.seed;
        let mut population = 0u32;
        let offsets: Vec<Option<u32>> = plan
            .key_spaces
            .iter()
            .zip(used)
            .map(|(space, &used)| {
                let first = population;
                population = population.saturating_add(if used { space.count } else { 0 });
                used.then_some(first)
            })
            .collect();
        let count = population as usize;
        let is_deep = settings.is_deep(index, plan.kinds);
        // Where items have sizes of their own, they are weighed and not counted.
        let capacity = if settings.sizes.is_some() { u64::from(population) } else { settings.capacity() };
        let chance = || stream(seed, &format!("cache.{}/eviction", settings.name));
        let sampled = |by| Held::Sampled(Sampled::new(count, capacity, by, chance()));
        let items = (count > 0).then(|| match settings.eviction {
            Eviction::Lru | Eviction::Nothing => Held::Lru(Lru::new(count, capacity)),
            Eviction::Random => Held::Random(AnyOut::new(count, capacity, chance())),
            Eviction::Fifo => Held::Fifo(Lru::new(count, capacity)),
            Eviction::SampledLru => sampled(By::Idle),
            Eviction::Lfu => sampled(By::Rare),
            Eviction::Expiry => sampled(By::Expiry),
        });
        let expires = settings.ttl.is_some() || settings.absent_ttl.is_some();
        let mut cache = Cache {
            shards: vec![Shard::default(); settings.shards.max(1) as usize],
            hop: settings.hop.0,
            counts: CacheCounts::default(),
            marks: CacheMarks::default(),
            fills: FxHashMap::default(),
            ttl: settings.ttl.map_or(NEVER, |ttl| ttl.0),
            renew: settings.renew && settings.ttl.is_some(),
            expiries: expires.then(|| Expiries::new(plan.bucket.0, plan.duration.0)),
            offsets,
            population,
            items,
            spread: stream(seed, &format!("cache.{}/spread", settings.name)),
            ills,
            rehashes: settings.engine == Engine::Memcached,
            deep: is_deep.then(|| {
                Box::new(Deep::new(settings, count, settings.replicas > 0 && settings.multi_az, seed))
            }),
        };
        let share = match settings.sizes.is_some() && count > 0 {
            true => settings.warm * (settings.capacity().min(count as u64) as f64 / count as f64),
            false => settings.warm,
        };
        cache.warm(plan.key_spaces, share);
        if cache.deep.as_deref().is_some_and(Deep::has_absent) {
            cache.forget(|cache, item| cache.deep.as_deref().is_some_and(|deep| deep.is_absent(item)));
        }
        cache.weigh();
        cache
    }

    /// Fills a share of the capacity with the most popular keys, the least popular of them first, so that these are
    /// evicted first. Their ages are spread evenly over the time to live.
    fn warm(&mut self, spaces: &[KeySpace], share: f64) {
        let Some(items) = &mut self.items else { return };
        let target = (items.capacity() as f64 * share) as usize;
        let mut spaces: Vec<(u32, u32)> = self
            .offsets
            .iter()
            .zip(spaces)
            .filter_map(|(offset, space)| offset.map(|first| (first, space.count)))
            .collect();
        // The smallest population first: the others get what it does not need.
        spaces.sort_by_key(|&(_, count)| count);
        let (mut left, mut others) = (target, spaces.len());
        // Asked once, not for each of some millions of items.
        let ttl = (self.ttl != NEVER).then_some(self.ttl as f64);
        for (first, count) in spaces {
            let each = left / others;
            (left, others) = (left - each.min(count as usize), others - 1);
            let keys = first..first + (count as usize).min(each) as u32;
            match (&mut self.expiries, ttl) {
                (None, _) => items.fill(keys, Moment::default),
                (Some(expiries), None) => items.fill(keys, || {
                    expiries.enter(NEVER);
                    Moment::new(NEVER)
                }),
                (Some(expiries), Some(ttl)) => items.fill(keys, || {
                    let age = (uniform(&mut self.spread) * ttl) as u64;
                    expiries.enter(age);
                    Moment::new(age)
                }),
            }
        }
    }

    /// Executes a command that arrives at its shard at `arrival`; returns when it is done, or the shard if that is not well.
    /// Commands arrive in the order of the calls, because the delay is the same for all.
    #[inline]
    pub fn execute(&mut self, item: Option<u32>, span: u64, arrival: u64) -> Result<u64, usize> {
        let place = match (&self.shards[..], item) {
            ([_], _) => 0,
            (shards, Some(item)) => shard_of(item, shards.len()),
            // If keys are not simulated, any shard will do.
            (shards, None) => below(&mut self.spread, shards.len() as u64) as usize,
        };
        let shard = &mut self.shards[place];
        if shard.unwell {
            return Err(place);
        }
        Ok(shard.execute(span, arrival))
    }

    /// Counts a look-up that was not answered, which is no hit.
    pub fn unanswered(&mut self) -> bool {
        self.counts.lookups += 1;
        false
    }

    /// Busy nanoseconds of each shard up to the time at which a command sent now arrives.
    pub fn busy_areas(&self, arrival: u64) -> impl Iterator<Item = u64> {
        self.shards.iter().enumerate().map(move |(number, shard)| match &self.deep {
            Some(deep) => deep.nodes.busy(number, arrival),
            None => shard.busy - shard.left(arrival),
        })
    }

    /// What its shards have done up to then of what is asked of them where no fault makes them slower.
    pub fn work(&self, arrival: u64) -> f64 {
        self.busy_areas(arrival).enumerate().map(|(shard, busy)| self.ills.work(shard, busy)).sum()
    }

    /// From now on that counts by how slow faults make the nodes that do it.
    pub(super) fn slow_down(&mut self, arrival: u64) {
        let busy: Vec<u64> = self.busy_areas(arrival).collect();
        for (shard, busy) in busy.into_iter().enumerate() {
            let member = self.deep.as_deref().map_or(shard, |deep| deep.nodes.primary(shard));
            self.ills.slow_down(shard, member, busy);
        }
    }

    /// Number of a key of a population in this cache.
    #[inline]
    pub fn item(&self, space: u16, key: u32) -> u32 {
        self.offsets[usize::from(space)].unwrap_or(0) + key
    }

    /// Reads the records of keys that will soon be looked up. Read one by one when needed, each read would wait for
    /// memory; read together, the waits overlap.
    pub fn fetch(&self, space: u16, keys: &[u32]) {
        if let (Some(items), Some(first)) = (&self.items, self.offsets[usize::from(space)]) {
            let held = keys.iter().filter(|&&key| items.holds(first + key)).count();
            std::hint::black_box(held);
        }
    }

    /// Looks an item up.
    #[inline]
    pub fn lookup(&mut self, item: u32, now: u64) -> bool {
        self.counts.lookups += 1;
        let Some(items) = &mut self.items else { return false };
        if self.expiries.is_some() && items.note(item).nanos() <= now {
            if items.remove(item) {
                self.counts.expirations += 1;
                self.let_go(item);
            }
            return false;
        }
        let hit = items.touch(item);
        self.counts.hits += u64::from(hit);
        if hit && self.renew {
            self.live_until(item, now.saturating_add(self.ttl), true);
        }
        hit
    }

    /// Counts a look-up with a fixed hit ratio.
    pub fn chance(&mut self, hit: bool) {
        self.counts.lookups += 1;
        self.counts.hits += u64::from(hit);
    }

    /// Stores an item.
    #[inline]
    pub fn fill(&mut self, item: u32, now: u64) {
        let Some(items) = &mut self.items else { return };
        let held = items.holds(item);
        let victim = items.insert(item);
        self.counts.evictions += u64::from(victim.is_some());
        if self.expiries.is_some() {
            if let Some(victim) = victim {
                self.let_go(victim);
            }
            self.live_until(item, now.saturating_add(self.ttl), held);
        }
    }

    /// Removes an item.
    pub fn invalidate(&mut self, item: u32) {
        if self.items.as_mut().is_some_and(|items| items.remove(item)) {
            self.counts.invalidations += 1;
            self.let_go(item);
        }
    }

    /// Sets the expiry of an item; it had one before if it was `held`.
    #[inline]
    fn live_until(&mut self, item: u32, expiry: u64, held: bool) {
        let (Some(items), Some(expiries)) = (&mut self.items, &mut self.expiries) else { return };
        let before = std::mem::replace(items.note(item), Moment::new(expiry));
        if held {
            expiries.leave(before.nanos());
        }
        // A cache of size zero holds nothing.
        if items.holds(item) {
            expiries.enter(expiry);
        }
    }

    /// An item is no longer held.
    #[inline]
    fn let_go(&mut self, item: u32) {
        if let (Some(items), Some(expiries)) = (&mut self.items, &mut self.expiries) {
            expiries.leave(items.note(item).nanos());
        }
    }

    /// Items that are live at the end of a row: held, and not past their time to live.
    pub fn live(&mut self, now: u64) -> u64 {
        let held = self.items.as_ref().map_or(0, |items| items.held() as u64);
        held - self.expiries.as_mut().map_or(0, |expiries| expiries.expired_by(now))
    }
}

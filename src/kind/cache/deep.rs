//! What some caches have beside a thread a shard and exact replacement: nodes with links, sizes of items, spread times to live, what is
//! absent, what is fetched anew behind the scenes, what replicas have not got yet.
//!
//! In: the settings of a cache, and its items. Out: what each item weighs and how long it lives. A cache without any of this has none.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::connections::Connections;
use super::language::{Cache as Settings, Eviction};
use super::node::Nodes;
use super::store::mix;
use crate::dist::Sampler;
use crate::rng::{Stream, stream};

/// The smallest size of an item.
const LEAST: f64 = 1.0;

/// It, and its state.
#[derive(Debug)]
pub struct Deep {
    /// Threads and links.
    pub nodes: Nodes,
    /// Bytes of each item, where they differ.
    sizes: Vec<u32>,
    /// Mean bytes of an item.
    size: u64,
    /// Bytes for items, and bytes of those that are held, where sizes differ.
    pub memory: u64,
    pub used: u64,
    /// Whether what finds no room is refused.
    pub refuses: bool,
    ttls: Option<(Sampler, Stream)>,
    /// Items whose hash is below this are absent.
    absent_below: u64,
    /// How long it is kept that they are.
    pub absent_ttl: Option<u64>,
    /// Items that are fetched anew.
    pub soft: Option<Soft>,
    /// Writes of the last `lag`, the oldest first, where replicas may take over.
    recent: VecDeque<Recent>,
    lag: Option<u64>,
    /// Bytes sent over the network.
    pub passed: u64,
    /// Connections of instances, if they are counted.
    pub connections: Option<Connections>,
}

/// What happens to items at a soft time to live.
#[derive(Debug)]
pub struct Soft {
    /// The age at which an item is fetched anew.
    after: u64,
    /// When each item comes to it.
    due: Vec<u64>,
    /// Items that are being fetched, or will be as soon as their look-up is back.
    items: FxHashSet<u32>,
    /// By the attempt that will send for the item, or that fetches it.
    by: FxHashMap<u32, u32>,
}

impl Soft {
    /// An item is stored.
    pub fn stored(&mut self, item: u32, now: u64) {
        self.due[item as usize] = now.saturating_add(self.after);
    }

    /// A look-up has found an item: whether it has to be fetched anew, by this attempt.
    pub fn is_due(&mut self, item: u32, now: u64, id: u32) -> bool {
        let due = now >= self.due[item as usize] && self.items.insert(item);
        if due {
            self.by.insert(id, item);
        }
        due
    }

    /// What an attempt has to do with: the item.
    pub fn of(&self, id: u32) -> Option<u32> {
        self.by.get(&id).copied()
    }

    /// Another attempt goes on with it.
    pub fn pass_on(&mut self, from: u32, to: u32) {
        if let Some(item) = self.by.remove(&from) {
            self.by.insert(to, item);
        }
    }

    /// An attempt has done it, or comes to nothing.
    pub fn end(&mut self, id: u32) {
        if let Some(item) = self.by.remove(&id) {
            self.items.remove(&item);
        }
    }
}

/// A write that replicas may not have yet.
#[derive(Clone, Copy, Debug)]
pub struct Recent {
    pub at: u64,
    pub item: u32,
    /// It has stored an item that was not held; else it has changed one, or removed it.
    pub what: Wrote,
}

/// What a write did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrote {
    New,
    Changed,
    Removed,
}

impl Deep {
    /// The state of a cache at the start of a run, with so many items.
    pub fn new(settings: &Settings, population: usize, fails_over: bool, seed: u64) -> Deep {
        let of = |purpose: &str| stream(seed, &format!("cache.{}/{purpose}", settings.name));
        let sizes = settings.sizes.as_ref().map_or_else(Vec::new, |law| {
            let (sampler, mut stream) = (Sampler::new(law), of("size"));
            let mut draw = || sampler.nanos(&mut stream).clamp(LEAST, f64::from(u32::MAX)).round() as u32;
            (0..population).map(|_| draw()).collect()
        });
        let soft = settings.soft_ttl.map(|after| Soft {
            after: after.0,
            due: vec![after.0; population],
            items: FxHashSet::default(),
            by: FxHashMap::default(),
        });
        Deep {
            nodes: Nodes::new(settings),
            sizes,
            size: settings.item.0,
            memory: settings.memory.0,
            used: 0,
            refuses: settings.eviction == Eviction::Nothing,
            ttls: settings.ttls.as_ref().map(|law| (Sampler::new(law), of("ttl"))),
            absent_below: (settings.absent * libm::exp2(32.0)) as u64,
            absent_ttl: settings.absent_ttl.map(|ttl| ttl.0),
            soft,
            recent: VecDeque::new(),
            lag: fails_over.then_some(settings.lag.0),
            passed: 0,
            connections: Connections::new(settings),
        }
    }

    /// Whether items have sizes of their own.
    pub fn weighs(&self) -> bool {
        !self.sizes.is_empty()
    }

    /// Bytes of an item.
    pub fn size(&self, item: Option<u32>) -> u64 {
        item.and_then(|item| self.sizes.get(item as usize)).map_or(self.size, |&size| size.into())
    }

    /// Whether there is nothing to be found under some keys.
    pub fn has_absent(&self) -> bool {
        self.absent_below > 0
    }

    /// Whether there is nothing to be found under a key: that is part of the key.
    pub fn is_absent(&self, item: u32) -> bool {
        self.absent_below > 0 && mix(item.into()) >> 32 < self.absent_below
    }

    /// How long an item that is stored now lives, where that is not always the same.
    pub fn ttl(&mut self, item: u32) -> Option<u64> {
        if self.is_absent(item) {
            return self.absent_ttl;
        }
        self.ttls.as_mut().map(|(sampler, stream)| sampler.time(stream).0)
    }

    /// Notes a write; those that replicas have by now are forgotten.
    pub fn wrote(&mut self, item: u32, what: Wrote, at: u64) {
        let Some(lag) = self.lag else { return };
        self.recent.push_back(Recent { at, item, what });
        while self.recent.front().is_some_and(|oldest| oldest.at.saturating_add(lag) <= at) {
            self.recent.pop_front();
        }
    }

    /// The writes to some items that replicas have not got by an instant, the last one first.
    pub fn lacking(&mut self, now: u64, is_of: impl Fn(u32) -> bool) -> Vec<Recent> {
        let lag = self.lag.unwrap_or(0);
        let mut found = Vec::new();
        self.recent.retain(|write| {
            let lacks = write.at.saturating_add(lag) > now && is_of(write.item);
            found.extend(lacks.then_some(*write));
            !lacks
        });
        found.reverse();
        found
    }
}

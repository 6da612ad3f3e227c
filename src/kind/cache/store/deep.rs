//! What a cache does with items beyond a plain one: items that weigh, live for different times, are absent, are lost in part.
//!
//! In: look-ups and writes at caches with more than a plain one has, shards that are lost and taken over. Out: hits, and what is held.

use super::super::deep::Wrote;
use super::{Cache, mix, shard_of};
use crate::dist::below;
use crate::rng::Stream;

impl Cache {
    /// Removes the items that are meant; returns how many.
    pub fn forget(&mut self, mut is_meant: impl FnMut(&mut Self, u32) -> bool) -> u64 {
        let mut count = 0;
        for item in 0..self.population {
            let is_held = self.items.as_ref().is_some_and(|items| items.holds(item));
            if is_held && is_meant(self, item) {
                self.remove(item);
                count += 1;
            }
        }
        count
    }

    /// Removes an item that is held; returns whether it was.
    pub fn remove(&mut self, item: u32) -> bool {
        let was_held = self.items.as_mut().is_some_and(|items| items.remove(item));
        if was_held {
            self.let_go(item);
            self.lighten(item);
        }
        was_held
    }

    /// The shard of an item, and with Memcached the next node in the ring of its key that clients have not left out.
    pub fn place(&self, item: u32) -> Option<usize> {
        let count = self.shards.len();
        let home = shard_of(item, count);
        let Some(deep) = self.deep.as_deref().filter(|_| self.rehashes) else { return Some(home) };
        let there = |shard: &usize| !deep.nodes.shards[*shard].left_out;
        if there(&home) {
            return Some(home);
        }
        // Each key has a ring of its own, so that what was at a node goes to all others alike.
        let ring = (1..64).map(|step: u64| (mix(u64::from(item) << 8 | step) % count as u64) as usize);
        ring.chain(0..count).find(there)
    }

    /// The shard of a command with an item, or, where keys are not simulated, any that clients have not left out.
    pub fn place_of(&mut self, item: Option<u32>) -> Option<usize> {
        let count = self.shards.len();
        let item = match item {
            Some(item) => item,
            None if count == 1 => 0,
            None => below(&mut self.spread, u64::from(u32::MAX)) as u32,
        };
        self.place(item)
    }

    /// One of the items held, at random.
    pub fn draw_held(&mut self) -> Option<u32> {
        self.items.as_ref()?.any(&mut self.spread)
    }

    /// Random numbers of the spread of keys.
    pub fn spread(&mut self) -> &mut Stream {
        &mut self.spread
    }

    /// Whether an item is past its time to live.
    pub fn has_expired(&mut self, item: u32, now: u64) -> bool {
        let expires = self.expiries.is_some();
        self.items.as_mut().is_some_and(|items| expires && items.note(item).nanos() <= now)
    }

    /// An item is not held any more: its bytes are free.
    fn lighten(&mut self, item: u32) {
        if let Some(deep) = self.deep.as_deref_mut().filter(|deep| deep.weighs()) {
            deep.used -= deep.size(Some(item));
        }
    }

    /// Counts the bytes of what is held at the start, and makes them fit.
    pub(super) fn weigh(&mut self) {
        let (Some(items), Some(deep)) = (&self.items, self.deep.as_deref_mut().filter(|deep| deep.weighs()))
        else {
            return;
        };
        let held = (0..self.population).filter(|&item| items.holds(item));
        deep.used = held.map(|item| deep.size(Some(item))).sum();
        while self.deep.as_deref().is_some_and(|deep| deep.used > deep.memory) && self.evict().is_some() {}
    }

    /// Removes the item that the policy gives up first.
    fn evict(&mut self) -> Option<u32> {
        let victim = self.items.as_mut()?.evict()?;
        self.let_go(victim);
        self.lighten(victim);
        Some(victim)
    }

    /// Looks an item up in a cache with more than the simple ones have.
    pub fn find(&mut self, item: u32, now: u64) -> bool {
        let Some(items) = &mut self.items else { return self.lookup(item, now) };
        items.tick(now);
        let was_held = items.holds(item);
        let hit = self.lookup(item, now);
        if was_held && !hit {
            self.lighten(item);
        }
        if hit && self.renew {
            self.live_anew(item, now);
        }
        hit
    }

    /// Stores an item in such a cache, if there is anything to store and if it finds room.
    pub fn keep(&mut self, item: u32, now: u64) {
        let Some(items) = &mut self.items else { return };
        items.tick(now);
        let (held, is_full) = (items.holds(item), items.held() >= items.capacity());
        let Some(deep) = self.deep.as_deref() else { return };
        if deep.is_absent(item) && deep.absent_ttl.is_none() {
            return;
        }
        let (size, memory, refuses, weighs) =
            (deep.size(Some(item)), deep.memory, deep.refuses, deep.weighs());
        let has_room = |cache: &Cache| cache.deep.as_deref().is_some_and(|deep| deep.used + size <= memory);
        if !held && weighs {
            while !refuses && size <= memory && !has_room(self) && self.evict().is_some() {
                self.counts.evictions += 1;
            }
        }
        if !held && (if weighs { !has_room(self) } else { is_full && refuses }) {
            self.counts.refused += 1;
            return;
        }
        self.fill(item, now);
        self.live_anew(item, now);
        let is_in = self.items.as_ref().is_some_and(|items| items.holds(item));
        let Some(deep) = self.deep.as_deref_mut().filter(|_| is_in) else { return };
        deep.used += if weighs && !held { size } else { 0 };
        if let Some(soft) = &mut deep.soft {
            soft.stored(item, now);
        }
        deep.wrote(item, if held { Wrote::Changed } else { Wrote::New }, now);
    }

    /// Gives an item its own time to live, if it has one, and tells the policy.
    fn live_anew(&mut self, item: u32, now: u64) {
        let ttl = self.deep.as_deref_mut().and_then(|deep| deep.ttl(item));
        if let Some(ttl) = ttl {
            self.live_until(item, now.saturating_add(ttl), true);
        }
        if let Some(items) = self.items.as_mut().filter(|_| self.expiries.is_some()) {
            let expiry = items.note(item).nanos();
            items.expires(item, expiry);
        }
    }

    /// Removes an item from such a cache, as a write does.
    pub fn drop_item(&mut self, item: u32, now: u64) {
        let was_held = self.items.as_ref().is_some_and(|items| items.holds(item));
        self.invalidate(item);
        if was_held {
            self.lighten(item);
            if let Some(deep) = self.deep.as_deref_mut() {
                deep.wrote(item, Wrote::Removed, now);
            }
        }
    }

    /// A replica takes over from a shard: the writes that it did not get are undone.
    pub fn take_over(&mut self, shard: usize, now: u64) {
        let count = self.shards.len();
        let Some(deep) = self.deep.as_deref_mut() else { return };
        let lacking = deep.lacking(now, |item| shard_of(item, count) == shard);
        self.counts.lost_writes += lacking.len() as u64;
        for write in lacking {
            match write.what {
                Wrote::New => {
                    self.remove(write.item);
                }
                // What it was before is there again, as old as it was.
                Wrote::Removed => self.bring_back(write.item, now),
                Wrote::Changed => {}
            }
        }
    }

    fn bring_back(&mut self, item: u32, now: u64) {
        let Some(items) = &mut self.items else { return };
        let expiry = items.note(item).nanos();
        if items.holds(item) || items.held() >= items.capacity() || self.expiries.is_some() && expiry <= now {
            return;
        }
        items.insert(item);
        if self.expiries.is_some() {
            self.live_until(item, expiry, false);
        }
        if let Some(deep) = self.deep.as_deref_mut().filter(|deep| deep.weighs()) {
            deep.used += deep.size(Some(item));
        }
    }
}

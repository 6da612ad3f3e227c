//! The item cache of DAX in front of a table: what it holds, and for how long.
//!
//! In: look-ups, and items that were read or written. Out: hits. The least recently used item makes room; one that is too old is gone. (Amazon DynamoDB
//! developer guide, "DAX: How it works".)

use super::counts::Counts;
use super::item::Item;
use super::language::DynamoTable;
use crate::engine::lru::Lru;
use crate::kind::keys::KeySpace;

/// The item cache.
#[derive(Debug)]
pub(super) struct Dax {
    /// The first number of each population; none of those that never come here.
    offsets: Vec<Option<u32>>,
    /// Items, each with the time until which it is good.
    items: Lru<u64>,
    ttl: u64,
}

impl Dax {
    /// An empty one; `used` says which populations come here.
    pub fn new(table: &DynamoTable, spaces: &[KeySpace], used: &[bool]) -> Option<Dax> {
        let settings = table.dax.as_ref()?;
        let mut population = 0u32;
        let offsets = spaces.iter().zip(used).map(|(space, used)| {
            let first = population;
            population = population.saturating_add(if *used { space.count } else { 0 });
            used.then_some(first)
        });
        let offsets = offsets.collect();
        let capacity = settings.memory.0 / table.item.0.max(1);
        Some(Dax { offsets, items: Lru::new(population as usize, capacity), ttl: settings.ttl.0 })
    }

    fn number(&self, item: Item) -> Option<u32> {
        Some(self.offsets.get(usize::from(item.keys)).copied()?? + item.key)
    }

    /// Whether it has an item.
    pub fn look_up(&mut self, item: Item, now: u64, counts: &mut Counts) -> bool {
        counts.lookups += 1;
        let Some(number) = self.number(item) else { return false };
        if self.items.holds(number) && *self.items.note(number) <= now {
            self.items.remove(number);
        }
        let hit = self.items.touch(number);
        counts.hits += u64::from(hit);
        hit
    }

    /// An item was read or written: it is there from now on.
    pub fn keep(&mut self, item: Item, now: u64, counts: &mut Counts) {
        let Some(number) = self.number(item) else { return };
        counts.evictions += u64::from(self.items.insert(number).is_some());
        *self.items.note(number) = now.saturating_add(self.ttl);
    }

    /// An item was deleted.
    pub fn drop(&mut self, item: Item) {
        if let Some(number) = self.number(item) {
            self.items.remove(number);
        }
    }
}

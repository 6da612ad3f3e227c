//! The cache of a stage: answers that it has. In: look-ups, and answers of what is behind. Out: whether a copy is there and fresh. It has so many bytes, and
//! gives up the least recently used copy first.

use crate::engine::lru::Lru;
use crate::kind::front::Objects;

/// The objects of one path.
#[derive(Clone, Copy, Debug)]
pub struct Set {
    /// The API.
    pub api: u16,
    /// The number of its first object among those of the API.
    pub first: u32,
    /// Bytes of an object.
    pub size: u64,
}

/// The sets of all paths, and how many objects each API has.
pub fn sets(objects: &[Objects], count_of: impl Fn(u16) -> u32, apis: usize) -> (Vec<Set>, Vec<u32>) {
    let mut counts = vec![0u32; apis];
    let sets = objects.iter().map(|it| {
        let (api, first) = (it.of.1, counts[it.of.1]);
        counts[api] = first.saturating_add(it.keys.map_or(1, &count_of).max(1));
        Set { api: crate::flow::number(api), first, size: it.size.0.max(1) }
    });
    let sets = sets.collect();
    (sets, counts)
}

/// The cache of one API.
#[derive(Debug)]
pub struct Copies {
    /// Copies, each with the instant at which it is fresh no more.
    held: Lru<u64>,
    /// Bytes of each object that is held.
    sizes: Vec<u64>,
    bytes: u64,
    capacity: u64,
    ttl: u64,
}

impl Copies {
    /// An empty cache.
    pub fn new(objects: u32, capacity: u64, ttl: u64) -> Copies {
        let held = Lru::new(objects as usize, u64::MAX);
        Copies { held, sizes: vec![0; objects as usize], bytes: 0, capacity, ttl }
    }

    /// Whether a fresh copy is there.
    pub fn hits(&mut self, object: u32, now: u64) -> bool {
        self.held.touch(object) && *self.held.note(object) > now
    }

    /// An answer comes, and is kept.
    pub fn keep(&mut self, object: u32, size: u64, now: u64) {
        if size > self.capacity {
            return;
        }
        if !self.held.holds(object) {
            self.bytes += size;
            self.sizes[object as usize] = size;
        }
        self.held.insert(object);
        *self.held.note(object) = now.saturating_add(self.ttl);
        while self.bytes > self.capacity {
            let Some(victim) = self.held.evict() else { break };
            self.bytes -= self.sizes[victim as usize];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_fresh_for_its_time_and_the_oldest_goes_for_others() {
        let mut copies = Copies::new(10, 100, 50);
        assert!(!copies.hits(1, 0));
        copies.keep(1, 40, 0);
        assert!(copies.hits(1, 49) && !copies.hits(1, 50));
        copies.keep(1, 40, 60);
        copies.keep(2, 40, 61);
        assert!(copies.hits(1, 62));
        // 120 bytes are too many: the second was used longest ago.
        copies.keep(3, 40, 63);
        assert!(copies.hits(1, 64) && !copies.hits(2, 64) && copies.hits(3, 64));
        copies.keep(4, 101, 64);
        assert!(!copies.hits(4, 64) && copies.hits(3, 64));
    }
}

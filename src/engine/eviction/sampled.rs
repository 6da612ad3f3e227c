//! The victims of Redis: a few keys are sampled, and the best of those seen lately goes.
//!
//! In: accesses to keys, with their instants. Out: which are held, and which were evicted. As in Redis since 3.0 (`evict.c`): each
//! eviction samples five keys into a pool of sixteen candidates, sorted by how good a victim each is, and takes the best that is
//! still held. Redis samples neighbours in its hash table; here each key held is equally likely.

use std::ops::Range;

use super::any::AnyOut;
use crate::rng::Stream;

/// Keys that an eviction samples. Source: `redis.conf`, `maxmemory-samples 5`.
pub const SAMPLES: usize = 5;
/// Candidates that are kept between evictions. Source: Redis, `evict.c`, `EVPOOL_SIZE`.
const POOL: usize = 16;
/// The counter of a new key. Source: Redis, `server.h`, `LFU_INIT_VAL`.
const FIRST_COUNT: u8 = 5;
/// How much slower the counter grows the larger it is. Source: `redis.conf`, `lfu-log-factor 10`.
const LOG_FACTOR: f64 = 10.0;
/// In this time the counter of a key that is not used goes down by one. Source: `redis.conf`, `lfu-decay-time 1`, a minute.
const DECAY: u64 = 60_000_000_000;
/// The clock by which idle time is told. Source: Redis, `server.h`, `LRU_CLOCK_RESOLUTION`, a second.
const CLOCK: u64 = 1_000_000_000;
/// Milliseconds, in which Redis keeps expiries.
const MILLISECOND: u64 = 1_000_000;

/// What makes a key a good victim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// It has not been used for long.
    Idle,
    /// It has seldom been used.
    Rare,
    /// It expires soon.
    Expiry,
}

/// A set of at most `capacity` keys that evicts as Redis does.
#[derive(Debug)]
pub struct Sampled<N> {
    pub(super) any: AnyOut<N>,
    by: By,
    /// Of each key what its worth as a victim is told from.
    marks: Vec<Mark>,
    /// Candidates, the best victim last, each with its worth when it was sampled.
    pool: Vec<(u64, u32)>,
    /// The instant of the accesses to come.
    pub(super) now: u64,
}

/// When a key was last used, in units of its policy, and how often; or when it expires.
#[derive(Clone, Copy, Debug, Default)]
struct Mark {
    at: u32,
    count: u8,
}

impl<N: Clone + Default> Sampled<N> {
    /// An empty set.
    pub fn new(population: usize, capacity: u64, by: By, chance: Stream) -> Self {
        let any = AnyOut::new(population, capacity, chance);
        Sampled { any, by, marks: vec![Mark::default(); population], pool: Vec::with_capacity(POOL), now: 0 }
    }

    /// Whether a key is held; counts as an access to it.
    pub(super) fn touch(&mut self, key: u32) -> bool {
        let held = self.any.holds(key);
        if held {
            self.used(key);
        }
        held
    }

    /// Holds a key; returns the key that was evicted for it. Room is made before the key comes in.
    pub(super) fn insert(&mut self, key: u32) -> Option<u32> {
        if self.any.holds(key) || self.any.capacity == 0 {
            self.touch(key);
            return None;
        }
        let full = self.any.keys.len() >= self.any.capacity;
        let victim = if full { self.evict() } else { None };
        self.any.insert(key);
        self.marks[key as usize].count = FIRST_COUNT;
        self.came(key);
        victim
    }

    pub(super) fn fill(&mut self, keys: Range<u32>, note: impl FnMut() -> N) {
        for key in keys.clone() {
            self.marks[key as usize].count = FIRST_COUNT;
            self.came(key);
        }
        self.any.fill(keys, note);
    }

    /// When a key expires.
    pub(super) fn expires(&mut self, key: u32, at: u64) {
        if self.by == By::Expiry {
            self.marks[key as usize].at = word(at / MILLISECOND);
        }
    }

    /// Removes the best victim of those seen.
    pub(super) fn evict(&mut self) -> Option<u32> {
        loop {
            for _ in 0..SAMPLES {
                let key = self.any.any()?;
                self.consider(key);
            }
            // One that is not held any more is a ghost, as Redis calls it.
            while let Some((_, key)) = self.pool.pop() {
                if self.any.remove(key) {
                    return Some(key);
                }
            }
        }
    }

    /// Puts a key into the pool if it is a better victim than one of those there, or if there is room.
    fn consider(&mut self, key: u32) {
        let worth = self.worth(key);
        let at = self.pool.partition_point(|&(other, _)| other < worth);
        match (at, self.pool.len()) {
            (0, POOL) => {}
            (at, POOL) => {
                self.pool.remove(0);
                self.pool.insert(at - 1, (worth, key));
            }
            (at, _) => self.pool.insert(at, (worth, key)),
        }
    }

    /// How good a victim a key is.
    fn worth(&self, key: u32) -> u64 {
        let mark = self.marks[key as usize];
        match self.by {
            By::Idle => u64::from(word(self.now / CLOCK).saturating_sub(mark.at)),
            By::Rare => u64::from(u8::MAX - self.decayed(mark)),
            By::Expiry => u64::from(u32::MAX - mark.at),
        }
    }

    /// The counter of a key as it is now.
    fn decayed(&self, mark: Mark) -> u8 {
        let periods = word(self.now / DECAY).saturating_sub(mark.at);
        mark.count.saturating_sub(u8::try_from(periods).unwrap_or(u8::MAX))
    }

    /// A key is used.
    fn used(&mut self, key: u32) {
        if self.by == By::Rare {
            let count = self.decayed(self.marks[key as usize]);
            let above = f64::from(count.saturating_sub(FIRST_COUNT));
            let grows = count < u8::MAX && self.any.happens(1.0 / (above * LOG_FACTOR + 1.0));
            self.marks[key as usize].count = count + u8::from(grows);
        }
        self.came(key);
    }

    fn came(&mut self, key: u32) {
        match self.by {
            By::Idle => self.marks[key as usize].at = word(self.now / CLOCK),
            By::Rare => self.marks[key as usize].at = word(self.now / DECAY),
            By::Expiry => {}
        }
    }
}

/// As a word; what is later than it can tell is as late as it can tell.
fn word(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::stream;

    fn held(by: By, capacity: u64) -> Sampled<()> {
        Sampled::new(40, capacity, by, stream(1, "test"))
    }

    /// Twelve keys, one used in each second: 5 samples a time soon find the one that has been idle for longest, and every victim is
    /// among the idlest half.
    #[test]
    fn what_has_been_idle_for_long_goes() {
        let mut set = held(By::Idle, 12);
        for key in 0..12 {
            set.now = u64::from(key) * CLOCK;
            set.insert(key);
        }
        set.now = 20 * CLOCK;
        let gone: Vec<u32> = (0..6).filter_map(|_| set.evict()).collect();
        assert!(gone.iter().sum::<u32>() < 6 * 5, "{gone:?}");
        assert!(!gone.contains(&11), "{gone:?}");
        // What is used again stays.
        let left: Vec<u32> = (0..12).filter(|&key| set.any.holds(key)).collect();
        set.now = 30 * CLOCK;
        left[1..].iter().for_each(|&key| assert!(set.touch(key)));
        set.pool.clear();
        let victims: Vec<u32> = (0..3).filter_map(|_| set.evict()).collect();
        assert!(victims.contains(&left[0]), "{victims:?}");
    }

    /// From its start of 5 the counter grows by one with a chance of one in ten times the growth so far and one: `c` more take `5c(c - 1) + c`
    /// hits, so that 100 bring it to 9.9 and 1,000 to 19.6. (The documentation of Redis, `lfu-log-factor 10`, has seen 10 and 18.)
    #[test]
    fn a_counter_grows_as_its_logarithm_and_decays_by_the_minute() {
        for (hits, expected) in [(100, 9.9), (1_000, 19.6)] {
            let mut set = held(By::Rare, 40);
            (0..40).for_each(|key| assert_eq!(set.insert(key), None));
            for key in 0..40 {
                (0..hits).for_each(|_| assert!(set.touch(key)));
            }
            let sum: u32 = set.marks.iter().map(|mark| u32::from(mark.count)).sum();
            let mean = f64::from(sum) / 40.0;
            assert!((mean - expected).abs() < 1.0, "{hits}: {mean}");
            let before = set.marks[0];
            set.now = 4 * DECAY;
            assert_eq!(set.decayed(before), before.count - 4);
        }
    }

    #[test]
    fn what_expires_first_goes_first() {
        let mut set = held(By::Expiry, 5);
        for key in 0..5 {
            set.insert(key);
            set.expires(key, u64::from(10 - key) * CLOCK);
        }
        // Ten samples of five keys miss one in about a tenth of all cases; the pool keeps what they found.
        let gone: Vec<u32> = (0..3).filter_map(|_| set.evict()).collect();
        assert!(gone.contains(&4) && !gone.contains(&0), "{gone:?}");
    }

    #[test]
    fn no_more_than_fits_is_held_and_a_ghost_is_no_victim() {
        for by in [By::Idle, By::Rare, By::Expiry] {
            let mut set = held(by, 7);
            for round in 0..400u32 {
                set.now = u64::from(round) * CLOCK;
                let key = round * 7 % 40;
                let (full, is_new) = (set.any.keys.len() == 7, !set.any.holds(key));
                let victim = set.insert(key);
                assert_eq!(victim.is_some(), full && is_new, "{by:?}");
                assert!(set.any.holds(key) && victim.is_none_or(|victim| !set.any.holds(victim)));
                if round % 5 == 0 {
                    set.any.remove(key);
                }
            }
        }
        assert_eq!(held(By::Idle, 0).insert(3), None);
    }
}

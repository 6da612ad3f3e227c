//! Where a record goes. In: its partition key, or none. Out: a hash, and by that its shard and the lane of a batch.

use crate::rng::mixed;

/// The population of a record whose key is none of any.
pub(super) const ANY: u16 = u16::MAX;
/// Tells the hashes of keys from other uses of their numbers.
const HASHES: u64 = 0x4b44_5348;

/// The hash of a key of a population.
pub(super) fn hash_of(keys: u16, key: u32) -> u64 {
    mixed(HASHES, u64::from(keys) << 32 | u64::from(key))
}

/// Which of so many shards, each with as large a part of all hashes, has a hash.
pub(super) fn shard_of(hash: u64, shards: usize) -> usize {
    ((u128::from(hash) * shards as u128) >> 64) as usize
}

/// The shards of `had` that have a hash of one of `shards`, by their places.
pub(super) fn parents(of: usize, shards: usize, had: usize) -> std::ops::Range<usize> {
    // Both are parts of a whole of shards x had.
    let (from, to) = (of * had, (of + 1) * had);
    from / shards..to.div_ceil(shards)
}

/// Which of so many lanes of a shard has a hash: the low bits say it, and the high ones the shard.
pub(super) fn lane_of(hash: u64, lanes: u32) -> u32 {
    (hash % u64::from(lanes.max(1))) as u32
}

/// What is kept of a record that is being put.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asking {
    pub hash: u64,
    /// Tries so far.
    pub tries: u32,
}

pub(super) const NOT_ASKING: Asking = Asking { hash: 0, tries: 0 };

#[cfg(test)]
mod tests {
    use super::*;

    /// 4 shards become 8: each of the 8 has one parent, and 6 of 4 have one or two.
    #[test]
    fn a_shard_has_the_parents_whose_hashes_it_takes_over() {
        let all = |shards: usize, had: usize| -> Vec<_> {
            (0..shards).map(|shard| parents(shard, shards, had)).collect()
        };
        assert_eq!(all(8, 4), [0..1, 0..1, 1..2, 1..2, 2..3, 2..3, 3..4, 3..4]);
        assert_eq!(all(2, 4), [0..2, 2..4]);
        assert_eq!(all(6, 4), [0..1, 0..2, 1..2, 2..3, 2..4, 3..4]);
        // Whatever the numbers: the parent that had a hash is one of those of the shard that has it.
        for (shards, had) in [(3, 2), (5, 10), (7, 4), (1, 2), (9, 9)] {
            for bits in 0..1_000u64 {
                let hash = mixed(7, bits);
                assert!(parents(shard_of(hash, shards), shards, had).contains(&shard_of(hash, had)));
            }
        }
    }
}

//! A winner tree: a key for each of many leaves, and the least of all.
//!
//! In: the key of a leaf, in the place of the one before. Out: the least key. Each node is the lesser of the two below it. So a change is
//! one comparison a level, up to the first of all, without a branch that the hardware could predict wrongly. Where the
//! leaf that has a key must be known, its number is in the low bits of the key.

/// No key: all others are less.
pub const NEVER: u64 = u64::MAX;

/// Nodes of a tree of few leaves.
const FEW: usize = 32;

/// A tree of any number of leaves: while there are few, or no more than half of `NODES`, its levels are known and no place is
/// checked.
#[derive(Debug)]
pub struct Tree<const NODES: usize> {
    /// The least key.
    first: u64,
    /// The nodes, in a number that is a power of two: below node `n` are `2n` and `2n + 1`, and the second half is that of the
    /// leaves. Node 1 would be the first of all.
    nodes: Vec<u64>,
}

impl<const NODES: usize> Default for Tree<NODES> {
    fn default() -> Self {
        Tree { first: NEVER, nodes: vec![NEVER; FEW.min(NODES)] }
    }
}

impl<const NODES: usize> Tree<NODES> {
    /// The least key, or [`NEVER`].
    #[inline(always)]
    pub fn first(&self) -> u64 {
        self.first
    }

    /// The keys of all leaves.
    pub fn leaves(&self) -> &[u64] {
        &self.nodes[self.nodes.len() / 2..]
    }

    /// Makes room for a leaf and all before it.
    pub fn make_room(&mut self, leaf: usize) {
        while leaf >= self.nodes.len() / 2 {
            let keys = self.nodes.split_off(self.nodes.len() / 2);
            self.nodes = vec![NEVER; (4 * keys.len()).max(NODES)];
            keys.into_iter().enumerate().for_each(|(leaf, key)| self.set(leaf, key));
        }
    }

    /// Puts a key down, and the least of each node above it.
    #[inline(always)]
    pub fn set(&mut self, leaf: usize, key: u64) {
        let nodes = &mut self.nodes[..];
        self.first = if let Ok(nodes) = <&mut [u64; NODES]>::try_from(&mut *nodes) {
            climb(nodes, leaf, key)
        } else if let Ok(nodes) = <&mut [u64; FEW]>::try_from(&mut *nodes) {
            climb(nodes, leaf, key)
        } else {
            climb_far(nodes, leaf, key)
        };
    }
}

/// Puts a key down; returns the least of all. The number of nodes is known when this is compiled, so that its loop is
/// written out and no place is checked.
#[inline(always)]
pub fn climb<const NODES: usize>(nodes: &mut [u64; NODES], leaf: usize, key: u64) -> u64 {
    // Always true of a leaf, and said so that the compiler knows it, too.
    let (mut node, mut first) = ((NODES / 2) | (leaf % (NODES / 2)), key);
    // Node 1 is not written: `first` is in its place.
    for _ in 1..NODES.ilog2() {
        nodes[node] = first;
        first = first.min(nodes[node ^ 1]);
        node /= 2;
    }
    first
}

/// The same, with as many nodes as there are.
#[inline(never)]
fn climb_far(nodes: &mut [u64], leaf: usize, key: u64) -> u64 {
    let (mut node, mut first) = (nodes.len() / 2 + leaf, key);
    while node > 1 {
        nodes[node] = first;
        first = first.min(nodes[node ^ 1]);
        node /= 2;
    }
    first
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Leaves come while others have keys.
    fn hold_against_a_list<const NODES: usize>(steps: Vec<(usize, Option<u64>)>) {
        let (mut tree, mut list) = (Tree::<NODES>::default(), [NEVER; 128]);
        for (leaf, key) in steps {
            let key = key.map_or(NEVER, |key| key << 7 | leaf as u64);
            tree.make_room(leaf);
            tree.set(leaf, key);
            list[leaf] = key;
            assert_eq!(Some(tree.first()), list.iter().min().copied());
            assert!(tree.leaves().iter().zip(list).all(|(key, listed)| *key == listed));
        }
    }

    proptest! {
        /// Of each size, and past the largest that is known.
        #[test]
        fn the_first_is_the_least_of_a_list(
            steps in (1usize..128).prop_flat_map(|leaves| {
                prop::collection::vec((0..leaves, prop::option::weighted(0.7, 0u64..90)), 1..200)
            }),
        ) {
            hold_against_a_list::<FEW>(steps.clone());
            hold_against_a_list::<128>(steps);
        }
    }
}

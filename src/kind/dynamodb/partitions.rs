//! The partitions of a table: which one has an item, and how there become more of them.
//!
//! In: items, what the table is to carry, partitions that are hot. Out: the partition of each item. Items are spread evenly by a hash of their
//! keys: each split looks at one more bit of it. So a split halves the load of many items, and not that of one; that one can get a partition of its own.

use rustc_hash::FxHashMap;

use super::deed::{HALVES, SORTS};
use super::item::{Item, Placed};
use super::partition::Partition;

/// All partitions.
#[derive(Debug)]
pub(super) struct Partitions {
    limits: [f64; SORTS],
    /// Those at the start, which are the first nodes.
    first: u32,
    /// How often all of them were halved.
    depth: u32,
    nodes: Vec<Node>,
    pub each: Vec<Partition>,
    /// Items that have a partition of their own.
    alone: FxHashMap<Item, u32>,
}

/// A partition, or those that it has become.
#[derive(Clone, Copy, Debug)]
enum Node {
    Whole(u32),
    Split([u32; 2]),
}

impl Partitions {
    /// So many at the start, of which each takes so many units a second.
    pub fn new(first: u32, limits: [f64; SORTS]) -> Partitions {
        Partitions {
            limits,
            first,
            depth: 0,
            nodes: (0..first).map(Node::Whole).collect(),
            each: (0..first).map(|node| Partition::new(node, limits)).collect(),
            alone: FxHashMap::default(),
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.each.len()
    }

    /// The partition of an item.
    pub fn at(&self, placed: Placed) -> usize {
        if !self.alone.is_empty()
            && let Some(partition) = self.alone.get(&placed.item)
        {
            return *partition as usize;
        }
        let first = u64::from(self.first);
        let mut node = (placed.bits % first) as usize;
        let mut bits = placed.bits / first;
        loop {
            match self.nodes[node] {
                Node::Whole(partition) => return partition as usize,
                Node::Split(halves) => node = halves[(bits & 1) as usize] as usize,
            }
            bits >>= 1;
        }
    }

    /// All are halved until there are at least so many: the table is to carry more, or stores more.
    pub fn grow(&mut self, needed: u32) {
        while u64::from(self.first) << self.depth < u64::from(needed) {
            self.depth += 1;
            for partition in 0..self.each.len() {
                if self.each[partition].node.is_some() && self.each[partition].depth < self.depth {
                    self.split(partition);
                }
            }
        }
    }

    /// Whether there are bits left to tell its items apart.
    pub fn can_split(&self, partition: usize) -> bool {
        let it = &self.each[partition];
        it.node.is_some() && it.depth < u64::BITS - 20
    }

    /// A partition becomes two, of which each takes as much as it did.
    pub fn split(&mut self, partition: usize) {
        let it = &self.each[partition];
        let Some(node) = it.node else { return };
        let (asked, depth) = (it.asked, it.depth + 1);
        let (first, new) = (self.nodes.len() as u32, self.each.len() as u32);
        let halves = [first, first + 1].map(|node| it.like(Some(node), depth));
        let [mut one, other] = halves;
        one.asked = asked;
        self.each[partition] = one;
        self.each.push(other);
        self.nodes[node as usize] = Node::Split([first, first + 1]);
        self.nodes.extend([Node::Whole(partition as u32), Node::Whole(new)]);
    }

    /// An item gets a partition of its own.
    pub fn isolate(&mut self, item: Item, from: usize) {
        let new = self.each[from].like(None, 0);
        self.alone.insert(item, self.each.len() as u32);
        self.each.push(new);
    }

    /// At the end of a row of so many seconds: of each sort, what was asked of the fullest partition, in percent of what it takes.
    pub fn fullest(&mut self, seconds: f64) -> [f64; SORTS] {
        let mut most = [0; SORTS];
        for it in &mut self.each {
            for (most, asked) in most.iter_mut().zip(&mut it.asked) {
                *most = (*most).max(std::mem::take(asked));
            }
        }
        std::array::from_fn(|sort| 100.0 * most[sort] as f64 / (HALVES * self.limits[sort] * seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of 4 partitions of a new table 10,000 keys are in each about as often, after growing to 8 too; a key stays with what it shares bits with.
    #[test]
    fn items_are_spread_evenly_however_often_all_are_halved() {
        let mut all = Partitions::new(4, [3_000.0, 1_000.0]);
        let counts = |all: &Partitions| {
            let mut counts = vec![0u32; all.count()];
            (0..10_000).for_each(|key| counts[all.at(Placed::of_key(0, key))] += 1);
            counts
        };
        // Five standard deviations of a binomial law.
        let even = |counts: &[u32], part: f64| {
            counts
                .iter()
                .all(|it| (f64::from(*it) - 1e4 * part).abs() < 5.0 * (1e4 * part * (1.0 - part)).sqrt())
        };
        assert!(even(&counts(&all), 0.25));
        all.grow(5);
        assert_eq!(all.count(), 8);
        assert!(even(&counts(&all), 0.125), "{:?}", counts(&all));
        all.grow(8);
        assert_eq!(all.count(), 8, "they are enough");
        // One that was split by heat is not split again.
        all.split(3);
        all.grow(16);
        assert_eq!(all.count(), 16);
    }

    #[test]
    fn an_item_alone_leaves_the_others_where_they_are() {
        let mut all = Partitions::new(1, [3_000.0, 1_000.0]);
        let (hot, other) = (Placed::of_key(2, 7), Placed::of_key(2, 8));
        assert_eq!((all.at(hot), all.at(other)), (0, 0));
        all.isolate(hot.item, 0);
        assert_eq!((all.at(hot), all.at(other)), (1, 0));
        assert!(!all.can_split(1) && all.can_split(0));
        all.split(1);
        assert_eq!(all.count(), 2, "an item cannot be split");
        // It has its own partition in this population alone.
        assert_eq!(all.at(Placed::of_key(3, 7)), 0);
    }
}

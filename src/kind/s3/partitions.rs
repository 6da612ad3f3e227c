//! The partitions of a bucket: how many requests a second each takes, and how they split.
//!
//! In: requests for keys, or for any object. Out: whether each is taken. The names of a prefix are spread evenly over its partitions, by
//! bits that depend on the key alone: each split looks at one more of them. So a split halves the load of many keys, and not that of one.

use rand::Rng;

use super::deed::SORTS;
use super::language::{Bucket as Settings, Layout};
use crate::dist::below;
use crate::engine::bucket::Bucket;
use crate::kind::keys::KeySpace;
use crate::rng::{Stream, mixed, stream};
use crate::units::Rate;

/// Tells the places of keys from other uses of their numbers.
const PLACES: u64 = 0x5333;

/// Where an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    prefix: u32,
    /// Its place among the names of the prefix.
    bits: u64,
}

/// All partitions.
#[derive(Debug)]
pub struct Partitions {
    prefixes: u32,
    /// Partitions of each prefix at the start.
    of_prefix: u32,
    layout: Layout,
    limits: [Option<Rate>; SORTS],
    /// Seconds of a limit that can be saved up.
    burst: f64,
    /// The first ones are those of the start, prefix by prefix.
    nodes: Vec<Node>,
    pub(super) each: Vec<Partition>,
    /// Random numbers of requests without a key.
    chance: Stream,
}

/// A partition, or those that it has become.
#[derive(Clone, Copy, Debug)]
enum Node {
    Whole(u32),
    Split([u32; 2]),
}

/// One partition.
#[derive(Clone, Debug)]
pub struct Partition {
    node: u32,
    tokens: [Bucket; SORTS],
    /// Requests that came to it in this row.
    pub(super) asked: [u64; SORTS],
    /// From when on it has refused some in each window, if it does.
    pub(super) hot: Option<u64>,
    /// Whether it has refused one in this window.
    pub(super) refused: bool,
}

impl Partitions {
    pub fn new(settings: &Settings, seed: u64) -> Partitions {
        let (limits, burst) = (settings.limits, settings.burst.as_secs_f64());
        let count = settings.at_start();
        Partitions {
            prefixes: settings.prefixes,
            of_prefix: settings.partitions,
            layout: settings.layout,
            limits,
            burst,
            nodes: (0..count).map(Node::Whole).collect(),
            each: (0..count).map(|node| Partition::new(node, limits, burst)).collect(),
            chance: stream(seed, &format!("s3.{}/object", settings.name)),
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.each.len()
    }

    /// Where a key of a population is.
    pub fn of_key(&self, key: u32, keys: &KeySpace) -> Place {
        let prefix = match self.layout {
            Layout::Spread => key % self.prefixes,
            Layout::Together => {
                (u64::from(key) * u64::from(self.prefixes) / u64::from(keys.count.max(1))) as u32
            }
        };
        Place { prefix: prefix.min(self.prefixes - 1), bits: mixed(PLACES, key.into()) }
    }

    /// Where any object is. A bucket of one partition needs no chance for that.
    pub fn of_any(&mut self) -> Place {
        if self.each.len() == 1 {
            return Place { prefix: 0, bits: 0 };
        }
        let prefix = below(&mut self.chance, self.prefixes.into()) as u32;
        Place { prefix, bits: self.chance.next_u64() }
    }

    /// The partition of a place.
    pub fn at(&self, place: Place) -> usize {
        let of_prefix = u64::from(self.of_prefix);
        let mut node = place.prefix * self.of_prefix + (place.bits % of_prefix) as u32;
        let mut bits = place.bits / of_prefix;
        loop {
            match self.nodes[node as usize] {
                Node::Whole(partition) => return partition as usize,
                Node::Split(halves) => node = halves[(bits & 1) as usize],
            }
            bits >>= 1;
        }
    }

    /// Whether a partition takes a request of a sort.
    pub fn takes(&mut self, partition: usize, sort: usize, now: u64) -> bool {
        let limited = self.limits[sort].is_some();
        let it = &mut self.each[partition];
        it.asked[sort] += 1;
        let taken = !limited || it.tokens[sort].take(1.0, now);
        it.refused |= !taken;
        taken
    }

    /// A partition becomes two, of which each takes as much as it did.
    pub fn split(&mut self, partition: usize) {
        let first = self.nodes.len() as u32;
        let new = self.each.len() as u32;
        let Partition { node, asked, .. } = self.each[partition];
        self.each[partition] = Partition { asked, ..Partition::new(first, self.limits, self.burst) };
        self.each.push(Partition::new(first + 1, self.limits, self.burst));
        self.nodes[node as usize] = Node::Split([first, first + 1]);
        self.nodes.extend([Node::Whole(partition as u32), Node::Whole(new)]);
    }

    /// At the end of a row of so many seconds: of each sort, what came to the fullest partition, in percent of what it takes.
    pub fn fullest(&mut self, seconds: f64) -> [f64; SORTS] {
        let mut most = [0; SORTS];
        for it in &mut self.each {
            for (most, asked) in most.iter_mut().zip(&mut it.asked) {
                *most = (*most).max(std::mem::take(asked));
            }
        }
        std::array::from_fn(|sort| match self.limits[sort] {
            Some(limit) => 100.0 * most[sort] as f64 / (limit.0 * seconds),
            None => 0.0,
        })
    }
}

impl Partition {
    fn new(node: u32, limits: [Option<Rate>; SORTS], burst: f64) -> Partition {
        let tokens = limits.map(|limit| {
            let rate = limit.map_or(0.0, |limit| limit.0);
            Bucket::new(rate, (rate * burst).max(1.0))
        });
        Partition { node, tokens, asked: [0; SORTS], hot: None, refused: false }
    }
}

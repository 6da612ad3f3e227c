//! One partition: what it takes, and how hot it is. In: units that are asked for. Out: whether it takes them; what is asked for most.

use super::deed::{HALVES, SORTS};
use super::item::{Item, NO_ITEM, Placed};
use crate::engine::bucket::Bucket;

/// One partition.
#[derive(Clone, Debug)]
pub(super) struct Partition {
    /// Its place in the tree; none of an item that has one of its own.
    pub node: Option<u32>,
    /// How often the keys of the start were halved to come to its own.
    pub depth: u32,
    tokens: [Bucket; SORTS],
    /// Halves of units that requests asked of it in this row, each once.
    pub asked: [u64; SORTS],
    /// Since it began to throttle, while it goes on.
    pub heat: Option<Heat>,
}

/// A partition that throttles requests.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heat {
    pub since: u64,
    /// Whether it has throttled one in this window.
    pub goes_on: bool,
    /// The item that is asked for more often than all others together, if one is: the candidate of a majority vote, and its votes.
    candidate: Item,
    votes: u64,
    /// In this window: requests for the candidate since it is that, and all.
    of_candidate: u64,
    all: u64,
}

impl Partition {
    /// Each takes in a second what it takes a second.
    pub fn new(node: u32, limits: [f64; SORTS]) -> Partition {
        let tokens = limits.map(|units| Bucket::new(HALVES * units, (HALVES * units).max(HALVES)));
        Partition { node: Some(node), depth: 0, tokens, asked: [0; SORTS], heat: None }
    }

    /// One that takes as much, with what is left of this one.
    pub fn like(&self, node: Option<u32>, depth: u32) -> Partition {
        Partition { node, depth, tokens: self.tokens, asked: [0; SORTS], heat: None }
    }

    pub fn has(&self, sort: usize, halves: f64, now: u64) -> bool {
        self.tokens[sort].has(halves, now)
    }

    pub fn take(&mut self, sort: usize, halves: f64, now: u64) {
        self.tokens[sort].owe(halves, now);
    }

    /// A request came for an item while it is hot.
    pub fn notice(&mut self, placed: Placed) {
        let Some(heat) = &mut self.heat else { return };
        heat.all += 1;
        if placed.item == heat.candidate {
            (heat.votes, heat.of_candidate) = (heat.votes + 1, heat.of_candidate + 1);
        } else if heat.votes == 0 {
            (heat.candidate, heat.votes, heat.of_candidate) = (placed.item, 1, 1);
        } else {
            heat.votes -= 1;
        }
    }

    /// It has throttled a request; returns whether that was the first one for long.
    pub fn throttled(&mut self, now: u64) -> bool {
        match &mut self.heat {
            Some(heat) => {
                heat.goes_on = true;
                false
            }
            None => {
                let heat =
                    Heat { since: now, goes_on: true, candidate: NO_ITEM, votes: 0, of_candidate: 0, all: 0 };
                self.heat = Some(heat);
                true
            }
        }
    }
}

impl Heat {
    /// A window ends: the next one begins.
    pub fn next_window(&mut self) {
        (self.goes_on, self.of_candidate, self.all) = (false, 0, 0);
    }

    /// The item for which more than half of the requests of this window were.
    pub fn hottest(&self) -> Option<Item> {
        (self.candidate != NO_ITEM && 2 * self.of_candidate > self.all).then_some(self.candidate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hottest(keys: &[u32]) -> Option<u32> {
        let mut partition = Partition::new(0, [1.0; SORTS]);
        assert!(partition.throttled(5) && !partition.throttled(6));
        keys.iter().for_each(|key| partition.notice(Placed::of_key(0, *key)));
        partition.heat.unwrap().hottest().map(|item| item.key)
    }

    #[test]
    fn an_item_is_the_hottest_by_more_than_half_of_the_requests() {
        assert_eq!(hottest(&[1, 2, 1, 3, 1]), Some(1));
        assert_eq!(hottest(&[1, 2, 1, 2]), None);
        assert_eq!(hottest(&[]), None);
        // Any item is none that could have a partition of its own.
        let mut partition = Partition::new(0, [1.0; SORTS]);
        partition.throttled(0);
        (0..9).for_each(|bits| partition.notice(Placed::any(bits)));
        assert_eq!(partition.heat.unwrap().hottest(), None);
    }
}

//! Choosing a target: round robin, least outstanding requests, random, two choices, by weight.
//!
//! In: which targets are eligible and how many requests each has outstanding. Out: a target. Least outstanding keeps
//! a bitmap of targets for every number of outstanding requests: counting zeros twice finds the answer, and the cost
//! does not depend on the number of targets (a priority queue took three times as long).

use super::language::{Routing, Ties};
use super::weights::Weights;
use crate::dist::below;
use crate::engine::turns::Turns;
use crate::rng::Stream;

/// The targets of one group.
#[derive(Debug)]
pub struct Picker {
    routing: Routing,
    ties: Ties,
    loads: Vec<Load>,
    /// Eligible targets.
    ring: Turns,
    /// Ties are broken in order from this target on.
    cursor: u32,
    levels: Levels,
    /// With weighted random.
    pub(super) weights: Weights,
    stream: Stream,
}

/// The state of a target.
#[derive(Clone, Copy, Debug, Default)]
struct Load {
    outstanding: u32,
    eligible: bool,
}

impl Picker {
    /// No targets yet.
    pub fn new(routing: Routing, ties: Ties, stream: Stream) -> Self {
        let (loads, ring) = (Vec::new(), Turns::default());
        Picker {
            routing,
            ties,
            loads,
            ring,
            cursor: 0,
            levels: Levels::default(),
            weights: Weights::default(),
            stream,
        }
    }

    /// Makes a target eligible or not.
    pub fn set_eligible(&mut self, target: u32, eligible: bool) {
        let index = target as usize;
        if index >= self.loads.len() {
            self.loads.resize(index + 1, Load::default());
        }
        if self.loads[index].eligible == eligible {
            return;
        }
        self.loads[index].eligible = eligible;
        match eligible {
            true => self.ring.insert(target),
            false => self.ring.remove(target),
        }
        if self.routing == Routing::LeastOutstandingRequests {
            self.levels.toggle(target, self.loads[index].outstanding);
        }
        self.weigh();
    }

    /// Weights have changed, or the targets that have them.
    pub(super) fn weigh(&mut self) {
        if self.routing == Routing::WeightedRandom {
            self.weights.among(self.ring.members());
        }
    }

    /// Picks a target and counts the request as outstanding there.
    #[inline(always)]
    pub fn pick(&mut self) -> Option<u32> {
        if self.ring.members().is_empty() {
            return None;
        }
        let target = match (self.routing, self.ties) {
            (Routing::LeastOutstandingRequests, Ties::First) => self.levels.raise_lowest()?,
            _ => self.pick_otherwise()?,
        };
        self.loads[target as usize].outstanding += 1;
        Some(target)
    }

    #[inline(never)]
    fn pick_otherwise(&mut self) -> Option<u32> {
        match self.routing {
            Routing::LeastOutstandingRequests => Some(self.break_tie()),
            Routing::RoundRobin => self.ring.take(),
            Routing::Random => Some(self.any()),
            Routing::TwoChoices => Some(self.two_choices()),
            Routing::WeightedRandom => Some(self.by_weight()),
        }
    }

    /// A request of a target was answered or has failed.
    #[inline(always)]
    pub fn answered(&mut self, target: u32) {
        let load = &mut self.loads[target as usize];
        load.outstanding -= 1;
        if load.eligible && self.routing == Routing::LeastOutstandingRequests {
            self.levels.lower(target, load.outstanding);
        }
    }

    /// One of the targets with the fewest outstanding requests; there must be at least one.
    fn break_tie(&mut self) -> u32 {
        let target = match self.ties {
            Ties::Random => {
                let among = self.levels.ties();
                self.levels.nth(below(&mut self.stream, among) as u32)
            }
            _ => self.levels.next_from(self.cursor).or_else(|| self.levels.next_from(0)),
        };
        let target = target.unwrap_or(self.ring.members()[0]);
        self.cursor = target + 1;
        self.levels.raise(target);
        target
    }

    fn any(&mut self) -> u32 {
        let ring = self.ring.members();
        ring[below(&mut self.stream, ring.len() as u64) as usize]
    }

    fn by_weight(&mut self) -> u32 {
        let target = self.weights.draw(self.ring.members(), &mut self.stream);
        self.weights.sent(target);
        target
    }

    fn two_choices(&mut self) -> u32 {
        let ring = self.ring.members();
        let first = below(&mut self.stream, ring.len() as u64) as usize;
        if ring.len() == 1 {
            return ring[first];
        }
        let second = below(&mut self.stream, ring.len() as u64 - 1) as usize;
        let second = second + usize::from(second >= first);
        let (first, second) = (ring[first], ring[second]);
        let outstanding = |target: u32| self.loads[target as usize].outstanding;
        if outstanding(second) < outstanding(first) { second } else { first }
    }
}

/// For each number of outstanding requests, the eligible targets with that number: a row of words, of which the first
/// is the count of targets and the others are a bitmap.
#[derive(Debug)]
struct Levels {
    words: Vec<u64>,
    /// Words of a row.
    width: usize,
    /// The lowest level that has targets; beyond the last level if none has.
    lowest: usize,
}

impl Default for Levels {
    fn default() -> Self {
        Levels { words: Vec::new(), width: 1, lowest: 0 }
    }
}

impl Levels {
    /// Adds a target to a level, or removes it.
    fn toggle(&mut self, target: u32, level: u32) {
        let (level, word, bit) = (level as usize, 1 + target as usize / 64, 1 << (target % 64));
        if word >= self.width || (level + 1) * self.width > self.words.len() {
            self.grow(word + 1, level + 1);
        }
        let row = &mut self.words[level * self.width..(level + 1) * self.width];
        row[word] ^= bit;
        if row[word] & bit != 0 {
            row[0] += 1;
            self.lowest = self.lowest.min(level);
        } else {
            row[0] -= 1;
            while self.words.get(self.lowest * self.width).is_some_and(|&size| size == 0) {
                self.lowest += 1;
            }
        }
    }

    /// A level and the one above it, which must exist.
    #[inline]
    fn two(&mut self, level: usize) -> (&mut [u64], &mut [u64]) {
        let width = self.width;
        self.words[level * width..(level + 2) * width].split_at_mut(width)
    }

    /// Moves the lowest-numbered target of the lowest level one level up and returns it.
    #[inline]
    fn raise_lowest(&mut self) -> Option<u32> {
        let (width, first) = (self.width, self.lowest * self.width);
        if first + 2 * width > self.words.len() {
            self.grow(width, self.lowest + 2);
        }
        let (row, above) = self.words[first..first + 2 * width].split_at_mut(width);
        let word = 1 + row[1..].iter().position(|&bits| bits != 0)?;
        let bit = row[word] & row[word].wrapping_neg();
        row[word] ^= bit;
        above[word] |= bit;
        row[0] -= 1;
        above[0] += 1;
        self.lowest += usize::from(row[0] == 0);
        Some((word as u32 - 1) * 64 + bit.trailing_zeros())
    }

    /// Number of targets of the lowest level.
    fn ties(&self) -> u64 {
        self.words[self.lowest * self.width]
    }

    /// The targets of the lowest level, a word of 64 at a time.
    fn fewest(&self) -> &[u64] {
        &self.words[self.lowest * self.width..][1..self.width]
    }

    /// The target at position `n` of the lowest level.
    fn nth(&self, mut n: u32) -> Option<u32> {
        for (word, &bits) in self.fewest().iter().enumerate() {
            if n < bits.count_ones() {
                let rest = (0..n).fold(bits, |bits, _| bits & (bits - 1));
                return Some(word as u32 * 64 + rest.trailing_zeros());
            }
            n -= bits.count_ones();
        }
        None
    }

    /// The first target of the lowest level that is numbered `from` or higher.
    #[inline]
    fn next_from(&self, from: u32) -> Option<u32> {
        let first = from as usize / 64;
        self.fewest().iter().enumerate().skip(first).find_map(|(word, &bits)| {
            let bits = if word == first { bits & (u64::MAX << (from % 64)) } else { bits };
            (bits != 0).then(|| word as u32 * 64 + bits.trailing_zeros())
        })
    }

    /// Moves a target of the lowest level one level up.
    #[inline]
    fn raise(&mut self, target: u32) {
        let (word, bit) = (1 + target as usize / 64, 1 << (target % 64));
        if (self.lowest + 2) * self.width > self.words.len() {
            self.grow(self.width, self.lowest + 2);
        }
        let (row, above) = self.two(self.lowest);
        row[word] ^= bit;
        above[word] |= bit;
        row[0] -= 1;
        above[0] += 1;
        let emptied = row[0] == 0;
        self.lowest += usize::from(emptied);
    }

    /// Moves a target down to a level from the one above.
    #[inline]
    fn lower(&mut self, target: u32, level: u32) {
        let (word, bit) = (1 + target as usize / 64, 1 << (target % 64));
        let (row, above) = self.two(level as usize);
        row[word] |= bit;
        above[word] ^= bit;
        row[0] += 1;
        above[0] -= 1;
        self.lowest = self.lowest.min(level as usize);
    }

    #[cold]
    fn grow(&mut self, width: usize, levels: usize) {
        let width = width.max(self.width);
        let levels = levels.next_power_of_two().max(self.words.len() / self.width);
        let mut words = vec![0; width * levels];
        for (old, new) in self.words.chunks(self.width).zip(words.chunks_mut(width)) {
            new[..old.len()].copy_from_slice(old);
        }
        *self = Levels { words, width, lowest: self.lowest };
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a statistic of a test, which is no simulated number")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rng::stream;

    fn picker(routing: Routing, targets: u32) -> Picker {
        tied_picker(routing, Ties::First, targets)
    }

    fn tied_picker(routing: Routing, ties: Ties, targets: u32) -> Picker {
        let mut picker = Picker::new(routing, ties, stream(1, "test"));
        (0..targets).for_each(|target| picker.set_eligible(target, true));
        picker
    }

    #[test]
    fn round_robin_takes_each_in_turn() {
        let mut picker = picker(Routing::RoundRobin, 3);
        let picks: Vec<_> = (0..6).filter_map(|_| picker.pick()).collect();
        assert_eq!(picks, [0, 1, 2, 0, 1, 2]);
    }

    #[test]
    fn nobody_is_picked_when_nobody_is_eligible() {
        for routing in
            [Routing::RoundRobin, Routing::LeastOutstandingRequests, Routing::Random, Routing::TwoChoices]
        {
            let mut picker = picker(routing, 1);
            picker.set_eligible(0, false);
            assert_eq!(picker.pick(), None);
        }
    }

    #[test]
    fn ties_go_to_each_in_turn() {
        let mut picker = tied_picker(Routing::LeastOutstandingRequests, Ties::InTurn, 130);
        let picks: Vec<_> = (0..130).filter_map(|_| picker.pick()).collect();
        assert_eq!(picks, (0..130).collect::<Vec<_>>());
        [3, 99, 70].into_iter().for_each(|target| picker.answered(target));
        assert_eq!([picker.pick(), picker.pick()], [Some(3), Some(70)]);
        picker.answered(3);
        assert_eq!([picker.pick(), picker.pick(), picker.pick()], [Some(99), Some(3), Some(4)]);
    }

    #[test]
    fn random_ties_go_to_all_alike() {
        let mut counts = [0u32; 100];
        let mut picker = tied_picker(Routing::LeastOutstandingRequests, Ties::Random, 100);
        for _ in 0..10_000 {
            let target = picker.pick().unwrap();
            counts[target as usize] += 1;
            picker.answered(target);
        }
        // Pearson's statistic with 99 degrees of freedom: 160 is its 99.99 % quantile.
        let distance: f64 = counts.iter().map(|&count| (f64::from(count) - 100.0).powi(2) / 100.0).sum();
        assert!(distance < 160.0, "{distance}");
    }

    proptest! {
        /// For any rule of ties.
        #[test]
        fn broken_ties_are_least_as_well(random in any::<bool>(), steps in prop::collection::vec((0u8..4, 0u32..150), 1..500)) {
            let ties = if random { Ties::Random } else { Ties::InTurn };
            let mut picker = tied_picker(Routing::LeastOutstandingRequests, ties, 150);
            let mut outstanding = vec![0u32; 150];
            let mut eligible = [true; 150];
            for (kind, target) in steps {
                match kind {
                    0 => {
                        eligible[target as usize] = !eligible[target as usize];
                        picker.set_eligible(target, eligible[target as usize]);
                    }
                    1 if outstanding[target as usize] > 0 => {
                        outstanding[target as usize] -= 1;
                        picker.answered(target);
                    }
                    _ => {
                        let least = (0..150).filter(|&t| eligible[t]).map(|t| outstanding[t]).min();
                        let pick = picker.pick();
                        prop_assert_eq!(pick.map(|t| (eligible[t as usize], outstanding[t as usize])), least.map(|l| (true, l)));
                        if let Some(pick) = pick {
                            outstanding[pick as usize] += 1;
                        }
                    }
                }
            }
        }

        /// Every pick has the fewest outstanding requests of all eligible targets, and the lowest number among equals.
        #[test]
        fn least_outstanding_is_least(steps in prop::collection::vec((0u8..4, 0u32..150), 1..500)) {
            let mut picker = picker(Routing::LeastOutstandingRequests, 150);
            let mut outstanding = vec![0u32; 150];
            let mut eligible = [true; 150];
            for (kind, target) in steps {
                match kind {
                    0 => {
                        eligible[target as usize] = !eligible[target as usize];
                        picker.set_eligible(target, eligible[target as usize]);
                    }
                    1 if outstanding[target as usize] > 0 => {
                        outstanding[target as usize] -= 1;
                        picker.answered(target);
                    }
                    _ => {
                        let best = (0..150u32).filter(|&t| eligible[t as usize]).min_by_key(|&t| outstanding[t as usize]);
                        prop_assert_eq!(picker.pick(), best);
                        if let Some(best) = best {
                            outstanding[best as usize] += 1;
                        }
                    }
                }
            }
        }
    }
}

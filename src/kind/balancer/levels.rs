//! Targets by their number of outstanding requests.
//!
//! In: requests that come and end. Out: a target with the fewest. It keeps a bitmap of targets for every number: counting zeros twice
//! finds the answer, and the cost does not depend on the number of targets (a priority queue took three times as long).

/// For each number of outstanding requests, the eligible targets with that number: a row of words, in which each target has a bit.
#[derive(Debug)]
pub(super) struct Levels {
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
    pub fn toggle(&mut self, target: u32, level: u32) {
        let (level, word, bit) = (level as usize, word_of(target), bit_of(target));
        if word >= self.width || (level + 1) * self.width > self.words.len() {
            self.grow(word + 1, level + 1);
        }
        let at = level * self.width + word;
        self.words[at] ^= bit;
        if self.words[at] & bit != 0 {
            self.lowest = self.lowest.min(level);
        } else {
            while self.row(self.lowest).is_some_and(is_empty) {
                self.lowest += 1;
            }
        }
    }

    /// The targets of a level, a word of 64 at a time; nothing beyond the last level.
    #[inline]
    fn row(&self, level: usize) -> Option<&[u64]> {
        self.words.get(level * self.width..(level + 1) * self.width)
    }

    /// Moves the lowest-numbered target of the lowest level one level up and returns it. With few targets, once for each request, a row
    /// is one word, nothing is looked for, and whether the level is empty then, which cannot be predicted, is no branch.
    // A call of its own costs 1 % of all instructions.
    #[inline(always)]
    pub fn raise_lowest(&mut self) -> Option<u32> {
        if self.width > 1 {
            return self.raise_lowest_of_many();
        }
        if self.lowest + 2 > self.words.len() {
            self.grow(1, self.lowest + 2);
        }
        let [row, above] = &mut self.words[self.lowest..self.lowest + 2] else { return None };
        let bits = *row;
        if bits == 0 {
            return None;
        }
        *row = bits & (bits - 1);
        *above |= bits ^ *row;
        self.lowest += usize::from(*row == 0);
        Some(bits.trailing_zeros())
    }

    #[inline(never)]
    fn raise_lowest_of_many(&mut self) -> Option<u32> {
        let target = self.next_from(0)?;
        self.raise(target);
        Some(target)
    }

    /// Number of targets of the lowest level.
    pub fn ties(&self) -> u64 {
        self.fewest().iter().map(|bits| u64::from(bits.count_ones())).sum()
    }

    /// The targets of the lowest level.
    #[inline]
    fn fewest(&self) -> &[u64] {
        self.row(self.lowest).unwrap_or_default()
    }

    /// The target at position `n` of the lowest level.
    pub fn nth(&self, mut n: u32) -> Option<u32> {
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
    pub fn next_from(&self, from: u32) -> Option<u32> {
        let first = word_of(from);
        self.fewest().iter().enumerate().skip(first).find_map(|(word, &bits)| {
            let bits = if word == first { bits & (u64::MAX << (from % 64)) } else { bits };
            (bits != 0).then(|| word as u32 * 64 + bits.trailing_zeros())
        })
    }

    /// Moves a target of the lowest level one level up.
    pub fn raise(&mut self, target: u32) {
        let (width, bit) = (self.width, bit_of(target));
        let at = self.lowest * width + word_of(target);
        if at + width >= self.words.len() {
            self.grow(width, self.lowest + 2);
        }
        self.words[at + width] |= bit;
        self.words[at] ^= bit;
        if self.words[at] == 0 && self.row(self.lowest).is_some_and(is_empty) {
            self.lowest += 1;
        }
    }

    /// Moves a target down to a level from the one above.
    #[inline]
    pub fn lower(&mut self, target: u32, level: u32) {
        let (level, bit) = (level as usize, bit_of(target));
        let at = level * self.width + word_of(target);
        self.words[at + self.width] ^= bit;
        self.words[at] |= bit;
        self.lowest = self.lowest.min(level);
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

fn word_of(target: u32) -> usize {
    target as usize / 64
}

fn bit_of(target: u32) -> u64 {
    1 << (target % 64)
}

fn is_empty(row: &[u64]) -> bool {
    row.iter().all(|bits| *bits == 0)
}

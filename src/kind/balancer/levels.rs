//! Targets by their number of outstanding requests.
//!
//! In: requests that come and end. Out: a target with the fewest. It keeps a bitmap of targets for every number: counting zeros twice
//! finds the answer, and the cost does not depend on the number of targets (a priority queue took three times as long).

/// For each number of outstanding requests, the eligible targets with that number: a row of words, of which the first
/// is the count of targets and the others are a bitmap.
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
    // Once for each request: a call of its own costs 1 % of all instructions.
    #[inline(always)]
    pub fn raise_lowest(&mut self) -> Option<u32> {
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
    pub fn ties(&self) -> u64 {
        self.words[self.lowest * self.width]
    }

    /// The targets of the lowest level, a word of 64 at a time.
    fn fewest(&self) -> &[u64] {
        &self.words[self.lowest * self.width..][1..self.width]
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
        let first = from as usize / 64;
        self.fewest().iter().enumerate().skip(first).find_map(|(word, &bits)| {
            let bits = if word == first { bits & (u64::MAX << (from % 64)) } else { bits };
            (bits != 0).then(|| word as u32 * 64 + bits.trailing_zeros())
        })
    }

    /// Moves a target of the lowest level one level up.
    #[inline]
    pub fn raise(&mut self, target: u32) {
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
    pub fn lower(&mut self, target: u32, level: u32) {
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

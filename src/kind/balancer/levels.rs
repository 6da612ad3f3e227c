//! Targets by their number of outstanding requests.
//!
//! In: requests that come and end. Out: a target with the fewest. It keeps a bitmap of targets for every number: counting zeros
//! finds the answer, and the cost hardly depends on the number of targets (a priority queue took three times as long).

/// For each number of outstanding requests, the eligible targets with that number: a row of words, in which each target has a bit.
#[derive(Debug)]
pub(super) struct Levels {
    words: Vec<u64>,
    /// Words of a row.
    width: usize,
    /// How many targets each row has, kept where a row has several words: one word says by itself whether it has some.
    sizes: Vec<u32>,
    /// The lowest level that has targets; beyond the last level if none has.
    lowest: usize,
}

impl Default for Levels {
    fn default() -> Self {
        Levels { words: Vec::new(), width: 1, sizes: Vec::new(), lowest: 0 }
    }
}

impl Levels {
    /// Adds a target to a level, or removes it.
    pub fn toggle(&mut self, target: u32, level: u32) {
        let level = level as usize;
        let (word, bit) = place_of(target);
        if word >= self.width || (level + 1) * self.width > self.words.len() {
            self.grow(word + 1, level + 1);
        }
        if self.words[level * self.width + word] & bit == 0 {
            self.add(target, level);
            self.lowest = self.lowest.min(level);
        } else {
            self.remove(target, level);
            while self.lowest * self.width < self.words.len() && self.is_empty(self.lowest) {
                self.lowest += 1;
            }
        }
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
        let row = self.fewest();
        let word = row.iter().position(|bits| *bits != 0)?;
        let target = 64 * word as u32 + row[word].trailing_zeros();
        self.raise(target);
        Some(target)
    }

    /// Number of targets of the lowest level.
    pub fn ties(&self) -> u64 {
        self.fewest().iter().map(|bits| u64::from(bits.count_ones())).sum()
    }

    /// The targets of the lowest level, a word of 64 at a time.
    fn fewest(&self) -> &[u64] {
        &self.words[self.lowest * self.width..][..self.width]
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
        if (self.lowest + 2) * self.width > self.words.len() {
            self.grow(self.width, self.lowest + 2);
        }
        self.add(target, self.lowest + 1);
        self.remove(target, self.lowest);
        self.lowest += usize::from(self.is_empty(self.lowest));
    }

    /// Moves a target down to a level from the one above. With few targets this is written out, as in [`Levels::raise_lowest`].
    #[inline]
    pub fn lower(&mut self, target: u32, level: u32) {
        let level = level as usize;
        self.lowest = self.lowest.min(level);
        if self.width > 1 {
            self.remove(target, level + 1);
            self.add(target, level);
        } else if let [row, above] = &mut self.words[level..level + 2] {
            let (_, bit) = place_of(target);
            *row |= bit;
            *above ^= bit;
        }
    }

    /// Adds a target to a level, which has not been there.
    fn add(&mut self, target: u32, level: usize) {
        let (word, bit) = place_of(target);
        self.words[level * self.width + word] |= bit;
        if self.width > 1 {
            self.sizes[level] += 1;
        }
    }

    /// Removes a target from a level, which has been there.
    fn remove(&mut self, target: u32, level: usize) {
        let (word, bit) = place_of(target);
        self.words[level * self.width + word] ^= bit;
        if self.width > 1 {
            self.sizes[level] -= 1;
        }
    }

    /// Whether a level, which must exist, has no target.
    fn is_empty(&self, level: usize) -> bool {
        match self.width {
            1 => self.words[level] == 0,
            _ => self.sizes[level] == 0,
        }
    }

    #[cold]
    fn grow(&mut self, width: usize, levels: usize) {
        let width = width.max(self.width);
        let levels = levels.next_power_of_two().max(self.words.len() / self.width);
        let mut words = vec![0; width * levels];
        for (old, new) in self.words.chunks(self.width).zip(words.chunks_mut(width)) {
            new[..old.len()].copy_from_slice(old);
        }
        let sizes = words.chunks(width).map(|row| row.iter().map(|bits| bits.count_ones()).sum());
        *self = Levels { sizes: sizes.collect(), words, width, lowest: self.lowest };
    }
}

/// The word of a target in a row, and its bit there.
#[inline(always)]
fn place_of(target: u32) -> (usize, u64) {
    (target as usize / 64, 1 << (target % 64))
}

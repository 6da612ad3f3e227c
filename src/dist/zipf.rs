//! Zipf's law over a population of any size from tables of a few kilobytes.
//!
//! In: how many ranks, and the exponent. Out: ranks, 0 the most popular, with exactly the probabilities of the
//! law. Ranks are grouped in blocks over which the popularity falls by a few percent. A block is drawn from an
//! alias table by the popularity of its first rank, a rank evenly inside it, and the rank is accepted with its own
//! popularity relative to that of the first. Nearly every draw is accepted without computing a power.

use std::hint::select_unpredictable;

use rand::Rng;

use crate::rng::Stream;

/// Number of the first ranks that each have a block of their own.
const SINGLES: u32 = 256;
/// Lower bound on the popularity of the last rank of a block, relative to that of its first.
const FALL: f64 = 0.97;

/// Ranks whose popularity is added up one by one; beyond, an integral is exact enough.
const ADDED_UP: u32 = 10_000;

/// Part of all draws that are of the first rank.
pub fn share_of_first(count: u32, exponent: f64) -> f64 {
    let added = (1..=count.clamp(1, ADDED_UP)).map(|rank| libm::pow(f64::from(rank), -exponent)).sum::<f64>();
    let rest = match count > ADDED_UP {
        true => {
            let (from, to) = (f64::from(ADDED_UP) + 0.5, f64::from(count) + 0.5);
            let power = 1.0 - exponent;
            match power.abs() < 1e-9 {
                true => libm::log(to / from),
                false => (libm::pow(to, power) - libm::pow(from, power)) / power,
            }
        }
        false => 0.0,
    };
    1.0 / (added + rest)
}

/// The law.
#[derive(Clone, Debug)]
pub struct Zipf {
    exponent: f64,
    blocks: Vec<Block>,
}

#[derive(Clone, Copy, Debug)]
struct Block {
    /// First rank, counted from 1, and number of ranks.
    first: u32,
    ranks: u32,
    /// Share of this column of the alias table that stands for this block; the rest stands for the other block.
    share: f64,
    other: u32,
    /// A draw below this is accepted without computing the popularity of the rank.
    sure: f64,
}

impl Zipf {
    /// The law over `count` ranks: popularity of the k-th is proportional to 1/k^exponent.
    pub fn new(count: u32, exponent: f64) -> Self {
        let mut blocks = Vec::new();
        let mut weights = Vec::new();
        let mut first = 1u32;
        let growth = libm::pow(1.0 / FALL, 1.0 / exponent.max(1e-9));
        while first <= count {
            let last = match first <= SINGLES {
                true => first,
                false => (f64::from(first) * growth).min(f64::from(count)).max(f64::from(first)) as u32,
            };
            let ranks = last - first + 1;
            let sure = libm::pow(f64::from(first) / f64::from(last), exponent);
            blocks.push(Block { first, ranks, share: 1.0, other: 0, sure });
            weights.push(f64::from(ranks) * libm::pow(f64::from(first), -exponent));
            match last.checked_add(1) {
                Some(next) => first = next,
                None => break,
            }
        }
        fill_alias_table(&mut blocks, &weights);
        Zipf { exponent, blocks }
    }

    /// A rank, counted from 0.
    #[inline]
    pub fn draw(&self, rng: &mut Stream) -> u32 {
        loop {
            let (column, fraction) = split(rng.next_u64(), self.blocks.len() as u64);
            let Block { share, other, .. } = self.blocks[column as usize];
            let block =
                &self.blocks[select_unpredictable(fraction >= share, other as usize, column as usize)];
            if block.ranks == 1 {
                return block.first - 1;
            }
            let (offset, chance) = split(rng.next_u64(), u64::from(block.ranks));
            let rank = block.first + offset as u32;
            if chance <= block.sure
                || chance <= libm::pow(f64::from(block.first) / f64::from(rank), self.exponent)
            {
                return rank - 1;
            }
        }
    }
}

/// A uniform number below `n` and, from the bits left over, a uniform fraction.
#[inline]
fn split(bits: u64, n: u64) -> (u64, f64) {
    let product = u128::from(bits) * u128::from(n);
    let fraction = (product as u64 >> 11) as i64 as f64 * (1.0 / (1u64 << 53) as f64);
    ((product >> 64) as u64, fraction)
}

/// Walker's alias method: every column is filled up to the mean by at most one other.
fn fill_alias_table(blocks: &mut [Block], weights: &[f64]) {
    let mean = weights.iter().sum::<f64>() / weights.len() as f64;
    let mut scaled: Vec<f64> = weights.iter().map(|weight| weight / mean).collect();
    let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..blocks.len()).partition(|&i| scaled[i] < 1.0);
    while let (Some(&poor), Some(&rich)) = (small.last(), large.last()) {
        small.pop();
        blocks[poor].share = scaled[poor];
        blocks[poor].other = rich as u32;
        scaled[rich] -= 1.0 - scaled[poor];
        if scaled[rich] < 1.0 {
            large.pop();
            small.push(rich);
        }
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a statistic of a test, which is no simulated number")]
mod tests {
    use super::*;
    use crate::rng::stream;

    /// Compares Pearson's statistic over ranks, in groups of equal expectation, with its 99.99 % quantile.
    fn fits(count: u32, exponent: f64) {
        const DRAWS: u32 = 400_000;
        const GROUPS: usize = 50;
        let law = Zipf::new(count, exponent);
        let mut rng = stream(5, "zipf");
        let popularity: Vec<f64> = (1..=count).map(|rank| libm::pow(f64::from(rank), -exponent)).collect();
        let total: f64 = popularity.iter().sum();
        let mut group_of = vec![0; count as usize];
        let (mut sum, mut expected) = (0.0, vec![0.0; GROUPS]);
        for (rank, share) in popularity.iter().enumerate() {
            group_of[rank] = ((sum / total * GROUPS as f64) as usize).min(GROUPS - 1);
            expected[group_of[rank]] += f64::from(DRAWS) * share / total;
            sum += share;
        }
        let mut found = [0u32; GROUPS];
        (0..DRAWS).for_each(|_| found[group_of[law.draw(&mut rng) as usize]] += 1);
        let filled = expected.iter().filter(|&&expected| expected > 0.0).count();
        let statistic: f64 = found
            .iter()
            .zip(&expected)
            .filter(|(_, expected)| **expected > 0.0)
            .map(|(&found, expected)| (f64::from(found) - expected).powi(2) / expected)
            .sum();
        // Wilson and Hilferty's approximation of the chi-squared quantile; z = 3.72 is 99.99 %.
        let freedom = (filled - 1) as f64;
        let quantile =
            freedom * (1.0 - 2.0 / (9.0 * freedom) + 3.72 * (2.0 / (9.0 * freedom)).sqrt()).powi(3);
        assert!(statistic < quantile, "{count} ranks, exponent {exponent}: {statistic} above {quantile}");
    }

    #[test]
    fn ranks_come_as_often_as_the_law_says() {
        fits(100, 0.9);
        fits(10_000, 0.9);
        fits(1_000_000, 0.7);
        fits(100_000, 1.2);
        fits(5_000, 0.1);
    }

    #[test]
    fn a_population_of_one_has_one_rank() {
        let law = Zipf::new(1, 0.9);
        assert_eq!(law.draw(&mut stream(1, "one")), 0);
    }
}

//! Latencies of each row of a class for its chart. In: latencies. Out: percentiles row by row, to within two percent.
//!
//! Where a verdict hangs on a row, it has a whole [`Histogram`](super::histogram::Histogram). To empty and to pack one for each class and
//! row would cost more than the requests of a row, and no eye sees the difference.

use super::octaves::{begin_of, bin_of};

/// An octave has 32 bins: a bin is at most 1/32 of its values wide.
const BITS: u32 = 5;

/// The rows of one class.
#[derive(Clone, Debug, Default)]
pub struct CoarseRows {
    /// The row being filled.
    bins: Vec<u32>,
    first: usize,
    /// The bins in use of each row so far, and how many values are in each.
    rows: Vec<Vec<(u32, u32)>>,
}

impl CoarseRows {
    /// Apart from the code of every request: a scenario of one class does not need it.
    #[inline(never)]
    pub(super) fn record(&mut self, nanos: u64) {
        let bin = bin_of::<BITS>(nanos);
        if self.bins.len() <= bin {
            self.bins.resize((bin + 1).next_multiple_of(1 << BITS), 0);
        }
        self.bins[bin] += 1;
        self.first = self.first.min(bin);
    }

    pub(super) fn end_row(&mut self) {
        let from = self.first.min(self.bins.len());
        let used = self.bins[from..].iter().zip(from as u32..).filter(|(count, _)| **count > 0);
        self.rows.push(used.map(|(count, bin)| (bin, *count)).collect());
        self.bins[from..].fill(0);
        self.first = self.bins.len();
    }

    /// Adds another run.
    pub(super) fn add(&mut self, other: &CoarseRows) {
        for (row, more) in self.rows.iter_mut().zip(&other.rows) {
            row.extend(more);
            row.sort_unstable();
            row.dedup_by(|next, sum| {
                let same = next.0 == sum.0;
                sum.1 += if same { next.1 } else { 0 };
                same
            });
        }
    }

    /// A percentile of each row in nanoseconds, by nearest rank; `None` where there was no value.
    pub fn quantiles(&self, quantile: f64) -> Vec<Option<f64>> {
        let of_row = |row: &Vec<(u32, u32)>| {
            let count: u64 = row.iter().map(|(_, count)| u64::from(*count)).sum();
            let rank = ((quantile * count as f64).ceil() as u64).max(1);
            let mut below = 0;
            let found = row.iter().find(|(_, count)| {
                below += u64::from(*count);
                below >= rank
            });
            found.map(|(bin, _)| middle_of(*bin as usize))
        };
        self.rows.iter().map(of_row).collect()
    }
}

fn middle_of(bin: usize) -> f64 {
    (begin_of::<BITS>(bin) + begin_of::<BITS>(bin + 1)) as f64 / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_a_bin_is_within_two_percent_of_its_values() {
        for nanos in (10..60).flat_map(|bit| [1u64 << bit, (1 << bit) + (1 << (bit - 6)), (2 << bit) - 1]) {
            let off = (middle_of(bin_of::<BITS>(nanos)) / nanos as f64 - 1.0).abs();
            assert!(off <= 0.016, "{nanos}: {off}");
        }
    }

    /// 99 times 10 ms and one time 1 s; an empty row; then the same of another run, which has 101 times 1 s.
    #[test]
    fn rows_are_apart_and_runs_add_up() {
        let of = |rows: &[&[(u64, u32)]]| {
            let mut found = CoarseRows::default();
            for row in rows {
                for (millis, times) in *row {
                    (0..*times).for_each(|_| found.record(millis * 1_000_000));
                }
                found.end_row();
            }
            found
        };
        let near = |found: Option<f64>, millis: f64| (found.unwrap() / (millis * 1e6) - 1.0).abs() < 0.016;
        let mut one = of(&[&[(10, 99), (1_000, 1)], &[], &[(50, 3)]]);
        let (p50, p99) = (one.quantiles(0.5), one.quantiles(0.99));
        assert!(near(p50[0], 10.0) && near(p99[0], 10.0) && near(p50[2], 50.0));
        assert_eq!(p50[1], None);
        assert!(near(one.quantiles(1.0)[0], 1_000.0));
        one.add(&of(&[&[(1_000, 101)], &[(20, 1)], &[]]));
        assert!(near(one.quantiles(0.5)[0], 1_000.0) && near(one.quantiles(0.49)[0], 10.0));
        assert!(near(one.quantiles(0.5)[1], 20.0) && near(one.quantiles(0.5)[2], 50.0));
    }
}

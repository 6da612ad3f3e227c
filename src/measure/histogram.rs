//! Latencies of every request in a high dynamic range histogram, with an exact count, mean and maximum.
//!
//! Percentiles are by nearest rank: the q-quantile of n values is the ⌈q·n⌉-th smallest. Three significant
//! digits are kept, and the middle of the bin is returned, so a percentile is off by at most 0.05 %.

mod packed;

use hdrhistogram::Histogram as Hdr;

pub use packed::Packed;

/// What a percentile may be off by, over its value.
pub const ROUNDING: f64 = 0.0005;
/// Finest step, nanoseconds.
const LOWEST: u64 = 64;
/// Values above are counted here (a day); the maximum stays exact.
const HIGHEST: u64 = 86_400_000_000_000;

/// A histogram of nanoseconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    bins: Hdr<u64>,
    sum: u128,
    max: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        let bins = Hdr::new_with_bounds(LOWEST, HIGHEST, 3).expect("the bounds are constants in range");
        Histogram { bins, sum: 0, max: 0 }
    }
}

impl Histogram {
    /// Adds a value.
    #[inline]
    pub fn record(&mut self, nanos: u64) {
        self.bins.saturating_record(nanos);
        self.sum += u128::from(nanos);
        self.max = self.max.max(nanos);
    }

    /// Adds all values of another histogram.
    pub fn merge(&mut self, other: &Histogram) {
        self.bins.add(&other.bins).expect("all histograms have the same bounds");
        self.sum += other.sum;
        self.max = self.max.max(other.max);
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.bins.reset();
        self.sum = 0;
        self.max = 0;
    }

    /// Number of values.
    pub fn count(&self) -> u64 {
        self.bins.len()
    }

    /// Arithmetic mean in nanoseconds; 0 without values.
    pub fn mean(&self) -> f64 {
        self.sum as f64 / self.count().max(1) as f64
    }

    /// Largest value.
    pub fn max(&self) -> u64 {
        self.max
    }

    /// A quantile in nanoseconds, 1 being the maximum; `None` without values.
    pub fn quantile(&self, quantile: f64) -> Option<u64> {
        if self.count() == 0 {
            return None;
        }
        if quantile >= 1.0 {
            return Some(self.max);
        }
        let bin = self.bins.value_at_quantile(quantile);
        if bin < LOWEST {
            return Some(0); // most of them are waits of nothing
        }
        Some(self.bins.median_equivalent(bin).min(self.max))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let mut histogram = Histogram::default();
        for micros in 1..=1_000u64 {
            histogram.record(micros * 1_000);
        }
        for (quantile, micros) in [(0.5, 500.0), (0.95, 950.0), (0.99, 990.0), (0.999, 999.0), (1.0, 1_000.0)]
        {
            let found = histogram.quantile(quantile).unwrap_or_default() as f64 / 1e3;
            assert!((found / micros - 1.0).abs() <= 0.0005, "{quantile}: {found} instead of {micros}");
        }
        assert_eq!(histogram.mean(), 500_500.0);
    }

    #[test]
    fn merging_adds_distributions() {
        let (mut one, mut two) = (Histogram::default(), Histogram::default());
        (1..=900).for_each(|_| one.record(1_000_000));
        (1..=100).for_each(|_| two.record(9_000_000_000));
        one.merge(&two);
        assert_eq!(one.count(), 1_000);
        assert_eq!(one.max(), 9_000_000_000);
        assert!(one.quantile(0.95) > Some(8_900_000_000));
        assert!(one.quantile(0.90) < Some(1_001_000));
    }

    #[test]
    fn a_merged_histogram_is_that_of_both_samples() {
        let of = |values: &[u64]| {
            let mut histogram = Histogram::default();
            values.iter().for_each(|value| histogram.record(*value));
            histogram
        };
        let values: Vec<u64> = (0..20_000u64).map(|k| k.pow(3) % 7_919_000_003).collect();
        let (head, tail) = values.split_at(12_345);
        let mut merged = of(head);
        merged.merge(&of(tail));
        assert_eq!(merged, of(&values));
    }

    #[test]
    fn a_value_beyond_the_range_keeps_its_maximum() {
        let mut histogram = Histogram::default();
        histogram.record(u64::MAX / 2);
        assert_eq!(histogram.max(), u64::MAX / 2);
        assert_eq!(histogram.quantile(1.0), Some(u64::MAX / 2));
    }
}

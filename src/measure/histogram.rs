//! Latencies of every request in a high dynamic range histogram, with an exact count, mean and maximum.
//!
//! Percentiles are by nearest rank: the q-quantile of n values is the ⌈q·n⌉-th smallest. Three significant
//! digits are kept, and the middle of the bin is returned, or the extreme of all values if that is in between, so a
//! percentile is off by at most 0.05 %. Beside a limit in the same bin it is the limit, for no more is known.

mod packed;

pub use packed::Packed;

/// What a percentile may be off by, over its value.
pub const ROUNDING: f64 = 0.0005;
/// Finest step: 2^6 = 64 nanoseconds.
const UNIT_BITS: u32 = 6;
/// An octave has 2^10 bins, so a bin is at most 1/1024 of its values wide.
const OCTAVE_BITS: u32 = 10;
const OCTAVE: usize = 1 << OCTAVE_BITS;
/// Bins that are looked at together where most are empty.
const BLOCK: usize = 16;
/// Values above are counted here (a day); the maximum stays exact.
const HIGHEST: u64 = 86_400_000_000_000;

/// A histogram of nanoseconds. Its bins are those of HdrHistogram with three significant digits; to record is a
/// shift and an addition, and to empty it costs no more than the bins between its extremes.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    bins: Vec<u64>,
    count: u64,
    sum: u128,
    min: u64,
    max: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Histogram { bins: Vec::new(), count: 0, sum: 0, min: u64::MAX, max: 0 }
    }
}

/// The bin of a value: one unit wide in the first two octaves, twice as wide in every octave above.
#[inline]
fn bin_of(nanos: u64) -> usize {
    let units = nanos.min(HIGHEST) >> UNIT_BITS;
    let octave = (units | OCTAVE as u64).ilog2() - OCTAVE_BITS;
    octave as usize * OCTAVE + (units >> octave) as usize
}

/// The smallest value of a bin, and how many it has.
fn edges_of(bin: usize) -> (u64, u64) {
    let octave = (bin / OCTAVE).saturating_sub(1);
    (((bin - octave * OCTAVE) as u64) << (UNIT_BITS as usize + octave), 1 << (UNIT_BITS as usize + octave))
}

/// A value that lies between two others, as it is compared with a limit: where it may be above as well as below, it is the limit. So
/// `<` is missed there and `<=` is met.
pub fn beside<T: PartialOrd>(value: T, (low, high): (T, T), limit: T) -> T {
    if (low..=high).contains(&limit) { limit } else { value }
}

/// The middle of a bin; of the first, where most values are waits of nothing, zero.
fn value_of(bin: usize) -> u64 {
    let (lowest, width) = edges_of(bin);
    if bin == 0 { 0 } else { lowest + width / 2 }
}

impl Histogram {
    /// Adds a value.
    #[inline]
    pub fn record(&mut self, nanos: u64) {
        self.record_in(bin_of(nanos), nanos);
    }

    /// Adds a value so many times.
    pub fn record_many(&mut self, nanos: u64, times: u64) {
        if times == 0 {
            return;
        }
        let bin = bin_of(nanos);
        self.reach(bin);
        self.bins[bin] += times;
        self.count += times;
        self.sum += u128::from(nanos) * u128::from(times);
        self.min = self.min.min(nanos);
        self.max = self.max.max(nanos);
    }

    /// Adds a value to two histograms.
    #[inline]
    pub fn record_twice(one: &mut Histogram, other: &mut Histogram, nanos: u64) {
        let bin = bin_of(nanos);
        one.record_in(bin, nanos);
        other.record_in(bin, nanos);
    }

    #[inline]
    fn record_in(&mut self, bin: usize, nanos: u64) {
        match self.bins.get_mut(bin) {
            Some(count) => *count += 1,
            None => self.grow(bin),
        }
        self.count += 1;
        self.sum += u128::from(nanos);
        self.min = self.min.min(nanos);
        self.max = self.max.max(nanos);
    }

    /// A first value in a bin above all that there are.
    #[cold]
    fn grow(&mut self, bin: usize) {
        self.reach(bin);
        self.bins[bin] = 1;
    }

    /// Makes room for a bin.
    fn reach(&mut self, bin: usize) {
        if self.bins.len() <= bin {
            self.bins.resize((bin + 1).next_multiple_of(OCTAVE), 0);
        }
    }

    /// Adds all values of another histogram.
    pub fn merge(&mut self, other: &Histogram) {
        if self.bins.len() < other.bins.len() {
            self.bins.resize(other.bins.len(), 0);
        }
        for (count, more) in self.bins.iter_mut().zip(&other.bins) {
            *count += more;
        }
        self.count += other.count;
        self.sum += other.sum;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// What has been added since an earlier state of this histogram. Its extremes are those of all values.
    #[must_use]
    pub fn since(&self, earlier: &Histogram) -> Histogram {
        let before = earlier.bins.iter().copied().chain(std::iter::repeat(0));
        let bins = self.bins.iter().zip(before).map(|(count, before)| count - before).collect();
        Histogram { bins, count: self.count - earlier.count, sum: self.sum - earlier.sum, ..*self }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        if self.count > 0 {
            self.bins[bin_of(self.min)..=bin_of(self.max)].fill(0);
            (self.count, self.sum, self.min, self.max) = (0, 0, u64::MAX, 0);
        }
    }

    /// Number of values.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Arithmetic mean in nanoseconds; 0 without values.
    pub fn mean(&self) -> f64 {
        self.sum as f64 / self.count.max(1) as f64
    }

    /// Smallest value; the largest number there is without values.
    pub fn min(&self) -> u64 {
        self.min
    }

    /// Largest value.
    pub fn max(&self) -> u64 {
        self.max
    }

    /// A quantile in nanoseconds, 1 being the maximum; `None` without values.
    pub fn quantile(&self, quantile: f64) -> Option<u64> {
        self.quantiles([quantile]).map(|[value]| value)
    }

    /// A quantile, and between which values it lies: those of its bin that all values lie between. The maximum is known.
    pub fn located(&self, quantile: f64) -> Option<(u64, (u64, u64))> {
        let found = self.quantile(quantile)?;
        let (lowest, width) = edges_of(bin_of(found));
        let between = match found {
            _ if quantile >= 1.0 => (self.max, self.max),
            beyond if beyond > HIGHEST => (HIGHEST, self.max),
            _ => (lowest.max(self.min), (lowest + width - 1).min(self.max)),
        };
        Some((found, between))
    }

    /// A quantile as it is compared with a limit.
    pub fn quantile_beside(&self, quantile: f64, limit: u64) -> Option<u64> {
        self.located(quantile).map(|(value, between)| beside(value, between, limit))
    }

    /// Several quantiles, in rising order, in one pass.
    pub fn quantiles<const N: usize>(&self, quantiles: [f64; N]) -> Option<[u64; N]> {
        if self.count == 0 {
            return None;
        }
        let mut bin = bin_of(self.min);
        let mut below = 0;
        Some(quantiles.map(|quantile| {
            if quantile >= 1.0 {
                return self.max;
            }
            let rank = ((quantile * self.count as f64).ceil() as u64).max(1);
            while let Some(block) = self.bins.get(bin..bin + BLOCK) {
                let sum: u64 = block.iter().sum();
                if below + sum >= rank {
                    break;
                }
                below += sum;
                bin += BLOCK;
            }
            while below + self.bins[bin] < rank {
                below += self.bins[bin];
                bin += 1;
            }
            value_of(bin).clamp(self.min, self.max)
        }))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Of 1 to 1,000 ms the last hundred have their median at 950 ms.
    #[test]
    fn what_was_added_since_an_earlier_state_has_percentiles_of_its_own() {
        let (mut histogram, mut earlier) = (Histogram::default(), Histogram::default());
        for millis in 1..=1_000u64 {
            if millis == 901 {
                earlier = histogram.clone();
            }
            histogram.record(millis * 1_000_000);
        }
        let since = histogram.since(&earlier);
        let median = since.quantile(0.5).unwrap() as f64 / 1e6;
        assert!(since.count() == 100 && (median / 950.0 - 1.0).abs() < 0.001, "{median}");
        assert_eq!(histogram.since(&histogram).quantile(0.5), None);
    }

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

    /// 10 ms lie in a bin from 9.994240 ms to 10.002431 ms, its middle at 9.998336 ms.
    #[test]
    fn a_quantile_beside_a_limit_is_never_on_the_wrong_side_of_it() {
        let of = |nanos: &[u64]| {
            let mut histogram = Histogram::default();
            nanos.iter().for_each(|nanos| histogram.record(*nanos));
            histogram
        };
        let limit = 10_000_000;
        let exact = of(&[limit; 100]);
        assert_eq!((exact.quantile(0.99), exact.quantile_beside(0.99, limit)), (Some(limit), Some(limit)));
        // One below and one above, and the median of 10 ms, are in no way known from the middle of the bin.
        let mixed = of(&[5_000_000, limit, 20_000_000]);
        assert_eq!(mixed.quantile(0.5), Some(9_998_336));
        assert_eq!(mixed.located(0.5), Some((9_998_336, (9_994_240, 10_002_431))));
        assert_eq!(mixed.quantile_beside(0.5, limit), Some(limit));
        assert_eq!(mixed.quantile_beside(0.5, 10_002_432), Some(9_998_336), "in the next bin");
        // All are below it though they share its bin.
        let below = of(&[9_997_000, 9_999_000]);
        assert_eq!(below.quantile_beside(0.99, limit), Some(9_998_336));
        assert_eq!(of(&[1_000, 20_000_000]).quantile_beside(1.0, 20_001_000), Some(20_000_000));
        assert_eq!(Histogram::default().quantile_beside(0.5, limit), None);
    }

    proptest! {
        /// Whatever is recorded, percentiles are those of HdrHistogram.
        #[test]
        fn bins_and_percentiles_are_those_of_hdrhistogram(
            values in prop::collection::vec((0u32..46, any::<u64>()), 1..200),
            again in prop::collection::vec(0u64..1 << 40, 1..50),
        ) {
            let mut ours = Histogram::default();
            let mut values: Vec<u64> = values.iter().map(|(bits, any)| any >> (18 + bits)).collect();
            for _ in 0..2 {
                let mut theirs = hdrhistogram::Histogram::<u64>::new_with_bounds(64, HIGHEST, 3).unwrap();
                for &value in &values {
                    ours.record(value);
                    theirs.saturating_record(value);
                }
                let max = values.iter().copied().max().unwrap_or(0);
                let min = values.iter().copied().min().unwrap_or(0);
                for quantile in [0.001, 0.1, 0.5, 0.9, 0.99, 0.999] {
                    let bin = theirs.value_at_quantile(quantile);
                    let expected = if bin < 64 { 0 } else { theirs.median_equivalent(bin) };
                    let expected = expected.clamp(min, max);
                    prop_assert_eq!(ours.quantile(quantile), Some(expected));
                }
                prop_assert_eq!(ours.quantiles([0.5, 0.99, 1.0]).map(|[_, p99, max]| (p99, max)), ours.quantile(0.99).zip(Some(max)));
                // Emptied, it forgets everything.
                ours.clear();
                prop_assert_eq!(ours.quantile(0.5), None);
                values = again.clone();
            }
        }
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

//! A histogram that is small where few values were added. In: times in nanoseconds. Out: percentiles, at most 0.8 % off.
//!
//! There is one for each class and period, and most have few values: only bins that are not empty are kept, in order.

/// An octave has 2^6 bins.
const OCTAVE_BITS: u32 = 6;
/// The finest step: 2^10 ns, about a microsecond.
const UNIT_BITS: u32 = 10;

/// The histogram.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Coarse {
    bins: Vec<(u16, u32)>,
    count: u64,
}

fn bin_of(nanos: u64) -> u16 {
    let units = nanos >> UNIT_BITS;
    let octave = (units | 1 << OCTAVE_BITS).ilog2() - OCTAVE_BITS;
    (u64::from(octave) * (1 << OCTAVE_BITS) + (units >> octave)) as u16
}

/// The middle of a bin, in nanoseconds.
fn value_of(bin: u16) -> f64 {
    let octave = u32::from(bin >> OCTAVE_BITS).saturating_sub(1);
    let lowest = (u64::from(bin) - u64::from(octave) * (1 << OCTAVE_BITS)) << octave;
    let width = 1u64 << octave;
    (lowest as f64 + width as f64 / 2.0) * f64::from(1 << UNIT_BITS)
}

impl Coarse {
    /// Adds a value.
    #[inline]
    pub(super) fn record(&mut self, nanos: u64) {
        self.add(bin_of(nanos), 1);
    }

    fn add(&mut self, bin: u16, times: u32) {
        self.count += u64::from(times);
        match self.bins.binary_search_by_key(&bin, |(bin, _)| *bin) {
            Ok(place) => self.bins[place].1 = self.bins[place].1.saturating_add(times),
            Err(place) => self.bins.insert(place, (bin, times)),
        }
    }

    /// Adds all values of another one.
    pub(super) fn merge(&mut self, other: &Coarse) {
        other.bins.iter().for_each(|(bin, times)| self.add(*bin, *times));
    }

    /// A quantile in nanoseconds, by nearest rank; nothing without values.
    pub(super) fn quantile(&self, quantile: f64) -> Option<f64> {
        let rank = ((quantile * self.count as f64).ceil() as u64).clamp(1, self.count.max(1));
        let mut below = 0;
        let mut bins = self.bins.iter();
        bins.find(|(_, times)| {
            below += u64::from(*times);
            below >= rank
        })
        .map(|(bin, _)| value_of(*bin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_close() {
        let (mut all, mut odd, mut even) = (Coarse::default(), Coarse::default(), Coarse::default());
        for micros in 1..=100_000u64 {
            all.record(micros * 1_000);
            if micros % 2 == 0 { even.record(micros * 1_000) } else { odd.record(micros * 1_000) }
        }
        for quantile in [0.01, 0.5, 0.95, 0.99] {
            let found = all.quantile(quantile).unwrap() / 1e3;
            let exact = quantile * 100_000.0;
            assert!((found / exact - 1.0).abs() < 0.008, "{quantile}: {found} instead of {exact}");
        }
        odd.merge(&even);
        assert_eq!(odd, all);
        assert_eq!(Coarse::default().quantile(0.5), None);
        assert!(bin_of(u64::MAX) > bin_of(1 << 62), "no value is too large");
    }
}

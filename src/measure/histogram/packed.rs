//! A histogram at rest: what a row of the timeline keeps of its latencies until runs are merged.
//!
//! In: a histogram. Out: two bytes for most bins in use, and the histogram again, bin for bin. The bins of a histogram
//! take a hundred kilobytes whatever is in them; a thousand rows of them would not fit beside each other.

use serde::{Deserialize, Serialize};

use super::{BLOCK, Histogram, bin_of, value_of};

/// A histogram as pairs of a distance to the next bin in use and its count, both as base-128 numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "Written", into = "Written")]
pub struct Packed {
    bytes: Vec<u8>,
    count: u64,
    sum: u128,
    min: u64,
    max: u64,
}

impl Packed {
    /// Packs a histogram.
    pub fn of(histogram: &Histogram) -> Packed {
        let Histogram { bins, count, sum, min, max } = histogram;
        let mut packed = Packed { bytes: Vec::new(), count: *count, sum: *sum, min: *min, max: *max };
        if *count == 0 {
            return packed;
        }
        let (first, last) = (bin_of(*min), bin_of(*max));
        let most = usize::try_from(*count).unwrap_or(usize::MAX).min(last - first + 1);
        packed.bytes.reserve(2 * most);
        let mut before = 0;
        // Most bins are empty: they are passed over a block at a time. A histogram has whole octaves of
        // bins, so whole blocks.
        let (blocks, _) = bins.as_chunks::<BLOCK>();
        for (block, bins) in blocks.iter().enumerate().take(last / BLOCK + 1).skip(first / BLOCK) {
            if bins.iter().fold(0, |any, count| any | count) == 0 {
                continue;
            }
            // Which bins of the block are in use cannot be predicted, so that is found without a branch.
            let mut used = (0..BLOCK).fold(0u32, |used, place| used | u32::from(bins[place] > 0) << place);
            while used > 0 {
                let place = used.trailing_zeros() as usize % BLOCK;
                used &= used - 1;
                let bin = block * BLOCK + place;
                packed.push_two((bin - before) as u64, bins[place]);
                before = bin;
            }
        }
        packed.bytes.shrink_to_fit();
        packed
    }

    /// Adds the values of another one; `both` is an empty histogram, and stays one.
    pub fn add(&mut self, other: &Packed, both: &mut Histogram) {
        self.add_to(both);
        other.add_to(both);
        *self = Packed::of(both);
        both.clear();
    }

    /// Adds the rows of another run, one by one.
    pub fn add_all(rows: &mut [Packed], others: &[Packed]) {
        let mut both = Histogram::default();
        rows.iter_mut().zip(others).for_each(|(row, other)| row.add(other, &mut both));
    }

    /// Adds all values to a histogram.
    pub fn add_to(&self, histogram: &mut Histogram) {
        if self.count > 0 {
            histogram.reach(bin_of(self.max));
        }
        self.each(|bin, count| histogram.bins[bin] += count);
        histogram.count += self.count;
        histogram.sum += self.sum;
        histogram.min = histogram.min.min(self.min);
        histogram.max = histogram.max.max(self.max);
    }

    /// Adds the values up to a limit, to the width of its bin, each as the middle of its bin.
    pub fn add_up_to(&self, limit: u64, histogram: &mut Histogram) {
        let last = bin_of(limit);
        histogram.reach(last.min(bin_of(self.max)));
        self.each(|bin, count| {
            if bin <= last {
                let value = value_of(bin).clamp(self.min, self.max);
                histogram.bins[bin] += count;
                histogram.count += count;
                histogram.sum += u128::from(value) * u128::from(count);
                histogram.min = histogram.min.min(value);
                histogram.max = histogram.max.max(value);
            }
        });
    }

    /// How many values there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// How many values lie above a limit, to the width of its bin.
    pub fn above(&self, limit: u64) -> u64 {
        let mut above = 0;
        if self.max > limit {
            let last = bin_of(limit);
            self.each(|bin, count| above += if bin > last { count } else { 0 });
        }
        above
    }

    /// Every value above a limit, each as the middle of its bin, with how often it is there.
    pub fn each_above(&self, limit: u64, mut found: impl FnMut(u64, u64)) {
        if self.max > limit {
            let last = bin_of(limit);
            self.each(|bin, count| {
                if bin > last {
                    found(value_of(bin).clamp(self.min, self.max), count);
                }
            });
        }
    }

    /// Every value, as the middle of its bin, with how often it is there.
    pub fn each_value(&self, mut found: impl FnMut(u64, u64)) {
        self.each(|bin, count| found(value_of(bin).clamp(self.min, self.max), count));
    }

    /// A quantile in nanoseconds of a histogram without the values of this one, which are part of it; `None` if nothing
    /// is left. The histogram is given back as it was.
    pub fn quantile_without(&self, histogram: &mut Histogram, quantile: f64) -> Option<u64> {
        self.each(|bin, count| histogram.bins[bin] -= count);
        histogram.count -= self.count;
        // The extremes may be those of the values that were taken away: bins are only looked for between them.
        let found = histogram.quantile(quantile);
        self.each(|bin, count| histogram.bins[bin] += count);
        histogram.count += self.count;
        found
    }

    fn each(&self, mut found: impl FnMut(usize, u64)) {
        let mut bytes = self.bytes.iter();
        let mut bin = 0;
        while let (Some(distance), Some(count)) = (number(&mut bytes), number(&mut bytes)) {
            bin += distance as usize;
            found(bin, count);
        }
    }

    #[inline(always)]
    fn push_two(&mut self, one: u64, other: u64) {
        if one | other < 0x80 {
            return self.bytes.extend_from_slice(&[one as u8, other as u8]);
        }
        self.push(one);
        self.push(other);
    }

    #[inline(never)]
    fn push(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }
}

/// The next number; nearly all are one byte.
#[inline(always)]
fn number(bytes: &mut std::slice::Iter<u8>) -> Option<u64> {
    let first = *bytes.next()?;
    if first < 0x80 { Some(first.into()) } else { longer_number(first, bytes) }
}

#[inline(never)]
fn longer_number(first: u8, bytes: &mut std::slice::Iter<u8>) -> Option<u64> {
    let (mut number, mut shift) = (u64::from(first & 0x7f), 7);
    loop {
        let byte = *bytes.next()?;
        // More than ten bytes are no number.
        number |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte < 0x80 {
            return Some(number);
        }
        shift += 7;
    }
}

/// As it is in a file.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Written {
    bytes: Vec<u8>,
    count: u64,
    /// As text: readers of JSON know no whole number of this size.
    sum: String,
    min: u64,
    max: u64,
}

impl From<Packed> for Written {
    fn from(Packed { bytes, count, sum, min, max }: Packed) -> Written {
        Written { bytes, count, sum: sum.to_string(), min, max }
    }
}

impl TryFrom<Written> for Packed {
    type Error = &'static str;

    /// Refuses what no histogram was packed to: bins outside of its extremes, or another number of values than it says.
    fn try_from(Written { bytes, count, sum, min, max }: Written) -> Result<Packed, &'static str> {
        let sum = sum.parse().map_err(|_| "no sum of latencies")?;
        let packed = Packed { bytes, count, sum, min, max };
        let range = (count > 0).then(|| bin_of(min)..=bin_of(max));
        let mut numbers = packed.bytes.iter();
        let (mut bin, mut found) = (0_usize, 0_u64);
        while numbers.len() > 0 {
            let pair = number(&mut numbers).zip(number(&mut numbers));
            let next = pair.and_then(|(far, many)| {
                Some((bin.checked_add(usize::try_from(far).ok()?)?, found.checked_add(many)?))
            });
            (bin, found) = next
                .filter(|(bin, _)| range.as_ref().is_some_and(|it| it.contains(bin)))
                .ok_or("no packed latencies")?;
        }
        if found == count { Ok(packed) } else { Err("not as many latencies as it says") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: impl IntoIterator<Item = u64>) -> Histogram {
        let mut histogram = Histogram::default();
        values.into_iter().for_each(|value| histogram.record(value));
        histogram
    }

    /// From nothing to beyond the range, dense and sparse, once and often.
    fn values() -> impl Iterator<Item = u64> {
        let dense = (0..5_000u64).map(|k| 30_000_000 + k * k % 9_999_991);
        let sparse = (0..64).map(|bit| 1u64 << bit);
        dense.chain(sparse).chain([0, 0, 63, 64, 65, u64::MAX / 2]).chain([7_654_321; 300])
    }

    #[test]
    fn what_is_unpacked_is_what_was_packed() {
        let histogram = of(values());
        let packed = Packed::of(&histogram);
        let mut back = Histogram::default();
        packed.add_to(&mut back);
        assert_eq!(back, histogram);
        assert_eq!(Packed::of(&back), packed);
        assert!(packed.bytes.len() < 40_000, "{} bytes", packed.bytes.len());
    }

    #[test]
    fn unpacking_two_is_the_histogram_of_both_samples() {
        let (one, two): (Vec<u64>, Vec<u64>) = values().partition(|value| value % 3 == 0);
        let mut both = Histogram::default();
        Packed::of(&of(one.iter().copied())).add_to(&mut both);
        Packed::of(&of(two.iter().copied())).add_to(&mut both);
        assert_eq!(both, of(one.into_iter().chain(two)));
    }

    #[test]
    fn what_lies_above_a_limit_is_counted_by_bins() {
        let micros = |values: &[u64]| Packed::of(&of(values.iter().map(|value| value * 1_000)));
        let packed = micros(&[10, 20, 20, 1_000, 1_000_000]);
        let above = [0, 10, 18, 20, 1_000_000].map(|limit| packed.above(limit * 1_000));
        assert_eq!(above, [5, 4, 4, 2, 0]);
        // A limit inside a bin counts nothing of it.
        let wide = Packed::of(&of([1_000_000_000, 1_000_000_001]));
        assert_eq!((wide.above(900_000_000), wide.above(1_000_000_000), wide.count()), (2, 0, 2));
        assert_eq!(Packed::of(&Histogram::default()).above(0), 0);
    }

    #[test]
    fn what_lies_below_a_limit_is_added_by_bins() {
        let packed = Packed::of(&of([10_000, 20_000, 20_000, 1_000_000, 1_000_000_000]));
        let mut found = Histogram::default();
        packed.add_up_to(1_000_000, &mut found);
        assert_eq!((found.count(), packed.above(1_000_000)), (4, 1));
        let median = found.quantile(0.5).unwrap() as f64;
        assert!((median / 20_000.0 - 1.0).abs() < 0.005, "{median}");
        packed.add_up_to(u64::MAX, &mut found);
        assert_eq!((found.count(), found.quantile(1.0)), (9, of([1_000_000_000]).quantile(1.0)));
        Packed::of(&Histogram::default()).add_up_to(5, &mut found);
        assert_eq!(found.count(), 9);
    }

    #[test]
    fn a_quantile_without_a_part_is_that_of_the_rest() {
        let (part, rest): (Vec<u64>, Vec<u64>) = values().partition(|value| value % 3 == 0);
        let (part, rest) = (Packed::of(&of(part)), of(rest));
        let mut both = of(values());
        let before = both.clone();
        for quantile in [0.01, 0.5, 0.9, 0.99] {
            assert_eq!(part.quantile_without(&mut both, quantile), rest.quantile(quantile));
        }
        assert_eq!(both, before);
        assert_eq!(Packed::of(&before).quantile_without(&mut both, 0.5), None);
    }

    #[test]
    fn what_is_read_from_a_file_is_what_was_written_or_is_refused() {
        for histogram in [of(values()), Histogram::default(), of([u64::MAX])] {
            let packed = Packed::of(&histogram);
            let text = serde_json::to_string(&packed).unwrap();
            assert_eq!(serde_json::from_str::<Packed>(&text).unwrap(), packed);
        }
        let good = serde_json::to_value(Packed::of(&of([10_000, 20_000, 20_000]))).unwrap();
        let with = |field: &str, value: serde_json::Value| {
            let mut bad = good.clone();
            bad[field] = value;
            serde_json::from_value::<Packed>(bad).is_err()
        };
        let endless = serde_json::json!([255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 1]);
        assert!(with("count", 4.into()) && with("max", 10_000.into()) && with("min", 11_000.into()));
        assert!(with("sum", "many".into()) && with("bytes", endless));
        assert!(with("bytes", serde_json::json!([5])) && with("bytes", serde_json::json!([])));
    }

    #[test]
    fn nothing_takes_no_room() {
        let packed = Packed::of(&Histogram::default());
        assert_eq!(packed.bytes.len(), 0);
        let mut back = Histogram::default();
        packed.add_to(&mut back);
        assert_eq!(back, Histogram::default());
    }
}

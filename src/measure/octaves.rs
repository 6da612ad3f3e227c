//! Coarse logarithmic bins of latencies, for pictures. In: nanoseconds. Out: the bin, and where it begins.
//!
//! An octave has `2^BITS` bins, so a bin is at most 1 / `2^BITS` of its values wide. What is faster than about a microsecond
//! counts as one.

/// `ilog2` of the smallest value that has a bin of its own.
const LEAST_BITS: u32 = 10;

/// The bin of a value.
pub fn bin_of<const BITS: u32>(nanos: u64) -> usize {
    let nanos = nanos.max(1 << LEAST_BITS);
    let octave = nanos.ilog2();
    let part = (nanos >> (octave - BITS)) as usize % (1 << BITS);
    (((octave - LEAST_BITS) as usize) << BITS) + part
}

/// The smallest value of a bin.
pub fn begin_of<const BITS: u32>(bin: usize) -> u64 {
    let (octave, part) = (bin >> BITS, bin % (1 << BITS));
    ((1 << BITS) + part as u64) << (octave as u32 + LEAST_BITS - BITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lies_in_its_bin<const BITS: u32>(nanos: u64) {
        let bin = bin_of::<BITS>(nanos);
        assert!(begin_of::<BITS>(bin) <= nanos && nanos < begin_of::<BITS>(bin + 1), "{nanos}");
    }

    #[test]
    fn every_latency_lies_in_its_bin_and_bins_follow_each_other() {
        for nanos in (0..50).map(|bit| 1_030u64 << bit >> 6).chain([1_024, 1_279, 1_280, 10_000_000]) {
            lies_in_its_bin::<2>(nanos.max(1_024));
            lies_in_its_bin::<5>(nanos.max(1_024));
        }
        assert!((0..160).all(|bin| bin_of::<2>(begin_of::<2>(bin)) == bin));
        assert_eq!((bin_of::<5>(0), bin_of::<5>(1_024)), (0, 0));
    }
}

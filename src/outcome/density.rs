//! How many requests completed with which latency, row by row. In: the latencies of each row. Out: a [`LatencyBin`] for each
//! quarter of an octave.

use serde::{Deserialize, Serialize};

use crate::measure::figure::per_run;
use crate::measure::histogram::Packed;

/// Bins of an octave: each is at most a quarter wider than it is high.
const PARTS: u64 = 4;
/// `ilog2` of that.
const PART_BITS: u32 = 2;

/// Requests with about one latency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LatencyBin {
    /// From this latency on, milliseconds.
    pub from_ms: f64,
    /// Below this one.
    pub to_ms: f64,
    /// Requests that completed in each row; of several runs, the mean.
    pub completed: Vec<f64>,
}

/// The bins from the fastest request to the slowest.
pub(super) fn density(rows: &[Packed], runs: f64) -> Vec<LatencyBin> {
    let mut counts: Vec<Vec<u64>> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        row.each_value(|nanos, count| {
            let bin = bin_of(nanos);
            if counts.len() <= bin {
                counts.resize(bin + 1, Vec::new());
            }
            counts[bin].resize(rows.len(), 0);
            counts[bin][at] += count;
        });
    }
    let first = counts.iter().position(|bin| !bin.is_empty()).unwrap_or(0);
    let bins = counts.into_iter().enumerate().skip(first);
    bins.map(|(bin, mut counts)| {
        counts.resize(rows.len(), 0);
        LatencyBin {
            from_ms: from(bin) as f64 / 1e6,
            to_ms: from(bin + 1) as f64 / 1e6,
            completed: counts.into_iter().map(|count| per_run(count, runs)).collect(),
        }
    })
    .collect()
}

/// The bin of a latency; what is faster than a microsecond counts as one.
fn bin_of(nanos: u64) -> usize {
    let nanos = nanos.max(1_024);
    let octave = nanos.ilog2();
    (u64::from(octave - 10) * PARTS + (nanos >> (octave - PART_BITS)) % PARTS) as usize
}

/// Where a bin begins.
fn from(bin: usize) -> u64 {
    let (octave, part) = (bin as u64 / PARTS + 10, bin as u64 % PARTS);
    (PARTS + part) << (octave - u64::from(PART_BITS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::histogram::Histogram;

    #[test]
    fn every_latency_lies_in_its_bin_and_bins_follow_each_other() {
        for nanos in (0..50).map(|bit| 1_030u64 << bit >> 6).chain([1_024, 1_279, 1_280, 10_000_000]) {
            let nanos = nanos.max(1_024);
            let bin = bin_of(nanos);
            assert!(from(bin) <= nanos && nanos < from(bin + 1), "{nanos}");
        }
        assert!((0..160).all(|bin| bin_of(from(bin)) == bin));
    }

    /// 8 ms and 20 ms are 1.3 octaves apart; what is between them has bins too, and no request.
    #[test]
    fn requests_are_counted_in_their_row_and_none_is_lost() {
        let of = |latencies: &[(u64, u64)]| {
            let mut histogram = Histogram::default();
            latencies.iter().for_each(|(millis, times)| histogram.record_many(millis * 1_000_000, *times));
            Packed::of(&histogram)
        };
        let rows = [of(&[(8, 6)]), of(&[]), of(&[(8, 2), (20, 4)])];
        let bins = density(&rows, 2.0);
        assert_eq!(bins[0].completed, [3.0, 0.0, 1.0]);
        assert_eq!(bins.last().unwrap().completed, [0.0, 0.0, 2.0]);
        assert!(bins[0].from_ms <= 8.0 && bins[0].to_ms > 8.0);
        assert!(bins.windows(2).all(|two| two[0].to_ms == two[1].from_ms));
        assert_eq!(bins.iter().flat_map(|bin| &bin.completed).sum::<f64>(), 6.0);
        assert!(density(&[of(&[])], 1.0).is_empty());
    }
}

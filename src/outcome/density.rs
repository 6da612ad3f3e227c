//! How many requests completed with which latency, row by row. In: the latencies of each row. Out: a [`LatencyBin`] for each
//! quarter of an octave.

use serde::{Deserialize, Serialize};

use crate::measure::figure::per_run;
use crate::measure::histogram::Packed;
use crate::measure::octaves::{begin_of, bin_of};

/// An octave has four bins: each is at most a quarter wider than it is high.
const BITS: u32 = 2;

/// Requests with about one latency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LatencyBin {
    /// From this latency on, milliseconds.
    pub from_ms: f64,
    /// Below this one.
    pub to_ms: f64,
    /// Requests that completed in each row; of several runs, the mean. In: a count.
    pub completed: Vec<f64>,
}

/// The bins from the fastest request to the slowest.
pub(super) fn density(rows: &[Packed], runs: f64) -> Vec<LatencyBin> {
    let mut counts: Vec<Vec<u64>> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let (mut bin, mut end) = (0, 0);
        row.each_value(|nanos, count| {
            // Values rise: most lie in the bin of the one before.
            if nanos >= end {
                bin = bin_of::<BITS>(nanos);
                end = begin_of::<BITS>(bin + 1);
                if counts.len() <= bin {
                    counts.resize(bin + 1, Vec::new());
                }
                counts[bin].resize(rows.len(), 0);
            }
            counts[bin][at] += count;
        });
    }
    let first = counts.iter().position(|bin| !bin.is_empty()).unwrap_or(0);
    let bins = counts.into_iter().enumerate().skip(first);
    bins.map(|(bin, mut counts)| {
        counts.resize(rows.len(), 0);
        LatencyBin {
            from_ms: begin_of::<BITS>(bin) as f64 / 1e6,
            to_ms: begin_of::<BITS>(bin + 1) as f64 / 1e6,
            completed: counts.into_iter().map(|count| per_run(count, runs)).collect(),
        }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::histogram::Histogram;

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

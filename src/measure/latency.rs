//! Latencies as an outcome tells them. In: a histogram of the requests of all runs. Out: [`Latency`], in milliseconds.

use serde::{Deserialize, Serialize};

use super::histogram::Histogram;

/// Latency statistics in milliseconds; percentiles by nearest rank from an HDR histogram of every request of every run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Latency {
    /// How many requests these are of, all runs together. In: a count.
    pub count: u64,
    /// The mean. In: milliseconds.
    pub mean: f64,
    /// The median: half of the requests took no longer. In: milliseconds.
    pub p50: f64,
    /// The 90th percentile: 90 of 100 requests took no longer. In: milliseconds.
    pub p90: f64,
    /// The 95th percentile: 95 of 100 requests took no longer. In: milliseconds.
    pub p95: f64,
    /// The 99th percentile: 99 of 100 requests took no longer. In: milliseconds.
    pub p99: f64,
    /// The 99.9th percentile: 999 of 1,000 requests took no longer. In: milliseconds.
    pub p99_9: f64,
    /// The 99.99th percentile: 9,999 of 10,000 requests took no longer. In: milliseconds.
    pub p99_99: f64,
    /// The longest. In: milliseconds.
    pub max: f64,
}

impl From<&Histogram> for Latency {
    fn from(histogram: &Histogram) -> Self {
        let millis = |quantile| histogram.quantile(quantile).unwrap_or(0) as f64 / 1e6;
        Latency {
            count: histogram.count(),
            mean: histogram.mean() / 1e6,
            p50: millis(0.5),
            p90: millis(0.9),
            p95: millis(0.95),
            p99: millis(0.99),
            p99_9: millis(0.999),
            p99_99: millis(0.9999),
            max: millis(1.0),
        }
    }
}

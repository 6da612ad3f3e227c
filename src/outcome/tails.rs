//! What a percentile of all runs would be without one of them, and how steep the tail is there.
//!
//! In: the latencies of each run, as they come. Out: the [`Tail`] of a percentile. A run leaves its latencies packed, a
//! few kilobytes for each class, so that each can be taken out of the sum again.

use super::view::View;
use crate::id::ClassId;
use crate::interval::Tail;
use crate::measure::histogram::{Histogram, Packed};

/// The slope of a tail is read between this many times more and fewer slow requests.
const SLOPE_FACTOR: f64 = 1.5;

/// The latencies of each run: of all requests, and of each class.
#[derive(Debug, Default)]
pub(super) struct Latencies {
    all: Vec<Packed>,
    classes: Vec<Vec<Packed>>,
}

impl Latencies {
    /// Adds a run.
    pub fn add(&mut self, run: &View<'_>) {
        let classes = &run.measured.recorder.classes;
        self.all.push(Packed::of(&run.latency));
        self.classes.resize_with(classes.len(), Vec::new);
        for (packed, class) in self.classes.iter_mut().zip(classes) {
            packed.push(Packed::of(&class.latency));
        }
    }

    /// The tail of a percentile of all runs, whose sum is given.
    pub fn tail(&self, class: Option<ClassId>, quantile: f64, sum: &View<'_>) -> Tail {
        let runs = class.map_or(&self.all, |class| &self.classes[class.index()]);
        let recorder = &sum.measured.recorder;
        let latency = class.map_or(&sum.latency, |class| &recorder.classes[class.index()].latency);
        tail(&runs.iter().collect::<Vec<_>>(), latency, quantile)
    }
}

/// The tail of a percentile of all runs, whose latencies together are given.
pub(super) fn tail(runs: &[&Packed], latency: &Histogram, quantile: f64) -> Tail {
    if runs.len() < 2 {
        return Tail::default();
    }
    let mut latency = latency.clone();
    let without = runs.iter().filter_map(|run| run.quantile_without(&mut latency, quantile));
    let without = without.map(|nanos| nanos as f64 / 1e6).collect();
    let (slower, requests) = (1.0 - quantile, latency.count() as f64);
    Tail { nines: -libm::log10(slower), slope: slope(&latency, quantile), without, beyond: slower * requests }
}

/// By how many percent fewer requests are slower than a latency that is one percent higher.
fn slope(latency: &Histogram, quantile: f64) -> f64 {
    let slower = 1.0 - quantile;
    let (more, fewer) = ((SLOPE_FACTOR * slower).min(0.9), slower / SLOPE_FACTOR);
    match latency.quantiles([1.0 - more, 1.0 - fewer]) {
        Some([low, high]) if 0 < low && low < high => {
            libm::log(more / fewer) / libm::log(high as f64 / low as f64)
        }
        // A tail that falls at once: as steep as can be.
        _ => f64::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of a Pareto law, `P(X > x) = (x / 1 ms)^-3`, the slope is 3 everywhere.
    #[test]
    fn the_slope_of_a_power_law_is_its_power() {
        let mut latency = Histogram::default();
        for k in 0..1_000_000 {
            let slower = (f64::from(k) + 0.5) / 1e6;
            latency.record((1e6 * libm::pow(slower, -1.0 / 3.0)) as u64);
        }
        for quantile in [0.9, 0.99, 0.999] {
            let found = slope(&latency, quantile);
            assert!((found / 3.0 - 1.0).abs() < 0.02, "{found} at {quantile}");
        }
        assert_eq!(slope(&Histogram::default(), 0.9), f64::MAX);
    }
}

//! How far runs lie apart, row by row. In: the rows of each run. Out: a [`Spread`]: between which values all of them are.

use serde::{Deserialize, Serialize};

use crate::measure::Recorder;
use crate::measure::percentile::Percentile;

/// The lowest and the highest run in each row.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Spread {
    /// Requests that completed, per second.
    pub completed: Vec<(f64, f64)>,
    /// 99th percentile of latency: 99 of 100 requests took no longer; absent where nothing completed in any run.
    pub p99_ms: Vec<Option<(f64, f64)>>,
}

impl Spread {
    /// One run.
    pub(super) fn of(recorder: &Recorder) -> Spread {
        let timeline = &recorder.timeline;
        let p99 = timeline.latency_ms.get(&Percentile::P99).map_or(&[][..], Vec::as_slice);
        Spread {
            completed: timeline.completed.iter().map(|rate| (*rate, *rate)).collect(),
            p99_ms: p99.iter().map(|value| value.map(|value| (value, value))).collect(),
        }
    }

    /// Widened to another run.
    pub(super) fn add(&mut self, other: &Spread) {
        let wider = |one: (f64, f64), other: (f64, f64)| (one.0.min(other.0), one.1.max(other.1));
        for (row, more) in self.completed.iter_mut().zip(&other.completed) {
            *row = wider(*row, *more);
        }
        for (row, more) in self.p99_ms.iter_mut().zip(&other.p99_ms) {
            *row = match (*row, *more) {
                (Some(one), Some(other)) => Some(wider(one, other)),
                (one, other) => one.or(other),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_lies_around_all_of_its_runs() {
        let of = |completed: f64, p99: Option<f64>| Spread {
            completed: vec![(completed, completed)],
            p99_ms: vec![p99.map(|value| (value, value))],
        };
        let mut spread = of(10.0, None);
        spread.add(&of(8.0, Some(50.0)));
        spread.add(&of(9.0, Some(70.0)));
        assert_eq!(spread, Spread { completed: vec![(8.0, 10.0)], p99_ms: vec![Some((50.0, 70.0))] });
    }
}

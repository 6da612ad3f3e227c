//! A figure as it was measured, beside what runs predict. In: both, period by period. Out: [`Compared`]: pairs, and how far they are apart.

use serde::{Deserialize, Serialize};

use super::predicted::{Predicted, Prediction};
use super::replay::Replay;
use crate::interval::mean;
use crate::measured::{Figure, Measured, What};

/// Requests beyond a percentile from which a period is compared by it. An assumption: of fewer, chance alone puts it off by some 40 %
/// (1/√n of a tail of exponential latencies, with both sides of it).
const BEYOND: f64 = 3.0;
/// What a difference is counted in, and so what it may be.
const LEAST: f64 = 1e-9;

/// What a difference is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// A part of what was measured.
    Relative,
    /// Percentage points.
    Points,
    /// Pieces: instances.
    Count,
}

impl Scale {
    /// Of a figure.
    pub fn of(what: What) -> Scale {
        match what {
            what if what.is_percent() => Scale::Points,
            What::Instances | What::Errors => Scale::Count,
            _ => Scale::Relative,
        }
    }

    /// By how much a prediction is above what was measured.
    pub fn difference(self, measured: f64, predicted: f64) -> f64 {
        match self {
            Scale::Relative => predicted / measured.max(LEAST) - 1.0,
            Scale::Points | Scale::Count => predicted - measured,
        }
    }
}

/// A period of which both are known.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// The period.
    pub period: usize,
    /// What was measured.
    pub measured: f64,
    /// What runs predict, all together.
    pub predicted: f64,
    /// Between which values the runs lie; absent of one run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub band: Option<(f64, f64)>,
    /// By which part chance alone lets the measurement be off, as a standard deviation; absent where nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noise: Option<f64>,
    /// Whether it is judged, and not one that the file was fitted to.
    pub judged: bool,
}

/// How far predictions are off.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Errors {
    /// Periods that are judged.
    pub periods: usize,
    /// Mean size of the differences.
    pub mean: f64,
    /// Their median size.
    pub median: f64,
    /// Their mean: above zero, more is predicted than was measured.
    pub bias: f64,
    /// The period of the largest one.
    pub worst: usize,
    /// The largest one, with its sign.
    pub largest: f64,
    /// Sum of what was measured over these periods.
    pub measured: f64,
    /// Sum of what is predicted over them.
    pub predicted: f64,
    /// Median size of the differences of percentage points, as a part of what was measured; absent of other figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<f64>,
}

/// A figure that was measured and is predicted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// Which.
    pub of: Figure,
    /// What differences are counted in.
    pub scale: Scale,
    /// Every period of which both are known, and which has enough requests.
    pub pairs: Vec<Pair>,
    /// Periods with too few requests for this figure.
    pub few: usize,
    /// How far the judged ones are off; absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errors: Option<Errors>,
}

impl Compared {
    /// Every figure of a replay.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub fn all(
        replay: &Replay,
        prediction: &Prediction,
        measured: &Measured,
        judged: &dyn Fn(usize) -> bool,
    ) -> Vec<Compared> {
        let of = |it: &Predicted| Compared::of(it, replay.periods, measured, judged);
        prediction.figures.iter().map(of).collect()
    }

    fn of(
        predicted: &Predicted,
        periods: usize,
        measured: &Measured,
        judged: &dyn Fn(usize) -> bool,
    ) -> Compared {
        let figure = &predicted.of;
        let requests = Figure { what: What::Requests, name: figure.name.clone() };
        let mut few = 0;
        let pair = |period: usize| {
            let value = measured.at(figure, period)?;
            let told = (*predicted.values.get(period)?)?;
            let count = measured.at(&requests, period).filter(|_| figure.what.is_time());
            let beyond = figure.what.quantile().map_or(1.0, |it| 1.0 - it);
            if count.is_some_and(|count| count * beyond < BEYOND) || figure.what.is_time() && value <= 0.0 {
                few += 1;
                return None;
            }
            Some(Pair {
                period,
                measured: value,
                predicted: told,
                band: predicted.band(period),
                noise: predicted.noise(period, count),
                judged: judged(period),
            })
        };
        let pairs: Vec<Pair> = (0..periods).filter_map(pair).collect();
        let scale = Scale::of(figure.what);
        Compared { of: figure.clone(), scale, errors: Errors::of(scale, &pairs), pairs, few }
    }

    /// The difference of a pair.
    pub fn difference(&self, pair: &Pair) -> f64 {
        self.scale.difference(pair.measured, pair.predicted)
    }
}

impl Errors {
    fn of(scale: Scale, pairs: &[Pair]) -> Option<Errors> {
        let judged: Vec<&Pair> = pairs.iter().filter(|it| it.judged).collect();
        // Of nothing measured there is no part.
        let has = |it: &&&Pair| scale != Scale::Relative || it.measured > 0.0;
        let off: Vec<(usize, f64)> = judged
            .iter()
            .filter(has)
            .map(|it| (it.period, scale.difference(it.measured, it.predicted)))
            .collect();
        let mut sizes: Vec<f64> = off.iter().map(|it| it.1.abs()).collect();
        sizes.sort_by(f64::total_cmp);
        let (worst, largest) =
            off.iter().copied().reduce(|one, other| if other.1.abs() > one.1.abs() { other } else { one })?;
        let part = || {
            let busy = judged.iter().filter(|it| it.measured > 0.0);
            let mut parts: Vec<f64> =
                busy.map(|it| Scale::Relative.difference(it.measured, it.predicted).abs()).collect();
            parts.sort_by(f64::total_cmp);
            (scale == Scale::Points && !parts.is_empty()).then(|| middle(&parts))
        };
        Some(Errors {
            periods: off.len(),
            part: part(),
            mean: mean(&sizes),
            median: middle(&sizes),
            bias: mean(&off.iter().map(|it| it.1).collect::<Vec<_>>()),
            worst,
            largest,
            measured: judged.iter().map(|it| it.measured).sum(),
            predicted: judged.iter().map(|it| it.predicted).sum(),
        })
    }
}

/// The middle of values in order.
fn middle(sorted: &[f64]) -> f64 {
    let half = sorted.len() / 2;
    match sorted.len() % 2 {
        0 => f64::midpoint(sorted[half - 1], sorted[half]),
        _ => sorted[half],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_of_the_judged_periods() {
        let pair = |period, measured, predicted, judged| Pair {
            period,
            measured,
            predicted,
            band: None,
            noise: None,
            judged,
        };
        let pairs = [
            pair(0, 10.0, 99.0, false),
            pair(1, 10.0, 11.0, true),
            pair(2, 20.0, 16.0, true),
            pair(3, 10.0, 13.0, true),
        ];
        let found = Errors::of(Scale::Relative, &pairs).unwrap();
        let near =
            |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        near(found.mean, 0.2);
        near(found.median, 0.2);
        near(found.bias, 0.2 / 3.0);
        assert_eq!((found.periods, found.worst), (3, 3));
        near(found.largest, 0.3);
        assert_eq!((found.measured, found.predicted), (40.0, 40.0));
        near(Errors::of(Scale::Points, &pairs).unwrap().median, 3.0);
        assert!(Errors::of(Scale::Points, &pairs[..1]).is_none());
    }
}

//! What a fit compares: figures in periods. In: what was measured and what runs predict. Out: [`Row`]s, and by how much predictions miss
//! them, in units of what chance does.

use crate::backtest::{Compared, Prediction};
use crate::measured::{Figure, Measured, What};

/// What chance leaves at least of a time: clocks and histograms are no better.
const LEAST_TIME: f64 = 0.01;
/// What it leaves at least of a percentage, in points.
const LEAST_POINTS: f64 = 0.25;
/// How far off a figure is that a run does not have at all.
const GONE: f64 = 10.0;

/// A figure in a period.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) of: Figure,
    pub(super) period: usize,
    measured: f64,
    /// What chance does to it: of times a part, of percentages points.
    chance: f64,
}

impl Row {
    /// By how much its miss changes with a percentage point.
    pub(super) fn per_point(&self) -> f64 {
        1.0 / self.chance
    }
}

/// The rows that are fitted to.
pub(super) fn rows(compared: &[Compared], measured: &Measured) -> Vec<Row> {
    let used = compared.iter().filter(|it| it.of.what.is_time() || it.of.what.is_percent());
    used.flat_map(|it| it.pairs.iter().filter(|pair| pair.judged).map(move |pair| (&it.of, pair)))
        .map(|(of, pair)| {
            let requests = all_requests(measured, pair.period).unwrap_or(1_000.0).max(1.0);
            let chance = match of.what {
                what if what.is_time() => pair.noise.unwrap_or(0.1).max(LEAST_TIME),
                What::Hit => {
                    let share = (pair.measured / 100.0).clamp(0.0, 1.0);
                    100.0 * (share * (1.0 - share) / requests).sqrt() + LEAST_POINTS
                }
                // Work of requests that are spread exponentially.
                _ => (pair.measured * (2.0 / requests).sqrt()).max(LEAST_POINTS),
            };
            Row { of: of.clone(), period: pair.period, measured: pair.measured, chance }
        })
        .collect()
}

/// Requests of all classes in a period, as far as they were measured.
fn all_requests(measured: &Measured, period: usize) -> Option<f64> {
    if let Some(all) = measured.at(&Figure::of_all(What::Requests), period) {
        return Some(all);
    }
    let counts = measured.columns.iter().filter(|it| it.of.what == What::Requests);
    counts.map(|it| it.values.get(period).copied().flatten()).sum()
}

/// By how much each row is missed; `background` gives the points of a resource that are always busy.
pub(super) fn misses(rows: &[Row], prediction: &Prediction, background: &dyn Fn(&Figure) -> f64) -> Vec<f64> {
    let miss = |row: &Row| {
        let predicted = prediction.figure(&row.of).and_then(|it| *it.values.get(row.period)?);
        let Some(predicted) = predicted.filter(|it| !row.of.what.is_time() || *it > 0.0) else { return GONE };
        let off = match row.of.what.is_time() {
            true => libm::log(row.measured / predicted),
            false => row.measured - (predicted + background(&row.of)).min(100.0),
        };
        off / row.chance
    };
    rows.iter().map(miss).collect()
}

//! What a fit compares: figures in periods. In: what was measured and what runs predict. Out: [`Row`]s, and by how much predictions miss
//! them, in units of what chance does.

use std::collections::BTreeMap;

use crate::backtest::{Compared, Prediction};
use crate::measured::{Figure, Measured, What};

/// What chance leaves at least of a time: clocks and histograms are no better.
const LEAST_TIME: f64 = 0.01;
/// What it leaves at least of a percentage, in points.
const LEAST_POINTS: f64 = 0.25;
/// How far off a figure is that a run does not have at all.
const GONE: f64 = 10.0;

/// How many times as much as usual a period is missed by that has trouble of its own. An assumption: of chance alone hardly one of a thousand
/// periods with four figures is missed by three times as much as the median.
const TROUBLE: f64 = 3.0;

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
    /// By how much its miss changes with a unit of its own: a part of a time, a percentage point.
    pub(super) fn per_unit(&self) -> f64 {
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

/// The same rows, where runs that differ by chance alone are farther apart than was thought: a group that scales a minute earlier in one of
/// them has another CPU for as long. Of each figure the variance is that of three periods, so that few runs tell it.
pub(super) fn by_runs(rows: &[Row], runs: &[Prediction]) -> Vec<Row> {
    let variance = |of: &Figure, period: usize| {
        let at = |run: &Prediction| *run.figure(of)?.values.get(period)?;
        let value = |it: f64| if of.what.is_time() { libm::log(it.max(1e-9)) } else { it };
        let values: Option<Vec<f64>> = runs.iter().map(|it| at(it).map(value)).collect();
        let values = values.filter(|it| it.len() > 1)?;
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        Some(values.iter().map(|it| (it - mean) * (it - mean)).sum::<f64>() / (values.len() - 1) as f64)
    };
    let measured = |row: &Row| {
        let near: Vec<f64> = (row.period.saturating_sub(1)..=row.period + 1)
            .filter_map(|period| variance(&row.of, period))
            .collect();
        if near.is_empty() { 0.0 } else { (near.iter().sum::<f64>() / near.len() as f64).sqrt() }
    };
    rows.iter().map(|row| Row { chance: row.chance.max(measured(row)), ..row.clone() }).collect()
}

/// The same rows, where whole periods are missed by far more than the others: what went wrong there, and is not in the file, is no reason to
/// change its numbers. A period that is missed by more than so `many` times the median counts less, by weights of Huber (1964, Annals of
/// Mathematical Statistics 35), or by their squares if that is to be `strict`. With them come the periods that count less.
fn weighted(rows: &[Row], misses: &[f64], many: f64, strict: bool) -> (Vec<Row>, Vec<usize>) {
    let mut sums: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    for (row, miss) in rows.iter().zip(misses) {
        let (sum, count) = sums.entry(row.period).or_default();
        (*sum, *count) = (*sum + miss * miss, *count + 1.0);
    }
    let sizes: BTreeMap<usize, f64> =
        sums.into_iter().map(|(period, (sum, count))| (period, (sum / count).sqrt())).collect();
    let mut sorted: Vec<f64> = sizes.values().copied().collect();
    sorted.sort_by(f64::total_cmp);
    let usual = many * sorted.get(sorted.len() / 2).copied().unwrap_or(0.0).max(1.0);
    // A weight of usual / size is that of a row with so much more chance.
    let longer = |row: &Row| {
        let times = (sizes[&row.period] / usual).max(1.0);
        if strict { times } else { times.sqrt() }
    };
    let weighted = rows.iter().map(|row| Row { chance: row.chance * longer(row), ..row.clone() }).collect();
    (weighted, sizes.iter().filter(|it| *it.1 > usual).map(|it| *it.0).collect())
}

/// While a way is looked for: about as the sum of sizes and not of squares does, which half of the periods but one cannot bend for good.
pub(super) fn bent_little(rows: &[Row], misses: &[f64]) -> Vec<Row> {
    weighted(rows, misses, 1.0, true).0
}

/// At the end: only what is really out of line counts less.
pub(super) fn without_trouble(rows: &[Row], misses: &[f64]) -> (Vec<Row>, Vec<usize>) {
    weighted(rows, misses, TROUBLE, true)
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

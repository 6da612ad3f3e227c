//! What a step of each parameter changes in each figure. In: runs of candidates. Out: a slope for each row and parameter, in units of what
//! chance does to the row.
//!
//! Differences of two runs are slopes and chance, even under the same seeds: a law of another shape takes other random numbers. So at the end
//! steps go both ways, and of each figure the slopes are smooth over its own size: how much a percentile hangs on a demand changes with the
//! load, and hardly from one period to the next with the same load. Chance that is left in slopes would make numbers look better known than
//! they are.

use super::CalibrateError;
use super::matrix::{Symmetric, dot};
use super::place::Place;
use crate::backtest::Prediction;

/// Periods from which on a figure has slopes that are smooth, for each coefficient of the smooth line.
const ENOUGH: usize = 4;

/// Steps of a slope both ways: of a longer one chance is a smaller part.
const BOTH_WAYS: f64 = 2.0;

/// By how much a parameter is changed: away from the end that it may be at.
fn step(at: &Place<'_>, values: &[f64], parameter: usize) -> f64 {
    let sort = at.parameters[parameter].sort;
    let step = sort.step();
    if values[parameter] + step > sort.ends().1 { -step } else { step }
}

fn with(values: &[f64], parameter: usize, by: f64) -> Vec<f64> {
    let mut moved = values.to_vec();
    moved[parameter] += by;
    moved
}

/// What is always busy needs no run: a point more is a point more.
fn always_busy(at: &Place<'_>, parameter: usize) -> Option<Vec<f64>> {
    let of = at.parameters[parameter].of.as_ref()?;
    let by = |row: &super::rows::Row| if row.of == *of { row.per_unit() } else { 0.0 };
    Some(at.rows.iter().map(by).collect())
}

/// Slopes by steps ahead, which cost one candidate each: good enough to find the way.
pub(super) fn ahead(at: &Place<'_>, values: &[f64], now: &[f64]) -> Result<Vec<Vec<f64>>, CalibrateError> {
    let simulated: Vec<usize> = simulated(at);
    let candidates: Vec<Vec<f64>> =
        simulated.iter().map(|it| with(values, *it, step(at, values, *it))).collect();
    let predictions = at.bench.predict(at.parameters, &candidates)?;
    let column = |parameter: usize| {
        let index = simulated.iter().position(|it| *it == parameter)?;
        let other = at.misses(&candidates[index], predictions[index].as_ref()?);
        let by = step(at, values, parameter);
        // A miss falls as the prediction rises.
        Some(now.iter().zip(other).map(|(now, other)| (now - other) / by).collect())
    };
    Ok(table(at, &column))
}

/// Slopes by steps both ways under the given seeds, smooth over the size of each figure.
pub(super) fn both_ways(
    at: &Place<'_>,
    values: &[f64],
    seeds: &[u64],
    here: &Prediction,
) -> Result<Vec<Vec<f64>>, CalibrateError> {
    let simulated: Vec<usize> = simulated(at);
    let sort = |it: usize| at.parameters[it].sort;
    let low = |it: usize| sort(it).ends().0.max(values[it] - BOTH_WAYS * sort(it).step());
    let high = |it: usize| sort(it).ends().1.min(values[it] + BOTH_WAYS * sort(it).step());
    let candidates: Vec<Vec<f64>> = simulated
        .iter()
        .flat_map(|it| [low(*it), high(*it)].map(|to| with(values, *it, to - values[*it])))
        .collect();
    let predictions = at.bench.predict_under(seeds, at.parameters, &candidates)?;
    let column = |parameter: usize| {
        let index = 2 * simulated.iter().position(|it| *it == parameter)?;
        let below = at.misses(&candidates[index], predictions[index].as_ref()?);
        let above = at.misses(&candidates[index + 1], predictions[index + 1].as_ref()?);
        let by = high(parameter) - low(parameter);
        let raw: Vec<f64> = below.iter().zip(above).map(|(below, above)| (below - above) / by).collect();
        Some(smooth(at, here, &raw))
    };
    Ok(table(at, &column))
}

fn simulated(at: &Place<'_>) -> Vec<usize> {
    at.moving.iter().copied().filter(|it| at.parameters[*it].of.is_none()).collect()
}

/// A row of slopes for each row of figures; those of a candidate that makes no scenario are nothing.
fn table(at: &Place<'_>, column: &dyn Fn(usize) -> Option<Vec<f64>>) -> Vec<Vec<f64>> {
    let columns: Vec<Option<Vec<f64>>> =
        at.moving.iter().map(|it| always_busy(at, *it).or_else(|| column(*it))).collect();
    let of = |row: usize| columns.iter().map(|it| it.as_ref().map_or(0.0, |it| it[row])).collect();
    (0..at.rows.len()).map(of).collect()
}

/// Slopes of each figure as a parabola of its predicted size; as they are where there are too few periods for one.
fn smooth(at: &Place<'_>, here: &Prediction, raw: &[f64]) -> Vec<f64> {
    let mut smooth = raw.to_vec();
    let mut done: Vec<&crate::measured::Figure> = Vec::new();
    for row in at.rows {
        if done.contains(&&row.of) {
            continue;
        }
        done.push(&row.of);
        let mine: Vec<usize> = (0..at.rows.len()).filter(|it| at.rows[*it].of == row.of).collect();
        let size = |it: &usize| {
            let row = &at.rows[*it];
            let predicted = here.figure(&row.of).and_then(|it| *it.values.get(row.period)?);
            let size = predicted.unwrap_or(0.0);
            if row.of.what.is_time() { libm::log(size.max(1e-9)) } else { size }
        };
        let sizes: Vec<f64> = mine.iter().map(size).collect();
        // In units of the figure, where a slope does not hang on how many requests a period has.
        let slopes: Vec<f64> = mine.iter().map(|it| raw[*it] / at.rows[*it].per_unit()).collect();
        for (it, slope) in mine.iter().zip(parabola(&sizes, &slopes)) {
            smooth[*it] = slope * at.rows[*it].per_unit();
        }
    }
    smooth
}

/// The values of the parabola through these points, by least squares; a line or a level where there are few of them.
fn parabola(x: &[f64], y: &[f64]) -> Vec<f64> {
    let count = x.len().max(1) as f64;
    let mean = x.iter().sum::<f64>() / count;
    let spread = (x.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count).sqrt().max(1e-12);
    for size in [3_usize, 2, 1] {
        if x.len() < ENOUGH * size {
            continue;
        }
        let powers = |x: &f64| {
            let z = (x - mean) / spread;
            [1.0, z, z * z][..size].to_vec()
        };
        let mut products = Symmetric::zero(size);
        let mut right = vec![0.0; size];
        for (x, y) in x.iter().zip(y) {
            products.add_square(&powers(x), 1.0);
            right.iter_mut().zip(powers(x)).for_each(|(sum, power)| *sum += power * y);
        }
        if let Some(found) = products.solve(&right) {
            return x.iter().map(|x| dot(&powers(x), &found)).collect();
        }
    }
    y.to_vec()
}

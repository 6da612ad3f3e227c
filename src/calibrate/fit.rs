//! The second step: numbers of the file are changed until runs do what was measured. In: parameters, and a recorded day. Out: [`Found`]: their
//! values with standard errors.
//!
//! Least squares after Levenberg and Marquardt (Marquardt 1963, SIAM Journal 11) over figures in periods, each in units of what chance does
//! to it. Every candidate is run under the same seeds (common random numbers), so that the difference of two of them is hardly by chance, and
//! finite differences are slopes. Standard errors are of the jackknife over periods, from the slopes at the end: percentiles of one period hang
//! together, and so does what chance has done in the runs; from period to period they do not.

use std::path::Path;

use rayon::prelude::*;

use super::CalibrateError;
use super::dial::Dial;
use super::matrix::{Symmetric, dot};
use super::parameter::{Parameter, settings};
use super::rows::{Row, misses};
use crate::backtest::{BacktestError, Played, Prediction, Replay};
use crate::ensemble::Told;
use crate::guard::{Guard, Reason};
use crate::machine::{Threads, cores};
use crate::measured::Figure;
use crate::scenario;

/// Most steps of a fit.
const STEPS: usize = 12;
/// Tries of a step, each more careful.
const TRIES: usize = 4;
/// Part by which a step has to be better, so that it is worth another one.
const BETTER: f64 = 2e-3;
/// Part of its standard error by which every parameter moves less at the end.
const SETTLED: f64 = 0.1;
/// Farthest that a parameter goes in a step, on its scale.
const FARTHEST: f64 = 0.7;

/// Where candidates are run.
pub(super) struct Bench<'a> {
    pub(super) file: &'a Path,
    pub(super) overrides: &'a [String],
    pub(super) replay: &'a Replay,
    pub(super) dials: &'a [Dial],
    pub(super) seeds: &'a [u64],
    pub(super) threads: Threads,
    pub(super) guard: &'a Guard,
    pub(super) tell: &'a (dyn Fn(Told) + Sync),
    /// Runs that were made.
    pub(super) made: std::sync::atomic::AtomicUsize,
}

/// What a fit has found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// The value of each parameter, on its scale.
    pub(super) values: Vec<f64>,
    /// Covariance of these values; absent where they cannot be told apart at all.
    pub(super) covariance: Option<Symmetric>,
    /// Sums of squares of slopes: what the rows say of each value.
    pub(super) information: Symmetric,
    /// Periods less parameters.
    pub(super) freedom: usize,
    /// Mean square of misses, in units of what chance does.
    pub(super) misfit: f64,
}

impl<'a> Bench<'a> {
    pub(super) fn threads(
        replay: &Replay,
        threads: Option<usize>,
        guard: &Guard,
    ) -> Result<Threads, CalibrateError> {
        let room = guard.admits(crate::model::footprint(&replay.scenario)).max(1);
        let threads = threads.unwrap_or_else(cores).min(room).max(1);
        Ok(Threads::new(threads).map_err(BacktestError::from)?)
    }

    /// What runs predict with each list of values, side by side; nothing of values that make no scenario.
    pub(super) fn predict(
        &self,
        parameters: &[Parameter],
        candidates: &[Vec<f64>],
    ) -> Result<Vec<Option<Prediction>>, CalibrateError> {
        let replay = |values: &Vec<f64>| {
            let settings = settings(self.dials, parameters, values);
            let changes = self.dials.iter().zip(settings).flat_map(|(dial, setting)| dial.overrides(setting));
            let overrides: Vec<String> = self.overrides.iter().cloned().chain(changes).collect();
            Some(self.replay.with(&scenario::load(self.file, &overrides).ok()?))
        };
        let replays: Vec<Option<Replay>> = candidates.iter().map(replay).collect();
        let jobs: Vec<(&Replay, u64)> =
            replays.iter().flatten().flat_map(|it| self.seeds.iter().map(move |seed| (it, *seed))).collect();
        let run = |(replay, seed): &(&Replay, u64)| replay.play(*seed, self.guard, self.tell);
        let played: Option<Vec<Played>> =
            self.threads.install(|| jobs.par_iter().with_max_len(1).map(run).collect());
        let stopped = || BacktestError::Stopped(self.guard.reason().unwrap_or(Reason::Signal(2)));
        let played = played.ok_or_else(stopped)?;
        self.made.fetch_add(played.len(), std::sync::atomic::Ordering::Relaxed);
        let mut runs = played.chunks(self.seeds.len().max(1));
        let together = |it: &Option<Replay>| Some(Prediction::of(it.as_ref()?, runs.next()?));
        Ok(replays.iter().map(together).collect())
    }
}

/// The points of a resource that are always busy, by values of parameters.
pub(super) fn background<'p>(parameters: &'p [Parameter], values: &'p [f64]) -> impl Fn(&Figure) -> f64 + 'p {
    move |of: &Figure| {
        let found = parameters.iter().zip(values).find(|(it, _)| it.of.as_ref() == Some(of));
        found.map_or(0.0, |(_, value)| *value)
    }
}

fn square(misses: &[f64]) -> f64 {
    dot(misses, misses)
}

/// Changes the parameters until nothing is gained; those that are not `free` stay.
pub(super) fn fit(
    bench: &Bench<'_>,
    parameters: &[Parameter],
    start: &[f64],
    free: &[bool],
    rows: &[Row],
) -> Result<Found, CalibrateError> {
    let moving: Vec<usize> = (0..parameters.len()).filter(|at| free[*at]).collect();
    let miss =
        |values: &[f64], prediction: &Prediction| misses(rows, prediction, &background(parameters, values));
    let mut values = start.to_vec();
    let first = bench.predict(parameters, std::slice::from_ref(&values))?.remove(0);
    let Some(first) = first else {
        return Err(CalibrateError::Nothing { why: "the first candidate makes no scenario".into() });
    };
    let mut now = miss(&values, &first);
    let (mut damping, mut steps) = (1e-3, 0);
    loop {
        let slopes = slopes(bench, parameters, &values, &moving, rows, &now)?;
        let (square_of, gradient) = products(&slopes, &now, moving.len());
        let covariance = covariance(&slopes, &now, rows, moving.len());
        let ended = |values: Vec<f64>, now: &[f64]| Found {
            covariance: covariance.as_ref().map(|it| it.0.clone()),
            freedom: covariance.as_ref().map_or(1, |it| it.1),
            information: square_of.clone(),
            misfit: square(now) / now.len().max(1) as f64,
            values,
        };
        if steps == STEPS || moving.is_empty() {
            return Ok(ended(values, &now));
        }
        let mut taken = None;
        for _ in 0..TRIES {
            // A direction in which nothing changes is left where it is.
            let step = square_of.damped(damping).solve(&gradient);
            let Some(step) = step else {
                damping = (damping * 10.0).max(1e-2);
                continue;
            };
            let mut candidate = values.clone();
            for (place, at) in moving.iter().enumerate() {
                let (low, high) = parameters[*at].sort.ends();
                let far = if parameters[*at].of.is_some() { 10.0 * FARTHEST } else { FARTHEST };
                candidate[*at] = (values[*at] + step[place].clamp(-far, far)).clamp(low, high);
            }
            let prediction = bench.predict(parameters, std::slice::from_ref(&candidate))?.remove(0);
            let found = prediction.map(|it| miss(&candidate, &it));
            match found.filter(|it| square(it) < square(&now)) {
                Some(found) => {
                    damping = (damping / 5.0).max(1e-6);
                    taken = Some((candidate, found));
                    break;
                }
                None => damping = (damping * 8.0).max(1e-2),
            }
        }
        let Some((candidate, found)) = taken else { return Ok(ended(values, &now)) };
        steps += 1;
        let error = |place: usize| covariance.as_ref().map_or(0.0, |it| it.0.at(place, place).sqrt());
        let is_settled = moving
            .iter()
            .enumerate()
            .all(|(place, at)| (candidate[*at] - values[*at]).abs() < SETTLED * error(place));
        let gained = 1.0 - square(&found) / square(&now).max(1e-300);
        (values, now) = (candidate, found);
        if is_settled || gained < BETTER {
            return Ok(ended(values, &now));
        }
    }
}

/// Of each row what a step of each moving parameter changes in it.
fn slopes(
    bench: &Bench<'_>,
    parameters: &[Parameter],
    values: &[f64],
    moving: &[usize],
    rows: &[Row],
    now: &[f64],
) -> Result<Vec<Vec<f64>>, CalibrateError> {
    let step = |at: usize| {
        let step = parameters[at].sort.step();
        // Away from the end that it may be at.
        if values[at] + step > parameters[at].sort.ends().1 { -step } else { step }
    };
    let moved = |at: &usize| {
        let mut moved = values.to_vec();
        moved[*at] += step(*at);
        moved
    };
    let simulated: Vec<usize> = moving.iter().copied().filter(|at| parameters[*at].of.is_none()).collect();
    let candidates: Vec<Vec<f64>> = simulated.iter().map(moved).collect();
    let predictions = bench.predict(parameters, &candidates)?;
    let mut slopes = vec![vec![0.0; moving.len()]; rows.len()];
    for (place, at) in moving.iter().enumerate() {
        let other = match simulated.iter().position(|it| it == at) {
            Some(index) => predictions[index]
                .as_ref()
                .map(|it| misses(rows, it, &background(parameters, &candidates[index]))),
            // What is always busy needs no run.
            None => {
                let by = |row: &Row| if parameters[*at].of.as_ref() == Some(&row.of) { 1.0 } else { 0.0 };
                let unit = step(*at);
                Some(rows.iter().zip(now).map(|(row, now)| now - unit * by(row) * row.per_point()).collect())
            }
        };
        let Some(other) = other else { continue };
        for ((row, other), now) in slopes.iter_mut().zip(&other).zip(now) {
            // A miss falls as the prediction rises.
            row[place] = (now - other) / step(*at);
        }
    }
    Ok(slopes)
}

fn products(slopes: &[Vec<f64>], now: &[f64], size: usize) -> (Symmetric, Vec<f64>) {
    let mut square_of = Symmetric::zero(size);
    let mut gradient = vec![0.0; size];
    for (slope, miss) in slopes.iter().zip(now) {
        square_of.add_square(slope, 1.0);
        gradient.iter_mut().zip(slope).for_each(|(sum, slope)| *sum += slope * miss);
    }
    (square_of, gradient)
}

/// The covariance by the jackknife over periods, of one step from the end without each of them; with periods less parameters.
fn covariance(slopes: &[Vec<f64>], now: &[f64], rows: &[Row], size: usize) -> Option<(Symmetric, usize)> {
    let mut periods: Vec<usize> = rows.iter().map(|it| it.period).collect();
    periods.sort_unstable();
    periods.dedup();
    let freedom = periods.len().checked_sub(size).filter(|it| *it > 0)?;
    let (all, gradient) = products(slopes, now, size);
    all.inverse()?;
    let mut moved: Vec<Vec<f64>> = Vec::new();
    for period in &periods {
        let mine = (0..rows.len()).filter(|at| rows[*at].period == *period);
        let (mut without, mut rest) = (all.clone(), gradient.clone());
        for at in mine {
            let mut own = Symmetric::zero(size);
            own.add_square(&slopes[at], 1.0);
            without = without.plus(-1.0, &own);
            rest.iter_mut().zip(&slopes[at]).for_each(|(sum, slope)| *sum -= slope * now[at]);
        }
        moved.push(without.solve(&rest)?);
    }
    let count = moved.len() as f64;
    let mean: Vec<f64> = (0..size).map(|at| moved.iter().map(|it| it[at]).sum::<f64>() / count).collect();
    let mut covariance = Symmetric::zero(size);
    for step in &moved {
        let off: Vec<f64> = step.iter().zip(&mean).map(|(step, mean)| step - mean).collect();
        covariance.add_square(&off, (count - 1.0) / count);
    }
    Some((covariance, freedom))
}

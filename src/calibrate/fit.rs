//! The second step: numbers of the file are changed until runs do what was measured. In: parameters, and a recorded day. Out: [`Found`]: their
//! values with standard errors.
//!
//! Least squares after Levenberg and Marquardt (Marquardt 1963, SIAM Journal 11) over figures in periods, each in units of what chance does
//! to it. Every candidate is run under the same seeds (common random numbers), so that the difference of two of them is hardly by chance, and
//! finite differences are slopes. That is how the way is found; the end of it, and how far off it may be, is [`super::refine`].

use std::path::Path;

use rayon::prelude::*;

use super::CalibrateError;
use super::dial::Dial;
use super::matrix::{Symmetric, dot};
use super::parameter::{Parameter, settings};
use super::rows::{Row, bent_little, misses};
use super::{jackknife, refine, slopes};
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

/// Runs of one candidate.
struct Runs {
    replay: Replay,
    played: Vec<Played>,
}

impl Runs {
    /// What they predict together.
    fn together(&self) -> Prediction {
        Prediction::of(&self.replay, &self.played)
    }
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
    /// Periods that are missed by far more than the others, and count less.
    pub(super) trouble: Vec<usize>,
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
        self.predict_under(self.seeds, parameters, candidates)
    }

    /// The same under seeds of their own.
    pub(super) fn predict_under(
        &self,
        seeds: &[u64],
        parameters: &[Parameter],
        candidates: &[Vec<f64>],
    ) -> Result<Vec<Option<Prediction>>, CalibrateError> {
        let played = self.play(seeds, parameters, candidates)?;
        Ok(played.iter().map(|it| Some(it.as_ref()?.together())).collect())
    }

    /// What all runs of some values predict together, and what each of them does.
    pub(super) fn predict_each(
        &self,
        seeds: &[u64],
        parameters: &[Parameter],
        values: &[f64],
    ) -> Result<(Prediction, Vec<Prediction>), CalibrateError> {
        let played = self.play(seeds, parameters, &[values.to_vec()])?.remove(0);
        let why = || CalibrateError::Nothing { why: "the values of the fit make no scenario".into() };
        let runs = played.ok_or_else(why)?;
        let one = |it| Prediction::of(&runs.replay, std::slice::from_ref(it));
        Ok((runs.together(), runs.played.iter().map(one).collect()))
    }

    fn play(
        &self,
        seeds: &[u64],
        parameters: &[Parameter],
        candidates: &[Vec<f64>],
    ) -> Result<Vec<Option<Runs>>, CalibrateError> {
        let replay = |values: &Vec<f64>| {
            let settings = settings(self.dials, parameters, values);
            let changes = self.dials.iter().zip(settings).flat_map(|(dial, setting)| dial.overrides(setting));
            let overrides: Vec<String> = self.overrides.iter().cloned().chain(changes).collect();
            Some(self.replay.with(&scenario::load(self.file, &overrides).ok()?))
        };
        let replays: Vec<Option<Replay>> = candidates.iter().map(replay).collect();
        let jobs: Vec<(&Replay, u64)> =
            replays.iter().flatten().flat_map(|it| seeds.iter().map(move |seed| (it, *seed))).collect();
        let run = |(replay, seed): &(&Replay, u64)| replay.play(*seed, self.guard, self.tell);
        let played: Option<Vec<Played>> =
            self.threads.install(|| jobs.par_iter().with_max_len(1).map(run).collect());
        let stopped = || BacktestError::Stopped(self.guard.reason().unwrap_or(Reason::Signal(2)));
        let mut played = played.ok_or_else(stopped)?.into_iter();
        self.made.fetch_add(played.len(), std::sync::atomic::Ordering::Relaxed);
        let mut of = |replay: Replay| Runs { replay, played: played.by_ref().take(seeds.len()).collect() };
        Ok(replays.into_iter().map(|it| it.map(&mut of)).collect())
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

/// What is fitted to what.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) bench: &'a Bench<'a>,
    pub(super) parameters: &'a [Parameter],
    /// The parameters that move.
    pub(super) moving: &'a [usize],
    pub(super) rows: &'a [Row],
}

impl Place<'_> {
    /// By how much each row is missed by a prediction with these values.
    pub(super) fn misses(&self, values: &[f64], prediction: &Prediction) -> Vec<f64> {
        misses(self.rows, prediction, &background(self.parameters, values))
    }

    /// Values after a step of those that move, which is not farther than the model can be trusted.
    pub(super) fn moved(&self, values: &[f64], step: &[f64]) -> Vec<f64> {
        let mut moved = values.to_vec();
        for (step, at) in step.iter().zip(self.moving) {
            let parameter = &self.parameters[*at];
            let (low, high) = parameter.sort.ends();
            let far = if parameter.of.is_some() { 10.0 * FARTHEST } else { FARTHEST };
            moved[*at] = (values[*at] + step.clamp(-far, far)).clamp(low, high);
        }
        moved
    }
}

/// Changes the parameters until nothing is gained; those that are not `free` stay, and of those that are `left` the true value is not known.
pub(super) fn fit(
    bench: &Bench<'_>,
    parameters: &[Parameter],
    start: &[f64],
    free: &[bool],
    left: &[usize],
    rows: &[Row],
) -> Result<Found, CalibrateError> {
    let moving: Vec<usize> = (0..parameters.len()).filter(|at| free[*at]).collect();
    let all = Place { bench, parameters, moving: &moving, rows };
    let mut values = start.to_vec();
    let first = bench.predict(parameters, std::slice::from_ref(&values))?.remove(0);
    let Some(mut here) = first else {
        return Err(CalibrateError::Nothing { why: "the first candidate makes no scenario".into() });
    };
    let (mut damping, mut steps) = (1e-3, 0);
    while steps < STEPS && !moving.is_empty() {
        let rows = bent_little(rows, &all.misses(&values, &here));
        let at = Place { rows: &rows, ..all };
        let now = at.misses(&values, &here);
        let slopes = slopes::ahead(&at, &values, &now)?;
        let (square_of, gradient) = products(&slopes, &now, moving.len());
        let mut taken = None;
        for _ in 0..TRIES {
            // A direction in which nothing changes is left where it is.
            let step = square_of.damped(damping).solve(&gradient);
            let Some(step) = step else {
                damping = (damping * 10.0).max(1e-2);
                continue;
            };
            let candidate = at.moved(&values, &step);
            let prediction = bench.predict(parameters, std::slice::from_ref(&candidate))?.remove(0);
            let found = prediction.map(|it| (square(&at.misses(&candidate, &it)), it));
            match found.filter(|it| it.0 < square(&now)) {
                Some((square, found)) => {
                    damping = (damping / 5.0).max(1e-6);
                    taken = Some((candidate, square, found));
                    break;
                }
                None => damping = (damping * 8.0).max(1e-2),
            }
        }
        let Some((candidate, after, found)) = taken else { break };
        steps += 1;
        let covariance = jackknife::covariance(&slopes, &now, &rows, moving.len());
        let error = |place: usize| covariance.as_ref().map_or(0.0, |it| it.matrix.at(place, place).sqrt());
        let is_settled = moving
            .iter()
            .enumerate()
            .all(|(place, at)| (candidate[*at] - values[*at]).abs() < SETTLED * error(place));
        let gained = 1.0 - after / square(&now).max(1e-300);
        (values, here) = (candidate, found);
        if is_settled || gained < BETTER {
            break;
        }
    }
    refine::last_steps(&all, left, values)
}

pub(super) fn products(slopes: &[Vec<f64>], now: &[f64], size: usize) -> (Symmetric, Vec<f64>) {
    let mut square_of = Symmetric::zero(size);
    let mut gradient = vec![0.0; size];
    for (slope, miss) in slopes.iter().zip(now) {
        square_of.add_square(slope, 1.0);
        gradient.iter_mut().zip(slope).for_each(|(sum, slope)| *sum += slope * miss);
    }
    (square_of, gradient)
}

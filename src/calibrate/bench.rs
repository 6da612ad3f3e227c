//! Runs of candidates. In: values of parameters, and seeds. Out: what runs with these values predict, side by side.

use std::path::Path;

use rayon::prelude::*;

use super::CalibrateError;
use super::dial::Dial;
use super::parameter::{Parameter, settings};
use crate::backtest::{BacktestError, Played, Prediction, Replay};
use crate::ensemble::Told;
use crate::guard::{Guard, Reason};
use crate::machine::{Threads, cores};
use crate::scenario;

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

//! Many seeds of one scenario side by side, on all cores.
//!
//! In: a scenario, a seed, a number of runs. Out: one [`Outcome`] with intervals over the runs. Runs are simulated in
//! waves of as many as there are threads and merged in the order of their seeds, whoever finishes first, so the
//! outcome is the same bytes for any number of threads. Memory holds one wave and the sum of all that went before.

mod precision;

use rayon::prelude::*;

pub use precision::{FEWEST_RUNS, PrecisionError, Target};

use crate::model;
use crate::outcome::Outcome;
use crate::outcome::runs::Runs;
use crate::rng::seed_of_run;
use crate::scenario::Scenario;
use crate::units::Time;

/// Why runs could not begin.
#[derive(Debug, thiserror::Error)]
#[error("cannot start threads")]
pub struct ThreadsError(#[from] rayon::ThreadPoolBuildError);

/// What is told while runs are simulated, from any thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// So many runs are planned in all by now.
    Planned(usize),
    /// So much more time of the event has been simulated.
    Simulated(Time),
}

/// Runs of a scenario under the seeds that follow from one.
pub struct Ensemble<'a> {
    scenario: &'a Scenario,
    seed: u64,
    threads: rayon::ThreadPool,
    progress: &'a (dyn Fn(Told) + Sync),
    runs: Runs<'a>,
}

impl std::fmt::Debug for Ensemble<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ensemble").field("seed", &self.seed).field("runs", &self.runs).finish_non_exhaustive()
    }
}

impl<'a> Ensemble<'a> {
    /// No runs yet. The first run will have the seed itself, the others [`seed_of_run`]; without a number of
    /// threads there are as many as cores. `targets` are followed beside what every outcome tells.
    ///
    /// # Errors
    /// The threads cannot be started.
    pub fn new(
        scenario: &'a Scenario,
        seed: u64,
        threads: Option<usize>,
        targets: &[Target],
        progress: &'a (dyn Fn(Told) + Sync),
    ) -> Result<Ensemble<'a>, ThreadsError> {
        // Zero stands for the number of cores.
        let threads = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0)).build()?;
        let followed: Vec<_> = targets.iter().map(|target| target.quantity.clone()).collect();
        Ok(Ensemble { scenario, seed, threads, progress, runs: Runs::new(scenario, &followed) })
    }

    /// Simulates until there are so many runs.
    pub fn extend_to(&mut self, count: usize) {
        (self.progress)(Told::Planned(count));
        while self.runs.count() < count {
            let from = self.runs.count();
            let wave = (from..count).take(self.threads.current_num_threads());
            let seeds: Vec<u64> = wave.map(|run| seed_of_run(self.seed, run)).collect();
            let (scenario, progress) = (self.scenario, self.progress);
            let simulate = |&seed: &u64| (seed, simulate(scenario, seed, progress));
            let done: Vec<_> = self.threads.install(|| seeds.par_iter().map(simulate).collect());
            for (seed, measured) in done {
                self.runs.add(seed, measured);
            }
        }
    }

    /// The runs so far.
    pub fn runs(&self) -> &Runs<'a> {
        &self.runs
    }

    /// The outcome of the runs so far.
    ///
    /// # Panics
    /// Without a run.
    pub fn outcome(&self) -> Outcome {
        self.runs.outcome()
    }
}

fn simulate(scenario: &Scenario, seed: u64, progress: &(dyn Fn(Told) + Sync)) -> model::Measured {
    let mut told = Time::ZERO;
    let mut tell = |now: Time| {
        progress(Told::Simulated(now - told));
        told = now;
    };
    let measured = model::run(scenario, seed, &mut tell);
    tell(scenario.duration);
    measured
}

//! Runs one scenario with many seeds, on all cores.
//!
//! In: a scenario, a seed, a number of runs. Out: one [`Outcome`] with intervals over the runs. Runs are simulated in
//! waves, one run per thread, and merged in the order of their seeds, in whatever order they finish: the
//! outcome is the same bytes for any number of threads. Memory holds one wave and the sum of all earlier ones.

mod interruption;
mod precision;

use std::ops::ControlFlow;

use rayon::prelude::*;

pub use crate::machine::ThreadsError;
pub use interruption::Interruption;
pub use precision::{FEWEST_RUNS, PrecisionError, Target};

use crate::guard::Guard;
use crate::machine::Threads;
use crate::model;
use crate::objective::quantity::Quantity;
use crate::outcome::Outcome;
use crate::outcome::runs::Runs;
use crate::own::OwnError;
use crate::rng::seed_of_run;
use crate::scenario::Scenario;
use crate::units::Time;

/// Progress that is reported while runs are simulated, from any thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Number of runs planned so far.
    Planned(usize),
    /// More time of the event has been simulated, by this much.
    Simulated(Time),
}

/// Runs of a scenario, with seeds that follow from one seed.
pub struct Ensemble<'a> {
    scenario: &'a Scenario,
    seed: u64,
    threads: Threads,
    progress: &'a (dyn Fn(Told) + Sync),
    guard: Option<&'a Guard>,
    runs: Runs<'a>,
    interruption: Option<Interruption>,
    broken: Option<Box<OwnError>>,
}

impl std::fmt::Debug for Ensemble<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ensemble").field("seed", &self.seed).field("runs", &self.runs).finish_non_exhaustive()
    }
}

impl<'a> Ensemble<'a> {
    /// An ensemble without runs. The first run will have the seed itself, the others [`seed_of_run`]; by default there
    /// are as many threads as cores. `targets` are recorded in addition to the figures of every outcome.
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
        // Zero means the number of cores.
        let threads = Threads::new(threads.unwrap_or(0))?;
        let followed: Vec<_> = targets.iter().map(|target| target.quantity.clone()).collect();
        let runs = Runs::new(scenario, &followed);
        Ok(Ensemble {
            scenario,
            seed,
            threads,
            progress,
            guard: None,
            runs,
            interruption: None,
            broken: None,
        })
    }

    /// Lets `guard` end the runs, and stop further ones from starting.
    #[must_use]
    pub fn guarded(self, guard: &'a Guard) -> Ensemble<'a> {
        Ensemble { guard: Some(guard), ..self }
    }

    /// Also follows these quantities, so that they are among the estimates; to be said before the first run.
    #[must_use]
    pub fn following(self, further: &[Quantity]) -> Ensemble<'a> {
        Ensemble { runs: Runs::new(self.scenario, further), ..self }
    }

    /// Keeps what saturated in each run, for [`Runs::saturated`].
    #[must_use]
    pub fn keeping_saturated(mut self) -> Ensemble<'a> {
        self.runs.keep_saturated();
        self
    }

    /// Simulates until there are `count` runs, or until they are interrupted: see [`Ensemble::interruption`].
    pub fn extend_to(&mut self, count: usize) {
        (self.progress)(Told::Planned(count));
        while self.runs.count() < count && self.interruption.is_none() && self.broken.is_none() {
            let from = self.runs.count();
            let at_once = self.threads.count().min(self.admitted());
            let seeds: Vec<u64> =
                (from..count).take(at_once).map(|run| seed_of_run(self.seed, run)).collect();
            let (scenario, progress, guard) = (self.scenario, self.progress, self.guard);
            let simulate = |&seed: &u64| (seed, simulate(scenario, seed, progress, guard));
            let done: Vec<_> = self.threads.install(|| seeds.par_iter().map(simulate).collect());
            for (seed, (mut measured, cut)) in done {
                // Of several, that of the first seed is told, whatever the number of threads.
                self.broken = measured.broken.take();
                if self.broken.is_some() {
                    break;
                }
                match (&self.interruption, cut) {
                    (None, None) => self.runs.add(seed, measured),
                    (None, Some(cut)) => self.interrupt(seed, Some((measured, cut)), count),
                    // A run after an interrupted one would leave a gap among the seeds.
                    (Some(_), _) => {}
                }
            }
            if seeds.is_empty() {
                self.interrupt(self.seed, None, count);
            }
        }
    }

    /// How many runs fit into the allowed memory, before their first events.
    fn admitted(&self) -> usize {
        self.guard.map_or(usize::MAX, |guard| guard.admits(model::footprint(self.scenario)))
    }

    /// Why there are fewer runs than asked for, if the guard has ended them.
    pub fn interruption(&self) -> Option<&Interruption> {
        self.interruption.as_ref()
    }

    /// What is wrong with what a program brought to the runs: then their outcome says nothing.
    pub fn broken(&self) -> Option<&OwnError> {
        self.broken.as_deref()
    }

    /// Like [`Ensemble::interruption`], by value.
    pub fn into_interruption(self) -> Option<Interruption> {
        self.interruption
    }

    /// The runs so far.
    pub fn runs(&self) -> &Runs<'a> {
        &self.runs
    }

    /// The outcome of the runs so far.
    ///
    /// # Panics
    /// If there is no run.
    pub fn outcome(&self) -> Outcome {
        self.runs.outcome()
    }
}

fn simulate(
    scenario: &Scenario,
    seed: u64,
    progress: &(dyn Fn(Told) + Sync),
    guard: Option<&Guard>,
) -> (model::Measured, Option<model::Cut>) {
    let mut told = Time::ZERO;
    let mut tell = |now: Time| {
        progress(Told::Simulated(now - told));
        told = now;
    };
    let mut watch = |now: Time| {
        tell(now);
        guard.map_or(ControlFlow::Continue(()), Guard::flow)
    };
    let (measured, cut) = model::run_while(scenario, seed, &mut watch);
    if cut.is_none() {
        tell(scenario.duration);
    }
    (measured, cut)
}

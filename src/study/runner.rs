//! Runs of a study on all cores. In: scenarios with their keys, and seeds. Out: what is kept of each run, from the store if it is there.
//!
//! All runs of all points share the cores: none waits until the others of its point are done. The order in which they end does not
//! matter, because each is kept under its own address.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::grid::{Point, Study};
use super::key::Key;
use super::store::{Store, StoreError};
use crate::ensemble::{ThreadsError, Told};
use crate::guard::{Guard, Reason};
use crate::machine::{Threads, cores};
use crate::model;
use crate::outcome::digest::{Digest, digest};
use crate::scenario::{Scenario, ScenarioError};
use crate::units::Time;

/// Runs that were ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the runs were ended: {reason}")]
pub struct Stopped {
    /// Why.
    pub reason: Reason,
    /// Runs that are done, those that were found among them.
    pub done: usize,
}

/// Why runs are not done.
#[derive(Debug, thiserror::Error)]
pub enum RunnerError {
    /// They were ended by a limit or a signal; what is done is kept.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// A run could not be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The scenario of a point could be read before, and cannot now.
    #[error(transparent)]
    Scenario(#[from] Box<ScenarioError>),
    /// The files of a scenario have changed since the study began.
    #[error("`{file}` has changed since the study began")]
    Changed {
        /// The file.
        file: String,
    },
    /// Threads cannot be started.
    #[error(transparent)]
    Threads(#[from] ThreadsError),
}

/// Where runs are made.
pub struct Runner<'a> {
    threads: Threads,
    store: Option<Store>,
    guard: &'a Guard,
    progress: &'a (dyn Fn(Told) + Sync),
    made: AtomicUsize,
    found: AtomicUsize,
}

impl std::fmt::Debug for Runner<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runner").field("store", &self.store).field("made", &self.made).finish_non_exhaustive()
    }
}

impl<'a> Runner<'a> {
    /// A runner on so many threads, or as there are cores, but not more than have room for runs of such a scenario. What it makes goes
    /// to the store, if there is one.
    ///
    /// # Errors
    /// Threads cannot be started, or not even one run has room.
    pub fn new(
        like: &Scenario,
        threads: Option<usize>,
        store: Option<Store>,
        guard: &'a Guard,
        progress: &'a (dyn Fn(Told) + Sync),
    ) -> Result<Runner<'a>, RunnerError> {
        let room = guard.admits(model::footprint(like));
        if let (0, Some(reason)) = (room, guard.reason()) {
            return Err(Stopped { reason, done: 0 }.into());
        }
        let threads = threads.unwrap_or_else(cores).min(room).max(1);
        let threads = Threads::new(threads)?;
        Ok(Runner { threads, store, guard, progress, made: 0.into(), found: 0.into() })
    }

    /// Runs that were simulated.
    pub fn made(&self) -> usize {
        self.made.load(Ordering::Relaxed)
    }

    /// Runs that were in the store.
    pub fn found(&self) -> usize {
        self.found.load(Ordering::Relaxed)
    }

    /// Does something for each of a list on all cores; the results are in the order of the list.
    ///
    /// # Errors
    /// The first error in the order of the list; whatever was going on is ended by the guard, or done.
    pub fn each<J: Sync, T: Send>(
        &self,
        jobs: &[J],
        act: impl Fn(&J) -> Result<T, RunnerError> + Send + Sync,
    ) -> Result<Vec<T>, RunnerError> {
        self.threads.install(|| jobs.par_iter().with_max_len(1).map(act).collect())
    }

    /// One run: from the store, or simulated and kept.
    ///
    /// # Errors
    /// It was ended early, or cannot be kept.
    pub fn run(&self, scenario: &Scenario, key: &Key, seed: u64) -> Result<Digest, RunnerError> {
        self.goes_on()?;
        if let Some(digest) = self.found_in_store(key, seed) {
            (self.progress)(Told::Simulated(scenario.duration));
            return Ok(digest);
        }
        let key = Key::of_run(key, seed);
        let mut told = Time::ZERO;
        let mut watch = |now: Time| {
            (self.progress)(Told::Simulated(now - told));
            told = now;
            self.guard.flow()
        };
        let made = digest(scenario, seed, &mut watch);
        let Some(made) = made else { return Err(self.stopped()) };
        (self.progress)(Told::Simulated(scenario.duration - told));
        if let Some(store) = &self.store {
            store.put(&key, &made)?;
        }
        self.made.fetch_add(1, Ordering::Relaxed);
        Ok(made)
    }

    /// A run that was made: from the store, or once more where it is gone from there.
    ///
    /// # Errors
    /// It was ended early, or cannot be kept.
    pub fn kept(&self, study: &Study, point: &Point, seed: u64) -> Result<Digest, RunnerError> {
        let key = point.key.as_ref().ok();
        let kept = key.zip(self.store.as_ref()).and_then(|(key, store)| store.get(&Key::of_run(key, seed)));
        kept.map_or_else(
            || {
                let scenario = study.scenario(point).map_err(Box::new)?;
                self.run(&scenario, &Key::of_scenario(&scenario), seed)
            },
            Ok,
        )
    }

    /// Makes the runs of a study with these positions in its list, and does something with each, or with what is wrong with its point.
    ///
    /// # Errors
    /// The first error in the order of the list; runs that are done are kept.
    pub fn runs_of<T: Send>(
        &self,
        study: &Study,
        at: &[usize],
        act: impl Fn(usize, Result<Digest, String>) -> T + Send + Sync,
    ) -> Result<Vec<T>, RunnerError> {
        let changed = || RunnerError::Changed { file: study.file.display().to_string() };
        self.each(at, |&at| {
            self.goes_on()?;
            // A run of a point that is not laid out is none of this process.
            let (point, seed) = study.run(at).ok_or_else(changed)?;
            let key = match &point.key {
                Ok(key) => key,
                Err(problem) => return Ok(act(at, Err(problem.clone()))),
            };
            // What is kept needs no scenario.
            if let Some(digest) = self.found_in_store(key, seed) {
                (self.progress)(Told::Simulated(study.first.duration));
                return Ok(act(at, Ok(digest)));
            }
            let scenario = study.scenario(point).map_err(Box::new)?;
            if *key != Key::of_scenario(&scenario) {
                return Err(changed());
            }
            Ok(act(at, Ok(self.run(&scenario, key, seed)?)))
        })
    }

    fn found_in_store(&self, key: &Key, seed: u64) -> Option<Digest> {
        let found = self.store.as_ref()?.get(&Key::of_run(key, seed))?;
        self.found.fetch_add(1, Ordering::Relaxed);
        Some(found)
    }

    /// How many of the runs of a study with these positions are kept.
    pub fn kept_of(&self, study: &Study, at: &[usize]) -> usize {
        let is_kept = |at: &&usize| {
            let Some((point, seed)) = study.run(**at) else { return false };
            let key = point.key.as_ref().ok();
            key.zip(self.store.as_ref()).is_some_and(|(key, store)| store.has(&Key::of_run(key, seed)))
        };
        at.iter().filter(is_kept).count()
    }

    fn goes_on(&self) -> Result<(), RunnerError> {
        match self.guard.flow() {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(self.stopped()),
        }
    }

    fn stopped(&self) -> RunnerError {
        let done = self.made() + self.found();
        let reason = self.guard.reason().unwrap_or(Reason::Signal(0));
        Stopped { reason, done }.into()
    }
}

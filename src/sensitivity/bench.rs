//! Where points are run. In: a file, and for each point what `--set` replaces in it. Out: what all runs of each point say together, or why
//! its values make no scenario.

use std::path::PathBuf;

use crate::interval::{Interval, mean};
use crate::outcome::digest::{Digest, Together};
use crate::outcome::estimate::{Better, Estimate, Quantity, Unit};
use crate::rng::seed_of_run;
use crate::scenario::runs::RUNS_MAX;
use crate::scenario::{self, Scenario, ScenarioError};
use crate::study::{Key, Runner, RunnerError, Shard, first_line};

/// A file at which inputs are varied.
#[derive(Clone, Debug)]
pub struct Bench<'a> {
    /// The scenario file, as it was named.
    pub file: PathBuf,
    /// Title of the scenario.
    pub name: String,
    /// Overrides of every point.
    pub overrides: Vec<String>,
    /// The seed of each run of a point.
    pub seeds: Vec<u64>,
    /// The scenario without a change.
    pub base: &'a Scenario,
}

/// What headroom is called among the figures.
pub const HEADROOM: &str = "headroom";

/// What the runs of a point say, or what is wrong with its values.
pub type Point = Result<Together, String>;

impl Bench<'_> {
    /// A file under as many seeds as are asked for, or as it has.
    pub fn of(
        file: PathBuf,
        overrides: Vec<String>,
        (seed, runs): (Option<u64>, Option<u32>),
        base: &Scenario,
    ) -> Bench<'_> {
        let runs = runs.unwrap_or(base.runs).clamp(1, RUNS_MAX);
        let seed = seed.unwrap_or(base.seed);
        let seeds = (0..runs as usize).map(|run| seed_of_run(seed, run)).collect();
        Bench { file, name: base.name.clone(), overrides, seeds, base }
    }

    /// Runs points side by side; their order is that of the changes.
    ///
    /// # Errors
    /// Runs were ended, or cannot be kept.
    pub fn run(&self, changes: &[Vec<String>], runner: &Runner<'_>) -> Result<Vec<Point>, RunnerError> {
        let jobs: Vec<(usize, u64)> =
            (0..changes.len()).flat_map(|at| self.seeds.iter().map(move |seed| (at, *seed))).collect();
        let runs = runner.each(&jobs, |&(at, seed)| self.one(&changes[at], seed, runner))?;
        let mut runs = runs.into_iter();
        let point = |_: &Vec<String>| -> Point {
            let digests = runs.by_ref().take(self.seeds.len()).collect::<Vec<_>>();
            let digests = digests.into_iter().collect::<Result<Vec<_>, String>>()?;
            let together = Together::of(&digests).ok_or("it has no runs")?;
            Ok(with_headroom(together, &digests))
        };
        Ok(changes.iter().map(point).collect())
    }

    /// Makes the runs of a shard of points, and keeps them; returns how many there are.
    ///
    /// # Errors
    /// As those of [`run`](Self::run).
    pub fn run_part(
        &self,
        changes: &[Vec<String>],
        shard: Shard,
        runner: &Runner<'_>,
    ) -> Result<usize, RunnerError> {
        let jobs = shard.of(changes.len() * self.seeds.len());
        let run = |&at: &usize| {
            let (point, seed) = (at / self.seeds.len(), self.seeds[at % self.seeds.len()]);
            self.one(&changes[point], seed, runner).map(drop)
        };
        runner.each(&jobs, run).map(|all| all.len())
    }

    /// One run of a point, or what is wrong with its values.
    fn one(
        &self,
        changes: &[String],
        seed: u64,
        runner: &Runner<'_>,
    ) -> Result<Result<Digest, String>, RunnerError> {
        if changes.is_empty() && self.overrides.is_empty() {
            return Ok(Ok(runner.run(self.base, &Key::of_scenario(self.base), seed)?));
        }
        // Read by each run, so that no more scenarios are there than threads.
        match scenario::load(&self.file, &[self.overrides.as_slice(), changes].concat()) {
            Ok(scenario) => Ok(Ok(runner.run(&scenario, &Key::of_scenario(&scenario), seed)?)),
            Err(error @ ScenarioError::Invalid(_)) => Ok(Err(first_line(&error))),
            Err(error) => Err(Box::new(error).into()),
        }
    }
}

/// With the multiple of the traffic at which something is full, as a figure: else only scenarios with an objective on it have one. Nothing where
/// a run knows of nothing that fills.
fn with_headroom(together: Together, digests: &[Digest]) -> Together {
    let by_run: Option<Vec<f64>> = digests.iter().map(|it| Some(it.nearest.as_ref()?.1)).collect();
    let Some(by_run) = by_run.filter(|_| together.figures.iter().all(|it| it.name != HEADROOM)) else {
        return together;
    };
    let value = mean(&by_run);
    let headroom = Estimate {
        of: Some(Quantity::Headroom(None)),
        name: HEADROOM.into(),
        unit: Unit::Multiple,
        better: Better::Higher,
        value,
        interval: Interval::around(value, &by_run, 0.0).map(Interval::at_least_zero),
        rounding: 0.0,
        by_run: by_run.into_iter().map(Some).collect(),
        without: Vec::new(),
        stretch: 1.0,
    };
    Together { figures: [together.figures, vec![headroom]].concat(), ..together }
}

//! Which inputs the answer hangs on.
//!
//! In: a scenario file, and a span by which each of its numbers may be wrong. Out: [`Sensitivity`]: for each number what the answer is if it
//! is that much lower or higher, which objectives are then missed, how far it can go before one is, and how it works together with others.
//!
//! ```text
//!  file ──► Input (scenario::inputs) ──► Chosen ──┬─► one at a time: base, low, high    ──► Effect: differences, flips
//!                                        (span)   ├─► margin: bisection between those   ──► Margin: holds at, fails at
//!                                                 └─► morris: trajectories through all  ──► Elementary: mu*, sigma
//! ```
//!
//! Every point runs under the same seeds as the base (common random numbers): a demand that is 20 % longer meets the same requests at the
//! same instants. So differences are taken run by run, and chance mostly cancels out. Each run is kept as those of a study are, under its
//! content, so margins and trajectories repeat nothing, and a search that was ended goes on.
//!
//! Two methods, because each has a blind spot. One at a time is plain to read, and sees nothing that needs two inputs at once. The method
//! of Morris goes from a random corner of the span to another one, one input after the other, several times: the mean size of the steps
//! of an input (mu*) says how much it matters, and their spread (sigma) that it depends on the others, or is no straight line.
//! Sources: Morris (1991), Factorial sampling plans for preliminary computational experiments, Technometrics 33; Campolongo, Cariboni and
//! Saltelli (2007) for mu*, Environmental Modelling & Software 22; Saltelli et al. (2008), Global Sensitivity Analysis: The Primer.

mod bench;
mod chosen;
mod effect;
mod margin;
mod morris;
#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::study::{Figure, Judged, Runner, RunnerError, Shard};

pub use bench::Bench;
pub use chosen::{Chosen, ChosenError, Vary, span};
pub use effect::{Change, Effect, Flip, Side};
pub use margin::Margin;
pub use morris::{Elementary, Morris, OfFigure, Trajectory, elementary, trajectories};

/// Version of the layout of `sensitivity.json`.
pub const VERSION: u32 = 1;

/// Which inputs the answer hangs on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sensitivity {
    /// Layout version, [`VERSION`].
    pub version: u32,
    /// Version and sources of the simcap that made it.
    pub simcap: String,
    /// Title of the scenario.
    pub name: String,
    /// The scenario file, as it was named.
    pub file: String,
    /// Overrides of all runs.
    pub overrides: Vec<String>,
    /// The seed of each run of a point.
    pub seeds: Vec<u64>,
    /// Figures that are told, in words: the usual ones that the scenario has, those with objectives, and those that were asked for.
    pub shown: Vec<String>,
    /// These figures of the file as it is.
    pub base: Vec<Figure>,
    /// Its verdicts.
    pub objectives: Vec<Judged>,
    /// Each input: what flips a verdict first, then by how much the first figure changes.
    pub inputs: Vec<Effect>,
    /// How inputs work together, if that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub morris: Option<Morris>,
}

/// What is to be found out.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Figures beside the usual ones, in words.
    pub shown: Vec<String>,
    /// Whether the last value that holds is searched for, where a verdict flips.
    pub margin: bool,
    /// So many trajectories; none without.
    pub trajectories: u32,
}

/// How many points are run at least, before any search for margins.
pub fn points(inputs: usize, trajectories: u32) -> usize {
    1 + 2 * inputs + trajectories as usize * (inputs + 1)
}

impl Sensitivity {
    /// Runs the base and every change of its inputs.
    ///
    /// # Errors
    /// Runs were ended, or cannot be kept, or the file has changed meanwhile. Runs that are done are kept.
    pub fn of(
        bench: &Bench<'_>,
        chosen: &[Chosen],
        wanted: &Wanted,
        runner: &Runner<'_>,
    ) -> Result<Sensitivity, RunnerError> {
        let (base, mut inputs) = effect::all(bench, chosen, &wanted.shown, runner)?;
        if wanted.margin {
            margin::search(bench, chosen, &base, &mut inputs, runner)?;
        }
        let morris = match wanted.trajectories {
            0 => None,
            many => Some(morris::run(bench, chosen, many, &base.shown, runner)?),
        };
        effect::rank(&mut inputs, &base.shown);
        Ok(Sensitivity {
            version: VERSION,
            simcap: crate::study::SOURCES.into(),
            name: bench.name.clone(),
            file: bench.file.display().to_string(),
            overrides: bench.overrides.clone(),
            seeds: bench.seeds.clone(),
            base: base.figures(),
            objectives: base.together.objectives.iter().map(Judged::from).collect(),
            shown: base.shown,
            inputs,
            morris,
        })
    }

    /// Makes a part of the runs of all points that are known before any run, and keeps them: on several machines, each makes one. Where all
    /// are kept, [`of`](Self::of) finds them. Returns how many runs the part has. Margins are no part, as each step of their search hangs on
    /// the one before.
    ///
    /// # Errors
    /// As those of [`of`](Self::of).
    pub fn part(
        bench: &Bench<'_>,
        chosen: &[Chosen],
        trajectories: u32,
        shard: Shard,
        runner: &Runner<'_>,
    ) -> Result<usize, RunnerError> {
        let changes = [effect::changes(chosen), morris::ways(bench, chosen, trajectories).1].concat();
        bench.run_part(&changes, shard, runner)
    }

    /// Every verdict that a change of an input takes away, with that input and the side.
    pub fn flips(&self) -> impl Iterator<Item = (&Effect, &Side, &Flip)> {
        let sides = self.inputs.iter().flat_map(|it| it.sides().map(move |side| (it, side)));
        sides.flat_map(|(input, side)| side.flips.iter().map(move |flip| (input, side, flip)))
    }
}

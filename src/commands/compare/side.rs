//! One side of a comparison. In: a path and overrides. Out: a scenario to run, or the stored outcome of one.

use std::path::{Path, PathBuf};

use anyhow::Context;
use simcap::comparison::{Figures, Letter, Note};
use simcap::ensemble::{Ensemble, Interruption};
use simcap::guard::Guard;
use simcap::outcome::Outcome;
use simcap::outcome::estimate::Quantity;
use simcap::report;
use simcap::scenario::{self, Scenario};
use simcap::text::visible;

use super::super::progress::Progress;
use crate::cli::Variant;
use crate::exit::{CannotCompare, InVariant};

/// What is compared.
pub(super) enum Side {
    /// A file, which will be run.
    File { scenario: Box<Scenario>, file: PathBuf, overrides: Vec<String>, title: Option<String> },
    /// What `simcap run` has left in a folder.
    Stored { outcome: Box<Outcome>, path: PathBuf, is_baseline: bool },
}

/// How all sides are run.
pub(super) struct Plan<'a> {
    pub seed: u64,
    pub runs: usize,
    pub threads: Option<usize>,
    pub guard: &'a Guard,
}

/// The outcome of one side, and why it has fewer runs than planned.
pub(super) type Simulated = (Option<Outcome>, Option<Interruption>);

impl Side {
    /// A folder or an `outcome.json` is a stored outcome; anything else is a scenario.
    pub fn load(path: &Path, overrides: Vec<String>) -> anyhow::Result<Side> {
        let stored = match path.is_dir() {
            true => Some(path.join(report::OUTCOME_FILE)),
            false => path.extension().is_some_and(|it| it == "json").then(|| path.to_owned()),
        };
        let Some(stored) = stored else {
            let scenario = Box::new(scenario::load(path, &overrides)?);
            return Ok(Side::File { scenario, file: path.to_owned(), overrides, title: None });
        };
        match overrides.is_empty() {
            false => Err(CannotCompare::Overrides { path: stored }.into()),
            true => Side::read(stored, false),
        }
    }

    /// A baseline, which `file` is to be compared with.
    pub fn baseline(path: &Path, file: &Path) -> anyhow::Result<Side> {
        match path.is_dir() {
            true => Side::read(path.join(report::OUTCOME_FILE), true),
            false if path.exists() => Side::read(path.to_owned(), true),
            false => Err(CannotCompare::NoBaseline { path: path.to_owned(), file: file.to_owned() }.into()),
        }
    }

    fn read(path: PathBuf, is_baseline: bool) -> anyhow::Result<Side> {
        let outcome = Box::new(report::read(&path)?);
        match outcome.partial {
            Some(_) => Err(CannotCompare::Partial { path }.into()),
            None => Ok(Side::Stored { outcome, path, is_baseline }),
        }
    }

    /// A variant of a file, with its overrides after those of all.
    pub fn vary(path: &Path, all: &[String], variant: &Variant) -> anyhow::Result<Side> {
        let overrides = [all, variant.overrides.as_slice()].concat();
        let name = &variant.name;
        let mut side = Side::load(path, overrides).with_context(|| InVariant { name: name.clone() })?;
        if let Side::File { title, .. } = &mut side {
            *title = Some(name.clone());
        }
        Ok(side)
    }

    pub fn scenario(&self) -> Option<&Scenario> {
        match self {
            Side::File { scenario, .. } => Some(scenario),
            Side::Stored { .. } => None,
        }
    }

    /// The text of its file, if it can be read.
    #[cfg(feature = "charts")]
    pub fn source(&self) -> Option<report::Source> {
        match self {
            Side::File { file, .. } => report::Source::of_run(file),
            Side::Stored { outcome, path, .. } => report::Source::of_stored(outcome, path),
        }
    }

    pub fn stored(&self) -> Option<&Outcome> {
        match self {
            Side::File { .. } => None,
            Side::Stored { outcome, .. } => Some(outcome),
        }
    }

    /// Whether its runs are or will be those of the seeds; if not, the other sides cannot be paired with it.
    pub fn has_seeds(&self, seeds: &[u64]) -> Result<(), CannotCompare> {
        match self {
            Side::Stored { outcome, path, .. } if outcome.runs.seeds != seeds => Err(CannotCompare::Seeds {
                path: path.clone(),
                has: outcome.runs.seeds.clone(),
                wanted: seeds.to_vec(),
            }),
            _ => Ok(()),
        }
    }

    /// What rules can be about.
    pub fn figures(&self) -> Figures {
        match self {
            Side::File { scenario, .. } => Figures::of_scenario(scenario),
            Side::Stored { outcome, .. } => Figures::of_outcome(outcome),
        }
    }

    /// Fails for a baseline, of which no picture can be drawn.
    pub fn has_rows(&self) -> Result<(), report::ReportError> {
        match self {
            Side::Stored { outcome, path, .. } if !outcome.has_rows() => {
                Err(report::ReportError::NoRows { path: path.clone() })
            }
            _ => Ok(()),
        }
    }

    /// What is said of a stored outcome.
    pub fn note(&self, side: Letter) -> Option<Note> {
        match self {
            Side::File { .. } => None,
            Side::Stored { outcome, path, is_baseline } => Some(Note::Stored {
                baseline: *is_baseline,
                narrow: !outcome.has_tails(),
                side,
                path: visible(&path.display().to_string()).into_owned(),
                simcap: Some(outcome.simcap.clone()).filter(|it| it != env!("CARGO_PKG_VERSION")),
            }),
        }
    }

    /// The outcome of its runs, which are part of a progress. Some figures are followed beside those of every outcome.
    pub fn simulate(
        &self,
        plan: &Plan<'_>,
        followed: &[Quantity],
        progress: &Progress,
    ) -> anyhow::Result<Simulated> {
        let (scenario, file, overrides, title) = match self {
            Side::File { scenario, file, overrides, title } => (scenario, file, overrides, title),
            Side::Stored { outcome, .. } => return Ok((Some(Outcome::clone(outcome)), None)),
        };
        let tell = |told| progress.tell(told);
        let mut ensemble = Ensemble::new(scenario, plan.seed, plan.threads, &[], &tell)?
            .guarded(plan.guard)
            .following(followed);
        ensemble.extend_to(plan.runs);
        let mut outcome = match ensemble.interruption() {
            None => Some(ensemble.outcome()),
            Some(_) => ensemble.partial_outcome(),
        };
        let interruption = ensemble.into_interruption();
        if let Some(outcome) = &mut outcome {
            outcome.scenario.file = visible(&file.display().to_string()).into_owned();
            outcome.scenario.overrides.clone_from(overrides);
            if let Some(title) = title {
                outcome.scenario.name = visible(title).into_owned();
            }
        }
        Ok((outcome, interruption))
    }
}

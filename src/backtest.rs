//! A recorded day beside a run of it.
//!
//! In: a scenario, and what was measured. Out: [`Backtest`]: predicted beside measured, period by period; how far they are apart, when the
//! number of instances changed, where the model does not fit, what it lacks, and whether it is good enough to bet on.
//!
//! ```text
//!  scenario ──┐
//!             ├──► Replay: a row for each period ──► Played, run by run ──► Prediction ──┬──► Compared ──► Verdict
//!  Measured ──┘                                                                          └──► Misfit, Rescaled
//! ```
//!
//! Traffic is that of the scenario, so a recording is replayed by a scenario that has its rates. Rows are as wide as the periods of the
//! recording, and each figure is read from the rows as it was measured: percentiles are those of the requests of that period.

mod compared;
mod lacking;
mod misfit;
mod predicted;
mod replay;
mod scaling;
mod source;
mod verdict;

use serde::{Deserialize, Serialize};

use crate::ensemble::{ThreadsError, Told};
use crate::guard::{Guard, Reason};
use crate::machine::{Threads, cores};
use crate::measured::{Figure, Measured};
use crate::own::OwnError;
use crate::scenario::Scenario;

pub use compared::{Compared, Errors, Pair, Scale};
pub use misfit::{Misfit, misfits};
pub use predicted::{Predicted, Prediction};
pub use replay::{Played, Replay, ReplayError};
pub use scaling::{Change, Rescaled, Step};
pub use source::{Absent, Source};
pub use verdict::{Limits, Rule, Verdict, Word, signed};

/// Version of the layout of `backtest.json`.
pub const VERSION: u32 = 1;

/// Why there is no backtest.
#[derive(Debug, thiserror::Error)]
pub enum BacktestError {
    /// The recording does not fit the scenario.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// Threads cannot be started.
    #[error(transparent)]
    Threads(#[from] ThreadsError),
    /// What a program brought to the runs cannot be used.
    #[error(transparent)]
    Own(#[from] Box<OwnError>),
    /// The runs were ended early.
    #[error("the runs were ended: {0}")]
    Stopped(Reason),
}

/// A recorded day beside runs of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Backtest {
    /// Version of the layout.
    pub version: u32,
    /// Version and sources of the simcap that made it.
    pub simcap: String,
    /// Title of the scenario.
    pub name: String,
    /// The scenario file, as it was named.
    pub file: String,
    /// Overrides of the scenario.
    pub overrides: Vec<String>,
    /// The file of measurements.
    pub measured: String,
    /// The date of the first period, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<String>,
    /// The seed of each run.
    pub seeds: Vec<u64>,
    /// Seconds of a period.
    pub width_s: f64,
    /// Seconds from the start of the recording to the first period.
    pub first_s: f64,
    /// Periods that were compared.
    pub periods: usize,
    /// Periods of the recording.
    pub recorded: usize,
    /// What is known of periods that the file was fitted to, in a sentence.
    pub held_out: String,
    /// Each figure, in the order of the measurements.
    pub figures: Vec<Compared>,
    /// When the number of instances changed.
    pub scaling: Vec<Rescaled>,
    /// Where the model does not fit, the gravest first.
    pub misfits: Vec<Misfit>,
    /// What was not measured, is not in the file, or is not told, in sentences.
    pub lacking: Vec<String>,
    /// Whether it is good enough to bet on.
    pub verdict: Verdict,
}

/// What is to be compared, and how it is judged.
pub struct Asked<'a> {
    /// The scenario file, as it was named.
    pub file: String,
    /// Overrides of the scenario.
    pub overrides: Vec<String>,
    /// The seed of each run.
    pub seeds: Vec<u64>,
    /// Threads to run on; as many as cores without.
    pub threads: Option<usize>,
    /// What a prediction may be off.
    pub limits: Limits,
    /// Periods that are judged, and a sentence on it.
    pub judged: (&'a (dyn Fn(usize) -> bool + Sync), String),
    /// Percentage points of resources that are busy without any request, which the file cannot say.
    pub background: &'a [(Figure, f64)],
}

impl std::fmt::Debug for Asked<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Asked").field("file", &self.file).field("seeds", &self.seeds).finish_non_exhaustive()
    }
}

impl Backtest {
    /// Plays a recorded day and compares.
    ///
    /// # Errors
    /// The recording does not fit the scenario, or the runs were ended early.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub fn of(
        scenario: &Scenario,
        measured: &Measured,
        asked: &Asked<'_>,
        guard: &Guard,
        tell: &(dyn Fn(Told) + Sync),
    ) -> Result<Backtest, BacktestError> {
        let replay = Replay::of(scenario, measured)?;
        let runs = play(&replay, &asked.seeds, asked.threads, guard, tell)?;
        let background = |of: &Figure| asked.background.iter().find(|it| it.0 == *of).map_or(0.0, |it| it.1);
        let prediction = Prediction::of(&replay, &runs).raised(&background);
        let figures = Compared::all(&replay, &prediction, measured, asked.judged.0);
        let start_s = |period: usize| measured.start_s(period);
        let first_run = |it: &Compared| {
            let figure = prediction.figure(&it.of).and_then(|it| it.by_run.first());
            figure.map_or(&[][..], Vec::as_slice)
        };
        let scaling = Rescaled::all(&figures, first_run, start_s, measured.width_s);
        let has_cpu = !replay.scenario.fleets.is_empty() || !replay.scenario.databases.is_empty();
        Ok(Backtest {
            version: VERSION,
            simcap: crate::study::SOURCES.into(),
            name: scenario.name.clone(),
            file: asked.file.clone(),
            overrides: asked.overrides.clone(),
            measured: measured.file.clone(),
            starts: measured.starts.clone(),
            seeds: asked.seeds.clone(),
            width_s: measured.width_s,
            first_s: measured.first_s,
            periods: replay.periods,
            recorded: measured.periods,
            held_out: asked.judged.1.clone(),
            scaling,
            misfits: misfits(&figures, &start_s),
            lacking: lacking::lacking(&replay, measured, asked.background),
            verdict: Verdict::of(&figures, asked.limits, has_cpu),
            figures,
        })
    }

    /// Seconds from the start of the recording to the start of a period.
    pub fn start_s(&self, period: usize) -> f64 {
        self.first_s + period as f64 * self.width_s
    }
}

/// Plays a recorded day under each seed, on all cores; the runs are in the order of the seeds.
///
/// # Errors
/// They were ended early, or threads cannot be started.
pub fn play(
    replay: &Replay,
    seeds: &[u64],
    threads: Option<usize>,
    guard: &Guard,
    tell: &(dyn Fn(Told) + Sync),
) -> Result<Vec<Played>, BacktestError> {
    use rayon::prelude::*;

    let room = guard.admits(crate::model::footprint(&replay.scenario)).max(1);
    let threads = threads.unwrap_or_else(cores).min(room).max(1);
    let threads = Threads::new(threads)?;
    let run = |seed: &u64| replay.play(*seed, guard, tell);
    let runs: Option<Vec<Played>> = threads.install(|| seeds.par_iter().with_max_len(1).map(run).collect());
    let mut runs = runs.ok_or_else(|| BacktestError::Stopped(guard.reason().unwrap_or(Reason::Signal(2))))?;
    match runs.iter_mut().find_map(|run| run.broken.take()) {
        Some(broken) => Err(broken.into()),
        None => Ok(runs),
    }
}

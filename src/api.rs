//! The front door of the library: a scenario, its runs, and the answers, in a few names.
//!
//! In: a scenario file or text. Out: an [`Outcome`], a [`Comparison`] or [`Breakpoints`], a page for people, files; or an
//! [`Error`]. All that happens is in the modules below; what is here only joins them.

mod own;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::backtest::{Asked, BacktestError, Limits};
use crate::breakpoint::{self, Search, SearchError};
use crate::calibrate::{CalibrateError, HoldOut, Wanted};
use crate::comparison::FEWEST_RUNS;
use crate::ensemble::{Ensemble, Interruption, ThreadsError};
use crate::guard::Guard;
use crate::measured::{self, MeasuredError};
use crate::own::OwnError;
use crate::report::{self, ReportError};
use crate::rng::seed_of_run;
use crate::scenario::{self, ScenarioError};
use crate::units::Bytes;

pub use crate::backtest::Backtest;
pub use crate::breakpoint::Breakpoints;
pub use crate::calibrate::Calibration;
pub use crate::comparison::Comparison;
pub use crate::measured::Measured;
pub use crate::outcome::Outcome;
pub use crate::scenario::Scenario;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The scenario cannot be read, or has problems: the message shows each of them at its place.
    #[error("{}", problems(.0))]
    Scenario(#[from] ScenarioError),
    /// What the program brought to the scenario itself cannot be used.
    #[error(transparent)]
    Own(#[from] Box<OwnError>),
    /// The threads of the runs cannot be started.
    #[error(transparent)]
    Threads(#[from] ThreadsError),
    /// A limit of memory or time ended the runs early.
    #[error("{interruption}")]
    Ended {
        /// Which limit, and how far the runs had come.
        interruption: Box<Interruption>,
        /// What the runs until then came to; absent if no run got beyond its first instant.
        partial: Option<Box<Outcome>>,
    },
    /// A limit ended a search early, or its threads cannot be started.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// A file cannot be written or read, or a chart not drawn.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// What was measured cannot be read.
    #[error(transparent)]
    Measured(#[from] Box<MeasuredError>),
    /// A recorded day cannot be played with the scenario.
    #[error(transparent)]
    Backtest(#[from] BacktestError),
    /// Nothing can be fitted to what was measured.
    #[error(transparent)]
    Calibrate(#[from] CalibrateError),
}

/// Reads a scenario file, with overrides such as `fleet.web.max=80`.
///
/// # Errors
/// [`Error::Scenario`], with all problems of the file and of the overrides.
pub fn load(path: impl AsRef<Path>, overrides: &[&str]) -> Result<Scenario, Error> {
    Ok(scenario::load(path.as_ref(), &owned(overrides))?)
}

/// Reads a scenario from text. Files that it names, such as recorded traffic, are looked for in the working directory.
///
/// # Errors
/// [`Error::Scenario`], with all problems of the text and of the overrides.
pub fn parse(text: &str, overrides: &[&str]) -> Result<Scenario, Error> {
    Ok(scenario::parse("scenario.toml", text.as_bytes(), Path::new(""), &owned(overrides))?)
}

/// Everything that is wrong, as the command shows it.
fn problems(error: &ScenarioError) -> String {
    match error {
        ScenarioError::Invalid(report) => report.render(false),
        error @ ScenarioError::Unreadable { .. } => error.to_string(),
    }
}

fn owned(overrides: &[&str]) -> Vec<String> {
    overrides.iter().map(|text| (*text).to_owned()).collect()
}

/// Runs of a scenario, and how they are made; unless said otherwise as the scenario says, on all cores, without limits.
#[derive(Clone, Copy, Debug)]
#[must_use = "nothing runs before `run`"]
pub struct Simulation<'s> {
    scenario: &'s Scenario,
    seed: u64,
    runs: usize,
    threads: Option<usize>,
    memory: Option<Bytes>,
    time: Option<Duration>,
}

impl<'s> Simulation<'s> {
    /// Runs as the scenario says.
    pub fn of(scenario: &'s Scenario) -> Simulation<'s> {
        let (seed, runs) = (scenario.seed, scenario.runs as usize);
        Simulation { scenario, seed, runs, threads: None, memory: None, time: None }
    }

    /// The seed of the first run; the seeds of the others follow from it.
    pub fn seed(self, seed: u64) -> Simulation<'s> {
        Simulation { seed, ..self }
    }

    /// How many runs, at least one. Intervals take two or more.
    pub fn runs(self, runs: usize) -> Simulation<'s> {
        Simulation { runs: runs.max(1), ..self }
    }

    /// How many threads; the outcome does not depend on it.
    pub fn threads(self, threads: usize) -> Simulation<'s> {
        Simulation { threads: Some(threads), ..self }
    }

    /// The runs end early when the process uses more memory than this many bytes, where the platform says how much that is.
    pub fn max_memory(self, bytes: u64) -> Simulation<'s> {
        Simulation { memory: Some(Bytes(bytes)), ..self }
    }

    /// The runs end early when they take longer than this. Where there is no clock, as in WebAssembly in a browser, they do not.
    pub fn max_time(self, time: Duration) -> Simulation<'s> {
        Simulation { time: Some(time), ..self }
    }

    /// Runs the scenario.
    ///
    /// # Errors
    /// [`Error::Threads`], and [`Error::Ended`] with what is known so far.
    pub fn run(self) -> Result<Outcome, Error> {
        let guard = Guard::new(self.memory, self.time);
        let mut runs = Ensemble::new(self.scenario, self.seed, self.threads, &[], &|_| {})?.guarded(&guard);
        runs.extend_to(self.runs);
        if let Some(broken) = runs.broken() {
            return Err(Box::new(broken.clone()).into());
        }
        match runs.interruption().cloned() {
            None => Ok(runs.outcome()),
            Some(interruption) => Err(Error::Ended {
                interruption: Box::new(interruption),
                partial: runs.partial_outcome().map(Box::new),
            }),
        }
    }
}

/// Runs two scenarios under the same seeds and says which one is better, figure by figure.
///
/// # Errors
/// As those of [`Simulation::run`].
pub fn compare(a: &Scenario, b: &Scenario) -> Result<Comparison, Error> {
    let runs = FEWEST_RUNS.value.max(a.runs).max(b.runs) as usize;
    let run = |scenario| Simulation::of(scenario).seed(a.seed).runs(runs).run();
    Ok(Comparison::of(&run(a)?, &run(b)?))
}

/// Searches for the multiple of the traffic at which objectives fail, resources are full and goodput ends.
///
/// # Errors
/// [`Error::Search`] if the threads cannot be started.
pub fn headroom(scenario: &Scenario) -> Result<Breakpoints, Error> {
    Ok(breakpoint::search(scenario, &Search::of(scenario), &|_| {})?)
}

/// Reads what was measured of a real system: a table such as `measured.csv`, one row a period. Columns with other names are mapped:
/// `"cpu_percent of web=CPUUtilization"`.
///
/// # Errors
/// [`Error::Measured`], with the line and what to do about it.
pub fn measured(path: impl AsRef<Path>, columns: &[&str]) -> Result<Measured, Error> {
    let columns: Result<Vec<measured::Mapping>, String> = columns.iter().map(|it| it.parse()).collect();
    let columns = columns.map_err(|message| {
        let file = path.as_ref().display().to_string();
        Box::new(MeasuredError { file, line: None, message, hint: "map a figure to a column".into() })
    })?;
    Ok(measured::read(path.as_ref(), &columns)?)
}

/// Plays a recorded day with a scenario, and puts what runs predict beside what was measured.
///
/// # Errors
/// [`Error::Backtest`] if the two do not fit together.
pub fn backtest(scenario: &Scenario, measured: &Measured) -> Result<Backtest, Error> {
    let asked = Asked {
        file: format!("{}.toml", scenario.slug),
        overrides: Vec::new(),
        seeds: seeds(scenario),
        threads: None,
        limits: Limits::default(),
        judged: (&|_| true, "Judged on all periods.".into()),
        background: &[],
    };
    Ok(Backtest::of(scenario, measured, &asked, &Guard::new(None, None), &|_| {})?)
}

/// Fits demands, delays, spreads and hit ratios of a scenario file to what was measured; the last quarter is held out.
///
/// # Errors
/// [`Error::Scenario`] with all problems of the file, [`Error::Calibrate`] if nothing that was measured tells of it.
pub fn calibrate(
    path: impl AsRef<Path>,
    overrides: &[&str],
    measured: &Measured,
) -> Result<Calibration, Error> {
    let scenario = load(path.as_ref(), overrides)?;
    let wanted = Wanted {
        file: path.as_ref().to_owned(),
        overrides: owned(overrides),
        inputs: Vec::new(),
        hold_out: HoldOut::default(),
        seeds: seeds(&scenario),
        threads: None,
    };
    Ok(Calibration::of(&scenario, measured, &wanted, &Guard::new(None, None), &|_| {})?)
}

/// The seeds of a scenario that is put beside what was measured: two at least.
fn seeds(scenario: &Scenario) -> Vec<u64> {
    (0..scenario.runs.max(2) as usize).map(|run| seed_of_run(scenario.seed, run)).collect()
}

/// The page of an outcome for people, without colour.
pub fn page(outcome: &Outcome) -> String {
    anstream::adapter::strip_str(&report::page(outcome, &[])).to_string()
}

/// Writes `outcome.json`, `timeline.csv` and, with the feature `charts`, the PNG charts into a folder that exists; returns
/// the files.
///
/// # Errors
/// [`Error::Report`]; then the files of an earlier run are as they were.
pub fn save(outcome: &Outcome, folder: impl AsRef<Path>) -> Result<Vec<PathBuf>, Error> {
    let charts = if cfg!(feature = "charts") { report::Charts::Png } else { report::Charts::None };
    Ok(report::write(outcome, folder.as_ref(), charts)?)
}

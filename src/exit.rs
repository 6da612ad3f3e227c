//! How `simcap` exits. In: the result of a command. Out: an exit code, and an error as text on stderr.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use simcap::backtest::BacktestError;
use simcap::calibrate::CalibrateError;
use simcap::comparison::{MOST_SIDES, RuleError};
use simcap::ensemble::{Interruption, PrecisionError};
use simcap::guard::Reason;
use simcap::import::{ImportError, infrastructure};
use simcap::init::InitError;
use simcap::measured::MeasuredError;
use simcap::number::counted;
use simcap::plan::PlanError;
use simcap::report::{self, OUTCOME_FILE, PLANNED_FILE, ReportError, SENSITIVITY_FILE, SWEEP_FILE};
use simcap::scenario::ScenarioError;
use simcap::sensitivity::ChosenError;
use simcap::study::{MergeError, StudyError, closest};
use simcap::text::visible;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default();

/// Every exit code of `simcap`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The command succeeded, and every objective was met.
    Fine = 0,
    /// Something outside the scenario failed, such as a folder that cannot be written.
    Failure = 1,
    /// The command line or the scenario is wrong (clap uses the same code).
    Usage = 2,
    /// The runs succeeded, and the answer is no: an objective is missed, or a rule of a gate failed. The code that k6 uses for
    /// thresholds, which both are; which of them it was is clear from the command, and 1 and 2 stay for what was not judged.
    ObjectiveMissed = 99,
    /// Ended by SIGHUP: 128 plus the number of the signal, as in a shell; the next two likewise.
    HungUp = 129,
    /// Ended by SIGINT, as by Ctrl-C.
    Interrupted = 130,
    /// Ended by SIGTERM.
    Terminated = 143,
}

impl From<Reason> for Exit {
    fn from(reason: Reason) -> Exit {
        match reason {
            Reason::Signal(1) => Exit::HungUp,
            Reason::Signal(2) => Exit::Interrupted,
            Reason::Signal(15) => Exit::Terminated,
            Reason::Signal(_) | Reason::Memory { .. } | Reason::Time { .. } | Reason::Changed => {
                Exit::Failure
            }
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// Two sides that make no comparison.
#[derive(Debug, thiserror::Error)]
pub enum CannotCompare {
    /// A scenario and itself, under the same overrides.
    #[error("nothing to compare: both sides are the same scenario")]
    Itself,
    /// Variants of several files.
    #[error("--variant changes one file, and there are {files}")]
    VariantOfSeveral {
        /// How many files are named.
        files: usize,
    },
    /// Two variants with one name.
    #[error("two variants are called `{name}`")]
    SameName {
        /// The name.
        name: String,
    },
    /// More than there are letters.
    #[error("{sides} scenarios are too many: a comparison has at most {MOST_SIDES}")]
    TooMany {
        /// How many there are.
        sides: usize,
    },
    /// A baseline that is not there.
    #[error("there is no baseline {path}")]
    NoBaseline {
        /// Where it was looked for.
        path: PathBuf,
        /// The file that is to be compared with it.
        file: PathBuf,
    },
    /// Overrides for runs that were made before.
    #[error("{path} is a stored outcome: no value of it can be replaced")]
    Overrides {
        /// The outcome.
        path: PathBuf,
    },
    /// Runs that were ended early.
    #[error("{path} is not complete: its runs were ended early")]
    Partial {
        /// The outcome.
        path: PathBuf,
    },
    /// A stored outcome with other seeds than the other side.
    #[error(
        "{path} has {}, and {} are to be compared: only runs of the same seeds can be",
        seeds(has),
        seeds(wanted)
    )]
    Seeds {
        /// The outcome.
        path: PathBuf,
        /// Seeds of its runs.
        has: Vec<u64>,
        /// Seeds of the comparison: those that the command asks for, or of the other side.
        wanted: Vec<u64>,
    },
}

/// `4 runs from seed 1`.
fn seeds(seeds: &[u64]) -> String {
    format!("{} from seed {}", counted(seeds.len() as u64, "run"), seeds.first().copied().unwrap_or_default())
}

impl CannotCompare {
    fn hint(&self) -> String {
        match self {
            CannotCompare::Itself => {
                "name a second file, or change the first one with --set-b PATH=VALUE or --variant 'NAME: PATH=VALUE'".into()
            }
            CannotCompare::VariantOfSeveral { .. } => {
                "name only the file to vary, or make each variant a file of its own".into()
            }
            CannotCompare::SameName { .. } => "give each a name of its own, before the colon".into(),
            CannotCompare::TooMany { .. } => "compare fewer at once".into(),
            CannotCompare::NoBaseline { path, file } => {
                format!("write it with simcap run {} --save-baseline {}", file.display(), path.display())
            }
            CannotCompare::Overrides { .. } => "name the file of its scenario to run it again".into(),
            CannotCompare::Partial { .. } => "run its scenario again".into(),
            CannotCompare::Seeds { wanted, has, .. } => format!(
                "run its scenario again with --seed {} --runs {}, or compare under its seeds: --seed {} --runs {}",
                wanted.first().copied().unwrap_or_default(),
                wanted.len(),
                has.first().copied().unwrap_or_default(),
                has.len()
            ),
        }
    }
}

/// The variant in which something is wrong; goes around an error of its overrides.
#[derive(Debug, thiserror::Error)]
#[error("in variant `{name}`")]
pub struct InVariant {
    /// Its name.
    pub name: String,
}

/// An unknown family or case of the validation.
#[derive(Debug, thiserror::Error)]
#[error("no family or case is called `{name}`")]
pub struct UnknownCase {
    /// The name that was given.
    pub name: String,
    /// The families that exist.
    pub families: String,
}

/// A timeline with times that nothing says the date of.
#[derive(Debug, thiserror::Error)]
#[error("the timeline has no date to start at")]
pub struct NoStart;

/// A part of a study that is none.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadShard(pub String);

/// A figure to show that no point has.
#[derive(Debug, thiserror::Error)]
#[error("no figure is called `{name}`")]
pub struct UnknownFigure {
    name: String,
    hint: String,
}

impl UnknownFigure {
    /// Whether all figures that are asked for are known.
    pub fn check(asked: &[String], known: &[String]) -> Result<(), UnknownFigure> {
        let Some(name) = asked.iter().find(|name| !known.contains(name)) else { return Ok(()) };
        let close = closest(name, known.iter().map(String::as_str));
        let hint = match close {
            Some(close) => format!("did you mean `{close}`?"),
            None => "`simcap run FILE --format csv` names the figures of a scenario".into(),
        };
        Err(UnknownFigure { name: name.clone(), hint })
    }
}

/// A word that nothing explains.
#[derive(Debug, thiserror::Error)]
#[error("nothing is called `{what}`")]
pub struct NotExplained {
    /// The word.
    pub what: String,
    /// Words that are like it.
    pub near: Vec<String>,
}

impl NotExplained {
    /// What to do about it.
    pub fn hint(&self) -> String {
        let near: Vec<String> = self.near.iter().map(|it| format!("`{it}`")).collect();
        let near = match near.split_last() {
            None => "`simcap explain` alone says what can be explained".to_owned(),
            Some((only, [])) => format!("did you mean {only}?"),
            Some((last, others)) => format!("did you mean {} or {last}?", others.join(", ")),
        };
        if !report::may_be_a_name(&self.what) {
            return near;
        }
        let titles: Vec<String> = report::beside_names().iter().map(|it| format!("`{it}`")).collect();
        format!(
            "{near}\n  it may also be the name of a table in your file, by which a page calls a service and the rows of its tables: \
             ask for the titles that stand beside it there, such as {}",
            titles.join(", ")
        )
    }
}

/// Work that a signal has ended.
#[derive(Debug, thiserror::Error)]
#[error("{what} was ended: {reason}\n  {known}")]
pub struct Ended {
    /// The work: `the check`.
    pub what: &'static str,
    /// The reason.
    pub reason: Reason,
    /// Progress so far.
    pub known: String,
}

impl Ended {
    fn hint(&self) -> &'static str {
        match self.reason {
            Reason::Memory { .. } => "fewer --threads take less; or allow more with --max-memory",
            Reason::Time { .. } => "allow more with --max-time, or run it again to get the rest",
            Reason::Signal(_) | Reason::Changed => "run it again to get the rest",
        }
    }
}

/// Prints an error and returns the exit code; no other code prints errors.
pub fn explain(error: &anyhow::Error) -> Exit {
    let of_study = error.downcast_ref().and_then(|error| match error {
        StudyError::NoPoint(error) => Some(&**error),
        _ => None,
    });
    let scenario_error = error.downcast_ref::<ScenarioError>().or(of_study);
    let text = match scenario_error {
        Some(ScenarioError::Invalid(report)) => {
            let variant = error.downcast_ref::<InVariant>();
            let before = variant.map_or(String::new(), |it| format!("{}:\n", visible(&it.to_string())));
            before + &report.render(true)
        }
        _ => chained(error),
    };
    let usage = scenario_error.is_some()
        || error.is::<PrecisionError>()
        || error.is::<CannotCompare>()
        || error.is::<RuleError>()
        || error.is::<UnknownCase>()
        || error.is::<UnknownFigure>()
        || error.is::<NotExplained>()
        || error.is::<BadShard>()
        || error.is::<NoStart>()
        || error.is::<StudyError>()
        || error.is::<ChosenError>()
        || error.downcast_ref().is_some_and(ImportError::is_usage)
        || error.downcast_ref().is_some_and(InitError::is_usage)
        || error.downcast_ref().is_some_and(infrastructure::Error::is_usage)
        || error.is::<Box<MeasuredError>>()
        || matches!(error.downcast_ref(), Some(BacktestError::Replay(_)))
        || error.downcast_ref().is_some_and(is_of_input)
        || matches!(
            error.downcast_ref(),
            Some(
                PlanError::NoChoice
                    | PlanError::NoObjective
                    | PlanError::Users { .. }
                    | PlanError::Unpriced { .. }
                    | PlanError::TooFewRuns { .. }
            )
        )
        || error.is::<MergeError>() && !is_incomplete(error);
    // If stderr is closed too there is nowhere to report it.
    let _ = anstream::stderr().write_all(text.as_bytes());
    match (usage, ended_by(error)) {
        (true, _) => Exit::Usage,
        (false, Some(reason)) => reason.into(),
        (false, None) => Exit::Failure,
    }
}

/// Why work was interrupted, if that is the error.
pub fn ended_by(error: &anyhow::Error) -> Option<Reason> {
    let interruption = error.downcast_ref().map(|interruption: &Interruption| interruption.reason);
    let import = || error.downcast_ref().and_then(ImportError::stopped);
    interruption.or_else(|| error.downcast_ref().map(|ended: &Ended| ended.reason)).or_else(import)
}

/// Prints a warning: the run goes on, but the reader should know.
pub fn warn(code: &str, message: &str, hint: &str) {
    let (message, hint) = (visible(message), visible(hint));
    note(&format!("{WARNING}warning[{code}]{WARNING:#}: {message}\n{HINT}hint{HINT:#}: {hint}\n\n"));
}

/// Prints a page on stderr.
pub fn note(text: &str) {
    // If stderr is closed too there is nowhere to report it.
    let _ = anstream::stderr().write_all(text.as_bytes());
}

/// `error: what: why`, and a hint after a blank line.
fn chained(error: &anyhow::Error) -> String {
    let hint = advice(error).map(|hint| format!("\n{HINT}hint{HINT:#}: {}\n", visible(&hint)));
    let text = match ended_by(error) {
        // This error has its own lines and text.
        Some(_) => error.to_string(),
        // Paths and arguments may contain any character.
        None => visible(&reasons(error)).into_owned(),
    };
    format!("{ERROR}error{ERROR:#}: {text}\n{}", hint.unwrap_or_default())
}

/// `what: why: why that`, each reason once: many errors say their own reason, since libraries show an error without those below it.
fn reasons(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for reason in error.chain().skip(1).map(ToString::to_string) {
        if !text.ends_with(&reason) {
            text = format!("{text}: {reason}");
        }
    }
    text
}

/// Whether a fit failed because of what it was given.
fn is_of_input(error: &CalibrateError) -> bool {
    !matches!(error, CalibrateError::Runs(BacktestError::Threads(_) | BacktestError::Stopped(_)))
}

/// Whether a merge only lacks some parts, or cannot read them: that is nothing that the command line has wrong.
fn is_incomplete(error: &anyhow::Error) -> bool {
    matches!(
        error.downcast_ref(),
        Some(MergeError::Missing(_) | MergeError::Damaged { .. } | MergeError::Folder(_))
    )
}

/// What to do about an error.
fn advice(error: &anyhow::Error) -> Option<String> {
    if let Some(error) = error.downcast_ref::<PrecisionError>() {
        return Some(error.hint.clone());
    }
    if let Some(error) = error.downcast_ref::<RuleError>() {
        return Some(error.hint.clone());
    }
    if let Some(error) = error.downcast_ref::<UnknownCase>() {
        return Some(format!("the families are {}", error.families));
    }
    if let Some(interruption) = error.downcast_ref::<Interruption>() {
        return Some(interruption.hint());
    }
    if let Some(error) = error.downcast_ref::<UnknownFigure>() {
        return Some(error.hint.clone());
    }
    if let Some(error) = error.downcast_ref::<NotExplained>() {
        return Some(error.hint());
    }
    if let Some(error) = error.downcast_ref::<StudyError>() {
        return error.hint();
    }
    if let Some(error) = error.downcast_ref::<ImportError>() {
        return error.hint().map(str::to_owned);
    }
    if error.is::<NoStart>() {
        return Some(
            "give one with --start 2026-11-27T09:00:00Z; a run also takes `starts` of its scenario".into(),
        );
    }
    if let Some(error) = error.downcast_ref::<InitError>() {
        return error.hint();
    }
    if let Some(error) = error.downcast_ref::<ChosenError>() {
        return Some(error.hint());
    }
    if let Some(error) = error.downcast_ref::<Box<MeasuredError>>() {
        return Some(error.hint.clone());
    }
    if let Some(error) = error.downcast_ref::<CalibrateError>() {
        return error.hint();
    }
    if let Some(BacktestError::Replay(error)) = error.downcast_ref() {
        return Some(error.hint());
    }
    if let Some(error) = error.downcast_ref::<PlanError>() {
        return error.hint().map(str::to_owned);
    }
    if let Some(error) = error.downcast_ref::<MergeError>() {
        return Some(error.hint());
    }
    if let Some(error) = error.downcast_ref::<Ended>() {
        return Some(error.hint().to_owned());
    }
    if let Some(error) = error.downcast_ref::<CannotCompare>() {
        return Some(error.hint());
    }
    error.downcast_ref().and_then(hint).map(str::to_owned)
}

fn hint(error: &ReportError) -> Option<&'static str> {
    match error {
        ReportError::Write { path, .. } if path.extension().is_some_and(|it| it == "html") => {
            Some("choose another file with --html FILE, in a folder that exists and can be written to")
        }
        ReportError::Write { path, .. } if is_baseline(path) => {
            Some("choose another file with --save-baseline FILE, in a folder that can be written to")
        }
        ReportError::Write { .. } => Some("choose another folder with --out DIR"),
        ReportError::Occupied { .. } => Some("choose another folder with --out DIR, or take that one away"),
        ReportError::NotAnOutcome { .. } => Some("give the outcome.json that `simcap run` has written"),
        ReportError::NoRows { .. } => Some("run its scenario again to draw it"),
        ReportError::OtherVersion { .. } => Some("run the scenario again with this simcap"),
        ReportError::Read { .. } => None,
        #[cfg(feature = "charts")]
        ReportError::Chart(_) => None,
    }
}

/// Of the files that are written, these are in a folder of results; any other JSON is a baseline.
fn is_baseline(path: &std::path::Path) -> bool {
    let results = [OUTCOME_FILE, SWEEP_FILE, PLANNED_FILE, SENSITIVITY_FILE];
    path.extension().is_some_and(|it| it == "json") && !results.iter().any(|file| path.ends_with(file))
}

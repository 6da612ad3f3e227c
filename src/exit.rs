//! How `simcap` ends. In: the result of a command. Out: an exit code, and an error as text on stderr.

use std::io::{self, Write};
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use simcap::ensemble::PrecisionError;
use simcap::report::ReportError;
use simcap::scenario::ScenarioError;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default();

/// Every exit code of `simcap`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The command did what it was asked to, and every objective was met.
    Fine = 0,
    /// Something failed that is no matter of the scenario: a folder that cannot be written.
    Failure = 1,
    /// The command line or the scenario is at fault (clap ends with the same code).
    Usage = 2,
    /// The run went well, but missed at least one objective; the code that k6 uses for thresholds.
    ObjectiveMissed = 99,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// A comparison of a scenario with itself, under the same overrides.
#[derive(Debug, thiserror::Error)]
#[error("one scenario, and nothing to tell it from itself")]
pub struct NothingToCompare;

impl NothingToCompare {
    const HINT: &'static str = "name a second file, or change the first one with --set-b PATH=VALUE";
}

/// Prints an error, the only place that does, and says how to end.
pub fn explain(error: &anyhow::Error) -> Exit {
    // A reader that has seen enough, as in `simcap run … | head`, is no error.
    if error.chain().filter_map(|cause| cause.downcast_ref()).any(is_broken_pipe) {
        return Exit::Fine;
    }
    let scenario_error = error.downcast_ref::<ScenarioError>();
    let text = match scenario_error {
        Some(ScenarioError::Invalid(report)) => report.render(true),
        _ => chained(error),
    };
    let usage = scenario_error.is_some() || error.is::<PrecisionError>() || error.is::<NothingToCompare>();
    // With stderr gone too there is nobody left to tell.
    let _ = anstream::stderr().write_all(text.as_bytes());
    match usage {
        true => Exit::Usage,
        false => Exit::Failure,
    }
}

/// Prints what a run can live with and its reader should know.
pub fn warn(code: &str, message: &str, hint: &str) {
    note(&format!("{WARNING}warning[{code}]{WARNING:#}: {message}\n{HINT}hint{HINT:#}: {hint}\n\n"));
}

/// Prints a page on stderr.
pub fn note(text: &str) {
    // With stderr gone too there is nobody left to tell.
    let _ = anstream::stderr().write_all(text.as_bytes());
}

/// `error: what: why`, and a hint after a blank line.
fn chained(error: &anyhow::Error) -> String {
    let hint = match error.downcast_ref::<PrecisionError>() {
        Some(error) => Some(error.hint.as_str()),
        None if error.is::<NothingToCompare>() => Some(NothingToCompare::HINT),
        None => error.downcast_ref().and_then(hint),
    };
    let hint = hint.map(|hint| format!("\n{HINT}hint{HINT:#}: {hint}\n")).unwrap_or_default();
    format!("{ERROR}error{ERROR:#}: {error:#}\n{hint}")
}

fn hint(error: &ReportError) -> Option<&'static str> {
    match error {
        ReportError::Write { .. } => Some("choose another folder with --out DIR"),
        ReportError::NotAnOutcome { .. } => Some("give the outcome.json that `simcap run` has written"),
        ReportError::OtherVersion { .. } => Some("run the scenario again with this simcap"),
        ReportError::Read { .. } | ReportError::Chart(_) => None,
    }
}

fn is_broken_pipe(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}

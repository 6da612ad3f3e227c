//! The result of `simcap check` as data. In: a report of problems or warnings, an estimate, two runs compared. Out: a [`Finding`], whose
//! JSON programs and editors read.

use serde::Serialize;

use crate::language::problem::{Problem, Report, Severity};
use crate::outcome::{Repetition, Seen};
use crate::scenario::ScenarioError;
use crate::scenario::effort::Effort;

/// The result for one file in `--format json`.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Finding {
    /// Its path, as it was given.
    pub file: String,
    /// Whether it can run, and does what was asked for.
    pub ok: bool,
    /// Problems and warnings, in the order of the file.
    pub problems: Vec<Item>,
    /// Number of further problems, which are not listed.
    #[serde(skip_serializing_if = "is_zero")]
    pub more_problems: usize,
    /// Estimate of the work of a run; absent for a file that cannot run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effort: Option<Work>,
    /// Result of two runs; absent unless asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub determinism: Option<Determinism>,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// One problem or warning.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Item {
    /// Whether it stops the file from running.
    pub level: Severity,
    /// A stable name, which `simcap explain` explains.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// The file, or `--set` for a value from the command line.
    pub file: String,
    /// Line, from 1; absent if the item is about the whole file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// Column in characters, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// The column after the last character, on the same line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_column: Option<usize>,
    /// What to write instead; absent where nothing can be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Another place in the file that it conflicts with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub also: Option<Also>,
}

impl Item {
    /// Something about a whole file.
    pub fn of_file(file: &str, level: Severity, code: &'static str, message: String) -> Item {
        let file = file.to_owned();
        Item {
            level,
            code,
            message,
            file,
            line: None,
            column: None,
            end_column: None,
            hint: None,
            also: None,
        }
    }

    /// Everything of a report.
    pub fn all(file: &str, report: &Report) -> Vec<Item> {
        report.problems().iter().map(|problem| Item::of(file, report, problem)).collect()
    }

    /// Why a file cannot run: its problems, or that it cannot be read.
    pub fn of_error(file: &str, error: &ScenarioError) -> Vec<Item> {
        match error {
            ScenarioError::Invalid(report) => Item::all(file, report),
            ScenarioError::Unreadable { source, .. } => {
                vec![Item::of_file(file, Severity::Error, "unreadable", format!("{error}: {source}"))]
            }
        }
    }

    fn of(file: &str, report: &Report, problem: &Problem) -> Item {
        let also = problem.also.as_ref().and_then(|(span, message)| {
            let place = report.place_of(span)?;
            let (file, line, column) = (place.source.to_owned(), place.line, place.column);
            Some(Also { message: message.clone(), file, line, column })
        });
        let mut item = Item::of_file(file, problem.severity, problem.code, problem.message.clone());
        (item.hint, item.also) = (problem.hint.clone(), also);
        if let Some(place) = report.place(problem) {
            item.file = place.source.to_owned();
            (item.line, item.column) = (Some(place.line), Some(place.column));
            item.end_column = Some(place.column + place.text[place.span.clone()].chars().count());
        }
        item
    }
}

/// The other place of a conflict.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Also {
    /// What is there.
    pub message: String,
    /// The file, or `--set`.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// The estimate of a run.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Work {
    /// How many runs.
    pub runs: u32,
    /// Requests of one run.
    pub requests: f64,
    /// Events of one run.
    pub events: f64,
    /// Seconds of one core for all runs.
    pub core_seconds: f64,
}

impl From<Effort> for Work {
    fn from(effort: Effort) -> Work {
        let Effort { runs, requests, events, .. } = effort;
        Work { runs, requests: requests.round(), events: events.round(), core_seconds: effort.seconds(1) }
    }
}

/// Comparison of two runs.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Determinism {
    /// Whether they had the same events and the same outcome.
    pub identical: bool,
    /// Number of equal events, from the first on.
    pub events: u64,
    /// A hash of all events, if all are equal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// The first event that differs, in each run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_difference: Option<[String; 2]>,
}

impl Determinism {
    /// What two runs come to.
    pub fn of(repetition: &Repetition) -> Determinism {
        let shown = |seen: Option<Seen>| {
            seen.map_or_else(|| "the end of the run".to_owned(), |seen| seen.to_string())
        };
        let (events, hash, first_difference) = match *repetition {
            Repetition::Identical { events, hash } => (events, Some(format!("{hash:016x}")), None),
            Repetition::Diverged { events, next } => (events, None, Some(next.map(shown))),
            // An interrupted comparison is not reported as a finding.
            Repetition::OtherOutcome { events } | Repetition::Ended { events, .. } => (events, None, None),
        };
        Determinism {
            identical: matches!(repetition, Repetition::Identical { .. }),
            events,
            hash,
            first_difference,
        }
    }
}

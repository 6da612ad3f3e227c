//! `simcap check`: every problem of every file, and whether its run repeats itself. In: files. Out: a line a good file,
//! a page a bad one; or JSON.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use simcap::ensemble::Told;
use simcap::outcome::figure::count;
use simcap::outcome::{Repetition, Seen};
use simcap::scenario::{self, Scenario, ScenarioError};
use simcap::text::visible;
use simcap::units::Time;

use super::progress::Progress;
use crate::cli::{Check, Format};
use crate::exit::{self, Exit};

const OK: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();

/// What `--format json` says about one file.
#[derive(Serialize)]
struct Finding {
    file: String,
    ok: bool,
    /// The page of problems, without colour; absent when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    problems: Option<String>,
    /// What two runs have shown; absent unless asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    determinism: Option<Determinism>,
}

/// Two runs compared.
#[derive(Serialize)]
struct Determinism {
    identical: bool,
    /// Equal events, from the first one on.
    events: u64,
    /// A hash of all events, if all are equal.
    #[serde(skip_serializing_if = "Option::is_none")]
    hash: Option<String>,
    /// The first event that differs, in each run.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_difference: Option<[String; 2]>,
}

pub fn check(args: &Check, quiet: bool) -> anyhow::Result<Exit> {
    let mut exit = Exit::Fine;
    let mut findings = Vec::new();
    for file in &args.files {
        let name = file.display().to_string();
        let (repetition, error) = match scenario::load(file, &args.set) {
            Ok(scenario) => {
                super::warn_of_prices(&scenario);
                let silent = quiet || args.format == Format::Json;
                (args.determinism.then(|| run_twice(&scenario, silent)), None)
            }
            Err(error) => (None, Some(error)),
        };
        let ok = error.is_none() && repetition.as_ref().is_none_or(is_identical);
        exit = match (&error, ok) {
            (Some(_), _) => Exit::Usage,
            (None, false) if exit == Exit::Fine => Exit::Failure,
            _ => exit,
        };
        match (args.format, error) {
            (Format::Json, error) => findings.push(Finding {
                file: name,
                ok,
                problems: error.map(plain),
                determinism: repetition.as_ref().map(determinism),
            }),
            (Format::Text, Some(error)) => drop(exit::explain(&error.into())),
            (Format::Text, None) if quiet && ok => {}
            (Format::Text, None) => super::say(&line(&name, repetition.as_ref()))?,
        }
    }
    if args.format == Format::Json {
        super::say(&(serde_json::to_string_pretty(&findings)? + "\n"))?;
    }
    Ok(exit)
}

fn run_twice(scenario: &Scenario, silent: bool) -> Repetition {
    let progress = Progress::new(scenario.duration, silent);
    progress.tell(Told::Planned(1));
    let mut told = Time::ZERO;
    let repetition = simcap::repeat(scenario, [scenario.seed; 2], &mut |now| {
        progress.tell(Told::Simulated(now - told));
        told = now;
    });
    progress.finish();
    repetition
}

fn is_identical(repetition: &Repetition) -> bool {
    matches!(repetition, Repetition::Identical { .. })
}

/// What is said of a file without problems.
fn line(file: &str, repetition: Option<&Repetition>) -> String {
    let file = visible(file);
    let Some(repetition) = repetition else { return format!("{OK}ok{OK:#}  {file}\n") };
    let mut text = match is_identical(repetition) {
        true => format!("{OK}ok{OK:#}  {file}  "),
        false => format!("{BAD}no{BAD:#}  {file}  "),
    };
    let Determinism { events, hash, first_difference, .. } = determinism(repetition);
    let events = count(events);
    // Writing to a string does not fail.
    let _ = match (hash, first_difference) {
        (Some(hash), _) => writeln!(text, "identical: {events} events, hash {hash}"),
        (None, Some([one, other])) => writeln!(
            text,
            "not deterministic: two runs part after {events} equal events\n    one run    {one}\n    the other  {other}"
        ),
        (None, None) => writeln!(text, "not deterministic: {events} equal events, but outcomes that differ"),
    };
    text
}

fn determinism(repetition: &Repetition) -> Determinism {
    let shown =
        |seen: Option<Seen>| seen.map_or_else(|| "the end of the run".to_owned(), |seen| seen.to_string());
    let (events, hash, first_difference) = match *repetition {
        Repetition::Identical { events, hash } => (events, Some(format!("{hash:016x}")), None),
        Repetition::Diverged { events, next } => (events, None, Some(next.map(shown))),
        Repetition::OtherOutcome { events } => (events, None, None),
    };
    Determinism { identical: is_identical(repetition), events, hash, first_difference }
}

fn plain(error: ScenarioError) -> String {
    match error {
        ScenarioError::Invalid(report) => report.render(false),
        error => format!("{:#}", anyhow::Error::from(error)),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const CALLS: &str = "duration = \"10s\"\ntraffic.callers.rate = \"20/s\"\n\
        request.call.steps = [{ service = \"desk\" }]\nservice.desk = { servers = 1, time = \"exponential 40ms\" }";

    /// No scenario is known that does not repeat itself: two seeds make two runs that part.
    #[test]
    fn the_event_where_two_runs_part_is_named() {
        let scenario = scenario::parse("calls.toml", CALLS.as_bytes(), Path::new(""), &[]).unwrap();
        let parted = simcap::repeat(&scenario, [1, 2], &mut |_| {});
        let text = line("calls.toml", Some(&parted));
        assert!(text.contains("not deterministic: two runs part after 0 equal events"), "{text}");
        assert!(text.contains("one run    arrival from source 0, event number 0, at "), "{text}");
        assert!(text.contains("the other  arrival from source 0, event number 0, at "), "{text}");
        let finding = determinism(&parted);
        assert!(!finding.identical && finding.hash.is_none() && finding.first_difference.is_some());

        let same = simcap::repeat(&scenario, [1, 1], &mut |_| {});
        assert!(line("calls.toml", Some(&same)).contains(" events, hash "));
        assert!(determinism(&same).identical);
    }
}

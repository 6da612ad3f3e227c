//! `simcap check`: every problem and warning of every file, and whether its run repeats itself. In: files. Out: one line
//! for a good file, a page for one with problems or warnings; or JSON.

use std::fmt::Write as _;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use simcap::ensemble::Told;
use simcap::guard::Guard;
use simcap::language::problem::Report;
use simcap::number::{about, counted, done_of};
use simcap::outcome::Repetition;
use simcap::report::{Determinism, Finding, Item, Work};
use simcap::scenario::effort::{self, Effort};
use simcap::scenario::{self, Scenario, ScenarioError};
use simcap::text::visible;
use simcap::units::Time;
use simcap::warning;

use super::progress::Progress;
use super::watch::Running;
use crate::cli::{Check, Format, Voice};
use crate::exit::{self, Ended, Exit};

const OK: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();

/// The result of checking one file.
struct Checked {
    /// Warnings, or the problems that stop it from running.
    report: Option<Report>,
    /// Why the file could not be read.
    error: Option<ScenarioError>,
    effort: Option<Effort>,
    repetition: Option<Repetition>,
}

impl Checked {
    fn can_run(&self) -> bool {
        self.effort.is_some()
    }

    fn warnings(&self) -> usize {
        self.report.as_ref().filter(|_| self.can_run()).map_or(0, |report| report.problems().len())
    }
}

pub fn check(args: &Check, voice: Voice) -> anyhow::Result<Exit> {
    match args.watch {
        true => super::watch::watch(&args.files, voice, |running| once(args, voice, Some(running))),
        false => once(args, voice, None),
    }
}

fn once(args: &Check, voice: Voice, running: Option<&Running>) -> anyhow::Result<Exit> {
    let quiet = voice.quiet;
    let mut exit = Exit::Fine;
    let mut findings = Vec::new();
    let mut ended = None;
    // Without runs a check takes no time, so a signal may end the process.
    let guard = args.determinism.then(super::stop::by_signal).transpose()?;
    if let (Some(running), Some(guard)) = (running, &guard) {
        running.ends_with(guard);
    }
    for (before, file) in args.files.iter().enumerate() {
        let name = file.display().to_string();
        let checked = look(file, args, quiet, guard.as_ref());
        if let Some(Repetition::Ended { events, at }) = checked.repetition {
            ended = Some(known(&name, before, args.files.len(), events, at));
            break;
        }
        let denied = args.deny_warnings && checked.warnings() > 0;
        let ok = checked.can_run() && !denied && checked.repetition.as_ref().is_none_or(is_identical);
        exit = match (checked.can_run() && !denied, ok) {
            (false, _) => Exit::Usage,
            (true, false) if exit == Exit::Fine => Exit::Failure,
            _ => exit,
        };
        match args.format {
            Format::Json => findings.push(finding(name, ok, checked)),
            Format::Text => tell(&name, ok, checked, Voice { quiet: quiet && !denied, ..voice })?,
        }
    }
    if args.format == Format::Json {
        super::say::say(&(serde_json::to_string_pretty(&findings)? + "\n"))?;
    }
    match (ended, guard.and_then(|guard| guard.reason())) {
        (Some(known), Some(reason)) => Err(Ended { what: "the check", reason, known }.into()),
        _ => Ok(exit),
    }
}

/// Result so far of a check whose runs were interrupted.
fn known(file: &str, before: usize, of: usize, events: u64, at: Time) -> String {
    let (file, events) = (visible(file), counted(events, "equal event"));
    let files = done_of(before, of, "file", "checked");
    format!("{files}; the two runs of {file} had {events} up to {at}")
}

/// Checks a file; with a guard, runs it twice. The guard may end both runs.
fn look(file: &Path, args: &Check, quiet: bool, guard: Option<&Guard>) -> Checked {
    let (scenario, origin) = match scenario::load_with_origin(file, &args.set) {
        Ok(loaded) => loaded,
        Err(error) => {
            let report = match &error {
                ScenarioError::Invalid(report) => Some(report.clone()),
                ScenarioError::Unreadable { .. } => None,
            };
            return Checked { report, error: Some(error), effort: None, repetition: None };
        }
    };
    let warnings = warning::of_scenario(&scenario, scenario.runs);
    let silent = quiet || args.format == Format::Json;
    Checked {
        report: (!warnings.is_empty()).then(|| warning::report(&origin, &warnings)),
        error: None,
        effort: Some(effort::effort(&scenario, scenario.runs)),
        repetition: guard.map(|guard| run_twice(&scenario, silent, guard)),
    }
}

/// Prints the result for people: problems and warnings on stderr, one line on stdout for a file that can run.
fn tell(file: &str, ok: bool, checked: Checked, Voice { quiet, verbose }: Voice) -> anyhow::Result<()> {
    let warnings = checked.warnings();
    match (checked.error, checked.report) {
        (Some(error), _) => {
            exit::explain(&error.into());
            return Ok(());
        }
        (None, Some(report)) if !quiet => exit::note(&report.render(true)),
        _ => {}
    }
    let mut remarks = String::new();
    if warnings > 0 {
        remarks.push_str(&format!("  {}", counted(warnings as u64, "warning")));
    }
    if let Some(effort) = checked.effort {
        let seconds = effort.seconds(1);
        if seconds >= WORTH_SAYING_S || verbose {
            remarks.push_str(&format!("  {} of one core", about(seconds)));
        }
        if verbose {
            let Effort { runs, requests, events, .. } = effort;
            let (runs, requests) = (counted(runs.into(), "run"), counted(requests.round() as u64, "request"));
            remarks.push_str(&format!(
                ": {runs} with {requests} and {} each",
                counted(events.round() as u64, "event")
            ));
        }
    }
    let line = line(file, ok, &remarks, checked.repetition.as_ref());
    super::say::say(&super::say::paper(false, false).fold(line))?;
    Ok(())
}

/// Run time from which the estimate is shown, in seconds.
const WORTH_SAYING_S: f64 = 60.0;

fn finding(file: String, ok: bool, checked: Checked) -> Finding {
    let problems = match (&checked.error, &checked.report) {
        (Some(error), _) => Item::of_error(&file, error),
        (None, Some(report)) => Item::all(&file, report),
        (None, None) => Vec::new(),
    };
    Finding {
        file,
        ok,
        problems,
        more_problems: checked.report.as_ref().map_or(0, Report::dropped),
        effort: checked.effort.map(Work::from),
        determinism: checked.repetition.as_ref().map(Determinism::of),
    }
}

fn run_twice(scenario: &Scenario, silent: bool, guard: &Guard) -> Repetition {
    let progress = Progress::new(scenario.duration, silent);
    let mut told = Time::ZERO;
    let repetition = simcap::repeat(scenario, [scenario.seed; 2], &mut |now| {
        progress.tell(Told::Simulated(now - told));
        told = now;
        guard.flow()
    });
    progress.finish();
    repetition
}

fn is_identical(repetition: &Repetition) -> bool {
    matches!(repetition, Repetition::Identical { .. })
}

/// The line about a file that can run.
fn line(file: &str, ok: bool, remarks: &str, repetition: Option<&Repetition>) -> String {
    let file = visible(file);
    let word = if ok { format!("{OK}ok{OK:#}") } else { format!("{BAD}no{BAD:#}") };
    let Some(repetition) = repetition else { return format!("{word}  {file}{remarks}\n") };
    let mut text = format!("{word}  {file}{remarks}  ");
    let Determinism { events, hash, first_difference, .. } = Determinism::of(repetition);
    let equal = counted(events, "equal event");
    // Writing to a string does not fail.
    let _ = match (hash, first_difference) {
        (Some(hash), _) => writeln!(text, "identical: {}, hash {hash}", counted(events, "event")),
        (None, Some([one, other])) => writeln!(
            text,
            "not deterministic: two runs differ after {equal}\n    one run    {one}\n    the other  {other}"
        ),
        (None, None) => writeln!(text, "not deterministic: {equal}, but outcomes that differ"),
    };
    text
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;
    use std::path::Path;

    use super::*;

    const CALLS: &str = "duration = \"10s\"\ntraffic.callers.rate = \"20/s\"\n\
        request.call.steps = [{ service = \"desk\" }]\nservice.desk = { servers = 1, time = \"exponential 40ms\" }";

    /// No scenario is known whose runs differ with one seed, so two seeds stand in.
    #[test]
    fn the_event_where_two_runs_part_is_named() {
        let scenario = scenario::parse("calls.toml", CALLS.as_bytes(), Path::new(""), &[]).unwrap();
        let parted = simcap::repeat(&scenario, [1, 2], &mut |_| ControlFlow::Continue(()));
        let text = line("calls.toml", false, "", Some(&parted));
        assert!(text.contains("not deterministic: two runs differ after 0 equal events"), "{text}");
        assert!(text.contains("one run    arrival from source 0, event number 0, at "), "{text}");
        assert!(text.contains("the other  arrival from source 0, event number 0, at "), "{text}");
        let finding = Determinism::of(&parted);
        assert!(!finding.identical && finding.hash.is_none() && finding.first_difference.is_some());

        let same = simcap::repeat(&scenario, [1, 1], &mut |_| ControlFlow::Continue(()));
        assert!(line("calls.toml", true, "", Some(&same)).contains(" events, hash "));
        assert!(Determinism::of(&same).identical);
    }
}

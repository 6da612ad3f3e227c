//! Output of the commands. In: text or an outcome. Out: stdout, and the exit code.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use simcap::comparison::Comparison;
use simcap::outcome::Outcome;
use simcap::report::{self, Paper, figures_csv, markdown, page_on, to_json, verdicts};
use simcap::text::visible;

use crate::cli::{RunFormat, Voice};
use crate::exit::{self, Exit};

/// Prints to stdout, with colour where it is wanted. A reader that closes the pipe, as in `simcap run … | head`, is no
/// error: the exit code is decided before anything is printed.
pub(super) fn say(text: &str) -> io::Result<()> {
    let mut stdout = anstream::stdout().lock();
    let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    written.or_else(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Ok(()),
        _ => Err(error),
    })
}

/// The paper that a page is for: as wide as the terminal; what goes elsewhere is as wide as it is.
pub(super) fn paper(whole: bool, bill: bool) -> Paper {
    let size = terminal_size::terminal_size_of(io::stdout());
    Paper { width: size.map(|(width, _)| usize::from(width.0).max(NARROWEST)), whole, bill }
}

/// A page is not laid out for less than this.
const NARROWEST: usize = 60;

/// A path as a shell takes it as one word.
pub(super) fn word(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/+:,@%".contains(c);
    match !text.is_empty() && text.chars().all(plain) {
        true => text,
        false => visible(&format!("'{}'", text.replace('\'', r"'\''"))).into_owned(),
    }
}

/// The exit code of a command with a verdict.
pub(super) fn verdict(passed: bool) -> Exit {
    if passed { Exit::Fine } else { Exit::ObjectiveMissed }
}

/// Where GitHub Actions takes the summary of a job, in Markdown.
const SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// Appends a page to the summary of the job, where there is one.
pub(super) fn summarise(page: &str) -> anyhow::Result<()> {
    let Some(path) = std::env::var_os(SUMMARY).filter(|path| !path.is_empty()) else { return Ok(()) };
    let file = fs::OpenOptions::new().append(true).create(true).open(&path);
    let written = file.and_then(|mut file| file.write_all(format!("{page}\n").as_bytes()));
    written.with_context(|| format!("cannot append to {}, which {SUMMARY} names", path.display()))
}

/// Says what became of a gate where the output is for machines, so that the log of a job has it.
pub(super) fn gate(comparisons: &[Comparison], voice: Voice) {
    if !voice.quiet {
        exit::note(&report::gate(comparisons));
    }
}

/// Prints an outcome in the chosen format and exits by its verdicts; `took` is how long its runs took, if they were made now.
pub(super) fn show(
    outcome: &Outcome,
    took: Option<Duration>,
    files: &[PathBuf],
    format: RunFormat,
    bill: bool,
    voice: Voice,
) -> anyhow::Result<Exit> {
    let exit = match (outcome.objectives_met(), &outcome.partial) {
        // What was met in a part of it is not decided.
        (true, Some(_)) => Exit::Failure,
        (met, _) => verdict(met),
    };
    match (format, voice.quiet) {
        (RunFormat::Json, _) => say(&to_json(outcome))?,
        (RunFormat::Markdown, _) => say(&markdown(outcome))?,
        (RunFormat::Csv, _) => say(&figures_csv(outcome))?,
        (RunFormat::Junit, _) => say(&report::junit(&report::cases_of_outcome(outcome, took)))?,
        (RunFormat::Github, _) => {
            summarise(&markdown(outcome))?;
            say(&report::github(&report::cases_of_outcome(outcome, took)))?;
        }
        (RunFormat::Openmetrics, _) => say(&report::openmetrics(outcome))?,
        (RunFormat::Text, true) => say(&verdicts(outcome))?,
        (RunFormat::Text, false) => say(&page_on(outcome, files, paper(voice.verbose, bill)))?,
    }
    Ok(exit)
}

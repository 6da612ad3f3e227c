//! Output of the commands. In: text or an outcome. Out: stdout, and the exit code.

use std::io::{self, Write};
use std::path::PathBuf;

use simcap::outcome::Outcome;
use simcap::report::{Paper, figures_csv, markdown, page_on, to_json, verdicts};

use crate::cli::{PageFormat, Voice};
use crate::exit::Exit;

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

/// The exit code of a command with a verdict.
pub(super) fn verdict(passed: bool) -> Exit {
    if passed { Exit::Fine } else { Exit::ObjectiveMissed }
}

/// Prints an outcome in the chosen format and exits by its verdicts.
pub(super) fn show(
    outcome: &Outcome,
    files: &[PathBuf],
    format: PageFormat,
    bill: bool,
    voice: Voice,
) -> anyhow::Result<Exit> {
    let exit = match (outcome.objectives_met(), &outcome.partial) {
        // What was met in a part of it is not decided.
        (true, Some(_)) => Exit::Failure,
        (met, _) => verdict(met),
    };
    match (format, voice.quiet) {
        (PageFormat::Json, _) => say(&to_json(outcome))?,
        (PageFormat::Markdown, _) => say(&markdown(outcome))?,
        (PageFormat::Csv, _) => say(&figures_csv(outcome))?,
        (PageFormat::Text, true) => say(&verdicts(outcome))?,
        (PageFormat::Text, false) => say(&page_on(outcome, files, paper(voice.verbose, bill)))?,
    }
    Ok(exit)
}

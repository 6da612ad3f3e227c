//! What each command does. In: the command line. Out: text on stdout, files, and an exit code.

mod check;
mod compare;
mod headroom;
mod progress;
mod reference;
mod report;
mod run;
mod stop;
#[cfg(feature = "validate")]
mod validate;
mod warnings;

use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::path::PathBuf;

use simcap::outcome::Outcome;
use simcap::report::{page, to_json, verdicts};
use simcap::scenario::Scenario;

use crate::cli::{Cli, Command, Format, Seed};
use crate::exit::Exit;

/// Runs the command of the command line.
pub fn dispatch(cli: &Cli) -> anyhow::Result<Exit> {
    match &cli.command {
        Command::Run(args) => run::run(args, cli.quiet),
        Command::Check(args) => check::check(args, cli.quiet),
        Command::Compare(args) => compare::compare(args, cli.quiet),
        Command::Headroom(args) => headroom::headroom(args, cli.quiet),
        Command::Reference => reference::reference(),
        Command::Report(args) => report::report(args, cli.quiet),
        #[cfg(feature = "validate")]
        Command::Validate(args) => validate::validate(args, cli.quiet),
    }
}

/// The seed of the command line, or else that of the scenario.
fn seed(asked: Option<Seed>, scenario: &Scenario) -> u64 {
    match asked {
        Some(Seed::Number(seed)) => seed,
        Some(Seed::Random) => random_seed(),
        None => scenario.seed,
    }
}

/// A seed that differs from run to run and is short enough to type: 32 bits.
fn random_seed() -> u64 {
    RandomState::new().hash_one(std::process::id()) & u64::from(u32::MAX)
}

/// Prints to stdout, with colour where it is wanted. A reader that closes the pipe, as in `simcap run … | head`, is no
/// error: the exit code is decided before anything is printed.
fn say(text: &str) -> io::Result<()> {
    let mut stdout = anstream::stdout().lock();
    let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    written.or_else(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Ok(()),
        _ => Err(error),
    })
}

/// The exit code of a command with a verdict.
fn verdict(passed: bool) -> Exit {
    if passed { Exit::Fine } else { Exit::ObjectiveMissed }
}

/// Prints an outcome in the chosen format and exits by its verdicts.
fn show(outcome: &Outcome, files: &[PathBuf], format: Format, quiet: bool) -> anyhow::Result<Exit> {
    let exit = verdict(outcome.objectives_met());
    match (format, quiet) {
        (Format::Json, _) => say(&to_json(outcome))?,
        (Format::Text, true) => say(&verdicts(outcome))?,
        (Format::Text, false) => say(&page(outcome, files))?,
    }
    Ok(exit)
}

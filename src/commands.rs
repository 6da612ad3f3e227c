//! What each command does. In: the command line. Out: text on stdout, files, and an exit code.

mod check;
mod compare;
mod explain;
mod export;
mod fit;
mod headroom;
mod import;
mod init;
#[cfg(feature = "lsp")]
mod lsp;
#[cfg(feature = "mcp")]
mod mcp;
mod plan;
mod prices;
mod progress;
mod reference;
mod report;
mod run;
mod samples;
mod say;
mod schema;
mod seed;
mod sensitivity;
mod shell;
mod stop;
mod sweep;
#[cfg(feature = "validate")]
mod validate;
mod warnings;
mod watch;

use anyhow::Context;
use simcap::files;

use crate::cli::{Cli, Command};
use crate::exit::Exit;

/// Runs the command of the command line.
pub fn dispatch(cli: &Cli) -> anyhow::Result<Exit> {
    if let Some(folder) = &cli.within {
        files::confine(folder).with_context(|| format!("cannot work within `{}`", folder.display()))?;
    }
    match &cli.command {
        Command::Init(args) => init::init(args, cli.voice),
        Command::Run(args) => run::run(args, cli.voice),
        Command::Check(args) => check::check(args, cli.voice),
        Command::Compare(args) => compare::compare(args, cli.voice),
        Command::Headroom(args) => headroom::headroom(args, cli.voice),
        Command::Sweep(args) => sweep::sweep(args, cli.voice),
        Command::Plan(args) => plan::plan(args, cli.voice),
        Command::Merge(args) => sweep::merge(args, cli.voice),
        Command::Sensitivity(args) => sensitivity::sensitivity(args, cli.voice),
        Command::Calibrate(args) => fit::calibrate(args, cli.voice),
        Command::Backtest(args) => fit::backtest(args, cli.voice),
        Command::Reference => reference::reference(cli.voice),
        Command::Explain(args) => explain::explain(args, cli.voice),
        Command::Schema(args) => schema::schema(args, cli.voice),
        Command::Export(args) => export::export(args, cli.voice),
        Command::Import(args) => import::import(args, cli.voice),
        Command::Prices(args) => prices::prices(args, cli.voice),
        Command::Report(args) => report::report(args, cli.voice),
        #[cfg(feature = "lsp")]
        Command::Lsp => lsp::lsp(),
        #[cfg(feature = "mcp")]
        Command::Mcp(args) => mcp::mcp(args),
        Command::Completions(args) => shell::completions(args, cli.voice),
        Command::Man(args) => shell::man(args, cli.voice),
        #[cfg(feature = "validate")]
        Command::Validate(args) => validate::validate(args, cli.voice),
    }
}

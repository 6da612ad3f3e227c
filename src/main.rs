//! The `simcap` command: arguments in, one command run, its result as an exit code.

mod cli;
mod commands;
mod exit;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    cli.color.apply();
    let exit = commands::dispatch(&cli).unwrap_or_else(|error| exit::explain(&error));
    exit.into()
}

//! `simcap check`: every problem of every file. In: files. Out: a line a good file, a page a bad one; or JSON.

use std::io::Write;

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use simcap::scenario::{self, ScenarioError};

use crate::cli::{Check, Format};
use crate::exit::{self, Exit};

const OK: Style = AnsiColor::Green.on_default();

/// What `--format json` says about one file.
#[derive(Serialize)]
struct Finding {
    file: String,
    ok: bool,
    /// The page of problems, without colour; absent when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    problems: Option<String>,
}

pub fn check(args: &Check, quiet: bool) -> anyhow::Result<Exit> {
    let mut exit = Exit::Fine;
    let mut findings = Vec::new();
    for file in &args.files {
        let error = match scenario::load(file, &args.set) {
            Ok(scenario) => {
                super::warn_of_prices(&scenario);
                None
            }
            Err(error) => Some(error),
        };
        if error.is_some() {
            exit = Exit::Usage;
        }
        match (args.format, error) {
            (Format::Json, error) => findings.push(Finding {
                file: file.display().to_string(),
                ok: error.is_none(),
                problems: error.map(plain),
            }),
            (Format::Text, Some(error)) => drop(exit::explain(&error.into())),
            (Format::Text, None) if quiet => {}
            (Format::Text, None) => super::say(&format!("{OK}ok{OK:#}  {}\n", file.display()))?,
        }
    }
    if args.format == Format::Json {
        let mut stdout = std::io::stdout().lock();
        serde_json::to_writer_pretty(&mut stdout, &findings).map_err(std::io::Error::from)?;
        writeln!(stdout)?;
    }
    Ok(exit)
}

fn plain(error: ScenarioError) -> String {
    match error {
        ScenarioError::Invalid(report) => report.render(false),
        error => format!("{:#}", anyhow::Error::from(error)),
    }
}

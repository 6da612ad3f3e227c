//! `simcap validate`: the model against cases with known answers. In: families or cases. Out: a table, and an exit code.

use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressDrawTarget};
use serde::Serialize;
use simcap::guard::Guard;
use simcap::number::done_of;
use simcap::validate::{self, Case, Depth, Detail, Family, coverage};

use crate::cli::{Validate, ValidateFormat, Voice};
use crate::exit::{Ended, Exit, UnknownCase};

pub fn validate(args: &Validate, voice: Voice) -> anyhow::Result<Exit> {
    let quiet = voice.quiet;
    if args.coverage {
        return coverage(args, quiet);
    }
    if let Some(id) = &args.show {
        let (family, case) = validate::find(id).ok_or_else(|| unknown(id))?;
        super::say::say(&case.scenario(family, 1))?;
        return Ok(Exit::Fine);
    }
    for name in &args.names {
        let known =
            validate::families().iter().any(|family| family.id == name) || validate::find(name).is_some();
        anyhow::ensure!(known, unknown(name));
    }
    if args.calibration {
        return calibration(quiet);
    }
    let chosen = |family: &Family, case: &Case| {
        let by_family = args.names.is_empty() || args.names.iter().any(|name| name == family.id);
        args.names.contains(&case.id) || by_family && (args.full || args.export.is_some() || !case.long)
    };
    if let Some(folder) = &args.export {
        for family in validate::families() {
            for case in family.cases.iter().filter(|case| chosen(family, case)) {
                validate::export(family, case, folder)?;
            }
        }
        return Ok(Exit::Fine);
    }
    let depth = if args.full { Depth::Full } else { Depth::Quick };
    let bar = bar(quiet);
    let guard = super::stop::by_signal()?;
    let report = validate::run(&chosen, depth, &guard, &|runs, of| {
        bar.set_length(of as u64);
        bar.inc(runs as u64);
    });
    bar.finish_and_clear();
    let report = report.map_err(anyhow::Error::msg)?;
    let exit = super::say::verdict(report.passed());
    let detail = match (voice.quiet, voice.verbose) {
        (true, _) => Detail::Misses,
        (_, true) => Detail::Whole,
        (false, false) => Detail::Rows,
    };
    match args.format {
        ValidateFormat::Text => {
            super::say::say(&super::say::paper(false, false).fold(validate::text(&report, detail)))?
        }
        ValidateFormat::Markdown => super::say::say(&validate::markdown(&report))?,
        ValidateFormat::Json => super::say::say(&json(&report)?)?,
    }
    ended(&guard, report.partial, ("case", "judged"))?;
    Ok(exit)
}

/// The page of calibration: measurements, which are shown and not judged.
fn calibration(quiet: bool) -> anyhow::Result<Exit> {
    let bar = bar(quiet);
    let guard = super::stop::by_signal()?;
    let report = validate::run(&|family, _| family.calibration, Depth::Quick, &guard, &|runs, of| {
        bar.set_length(of as u64);
        bar.inc(runs as u64);
    });
    bar.finish_and_clear();
    let report = report.map_err(anyhow::Error::msg)?;
    super::say::say(&validate::calibration(&report))?;
    ended(&guard, report.partial, ("case", "compared"))?;
    Ok(Exit::Fine)
}

/// An error if a signal has ended the work; `of` names what is counted: `case`, `judged`.
fn ended(guard: &Guard, partial: Option<validate::Partial>, of: (&str, &str)) -> Result<(), Ended> {
    let (Some(partial), Some(reason)) = (partial, guard.reason()) else { return Ok(()) };
    let known = done_of(partial.cases, partial.cases_planned, of.0, of.1);
    Err(Ended { what: "the validation", reason, known })
}

/// How often the intervals hold: a measurement, so it succeeds with any result.
fn coverage(args: &Validate, quiet: bool) -> anyhow::Result<Exit> {
    let cases = coverage::cases();
    let bar = bar(quiet);
    bar.set_length(cases.len() as u64 * args.bases);
    let guard = super::stop::by_signal()?;
    let found = coverage::run(&cases, args.bases, &guard, &|ensembles| bar.inc(ensembles as u64));
    bar.finish_and_clear();
    super::say::say(&match args.format {
        ValidateFormat::Text | ValidateFormat::Markdown => found.markdown(),
        ValidateFormat::Json => json(&found)?,
    })?;
    ended(&guard, found.partial, ("scenario", "measured"))?;
    Ok(Exit::Fine)
}

fn json(report: &impl Serialize) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(report)? + "\n")
}

fn bar(quiet: bool) -> ProgressBar {
    match quiet || !io::stderr().is_terminal() {
        true => ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()),
        false => ProgressBar::new(0),
    }
}

fn unknown(name: &str) -> UnknownCase {
    let families = validate::families().iter().map(|family| family.id).collect::<Vec<_>>().join(", ");
    UnknownCase { name: name.to_owned(), families }
}

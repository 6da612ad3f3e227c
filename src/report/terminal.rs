//! The page that a run prints. In: an [`Outcome`] and the files written. Out: styled text, the verdict first.
//!
//! Green is met, red missed or failed, yellow trouble, cyan a path. Every colour repeats what the words say.

mod bill;
mod history;
mod latency;
mod requests;
mod resources;

use std::path::PathBuf;

use super::table::{BAD, Cell, GOOD, HEADING, PATH, PLAIN, QUIET, Side, Table, paint};
use crate::outcome::figure::count;
use crate::outcome::{Outcome, ScenarioSummary};
use crate::units::Time;

/// Everything about a run that fits on a page or two.
pub fn page(outcome: &Outcome, files: &[PathBuf]) -> String {
    let sections = [
        Some(title(&outcome.scenario)),
        Some(verdicts(outcome)),
        Some(latency::section(outcome)),
        Some(requests::section(outcome)),
        history::phases(outcome),
        history::scaling(outcome),
        history::incidents(outcome),
        resources::fleets(outcome),
        resources::caches(outcome),
        resources::databases(outcome),
        resources::services(outcome),
        bill::section(outcome),
        Some(written(outcome, files)),
    ];
    sections.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// The verdict on each objective.
pub fn verdicts(outcome: &Outcome) -> String {
    let missed = outcome.objectives.iter().filter(|verdict| !verdict.met).count();
    let (summary, style) = match (missed, outcome.objectives.len()) {
        (_, 0) => ("none in the scenario".into(), QUIET),
        (0, 1) => ("met".into(), GOOD),
        (1, 1) => ("missed".into(), BAD),
        (0, all) => (format!("all {} met", count(all as u64)), GOOD),
        (missed, all) => (format!("{} of {} missed", count(missed as u64), count(all as u64)), BAD),
    };
    let mut table = Table::new(&[Side::Left, Side::Left, Side::Left]);
    for verdict in &outcome.objectives {
        let (word, style) = if verdict.met { ("met", GOOD) } else { ("missed", BAD) };
        let observed = format!("observed {}", verdict.observed);
        let observed_style = if verdict.met { PLAIN } else { BAD };
        table.row([
            Cell::new(word, style),
            verdict.objective.as_str().into(),
            Cell::new(observed, observed_style),
        ]);
    }
    format!("{}: {}\n{table}", paint(HEADING, "Objectives"), paint(style, summary))
}

fn title(scenario: &ScenarioSummary) -> String {
    let span = Time::from_secs_f64(scenario.duration_s);
    let facts = format!("{span} in {}, seed {}", scenario.region, scenario.seed);
    format!("{}  {}\n", paint(HEADING, &scenario.name), paint(QUIET, facts))
}

/// A heading with a remark behind it.
fn heading(text: &str, remark: &str) -> String {
    match remark {
        "" => format!("{}\n", paint(HEADING, text)),
        _ => format!("{}  {}\n", paint(HEADING, text), paint(QUIET, remark)),
    }
}

fn written(outcome: &Outcome, files: &[PathBuf]) -> String {
    let mut text = String::new();
    if !files.is_empty() {
        text.push_str(&heading("Files", ""));
        for file in files {
            text.push_str(&format!("  {}\n", paint(PATH, file.display())));
        }
        text.push('\n');
    }
    text.push_str(&format!("{}  {}\n", paint(HEADING, "Repeat"), repeat(&outcome.scenario)));
    text
}

/// The command that gives the same bytes again.
fn repeat(scenario: &ScenarioSummary) -> String {
    let mut command = format!("simcap run {} --seed {}", quoted(&scenario.file), scenario.seed);
    for change in &scenario.overrides {
        command.push_str(&format!(" --set {}", quoted(change)));
    }
    command
}

/// A word for a shell.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-=/+:,@%".contains(c);
    match !word.is_empty() && word.chars().all(plain) {
        true => word.into(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests;

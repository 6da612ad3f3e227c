//! The page that a run prints. In: an [`Outcome`] and the files written. Out: styled text, the verdict first.
//!
//! Green is met, red missed or failed, yellow trouble, cyan a path. Every colour only repeats the text.

mod bill;
mod heading;
mod headroom;
mod history;
mod latency;
mod requests;
mod resources;
mod warnings;

use std::path::PathBuf;

use super::table::{BAD, Cell, GOOD, HEADING, PATH, PLAIN, QUIET, Side, Table, WARNING, paint};
use crate::number::{count, counted, percent};
use crate::outcome::{Outcome, ScenarioSummary, Standing};
use crate::text::visible;
use crate::units::Time;

use heading::heading;

/// The page: everything about a run that fits on a page or two.
pub fn page(outcome: &Outcome, files: &[PathBuf]) -> String {
    let begin = [
        Some(title(outcome)),
        partial(outcome),
        Some(verdicts(outcome)),
        warnings::section(outcome),
        Some(latency::section(outcome)),
        Some(requests::section(outcome)),
        history::phases(outcome),
        headroom::section(outcome),
        history::scaling(outcome),
        history::alarms(outcome),
        super::faults::section(outcome),
        super::deployments::section(outcome),
        history::incidents(outcome),
    ];
    let resources = resources::sections(outcome);
    let end = [bill::section(outcome), Some(written(outcome, files))];
    begin.into_iter().chain(resources).chain(end).flatten().collect::<Vec<_>>().join("\n")
}

/// The verdict on each objective, and on each precision that was asked for.
pub fn verdicts(outcome: &Outcome) -> String {
    let of = |standing| outcome.objectives.iter().filter(|verdict| verdict.standing == standing).count();
    let (missed, open) = (of(Standing::Missed), of(Standing::CannotTell));
    let (summary, style) = match (missed, open, outcome.objectives.len()) {
        (_, _, 0) => ("none in the scenario".into(), QUIET),
        (0, 0, 1) => ("met".into(), GOOD),
        (1, 0, 1) => ("missed".into(), BAD),
        (0, 1, 1) => ("cannot tell".into(), WARNING),
        (0, 0, all) => (format!("all {} met", count(all as u64)), GOOD),
        (missed, 0, all) => (format!("{} of {} missed", count(missed as u64), count(all as u64)), BAD),
        (0, open, all) => (format!("{} of {} cannot tell", count(open as u64), count(all as u64)), WARNING),
        (missed, open, all) => {
            let of_all = |part: usize| format!("{} of {}", count(part as u64), count(all as u64));
            (format!("{} missed, {} cannot tell", of_all(missed), count(open as u64)), BAD)
        }
    };
    let mut table = Table::new(&[Side::Left, Side::Left, Side::Left]);
    for verdict in &outcome.objectives {
        let (style, words_style) = match verdict.standing {
            Standing::Met => (GOOD, PLAIN),
            Standing::Missed => (BAD, BAD),
            Standing::CannotTell => (WARNING, WARNING),
        };
        table.row([
            Cell::new(verdict.standing.text(), style),
            verdict.objective.as_str().into(),
            Cell::new(verdict.words(), words_style),
        ]);
    }
    let objectives = format!("{}: {}\n{table}", paint(HEADING, "Objectives"), paint(style, summary));
    match precision(outcome) {
        Some(precision) => format!("{objectives}\n{precision}"),
        None => objectives,
    }
}

/// The result of each precision that was asked for.
fn precision(outcome: &Outcome) -> Option<String> {
    let mut table = Table::new(&[Side::Left, Side::Left, Side::Left]);
    let runs = outcome.runs.count;
    for asked in &outcome.precision {
        let (word, style) = if asked.met { ("reached", GOOD) } else { ("not reached", WARNING) };
        let found = match (asked.reached, asked.runs_needed) {
            (None, _) => "the figure is absent or zero in these runs".into(),
            (Some(reached), _) if asked.met => format!("± {} after {runs} runs", percent(100.0 * reached)),
            (Some(reached), Some(needed)) => format!(
                "± {} after {runs} runs, the most allowed; about {} would do",
                percent(100.0 * reached),
                count(needed)
            ),
            (Some(reached), None) => format!("± {} after {runs} runs", percent(100.0 * reached)),
        };
        table.row([Cell::new(word, style), asked.asked.as_str().into(), found.into()]);
    }
    (!outcome.precision.is_empty()).then(|| format!("{}\n{table}", paint(HEADING, "Precision")))
}

fn title(outcome: &Outcome) -> String {
    let scenario = &outcome.scenario;
    let span = Time::from_secs_f64(scenario.duration_s);
    let runs = match outcome.runs.count {
        1 => format!("seed {}, one run: no intervals", scenario.seed),
        runs => {
            format!("{runs} runs from seed {}, ± is half a 95 % interval, (a–b) a whole one", scenario.seed)
        }
    };
    let facts = format!("{span} in {}, {runs}", scenario.region);
    format!("{}  {}\n", paint(HEADING, &scenario.name), paint(QUIET, facts))
}

/// Why the outcome has less than was asked for.
fn partial(outcome: &Outcome) -> Option<String> {
    let partial = outcome.partial.as_ref()?;
    let reached = Time::from_secs_f64(outcome.scenario.duration_s);
    let planned = Time::from_secs_f64(partial.duration_planned_s);
    let part = match reached < planned {
        true => format!("the first {reached} of {planned} of one run"),
        false => format!("{} of {}", outcome.runs.count, counted(partial.runs_planned as u64, "run")),
    };
    let text = format!("{part}: the simulation was ended, {}", partial.reason);
    Some(format!("{}  {}\n", paint(HEADING, "Partial"), paint(WARNING, text)))
}

fn written(outcome: &Outcome, files: &[PathBuf]) -> String {
    let mut text = String::new();
    if !files.is_empty() {
        text.push_str(&heading("Files", ""));
        for file in files {
            text.push_str(&format!("  {}\n", paint(PATH, visible(&file.display().to_string()))));
        }
        text.push('\n');
    }
    text.push_str(&format!("{}  {}\n", paint(HEADING, "Repeat"), command("run", outcome)));
    text.push_str(&format!("{}  {}\n", paint(HEADING, "Limits"), command("headroom", outcome)));
    text
}

/// The command to repeat the run with the same bytes, or to find by simulation the limits that the headroom estimates.
fn command(name: &str, outcome: &Outcome) -> String {
    let ScenarioSummary { file, seed, overrides, .. } = &outcome.scenario;
    let mut command = format!("simcap {name} {} --seed {seed}", quoted(file));
    if name == "run" {
        command.push_str(&format!(" --runs {}", outcome.runs.count));
    }
    for change in overrides {
        command.push_str(&format!(" --set {}", quoted(change)));
    }
    visible(&command).into_owned()
}

/// A word quoted for a shell.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-=/+:,@%".contains(c);
    match !word.is_empty() && word.chars().all(plain) {
        true => word.into(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests;

//! How a page ends, which a terminal shows last: how to repeat the run, the verdict, its cause, what to do next. In: an [`Outcome`].
//! Out: lines, each with a title.

use super::super::table::{PLAIN, Style};
use super::{span_of, verdict};
use crate::outcome::{Outcome, ScenarioSummary, Standing};
use crate::text::visible;

/// The lines; with `whole`, every link of the chain of causes.
pub(in crate::report) fn ending(outcome: &Outcome, whole: bool) -> Vec<(&'static str, String, Style)> {
    let (_, style) = verdict(outcome);
    let of = if outcome.objectives.is_empty() { "objectives: " } else { "" };
    let most = if whole { usize::MAX } else { MOST_LINKS };
    let cause = chain(outcome, most).map(|(when, links)| format!("{when}  {}", links.join(" → ")));
    let lines = [
        ("Repeat", command("run", outcome), PLAIN),
        ("Verdict", format!("{of}{}", verdict_in_words(outcome)), style),
        (cause_title(outcome), cause.unwrap_or_default(), PLAIN),
        ("Next", next(outcome), PLAIN),
    ];
    lines.into_iter().filter(|(_, words, _)| !words.is_empty()).collect()
}

/// The verdict on all objectives together, with those that were missed: `1 of 3 missed: latency p99 < 800ms`.
pub(in crate::report) fn verdict_in_words(outcome: &Outcome) -> String {
    let (summary, _) = verdict(outcome);
    let missed = outcome.objectives.iter().filter(|verdict| verdict.standing == Standing::Missed);
    let missed: Vec<&str> = missed.map(|verdict| verdict.objective.as_str()).collect();
    let named = if missed.is_empty() { String::new() } else { format!(": {}", missed.join(", ")) };
    summary + &named
}

/// What the chain of causes is of: of missed objectives, of trouble that broke none, or of what came nearest to it.
pub(in crate::report) fn cause_title(outcome: &Outcome) -> &'static str {
    let held = |it: &Standing| *it == Standing::Met;
    let all_held = !outcome.objectives.is_empty() && outcome.objectives.iter().all(|it| held(&it.standing));
    match (outcome.phases.iter().any(|phase| phase.trouble), all_held) {
        (false, _) => "Nearest",
        (true, true) => "Trouble",
        (true, false) => "Cause",
    }
}

/// What broke first, and what came of it, with when; where nothing did, what was nearest to it.
#[cfg(feature = "charts")]
pub(in crate::report) fn first_cause(outcome: &Outcome) -> Option<(String, Vec<String>)> {
    chain(outcome, MOST_LINKS)
}

/// At most so many links: the first ones and the last ones, which tell what failed.
fn chain(outcome: &Outcome, most: usize) -> Option<(String, Vec<String>)> {
    let phase = outcome.phases.iter().find(|phase| phase.trouble).or(outcome.phases.first())?;
    let first = phase.sentence.split(" · ").next().unwrap_or_default();
    let mut links: Vec<String> = first.split(" → ").map(str::to_owned).collect();
    if links.len() > most {
        links.splice(most / 2..links.len() - most / 2, ["…".to_owned()]);
    }
    Some((span_of(phase), links))
}

/// Most links of a chain of causes that are said again at the end.
const MOST_LINKS: usize = 4;

/// The command that tells most after this run. Where faults made requests fail, that is the same event without them: less traffic
/// would not mend it. Else it is the search for the limits that the headroom estimates.
fn next(outcome: &Outcome) -> String {
    let missed = outcome.objectives.iter().any(|it| it.standing == Standing::Missed);
    let struck = outcome.faults.iter().any(|strike| strike.failed > 0);
    match missed && struck {
        true => format!("{} --variant 'without faults: fault={{}}'", command("compare", outcome)),
        false => command("headroom", outcome),
    }
}

/// The command to repeat the run with the same bytes, or to find by simulation the limits that the headroom estimates.
pub(in crate::report) fn command(name: &str, outcome: &Outcome) -> String {
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

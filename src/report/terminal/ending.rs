//! How a page ends, which a terminal shows last: how to repeat the run, the verdict, its cause, what to do next. In: an [`Outcome`].
//! Out: lines, each with a title.

use super::super::table::{PLAIN, Style};
use super::{span_of, verdict};
use crate::outcome::estimate::Quantity;
use crate::outcome::{Outcome, Percentile, Phase, ScenarioSummary, Standing};
use crate::text::visible;

/// The lines; with `whole`, every link of the chain of causes.
pub(in crate::report) fn ending(outcome: &Outcome, whole: bool) -> Vec<(&'static str, String, Style)> {
    let (_, style) = verdict(outcome);
    let of = if outcome.objectives.is_empty() { "objectives: " } else { "" };
    let most = if whole { usize::MAX } else { MOST_LINKS };
    let cause = chain(outcome, most).map(|(when, links)| {
        let text = links.join(" → ");
        // What begins with the phase says so once.
        let begin = when.split('–').next().unwrap_or_default();
        let text = text.strip_prefix(begin).and_then(|text| text.strip_prefix(' ')).unwrap_or(&text);
        format!("{when}  {text}")
    });
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
    let phase = missed_in(outcome).or(outcome.phases.first())?;
    let mut stories = phase.sentence.split(" · ");
    // Of several stories in one phase the one in which requests failed.
    let first = stories.clone().find(|it| it.contains(FAILED)).or(stories.next()).unwrap_or_default();
    let mut links: Vec<String> = first.split(" → ").map(str::to_owned).collect();
    if links.len() > most {
        links.splice(most / 2..links.len() - most / 2, ["…".to_owned()]);
    }
    Some((span_of(phase), links))
}

/// What the phases say where requests failed.
const FAILED: &str = " of requests failed";

/// The trouble that the first missed objective is about: the one in which most requests failed, or were slower than it allows. Else the first one.
fn missed_in(outcome: &Outcome) -> Option<&Phase> {
    let missed = outcome.objectives.iter().filter(|it| it.standing == Standing::Missed);
    let bound = missed.filter_map(|it| it.bound.as_ref()).next();
    let timeline = &outcome.timeline;
    let harm = |row: usize| match bound.map(|bound| (&bound.of, bound.limit)) {
        Some((Quantity::Errors(_) | Quantity::Availability(_) | Quantity::Failed, _)) => {
            timeline.failed_in(row)
        }
        Some((Quantity::Latency { .. } | Quantity::Mean(_), limit)) => {
            let p99 = timeline.latency_ms.get(&Percentile::P99).and_then(|column| *column.get(row)?);
            let is_slow = p99.is_some_and(|p99| p99 > limit);
            if is_slow { timeline.completed.get(row).copied().unwrap_or(0.0) } else { 0.0 }
        }
        _ => 0.0,
    };
    let in_all = |phase: &Phase| {
        let is_in = |row: &usize| (phase.from_s..phase.to_s).contains(&timeline.time_s[*row]);
        (0..timeline.time_s.len()).filter(is_in).map(harm).sum::<f64>()
    };
    let troubles = outcome.phases.iter().filter(|phase| phase.trouble);
    let most = troubles.map(|phase| (phase, in_all(phase)));
    most.reduce(|most, next| if next.1 > most.1 { next } else { most }).map(|(phase, _)| phase)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::{Cause, sample};

    /// Two troubles: in the first one requests are slow, in the second one they fail.
    fn twice(missed: &str) -> Outcome {
        let mut outcome = sample::outcome();
        let rows = outcome.timeline.time_s.len();
        assert!(rows >= 6, "{rows}");
        let phase = outcome.phases.iter().find(|it| it.trouble).unwrap().clone();
        let of = |rows: std::ops::Range<usize>, sentence: &str| Phase {
            from_s: outcome.timeline.time_s[rows.start],
            to_s: outcome.timeline.time_s[rows.end],
            sentence: sentence.into(),
            ..phase.clone()
        };
        outcome.phases = vec![
            of(0..2, "0:00 `bank` full; p99 up to 9s"),
            of(3..5, "3:00 nothing → x · 3:01 `mail` full → 9 % of requests failed"),
        ];
        let column = |of: [f64; 2]| -> Vec<f64> {
            (0..rows).map(|row| if row < 2 { of[0] } else { of[1] * f64::from(u8::from(row < 5)) }).collect()
        };
        outcome.timeline.failed = [(Cause::ClientTimeout, column([1.0, 7.0]))].into();
        outcome.timeline.completed = vec![100.0; rows];
        let slow = column([9_000.0, 1.0]).into_iter().map(Some).collect();
        outcome.timeline.latency_ms.insert(Percentile::P99, slow);
        outcome.objectives.retain(|it| it.objective.contains(missed));
        outcome.objectives.iter_mut().for_each(|it| it.standing = Standing::Missed);
        assert!(!outcome.objectives.is_empty());
        outcome
    }

    #[test]
    fn the_cause_is_that_of_the_objective_that_was_missed() {
        let links = |missed: &str| first_cause(&twice(missed)).unwrap().1;
        assert_eq!(links("errors"), ["3:01 `mail` full", "9 % of requests failed"]);
        assert_eq!(links("p99"), ["0:00 `bank` full; p99 up to 9s"]);
    }
}

//! What decides between two scenarios. In: a [`Comparison`]. Out: a line on the objectives of B and its cost against A, and
//! one on which differences are sure.

use super::super::table::{BAD, GOOD, PLAIN, WARNING, paint};
use super::figures::{by_run, change};
use super::values::{shown, signed};
use crate::comparison::{Comparison, Difference, Score, Word};
use crate::number::margin;
use crate::outcome::estimate::Quantity;

/// Most figures that one sentence names.
const MOST_NAMED: usize = 5;

/// Both lines.
pub(super) fn headline(comparison: &Comparison, letter: char) -> String {
    decision(comparison, letter) + &certainty(comparison)
}

/// `B meets all 3, A misses 2 of 3; cost +$15.03 ± 0.27 (+34 %)`.
pub(super) fn decision(comparison: &Comparison, letter: char) -> String {
    let (a, b) = (comparison.score_a, comparison.score_b);
    let objectives = match (a.all(), b.all()) {
        (0, 0) => "no objectives".into(),
        _ => format!("{letter} {}, A {}", standing(b), standing(a)),
    };
    let errors = comparison.figure(&Quantity::Errors(None)).and_then(errors);
    let cost = comparison.figure(&Quantity::Cost).map(|it| format!("; {}", cost(comparison, it, letter)));
    let style = match (b.missed, b.cannot_tell, b.all()) {
        (_, _, 0) => PLAIN,
        (0, 0, _) => GOOD,
        (0, _, _) => WARNING,
        _ => BAD,
    };
    format!("{}\n", paint(style, objectives + &errors.unwrap_or_default() + &cost.unwrap_or_default()))
}

/// `; errors 4.5 % → 21 %, surely worse`, where they differ.
fn errors(errors: &Difference) -> Option<String> {
    let how = match errors.word {
        Word::Better => ", surely better",
        Word::Worse => ", surely worse",
        Word::Higher | Word::Lower => ", which may be chance",
        _ => return None,
    };
    Some(format!("; errors {} → {}{how}", shown(errors.unit, errors.a), shown(errors.unit, errors.b)))
}

fn is_of_latency(figure: &Difference) -> bool {
    matches!(figure.of, Some(Quantity::Latency { .. } | Quantity::Mean(_)))
}

/// Whether a figure says of availability what errors say already, or what its own table has; an objective may decide on it alone.
fn repeats_errors(comparison: &Comparison, figure: &Difference) -> bool {
    match figure.of {
        Some(Quantity::Availability(class)) => {
            let is_decided = matches!(figure.word, Word::Better | Word::Worse);
            let errors = comparison.figure(&Quantity::Errors(class)).map(|it| it.word);
            !is_decided || errors == Some(figure.word)
        }
        Some(Quantity::AttemptAvailability | Quantity::Uptime | Quantity::InZone(_)) => true,
        _ => false,
    }
}

/// Whether a figure says how many requests were answered at all.
fn is_of_errors(figure: &Difference) -> bool {
    matches!(figure.of, Some(Quantity::Errors(_) | Quantity::Availability(_) | Quantity::Failed))
}

/// What B costs against A.
fn cost(comparison: &Comparison, cost: &Difference, letter: char) -> String {
    let lacks = |letter: char, names: &[String]| match names {
        [] => None,
        names => Some(format!("{letter} has no price for {}", names.join(", "))),
    };
    let unpriced = &comparison.unpriced;
    let lacking = [lacks('A', &unpriced.a), lacks(letter, &unpriced.b)].into_iter().flatten();
    let lacking = lacking.collect::<Vec<_>>().join(", ");
    let without = if lacking.is_empty() { String::new() } else { format!(" without that: {lacking}") };
    let margin = cost.interval.map_or(String::new(), |it| format!(" ± {}", margin(it.half_width)));
    let amount = format!("{}{margin} ({})", signed(cost.unit, cost.difference), change(cost));
    match cost.word {
        Word::Unknown => format!("cost unknown: {lacking}"),
        Word::Same => format!("cost the same{without}"),
        Word::CannotTell | Word::Higher | Word::Lower if cost.interval.is_some() => {
            format!("cost {amount}, which may be chance{without}")
        }
        _ => format!("cost {amount}{without}"),
    }
}

/// Which differences are sure and which are not.
fn certainty(comparison: &Comparison) -> String {
    let figures = &comparison.figures;
    if figures.iter().all(|figure| figure.word == Word::Same) {
        return "Every figure that both have is the same in every run.\n".into();
    }
    if comparison.seeds.len() == 1 {
        return "One run of each: no difference is sure. More runs tell what is chance.\n".into();
    }
    let named = |what: &str, word: Word, show: &dyn Fn(&Difference) -> String| {
        let mut of: Vec<&Difference> =
            figures.iter().filter(|it| it.word == word && !repeats_errors(comparison, it)).collect();
        of.sort_by_key(|figure| !is_of_errors(figure));
        let of: Vec<String> = of.into_iter().map(show).collect();
        let more = match of.len().saturating_sub(MOST_NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        (!of.is_empty()).then(|| format!("{what}: {}{more}.", of[..of.len().min(MOST_NAMED)].join(", ")))
    };
    let with_change = |figure: &Difference| match change(figure).as_str() {
        "–" => format!("{} {}", figure.name, signed(figure.unit, figure.difference)),
        change => format!("{} {change}", figure.name),
    };
    let name = |figure: &Difference| figure.name.clone();
    // Some figures have no value in some runs.
    let in_every_run = |what: &str, word: Word| {
        let runs = comparison.seeds.len();
        let mut of = figures.iter().filter(|figure| figure.word == word);
        match of.all(|figure| figure.seen.runs() == runs) {
            true => format!("{what} in {runs} of {runs} runs, not sure"),
            false => format!("{what} in every run, not sure"),
        }
    };
    let has = |word: Word, of: fn(&Difference) -> bool| figures.iter().any(|it| it.word == word && of(it));
    let fewer = has(Word::Worse, is_of_errors);
    let survive = fewer && has(Word::Better, is_of_latency);
    let better = named("Surely better", Word::Better, &with_change);
    let worse = named("Surely worse", Word::Worse, &with_change);
    // Who reads one line reads the one that may hurt.
    let [first, second] = if fewer { [worse, better] } else { [better, worse] };
    let sentences = [
        first,
        second,
        survive.then(|| "Latencies are those of requests that were answered, which are fewer.".into()),
        named(&in_every_run("Higher", Word::Higher), Word::Higher, &by_run),
        named(&in_every_run("Lower", Word::Lower), Word::Lower, &by_run),
        named("Not sure", Word::CannotTell, &name),
    ];
    let sentences: Vec<String> = sentences.into_iter().flatten().collect();
    match sentences.as_slice() {
        [] => "No figure is better or worse.\n".into(),
        sentences => format!("{}\n", sentences.join("\n")),
    }
}

/// How one of them stands to its objectives: `misses 2 of 3, cannot tell on 1`.
pub(super) fn standing(score: Score) -> String {
    let all = score.all();
    let parts = match (score.missed, score.cannot_tell) {
        _ if all == 0 => return "has no objectives".into(),
        (0, 0) if all == 1 => return "meets its objective".into(),
        (0, 0) => return format!("meets all {all}"),
        (1, 0) if all == 1 => return "misses its objective".into(),
        (missed, 0) if missed == all => return format!("misses all {all}"),
        (missed, 0) => return format!("misses {missed} of {all}"),
        (0, open) => return format!("may miss {open} of {all}"),
        parts => parts,
    };
    format!("misses {} of {all} and may miss {} more", parts.0, parts.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::sample;

    /// More requests fail, and those that are left are faster: that is no good news.
    #[test]
    fn what_got_worse_comes_first_where_more_requests_fail() {
        let mut found = Comparison::of(&sample::several(), &sample::several());
        for figure in &mut found.figures {
            figure.word = Word::CannotTell;
            match figure.of {
                Some(Quantity::Errors(None)) => {
                    (figure.word, figure.a, figure.b, figure.difference) = (Word::Worse, 0.045, 0.21, 0.165);
                }
                Some(Quantity::Latency { class: None, quantile: 0.99 }) => {
                    (figure.word, figure.a, figure.b, figure.difference) = (Word::Better, 100.0, 50.0, -50.0);
                }
                _ => {}
            }
        }
        let text = anstream::adapter::strip_str(&headline(&found, 'B')).to_string();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].contains("; errors 4.5 % → 21 %, surely worse; cost "), "{text}");
        assert_eq!(lines[1..3], ["Surely worse: errors +367 %.", "Surely better: p99 −50 %."]);
        assert_eq!(lines[3], "Latencies are those of requests that were answered, which are fewer.");
    }
}

//! What decides between two scenarios. In: a [`Comparison`]. Out: a line on the objectives of B and its cost against A, and
//! one on which differences are sure.

use super::super::table::{BAD, GOOD, PLAIN, WARNING, paint};
use super::{change, signed};
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
    let cost = comparison.figure(&Quantity::Cost).map(|it| format!("; {}", cost(comparison, it, letter)));
    let style = match (b.missed, b.cannot_tell, b.all()) {
        (_, _, 0) => PLAIN,
        (0, 0, _) => GOOD,
        (0, _, _) => WARNING,
        _ => BAD,
    };
    format!("{}\n", paint(style, format!("{objectives}{}", cost.unwrap_or_default())))
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
        let of: Vec<String> = figures.iter().filter(|figure| figure.word == word).map(show).collect();
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
    let sentences = [
        named("Surely better", Word::Better, &with_change),
        named("Surely worse", Word::Worse, &with_change),
        named(&in_every_run("Higher", Word::Higher), Word::Higher, &super::by_run),
        named(&in_every_run("Lower", Word::Lower), Word::Lower, &super::by_run),
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

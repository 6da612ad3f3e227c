//! Verdicts that a change of an input takes away, or makes. In: [`Sensitivity`]. Out: a sentence for each.

use crate::number::percent;
use crate::objective::Standing;
use crate::report::table::{BAD, GOOD, QUIET, paint};
use crate::sensitivity::{Effect, Flip, Sensitivity, Side};

/// Sentences that a page shows.
const MOST_SENTENCES: usize = 8;

/// Which changes lose a verdict, in sentences.
pub fn flips_of_sensitivity(found: &Sensitivity, whole: bool) -> String {
    let met = found.objectives.iter().filter(|it| it.met).count();
    let mut text = match (met, found.objectives.len()) {
        (_, 0) => paint(QUIET, "The scenario has no objectives: no verdict can be lost.\n"),
        (met, all) if met == all => format!("As it is, {} met.\n", sentence_of(all)),
        (met, all) => format!("As it is, {met} of {all} objectives are met.\n"),
    };
    let lost: Vec<(&Effect, &Side, &Flip)> = found.flips().filter(|(.., flip)| !flip.met).collect();
    if lost.is_empty() && met > 0 {
        text += &format!("{}\n", paint(GOOD, format!("No input loses a verdict within {}.", span_of(found))));
    }
    let shown = if whole { lost.len() } else { MOST_SENTENCES };
    for (input, side, flip) in lost.iter().take(shown) {
        text += &format!("{}\n", paint(BAD, sentence(input, side, flip)));
    }
    if lost.len() > shown {
        text += &paint(QUIET, format!("… {} more (-v)\n", lost.len() - shown));
    }
    let won: Vec<String> = found
        .flips()
        .filter(|(.., flip)| flip.met)
        .map(|(input, side, flip)| {
            format!("If `{}` is {}, `{}` is met.", input.path, change(side), flip.objective)
        })
        .collect();
    for line in won.iter().take(if whole { won.len() } else { MOST_SENTENCES }) {
        text += &format!("{}\n", paint(GOOD, line));
    }
    text
}

/// `all 5 objectives are`.
fn sentence_of(all: usize) -> String {
    match all {
        1 => "the objective is".into(),
        2 => "both objectives are".into(),
        _ => format!("all {all} objectives are"),
    }
}

/// `±20 %`, or up to which.
pub(in crate::report) fn span_of(found: &Sensitivity) -> String {
    let spans = || found.inputs.iter().map(|it| it.span);
    let (least, most) = (spans().fold(f64::INFINITY, f64::min), spans().fold(0.0, f64::max));
    if least == most {
        format!("±{}", percent(100.0 * most))
    } else {
        format!("up to ±{}", percent(100.0 * most))
    }
}

/// `If x is 20 % higher (12ms), y is missed: 612ms; it holds up to +13 %.`
pub(in crate::report) fn sentence(input: &Effect, side: &Side, flip: &Flip) -> String {
    let judged = side.objectives.iter().find(|it| it.objective == flip.objective);
    let observed = judged.map_or(String::new(), |it| format!(": {}", it.observed));
    let missed = match flip.to {
        Standing::CannotTell => "may be missed",
        _ => "is missed",
    };
    let margin = side.margin.map_or(String::new(), |it| {
        let first = if it.holds == 1.0 {
            "it holds at no change that was tried".into()
        } else {
            format!("all holds up to {}", signed(it.holds))
        };
        format!("; {first}, and not at {}", signed(it.fails))
    });
    format!("If `{}` is {}, `{}` {missed}{observed}{margin}.", input.path, change(side), flip.objective)
}

/// `20 % higher (12ms)`.
fn change(side: &Side) -> String {
    let way = if side.factor > 1.0 { "higher" } else { "lower" };
    format!("{} {way} ({})", percent(100.0 * (side.factor - 1.0).abs()), side.text)
}

/// `+13 %`.
pub(super) fn signed(factor: f64) -> String {
    let sign = if factor < 1.0 { '-' } else { '+' };
    format!("{sign}{}", percent(100.0 * (factor - 1.0).abs()))
}

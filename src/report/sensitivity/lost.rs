//! Verdicts that a change of an input takes away, or makes. In: [`Sensitivity`]. Out: a sentence for each.

use crate::number::percent;
use crate::objective::Standing;
use crate::report::table::{BAD, GOOD, QUIET, paint};
use crate::sensitivity::{Effect, Flip, Margin, Sensitivity, Side};

/// Sentences that a page shows.
const MOST_SENTENCES: usize = 8;
/// Most digits of a margin behind its point.
const MOST_DIGITS: usize = 9;

/// Which changes lose a verdict, in sentences.
pub fn flips_of_sensitivity(found: &Sensitivity, whole: bool) -> String {
    let met = met(found);
    let mut text = match (met, found.objectives.len()) {
        (_, 0) => paint(QUIET, "The scenario has no objectives: no verdict can be lost.\n"),
        (met, all) if met == all => format!("As it is, {} met.\n", sentence_of(all)),
        (met, all) => format!("As it is, {met} of {all} objectives are met.\n"),
    };
    let lost: Vec<(&Effect, &Side, &Flip)> = found.flips().filter(|(.., flip)| !flip.met).collect();
    if lost.is_empty() && met > 0 {
        text += &format!(
            "{}\n",
            paint(
                GOOD,
                format!("No input loses a verdict at any change that was tried: {}.", span_of(found))
            )
        );
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

/// How many objectives the file meets as it is.
pub(super) fn met(found: &Sensitivity) -> usize {
    found.objectives.iter().filter(|it| it.met).count()
}

/// `all 5 objectives are`.
fn sentence_of(all: usize) -> String {
    match all {
        1 => "the objective is".into(),
        2 => "both objectives are".into(),
        _ => format!("all {all} objectives are"),
    }
}

/// `±20 %`, or up to which: by how much values were really moved.
pub(in crate::report) fn span_of(found: &Sensitivity) -> String {
    let sides = found.inputs.iter().flat_map(Effect::sides).filter(|it| it.problem.is_none());
    let spans = sides.map(|it| (it.factor - 1.0).abs());
    let texts: Vec<String> = spans.clone().map(|it| percent(100.0 * it)).collect();
    match texts.first() {
        Some(first) if texts.iter().all(|it| it == first) => format!("±{first}"),
        _ => format!("up to ±{}", percent(100.0 * spans.fold(0.0, f64::max))),
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
        let (holds, fails) = margin_of(it);
        let first = match it.holds {
            1.0 => "it holds at no change that was tried".into(),
            _ => format!("all holds up to {holds}"),
        };
        format!("; {first}, and not at {fails}")
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
    with_sign(factor, &percent(100.0 * (factor - 1.0).abs()))
}

/// The last change that holds and the first that does not, with as many digits as it takes to tell them apart: `+2.6 %`, `+3.4 %`.
pub(super) fn margin_of(margin: Margin) -> (String, String) {
    let [holds, fails] = [margin.holds, margin.fails].map(|it| 100.0 * (it - 1.0).abs());
    let read = |text: &str| text.parse::<f64>().unwrap_or(f64::NAN);
    let texts = |digits: usize| [holds, fails].map(|it| format!("{it:.digits$}"));
    let apart = |texts: &[String; 2]| {
        let [low, high] = [read(&texts[0]), read(&texts[1])];
        // Each on its own side of the other, and what is something is not nothing.
        low < fails && high > holds && low < high && (low > 0.0 || holds == 0.0)
    };
    let [low, high] = (0..MOST_DIGITS).map(texts).find(apart).unwrap_or_else(|| texts(MOST_DIGITS));
    let text = |factor: f64, text: &str| match factor {
        1.0 => "0 %".into(),
        _ => with_sign(factor, &format!("{text} %")),
    };
    (text(margin.holds, &low), text(margin.fails, &high))
}

fn with_sign(factor: f64, percentage: &str) -> String {
    format!("{}{percentage}", if factor < 1.0 { '−' } else { '+' })
}

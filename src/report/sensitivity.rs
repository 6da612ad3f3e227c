//! The page of a sensitivity analysis. In: [`Sensitivity`]. Out: styled text: which changes lose a verdict, and for each figure what each
//! input does to it, the largest first.

use super::section::{Paper, Section};
use super::sweep;
use super::table::{BAD, Cell, GOOD, HEADING, PLAIN, QUIET, Side as Align, Style, Table, WARNING, paint};
use crate::comparison::Word;
use crate::number::{counted, percent};
use crate::objective::Standing;
use crate::outcome::estimate::Better;
use crate::sensitivity::{Change, Effect, Flip, OfFigure, Sensitivity, Side};
use crate::study::Figure;

/// Inputs of a figure that a page shows if not everything is asked for.
const MOST_INPUTS: usize = 12;
/// Sentences on verdicts that a page shows.
const MOST_SENTENCES: usize = 8;
/// Least part of a sigma over its mu* that says that an input works together with others.
const TOGETHER: f64 = 0.5;

/// The whole page.
pub fn sensitivity(found: &Sensitivity, paper: Paper) -> String {
    let parts = parts(found, paper.whole);
    let printed = parts.iter().map(|part| paper.print(part)).chain(paper.left_out(&parts));
    paper.fold(
        [title(found), flips_of_sensitivity(found, paper.whole)]
            .into_iter()
            .chain(printed)
            .collect::<Vec<_>>()
            .join("\n"),
    )
}

/// The tables of the page.
pub(super) fn parts(found: &Sensitivity, whole: bool) -> Vec<Section> {
    let mut parts = vec![inputs(found, whole)];
    parts.extend(found.base.iter().filter_map(|figure| of_figure(found, figure, whole)));
    parts.extend(found.morris.iter().flat_map(|it| &it.figures).filter_map(|it| together(found, it, whole)));
    parts
}

fn title(found: &Sensitivity) -> String {
    let changes: String = found.overrides.iter().map(|change| format!(" --set {change}")).collect();
    format!("{}  {}\n  {}{changes}\n", paint(HEADING, &found.name), paint(QUIET, facts(found)), found.file)
}

/// How much was run: `12 inputs, 4 runs of each value from seed 1`.
pub(super) fn facts(found: &Sensitivity) -> String {
    let inputs = counted(found.inputs.len() as u64, "input");
    match found.seeds.as_slice() {
        [seed] => format!("{inputs}, one run of each value under seed {seed}"),
        seeds => {
            format!("{inputs}, {} runs of each value from seed {}", seeds.len(), seeds.first().unwrap_or(&0))
        }
    }
}

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
pub(super) fn span_of(found: &Sensitivity) -> String {
    let spans = || found.inputs.iter().map(|it| it.span);
    let (least, most) = (spans().fold(f64::INFINITY, f64::min), spans().fold(0.0, f64::max));
    if least == most {
        format!("±{}", percent(100.0 * most))
    } else {
        format!("up to ±{}", percent(100.0 * most))
    }
}

/// `If x is 20 % higher (12ms), y is missed: 612ms; it holds up to +13 %.`
pub(super) fn sentence(input: &Effect, side: &Side, flip: &Flip) -> String {
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
fn signed(factor: f64) -> String {
    let sign = if factor < 1.0 { '-' } else { '+' };
    format!("{sign}{}", percent(100.0 * (factor - 1.0).abs()))
}

/// Each input with its values, and what a change of it loses.
fn inputs(found: &Sensitivity, whole: bool) -> Section {
    let mut table = Table::new(&[Align::Left, Align::Right, Align::Right, Align::Right, Align::Right]);
    table.titles(&["input", "lower", "value", "higher", "holds"]);
    table.sparing(&[1, 3]);
    let shown = if whole { found.inputs.len() } else { MOST_INPUTS };
    for input in found.inputs.iter().take(shown) {
        let text = |side: &Option<Side>| side.as_ref().map_or("–".into(), |it| it.text.clone());
        let (holds, style) = holds(input);
        table.row([
            input.path.as_str().into(),
            Cell::from(text(&input.low)),
            input.text.as_str().into(),
            Cell::from(text(&input.high)),
            Cell::new(holds, style),
        ]);
    }
    let problems = found.inputs.iter().flat_map(|it| it.sides().map(move |side| (it, side)));
    let problems = problems.filter_map(|(input, side)| {
        Some(format!("{} = {} is not possible: {}", input.path, side.text, side.problem.as_ref()?))
    });
    let remark = "what loses a verdict first, then by its effect";
    Section::new("Inputs", remark).table(table).styled(more(found.inputs.len(), shown), QUIET, None).styled(
        problems.collect(),
        WARNING,
        None,
    )
}

/// The changes under which every verdict of the base holds: `-20 % to +13 %`.
fn holds(input: &Effect) -> (String, Style) {
    let end = |side: &Option<Side>| match side {
        // Nothing was run that way.
        None => "–".into(),
        Some(side) => match side.margin {
            Some(margin) if margin.holds == 1.0 => "0 %".into(),
            Some(margin) => signed(margin.holds),
            None if side.loses() => format!("below {}", signed(side.factor)),
            None => signed(side.factor),
        },
    };
    let low = end(&input.low).replace("below -", "above -");
    let words = format!("{low} to {}", end(&input.high));
    (words, if input.loses() { BAD } else { PLAIN })
}

fn more(all: usize, shown: usize) -> Vec<String> {
    let more = all.saturating_sub(shown);
    (more > 0).then(|| format!("… {more} more (-v)")).into_iter().collect()
}

/// What each input does to a figure; nothing if none does anything.
fn of_figure(found: &Sensitivity, figure: &Figure, whole: bool) -> Option<Section> {
    let size = |it: &Effect| {
        it.sides()
            .filter_map(|it| it.change(&figure.name))
            .map(|it| it.difference().abs())
            .fold(0.0, f64::max)
    };
    let mut moving: Vec<&Effect> = found.inputs.iter().filter(|it| size(it) > 0.0).collect();
    moving.sort_by(|one, other| size(other).total_cmp(&size(one)));
    if moving.is_empty() {
        return None;
    }
    let shown = if whole { moving.len() } else { MOST_INPUTS };
    let mut table = Table::new(&[Align::Left, Align::Right, Align::Left, Align::Right, Align::Left]);
    table.titles(&["input", "lower", "", "higher", ""]);
    table.sparing(&[2, 4]);
    for input in moving.iter().take(shown) {
        let mut row = vec![Cell::from(input.path.as_str())];
        for side in [&input.low, &input.high] {
            let change = side.as_ref().and_then(|it| it.change(&figure.name));
            let (text, style, words) = change.map_or(("–".into(), QUIET, String::new()), told);
            row.push(Cell::new(text, style));
            row.push(Cell::new(words, QUIET));
        }
        table.row(row);
    }
    table.without_empty();
    let remark = format!("{} as it is; differences under the same seeds", sweep::value(figure));
    Some(Section::new(&figure.name, remark).table(table).styled(more(moving.len(), shown), QUIET, None))
}

/// A difference in words, with its colour, and with what the runs say where they leave it open.
fn told(change: &Change) -> (String, Style, String) {
    let sign = if change.difference() > 0.0 { "+" } else { "-" };
    let size = Figure {
        name: String::new(),
        unit: change.unit,
        better: change.better,
        value: change.difference().abs(),
        interval: None,
    };
    let text = match change.difference() {
        0.0 => "0".into(),
        _ => format!("{sign}{}", sweep::value(&size)),
    };
    let worse = match change.better {
        Better::Lower => change.difference() > 0.0,
        Better::Higher => change.difference() < 0.0,
        Better::Neither => false,
    };
    let style = match change.word {
        Word::CannotTell | Word::Same | Word::Unknown => QUIET,
        _ if worse => BAD,
        _ if change.better == Better::Neither => PLAIN,
        _ => GOOD,
    };
    let words = if change.word == Word::CannotTell { "cannot tell" } else { "" };
    (text, style, words.into())
}

/// The elementary effects on a figure.
fn together(found: &Sensitivity, of: &OfFigure, whole: bool) -> Option<Section> {
    let moving: Vec<_> = of.inputs.iter().filter(|it| it.mu_star > 0.0).collect();
    if moving.is_empty() {
        return None;
    }
    let shown = if whole { moving.len() } else { MOST_INPUTS };
    let mut table = Table::new(&[Align::Left, Align::Right, Align::Right, Align::Right, Align::Left]);
    table.titles(&["input", "mu*", "mu", "sigma", "reads as"]);
    let value = |value: f64| {
        let figure = Figure {
            name: String::new(),
            unit: of.unit,
            better: Better::Neither,
            value: value.abs(),
            interval: None,
        };
        format!("{}{}", if value < 0.0 { "-" } else { "" }, sweep::value(&figure))
    };
    for input in moving.iter().take(shown) {
        let bends = input.sigma.is_some_and(|it| it > TOGETHER * input.mu_star);
        table.row([
            input.path.as_str().into(),
            Cell::from(value(input.mu_star)),
            value(input.mu).into(),
            input.sigma.map_or("–".into(), value).into(),
            Cell::new(if bends { "depends on others, or bends" } else { "nearly a straight line" }, QUIET),
        ]);
    }
    let ways = found.morris.as_ref().map_or(0, |it| it.trajectories);
    let remark = format!(
        "over the whole span, {} (Morris)",
        if ways == 1 { "one way".into() } else { format!("{ways} ways") }
    );
    Some(Section::new(format!("{} together", of.figure), remark).table(table).styled(
        more(moving.len(), shown),
        QUIET,
        None,
    ))
}

//! The page of a sensitivity analysis. In: [`Sensitivity`]. Out: styled text: which changes lose a verdict (`lost`), and for each figure what
//! each input does to it, the largest first (`changes`), alone and with others (`together`).

mod changes;
mod lost;
mod together;

pub use lost::flips_of_sensitivity;
pub(super) use lost::{sentence, span_of};

use self::changes::{caution, of_figure};
use self::lost::signed;
use self::together::together;
use super::section::{Paper, Section};
use super::table::{BAD, Cell, HEADING, PLAIN, QUIET, Side as Align, Style, Table, WARNING, paint};
use crate::number::counted;
use crate::sensitivity::{Effect, Sensitivity, Side};

/// Inputs of a figure that a page shows if not everything is asked for.
const MOST_INPUTS: usize = 12;

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
    let mut figures: Vec<Section> =
        found.base.iter().filter_map(|figure| of_figure(found, figure, whole)).collect();
    // Once, below the last of them.
    let last = figures.pop().map(|it| it.styled(caution(found), QUIET, None));
    parts.extend(figures.into_iter().chain(last));
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

//! The page of a sensitivity analysis. In: [`Sensitivity`]. Out: styled text: which changes lose a verdict (`lost`), and for each figure what
//! each input does to it, the largest first (`changes`), alone and with others (`together`).

mod changes;
mod inputs;
mod lost;
mod together;

pub use lost::flips_of_sensitivity;
#[cfg(feature = "charts")]
pub(super) use lost::{sentence, span_of};

use self::changes::{caution, of_figure};
use self::inputs::inputs;
use self::together::together;
use super::changes::with_changes;
use super::section::{Paper, Section};
use super::table::{HEADING, QUIET, paint};
use crate::number::counted;
use crate::sensitivity::Sensitivity;

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
    let file = with_changes(&found.file, &found.overrides);
    format!("{}  {}\n  {file}\n", paint(HEADING, &found.name), paint(QUIET, facts(found)))
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

fn more(all: usize, shown: usize) -> Vec<String> {
    let more = all.saturating_sub(shown);
    (more > 0).then(|| format!("… {more} more (-v)")).into_iter().collect()
}

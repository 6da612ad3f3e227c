//! What each input does to a figure. In: [`Sensitivity`] and a figure. Out: a table, the largest change first, in the words of a comparison.

use super::{MOST_INPUTS, more};
use crate::comparison::Word;
use crate::report::comparison::values::{change_of, distance, signed};
use crate::report::comparison::{caution_on, style_of_word};
use crate::report::section::Section;
use crate::report::sweep;
use crate::report::table::{Cell, QUIET, Side as Align, Table};
use crate::sensitivity::{Change, Effect, Sensitivity};
use crate::study::Figure;

/// What each input does to a figure; nothing if none does anything.
pub(super) fn of_figure(found: &Sensitivity, figure: &Figure, whole: bool) -> Option<Section> {
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
    let (left, right) = (Align::Left, Align::Right);
    let mut table = Table::new(&[left, right, left, left, right, left, left]);
    table.titles(&["input", "lower", "", "", "higher", "", ""]);
    table.sparing(&[5, 2]);
    for input in moving.iter().take(shown) {
        let sides = [&input.low, &input.high].map(|it| it.as_ref().and_then(|it| it.change(&figure.name)));
        let cells = sides.into_iter().flat_map(|it| it.map_or_else(absent, told));
        table.row([Cell::from(input.path.as_str())].into_iter().chain(cells));
    }
    table.without_empty();
    let remark = format!(
        "{} as it is; by how much the runs differ, on the mean, and (95 % interval)",
        sweep::value(figure)
    );
    Some(Section::new(&figure.name, remark).table(table).styled(more(moving.len(), shown), QUIET, None))
}

/// How often the words of all figures come by chance.
pub(super) fn caution(found: &Sensitivity) -> Vec<String> {
    let sides = found.inputs.iter().flat_map(Effect::sides);
    let words = sides.flat_map(|it| &it.figures).map(|it| it.runs.word);
    caution_on(words, found.seeds.len(), "one difference", "is called")
}

/// Nothing was run that way.
fn absent() -> [Cell; 3] {
    [Cell::new("–", QUIET), Cell::from(""), Cell::from("")]
}

/// A difference with its interval, and the word of a comparison for it.
fn told(change: &Change) -> [Cell; 3] {
    let runs = &change.runs;
    let style = style_of_word(runs.word);
    let text = match runs.word {
        Word::Unknown => "unknown".into(),
        _ => signed(change.unit, runs.difference),
    };
    let word = if runs.word == Word::Unknown { "a price is missing" } else { runs.word.text() };
    [Cell::new(text, style), Cell::new(interval(change), QUIET), Cell::new(word, style)]
}

/// Of a latency by which part it changes, as latencies differ by factors; else half of the interval of the difference.
fn interval(change: &Change) -> String {
    let runs = &change.runs;
    match (runs.ratio, runs.interval) {
        _ if runs.word == Word::Same => String::new(),
        (Some(ratio), _) => {
            format!("({} to {})", change_of(ratio.low - 1.0), change_of(ratio.high - 1.0))
        }
        (None, Some(interval)) => format!("± {}", distance(change.unit, interval.half_width)),
        (None, None) => String::new(),
    }
}

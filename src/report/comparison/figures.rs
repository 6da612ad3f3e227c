//! The figures of a comparison, and one of them in words. In: a [`Comparison`]. Out: a table with the difference of each, its interval and
//! its word.

use super::caution::caution;
use super::colour::style;
use super::few::few;
use super::values::{change_of, distance, shown, signed};
use crate::comparison::{Comparison, Difference, Seen, Word};
use crate::number::{count, number};
use crate::report::section::Section;
use crate::report::table::{Cell, QUIET, Side, Table};

/// From this multiple on, runs are shown as multiples; nearer to one, percentages are easier to read.
const PLAINLY: f64 = 1.25;

/// Every word, in the order in which they are counted.
const WORDS: [Word; 9] = [
    Word::Better,
    Word::Worse,
    Word::More,
    Word::Less,
    Word::Higher,
    Word::Lower,
    Word::Same,
    Word::CannotTell,
    Word::Unknown,
];

/// Eight of them, or all.
pub(super) fn figures(comparison: &Comparison, all: bool) -> Section {
    let (left, right) = (Side::Left, Side::Right);
    let mut table = Table::new(&[left, left, right, right, right, right, right, right]);
    table.sparing(&[7, 5, 6]);
    table.titles(&["", "", "A", "B", "B − A", "±", "change", "correlation"]);
    let shown_ones = match all {
        true => comparison.figures.iter().collect(),
        false => few(comparison),
    };
    let left_out = comparison.figures.len() - shown_ones.len();
    for figure in shown_ones {
        let style = style(figure.word);
        table.row([
            Cell::new(figure.word.text(), style),
            figure.name.as_str().into(),
            shown(figure.unit, figure.a).into(),
            shown(figure.unit, figure.b).into(),
            Cell::new(difference(figure), style),
            interval(figure).into(),
            change(figure).into(),
            figure.correlation.map_or("–".into(), |it| format!("{it:.2}")).into(),
        ]);
    }
    let of = |word| comparison.figures.iter().filter(|figure| figure.word == word).count();
    let counts = WORDS
        .map(|word| (of(word), word.text()))
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, text)| format!("{count} {text}"))
        .collect::<Vec<_>>()
        .join(", ");
    let words = comparison.figures.iter().map(|it| it.word);
    let caution = caution(words, comparison.seeds.len(), "one line", "says");
    let more = match left_out {
        0 => None,
        1 => Some("… 1 more figure with --all".to_owned()),
        more => Some(format!("… {} more figures with --all", count(more as u64))),
    };
    let below = more.into_iter().chain(caution).collect();
    Section::new("Figures", counts).table(table).styled(below, QUIET, None)
}

/// The interval of a figure: of a latency that of the change, else half of that of the difference.
fn interval(figure: &Difference) -> String {
    match (figure.ratio, figure.interval) {
        (Some(ratio), _) if figure.word != Word::Same => {
            format!("({} to {})", change_of(ratio.low - 1.0), change_of(ratio.high - 1.0))
        }
        (_, Some(interval)) => distance(figure.unit, interval.half_width),
        (_, None) => "–".into(),
    }
}

/// What the runs show of a figure, from the smallest to the largest: `p95 1.8 to 2.2 times`.
pub(super) fn by_run(figure: &Difference) -> String {
    let Seen { least, most, times, .. } = figure.seen;
    let (low, high, times) = match times.filter(|_| figure.ratio.is_some()) {
        Some((low, high)) if low >= PLAINLY => (number(low), number(high), " times"),
        Some((low, high)) => (change_of(low - 1.0), change_of(high - 1.0), ""),
        None => (signed(figure.unit, least), signed(figure.unit, most), ""),
    };
    match low == high {
        true => format!("{} {low}{times}", figure.name),
        false => format!("{} {low} to {high}{times}", figure.name),
    }
}

/// `B - A`, where that is known.
fn difference(figure: &Difference) -> String {
    match figure.word {
        Word::Unknown => "–".into(),
        _ => signed(figure.unit, figure.difference),
    }
}

/// The difference over the value of A.
pub(super) fn change(figure: &Difference) -> String {
    match figure.word {
        Word::Unknown => "–".into(),
        _ => change_of(figure.difference / figure.a),
    }
}

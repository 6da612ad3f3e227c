//! Chart: what each input does to the answer. In: a sensitivity analysis. Out: for each figure a bar for the low and one for the high value of
//! each input, from the answer as it is; what loses a verdict is framed.

use super::super::picture;
use super::axis::{Axis, ends};
use super::figure::{Cell, Figure, Layer, Panel, Shape};
use super::palette;
use super::sweep::{short, words_of};
use super::text::unquoted;
use crate::outcome::estimate::Unit;
use crate::report::sensitivity::{sentence, span_of};
use crate::sensitivity::{Change, Effect, Sensitivity, Side};

/// Most inputs.
const MOST: usize = 16;
/// Most letters of the path of an input.
const LETTERS: usize = 34;
/// Most figures.
const MOST_FIGURES: usize = 3;
/// Part of a row that is left free at its edges.
const GAP: f64 = 0.1;
/// A latency that goes over so many times its least value has a logarithmic axis.
const WIDE: f64 = 20.0;

/// The chart, if any input changes any figure.
pub fn figure(found: &Sensitivity) -> Option<Figure> {
    let moves = |name: &str, it: &Effect| {
        it.sides().filter_map(|it| it.change(name)).any(|it| it.difference() != 0.0)
    };
    let figures = found.shown.iter().filter(|name| found.inputs.iter().any(|it| moves(name, it)));
    let figures: Vec<&String> = figures.take(MOST_FIGURES).collect();
    let moving = found.inputs.iter().filter(|it| figures.iter().any(|name| moves(name, it)));
    let inputs: Vec<&Effect> = moving.clone().take(MOST).collect();
    let count = moving.count();
    let panels: Vec<(Panel, (Axis, String))> =
        figures.iter().enumerate().filter_map(|(at, name)| panel(found, &inputs, name, at == 0)).collect();
    let (row, x_of): (Vec<Panel>, Vec<(Axis, String)>) = panels.into_iter().unzip();
    let (x, x_name) = x_of.first()?.clone();
    let more = if count > MOST { format!("the first {MOST} of {count} inputs · ") } else { String::new() };
    let lost = found.flips().find(|(.., flip)| !flip.met);
    let words = lost.map_or_else(
        || format!("inputs {}, one at a time", span_of(found)),
        |(input, side, flip)| sentence(input, side, flip),
    );
    Some(Figure {
        title: "What the answer hangs on",
        scenario: found.name.clone(),
        subtitle: more + unquoted(&words).trim_end_matches('.'),
        x,
        x_name,
        x_of,
        rows_name: String::new(),
        notes: Vec::new(),
        rows: vec![row],
        zoom: None,
        trouble: Vec::new(),
        shaded: "",
        markers: Vec::new(),
        unmarked: 0,
    })
}

/// A figure: its bars, and its axis with its name.
fn panel(
    found: &Sensitivity,
    inputs: &[&Effect],
    name: &str,
    is_first: bool,
) -> Option<(Panel, (Axis, String))> {
    let of = found.base.iter().find(|it| it.name == name)?;
    let (factor, words) = words_of(of.unit);
    let base = factor * of.value;
    let (mut low, mut high, mut framed, mut spans) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (nth, input) in inputs.iter().enumerate() {
        let edge = (inputs.len() - 1 - nth) as f64;
        let halves = [
            (&input.low, edge + GAP, edge + 0.5, &mut low),
            (&input.high, edge + 0.5, edge + 1.0 - GAP, &mut high),
        ];
        for (side, from, to, bars) in halves {
            let Some((side, change)) = side.as_ref().and_then(|it| Some((it, it.change(name)?))) else {
                continue;
            };
            let value = factor * (of.value + change.difference());
            let cell: Cell = (base.min(value), base.max(value), from, to);
            if value != base {
                bars.push(cell);
                spans.extend(interval(change, factor, base, f64::midpoint(from, to)));
            }
            if loses(side, name, is_first) {
                framed.push(cell);
            }
        }
    }
    let limits: Vec<f64> = found
        .objectives
        .iter()
        .filter(|it| it.figure.as_deref() == Some(name))
        .filter_map(|it| Some(factor * it.limit?))
        .collect();
    let values =
        low.iter().chain(&high).flat_map(|(from, to, ..)| [*from, *to]).chain([base]).collect::<Vec<f64>>();
    let (least, most) =
        ends(values.iter().copied().chain(limits.iter().copied().filter(|it| near(*it, &values))))?;
    let x = match of.unit {
        Unit::Millis | Unit::Seconds if most > WIDE * least && least > 0.0 => {
            Axis::log([least, most].into_iter(), words)
        }
        _ => Axis::around(least, most, words),
    };
    let down = |at: f64| vec![(at, 0.0), (at, inputs.len() as f64)];
    let mut layers = vec![
        Layer::new(picture::LOWER_VALUE.text, palette::P50, Shape::Cells(low)),
        Layer::new(picture::HIGHER_VALUE.text, palette::P99, Shape::Cells(high)),
    ];
    if !spans.is_empty() {
        layers.push(Layer::new(picture::INTERVAL.text, palette::MUTED, Shape::Line(spans)));
    }
    layers.push(Layer::new(picture::AS_IT_IS.text, palette::INK, Shape::Line(vec![down(base)])));
    let limits: Vec<Vec<(f64, f64)>> = limits.into_iter().filter(|it| near(*it, &values)).map(down).collect();
    if !limits.is_empty() {
        layers.push(Layer::new(picture::OBJECTIVE_LIMIT.text, palette::DEPLOYMENT, Shape::Line(limits)));
    }
    if !framed.is_empty() {
        layers.push(Layer::new(picture::MISSED_NOW.text, palette::INCIDENT, Shape::Frames(framed)));
    }
    let names = inputs.iter().map(|it| if is_first { short(&it.path, LETTERS) } else { String::new() });
    let title = format!("{} ({} as it is)", unquoted(name), words(base));
    Some((Panel { title, y: Axis::rows(names), layers, weight: 1.0 }, (x, unquoted(name))))
}

/// Whether a limit is so near to the values that it leaves room to see them.
fn near(limit: f64, values: &[f64]) -> bool {
    let (least, most) = ends(values.iter().copied()).unwrap_or((0.0, 0.0));
    let room = 2.0 * (most - least);
    (least - room..=most + room).contains(&limit)
}

/// A thin line from end to end of where the figure is expected, at a height.
fn interval(change: &Change, factor: f64, base: f64, at: f64) -> Option<Vec<(f64, f64)>> {
    let it = change.runs.interval?;
    let place = |difference: f64| (base + factor * difference, at);
    Some(vec![place(it.low), place(it.high)])
}

/// Whether the bar of a side is the one that says of a lost verdict: that of the figure that its objective bounds, or of the first one if the
/// objective bounds none that is shown.
fn loses(side: &Side, figure: &str, is_first: bool) -> bool {
    side.flips.iter().filter(|it| !it.met).any(|flip| {
        let judged = side.objectives.iter().find(|it| it.objective == flip.objective);
        let bounds = judged.and_then(|it| it.figure.as_deref());
        bounds == Some(figure) || is_first && bounds.is_none_or(|it| side.change(it).is_none())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Charts;
    use crate::report::chart::draw_tornado;
    use crate::sensitivity::sample::found;

    #[test]
    fn a_bar_goes_from_the_answer_as_it_is_to_that_of_the_change() {
        let figure = figure(&found(&["service.desk.time", "traffic.all.rate"])).unwrap();
        assert_eq!(figure.rows[0].len(), 1, "the cost never changes");
        let panel = &figure.rows[0][0];
        let cells = |name: &str| {
            let layer = panel.layers.iter().find(|it| it.name == name).unwrap();
            match &layer.shape {
                Shape::Cells(cells) | Shape::Frames(cells) => cells.clone(),
                _ => panic!("no cells"),
            }
        };
        assert_eq!(cells("with the lower value")[0], (40.0, 50.0, 1.0 + GAP, 1.5));
        assert_eq!(cells("with the higher value")[0], (50.0, 90.0, 1.5, 2.0 - GAP));
        assert_eq!(cells("an objective is missed that is met now").len(), 2);
        assert_eq!(panel.y.ticks[0].label, "service.desk.time");
        assert!(figure.subtitle.contains("service.desk.time is 20 % higher (9ms)"), "{}", figure.subtitle);
    }

    #[test]
    fn any_names_and_any_number_of_inputs_are_drawn() {
        let many: Vec<String> = (0..40).map(|it| format!("</svg><b>\"買\" & {it}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let found = found(&many);
        let drawn = draw_tornado(&found, Charts::Both).unwrap();
        let text = String::from_utf8(drawn[1].1.clone().unwrap()).unwrap();
        assert!(roxmltree::Document::parse(&text).is_ok());
        assert!(figure(&found).unwrap().subtitle.starts_with("the first 16 of 40 inputs"));
        let nothing = Sensitivity { inputs: Vec::new(), ..found };
        assert!(figure(&nothing).is_none());
    }
}

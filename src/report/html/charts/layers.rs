//! One line, area or level of a plot. In: a panel. Out: its layers as columns, and what they show in words.

use plotters::style::RGBColor;
use serde::Serialize;

use super::rows::Grid;
use crate::measure::chart::largest;
use crate::report::chart::figure::{self, Panel, Shape};
use crate::report::html::columns::{column, rounded};

/// A layer as the script draws it.
#[derive(Serialize)]
pub(super) struct Layer {
    name: String,
    colour: String,
    form: Form,
    /// Its values row by row; those of a stacked area without what it lies on.
    values: String,
    /// Points with words: place, value, words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    points: Vec<(f64, f64, String)>,
}

#[derive(Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Form {
    Line,
    Area,
    /// An area on the one before it.
    Stacked,
    Level,
    Points,
}

impl Layer {
    /// Bytes of its values.
    pub fn bytes(&self) -> usize {
        self.values.len()
    }
}

/// A colour as a style sheet has it.
pub(super) fn hex(colour: RGBColor) -> String {
    format!("#{:02x}{:02x}{:02x}", colour.0, colour.1, colour.2)
}

/// The layers of a panel over time, each with its values.
pub(super) fn over_time(panel: &Panel, grid: &Grid) -> Vec<(Layer, Vec<Option<f64>>)> {
    let areas = areas(panel, grid);
    let mut areas = areas.into_iter();
    let layer = |it: &figure::Layer| {
        let (form, values, shown) = match &it.shape {
            Shape::Line(pieces) => {
                let values = grid.of_rows(pieces, |point| point.0);
                let values =
                    grid.largest(&values.into_iter().map(|it| it.map(|it| it.1)).collect::<Vec<_>>());
                (Form::Line, column(&values), values)
            }
            Shape::Area(_) => {
                let (form, values) = areas.next()?;
                (form, column(&values), values)
            }
            Shape::Level(level) => (Form::Level, column(&[Some(*level)]), vec![Some(*level)]),
            Shape::Points(_)
            | Shape::Band(_)
            | Shape::Cells(_)
            | Shape::Words(_)
            | Shape::Frames(_)
            | Shape::Hatched(_) => return None,
        };
        let (name, colour) = (it.name.clone(), hex(it.colour));
        Some((Layer { name, colour, form, values, points: Vec::new() }, shown))
    };
    panel.layers.iter().filter_map(layer).collect()
}

/// The areas of a panel. Those that lie on each other are from one row of the timeline, so that their sum is one that was there.
fn areas(panel: &Panel, grid: &Grid) -> Vec<(Form, Vec<Option<f64>>)> {
    let rows = |layer: &figure::Layer| match &layer.shape {
        Shape::Area(pieces) => Some(grid.of_rows(pieces, |point| point.0)),
        _ => None,
    };
    let all: Vec<Vec<Option<(f64, f64, f64)>>> = panel.layers.iter().filter_map(rows).collect();
    let count = all.first().map_or(0, Vec::len);
    let top = |row: usize| all.iter().filter_map(|rows| Some(rows[row]?.2)).fold(0.0, f64::max);
    let chosen = grid.highest(&(0..count).map(top).collect::<Vec<_>>());
    let mut tops = vec![0.0; count];
    let mut found = Vec::new();
    for rows in &all {
        let lies_on = rows.iter().zip(&tops).all(|(it, top)| it.is_none_or(|(_, low, _)| low == *top));
        let form = if lies_on && !found.is_empty() { Form::Stacked } else { Form::Area };
        for (top, it) in tops.iter_mut().zip(rows) {
            *top = it.map_or(*top, |(_, _, high)| high);
        }
        let values = chosen.iter().map(|row| rows[*row].map(|(_, low, high)| high - low)).collect();
        found.push((form, values));
    }
    found
}

/// The layers of a panel over percentiles.
pub(super) fn over_percentiles(
    panel: &Panel,
    all: &[f64],
    place: impl Fn(f64) -> f64,
) -> Vec<(Layer, Vec<Option<f64>>)> {
    let layer = |it: &figure::Layer| {
        let (name, colour) = (it.name.clone(), hex(it.colour));
        match &it.shape {
            Shape::Line(pieces) => {
                let at = |x: &f64| pieces.iter().flatten().find(|(other, _)| other == x).map(|(_, y)| *y);
                let values: Vec<Option<f64>> = all.iter().map(at).collect();
                let layer =
                    Layer { name, colour, form: Form::Line, values: column(&values), points: Vec::new() };
                Some((layer, values))
            }
            Shape::Points(points) => {
                let points = points.iter().map(|(x, y, words)| (place(*x), *y, words.clone())).collect();
                let layer = Layer { name, colour, form: Form::Points, values: String::new(), points };
                Some((layer, Vec::new()))
            }
            Shape::Area(_)
            | Shape::Band(_)
            | Shape::Level(_)
            | Shape::Cells(_)
            | Shape::Words(_)
            | Shape::Frames(_)
            | Shape::Hatched(_) => None,
        }
    };
    panel.layers.iter().filter_map(layer).collect()
}

/// What a plot shows, in words: of each line where it is largest.
pub(super) fn summary(
    layers: &[(Layer, Vec<Option<f64>>)],
    words: fn(f64) -> String,
    names: &[String],
) -> String {
    let part = |(layer, values): &(Layer, Vec<Option<f64>>)| match layer.form {
        Form::Line | Form::Area | Form::Stacked => {
            let (row, most) = largest(values.iter().copied())?;
            Some(format!("{}: at most {}, at {}", layer.name, words(rounded(most)), names.get(row)?))
        }
        Form::Level => Some(format!("{}: {}", layer.name, words(values.iter().copied().flatten().next()?))),
        Form::Points => {
            let all: Vec<&str> = layer.points.iter().map(|(.., words)| words.as_str()).collect();
            (!all.is_empty()).then(|| all.join(", "))
        }
    };
    let parts: Vec<String> = layers.iter().filter_map(part).collect();
    if parts.is_empty() { "nothing to show".into() } else { parts.join("; ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::sample;
    use crate::report::chart::axis::Axis;
    use crate::report::chart::series::Rows;

    const GREY: RGBColor = RGBColor(128, 128, 128);

    fn panel(layers: Vec<figure::Layer>) -> Panel {
        Panel { title: String::new(), y: Axis::counts(9.0), layers, weight: 1.0 }
    }

    /// What lies on another area has its own height, and of rows together all have that of the row with the highest sum.
    #[test]
    fn stacked_areas_are_from_one_row() {
        let outcome = sample::first_rows(4);
        let some = |values: [f64; 4]| values.map(Some).to_vec();
        let parts = [("low", [1.0, 5.0, 2.0, 2.0]), ("high", [8.0, 1.0, 0.0, 7.0])];
        let stack = parts.map(|(name, values)| (name.to_owned(), GREY, some(values)));
        let mut layers = Rows::of(&outcome).stack(stack);
        layers.push(figure::Layer::new("alone", GREY, Rows::of(&outcome).area(some([3.0; 4]))));
        layers.push(figure::Layer::new("most", GREY, Shape::Level(6.0)));
        let panel = panel(layers);
        let of = |together: usize| {
            let all = over_time(&panel, &Grid::of(&outcome, together));
            all.into_iter().map(|(it, _)| (it.name, it.form as usize, it.values)).collect::<Vec<_>>()
        };
        let [area, stacked, level] = [Form::Area as usize, Form::Stacked as usize, Form::Level as usize];
        let layer = |name: &str, form, values: &str| (name.to_owned(), form, values.to_owned());
        let alone = |values: &str| layer("alone", area, values);
        let most = layer("most", level, "6");
        let rows = [layer("low", area, "1 5 2*2"), layer("high", stacked, "8 1 0 7")];
        assert_eq!(of(1), [&rows[..], &[alone("3*4"), most.clone()]].concat());
        let pairs = [layer("low", area, "1 2"), layer("high", stacked, "8 7")];
        assert_eq!(of(2), [&pairs[..], &[alone("3*2"), most]].concat());
    }

    #[test]
    fn a_summary_says_where_each_line_is_largest() {
        let outcome = sample::first_rows(3);
        let rows = Rows::of(&outcome);
        let line = rows.line([Some(1.0), Some(12.34), Some(3.0)]);
        let none = rows.line([None, None, None]);
        let layers = [("p99", line), ("p50", none), ("target", Shape::Level(7.0))];
        let panel = panel(layers.map(|(name, shape)| figure::Layer::new(name, GREY, shape)).into());
        let grid = Grid::of(&outcome, 1);
        let said = summary(&over_time(&panel, &grid), panel.y.name, &grid.clock());
        assert_eq!(said, "p99: at most 12.3, at 0:30; target: 7");
    }
}

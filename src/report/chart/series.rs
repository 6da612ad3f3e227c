//! Columns of the timeline as shapes. In: one value for each row. Out: lines and stacked areas over time, with gaps.

use plotters::style::RGBColor;

use super::figure::{Layer, Shape};
use crate::outcome::Outcome;

/// The rows of a timeline: where each starts and ends.
pub struct Rows {
    spans: Vec<(f64, f64)>,
}

impl Rows {
    /// The rows of an outcome's timeline.
    pub fn of(outcome: &Outcome) -> Rows {
        let end = outcome.scenario.duration_s;
        let span = |start: &f64| (*start, (start + outcome.timeline.bucket_s).min(end.max(*start)));
        Rows { spans: outcome.timeline.time_s.iter().map(span).collect() }
    }

    /// Start and end of each row.
    pub fn spans(&self) -> impl Iterator<Item = (f64, f64)> {
        self.spans.iter().copied()
    }

    /// A line with gaps where there is no value.
    pub fn line(&self, values: impl IntoIterator<Item = Option<f64>>) -> Shape {
        Shape::Line(self.pieces(values.into_iter().map(|value| value.filter(|value| value.is_finite()))))
    }

    /// An area above zero.
    pub fn area(&self, values: impl IntoIterator<Item = Option<f64>>) -> Shape {
        let above_zero =
            values.into_iter().map(|value| value.filter(|value| value.is_finite()).map(|v| (0.0, v)));
        Shape::Area(flatten(self.pieces(above_zero)))
    }

    /// What lies between two values.
    pub fn band(&self, values: impl IntoIterator<Item = Option<(f64, f64)>>) -> Shape {
        let finite = |it: Option<(f64, f64)>| it.filter(|(low, high)| low.is_finite() && high.is_finite());
        Shape::Band(flatten(self.pieces(values.into_iter().map(finite))))
    }

    /// Stacked areas, the first at the bottom; a row without a value in any of them is a gap.
    pub fn stack(&self, parts: impl IntoIterator<Item = (String, RGBColor, Vec<Option<f64>>)>) -> Vec<Layer> {
        let mut base = vec![0.0; self.spans.len()];
        let mut layers = Vec::new();
        for (name, colour, values) in parts {
            let mut edges = Vec::with_capacity(base.len());
            for (base, value) in base.iter_mut().zip(values) {
                let value = value.filter(|value| value.is_finite());
                edges.push(value.map(|value| (*base, *base + value)));
                *base += value.unwrap_or(0.0);
            }
            layers.push(Layer::new(name, colour, Shape::Area(flatten(self.pieces(edges)))));
        }
        layers
    }

    /// Pieces through the middles of consecutive rows with a value, extended to the ends of the first and the last.
    fn pieces<T: Copy>(&self, values: impl IntoIterator<Item = Option<T>>) -> Vec<Vec<(f64, T)>> {
        let rows: Vec<Option<(f64, f64, T)>> =
            self.spans().zip(values).map(|((start, end), value)| Some((start, end, value?))).collect();
        let piece = |run: &[Option<(f64, f64, T)>]| {
            let (start, _, first) = (*run.first()?)?;
            let (_, end, last) = (*run.last()?)?;
            let middles = run.iter().flatten().map(|(start, end, value)| ((start + end) / 2.0, *value));
            Some(std::iter::once((start, first)).chain(middles).chain([(end, last)]).collect())
        };
        rows.split(Option::is_none).filter_map(piece).collect()
    }
}

fn flatten(pieces: Vec<Vec<(f64, (f64, f64))>>) -> Vec<Vec<(f64, f64, f64)>> {
    let flat =
        |piece: Vec<(f64, (f64, f64))>| piece.into_iter().map(|(x, (low, high))| (x, low, high)).collect();
    pieces.into_iter().map(flat).collect()
}

/// A column without gaps.
pub fn whole<T: Copy + Into<f64>>(column: &[T]) -> Vec<Option<f64>> {
    column.iter().map(|value| Some((*value).into())).collect()
}

//! Chart: demand and throughput. In: an outcome. Out: rates over time and failures by cause.

use plotters::style::RGBColor;

use super::axis::Axis;
use super::figure::{Figure, Layer, Panel, Shape};
use super::palette;
use super::series::{Rows, whole};
use crate::measure::chart::peak;
use crate::number;
use crate::outcome::{Cause, Outcome};

/// Retries are shown if they add at least this share to the demand at some time.
const NOTABLE_RETRIES: f64 = 0.02;

/// The chart; every outcome has one.
pub fn figure(outcome: &Outcome) -> Option<Figure> {
    let rows = Rows::of(outcome);
    let failures = failures(outcome);
    let mut panels = vec![vec![demand(outcome, &rows, &failures)]];
    if !failures.is_empty() {
        panels.push(vec![failed(&rows, failures)]);
    }
    Some(Figure::over_time(outcome, "Demand and what was served", subtitle(outcome), panels))
}

pub(super) type Part = (String, RGBColor, Vec<Option<f64>>);

/// Failures per second by cause, without causes that did not occur.
pub(super) fn failures(outcome: &Outcome) -> Vec<Part> {
    let occurred = || outcome.timeline.failed.iter().filter(|(_, column)| peak(column) > 0.0);
    let colours = palette::causes(&occurred().map(|(cause, _)| *cause).collect::<Vec<_>>());
    let part = |((cause, column), colour): ((&Cause, &Vec<f64>), RGBColor)| {
        (cause.name().replace('_', " "), colour, whole(column))
    };
    occurred().zip(colours).map(part).collect()
}

/// What arrived, and what became of it.
pub(super) fn demand(outcome: &Outcome, rows: &Rows, failures: &[Part]) -> Panel {
    let timeline = &outcome.timeline;
    let served = ("served".to_string(), palette::SERVED, whole(&timeline.completed));
    let mut layers = rows.stack(std::iter::once(served).chain(failures.iter().cloned()));
    let top = layers.iter().map(|layer| match &layer.shape {
        Shape::Area(pieces) => pieces.iter().flatten().map(|(_, _, high)| *high).fold(0.0, f64::max),
        _ => 0.0,
    });
    let mut high = top.fold(peak(&timeline.offered), f64::max);
    let retried = timeline.attempts.iter().zip(&timeline.offered);
    if retried.into_iter().any(|(sent, offered)| *sent > offered * (1.0 + NOTABLE_RETRIES) + 1.0) {
        high = high.max(peak(&timeline.attempts));
        let line = rows.line(whole(&timeline.attempts));
        layers.push(Layer::new("attempts (with retries)", palette::ATTEMPTS, line));
    }
    layers.push(Layer::new("offered", palette::OFFERED, rows.line(whole(&timeline.offered))));
    let y = Axis::linear(0.0, high, number::compact);
    let title = "Requests per second: offered when they come, served or failed when they end".into();
    Panel { title, y, layers, weight: 2.2 }
}

fn failed(rows: &Rows, failures: Vec<Part>) -> Panel {
    let count = rows.spans().count();
    let sum = |row: usize| failures.iter().filter_map(|(_, _, column)| *column.get(row)?).sum::<f64>();
    let y = Axis::linear(0.0, (0..count).map(sum).fold(0.0, f64::max), number::compact);
    Panel {
        title: "Failed requests per second, by cause".into(),
        y,
        layers: rows.stack(failures),
        weight: 1.0,
    }
}

fn subtitle(outcome: &Outcome) -> String {
    let requests = &outcome.requests;
    let served = 100.0 * requests.completed / requests.arrived.max(f64::MIN_POSITIVE);
    // Rounded down: 99.996 % served is not 100 %.
    let served = (served * 100.0).floor() / 100.0;
    format!(
        "peak demand {}/s · of {} requests {served} % were served, {} failed",
        number::compact(peak(&outcome.timeline.offered)),
        number::compact(requests.arrived),
        number::compact(requests.failed),
    )
}

//! Chart: demand and throughput. In: an outcome. Out: rates over time and failures by cause.

use plotters::style::RGBColor;

use super::super::picture;
use super::axis::Axis;
use super::figure::{Figure, Layer, Panel, Shape};
use super::palette;
use super::series::{Rows, whole};
use crate::measure::chart::peak;
use crate::number;
use crate::outcome::estimate::Quantity;
use crate::outcome::{Cause, Outcome, Verdict};

/// Retries are shown if they add at least this share to the demand at some time.
const NOTABLE_RETRIES: f64 = 0.02;

/// The chart; every outcome has one.
pub fn figure(outcome: &Outcome) -> Option<Figure> {
    let rows = Rows::of(outcome);
    let failures = failures(outcome);
    let mut panels = vec![vec![demand(outcome, &rows, &failures)]];
    if !failures.is_empty() {
        panels.push(vec![failed(outcome, &rows, failures)]);
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
    let served = (picture::SERVED.text.to_string(), palette::SERVED, whole(&timeline.completed));
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
        layers.push(Layer::new(picture::ATTEMPTS.text, palette::ATTEMPTS, line));
    }
    layers.push(Layer::new(picture::OFFERED.text, palette::OFFERED, rows.line(whole(&timeline.offered))));
    let y = Axis::linear(0.0, high, number::compact);
    let title = picture::DEMAND.text.into();
    Panel { title, y, layers, weight: 2.2 }
}

/// Failures by cause, and how many the objective on errors allows at that demand.
fn failed(outcome: &Outcome, rows: &Rows, failures: Vec<Part>) -> Panel {
    let count = rows.spans().count();
    let sum = |row: usize| failures.iter().filter_map(|(_, _, column)| *column.get(row)?).sum::<f64>();
    let y = Axis::linear(0.0, (0..count).map(sum).fold(0.0, f64::max), number::compact);
    let mut layers = rows.stack(failures);
    layers.extend(outcome.objectives.iter().filter_map(|verdict| {
        let allowed = allowed(verdict)?;
        let line = rows.line(outcome.timeline.offered.iter().map(|rate| Some(rate * allowed)));
        Some(Layer::new(format!("objective: {}", verdict.objective), palette::OFFERED, line))
    }));
    Panel { title: picture::FAILURES.text.into(), y, layers, weight: 1.0 }
}

/// The share of all requests that may fail, if the objective is about that.
fn allowed(verdict: &Verdict) -> Option<f64> {
    let bound = verdict.bound.as_ref()?;
    let of = match &bound.of {
        Quantity::Worst { of, .. } => of,
        of => of,
    };
    match of {
        Quantity::Errors(None) => Some(bound.limit),
        Quantity::Availability(None) => Some(1.0 - bound.limit),
        _ => None,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::{Limit, sample};

    /// One in ten of 50 a second are five, and of 200 twenty.
    #[test]
    fn the_objective_on_errors_rises_with_the_demand() {
        let mut outcome = sample::first_rows(2);
        outcome.timeline.offered = vec![50.0, 200.0];
        outcome.timeline.failed = [(Cause::PoolTimeout, vec![1.0, 90.0])].into();
        let verdict = outcome.objectives[0].clone();
        let bound = |of, limit| Some(Limit { of, limit, inclusive: false });
        outcome.objectives = [bound(Quantity::Errors(None), 0.1), bound(Quantity::Availability(None), 0.9)]
            .map(|bound| Verdict { bound, ..verdict.clone() })
            .into();
        let figure = figure(&outcome).unwrap();
        let layers = &figure.rows[1][0].layers;
        assert_eq!(layers.len(), 3);
        for layer in &layers[1..] {
            let Shape::Line(pieces) = &layer.shape else { panic!("no line") };
            let heights: Vec<f64> = pieces[0].iter().map(|(_, y)| y.round()).collect();
            assert_eq!(heights, [5.0, 5.0, 20.0, 20.0]);
        }
        outcome.objectives[0].bound = None;
        outcome.objectives.truncate(1);
        assert_eq!(super::figure(&outcome).unwrap().rows[1][0].layers.len(), 1);
    }
}

//! Chart: the latency of all requests, out to the far tail. In: an outcome. Out: latency against percentile.

use plotters::style::RGBColor;

use super::super::picture;
use super::axis::Axis;
use super::figure::{Figure, Layer, Panel, Shape};
use super::palette;
use crate::number;
use crate::outcome::{Latency, Outcome};

/// The end of the axis.
const LAST: f64 = 99.999;

/// The chart, if a request completed.
pub fn figure(outcome: &Outcome) -> Option<Figure> {
    if outcome.latency_ms.count == 0 || outcome.distribution.is_empty() {
        return None;
    }
    let curve = drawn(&outcome.distribution);
    let mut layers = classes(outcome);
    let values: Vec<f64> = curve.iter().map(|(_, latency)| *latency).chain(heights(&layers)).collect();
    layers.push(Layer::new(picture::ALL_REQUESTS.text, palette::INK, Shape::Line(vec![curve])));
    layers.push(Layer::new("", palette::INK, Shape::Points(named_points(&outcome.latency_ms))));
    let panel = Panel {
        title: format!("{}{}", picture::DISTRIBUTION.text, picture::LOG),
        y: Axis::log(values.into_iter(), number::millis),
        layers,
        weight: 1.0,
    };
    Some(Figure {
        x: Axis::nines(),
        x_name: "percentile of requests: 99.9 is all but one of 1,000".into(),
        zoom: None,
        trouble: Vec::new(),
        markers: Vec::new(),
        unmarked: 0,
        ..Figure::over_time(outcome, "Latency distribution", subtitle(outcome), vec![vec![panel]])
    })
}

/// The part of a curve that is on the axis.
fn drawn(distribution: &[(f64, f64)]) -> Vec<(f64, f64)> {
    distribution.iter().copied().filter(|(percentile, _)| (0.0..=LAST).contains(percentile)).collect()
}

/// The curve of each class, if there are several and not too many.
fn classes(outcome: &Outcome) -> Vec<Layer> {
    let known = outcome.classes.iter().filter(|class| class.latency_ms.count > 0);
    let lines: Vec<Layer> = known
        .zip(palette::CLASSES)
        .map(|(class, colour): (_, RGBColor)| {
            Layer::new(&class.name, colour, Shape::Line(vec![drawn(&class.distribution)]))
        })
        .collect();
    if outcome.classes.len() > 1 { lines } else { Vec::new() }
}

/// The percentiles labelled on the curve: those with at least one slower request.
fn named_points(latency: &Latency) -> Vec<(f64, f64, String)> {
    let Latency { p50, p99, p99_9, p99_99, .. } = *latency;
    let beyond = |percentile: f64| latency.count as f64 * (1.0 - percentile / 100.0) >= 1.0;
    [(50.0, p50, "p50"), (99.0, p99, "p99"), (99.9, p99_9, "p99.9"), (99.99, p99_99, "p99.99")]
        .into_iter()
        .filter(|(percentile, ..)| beyond(*percentile))
        .map(|(percentile, value, name)| (percentile, value, format!("{name} {}", number::millis(value))))
        .collect()
}

fn heights(layers: &[Layer]) -> Vec<f64> {
    let pieces = layers.iter().filter_map(|layer| match &layer.shape {
        Shape::Line(pieces) => Some(pieces),
        _ => None,
    });
    pieces.flatten().flatten().map(|(_, y)| *y).collect()
}

fn subtitle(outcome: &Outcome) -> String {
    let latency = &outcome.latency_ms;
    format!(
        "{} requests · mean {} · one in a hundred took longer than {} · slowest {}",
        number::compact(latency.count as f64),
        number::millis(latency.mean),
        number::millis(latency.p99),
        number::millis(latency.max),
    )
}

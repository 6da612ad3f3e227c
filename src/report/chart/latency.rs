//! Chart: latency over time. In: an outcome. Out: percentiles on a log scale, events marked.

use plotters::style::RGBColor;

use super::axis::Axis;
use super::figure::{Figure, Layer, Panel};
use super::marker::markers;
use super::palette;
use super::series::Rows;
use crate::measure::chart::largest;
use crate::number;
use crate::outcome::{Outcome, Percentile};

const LINES: [(Percentile, &str, RGBColor); 4] = [
    (Percentile::P999, "p99.9", palette::P99_9),
    (Percentile::P99, "p99", palette::P99),
    (Percentile::P95, "p95", palette::P95),
    (Percentile::P50, "p50 (median)", palette::P50),
];

/// The chart; every outcome has one.
pub fn figure(outcome: &Outcome) -> Option<Figure> {
    let rows = Rows::of(outcome);
    let percentiles = &outcome.timeline.latency_ms;
    let known =
        || LINES.iter().filter_map(|(key, name, colour)| Some((*name, *colour, percentiles.get(key)?)));
    let panel = Panel {
        title: "Latency of completed requests, retries included (log scale)".into(),
        y: Axis::log(known().flat_map(|(_, _, column)| column.iter().flatten().copied()), number::millis),
        layers: known()
            .map(|(name, colour, column)| Layer::new(name, colour, rows.line(column.iter().copied())))
            .collect(),
        weight: 1.0,
    };
    let (markers, unmarked) = markers(outcome);
    let figure = Figure::over_time(outcome, "Latency over time", subtitle(outcome, &rows), vec![vec![panel]]);
    Some(Figure { markers, unmarked, ..figure })
}

fn subtitle(outcome: &Outcome, rows: &Rows) -> String {
    let worst =
        outcome.timeline.latency_ms.get(&Percentile::P99).and_then(|column| largest(column.iter().copied()));
    let worst = worst.and_then(|(row, p99)| Some((rows.spans().nth(row)?.0, p99)));
    let Some((start, p99)) = worst else {
        return "no request completed".into();
    };
    format!(
        "worst {}: p99 {} at {} · whole run: p50 {}, p99 {}",
        number::width(outcome.timeline.bucket_s),
        number::millis(p99),
        number::clock_of_span(start, outcome.scenario.duration_s),
        number::millis(outcome.latency_ms.p50),
        number::millis(outcome.latency_ms.p99),
    )
}

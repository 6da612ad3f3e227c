//! Chart: latency over time. In: an outcome. Out: percentiles on a log scale, events marked.

use plotters::style::RGBColor;

use super::axis::Axis;
use super::figure::{Figure, Layer, Panel, Shape};
use super::marker::markers;
use super::palette;
use super::series::Rows;
use crate::id::ClassId;
use crate::measure::chart::largest;
use crate::number;
use crate::outcome::estimate::Quantity;
use crate::outcome::{Outcome, Percentile, Verdict};

const LINES: [(Percentile, &str, RGBColor); 4] = [
    (Percentile::P999, "p99.9", palette::P99_9),
    (Percentile::P99, "p99", palette::P99),
    (Percentile::P95, "p95", palette::P95),
    (Percentile::P50, "p50 (median)", palette::P50),
];

/// The chart; every outcome has one.
pub fn figure(outcome: &Outcome) -> Option<Figure> {
    let rows = Rows::of(outcome);
    let panel = panel(outcome, &rows, &LINES);
    let (markers, unmarked) = markers(outcome);
    let figure = Figure::over_time(outcome, "Latency over time", subtitle(outcome, &rows), vec![vec![panel]]);
    Some(Figure { markers, unmarked, ..figure })
}

/// The 99th percentile and the median alone.
pub fn brief(outcome: &Outcome, rows: &Rows) -> Panel {
    panel(outcome, rows, &[LINES[1], LINES[3]])
}

fn panel(outcome: &Outcome, rows: &Rows, lines: &[(Percentile, &str, RGBColor)]) -> Panel {
    let percentiles = &outcome.timeline.latency_ms;
    let known =
        || lines.iter().filter_map(|(key, name, colour)| Some((*name, *colour, percentiles.get(key)?)));
    let colour = |quantile: f64| {
        let line = lines.iter().find(|(key, ..)| (key.quantile() - quantile).abs() < 1e-9);
        line.map(|(.., colour)| *colour)
    };
    let limits = objectives(outcome, None, &colour);
    let values = known().flat_map(|(_, _, column)| column.iter().flatten().copied());
    let y = Axis::log(values.chain(limits.iter().map(|(limit, _)| *limit)), number::millis);
    let lines =
        known().map(|(name, colour, column)| Layer::new(name, colour, rows.line(column.iter().copied())));
    Panel {
        title: "Latency of completed requests, retries included (log scale)".into(),
        y,
        layers: lines.chain(limits.into_iter().map(|(_, layer)| layer)).collect(),
        weight: 1.0,
    }
}

/// The limits that objectives set to the latency of a class, or of all requests, over the whole event or in its windows: each in the
/// colour of its percentile, if that is drawn.
pub fn objectives(
    outcome: &Outcome,
    class: Option<ClassId>,
    colour: &dyn Fn(f64) -> Option<RGBColor>,
) -> Vec<(f64, Layer)> {
    let level = |verdict: &Verdict| {
        let bound = verdict.bound.as_ref()?;
        let of = match &bound.of {
            Quantity::Worst { of, .. } => of,
            of => of,
        };
        match of {
            Quantity::Latency { class: own, quantile } if *own == class => {
                let name = format!("objective: {}", verdict.objective.trim_start_matches("latency "));
                Some((bound.limit, Layer::new(name, colour(*quantile)?, Shape::Level(bound.limit))))
            }
            _ => None,
        }
    };
    outcome.objectives.iter().filter_map(level).collect()
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

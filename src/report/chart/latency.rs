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

/// Times a value from which the next one is a jump; the part of the rows in which a line that jumps does, and how often at least. An
/// assumption: a trouble has one jump at its begin and one at its end.
const FAR: f64 = 4.0;
const JUMPS: f64 = 0.02;
const FEWEST_JUMPS: usize = 10;

/// The chart; every outcome has one.
pub fn figure(outcome: &Outcome) -> Option<Figure> {
    let rows = Rows::of(outcome);
    let panel = panel(outcome, &rows, &LINES);
    let (markers, unmarked) = markers(outcome);
    let figure = Figure::over_time(outcome, "Latency over time", subtitle(outcome, &rows), vec![vec![panel]]);
    Some(Figure { markers, unmarked, ..figure })
}

/// The 99th percentile and the median alone; the median only where it does not jump.
pub fn brief(outcome: &Outcome, rows: &Rows) -> Panel {
    let jumps = outcome.timeline.latency_ms.get(&Percentile::P50).is_some_and(|column| jumps(column));
    let lines = [LINES[1], LINES[3]];
    panel(outcome, rows, &lines[..if jumps { 1 } else { 2 }])
}

/// Whether a percentile jumps to and fro, as it does between two sorts of requests that are about as many: such a line is a barcode.
pub fn jumps(column: &[Option<f64>]) -> bool {
    let pairs = column.iter().zip(column.iter().skip(1)).filter_map(|(one, next)| Some(((*one)?, (*next)?)));
    let far = pairs.filter(|(one, next)| one.max(*next) > FAR * one.min(*next)).count();
    far >= FEWEST_JUMPS && far as f64 > JUMPS * column.len() as f64
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
    let of = |verdict: &Verdict| {
        let bound = verdict.bound.as_ref()?;
        let of = match &bound.of {
            Quantity::Worst { of, .. } => of,
            of => of,
        };
        match of {
            Quantity::Latency { class: own, quantile } if *own == class => {
                Some(level(verdict, bound.limit, colour(*quantile)?))
            }
            _ => None,
        }
    };
    outcome.objectives.iter().filter_map(of).collect()
}

/// The line of an objective at its limit, and that limit.
pub fn level(verdict: &Verdict, limit: f64, colour: RGBColor) -> (f64, Layer) {
    let name = format!("objective: {}", verdict.objective.trim_start_matches("latency "));
    (limit, Layer::new(name, colour, Shape::Level(limit)))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// One second 35 ms and the next 2 s is no line; an hour of trouble is.
    #[test]
    fn a_median_between_two_sorts_of_requests_jumps() {
        let column = |of: &dyn Fn(usize) -> f64| (0..100).map(|row| Some(of(row))).collect::<Vec<_>>();
        assert!(jumps(&column(&|row| if row % 3 == 0 { 35.0 } else { 2_000.0 })));
        assert!(!jumps(&column(&|row| if (20..60).contains(&row) { 2_000.0 } else { 35.0 })));
        assert!(!jumps(&column(&|row| 35.0 + row as f64)));
    }
}

//! Chart: latency over time. In: an outcome. Out: percentiles on a log scale, events marked.

use plotters::style::RGBColor;

use super::super::picture;
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
    (Percentile::P50, picture::MEDIAN.text, palette::P50),
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
    let all = panel(outcome, rows, &lines[..if jumps { 1 } else { 2 }]);
    let (values, own): (Vec<Vec<f64>>, Vec<Vec<Layer>>) = of_classes(outcome, rows).into_iter().unzip();
    if own.is_empty() {
        return all;
    }
    let drawn = all.layers.iter().flat_map(|layer| match &layer.shape {
        Shape::Line(pieces) => pieces.iter().flatten().map(|(_, y)| *y).collect(),
        Shape::Level(level) => vec![*level],
        _ => Vec::new(),
    });
    let y =
        Axis::log(drawn.chain(values.into_iter().flatten()).collect::<Vec<_>>().into_iter(), number::millis);
    Panel { y, layers: all.layers.into_iter().chain(own.into_iter().flatten()).collect(), ..all }
}

/// Most classes that are drawn beside all requests.
const MOST_CLASSES: usize = 2;

/// The percentile of a class that has an objective of its own, and that: values and layers.
fn of_classes(outcome: &Outcome, rows: &Rows) -> Vec<(Vec<f64>, Vec<Layer>)> {
    let of = |verdict: &'_ Verdict| match verdict.bound.as_ref()?.of {
        Quantity::Latency { class: Some(class), quantile } => Some((class, quantile)),
        _ => None,
    };
    let bounded = outcome.objectives.iter().filter_map(|verdict| Some((verdict, of(verdict)?)));
    let drawn = |((verdict, (class, quantile)), colour): ((&Verdict, (ClassId, f64)), RGBColor)| {
        let class = outcome.classes.get(class.index())?;
        let same = |(key, _): &(&Percentile, _)| (key.quantile() - quantile).abs() < 1e-9;
        let column = class.rows_ms.iter().find(same).map(|(_, column)| column);
        let figure = verdict.figure.as_deref().unwrap_or(&class.name);
        let line = column.map(|column| Layer::new(figure, colour, rows.line(column.iter().copied())));
        let (limit, level) = level(verdict, verdict.bound.as_ref()?.limit, colour);
        let values = column.into_iter().flatten().flatten().copied().chain([limit]).collect();
        Some((values, line.into_iter().chain([level]).collect()))
    };
    let colours = palette::CLASSES.into_iter().skip(1);
    bounded.take(MOST_CLASSES).zip(colours).filter_map(drawn).collect()
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
        title: format!("{}{}", picture::LATENCY.text, picture::LOG),
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
    use crate::outcome::{Limit, sample};

    /// Of three rows of 30 s the class took 100, 200 and 300 ms, and must not take 2 s.
    #[test]
    fn a_class_with_an_objective_of_its_own_is_in_the_summary() {
        let mut outcome = sample::first_rows(3);
        let class = &mut outcome.classes[0];
        class.rows_ms = [(Percentile::P99, [100.0, 200.0, 300.0].map(Some).to_vec())].into();
        let verdict = outcome.objectives[0].clone();
        let of = Quantity::Latency { class: Some(ClassId(0)), quantile: 0.99 };
        outcome.objectives = vec![Verdict {
            objective: "latency pay p99 < 2s".into(),
            figure: Some("pay p99".into()),
            bound: Some(Limit { of, limit: 2_000.0, inclusive: false }),
            ..verdict
        }];
        let panel = brief(&outcome, &Rows::of(&outcome));
        let named = |name: &str| panel.layers.iter().find(|it| it.name == name).map(|it| &it.shape);
        let Some(Shape::Line(pieces)) = named("pay p99") else { panic!("no line") };
        assert_eq!(pieces[0][1..4], [(15.0, 100.0), (45.0, 200.0), (75.0, 300.0)]);
        assert!(matches!(named("objective: pay p99 < 2s"), Some(Shape::Level(2_000.0))));
        assert!(panel.y.ends().1 >= 2_000f64.log10() - 1e-9, "there is room for the limit");
        outcome.objectives.clear();
        assert!(brief(&outcome, &Rows::of(&outcome)).layers.iter().all(|it| it.name != "pay p99"));
    }

    /// One second 35 ms and the next 2 s is no line; an hour of trouble is.
    #[test]
    fn a_median_between_two_sorts_of_requests_jumps() {
        let column = |of: &dyn Fn(usize) -> f64| (0..100).map(|row| Some(of(row))).collect::<Vec<_>>();
        assert!(jumps(&column(&|row| if row % 3 == 0 { 35.0 } else { 2_000.0 })));
        assert!(!jumps(&column(&|row| if (20..60).contains(&row) { 2_000.0 } else { 35.0 })));
        assert!(!jumps(&column(&|row| 35.0 + row as f64)));
    }
}

//! Chart: the time of slow requests by stage. In: an outcome. Out: its shares by stage, and how long they took.

use plotters::style::RGBColor;

use super::super::picture;
use super::axis::Axis;
use super::figure::{Figure, Layer, Panel};
use super::palette;
use super::series::Rows;
use crate::measure::chart::largest;
use crate::number;
use crate::outcome::{Outcome, Stage};

/// Most stages shown separately.
const MOST: usize = 8;
/// Stages below this mean share, in percent, are added to the rest.
const SMALL: f64 = 0.4;

/// The chart, if a request completed.
pub fn figure(outcome: &Outcome) -> Option<Figure> {
    let rows = Rows::of(outcome);
    let sums: Vec<f64> = (0..rows.spans().count()).map(|row| sum(outcome, row)).collect();
    if sums.iter().all(|sum| *sum <= 0.0) {
        return None;
    }
    let panels = vec![vec![shares(outcome, &rows, &sums)], vec![whole_time(&rows, &sums)]];
    Some(Figure::over_time(
        outcome,
        "Where the time of slow requests goes",
        subtitle(outcome, &rows, &sums),
        panels,
    ))
}

fn sum(outcome: &Outcome, row: usize) -> f64 {
    outcome.timeline.slow_ms.iter().filter_map(|stage| stage.get(row)).sum()
}

/// One stage of the stack.
struct Part {
    label: String,
    colour: RGBColor,
    /// Its share in each row, in percent.
    shares: Vec<Option<f64>>,
    mean: f64,
}

fn parts(outcome: &Outcome, sums: &[f64]) -> Vec<Part> {
    let stages = outcome.stages.iter().zip(&outcome.timeline.slow_ms).zip(palette::stages(&outcome.stages));
    let part = |((stage, times), colour): ((&Stage, &Vec<f64>), RGBColor)| {
        let share = |(time, sum): (&f64, &f64)| (*sum > 0.0).then(|| 100.0 * time / sum);
        let shares: Vec<Option<f64>> = times.iter().zip(sums).map(share).collect();
        let known = shares.iter().flatten().count().max(1);
        let mean = shares.iter().flatten().sum::<f64>() / known as f64;
        Part { label: stage.label.clone(), colour, shares, mean }
    };
    stages.map(part).filter(|part| part.mean > 0.0).collect()
}

fn shares(outcome: &Outcome, rows: &Rows, sums: &[f64]) -> Panel {
    let parts = parts(outcome, sums);
    let mut means: Vec<f64> = parts.iter().map(|part| part.mean).collect();
    means.sort_by(|a, b| b.total_cmp(a));
    let least = means.get(MOST - 1).map_or(SMALL, |mean| mean.max(SMALL));
    let (shown, small): (Vec<Part>, Vec<Part>) = parts.into_iter().partition(|part| part.mean >= least);
    let mut stack: Vec<_> = shown.into_iter().map(|part| (part.label, part.colour, part.shares)).collect();
    if !small.is_empty() {
        let of_row = |row: usize| small.iter().filter_map(|part| *part.shares.get(row)?).sum::<f64>();
        let rest = sums.iter().enumerate().map(|(row, sum)| (*sum > 0.0).then(|| of_row(row)));
        stack.push((picture::EVERYTHING_ELSE.text.into(), palette::REST, rest.collect()));
    }
    Panel {
        title: picture::SLOW_SHARE.text.into(),
        y: Axis::percent(),
        layers: rows.stack(stack),
        weight: 2.4,
    }
}

fn whole_time(rows: &Rows, sums: &[f64]) -> Panel {
    let times = || sums.iter().map(|sum| (*sum > 0.0).then_some(*sum));
    Panel {
        title: format!("{}{}", picture::SLOW_MEAN.text, picture::LOG),
        y: Axis::log(times().flatten(), number::millis),
        layers: vec![Layer::new(picture::SLOW_REQUESTS.text, palette::SLOW, rows.line(times()))],
        weight: 1.0,
    }
}

fn subtitle(outcome: &Outcome, rows: &Rows, sums: &[f64]) -> String {
    let worst = largest(sums.iter().map(|sum| Some(*sum))).and_then(|(row, sum)| {
        let of_row = outcome.timeline.slow_ms.iter().map(|stage| stage.get(row).copied());
        let (stage, time) = largest(of_row)?;
        Some((rows.spans().nth(row)?.0, sum, &outcome.stages.get(stage)?.label, 100.0 * time / sum))
    });
    let Some((start, sum, label, share)) = worst else {
        return String::new();
    };
    let at = number::clock_of_span(start, outcome.scenario.duration_s);
    format!("worst at {at}: {} on average, {share:.0} % of it {label}", number::millis(sum))
}

//! Chart: where the time of slow requests goes. In: an outcome. Out: its shares by stage, and how long they took.

use super::axis::Axis;
use super::figure::{Figure, Layer, Panel};
use super::series::{Rows, largest};
use super::{number, palette};
use crate::outcome::Outcome;

/// Most stages shown by themselves.
const MOST: usize = 8;
/// Stages below this part of the whole are left to the rest.
const SMALL: f64 = 0.004;

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

/// A stage's share of each row in percent.
fn share(stage: &[f64], sums: &[f64]) -> Vec<Option<f64>> {
    stage.iter().zip(sums).map(|(time, sum)| (*sum > 0.0).then(|| 100.0 * time / sum)).collect()
}

fn shares(outcome: &Outcome, rows: &Rows, sums: &[f64]) -> Panel {
    let stages = outcome.stages.iter().zip(&outcome.timeline.slow_ms).zip(palette::stages(&outcome.stages));
    let mean = |shares: &[Option<f64>]| {
        let known: Vec<f64> = shares.iter().flatten().copied().collect();
        known.iter().sum::<f64>() / known.len().max(1) as f64
    };
    let mut parts: Vec<_> = stages
        .map(|((stage, time), colour)| (stage.label.clone(), colour, share(time, sums)))
        .filter(|(_, _, shares)| mean(shares) > 0.0)
        .collect();
    let mut order: Vec<(f64, usize)> = parts.iter().enumerate().map(|(i, part)| (mean(&part.2), i)).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0));
    let kept =
        |index: usize| order.iter().take(MOST).any(|(mean, kept)| *kept == index && *mean >= SMALL * 100.0);
    let mut rest: Option<Vec<Option<f64>>> = None;
    let mut index = 0;
    parts.retain(|(_, _, shares)| {
        index += 1;
        if !kept(index - 1) {
            let rest =
                rest.get_or_insert_with(|| sums.iter().map(|sum| (*sum > 0.0).then_some(0.0)).collect());
            for (rest, share) in rest.iter_mut().zip(shares) {
                *rest = rest.zip(*share).map(|(rest, share)| rest + share);
            }
        }
        kept(index - 1)
    });
    if let Some(rest) = rest {
        parts.push(("everything else".into(), palette::REST, rest));
    }
    Panel {
        title: "Share of the time of requests at or above the p99".into(),
        y: Axis::percent(),
        layers: rows.stack(parts),
        weight: 2.4,
    }
}

fn whole_time(rows: &Rows, sums: &[f64]) -> Panel {
    let times = || sums.iter().map(|sum| (*sum > 0.0).then_some(*sum));
    Panel {
        title: "Their mean latency (log scale)".into(),
        y: Axis::log(times().flatten(), number::millis),
        layers: vec![Layer::new("slow requests", palette::SLOW, rows.line(times()))],
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
    let at = number::clock(start, outcome.scenario.duration_s);
    format!("worst at {at}: {} on average, {share:.0} % of it {label}", number::millis(sum))
}

//! A figure in every window of the event by itself. In: the rows of the runs so far. Out: the value of each window.
//!
//! A window is a whole number of rows, the last may be shorter. Windows that begin before the warm-up ends are left out,
//! and those in which nothing happened that the figure is about. Of several runs, a window holds the requests of all.

use super::estimate::{Better, Quantity};
use super::runs::View;
use crate::measure::histogram::{Histogram, Packed};
use crate::objective::{Figure, Windows};
use crate::outcome::Timeline;
use crate::scenario::objective::Bound;
use crate::scenario::{ClassId, Scenario};
use crate::units::Time;

/// What was observed of a bound in every window.
pub(super) fn observed(scenario: &Scenario, view: &View<'_>, window: Time, bound: &Bound) -> Figure {
    let of = Quantity::observed_by(bound);
    let values = values(scenario, view, window, &of);
    let missed = values.iter().filter(|(_, value)| !bound.is_met_by(*value)).count();
    let worst = worst_of(&values, &of);
    let windows = worst.map(|(worst_s, _)| Windows { worst_s, missed, judged: values.len() });
    Figure { value: worst.map(|(_, value)| value), windows }
}

/// The first of the worst windows, by its start in seconds, and its value.
pub(super) fn worst(scenario: &Scenario, view: &View<'_>, window: Time, of: &Quantity) -> Option<(f64, f64)> {
    worst_of(&values(scenario, view, window, of), of)
}

fn worst_of(values: &[(f64, f64)], of: &Quantity) -> Option<(f64, f64)> {
    let worse = |one: f64, other: f64| match of.better() {
        Better::Higher => one < other,
        Better::Lower | Better::Neither => one > other,
    };
    values.iter().copied().reduce(|worst, next| if worse(next.1, worst.1) { next } else { worst })
}

/// Each window that has a value: its start in seconds, and the value.
fn values(scenario: &Scenario, view: &View<'_>, window: Time, of: &Quantity) -> Vec<(f64, f64)> {
    let recorder = &view.measured.recorder;
    let timeline = recorder.mean_timeline(view.runs as usize);
    let each = (window.0 / scenario.bucket.0.max(1)).max(1) as usize;
    let rows: Vec<usize> = (0..timeline.time_s.len()).collect();
    let warm = |rows: &&[usize]| timeline.time_s[rows[0]] >= scenario.warmup.as_secs_f64();
    let value = |rows: &[usize]| Some((timeline.time_s[rows[0]], in_window(of, rows, view, &timeline)?));
    rows.chunks(each).filter(warm).filter_map(value).collect()
}

fn in_window(of: &Quantity, rows: &[usize], view: &View<'_>, timeline: &Timeline) -> Option<f64> {
    let ended = |class| ended(class, rows, view, timeline);
    match *of {
        Quantity::Latency { class, quantile } => {
            let mut latency = Histogram::default();
            rows.iter().filter_map(|row| packed(class, *row, view)).for_each(|row| row.add_to(&mut latency));
            match latency.quantile(quantile) {
                Some(nanos) => Some(nanos as f64 / 1e6),
                // Requests failed, and none was answered: slower than any bound.
                None => (ended(class).1 > 0.0).then_some(f64::INFINITY),
            }
        }
        Quantity::Errors(class) => {
            let (completed, failed) = ended(class);
            share(failed, completed + failed)
        }
        Quantity::Availability(class) => {
            let (completed, failed) = ended(class);
            share(completed, completed + failed)
        }
        Quantity::HitRatio(cache) => hits(rows, timeline, Some(cache)),
        Quantity::HitRatioOfAll => hits(rows, timeline, None),
        Quantity::Lag { database, .. } => {
            let all = timeline.databases.iter().enumerate();
            let chosen = all.filter(|(index, _)| database.is_none_or(|it| it == *index));
            chosen.flat_map(|(_, series)| rows.iter().map(|row| series.lag_ms[*row])).reduce(f64::max)
        }
        // No other bound is read with `every`.
        _ => None,
    }
}

/// The latencies of a row, of a class or of all.
fn packed<'a>(class: Option<ClassId>, row: usize, view: &'a View<'_>) -> Option<&'a Packed> {
    let recorder = &view.measured.recorder;
    match class {
        None => recorder.rows.get(row),
        Some(class) => Some(&recorder.classes[class.index()].rows.as_ref()?.rows.get(row)?.latency),
    }
}

/// Completed and failed requests that ended in some rows; in any unit, since only their ratio counts.
fn ended(class: Option<ClassId>, rows: &[usize], view: &View<'_>, timeline: &Timeline) -> (f64, f64) {
    if let Some(class) = class {
        let kept = view.measured.recorder.classes[class.index()].rows.iter().flat_map(|it| &it.rows);
        let inside = kept.skip(rows[0]).take(rows.len());
        return inside.fold((0.0, 0.0), |sum, row| (sum.0 + row.completed as f64, sum.1 + row.failed as f64));
    }
    let sum = |column: &[f64]| rows.iter().filter_map(|row| column.get(*row)).sum::<f64>();
    (sum(&timeline.completed), timeline.failed.values().map(|column| sum(column)).sum())
}

fn hits(rows: &[usize], timeline: &Timeline, cache: Option<usize>) -> Option<f64> {
    let all = timeline.caches.iter().enumerate();
    let chosen = all.filter(|(index, _)| cache.is_none_or(|cache| cache == *index));
    let (mut hits, mut lookups) = (0.0, 0.0);
    for (_, series) in chosen {
        for row in rows {
            hits += series.lookups[*row] * series.hit_ratio[*row].unwrap_or(0.0);
            lookups += series.lookups[*row];
        }
    }
    share(hits, lookups)
}

fn share(part: f64, all: f64) -> Option<f64> {
    (all > 0.0).then(|| part / all)
}

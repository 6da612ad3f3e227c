//! Which rows of the timeline are trouble. In: latencies, failures, latency objectives. Out: one mark a row.
//!
//! A row is trouble when its p99 is above three times the typical one and above 50 ms, when a latency objective
//! on all requests is missed in it, when more than 0.5 % of the requests that ended in it failed, or when a resource
//! has nothing left to give while requests wait for it. Where rows hold few requests, a percentile is the median of
//! those of the rows around. Trouble lasts until the row is clearly better than that (two thirds of the latency,
//! half of the failures), so that a value near a bound does not flicker.

use std::ops::Range;

use crate::outcome::windows::Windows;
use crate::outcome::{Outcome, Timeline};
use crate::units::parse_time;

/// Times the typical p99.
const SLOW_FACTOR: f64 = 3.0;
/// Nobody notices less.
const SLOW_FLOOR_MS: f64 = 50.0;
/// Failed over ended.
const FAILING: f64 = 0.005;
/// Part of the latency bound that ends trouble.
const CALM_LATENCY: f64 = 2.0 / 3.0;
/// Part of the failure bound that ends trouble.
const CALM_FAILURES: f64 = 0.5;
/// With fewer completed requests a row's 99th percentile is its unluckiest request.
const FEWEST_FOR_P99: f64 = 20.0;
/// With fewer, a single slow row is chance unless it is [`BLIP`] times beyond its bound.
const FEWEST_FOR_ONE_ROW: f64 = 1_000.0;
const BLIP: f64 = 2.0;

/// Requests that a percentile of a row should rest on; with fewer in a row, its neighbours are asked too.
const ENOUGH_FOR_P99: f64 = 500.0;
/// Most rows around one that are asked.
const WIDEST: usize = 61;
/// Busy share from which a resource has nothing left to give, percent, over at least this many rows.
const SATURATED: f64 = 99.0;
const SATURATED_ROWS: usize = 9;

/// What one row says about latency and failures.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// Latency over the bound that would make it trouble; `None` without enough requests.
    pub slowness: Option<f64>,
    /// Failed over ended; `None` where nothing ended.
    pub failing: Option<f64>,
    /// Completed requests.
    pub completed: f64,
    /// Whether a resource has nothing left to give while requests wait for it.
    pub saturated: bool,
}

impl Row {
    pub fn is_slow(&self) -> bool {
        self.slowness.is_some_and(|slowness| slowness > 1.0)
    }

    fn may_be_chance(&self) -> bool {
        self.completed < FEWEST_FOR_ONE_ROW
            && self.slowness.unwrap_or(0.0) < BLIP
            && self.failing.unwrap_or(0.0) <= FAILING
            && !self.saturated
    }
}

pub(super) fn evidence(outcome: &Outcome) -> Vec<Row> {
    let timeline = &outcome.timeline;
    let window = window(timeline);
    let bounds: Vec<(Vec<Option<f64>>, f64)> = bounds(outcome)
        .into_iter()
        .map(|(percentile, bound)| (medians(timeline, &percentile, window), bound))
        .collect();
    let saturated = saturated(timeline, saturation_window(timeline));
    let completed = |row: usize| timeline.completed.get(row).copied().unwrap_or(0.0);
    let slowness = |row: usize| {
        bounds
            .iter()
            .filter(|_| completed(row) * timeline.bucket_s >= FEWEST_FOR_P99)
            .filter_map(|(medians, bound)| Some(medians[row]? / bound))
            .reduce(f64::max)
    };
    let failing = |row: usize| {
        let failed = failed(timeline, row);
        let ended = failed + completed(row);
        (ended > 0.0).then(|| failed / ended)
    };
    let row = |row| Row {
        slowness: slowness(row),
        failing: failing(row),
        completed: completed(row) * timeline.bucket_s,
        saturated: saturated[row],
    };
    (0..timeline.time_s.len()).map(row).collect()
}

pub(super) fn trouble(rows: &[Row]) -> Vec<bool> {
    let mut now = false;
    let mut marks: Vec<bool> = rows
        .iter()
        .map(|row| {
            let (slow, failing) = match now {
                true => (CALM_LATENCY, FAILING * CALM_FAILURES),
                false => (1.0, FAILING),
            };
            // A row in which nothing ended says nothing: the mark stays.
            if row.slowness.is_some() || row.failing.is_some() {
                now = row.slowness.is_some_and(|it| it > slow) || row.failing.is_some_and(|it| it > failing);
            }
            now |= row.saturated;
            now
        })
        .collect();
    for row in 0..rows.len() {
        let alone =
            marks[row] && (row == 0 || !marks[row - 1]) && !marks.get(row + 1).copied().unwrap_or(false);
        if alone && rows[row].may_be_chance() {
            marks[row] = false;
        }
    }
    marks
}

/// How many rows it takes, an odd number, until a percentile rests on enough requests.
fn window(timeline: &Timeline) -> usize {
    let mut completed: Vec<f64> =
        timeline.completed.iter().map(|rate| rate * timeline.bucket_s).filter(|count| *count > 0.0).collect();
    completed.sort_by(f64::total_cmp);
    let typical = completed.get(completed.len() / 2).copied().unwrap_or(ENOUGH_FOR_P99);
    ((ENOUGH_FOR_P99 / typical).ceil() as usize).min(WIDEST) | 1
}

/// The rows around one, itself in the middle.
fn around(row: usize, window: usize, rows: usize) -> Range<usize> {
    row.saturating_sub(window / 2)..(row + window / 2 + 1).min(rows)
}

/// A percentile of each row, as the median over the rows around it.
fn medians(timeline: &Timeline, percentile: &str, window: usize) -> Vec<Option<f64>> {
    let rows = timeline.time_s.len();
    let median = |row: usize| {
        latency(timeline, percentile, row)?;
        let near = around(row, window, rows).filter_map(|row| latency(timeline, percentile, row));
        let mut near: Vec<f64> = near.collect();
        near.sort_by(f64::total_cmp);
        near.get(near.len() / 2).copied()
    };
    (0..rows).map(median).collect()
}

/// The rows that a resource must be busy in all the time before it has nothing left to give.
pub(in crate::outcome) fn saturation_window(timeline: &Timeline) -> usize {
    window(timeline).max(SATURATED_ROWS)
}

/// In which rows a resource is busy all the time (percent), on the mean of the rows around, while requests wait for it.
pub(in crate::outcome) fn nothing_left(
    busy: &[f64],
    waiting: &dyn Fn(usize) -> f64,
    window: usize,
) -> Vec<bool> {
    let calm = (0..busy.len()).map(|row| f64::from(u8::from(waiting(row) < 1.0)));
    let (sums, calm) = (Windows::new(busy.iter().copied(), window), Windows::new(calm, window));
    let found = |row: usize| {
        let near = around(row, window, busy.len());
        sums.sum(&near) >= SATURATED * near.len() as f64 && calm.sum(&near) == 0.0
    };
    (0..busy.len()).map(found).collect()
}

/// In which rows some resource has nothing left to give.
fn saturated(timeline: &Timeline, window: usize) -> Vec<bool> {
    let mut marks = vec![false; timeline.time_s.len()];
    let mut look = |busy: &[f64], waiting: &dyn Fn(usize) -> f64| {
        let found = nothing_left(busy, waiting, window);
        marks.iter_mut().zip(found).for_each(|(mark, found)| *mark |= found);
    };
    for service in &timeline.services {
        look(&service.busy_percent, &|row| service.waiting.get(row).copied().unwrap_or(0.0));
    }
    for fleet in &timeline.fleets {
        // More running threads than a saturated CPU has cores.
        look(&fleet.cpu_percent, &|row| fleet.threads_busy.get(row).copied().unwrap_or(0.0));
        for pool in &fleet.pools {
            look(&pool.used_percent, &|row| pool.waiting.get(row).copied().unwrap_or(0.0));
        }
    }
    for database in &timeline.databases {
        look(&database.writer_cpu_percent, &|_| 1.0);
        look(&database.replica_cpu_percent, &|_| 1.0);
    }
    marks
}

/// Failed requests per second, all causes.
pub(super) fn failed(timeline: &Timeline, row: usize) -> f64 {
    timeline.failed.values().filter_map(|series| series.get(row)).sum()
}

pub(super) fn latency(timeline: &Timeline, percentile: &str, row: usize) -> Option<f64> {
    timeline.latency_ms.get(percentile)?.get(row).copied().flatten().filter(|ms| ms.is_finite())
}

/// Percentiles of the timeline and the milliseconds above which each is trouble.
fn bounds(outcome: &Outcome) -> Vec<(String, f64)> {
    let timeline = &outcome.timeline;
    let mut p99: Vec<f64> =
        (0..timeline.time_s.len()).filter_map(|row| latency(timeline, "p99", row)).collect();
    p99.sort_by(f64::total_cmp);
    // The lower quartile, not the median: an event may be in trouble for most of its rows.
    let typical = p99.get(p99.len() / 4).copied().unwrap_or(0.0);
    let relative = ("p99".to_string(), (SLOW_FACTOR * typical).max(SLOW_FLOOR_MS));
    let objectives = outcome.objectives.iter().filter_map(|verdict| latency_bound(&verdict.objective));
    std::iter::once(relative).chain(objectives).collect()
}

/// Reads `latency p99.9 < 800ms` as (`p99_9`, 800.0); objectives on one class or on anything else are none.
fn latency_bound(objective: &str) -> Option<(String, f64)> {
    let (percentile, limit) = objective.strip_prefix("latency ")?.split_once('<')?;
    let limit = parse_time(limit.trim_start_matches('=')).ok()?.as_millis_f64();
    (limit > 0.0).then(|| (percentile.trim().replace('.', "_"), limit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slow(slowness: f64) -> Row {
        Row { slowness: Some(slowness), failing: Some(0.0), completed: 100.0, saturated: false }
    }

    #[test]
    fn a_latency_objective_is_a_bound_of_its_percentile() {
        assert_eq!(latency_bound("latency p99.9 <= 1.5s"), Some(("p99_9".into(), 1_500.0)));
        assert_eq!(latency_bound("errors < 0.1%"), None);
        assert_eq!(latency_bound("latency p99 < 0s"), None);
    }

    #[test]
    fn a_value_near_the_bound_does_not_flicker() {
        let rows = [0.5, 1.1, 0.9, 1.1, 0.9, 0.5].map(slow);
        assert_eq!(trouble(&rows), [false, true, true, true, true, false]);
    }

    #[test]
    fn one_slow_row_of_few_requests_is_chance_unless_it_is_extreme() {
        assert_eq!(trouble(&[0.5, 1.5, 0.5].map(slow)), [false, false, false]);
        assert_eq!(trouble(&[0.5, 2.5, 0.5].map(slow)), [false, true, false]);
        let many = Row { completed: 50_000.0, ..slow(1.5) };
        assert_eq!(trouble(&[slow(0.5), many, slow(0.5)]), [false, true, false]);
    }

    #[test]
    fn a_row_in_which_nothing_ended_keeps_the_mark() {
        let silent = Row { slowness: None, failing: None, completed: 0.0, saturated: false };
        let failing = Row { failing: Some(0.2), ..silent };
        assert_eq!(trouble(&[silent, failing, silent]), [false, true, true]);
    }
}

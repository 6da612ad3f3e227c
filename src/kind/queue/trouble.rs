//! What goes wrong with messages: they wait without end, are lost, or their work fails.
//!
//! In: the rows of a queue. Out: the rows in which that happened, and its words.

use std::ops::Range;

use super::language::{Queue as Settings, failures};
use super::pace::stretches;
use super::record::QueueSeries;
use super::said;
use crate::kind::view::{at, mean, peak};
use crate::kind::{Full, Scene};
use crate::measure::gaps::fill_usual;
use crate::measure::resource::Resource;
use crate::number::{clock, number, share, things};

/// Part of the messages that left a queue of which a loss is trouble. Assumption: that of failed requests.
const LOST: f64 = 0.005;
/// Percent of the pollers that are busy from which they are why messages wait.
const BUSY: f64 = 95.0;
/// Percent of another limit that is used on the mean from which it is why idle pollers get nothing. Assumption: most of it.
const HELD: f64 = 50.0;
/// Part of a backlog by which it may be larger or smaller than before and be as large, and how often its messages must have been worked
/// on meanwhile. Assumption: by chance it varies less, and one that grows from nothing is two thirds larger.
const STEADY: f64 = 0.25;
const TURNS: f64 = 2.0;
/// Rows around one in which more work fails than is done, or side by side of a backlog that stays, and failures in them,
/// before it is no chance. Assumption: as many rows as a resource must be busy in before it has nothing left.
const AROUND: usize = 9;
const FAILURES: f64 = 3.0;

/// Rows in which the messages of a queue are in trouble by themselves.
pub(super) fn rows(queue: usize, scene: &Scene<'_>) -> Vec<bool> {
    let (Some(settings), Some(series)) = (scene.queues.get(queue), scene.timeline.queues.get(queue)) else {
        return Vec::new();
    };
    let all = 0..series.backlog.len();
    let lost = is_much(lost(series, &all, scene), total(&series.deleted, &all, scene));
    let mut rows: Vec<bool> = all.clone().map(|row| lost && of_row(series, row) > 0.0).collect();
    // A message every so often is one loss that goes on.
    fill_usual(&mut rows);
    rows.iter_mut().zip(standstill(series, scene)).for_each(|(row, standstill)| *row |= standstill);
    let is_dead_letters = scene.queues.iter().any(|it| it.dead_letter.is_some_and(|it| it.index() == queue))
        || failures(&scene.lambdas).any(|it| it == queue);
    match settings.consumer.is_some() || settings.source.is_some() {
        // Where the pollers are full or there are none, they say so.
        true => staying(series, scene)
            .filter(|rows| !is_of_a_limit(settings, series, rows))
            .flatten()
            .for_each(|row| {
                rows[row] |= series.pollers[row] > 0.0 && series.pollers_busy_percent[row] < BUSY;
            }),
        // Dead letters wait for a person.
        false if is_dead_letters => {}
        false => staying(series, scene).flatten().for_each(|row| rows[row] = true),
    }
    rows
}

/// Rows in which messages were not worked on that came, or not with success.
pub(super) fn lacking(queue: usize, scene: &Scene<'_>) -> Vec<bool> {
    let (Some(settings), Some(series)) = (scene.queues.get(queue), scene.timeline.queues.get(queue)) else {
        return Vec::new();
    };
    let all = 0..series.backlog.len();
    let failed = |row: usize| is_much(series.failed[row] + of_row(series, row), series.deleted[row]);
    let mut rows: Vec<bool> = all.map(failed).collect();
    if settings.consumer.is_some() || settings.source.is_some() {
        staying(series, scene).flatten().for_each(|row| rows[row] = true);
    }
    rows
}

/// Stretches of rows in which a backlog is not worked off; a few rows of it are no more than the run's end, and one that stays as
/// large as it is while messages come and go fits.
fn staying(series: &QueueSeries, scene: &Scene<'_>) -> impl Iterator<Item = Range<usize>> {
    let staying =
        stretches(series).into_iter().filter(|stretch| !stretch.is_back).map(|stretch| stretch.rows);
    staying.filter(|rows| rows.len() >= AROUND && !is_steady(series, rows, scene))
}

/// Whether the message groups of a queue are full in most of some rows, or as many messages are in flight as can be: these say so
/// themselves, and are why a backlog grows while they fill.
fn is_of_a_limit(settings: &Settings, series: &QueueSeries, rows: &Range<usize>) -> bool {
    let full = |row: &usize| {
        let in_flight = 100.0 * at(&series.in_flight, *row) / f64::from(settings.in_flight);
        at(&series.groups_percent, *row).max(in_flight) >= BUSY
    };
    2 * rows.clone().filter(full).count() > rows.len()
}

/// Whether a backlog is as large in the last third of some rows as in that before, in which all its messages were worked on several
/// times over, and nothing was lost from it.
fn is_steady(series: &QueueSeries, rows: &Range<usize>, scene: &Scene<'_>) -> bool {
    let third = rows.len() / 3;
    let (middle, last) = (rows.end - 2 * third..rows.end - third, rows.end - third..rows.end);
    let (before, after) = (mean(&series.backlog, &middle), mean(&series.backlog, &last));
    (before - after).abs() <= STEADY * before.max(after)
        && total(&series.deleted, &last, scene) >= TURNS * after
        && lost(series, rows, scene) == 0.0
}

/// Rows around which more work fails than is done, or in which work fails again and again before any is done.
fn standstill(series: &QueueSeries, scene: &Scene<'_>) -> Vec<bool> {
    let count = series.failed.len();
    let mut rows: Vec<bool> = mostly_failing(series, scene);
    let all: Vec<usize> = (0..count).collect();
    for idle in all.chunk_by(|one, next| (series.deleted[*one] > 0.0) == (series.deleted[*next] > 0.0)) {
        let failing: Vec<usize> = idle.iter().copied().filter(|&row| series.failed[row] > 0.0).collect();
        if let (&[first, .., last], 0.0) = (failing.as_slice(), series.deleted[idle[0]])
            && total(&series.failed, &(first..last + 1), scene) >= FAILURES - 1e-6
        {
            rows[first..=last].fill(true);
        }
    }
    rows
}

fn mostly_failing(series: &QueueSeries, scene: &Scene<'_>) -> Vec<bool> {
    let count = series.failed.len();
    let fails = |row: usize| {
        let near = row.saturating_sub(AROUND / 2)..(row + AROUND / 2 + 1).min(count);
        let failed = total(&series.failed, &near, scene);
        failed >= FAILURES - 1e-6 && failed > total(&series.deleted, &near, scene)
    };
    (0..count).map(fails).collect()
}

fn of_row(series: &QueueSeries, row: usize) -> f64 {
    series.expired[row] + series.dead_lettered[row]
}

fn is_much(lost: f64, done: f64) -> bool {
    lost > LOST * (lost + done)
}

/// Messages of some rows, of a column per second.
fn total(per_second: &[f64], rows: &Range<usize>, scene: &Scene<'_>) -> f64 {
    rows.clone().map(|row| per_second[row] * scene.row_s(row)).sum()
}

fn lost(series: &QueueSeries, rows: &Range<usize>, scene: &Scene<'_>) -> f64 {
    total(&series.expired, rows, scene) + total(&series.dead_lettered, rows, scene)
}

/// Some rows of a sentence, with all others that it is about.
fn with_span(rows: &Range<usize>, about: &Full<'_>) -> Range<usize> {
    rows.start.min(about.span.start)..rows.end.max(about.span.end)
}

/// Whether messages of a queue only wait, in a sentence that says already which limit they wait for.
pub(super) fn is_said_by_a_limit(queue: usize, about: &Full<'_>) -> bool {
    let (scene, chain) = (about.scene, about.chain);
    let limits = [Resource::InFlight { queue }, Resource::Groups { queue }];
    let of_it = chain.iter().find(|(of, _)| *of == Resource::Messages { queue });
    chain.iter().any(|(of, _)| limits.contains(of))
        && of_it.zip(scene.timeline.queues.get(queue)).is_some_and(|((_, rows), series)| {
            let all = with_span(rows, about);
            lost(series, &all, scene) == 0.0 && total(&series.failed, &all, scene).round() == 0.0
        })
}

/// `messages of `orders`: 1,470 dead letters, 98 % of those that left it`.
pub(super) fn words(queue: usize, about: &Full<'_>) -> Option<String> {
    let (scene, rows) = (about.scene, about.rows);
    let series = scene.timeline.queues.get(queue)?;
    // Everything of the trouble is counted: what was lost first was sent long before, and work goes on failing here and there when
    // more is done than fails.
    let all = with_span(rows, about);
    let left = lost(series, &all, scene) + total(&series.deleted, &all, scene);
    let of = |column: &[f64], what: fn(f64) -> String| {
        let count = total(column, &all, scene).round();
        (count > 0.0)
            .then(|| format!("{} ({} of those that left it)", what(count), share(count / left.max(count))))
    };
    let failed = total(&series.failed, &all, scene).round();
    let cut_off = cut_off(queue, series, &all, scene);
    let idle = rows.clone().all(|row| series.pollers_busy_percent[row] < BUSY);
    let mut found: Vec<String> = [
        of(&series.dead_lettered, |count| things(count, "dead letter")),
        of(&series.expired, |count| format!("{} expired", number(count))),
    ]
    .into_iter()
    .flatten()
    .collect();
    found.extend((failed >= 1.0).then(|| {
        format!("work failed {}", if failed == 1.0 { "once".into() } else { things(failed, "time") })
    }));
    found.extend(said::waiting_of(queue, about).map(|waiting| {
        let why = match scene.queues.get(queue) {
            Some(settings) if settings.consumer.is_none() && settings.source.is_none() => {
                match total(&series.deleted, rows, scene) > 0.0 {
                    true => ", and fewer are received than come",
                    false => ", and nothing receives them",
                }
            }
            Some(settings) if idle && settings.source.is_none() && !said::has_pollers(queue, about) => {
                idle_because(settings, series, rows)
            }
            _ => "",
        };
        format!("{waiting}{why}")
    }));
    if let Some(cut_off) = cut_off {
        found.insert(0, cut_off);
    }
    if failed >= 1.0 || found.is_empty() {
        found.extend(said::oldest_of(queue, about));
    }
    match found.is_empty() {
        true => Some(String::new()),
        false => Some(format!("{}: {}", about.name, found.join(", "))),
    }
}

/// `30 cut off from 10:10 on with their instance`: in some rows, or in the visibility timeout before them, after which they come back.
fn cut_off(queue: usize, series: &QueueSeries, rows: &Range<usize>, scene: &Scene<'_>) -> Option<String> {
    let hidden_s = scene.queues.get(queue)?.visibility_timeout.as_secs_f64();
    let since = scene.time_s(rows.start) - hidden_s;
    let first = (0..rows.start).find(|row| scene.time_s(*row) >= since).unwrap_or(rows.start);
    let rows = first..rows.end;
    let count = total(&series.cut_off, &rows, scene).round();
    let begin = rows.clone().find(|&row| at(&series.cut_off, row) > 0.0).filter(|_| count >= 1.0)?;
    Some(format!("{} cut off with their instance from {} on", number(count), clock(scene.time_s(begin))))
}

/// Why pollers are idle while messages wait.
fn idle_because(settings: &Settings, series: &QueueSeries, rows: &Range<usize>) -> &'static str {
    let full = |column: &[f64]| mean(column, rows) >= HELD;
    let in_flight = mean(&series.in_flight, rows) / f64::from(settings.in_flight);
    match settings.fifo {
        _ if peak(&series.pollers, rows) == 0.0 => ", and there are no pollers",
        _ if 100.0 * in_flight >= HELD => ", and pollers are idle: as many are in flight as can be",
        true if full(&series.groups_percent) => {
            ", and pollers are idle: a message group is worked on one message at a time"
        }
        true if full(&series.receives_percent) || full(&series.deletes_percent) => {
            ", and pollers are idle: their calls are throttled"
        }
        _ => ", and pollers are idle",
    }
}

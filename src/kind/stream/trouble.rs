//! What goes wrong with records: they get old before anybody has them, their work fails, or they are lost. In: the rows of a stream. Out: the rows in which that
//! happened, and its words.

use std::ops::Range;

use super::language::Stream as Settings;
use super::record::StreamSeries;
use crate::kind::view::{at, peak, with};
use crate::kind::{Full, Scene};
use crate::number::{millis, number, share, things};

/// Iterator age from which records are late. Assumption: what works on a stream is to be up to date to the minute.
const LATE_S: f64 = 60.0;
/// Iterator age from which a consumer falls behind, at the least, and how many intervals it is. Assumption: each poll finds what came since the last one.
const BEHIND_S: f64 = 5.0;
const INTERVALS: f64 = 3.0;
/// Part of the largest age that a consumer still has at the end of the run where it has not begun to catch up. Assumption: chance makes a tenth.
const STILL: f64 = 0.9;
/// Part of the records that were worked on of which a loss is trouble. Assumption: that of failed requests.
const LOST: f64 = 0.005;

/// Iterator age from which a consumer of a stream falls behind.
pub(super) fn behind_s(settings: &Settings) -> f64 {
    let own = settings.source.as_ref().map_or(0.0, |it| (it.window.0 + it.poll_interval.0) as f64 / 1e9);
    let others = settings.readers.map_or(0.0, |it| it.interval.as_secs_f64());
    (INTERVALS * own.max(others)).max(BEHIND_S)
}

/// Rows in which the records of a stream are in trouble by themselves: those in which a consumer falls behind until its records are late, and is late,
/// or falls behind until the run ends, and those in which records are lost.
pub(super) fn rows(stream: usize, scene: &Scene<'_>) -> Vec<bool> {
    let (Some(settings), Some(series)) =
        (scene.settings.streams.get(stream), scene.timeline.streams.get(stream))
    else {
        return Vec::new();
    };
    let count = series.iterator_age_s.len();
    let behind = behind_s(settings);
    let late = LATE_S.max(behind);
    let mut rows = vec![false; count];
    let all: Vec<usize> = (0..count).collect();
    for stretch in all.chunk_by(|one, next| {
        (series.iterator_age_s[*one] >= behind) == (series.iterator_age_s[*next] >= behind)
    }) {
        let most = stretch.iter().map(|row| series.iterator_age_s[*row]).fold(0.0, f64::max);
        let end = stretch[0] + stretch.len();
        let falls_behind = end == count && most >= behind && series.iterator_age_s[count - 1] >= STILL * most;
        if most >= late || falls_behind {
            rows[stretch[0]..stretch[0] + stretch.len()].fill(true);
        }
    }
    for (row, fails) in failing(series, scene).into_iter().enumerate() {
        rows[row] |= fails;
    }
    let whole = 0..count;
    let (lost, worked) = (total(&series.lost, &whole, scene), total(&series.worked, &whole, scene));
    if lost > LOST * (lost + worked) {
        (0..count).filter(|row| series.lost[*row] > 0.0).for_each(|row| rows[row] = true);
    }
    rows
}

/// Rows around one in which invocations fail and hardly anything is done, and failures in them, before it is no chance. Assumption: those of the messages of a queue.
const AROUND: usize = 9;
const FAILURES: f64 = 3.0;

/// Rows around which invocations fail again and again while no record is done with: the same batch is tried without end.
fn failing(series: &StreamSeries, scene: &Scene<'_>) -> Vec<bool> {
    let count = series.failed.len();
    let mut rows = vec![false; count];
    let all: Vec<usize> = (0..count).collect();
    for idle in all.chunk_by(|one, next| (series.worked[*one] > 0.0) == (series.worked[*next] > 0.0)) {
        let failing: Vec<usize> = idle.iter().copied().filter(|&row| series.failed[row] > 0.0).collect();
        if let (&[first, .., last], 0.0) = (failing.as_slice(), series.worked[idle[0]])
            && last - first >= AROUND
            && total(&series.failed, &(first..last + 1), scene) >= FAILURES - 1e-6
        {
            rows[first..=last].fill(true);
        }
    }
    rows
}

/// Rows in which records were not worked on that came, or not with success.
pub(super) fn lacking(stream: usize, scene: &Scene<'_>) -> Vec<bool> {
    let mut rows = rows(stream, scene);
    if let Some(series) = scene.timeline.streams.get(stream) {
        let failing = |row: usize| series.failed[row] > 0.0 && series.worked[row] == 0.0;
        rows.iter_mut().enumerate().for_each(|(row, is)| *is |= failing(row));
    }
    rows
}

/// Of a column per second, what there was in some rows.
fn total(per_second: &[f64], rows: &Range<usize>, scene: &Scene<'_>) -> f64 {
    rows.clone().map(|row| at(per_second, row) * scene.row_s(row)).sum()
}

/// `records of `scores`: iterator age up to 95 s, up to 12,300 waiting`.
pub(super) fn words(stream: usize, about: &Full<'_>) -> Option<String> {
    let (scene, rows) = (about.scene, about.rows);
    let series: &StreamSeries = scene.timeline.streams.get(stream)?;
    let span = rows.start.min(about.span.start)..rows.end.max(about.span.end);
    let mut found = vec![format!("iterator age up to {}", millis(1e3 * peak(&series.iterator_age_s, rows)))];
    let waiting = peak(&series.waiting, rows).round();
    if waiting >= 1.0 {
        found.push(format!("up to {} waiting", number(waiting)));
    }
    let failed = total(&series.failed, &span, scene).round();
    if failed >= 1.0 {
        found.push(format!("{} failed", things(failed, "invocation")));
    }
    let lost = total(&series.lost, &span, scene).round();
    if lost >= 1.0 {
        let of = lost / (lost + total(&series.worked, &span, scene)).max(lost);
        found.push(format!("{} lost ({} of those that left it)", number(lost), share(of)));
    }
    Some(with(about.name.to_owned(), &found))
}

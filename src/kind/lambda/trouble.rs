//! What goes wrong with events: they are dropped. In: the rows of a function. Out: the rows in which that happened, and its words.

use crate::kind::view::{at, peak};
use crate::kind::{Full, Scene};
use crate::measure::gaps::fill_usual;
use crate::number::{millis, number, share};

/// Part of the events of which a loss is trouble. Assumption: that of failed requests.
const LOST: f64 = 0.005;

/// Rows in which events of a function were dropped, if many were in all.
pub(super) fn rows(lambda: usize, scene: &Scene<'_>) -> Vec<bool> {
    let Some(series) = scene.timeline.lambdas.get(lambda) else { return Vec::new() };
    let all =
        |column: &[f64]| -> f64 { (0..column.len()).map(|row| at(column, row) * scene.row_s(row)).sum() };
    let (dropped, came) = (all(&series.events_dropped), all(&series.events));
    let mut rows: Vec<bool> =
        series.events_dropped.iter().map(|it| *it > 0.0 && dropped > LOST * came).collect();
    rows.resize(series.invocations.len(), false);
    // An event every so often is one loss that goes on.
    fill_usual(&mut rows);
    rows
}

/// `events of function `mail`: 12 dropped (40 % of those that came meanwhile), the oldest 3m`.
pub(super) fn words(lambda: usize, about: &Full<'_>) -> Option<String> {
    let (scene, rows) = (about.scene, about.rows);
    let series = scene.timeline.lambdas.get(lambda)?;
    let all = rows.start.min(about.span.start)..rows.end.max(about.span.end);
    let count = |column: &[f64]| -> f64 { all.clone().map(|row| at(column, row) * scene.row_s(row)).sum() };
    let dropped = count(&series.events_dropped).round();
    if dropped < 1.0 {
        return Some(String::new());
    }
    let there = at(&series.events_there, all.start.saturating_sub(1)) * f64::from(u8::from(all.start > 0));
    let part = dropped / (count(&series.events) + there).max(dropped);
    let oldest = 1e3 * peak(&series.event_age_s, rows);
    let oldest = if oldest > 0.0 { format!(", the oldest {}", millis(oldest)) } else { String::new() };
    Some(format!("{}: {} dropped ({} of them){oldest}", about.name, number(dropped), share(part)))
}

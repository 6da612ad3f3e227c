//! The finding of a span as a sentence. In: a span, its leading stage, the timeline. Out: words with numbers.

use std::ops::Range;

use super::rows::Row;
use super::spans::Span;
use super::{Leading, resource, rows};
use crate::outcome::figure::{millis, share};
use crate::outcome::{Outcome, StageKind, Timeline};

/// Resources named beside the leading one, at most.
const MOST_STRAINED: usize = 2;
/// Part of a span's rows that are trouble below which the trouble came and went.
const STEADY: f64 = 0.7;

pub(super) fn sentence(
    outcome: &Outcome,
    evidence: &[Row],
    marks: &[bool],
    span: &Span,
    leading: Option<Leading>,
) -> String {
    let rows = &span.rows;
    if !span.trouble {
        return calm(outcome, rows, leading);
    }
    let slow = evidence.iter().take(rows.end).skip(rows.start).any(Row::is_slow);
    let text = match slow {
        true => slow_sentence(outcome, rows, leading),
        false => failing_sentence(outcome, rows),
    };
    let marked = rows.clone().filter(|&row| marks.get(row) == Some(&true)).count();
    match (marked as f64) < STEADY * rows.len() as f64 {
        true => format!("on and off, {text}"),
        false => text,
    }
}

/// Requests were slow: the leading stage, its resource, what else was at its limit, and what came of it.
fn slow_sentence(outcome: &Outcome, rows: &Range<usize>, leading: Option<Leading>) -> String {
    let timeline = &outcome.timeline;
    let stage = leading.and_then(|leading| leading.of(&outcome.stages));
    let state = stage.and_then(|stage| resource::state(timeline, stage, rows));
    let time = leading.zip(stage).map(|(leading, stage)| time_spent(leading.share, stage.kind));
    let mut text = match (state, time) {
        (Some(state), Some(time)) => format!("{state}: {time}"),
        (None, Some(time)) => time,
        _ => "requests were slow".into(),
    };
    meanwhile(&mut text, resource::strained(timeline, stage, rows));
    if let Some(worst) = p99(timeline, rows).max_by(f64::total_cmp) {
        text.push_str(&format!("; p99 up to {}", millis(worst)));
    }
    if let Some(failures) = failures(timeline, rows) {
        text.push_str(&format!("; {failures}"));
    }
    text
}

/// Requests failed while those that completed were as fast as ever, or none completed.
fn failing_sentence(outcome: &Outcome, rows: &Range<usize>) -> String {
    let timeline = &outcome.timeline;
    let mut text = failures(timeline, rows).unwrap_or_else(|| "no request ended".into());
    meanwhile(&mut text, resource::strained(timeline, None, rows));
    match p99(timeline, rows).max_by(f64::total_cmp) {
        Some(worst) => text.push_str(&format!("; the p99 of the others stayed within {}", millis(worst))),
        None => text.push_str("; no request completed"),
    }
    text
}

fn meanwhile(text: &mut String, mut strained: Vec<String>) {
    strained.truncate(MOST_STRAINED);
    if !strained.is_empty() {
        text.push_str(&format!("; meanwhile {}", strained.join(" and ")));
    }
}

fn calm(outcome: &Outcome, rows: &Range<usize>, leading: Option<Leading>) -> String {
    let timeline = &outcome.timeline;
    let mut values: Vec<f64> = p99(timeline, rows).collect();
    values.sort_by(f64::total_cmp);
    let mut text = match (values.get(values.len() / 2), resource::peak(&timeline.offered, rows) > 0.0) {
        (Some(median), _) => format!("normal: p99 around {}", millis(*median)),
        (None, true) => "normal: no request completed".into(),
        (None, false) => "no requests".into(),
    };
    if let Some((leading, stage)) = leading.and_then(|it| it.of(&outcome.stages).map(|stage| (it, stage))) {
        let time = time_spent(leading.share, stage.kind);
        match stage.resource.as_str() {
            name if stage.kind == StageKind::Service => {
                text.push_str(&format!("; {} of the p99 was spent at `{name}`", share(leading.share)));
            }
            "" => text.push_str(&format!("; {time}")),
            name => text.push_str(&format!("; {time} (`{name}`)")),
        }
    }
    if let Some(failures) = failures(timeline, rows) {
        text.push_str(&format!("; {failures}"));
    }
    text
}

fn time_spent(part: f64, kind: StageKind) -> String {
    let what = match kind {
        StageKind::Network => "time on the network",
        StageKind::Retry => "failed attempts and pauses before the next",
        StageKind::Thread => "waiting for a thread",
        StageKind::Cpu => "time on CPU, shared with others",
        StageKind::Pool => "waiting for a connection",
        StageKind::Cache => "time at the cache",
        StageKind::Database => "executing statements",
        StageKind::Lock => "waiting for a row lock",
        StageKind::Service => "waiting and service there",
        StageKind::Delay => "delays written in the path",
    };
    format!("{} of the p99 was {what}", share(part))
}

/// `3.2 % of requests failed, mostly client timeout`, of those that ended in the rows.
fn failures(timeline: &Timeline, rows: &Range<usize>) -> Option<String> {
    let failed: f64 = rows.clone().map(|row| rows::failed(timeline, row)).sum();
    let completed = resource::mean(&timeline.completed, rows) * rows.len() as f64;
    if failed <= 0.0 {
        return None;
    }
    let part = |cause: &str| timeline.failed.get(cause).map_or(0.0, |series| resource::mean(series, rows));
    let leading = timeline.failed.keys().max_by(|a, b| part(a).total_cmp(&part(b)))?;
    let all = part(leading) * rows.len() as f64 >= failed * 0.995;
    let cause = if all { leading.clone() } else { format!("mostly {leading}") };
    Some(format!("{} of requests failed, {cause}", share(failed / (failed + completed))))
}

fn p99<'a>(timeline: &'a Timeline, rows: &'a Range<usize>) -> impl Iterator<Item = f64> + 'a {
    rows.clone().filter_map(|row| rows::latency(timeline, "p99", row))
}

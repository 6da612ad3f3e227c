//! The finding of a span as a sentence. In: its rows and the chain of events in them. Out: words with numbers.

use std::ops::Range;

use super::evidence::latency;
use super::leftover::Own;
use super::saturation::{busiest, window};
use super::vocabulary::{self, BUSY, FULL_AT, SATURATED, TIGHTEST};
use super::watched::{Trouble, Watched};
use super::words::{Words, mean, peak};
use super::{Leading, Span};
use crate::measure::member::FULL;
use crate::number::{clock, millis, share, times};
use crate::outcome::{Headroom, Link, Percentile, Resource, Stage, StageKind};

/// Fewest rows that count as the busiest of a span, as in the headroom.
const FEWEST_ROWS: usize = 3;

/// `1:00:10 CPU of `was` full → 31 % of requests failed, http_502 → retries ×2.04 · 1:09:10 …; p99 up to 3.51s`.
pub(super) fn trouble(
    words: &Words<'_>,
    span: &Span,
    chain: &[Link],
    leading: Option<Leading>,
    is_slow: bool,
) -> String {
    let rows = &span.rows;
    let mut text = String::new();
    for link in chain {
        match (link.cause, text.is_empty()) {
            (true, true) => text = format!("{} {}", clock(link.at_s), link.text),
            (true, false) => text.push_str(&format!(" · {} {}", clock(link.at_s), link.text)),
            (false, true) => text = link.text.clone(),
            (false, false) => text.push_str(&format!(" → {}", link.text)),
        }
    }
    let worst = rows
        .clone()
        .filter_map(|row| latency(&words.outcome.timeline, Percentile::P99, row))
        .max_by(f64::total_cmp);
    // A loss makes nothing slow by itself, and an unhealthy target only came of something.
    let is_full =
        |of: Resource| of.delays_requests() && !of.is_event() && !matches!(of, Resource::Targets { .. });
    if !chain.iter().any(|link| link.resource.is_some_and(is_full)) && is_slow {
        // Nothing was full: where slow requests spent their time is all that can be said.
        if let Some(time) = leading.and_then(|leading| time_spent(words, leading, rows)) {
            text = joined(text, &format!("{}: {time}", vocabulary::SLOW.text));
        }
    }
    text = match worst {
        Some(worst) => joined(text, &format!("{} {}", vocabulary::UP_TO.text, millis(worst))),
        None if peak(&words.timeline().offered, rows) == 0.0 => joined(text, vocabulary::NO_REQUESTS.text),
        None => joined(text, vocabulary::NONE_COMPLETED.text),
    };
    // What goes on as another trouble is not over.
    let is_over = words.calm.get(rows.end) == Some(&true);
    match words.outcome.timeline.time_s.get(rows.end).filter(|_| is_over) {
        Some(end) => format!("{text} · {} {}", clock(*end), vocabulary::OVER.text),
        None => text,
    }
}

/// `normal: p99 358ms; tightest: `payment` 71 % busy at 1:01:40, full at ×1.41`.
pub(super) fn calm(words: &Words<'_>, watched: &[Watched<'_>], span: &Span, own: &Own) -> String {
    let (rows, outcome, p99_ms) = (&span.rows, words.outcome, own.p99_ms);
    let timeline = &outcome.timeline;
    if peak(&timeline.offered, rows) == 0.0 && p99_ms.is_none() {
        return vocabulary::NO_REQUESTS.text.into();
    }
    let all = rows.len() == timeline.time_s.len();
    let held = all && !outcome.objectives.is_empty() && outcome.objectives_met();
    let missed = all && !outcome.objectives_met();
    let mut text = match (held, missed) {
        (true, _) => vocabulary::HELD.text,
        // An objective on a class, on cost or on all of the run does not show in rows.
        (_, true) => vocabulary::STEADY.text,
        _ => vocabulary::NORMAL.text,
    }
    .to_owned();
    text.push_str(&match p99_ms {
        None => format!(": {}", vocabulary::NONE_COMPLETED.text),
        Some(p99) => format!(": p99 {}", millis(p99)),
    });
    if let Some(tightest) = tightest(words, watched, span, &own.settled) {
        text = joined(text, &tightest);
    }
    let said = saturated(words, rows).map(|full| full.of);
    let others: Vec<&Watched<'_>> = watched.iter().filter(|it| Some(it.of) != said).collect();
    for full in words.buffered(&others, rows) {
        text = joined(text, &full);
    }
    for lost in words.lost(&others, rows) {
        text = joined(text, &lost);
    }
    match words.failures(rows) {
        Some(failures) => joined(text, &failures),
        None => text,
    }
}

/// The resource with the least room of the whole run, where some rows are all of it: in a part of it another one may have had less.
fn nearest<'a>(words: &Words<'a>, rows: &Range<usize>) -> Option<&'a Headroom> {
    let whole = rows.len() == words.outcome.timeline.time_s.len();
    words.outcome.headroom.first().filter(|_| whole)
}

/// The same, if it had nothing left. What nobody felt may be so, as workers are whose messages wait on purpose.
fn saturated<'a>(words: &Words<'a>, rows: &Range<usize>) -> Option<&'a Headroom> {
    nearest(words, rows)
        .filter(|it| it.saturated && it.as_it_stood.busy >= FULL && it.held_by.is_none() && !it.is_open())
}

/// The resource with the least room in the span: by the headroom if its busiest rows are there, else by its rows.
fn tightest(
    words: &Words<'_>,
    watched: &[Watched<'_>],
    span: &Span,
    settled: &Range<usize>,
) -> Option<String> {
    let (outcome, rows) = (words.outcome, &span.rows);
    let time = |row: usize| outcome.timeline.time_s.get(row).copied().unwrap_or(f64::INFINITY);
    if let Some(full) = saturated(words, rows) {
        let (name, busy) = (words.name(full.of), share(full.as_it_stood.busy.min(1.0)));
        return Some(format!(
            "{}: {name} {busy} {} from {} on, {}",
            TIGHTEST.text,
            BUSY.text,
            clock(full.as_it_stood.at_s),
            SATURATED.text
        ));
    }
    let nearest = nearest(words, rows).filter(|nearest| !nearest.saturated);
    if let Some((nearest, limit)) = nearest.and_then(|it| Some((it, it.limit()?))) {
        let busy = share(nearest.as_it_stood.busy);
        let at = clock(nearest.as_it_stood.at_s);
        // A backlog at the start says nothing of the start alone.
        let when = match nearest.as_it_stood.until_s {
            Some(until) => format!("from {at} to {}, the time to work off what waited", clock(until)),
            // How busy workers are is no figure of one instant.
            None if !nearest.of.delays_requests() => format!("from {at} on"),
            None => format!("at {at}"),
        };
        let name = match nearest.fullest {
            Some(part) => words.name_of_member(nearest.of, part),
            None => words.name(nearest.of),
        };
        // That multiple is of another size than the busy share.
        let grown = nearest.at_maximum.filter(|_| nearest.of.follows_traffic());
        let size =
            grown.and_then(|most| most.all(nearest.of)).map_or(String::new(), |all| format!(" with {all}"));
        return Some(tightest_is(&name, &format!("{busy} {} {when}", BUSY.text), &(times(limit) + &size)));
    }
    let width = window(&outcome.timeline).max(FEWEST_ROWS);
    let shared = watched.iter().filter(|resource| resource.trouble == Trouble::NothingLeft);
    let busiest = shared.filter_map(|resource| {
        let series = words.resources.iter().find(|series| series.of() == resource.of);
        // What is left of a trouble is no demand of the rows after it.
        let rows = &series.map_or(settled.clone(), |series| series.settled(settled));
        let by_traffic = resource.busy_by_traffic(rows)?;
        let (near, busy, part) = match series {
            // Of unequal members the fullest has the least room.
            Some(series) => series.busiest(&by_traffic, rows, width)?,
            None => {
                let (row, busy) = busiest(&by_traffic, width)?;
                (rows.start + row..rows.end, busy, None)
            }
        };
        (busy > 0.0).then_some((busy, near.start, resource.of, part))
    });
    let (busy, row, of, part) = busiest.max_by(|a, b| a.0.total_cmp(&b.0))?;
    let name = part.map_or_else(|| words.name(of), |part| words.name_of_member(of, part));
    let at = clock(time(row));
    Some(tightest_is(&name, &format!("{} {} at {at}", share(busy), BUSY.text), &times(1.0 / busy)))
}

/// `tightest: CPU of web 71 % busy at 1:00:40, full at ×1.4`.
fn tightest_is(name: &str, busy: &str, limit: &str) -> String {
    format!("{}: {name} {busy}, {} {limit}", TIGHTEST.text, FULL_AT.text)
}

fn joined(text: String, more: &str) -> String {
    match text.is_empty() {
        true => more.into(),
        false => format!("{text}; {more}"),
    }
}

/// `62 % of the p99 was executing statements (`orders`)`.
fn time_spent(words: &Words<'_>, leading: Leading, rows: &Range<usize>) -> Option<String> {
    let stage = words.outcome.stages.get(leading.stage)?;
    let what = match stage.kind {
        StageKind::Network => vocabulary::NETWORK,
        StageKind::Retry if stage.of.is_some() => vocabulary::THROTTLED,
        StageKind::Retry => vocabulary::RETRY,
        StageKind::Thread => vocabulary::THREAD,
        StageKind::Cpu => match crowded(words, stage, rows) {
            None => vocabulary::CPU,
            Some(true) => vocabulary::CPU_SHARED,
            Some(false) => vocabulary::CPU_WAITING,
        },
        StageKind::Pool => vocabulary::POOL,
        StageKind::Cache => vocabulary::CACHE,
        StageKind::Database => vocabulary::STATEMENTS,
        StageKind::Lock => vocabulary::LOCK,
        StageKind::Service => vocabulary::SERVICE,
        StageKind::Start => vocabulary::START,
        StageKind::WaitingRoom => vocabulary::WAITING_ROOM,
        StageKind::Queue => vocabulary::QUEUE,
        StageKind::Storage => match stage.of {
            Some(Resource::ReadUnits { .. } | Resource::WriteUnits { .. }) => vocabulary::TABLE,
            _ => vocabulary::BUCKET,
        },
        StageKind::Delay => vocabulary::DELAY,
    }
    .text;
    let name = match stage.resource.as_str() {
        "" => String::new(),
        name => format!(" (`{name}`)"),
    };
    Some(format!("{} of the p99 was {what}{name}", share(leading.share)))
}

/// Where there were more requests than cores, whether they shared these, or waited for each other.
fn crowded(words: &Words<'_>, stage: &Stage, rows: &Range<usize>) -> Option<bool> {
    let Some(Resource::Cpu { fleet }) = stage.of else { return None };
    let series = words.outcome.timeline.fleets.get(fleet)?;
    (mean(&series.cpu_waiting, rows) >= 1.0)
        .then(|| words.scene.hosts(fleet).is_none_or(|hosts| hosts.shares))
}

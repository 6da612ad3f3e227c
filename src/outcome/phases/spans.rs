//! Spans of rows with one story. In: one mark a row, and where slow requests spent their time. Out: [`Span`]s.
//!
//! Troubles a breath apart are one trouble; a trouble whose leading stage changes for good is told in parts;
//! and the whole is told in at most eight spans, in which no trouble is passed over.

use std::ops::Range;

use super::{leading_stage, slow_time};
use crate::outcome::Timeline;

/// Longest list that people read.
const MOST_SPANS: usize = 8;
/// Calm rows that do not end a trouble.
const BREATH_ROWS: usize = 2;
/// Rows that a part of a trouble must have, at least.
const FEWEST_ROWS: usize = 2;
/// Part of a trouble's rows that a part of it must have, at least.
const FEWEST_SHARE: f64 = 0.1;
/// A leading stage leads until another one takes this much more.
const STAGE_HYSTERESIS: f64 = 1.25;

/// Rows with one story.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Span {
    pub rows: Range<usize>,
    pub trouble: bool,
}

pub(super) fn spans(timeline: &Timeline, marks: &[bool]) -> Vec<Span> {
    let mut spans = Vec::new();
    for span in joined(marks) {
        match span.trouble {
            true => spans.extend(parts(timeline, &span)),
            false => spans.push(span),
        }
    }
    while spans.len() > MOST_SPANS {
        shorten(&mut spans);
    }
    spans
}

/// Runs of equal marks, with calm too short to matter counted as trouble.
fn joined(marks: &[bool]) -> Vec<Span> {
    let runs: Vec<Span> = runs(marks).map(|(rows, &trouble)| Span { rows, trouble }).collect();
    let last = runs.len().saturating_sub(1);
    let mut spans: Vec<Span> = Vec::new();
    for (position, run) in runs.into_iter().enumerate() {
        let inside = position > 0 && position < last;
        let trouble = run.trouble || (inside && run.rows.len() <= BREATH_ROWS);
        match spans.last_mut() {
            Some(span) if span.trouble == trouble => span.rows.end = run.rows.end,
            _ => spans.push(Span { rows: run.rows, trouble }),
        }
    }
    spans
}

/// One trouble cut where its leading stage changes for good.
fn parts(timeline: &Timeline, span: &Span) -> Vec<Span> {
    let mut leading = None;
    let leaders: Vec<Option<usize>> = span
        .rows
        .clone()
        .map(|row| {
            let times = slow_time(timeline, &(row..row + 1));
            let best = leading_stage(timeline, &(row..row + 1)).map(|best| best.stage);
            let time =
                |stage: Option<usize>| stage.and_then(|stage| times.get(stage)).copied().unwrap_or(0.0);
            if time(best) > STAGE_HYSTERESIS * time(leading) {
                leading = best;
            }
            leading
        })
        .collect();
    let fewest = FEWEST_ROWS.max((span.rows.len() as f64 * FEWEST_SHARE).ceil() as usize);
    let mut parts: Vec<Range<usize>> =
        runs(&leaders).map(|(rows, _)| span.rows.start + rows.start..span.rows.start + rows.end).collect();
    loop {
        let stage = |rows: &Range<usize>| leading_stage(timeline, rows).map(|leading| leading.stage);
        let same = parts.windows(2).position(|pair| stage(&pair[0]) == stage(&pair[1]));
        let short = || shortest(parts.iter().map(Range::len)).filter(|&part| parts[part].len() < fewest);
        match same.or_else(|| short().map(|part| towards_longer(&parts, part))) {
            Some(first) if parts.len() > 1 => {
                parts[first].end = parts[first + 1].end;
                parts.remove(first + 1);
            }
            _ => break,
        }
    }
    parts.into_iter().map(|rows| Span { rows, trouble: true }).collect()
}

/// The pair, by its first member, that joins `part` to its longer neighbour.
fn towards_longer(parts: &[Range<usize>], part: usize) -> usize {
    let len =
        |position: Option<usize>| position.and_then(|position| parts.get(position)).map_or(0, Range::len);
    match len(part.checked_sub(1)) >= len(Some(part + 1)) {
        true => part.saturating_sub(1),
        false => part,
    }
}

/// Joins the two parts of one trouble that are shortest together, or else two troubles over the shortest calm.
fn shorten(spans: &mut Vec<Span>) {
    let pairs = spans.windows(2).map(|pair| match pair {
        [a, b] if a.trouble && b.trouble => a.rows.len() + b.rows.len(),
        _ => usize::MAX,
    });
    if let Some(first) = shortest(pairs) {
        spans[first].rows.end = spans[first + 1].rows.end;
        spans.remove(first + 1);
        return;
    }
    let calm = spans.windows(3).map(|three| match three {
        [_, calm, _] if !calm.trouble => calm.rows.len(),
        _ => usize::MAX,
    });
    match shortest(calm) {
        Some(first) => {
            spans[first].rows.end = spans[first + 2].rows.end;
            spans.drain(first + 1..first + 3);
        }
        None => spans.truncate(MOST_SPANS),
    }
}

/// Position of the smallest length, the first among equals; `usize::MAX` stands for none.
fn shortest(lengths: impl Iterator<Item = usize>) -> Option<usize> {
    lengths.enumerate().filter(|it| it.1 < usize::MAX).min_by_key(|it| it.1).map(|it| it.0)
}

fn runs<T: PartialEq>(values: &[T]) -> impl Iterator<Item = (Range<usize>, &T)> {
    let mut start = 0;
    values.chunk_by(|a, b| a == b).map(move |run| {
        let rows = start..start + run.len();
        start = rows.end;
        (rows, &run[0])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_troubles_a_breath_apart_are_one() {
        let marks = [false, false, true, false, true, true, false, false, false];
        let spans = spans(&Timeline::default(), &marks);
        let told: Vec<_> = spans.iter().map(|span| (span.rows.clone(), span.trouble)).collect();
        assert_eq!(told, [(0..2, false), (2..6, true), (6..9, false)]);
    }

    #[test]
    fn many_troubles_are_told_in_eight_spans_and_none_is_lost() {
        let marks: Vec<bool> = (0..200).map(|row| row % 10 == 5).collect();
        let spans = spans(&Timeline::default(), &marks);
        assert!(spans.len() <= MOST_SPANS, "{} spans", spans.len());
        let covered: Vec<usize> = spans.iter().flat_map(|span| span.rows.clone()).collect();
        assert_eq!(covered, (0..200).collect::<Vec<_>>());
        for row in (0..200).filter(|&row| marks[row]) {
            assert!(spans.iter().any(|span| span.trouble && span.rows.contains(&row)), "row {row}");
        }
    }
}

//! Spans of rows with one story. In: one mark a row. Out: [`Span`]s that cover all rows.
//!
//! Troubles a breath apart are one trouble, and the whole is told in at most eight spans, in which no trouble is
//! passed over: only the longest calms between troubles are kept. Linear in rows.

use std::ops::Range;

use crate::outcome::columns::stretches;

/// Longest list that people read.
pub(super) const MOST_SPANS: usize = 8;
/// Calm rows that do not end a trouble, and their part of all rows.
const BREATH_ROWS: usize = 2;
const BREATH_PART: usize = 200;
/// Part of all rows at the start in which a trouble that was there from the start does not show yet.
const ONSET_PART: usize = 100;

/// Rows with one story.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Span {
    pub rows: Range<usize>,
    pub trouble: bool,
}

/// Calm rows that do not end a trouble of a run of so many rows.
pub(super) fn breath(rows: usize) -> usize {
    (rows / BREATH_PART).max(BREATH_ROWS)
}

pub(super) fn spans(marks: &[bool]) -> Vec<Span> {
    let joined = joined(runs(marks), breath(marks.len()), marks.len() / ONSET_PART);
    if joined.len() <= MOST_SPANS {
        return joined;
    }
    // Between n troubles told apart are n - 1 calms, and one may come before and after them.
    let outer = [joined.first(), joined.last()].into_iter().flatten().filter(|span| !span.trouble).count();
    let kept = (MOST_SPANS - outer - 1) / 2;
    let inner = 1..joined.len() - 1;
    let mut calms: Vec<usize> = inner
        .clone()
        .filter(|&position| !joined[position].trouble)
        .map(|position| joined[position].rows.len())
        .collect();
    calms.sort_unstable_by(|a, b| b.cmp(a));
    // Of equally long ones, only as many as there is place for.
    let shortest = calms.get(kept.saturating_sub(1)).copied().unwrap_or(usize::MAX);
    let mut of_shortest = kept - calms.iter().take(kept).filter(|&&calm| calm > shortest).count();
    let mut told: Vec<Span> = Vec::new();
    for (position, mut span) in joined.into_iter().enumerate() {
        if !span.trouble && inner.contains(&position) {
            let len = span.rows.len();
            let keep = kept > 0 && (len > shortest || (len == shortest && of_shortest > 0));
            of_shortest -= usize::from(keep && len == shortest);
            span.trouble = !keep;
        }
        append(&mut told, span);
    }
    told
}

/// Runs of equal marks, with calm too short to matter counted as trouble.
fn joined(runs: Vec<Span>, breath: usize, onset: usize) -> Vec<Span> {
    let last = runs.len().saturating_sub(1);
    let mut spans: Vec<Span> = Vec::new();
    for (position, mut run) in runs.into_iter().enumerate() {
        let longest = match position {
            0 => onset,
            position if position < last => breath,
            _ => 0,
        };
        run.trouble |= last > 0 && run.rows.len() <= longest;
        append(&mut spans, run);
    }
    spans
}

fn append(spans: &mut Vec<Span>, next: Span) {
    match spans.last_mut() {
        Some(span) if span.trouble == next.trouble => span.rows.end = next.rows.end,
        _ => spans.push(next),
    }
}

/// Runs of equal marks.
pub(super) fn runs(marks: &[bool]) -> Vec<Span> {
    stretches(marks).map(|(rows, trouble)| Span { rows, trouble }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_troubles_a_breath_apart_are_one() {
        let marks = [false, false, true, false, true, true, false, false, false];
        let told: Vec<_> = spans(&marks).into_iter().map(|span| (span.rows, span.trouble)).collect();
        assert_eq!(told, [(0..2, false), (2..6, true), (6..9, false)]);
    }

    #[test]
    fn many_troubles_are_told_in_eight_spans_and_none_is_lost() {
        let marks: Vec<bool> = (0..200).map(|row| row % 10 == 5).collect();
        let spans = spans(&marks);
        assert!((2..=MOST_SPANS).contains(&spans.len()), "{} spans", spans.len());
        let covered: Vec<usize> = spans.iter().flat_map(|span| span.rows.clone()).collect();
        assert_eq!(covered, (0..200).collect::<Vec<_>>());
        for row in (0..200).filter(|&row| marks[row]) {
            assert!(spans.iter().any(|span| span.trouble && span.rows.contains(&row)), "row {row}");
        }
    }

    #[test]
    fn the_longest_calms_are_kept() {
        // Troubles of one row after calms of 10, 11, … 29 rows.
        let mut marks = Vec::new();
        for calm in 10..30 {
            marks.extend(vec![false; calm]);
            marks.push(true);
        }
        let calms: Vec<usize> =
            spans(&marks).iter().filter(|span| !span.trouble).map(|span| span.rows.len()).collect();
        assert_eq!(calms, [10, 27, 28, 29], "the first one, and the three longest between troubles");
    }

    #[test]
    fn a_million_flapping_rows_are_told_as_well() {
        let marks: Vec<bool> = (0..1_000_000).map(|row| row / 6_000 % 2 == 0).collect();
        assert!(spans(&marks).len() <= MOST_SPANS);
    }
}

//! Troubles that are two: a part of all requests fails the whole time, and for a while far more do. In: spans, what else speaks for
//! trouble, and failures. Out: the same spans, cut where that begins and ends.
//!
//! What always fails fails for a reason of its own, and what fills later has another one. So the failures of the longest time in which
//! nothing else was wrong say what is usual, and rows in which far more failed than that are a phase by themselves.

use std::ops::Range;

use super::chance::{Sample, as_independent, beyond_alone};
use super::spans::{MOST_SPANS, Span, breath, runs};

/// Fewest rows that tell which part always fails, and that are a phase of their own. Assumption, as for rows that are alike.
const FEWEST_ROWS: usize = 30;
/// Times the usual part that is far more. Assumption: less is the same story.
const FAR: f64 = 2.0;

/// Cuts troubles where the part of requests that fails changes by far more than chance; `other` are the rows in which requests were
/// slow or something was full.
pub(super) fn cut(spans: Vec<Span>, other: &[bool], failures: &[Sample]) -> Vec<Span> {
    let of = |span: &Span| match span.trouble {
        true => parts(&span.rows, other, failures),
        false => vec![span.rows.clone()],
    };
    let found: Vec<Span> = spans
        .iter()
        .flat_map(|span| of(span).into_iter().map(|rows| Span { rows, trouble: span.trouble }))
        .collect();
    if found.len() <= MOST_SPANS { found } else { spans }
}

/// The parts of a trouble, in order.
fn parts(rows: &Range<usize>, other: &[bool], failures: &[Sample]) -> Vec<Range<usize>> {
    let whole = vec![rows.clone()];
    let (Some(other), Some(own)) = (other.get(rows.clone()), failures.get(rows.clone())) else {
        return whole;
    };
    let longest = runs(other).into_iter().filter(|run| !run.trouble).max_by_key(|run| run.rows.len());
    let Some(longest) = longest.map(|run| run.rows).filter(|rows| rows.len() >= FEWEST_ROWS) else {
        return whole;
    };
    // The failures of a trouble begin after it, and end after it.
    let quarter = longest.len() / 4;
    let middle = &own[longest.start + quarter..longest.end - quarter];
    let sum = |of: fn(&Sample) -> f64| middle.iter().map(of).sum::<f64>();
    let usual = sum(|row| row.found) / sum(|row| row.of).max(1.0);
    if usual <= 0.0 || FAR * usual >= 1.0 {
        return whole;
    }
    let heavier = beyond_alone(&as_independent(own, FAR * usual), FAR * usual);
    let mut marks: Vec<bool> =
        other.iter().zip(&heavier).map(|(other, heavier)| *other || *heavier).collect();
    // What is full while no more fail is of the same story, and so are a few rows between two that are not.
    for run in runs(&marks).into_iter().filter(|run| run.trouble) {
        if !heavier[run.rows.clone()].contains(&true) {
            marks[run.rows].fill(false);
        }
    }
    let breath = breath(failures.len());
    for calm in runs(&marks).into_iter().filter(|run| !run.trouble) {
        let is_between = calm.rows.start > 0 && calm.rows.end < marks.len();
        if calm.rows.len() < FEWEST_ROWS || is_between && calm.rows.len() <= breath {
            marks[calm.rows].fill(true);
        }
    }
    runs(&marks).into_iter().map(|run| rows.start + run.rows.start..rows.start + run.rows.end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A trouble of a hundred rows of a thousand requests, of which 12 always fail, and more in some rows.
    fn parts(more: &Range<usize>, found: f64, full: &Range<usize>) -> Vec<(usize, usize)> {
        let mut failures = vec![Sample { of: 1_000.0, found: 12.0 }; 100];
        failures[more.clone()].iter_mut().for_each(|row| row.found = found);
        let other: Vec<bool> = (0..100).map(|row| full.contains(&row)).collect();
        let span = Span { rows: 0..100, trouble: true };
        cut(vec![span], &other, &failures).into_iter().map(|span| (span.rows.start, span.rows.end)).collect()
    }

    #[test]
    fn a_trouble_within_one_that_always_is_is_a_phase_of_its_own() {
        assert_eq!(parts(&(54..62), 900.0, &(50..60)), [(0, 50), (50, 62), (62, 100)]);
        assert_eq!(parts(&(0..0), 0.0, &(50..60)), [(0, 100)], "no more fail");
        assert_eq!(parts(&(54..62), 20.0, &(50..60)), [(0, 100)], "hardly more fail");
        assert_eq!(parts(&(10..90), 900.0, &(5..95)), [(0, 100)], "nothing says what is usual");
        assert_eq!(parts(&(80..90), 900.0, &(80..90)), [(0, 80), (80, 100)], "what is left is too short");
    }
}

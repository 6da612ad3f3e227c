//! Whether a count is more than chance. In: how many of the requests of each row were slow or failed, and the part that
//! may be. Out: one mark a row.
//!
//! One outlier, or a row of few requests, proves nothing; many small excesses side by side do.

use super::spans::{Span, runs};

/// Times the allowed part of slow or failed requests below which a row is at its bound, not beyond it.
const CLEARLY: f64 = 1.2;
/// Chance that a run without any trouble is found to have some.
const FALSE_ALARM: f64 = 0.01;
/// Rows that are judged together: many small excesses show what a single one does not.
const SCALES: [usize; 5] = [1, 3, 9, 27, 81];

/// Times the allowed part below which rows say how failures come where there is no trouble.
const NEAR: f64 = 2.0;
/// Windows that are compared with each other, and fewest such groups that say something.
const GROUP: usize = 8;
const FEWEST_GROUPS: usize = 5;
/// Rows that are a window: one spell of failures may be longer than a row. Each is as many times the one before.
const WINDOWS: [usize; 3] = [1, 3, 9];
const WIDER: f64 = 3.0;

/// Rows of a window that are beside each other: what begins or ends there shows in all of them.
const BESIDE: usize = 9;

/// How many of so many requests.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sample {
    /// How many there were.
    pub of: f64,
    /// How many of them were found slow or failed.
    pub found: f64,
}

impl Sample {
    fn and(self, other: Sample) -> Sample {
        Sample { of: self.of + other.of, found: self.found + other.found }
    }

    /// Whether it can hardly be chance that so many were found where `allowed` is their share: by Chernoff's bound,
    /// chance finds a share `a` or more of `n` with a probability of exp(-n·D(a, allowed)) at most, D being the
    /// divergence of Kullback and Leibler.
    fn is_beyond(self, allowed: f64, doubt: f64) -> bool {
        let share = self.found / self.of;
        if !(self.of > 0.0 && share > CLEARLY * allowed) {
            return false;
        }
        self.of * divergence(share, allowed) > doubt
    }

    /// Whether it can hardly be chance that so few were found where `usual` is their share, by the same bound.
    fn is_below(self, usual: f64, doubt: f64) -> bool {
        let share = self.found / self.of;
        share < usual && self.of * divergence(share, usual) > doubt
    }
}

/// All of some rows.
fn total(rows: &[Sample]) -> Sample {
    rows.iter().copied().fold(Sample::default(), Sample::and)
}

/// The logarithm of the chance by which something is found in some rows that is none, over one.
fn doubt(rows: &[Sample]) -> f64 {
    libm::log((rows.len() * SCALES.len()).max(1) as f64 / FALSE_ALARM)
}

/// The divergence of Kullback and Leibler of two shares.
fn divergence(share: f64, other: f64) -> f64 {
    let term = |a: f64, b: f64| if a > 0.0 { a * libm::log(a / b) } else { 0.0 };
    term(share, other) + term(1.0 - share, 1.0 - other)
}

/// The same rows, with as many requests and failures as are independent of each other.
///
/// Where something is full by chance, all who come while that lasts are turned away: failures come in spells, and what comes in one says the
/// same thing once. So they vary more from row to row than independent ones do, and by how much says how many come together. Only windows
/// with about the allowed part tell that, or less: what differs in a trouble is no chance. Nor is what comes and goes: by
/// chance, three windows side by side vary at most three times as much as one of them does, and that where all that is in them is one spell.
pub(super) fn as_independent(rows: &[Sample], allowed: f64) -> Vec<Sample> {
    let (mut together, mut most) = (1.0_f64, f64::INFINITY);
    for window in WINDOWS {
        let varies = variation(rows, window, allowed).min(most);
        (together, most) = (together.max(varies), WIDER * varies);
    }
    rows.iter().map(|row| Sample { of: row.of / together, found: row.found / together }).collect()
}

/// The part that is usual where some are found at all: the median over groups of rows side by side.
pub(super) fn usual(rows: &[Sample]) -> f64 {
    let share = |group: &[Sample]| {
        let all = total(group);
        (all.found > 0.0).then_some(all.found / all.of)
    };
    let mut shares: Vec<f64> = rows.chunks(GROUP).filter_map(share).collect();
    let middle = shares.len() / 2;
    match shares.is_empty() {
        true => 0.0,
        false => *shares.select_nth_unstable_by(middle, f64::total_cmp).1,
    }
}

/// How many times as much failures vary between windows of so many rows as independent ones do: the median over groups of windows side by
/// side, of each group Pearson's statistic over its degrees of freedom.
fn variation(rows: &[Sample], window: usize, allowed: f64) -> f64 {
    let of_group = |group: &[Sample]| {
        let windows: Vec<Sample> = group.chunks(window).map(total).filter(|window| window.of > 0.0).collect();
        let all = total(&windows);
        let share = all.found / all.of;
        let says = windows.len() == GROUP && share > 0.0 && share < (NEAR * allowed).min(1.0);
        let squares = windows.iter().map(|it| {
            let expected = share * it.of;
            let beside = it.found - expected;
            beside * beside / (expected * (1.0 - share))
        });
        says.then(|| squares.sum::<f64>() / (GROUP - 1) as f64)
    };
    let groups = rows.chunks(window * GROUP).filter_map(of_group);
    let mut groups: Vec<f64> = groups.collect();
    if groups.len() < FEWEST_GROUPS {
        return 1.0;
    }
    let middle = groups.len() / 2;
    *groups.select_nth_unstable_by(middle, f64::total_cmp).1
}

/// The rows whose share is above what is allowed, by themselves or with the rows around them.
pub(super) fn beyond(rows: &[Sample], allowed: f64) -> Vec<bool> {
    let doubt = doubt(rows);
    let mut sums = vec![Sample::default(); rows.len() + 1];
    for (row, sample) in rows.iter().enumerate() {
        sums[row + 1] = sums[row].and(*sample);
    }
    let beyond = |row: usize| {
        rows[row].found > CLEARLY * allowed * rows[row].of
            && SCALES.iter().any(|scale| {
                let (from, to) = (row.saturating_sub(scale / 2), (row + scale / 2 + 1).min(rows.len()));
                let (before, after) = (sums[from], sums[to]);
                Sample { of: after.of - before.of, found: after.found - before.found }
                    .is_beyond(allowed, doubt)
            })
    };
    (0..rows.len()).map(beyond).collect()
}

/// The same, without rows that are beyond it only by others that are far worse: in a wide window that reaches a trouble, most failures are those
/// of the trouble. So of the rows farther around one, those that are worse than the rows beside it by more than chance count with no larger
/// a share than these.
pub(super) fn beyond_alone(rows: &[Sample], allowed: f64) -> Vec<bool> {
    let doubt = doubt(rows);
    let mut marks = beyond(rows, allowed);
    let around = |row: usize, scale: usize| {
        &rows[row.saturating_sub(scale / 2)..(row + scale / 2 + 1).min(rows.len())]
    };
    for row in (0..rows.len()).filter(|&row| marks[row]).collect::<Vec<_>>() {
        let beside = total(around(row, BESIDE));
        let share = beside.found / beside.of;
        let as_beside = |other: &Sample| match other.is_beyond(share, doubt) {
            true => Sample { of: other.of, found: share * other.of },
            false => *other,
        };
        marks[row] = SCALES.iter().any(|&scale| {
            let rows = around(row, scale);
            let sum = match scale > BESIDE {
                true => rows.iter().map(as_beside).fold(Sample::default(), Sample::and),
                false => total(rows),
            };
            sum.is_beyond(allowed, doubt)
        });
    }
    marks
}

/// Marks the calms beside marks in which no fewer were found than beside them but by chance: the end of what lasts takes more than a
/// row's noise.
pub(super) fn join(marks: &mut [bool], rows: &[Sample]) {
    let doubt = doubt(rows);
    let sum = |run: Option<&Span>| total(run.map_or(&rows[..0], |run| &rows[run.rows.clone()]));
    // Marked rows are those in which some were found. With the calms between them they say how many are usual: so look twice.
    for _ in 0..2 {
        let all = runs(marks);
        for (at, calm) in all.iter().enumerate().filter(|(_, run)| !run.trouble) {
            let (before, after) = (sum(at.checked_sub(1).and_then(|at| all.get(at))), sum(all.get(at + 1)));
            let (of, found, own) = (before.of + after.of, before.found + after.found, sum(Some(calm)));
            if of > 0.0 && own.of > 0.0 && !own.is_below(found / of, doubt) {
                marks[calm.rows.clone()].fill(true);
            }
        }
    }
}

/// Marks calms between two troubles, no longer than the one before, in which more were found than is allowed: so few rows may be so by
/// chance, but they are what is left of one trouble when the next one begins.
pub(super) fn bridge(marks: &mut [bool], rows: &[Sample], allowed: f64) {
    for around in runs(marks).windows(3).filter(|around| !around[1].trouble) {
        let calm = around[1].rows.clone();
        let sum = |of: fn(&Sample) -> f64| rows[calm.clone()].iter().map(of).sum::<f64>();
        if calm.len() <= around[0].rows.len() && sum(|row| row.found) > CLEARLY * allowed * sum(|row| row.of)
        {
            marks[calm].fill(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(found: &[f64], of: f64) -> Vec<Sample> {
        found.iter().map(|&found| Sample { of, found }).collect()
    }

    #[test]
    fn a_row_of_few_requests_is_no_trouble_by_chance() {
        // 750 requests a row, one in a hundred allowed: 7.5 expected, 12 is 1.6 standard deviations more.
        assert!(!beyond(&rows(&[6.0, 12.0, 7.0, 8.0], 750.0), 0.01).contains(&true));
        assert!(!beyond(&rows(&[0.0, 1.0, 0.0], 20.0), 0.01).contains(&true), "an outlier");
        assert_eq!(beyond(&rows(&[6.0, 40.0, 7.0], 750.0), 0.01), [false, true, false]);
    }

    /// A thousand requests a row, of which one in two hundred may fail. Eight fail in every other row and none in between, which is four on the
    /// mean. So 24 in one row prove nothing, though of independent failures they would.
    #[test]
    fn failures_that_come_together_count_once() {
        let mut found: Vec<f64> = (0..100).map(|row| if row % 2 == 0 { 8.0 } else { 0.0 }).collect();
        // In a group of eight rows: 8 · 4² / 4 over seven, and next to nothing of that is the part of 0.4 %.
        let with = |found: &[f64]| as_independent(&rows(found, 1_000.0), 0.005);
        let times = 32.0 / 7.0 / (1.0 - 0.004);
        assert!((with(&found)[0].found - 8.0 / times).abs() < 1e-9, "{:?}", with(&found)[0]);
        found[50] = 24.0;
        assert!(beyond(&rows(&found, 1_000.0), 0.005)[50]);
        assert!(!beyond(&with(&found), 0.005).contains(&true));
        // What is a trouble is no chance, and tells nothing of it.
        found[60..90].fill(500.0);
        let marks = beyond(&with(&found), 0.005);
        assert!(marks[60..90].iter().all(|mark| *mark) && !marks[..18].contains(&true), "{marks:?}");
        // One of each row is independent of the others, or more even than that.
        assert_eq!(as_independent(&rows(&[4.0; 100], 1_000.0), 0.005)[7].found, 4.0);
    }

    /// Half of all requests fail in sixteen rows, and none in the next sixteen, ten times. From row to row that varies by nothing.
    #[test]
    fn what_comes_and_goes_is_no_chance() {
        let found: Vec<f64> = (0..320).map(|row| if row / 16 % 2 == 0 { 50.0 } else { 0.0 }).collect();
        let all = rows(&found, 100.0);
        assert!(variation(&all, 3, 0.5) > 50.0, "three rows would be of one spell or of none");
        assert_eq!(as_independent(&all, 0.5)[0].found, 50.0);
    }

    #[test]
    fn many_small_excesses_are_trouble_together() {
        let mut found = vec![7.0; 60];
        found[20..40].fill(14.0);
        let marks = beyond(&rows(&found, 750.0), 0.01);
        assert_eq!(marks.iter().filter(|mark| **mark).count(), 20);
        assert!(marks[20..40].iter().all(|mark| *mark));
    }

    /// Half of all requests fail in ten rows, and before and after them seven of a thousand at times, where five may.
    #[test]
    fn rows_beside_a_trouble_are_judged_by_themselves() {
        let mut found: Vec<f64> = (0..100).map(|row| if row % 2 == 0 { 7.0 } else { 3.0 }).collect();
        found[50..60].fill(500.0);
        let all = rows(&found, 1_000.0);
        assert!(beyond(&all, 0.005)[20], "by those from row 50 on");
        let marks = beyond_alone(&all, 0.005);
        let expected: Vec<usize> = [46, 48].into_iter().chain(50..61).chain([62]).collect();
        assert_eq!((0..100).filter(|row| marks[*row]).collect::<Vec<_>>(), expected);
        // Many small excesses still are trouble together.
        let small = beyond_alone(&rows(&[8.0; 60], 1_000.0), 0.005);
        assert!(small.iter().all(|mark| *mark));
    }

    /// Ten requests a row, of which in turn one, none, none, three, none and none fail: two of thirty, where one in a hundred may.
    #[test]
    fn rows_that_differ_by_chance_are_judged_together() {
        let found: Vec<f64> = [1.0, 0.0, 0.0, 3.0, 0.0, 0.0].into_iter().cycle().take(60).collect();
        let all = rows(&[vec![0.0; 60], found].concat(), 10.0);
        let expected: Vec<usize> = (60..120).step_by(3).collect();
        let marks = beyond_alone(&all, 0.01);
        assert_eq!((0..120).filter(|row| marks[*row]).collect::<Vec<_>>(), expected);
    }

    /// Two of a hundred requests fail in each sixth row, 0.33 % of all where 0.5 % may, and half of them in rows 100 to 199. Row 96 is beside these.
    #[test]
    fn a_row_with_more_by_chance_is_no_trouble_for_one_that_is_near() {
        let mut found: Vec<f64> = (0..300).map(|row| if row % 6 == 0 { 2.0 } else { 0.0 }).collect();
        found[100..200].fill(50.0);
        let marks = beyond_alone(&rows(&found, 100.0), 0.005);
        let expected: Vec<usize> = [96].into_iter().chain(100..200).collect();
        assert_eq!((0..300).filter(|row| marks[*row]).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn at_the_bound_is_not_beyond_it() {
        // So many that 1.1 % is no chance; but nobody calls that an outage.
        assert!(!beyond(&rows(&[1_100.0; 50], 100_000.0), 0.01).contains(&true));
        assert!(beyond(&rows(&[1_300.0; 50], 100_000.0), 0.01).iter().all(|mark| *mark));
    }

    /// One of ten requests of each second fails. Four seconds without a failure are 0.9^40, 1.5 %; twelve are 0.9^120, three in a million.
    #[test]
    fn a_calm_that_chance_explains_is_none() {
        let mut found = vec![1.0; 60];
        found[10..14].fill(0.0);
        found[30..42].fill(0.0);
        let rows = rows(&found, 10.0);
        let mut marks: Vec<bool> = found.iter().map(|found| *found > 0.0).collect();
        join(&mut marks, &rows);
        let calm: Vec<usize> = (0..60).filter(|row| !marks[*row]).collect();
        assert_eq!(calm, (30..42).collect::<Vec<_>>());
    }

    /// Two troubles of ten and of five rows, with five rows between them in which 2 % or 1 % were slow, where 1 % may be.
    #[test]
    fn what_is_left_of_a_trouble_when_the_next_one_begins_is_of_it() {
        let bridged = |found: f64, first: usize| {
            let rows = rows(&vec![found; 30], 100.0);
            let mut marks = vec![false; 30];
            marks[10 - first..10].fill(true);
            marks[15..20].fill(true);
            bridge(&mut marks, &rows, 0.01);
            marks.iter().filter(|mark| **mark).count()
        };
        assert_eq!([bridged(2.0, 10), bridged(1.0, 10)], [20, 15]);
        assert_eq!(bridged(2.0, 3), 8, "the calm is longer than the trouble before it");
    }

    #[test]
    fn all_failed_is_beyond_any_bound() {
        assert_eq!(beyond(&rows(&[10.0, 0.0], 10.0), 0.005), [true, false]);
    }
}

//! Whether a resource has nothing left to give. In: how busy it was, and who waited. Out: one mark a row.
//!
//! One row in which a resource was busy all the time proves nothing: with few requests that is chance. So the rows
//! around it must say the same. All of this is linear in rows: sums and runs are carried from row to row.

use std::ops::Range;

use crate::outcome::Timeline;
use crate::outcome::columns::middle;

/// Busy share from which a resource has nothing left to give, percent, over at least this many rows.
const SATURATED: f64 = 99.0;
const SATURATED_ROWS: usize = 9;
/// Requests that a figure of a row should rest on; with fewer in a row, its neighbours are asked too.
const ENOUGH: f64 = 500.0;
/// Most rows around one that are asked.
const WIDEST: usize = 61;
/// Requests in fewer rows that say as much: those of the fewest rows with enough of them each.
const CERTAIN: f64 = ENOUGH * SATURATED_ROWS as f64;
/// Fewest rows, however many requests are in them: one is a moment.
const FEWEST: usize = 3;

/// The rows that a resource must be busy in all the time before it has nothing left to give.
#[derive(Debug)]
pub(in crate::outcome) struct Reach {
    /// How many rows it takes where as many requests come as usual.
    pub usual: usize,
    /// The same around each row: fewer where more come, as in a short peak over a quiet night.
    pub around: Vec<usize>,
}

impl Reach {
    pub fn of(timeline: &Timeline) -> Reach {
        let usual = window(timeline).max(SATURATED_ROWS);
        let offered = |row: usize| timeline.offered.get(row).copied().unwrap_or(0.0) * timeline.bucket_s;
        let rows = timeline.time_s.len();
        let narrowest = |row: usize| {
            let (mut width, mut requests) = (1, offered(row));
            while width < usual && (width < FEWEST || requests < CERTAIN) {
                width += 2;
                let half = width / 2;
                requests += row.checked_sub(half).map_or(0.0, offered);
                requests += if row + half < rows { offered(row + half) } else { 0.0 };
            }
            width
        };
        Reach { usual, around: (0..rows).map(narrowest).collect() }
    }
}

/// How many rows it takes, an odd number, until a figure rests on enough requests.
pub(super) fn window(timeline: &Timeline) -> usize {
    let completed =
        timeline.completed.iter().map(|rate| rate * timeline.bucket_s).filter(|count| *count > 0.0);
    let typical = middle(completed.collect()).unwrap_or(ENOUGH);
    ((ENOUGH / typical).ceil() as usize).min(WIDEST) | 1
}

/// The rows around one, itself in the middle.
fn around(row: usize, window: usize, rows: usize) -> Range<usize> {
    row.saturating_sub(window / 2)..(row + window / 2 + 1).min(rows)
}

/// In which rows a resource is busy all the time (percent), on the mean of the rows around, while requests wait for it.
pub(in crate::outcome) fn nothing_left(
    busy: &[f64],
    waiting: &dyn Fn(usize) -> f64,
    reach: &[usize],
) -> Vec<bool> {
    // How much was idle up to a row, and in how many rows nobody waited: differences of these are those of a window.
    let (mut idle, mut calm) = (vec![0.0; busy.len() + 1], vec![0usize; busy.len() + 1]);
    for (row, busy) in busy.iter().enumerate() {
        idle[row + 1] = idle[row] + (100.0 - busy);
        calm[row + 1] = calm[row] + usize::from(waiting(row) < 1.0);
    }
    let found = |row: usize| {
        let near = around(row, reach[row], busy.len());
        let mean_idle = (idle[near.end] - idle[near.start]) / near.len() as f64;
        // Rounding of the running sum is far below a thousandth of a percent.
        mean_idle <= 100.0 - SATURATED + 1e-6 && calm[near.end] == calm[near.start]
    };
    (0..busy.len()).map(found).collect()
}

/// The same, but every row of a window in which there was nothing left is marked.
pub(super) fn rows_with_nothing_left(
    busy: &[f64],
    waiting: &dyn Fn(usize) -> f64,
    reach: &[usize],
) -> Vec<bool> {
    widened(&nothing_left(busy, waiting, reach), reach)
}

/// Every row of the windows around marked rows.
pub(in crate::outcome) fn widened(centres: &[bool], reach: &[usize]) -> Vec<bool> {
    let mut marks = vec![false; centres.len()];
    let mut marked_to = 0;
    for row in (0..centres.len()).filter(|&row| centres[row]) {
        let near = around(row, reach[row], centres.len());
        marks[near.start.max(marked_to).min(near.end)..near.end].fill(true);
        marked_to = marked_to.max(near.end);
    }
    marks
}

/// The first of so many rows side by side that are busiest together, and their mean; of a shorter column, all rows.
pub(super) fn busiest(busy: &[f64], width: usize) -> Option<(usize, f64)> {
    let width = width.min(busy.len());
    let mut sum: f64 = busy.iter().take(width).sum();
    let mut most = (0, sum);
    for row in width..busy.len() {
        sum += busy[row] - busy[row - width];
        if sum > most.1 {
            most = (row + 1 - width, sum);
        }
    }
    (width > 0).then(|| (most.0, most.1 / width as f64))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn a_resource_with_nothing_left_is_busy_and_waited_for_in_all_rows_around() {
        let busy = [50.0, 100.0, 100.0, 100.0, 100.0, 60.0];
        let marks = nothing_left(&busy, &|_| 2.0, &[3; 6]);
        assert_eq!(marks, [false, false, true, true, false, false]);
        assert_eq!(
            rows_with_nothing_left(&busy, &|_| 2.0, &[3; 6]),
            [false, true, true, true, true, false],
            "a window is marked whole"
        );
        let waiting = |row: usize| if row == 3 { 0.5 } else { 2.0 };
        assert!(!nothing_left(&busy, &waiting, &[3; 6]).contains(&true), "nobody waited in one of them");
    }

    /// One request a second, and 290 a second for 20 rows of 5 s: five rows have more than 4,500 of them, three have not.
    #[test]
    fn a_short_peak_is_judged_by_its_own_requests() {
        let rate = |row: usize| if (500..520).contains(&row) { 290.0 } else { 1.0 };
        let mut timeline = Timeline { bucket_s: 5.0, ..Timeline::default() };
        timeline.time_s = (0..1_440).map(|row| f64::from(row) * 5.0).collect();
        timeline.offered = (0..1_440).map(rate).collect();
        timeline.completed = timeline.offered.clone();
        let reach = Reach::of(&timeline);
        assert_eq!((reach.usual, reach.around[0], reach.around[510]), (WIDEST, WIDEST, 5));
        timeline.offered.iter_mut().for_each(|rate| *rate *= 1_000.0);
        assert_eq!(Reach::of(&timeline).around[510], FEWEST);
    }

    #[test]
    fn the_busiest_rows_are_so_many_side_by_side() {
        let busy = [10.0, 90.0, 10.0, 50.0, 60.0, 70.0, 0.0];
        assert_eq!(busiest(&busy, 3), Some((3, 60.0)), "not the single row of 90");
        assert_eq!(busiest(&busy[..2], 3), Some((0, 50.0)));
        assert_eq!(busiest(&[], 3), None);
    }

    #[test]
    fn work_grows_with_the_rows_and_not_with_the_window() {
        let asked = |rows: usize, window: usize| {
            let calls = Cell::new(0);
            let waiting = |_: usize| {
                calls.set(calls.get() + 1);
                2.0
            };
            nothing_left(&vec![100.0; rows], &waiting, &vec![window; rows]);
            calls.get()
        };
        assert_eq!(asked(2_000, 9), 2_000);
        assert_eq!(asked(4_000, 61), 4_000);
    }
}

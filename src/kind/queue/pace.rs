//! When the messages of a queue count as asked for.
//!
//! In: the rows of a queue. Out: the stretches of rows in which messages waited, and how many messages each row counts with.
//!
//! A queue spreads a burst over time: that is what it is for. So a message counts when a worker takes it up, if the backlog in
//! which it waited was gone again before the run ended, and the workers are as busy as what came over all of that stretch
//! makes them. Where the backlog was still there at the end, or messages were lost from it (expired, dead-lettered), the
//! workers cannot keep up: there a message counts when it comes, so that what was asked for shows. Where calls that send were
//! throttled, the messages that they would have sent count too: nobody knows whether the workers could keep up with those.

use std::ops::Range;

use super::record::QueueSeries;
use crate::kind::part::{Backlog, Offered};

/// Messages wait once there are more than are deleted in this time, and at least one. Assumption: what is taken up within a
/// second is no backlog, but the ups and downs of arrivals.
const SECONDS: f64 = 1.0;

/// Rows in which messages waited.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stretch {
    pub rows: Range<usize>,
    /// Whether the backlog was gone again afterwards, and nothing was lost from it.
    pub is_back: bool,
}

/// The stretches of a queue.
pub(super) fn stretches(series: &QueueSeries) -> Vec<Stretch> {
    let waits = |row: &usize| series.backlog[*row] >= (SECONDS * series.deleted[*row]).max(1.0);
    let rows = series.backlog.len();
    let mut found: Vec<Stretch> = Vec::new();
    for row in (0..rows).filter(waits) {
        let lost = series.expired[row] + series.dead_lettered[row];
        let is_back = row + 1 < rows && lost == 0.0 && !is_throttled(series, row);
        match found.last_mut() {
            Some(last) if last.rows.end == row => {
                last.rows.end += 1;
                last.is_back &= is_back;
            }
            _ => found.push(Stretch { rows: row..row + 1, is_back }),
        }
    }
    found
}

/// How many messages each row counts with, of those that came in it and those that were first received in it.
pub(super) fn offered(series: &QueueSeries, came: &[f64], taken: &[f64]) -> Offered {
    let mut offered =
        Offered { attempts: came.to_vec(), backlog: vec![Backlog::None; came.len()], refused: None };
    for Stretch { rows, is_back } in stretches(series) {
        if is_back {
            offered.attempts[rows.clone()].copy_from_slice(&taken[rows.clone()]);
        }
        offered.backlog[rows].fill(if is_back { Backlog::Gone } else { Backlog::Stays });
    }
    offered
}

/// Of each row in which calls that send were throttled, the messages that came otherwise; nothing without such rows.
pub(super) fn refused(series: &QueueSeries, came: &[f64], by_calls: &[f64]) -> Option<Vec<Option<f64>>> {
    let rows = came.iter().zip(by_calls).enumerate();
    let others: Vec<Option<f64>> =
        rows.map(|(row, (came, by_calls))| is_throttled(series, row).then_some(came - by_calls)).collect();
    others.iter().any(Option::is_some).then_some(others)
}

fn is_throttled(series: &QueueSeries, row: usize) -> bool {
    series.sends_throttled.get(row).is_some_and(|calls| *calls > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of a queue of which two messages a second are deleted.
    fn series(backlog: &[f64]) -> QueueSeries {
        let rows = backlog.len();
        QueueSeries {
            backlog: backlog.to_vec(),
            deleted: vec![2.0; rows],
            expired: vec![0.0; rows],
            dead_lettered: vec![0.0; rows],
            ..QueueSeries::default()
        }
    }

    #[test]
    fn a_burst_counts_when_it_is_taken_up() {
        let (came, taken) = ([2.0, 8.0, 2.0, 0.0, 0.0, 2.0], [2.0, 2.0, 2.0, 2.0, 2.0, 4.0]);
        let of = offered(&series(&[1.9, 6.0, 6.0, 4.0, 2.0, 0.0]), &came, &taken);
        assert_eq!(of.attempts, [2.0, 2.0, 2.0, 2.0, 2.0, 2.0]);
        let (none, gone) = (Backlog::None, Backlog::Gone);
        assert_eq!(of.backlog, [none, gone, gone, gone, gone, none]);
    }

    #[test]
    fn what_is_still_there_at_the_end_counts_when_it_comes() {
        let (came, taken) = ([2.0, 8.0, 2.0, 0.0], [2.0; 4]);
        let of = offered(&series(&[0.0, 6.0, 6.0, 4.0]), &came, &taken);
        assert_eq!(of.attempts, came);
        assert_eq!(of.backlog[1..], [Backlog::Stays; 3]);
    }

    #[test]
    fn a_backlog_that_goes_by_losing_messages_has_not_been_worked_off() {
        let mut series = series(&[0.0, 6.0, 6.0, 0.0, 5.0, 0.0]);
        series.expired[2] = 3.0;
        let stretches = stretches(&series);
        assert_eq!(
            stretches,
            [Stretch { rows: 1..3, is_back: false }, Stretch { rows: 4..5, is_back: true }]
        );
    }
}

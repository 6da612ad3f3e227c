//! What a queue spreads over time. In: the work of each row, what there was to do it, and when messages waited. Out: [`Spread`]:
//! the same columns, in which a backlog that was gone again counts over the time in which it could be worked off.
//!
//! From where messages begin to wait until all are gone, workers are busy all the time, however much room they have. What came
//! must be done before the end. So the work from the beginning of a backlog until the end of the run, or until
//! others wait that are never worked off, counts over what there was to do it in that time. Backlogs may join: with more
//! traffic the second begins before the first is gone, and both must be gone before the end. Of several the one counts from which on
//! there was least room: with `m` times the work, the backlog at the end is the largest sum of `m` × work − capacity from any
//! row on (Lindley's recursion).
//!
//! A backlog that stays counts alike: all that was asked for from its beginning on, done or not, over what there was to do it. So the
//! figure is 1 where the last message is gone with the end, whichever side it comes from.
//!
//! Rows in which nothing was done because what the work needs was lost are no time to work in. A backlog that began while nothing was
//! there, and was given up before the end, counts not at all.

use std::ops::Range;

use super::asked::WHOLE;
use super::glut::work_of_each;
use super::steady::without;
use crate::kind::view::at;
use crate::measure::load::{LoadSeries, equal};
use crate::measure::member::{FULL, chance};

/// Busy share of a row from which next to nothing was left in it. Assumption: as where a resource is full, in the phases.
const NEARLY: f64 = 0.95;

/// The work on a resource, and what there was of it.
#[derive(Debug, Default)]
pub(super) struct Spread {
    /// Work of each row.
    pub work: Vec<f64>,
    /// What there was to do it.
    pub there: Vec<f64>,
    spans: Vec<Span>,
}

/// Rows that count with all the time from the first of them on.
#[derive(Debug)]
struct Span {
    /// From where messages began to wait, until they do so with less room from there on.
    rows: Range<usize>,
    /// Where the time to work them off ends.
    end: usize,
    /// Work over what there was to do it in that time.
    busy: f64,
}

impl Spread {
    /// The columns of a resource; `stopped` are the rows in which nothing could be done. Of one that is held, a unit can be so by as
    /// many as `at_once`.
    pub fn new(
        load: Option<&LoadSeries>,
        (work, there): (Vec<f64>, Vec<f64>),
        at_once: Option<f64>,
        stopped: &[bool],
    ) -> Spread {
        let mut found = Spread { work, there, spans: Vec::new() };
        let Some(load) = load else { return found };
        // Of what is held at the end, half is done on the mean.
        let held = at_once.unwrap_or(0.0) * found.work.last().copied().unwrap_or(0.0);
        let begun = load.served.iter().sum::<f64>();
        let whole = begun / (begun - held / 2.0);
        let each = work_of_each(&found.work, load).map(|each| each * if whole > 0.0 { whole } else { 1.0 });
        let gone =
            load.times_to_work_off().into_iter().map(|rows| (found.edge(&rows, load)..rows.end, false));
        let gone: Vec<(Range<usize>, bool)> = gone.collect();
        let stays = load.times_of_backlog_that_stays().into_iter().map(|rows| (rows, true));
        for (rows, stays) in gone.into_iter().chain(stays.filter(|_| each.is_some())) {
            // What was gone because it was given up after nothing was there says nothing of what there must be.
            if stays && rows.end < found.there.len() && rows.clone().any(|row| at(&found.there, row) < WHOLE)
            {
                found.work[rows.clone()].fill(0.0);
                found.there[rows].fill(0.0);
                continue;
            }
            if let Some(each) = each.filter(|_| stays) {
                rows.clone().for_each(|row| found.work[row] = each * at(&load.asked, row));
            }
            let spans = found.spans(load, (&rows, stays), stopped);
            let most = found.there[rows.clone()].iter().copied().fold(0.0, f64::max);
            for span in &spans {
                found.work[span.rows.clone()].fill(span.busy * most);
            }
            found.there[rows].fill(most);
            found.spans.extend(spans);
        }
        found
    }

    /// The row with which a backlog begins. Until so much waits that it counts, workers are busy with what came: these rows are no less a
    /// part of the time in which it is worked off.
    fn edge(&self, rows: &Range<usize>, load: &LoadSeries) -> usize {
        let is_busy = |row: &usize| at(&self.work, *row) >= NEARLY * at(&self.there, *row);
        let is_edge =
            |row: &usize| is_busy(row) && at(&self.there, *row) > 0.0 && !load.has_backlog_that_stays(*row);
        rows.start - (0..rows.start).rev().take_while(is_edge).count()
    }

    /// Each backlog that begins in the rows, unless there is more room from there on than from an earlier one on. Within one that stays
    /// another one would begin where more comes than can be done, if there were less of it; by less room than chance explains.
    fn spans(&self, load: &LoadSeries, (rows, stays): (&Range<usize>, bool), stopped: &[bool]) -> Vec<Span> {
        let (mut work, mut there, mut asked, mut squares) = (0.0, 0.0, 0.0, 0.0);
        let is_too_much = |row: usize| self.work[row] > self.there[row];
        let begins = |row: usize| match stays {
            _ if row == rows.start => true,
            true => is_too_much(row),
            false => load.is_buffered(row) && !load.is_buffered(row - 1),
        };
        // From the last row on, so that the sums are those of the rest; then from the first on.
        let rest = rows.clone().rev().filter_map(|row| {
            let is_stopped = stopped.get(row) == Some(&true);
            work += if is_stopped && !stays { 0.0 } else { self.work[row] };
            there += if is_stopped { 0.0 } else { self.there[row] };
            (asked, squares) = (asked + at(&load.asked, row), squares + at(&load.squares, row));
            begins(row).then(|| {
                let busy = if there > 0.0 { work / there } else { 0.0 };
                // The fewer come until the end, the more chance is in what they ask for.
                let chance = if stays { chance(equal(asked, squares)) } else { 0.0 };
                (row, busy, busy / (1.0 + chance))
            })
        });
        let rest: Vec<(usize, f64, f64)> = rest.collect();
        let mut most = 0.0;
        let mut spans: Vec<Span> = Vec::new();
        for (row, busy, at_least) in rest.into_iter().rev() {
            match spans.last_mut() {
                Some(_) if most >= at_least => {}
                last => {
                    last.into_iter().for_each(|last| last.rows.end = row);
                    spans.push(Span { rows: row..rows.end, end: rows.end, busy });
                    most = at_least;
                }
            }
        }
        spans
    }

    /// Whether a queue has spread anything.
    pub fn is_any(&self) -> bool {
        !self.spans.is_empty()
    }

    /// All the time that some rows count with; absent where no queue has spread what the first of them did, or the last come after that
    /// time.
    pub fn time(&self, rows: &Range<usize>) -> Option<Range<usize>> {
        let at = self.spans.partition_point(|span| span.rows.end <= rows.start);
        let span = self.spans.get(at).filter(|span| span.rows.contains(&rows.start))?;
        Some(span.rows.start..span.end).filter(|time| rows.end <= time.end)
    }
}

/// Takes back the marks of rows in which a resource was full while a queue began or ceased to spread what it did: before messages
/// wait in a queue, those that its workers hold wait for what these need, and so do the last ones after it is empty. Rows side by
/// side with messages that were never worked off are no such edge: what came is more than it could do.
pub(super) fn without_edges(marks: &mut [bool], busy: &[f64], load: Option<&LoadSeries>) {
    let Some(load) = load else { return };
    let is_edge = |row: usize| busy[row] < FULL || load.is_buffered(row);
    without(marks, |rows| {
        let before = (0..rows.start).rev().find(|&row| is_edge(row));
        let after = (rows.end..busy.len()).find(|&row| is_edge(row));
        !rows.clone().any(|row| load.has_backlog_that_stays(row))
            && [before, after].into_iter().flatten().any(|row| load.is_buffered(row))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::resource::Resource;

    /// Rows with a backlog that is gone again (`w`), with one that stays (`s`), and with none.
    fn load(rows: &str) -> LoadSeries {
        let mut load = LoadSeries::new(Resource::Pollers { queue: 0 });
        let marks = rows.chars().map(|row| match row {
            'w' => Some(true),
            's' => Some(false),
            _ => None,
        });
        load.spread_by(marks, &vec![0.0; rows.len()]);
        load
    }

    fn spread(rows: &str, work: &[f64], stopped: &[bool]) -> Spread {
        Spread::new(Some(&load(rows)), (work.to_vec(), vec![2.0; work.len()]), None, stopped)
    }

    /// Full in rows 1 and 2, before messages wait, and in row 7, long after they are gone.
    #[test]
    fn what_fills_while_a_queue_begins_to_spread_is_no_trouble() {
        let mut marks = [false, true, true, false, false, false, false, true];
        without_edges(&mut marks, &[0.5, 1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 1.0], Some(&load("---ww---")));
        assert_eq!(marks, [false, false, false, false, false, false, false, true]);
    }

    /// Rows 0 and 1 wait for the first poll of the pollers; what waits from row 4 on is never worked off.
    #[test]
    fn what_is_full_while_a_backlog_stays_is_no_edge_of_one_that_was_gone() {
        let busy = [0.0, 0.9, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0];
        let marked = |rows: &str| {
            let mut marks = [false, false, true, true, true, true, true, true];
            without_edges(&mut marks, &busy, Some(&load(rows)));
            marks[2..].iter().filter(|mark| **mark).count()
        };
        assert_eq!((marked("ww--ssss"), marked("ww------"), marked("s-------")), (6, 0, 6));
    }

    #[test]
    fn a_backlog_counts_until_the_end_of_the_run() {
        let found = spread("-ww---", &[0.2, 2.0, 2.0, 1.0, 0.5, 0.5], &[]);
        // 2 + 2 + 1 + 0.5 + 0.5 of five times 2.
        assert_eq!(found.work, [0.2, 1.2, 1.2, 1.2, 1.2, 1.2]);
        assert_eq!((found.time(&(0..3)), found.time(&(2..5))), (None, Some(1..6)));
    }

    #[test]
    fn of_two_backlogs_the_one_with_less_room_counts() {
        let found = spread("w--ww-", &[2.0, 0.5, 0.5, 2.0, 2.0, 1.0], &[]);
        // From the first on 8 of 12, from the second on 5 of 6.
        let shares: Vec<f64> = found.work.iter().map(|work| work / 2.0).collect();
        assert_eq!(
            (shares[0], shares[2], shares[3], shares[5]),
            (8.0 / 12.0, 8.0 / 12.0, 5.0 / 6.0, 5.0 / 6.0)
        );
        assert_eq!((found.time(&(1..4)), found.time(&(5..6))), (Some(0..6), Some(3..6)));
        // A short wait later on, with room after it, changes nothing.
        let found = spread("ww--w-", &[2.0, 2.0, 0.5, 0.5, 2.0, 0.0], &[]);
        assert_eq!((found.work[5], found.time(&(5..6))), (7.0 / 6.0, Some(0..6)));
    }

    #[test]
    fn what_is_never_worked_off_ends_the_time() {
        let found = spread("w--ss-", &[2.0, 1.0, 0.0, 2.0, 2.0, 0.4], &[]);
        assert_eq!(found.work, [1.0, 1.0, 1.0, 2.0, 2.0, 0.4]);
        assert_eq!((found.time(&(0..1)), found.time(&(3..4))), (Some(0..3), None));
        assert_eq!(found.time(&(2..5)), None, "rows of the backlog that stays are among them");
    }

    #[test]
    fn rows_in_which_nothing_could_be_done_are_no_time_to_work_in() {
        let stopped = [false, true, true, false, false, false];
        let found = spread("-www--", &[0.4, 2.0, 2.0, 2.0, 0.5, 0.5], &stopped);
        assert_eq!(found.work, [0.4, 1.0, 1.0, 1.0, 1.0, 1.0]);
    }
}

//! More at once than there is. In: what was asked of a resource row by row, and what there was. Out: one mark a row, from where
//! more came than it could do in a few rows until that was done.
//!
//! A row in which a resource was busy all the time is chance where few requests came, however long it lasts: so more
//! rows count the fewer requests come (`Reach`). That is not so where the requests came at once. Of a hundred that come at one
//! instant, and would take ten rows, it takes no more rows to know that they are too many. By Chernoff's bound, chance brings `n`
//! or more where `m` are expected with a probability of exp(m − n − n·ln(m / n)) at most. So where that is next to nothing for as
//! many as the resource could do, more than it could do was asked for.

use crate::measure::load::{LoadSeries, equal};
use crate::measure::member::FULL;
use crate::measure::watched::WAITING;
use crate::outcome::windows::Windows;

/// Rows in which a glut may come.
const SCALES: [usize; 3] = [1, 3, 9];
/// Chance that a run without any glut is found to have some.
const FALSE_ALARM: f64 = 0.01;
/// Fewest rows that it takes to do what came: one is a moment.
const FEWEST: usize = 3;
/// Rows side by side in each of which more comes than can be done: these are no moment, since more comes all the time.
const OVERLOADED: usize = 2;
/// More than there is by no more than this is as much.
const ROUNDING: f64 = 1e-6;
/// Seconds that are none, in however few rows. Assumption: what is gone earlier is a burst, as for the warnings before a run.
const MOMENT_S: f64 = 10.0;

/// What would have come otherwise, of which none is no chance: one time in a hundred and fifty, if it comes by Poisson's law.
pub(super) const EXPECTED: f64 = 5.0;

/// Fewest rows of so many seconds that are more than a moment.
pub(super) fn more_than_a_moment(bucket_s: f64) -> usize {
    FEWEST.min((MOMENT_S / bucket_s.max(f64::MIN_POSITIVE)).ceil().max(1.0) as usize)
}

/// How hard it is to explain by chance that so many equal requests came where another number was expected: the negative logarithm
/// of a bound of its probability.
pub(super) fn doubt(came: f64, expected: f64) -> f64 {
    match came > expected && expected > 0.0 {
        true => came * libm::log(came / expected) - (came - expected),
        false => 0.0,
    }
}

/// The least doubt that is no chance, of one that looks at so many rows.
pub(super) fn beyond_chance(rows: usize) -> f64 {
    libm::log(rows.max(1) as f64 / FALSE_ALARM)
}

/// The work of what is served, in the unit of what there is to do it; nothing if none was done.
pub(super) fn work_of_each(work: &[f64], load: &LoadSeries) -> Option<f64> {
    let (done, served) = (work.iter().sum::<f64>(), load.served.iter().sum::<f64>());
    (done > 0.0 && served > 0.0).then(|| done / served)
}

/// The rows of gluts: those in which more came than could be done, and those after them in which it was still busy with it while
/// requests waited. `work` and `there` are in one unit.
/// `regular` is traffic in which nothing is left to chance.
pub(super) fn gluts(
    load: Option<&LoadSeries>,
    (work, there, regular): (&[f64], &[f64], bool),
    waiting: impl Fn(usize) -> f64,
    bucket_s: f64,
) -> Vec<bool> {
    let mut marks = vec![false; work.len()];
    let Some(load) = load else { return marks };
    let Some(each) = work_of_each(work, load) else { return marks };
    let came = came(load, there, each, regular);
    let is_busy = |row: usize| work[row] >= FULL * there[row] && waiting(row) >= WAITING;
    let mut row = 0;
    while row < marks.len() {
        let end = (row + 1..marks.len()).find(|&next| !is_busy(next)).unwrap_or(marks.len());
        let overloaded = (row..end).take_while(|&row| came[row]).count() >= OVERLOADED;
        if came[row] && is_busy(row) && (overloaded || end - row >= more_than_a_moment(bucket_s)) {
            marks[row..end].fill(true);
            row = end;
        } else {
            row += 1;
        }
    }
    marks
}

/// The rows in which more came than could be done in them, by more than chance explains; `each` is the work of what is served.
fn came(load: &LoadSeries, there: &[f64], each: f64, regular: bool) -> Vec<bool> {
    let mut marks = vec![false; there.len()];
    let least = beyond_chance(there.len() * SCALES.len());
    for scale in SCALES {
        let sums = |column: &[f64]| Windows::new(column.iter().copied(), scale);
        let (asked, squares, could) = (sums(&load.asked), sums(&load.squares), sums(there));
        let windows = asked.whole().zip(squares.whole()).zip(could.whole());
        for (start, ((asked, squares), could)) in windows.enumerate() {
            let requests = equal(asked, squares);
            let is_sure = regular || doubt(requests, requests * could / (each * asked)) > least;
            if each * asked > could * (1.0 + ROUNDING) && is_sure {
                // All of a window counts only where its rows were asked for too much by themselves.
                let rows = (start..start + scale).filter(|&row| each * load.asked[row] > there[row]);
                rows.for_each(|row| marks[row] = true);
            }
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::resource::Resource;

    /// So many equal requests in row 5 of 60 rows, on one server that does a tenth of them in a row.
    fn burst(requests: f64) -> usize {
        let mut load = LoadSeries::new(Resource::Service { service: 0 });
        let (mut work, mut waiting) = ([0.0; 60], [0.0; 60]);
        (load.asked, load.served) = (vec![0.0; 60], vec![0.0; 60]);
        load.asked[5] = requests;
        load.squares = load.asked.clone();
        load.served[5..15].fill(requests / 10.0);
        work[5..15].fill(1.0);
        waiting[5..15].fill(requests / 2.0);
        let marks = gluts(Some(&load), (&work, &[1.0; 60], false), |row| waiting[row], 1.0);
        assert!(marks.iter().enumerate().all(|(row, mark)| !mark || (5..15).contains(&row)), "{marks:?}");
        marks.iter().filter(|mark| **mark).count()
    }

    #[test]
    fn a_burst_of_one_instant_counts_alike_at_every_size() {
        assert_eq!([10.0, 100.0, 1e3, 1e4, 1e6].map(burst), [10; 5]);
        assert_eq!(burst(3.0), 0, "three requests are chance");
    }

    /// Two rows of 510 requests where 500 can be done: nothing is left over for a third one. By Poisson's law they would be chance.
    #[test]
    fn more_than_can_be_done_in_two_rows_is_no_moment_unless_it_is_chance() {
        let marks = |rows: std::ops::Range<usize>, regular: bool| {
            let mut load = LoadSeries::new(Resource::Service { service: 0 });
            load.asked = vec![50.0; 60];
            load.asked[rows.clone()].fill(510.0);
            load.squares = load.asked.clone();
            let mut work = vec![0.1; 60];
            work[rows.clone()].fill(1.0);
            work[rows.end] = (50.0 + 10.0 * rows.len() as f64) / 500.0;
            load.served = work.iter().map(|work| work * 500.0).collect();
            let marks = gluts(Some(&load), (&work, &[1.0; 60], regular), |_| 5.0, 1.0);
            marks.iter().filter(|mark| **mark).count()
        };
        assert_eq!((marks(20..22, true), marks(20..22, false)), (2, 0));
        assert_eq!(marks(20..21, true), 0, "one row is a moment");
    }

    /// A server at 85 %, of ten requests a row, is asked for twice as much in a row now and then.
    #[test]
    fn what_comes_by_chance_is_no_glut() {
        let mut load = LoadSeries::new(Resource::Service { service: 0 });
        load.asked = vec![8.5; 600];
        load.asked[100] = 20.0;
        load.squares = load.asked.clone();
        load.served = vec![8.5; 600];
        let marks = gluts(Some(&load), (&[1.0; 600], &[1.0; 600], false), |_| 5.0, 1.0);
        assert!(!marks.contains(&true));
        load.asked[100] = 60.0;
        load.squares = load.asked.clone();
        assert!(
            gluts(Some(&load), (&[1.0; 600], &[1.0; 600], false), |_| 5.0, 1.0)[100],
            "six times as many are none"
        );
    }
}

//! What was asked for, where it was not served. In: busy shares, work asked for and served. Out: the busiest rows by
//! what was asked for.

use std::ops::Range;

use crate::kind::{self, Scene};
use crate::measure::load::{LoadSeries, equal};
use crate::measure::resource::Resource;
use crate::measure::watched::Watched;
use crate::outcome::Timeline;
use crate::outcome::columns::middle;
use crate::outcome::phases::{Reach, lost};
use crate::outcome::windows::Windows;

/// Failed over ended from which a row did not serve what was asked for.
const FAILING: f64 = 0.005;
/// Fewest instances or servers that are one: what a mean over a row may have lost by rounding is off it.
pub(super) const WHOLE: f64 = 1.0 - 1e-9;
/// Part of the largest share that is as much.
const AS_MUCH: f64 = 0.995;
/// Times as busy that is clearly busier.
const CLEARLY: f64 = 4.0;
/// Fewest requests in calm rows that tell how the expected work relates to the counted one.
const ENOUGH: f64 = 1_000.0;

/// The rows in which something asked for was not served: requests failed, or something was full.
#[derive(Clone)]
pub(super) struct Lacking<'a> {
    pub rows: Vec<bool>,
    /// Those of them in which something was full, or requests failed while something was unhealthy, missing, refused or lost. Else they
    /// failed for another reason: what was served was asked for, retries too, and comes again with as much traffic.
    full: Vec<bool>,
    /// The rows that tell how the expected work relates to the counted one.
    calm: Calm,
    /// The same where there are too few of those: requests may have failed in these, but nothing was full.
    free: Calm,
    tries: Tries<'a>,
}

/// Attempts of a request on a resource where nothing is full, by its own path and the patience of its client. Asked for only where
/// the rows do not tell it, because it is drawn.
pub(super) type Tries<'a> = &'a dyn Fn(Resource) -> f64;

/// Rows in stretches as long as a window. A single such row among others got less work than usual by chance.
#[derive(Clone)]
struct Calm {
    rows: Vec<bool>,
    /// Requests in these rows.
    requests: f64,
}

/// By the rows in which each resource was full that requests wait for.
pub(super) fn lacking<'a>(
    scene: &Scene<'_>,
    full: impl Iterator<Item = Vec<bool>>,
    watched: &[Watched<'_>],
    reach: &Reach,
    tries: Tries<'a>,
) -> Lacking<'a> {
    let timeline = scene.timeline;
    let failing = |row: usize| {
        let failed = timeline.failed_in(row);
        failed > FAILING * (failed + timeline.completed.get(row).copied().unwrap_or(0.0))
    };
    let failing: Vec<bool> = (0..timeline.time_s.len()).map(failing).collect();
    let mut all = vec![false; failing.len()];
    for full in full.chain(kind::lacking(scene)) {
        all.iter_mut().zip(full).for_each(|(all, full)| *all |= full);
    }
    // What fails while something is unhealthy, missing, refused or lost is tried again because of that.
    let lost: Vec<Watched<'_>> = lost(scene).collect();
    for watched in watched.iter().chain(&lost) {
        let failing = failing.iter().zip(&watched.full);
        all.iter_mut().zip(failing).for_each(|(all, (failing, full))| *all |= *failing && *full);
    }
    Lacking::new(&failing, all, (timeline, reach.usual), tries)
}

impl Calm {
    /// The rows in stretches of at least a window that lack nothing.
    fn new(lacking: &[bool], timeline: &Timeline, window: usize) -> Calm {
        let rows = calm(lacking, window);
        let requests = timeline.offered.iter().zip(&rows).filter(|(_, calm)| **calm).map(|(rate, _)| rate);
        let requests = requests.sum::<f64>() * timeline.bucket_s;
        Calm { rows, requests }
    }

    /// Served work over expected work in the middle one of their windows, because while a queue forms or empties less or more is
    /// served than comes. Nothing of too few requests, or of too few that come as far as this resource: of a cache that is warm, what
    /// still misses says nothing of what misses while it is cold.
    fn served_over_asked(&self, load: &LoadSeries, width: usize) -> Option<f64> {
        let sum = |column: &[f64]| {
            column.iter().zip(&self.rows).filter(|(_, calm)| **calm).map(|(it, _)| it).sum::<f64>()
        };
        if self.requests < ENOUGH || equal(sum(&load.asked), sum(&load.squares)) < ENOUGH {
            return None;
        }
        let mut ratios = Vec::new();
        let mut window = (0, 0.0, 0.0);
        for ((served, asked), calm) in load.served.iter().zip(&load.asked).zip(&self.rows) {
            window = match calm {
                true => (window.0 + 1, window.1 + served, window.2 + asked),
                false => (0, 0.0, 0.0),
            };
            if window.0 == width {
                ratios.extend((window.1 > 0.0 && window.2 > 0.0).then(|| window.1 / window.2));
                window = (0, 0.0, 0.0);
            }
        }
        middle(ratios)
    }
}

/// The rows in stretches of at least this many that lack nothing.
fn calm(lacking: &[bool], window: usize) -> Vec<bool> {
    let stretches = lacking.chunk_by(|one, next| one == next);
    stretches.flat_map(|rows| rows.iter().map(move |lacking| !lacking && rows.len() >= window)).collect()
}

/// The factors of one resource from what was served to what was asked for, by the first row of a window.
pub(super) struct Factors {
    width: usize,
    factors: Vec<f64>,
    /// What they come of.
    of: Asked,
}

/// What was asked of one resource and what was served, row by row.
#[derive(Default)]
struct Asked {
    /// Expected work, in the unit of what is served.
    asked: Vec<f64>,
    /// Work that was done.
    served: Vec<f64>,
    /// Rows in which something was not served.
    lacking: Vec<bool>,
    /// Those of them in which something was full.
    full: Vec<bool>,
    /// Whether no request waits for it.
    is_apart: bool,
}

impl<'a> Lacking<'a> {
    fn new(
        failing: &[bool],
        full: Vec<bool>,
        (timeline, window): (&Timeline, usize),
        tries: Tries<'a>,
    ) -> Lacking<'a> {
        let rows: Vec<bool> = failing.iter().zip(&full).map(|(failing, full)| *failing || *full).collect();
        let calm = Calm::new(&rows, timeline, window);
        let free = Calm::new(&full, timeline, window);
        Lacking { rows, full, calm, free, tries }
    }

    /// With the rows in which a resource was full as well.
    pub fn or(&self, full: &[bool], timeline: &Timeline, window: usize) -> Lacking<'a> {
        let full = self.full.iter().zip(full).map(|(one, other)| *one || *other).collect();
        Lacking::new(&self.rows, full, (timeline, window), self.tries)
    }

    /// Takes rows out: what was served in them is what was asked for.
    pub fn leave_out(&mut self, rows: Range<usize>) {
        self.rows[rows.clone()].fill(false);
        self.full[rows].fill(false);
    }

    /// The factors of a resource over windows of so many rows: 1 where everything was served.
    pub fn of(&self, load: Option<&LoadSeries>, width: usize) -> Factors {
        let width = width.max(1);
        let Some(load) = load.filter(|_| self.rows.contains(&true)) else { return Factors::none(width) };
        let usual = self.usual(load, width);
        // What a queue spreads is served in the end, only not in the row in which it is asked for; and what is left in it counts there.
        let is_spread = |row: usize| load.is_worked_off(row) || load.is_kept(row);
        let asked = load.asked.iter().zip(&load.served).enumerate();
        let asked = asked.map(|(row, (asked, served))| match is_spread(row) {
            true => *served,
            false => usual * asked,
        });
        let marks =
            |rows: &[bool]| rows.iter().enumerate().map(|(row, mark)| *mark && !is_spread(row)).collect();
        let (lacking, full) = (marks(&self.rows), marks(&self.full));
        let (asked, served) = (asked.collect(), load.served.clone());
        Asked { asked, served, lacking, full, is_apart: !load.of.delays_requests() }.factors(width)
    }

    /// Served work over expected work where nothing is lacking: what no path tells, and look-ups that miss more in one
    /// class than in another, are in both. Where requests always fail, it is that where nothing is full: with all their retries. Where
    /// something is always full, the retries are those of which the file says that they come whatever the load.
    fn usual(&self, load: &LoadSeries, width: usize) -> f64 {
        let by_the_file = || (self.tries)(load.of);
        let where_some_fail = || self.free.served_over_asked(load, width).map(|ratio| ratio.max(1.0));
        self.calm.served_over_asked(load, width).or_else(where_some_fail).unwrap_or_else(by_the_file)
    }
}

impl Asked {
    /// The factors of windows of so many rows.
    fn factors(self, width: usize) -> Factors {
        let sums = |column: &[f64]| Windows::new(column.iter().copied(), width);
        let count = |marks: &[bool]| Windows::new(marks.iter().map(|mark| f64::from(u8::from(*mark))), width);
        let (lacking, full) = (count(&self.lacking), count(&self.full));
        let (asked, served) = (sums(&self.asked), sums(&self.served));
        let factors = lacking.whole().zip(full.whole()).zip(asked.whole().zip(served.whole()));
        let factors = factors.map(|((lacking, full), work)| self.factor(lacking > 0.0, full > 0.0, work));
        Factors { width, factors: factors.collect(), of: self }
    }

    /// The same of some rows only.
    fn among(&self, rows: &Range<usize>) -> Asked {
        let of = |column: &[f64]| column.get(rows.clone()).unwrap_or_default().to_vec();
        let marks = |marks: &[bool]| marks.get(rows.clone()).unwrap_or_default().to_vec();
        let (lacking, full) = (marks(&self.lacking), marks(&self.full));
        Asked { asked: of(&self.asked), served: of(&self.served), lacking, full, is_apart: self.is_apart }
    }

    fn factor(&self, is_lacking: bool, is_full: bool, (asked, served): (f64, f64)) -> f64 {
        match is_lacking && served > 0.0 {
            // What is served again though nothing waited was asked for: a message whose work takes too long, an attempt after one
            // that the client could not wait for.
            true if self.is_apart || !is_full => (asked / served).max(1.0),
            true => asked / served,
            false => 1.0,
        }
    }
}

impl Factors {
    /// Those of windows of so many rows in which everything counts as served.
    pub fn none(width: usize) -> Factors {
        Factors { width: width.max(1), factors: Vec::new(), of: Asked::default() }
    }

    /// Those of windows of another width among some rows, of which the first one counts as 0.
    pub fn among(&self, rows: &Range<usize>, width: usize) -> Factors {
        self.of.among(rows).factors(width.max(1))
    }

    /// The factor of some rows together.
    pub fn of_all(&self, rows: &Range<usize>) -> f64 {
        self.among(rows, rows.len()).factor(0)
    }

    /// The first of some rows until most of what was asked for in them was left over.
    pub fn until_most_left(&self, rows: &Range<usize>) -> Range<usize> {
        let Asked { asked, served, .. } = self.of.among(rows);
        let (mut left, mut most) = (0.0, (0.0, rows.len()));
        for (at, (asked, served)) in asked.iter().zip(&served).enumerate() {
            left += asked - served;
            most = if left > most.0 { (left, at + 1) } else { most };
        }
        rows.start..rows.start + most.1
    }

    /// The factor of the window that begins with a row.
    pub fn factor(&self, row: usize) -> f64 {
        self.factors.get(row).copied().unwrap_or(1.0)
    }

    /// The first row of the window that asked for the largest share of its capacity, and that share. Both are sums over
    /// the window, so a row weighs as much as it has. Next to no capacity is an absence, which the phases show: windows
    /// with less than one instance or server in a row count only where there are no others.
    pub fn peak(&self, work: &[f64], capacity: &[f64]) -> (usize, f64) {
        let sums = |column: &mut dyn Iterator<Item = f64>| Windows::new(column, self.width);
        let absent = sums(&mut capacity.iter().map(|there| f64::from(u8::from(*there < WHOLE))));
        let (done, there) = (sums(&mut work.iter().copied()), sums(&mut capacity.iter().copied()));
        let share = |(work, there): (f64, f64)| if there > 0.0 { work / there } else { 0.0 };
        let shares: Vec<f64> = done.whole().zip(there.whole()).map(share).collect();
        let asked = shares.iter().zip(absent.whole()).enumerate();
        let asked: Vec<(usize, f64, bool)> =
            asked.map(|(row, (share, absent))| (row, share * self.factor(row), absent == 0.0)).collect();
        let any_whole = asked.iter().any(|(.., whole)| *whole);
        let counted = asked.iter().filter(|(.., whole)| *whole || !any_whole);
        let later = |best: (usize, f64), next: (usize, f64)| if next.1 > best.1 { next } else { best };
        let most = counted.map(|(row, share, _)| (*row, *share)).reduce(later).unwrap_or((0, 0.0));
        // All windows with the row in which much came ask for as much. Those that begin before it did less.
        let first = (most.0..most.0 + self.width).find(|&row| self.of.lacking.get(row) == Some(&true));
        let until = first.unwrap_or(most.0);
        let (mut work_before, mut there_before) = (0.0, 0.0);
        let later = (most.0..until).filter_map(|before| {
            (work_before, there_before) = (work_before + work[before], there_before + capacity[before]);
            let &(row, share, whole) = asked.get(before + 1)?;
            let is_idle_before = CLEARLY * work_before <= shares[row] * there_before;
            let counts = (whole || !any_whole) && share >= AS_MUCH * most.1;
            (counts && is_idle_before).then_some((row, share))
        });
        later.last().unwrap_or(most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factors(lacking: &[bool], asked: &[f64], served: &[f64], requests: f64, width: usize) -> Factors {
        let mut load = LoadSeries::new(Resource::Cpu { fleet: 0 });
        (load.asked, load.served) = (asked.to_vec(), served.to_vec());
        // Each unit of work is many requests.
        load.squares = asked.iter().map(|asked| asked / ENOUGH).collect();
        let calm = Calm { rows: calm(lacking, width), requests };
        let free = Calm { rows: vec![false; lacking.len()], requests: 0.0 };
        Lacking { rows: lacking.to_vec(), full: lacking.to_vec(), calm, free, tries: &|_| 1.0 }
            .of(Some(&load), width)
    }

    /// In all rows requests fail, each after three attempts; in the last two something is full, and serves half of them.
    #[test]
    fn retries_count_where_nothing_is_full() {
        let mut load = LoadSeries::new(Resource::Cpu { fleet: 0 });
        (load.asked, load.served) = (vec![2.0, 2.0, 4.0, 4.0], vec![6.0, 6.0, 6.0, 6.0]);
        load.squares = load.asked.iter().map(|asked| asked / ENOUGH).collect();
        let timeline = Timeline { bucket_s: 1.0, offered: vec![ENOUGH; 4], ..Timeline::default() };
        let of = |full: [bool; 4]| {
            Lacking::new(&[true; 4], full.to_vec(), (&timeline, 1), &|_| 1.0).of(Some(&load), 1)
        };
        let factors = of([false, false, true, true]);
        assert_eq!([0, 1, 2, 3].map(|row| factors.factor(row)), [1.0, 1.0, 2.0, 2.0]);
        // Nothing tells what a request asks for: once each.
        assert_eq!(of([true; 4]).factor(0), 2.0 / 6.0);
    }

    #[test]
    fn the_busiest_rows_are_neighbours() {
        assert_eq!(plain(3).peak(&[0.1, 0.9, 0.1, 0.4, 0.5, 0.6], &[1.0; 6]), (3, 0.5));
        assert_eq!(plain(3).peak(&[], &[]), (0, 0.0));
    }

    fn plain(width: usize) -> Factors {
        Factors::none(width)
    }

    /// Two instances go one after the other: in the third row there are 1.1 of them, which do the work of 0.99. Of 2 and 1.1
    /// instances 1 and 0.99 are busy: 1.99 of 3.1. The mean of 50 % and 90 % would be 70 %.
    #[test]
    fn a_row_weighs_as_much_as_it_has() {
        let (row, share) = plain(2).peak(&[1.0, 1.0, 0.99, 0.8], &[2.0, 2.0, 1.1, 2.0]);
        assert_eq!((row, share), (1, (1.0 + 0.99) / (2.0 + 1.1)));
    }

    /// A twentieth of an instance is 180 % busy, in which it does the work of 0.09: there was next to none.
    #[test]
    fn next_to_no_capacity_counts_only_where_there_is_no_more() {
        let (work, there) = ([0.2, 1.0, 1.0, 0.09, 0.0], [2.0, 2.0, 2.0, 0.05, 0.0]);
        assert_eq!(plain(2).peak(&work, &there), (1, 0.5));
        assert_eq!(plain(1).peak(&work, &there), (1, 0.5));
        assert_eq!(
            plain(2).peak(&[0.5, 0.09, 0.5], &[1.0, 0.05, 1.0]),
            (0, (0.5 + 0.09) / (1.0 + 0.05)),
            "no two rows are whole"
        );
        // What is still at work where nothing is there any more is no share of nothing.
        assert_eq!(plain(1).peak(&[3.0], &[0.0]), (0, 0.0));
    }

    /// Four jobs come in row 5 and are worked on until row 9, in which one server is all busy. Each window of five rows with row 5 was
    /// asked for all of them, and that which begins with it did them.
    #[test]
    fn a_burst_of_long_jobs_is_dated_by_the_row_in_which_they_come() {
        let work = [0.1, 0.1, 0.1, 0.1, 0.1, 1.0, 1.0, 1.0, 1.0, 1.0, 0.1, 0.1];
        let asked = [0.1, 0.1, 0.1, 0.1, 0.1, 4.6, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1];
        // It is seen to be full in the middle of the rows that say so.
        let lacking: Vec<bool> = (0..12).map(|row| (7..9).contains(&row)).collect();
        let factors = factors(&lacking, &asked, &work, 0.0, 5);
        let (row, share) = factors.peak(&work, &[1.0; 12]);
        assert_eq!(row, 5);
        assert!((share - 1.0).abs() < 1e-9, "{share}");
    }

    #[test]
    fn where_requests_fail_what_was_asked_for_counts() {
        // Full in the last two rows, of 5 times as much as could be served; a row before was busier than asked.
        let of =
            factors(&[false, false, true, true], &[4.0, 4.0, 50.0, 50.0], &[4.0, 4.0, 10.0, 10.0], 5e3, 2);
        assert_eq!(of.peak(&[0.4, 0.4, 1.0, 1.0], &[1.0; 4]), (2, 5.0));
        assert_eq!(of.factor(0), 1.0, "the utilisation law where everything was served");
    }

    #[test]
    fn calm_rows_tell_how_the_expected_work_relates_to_the_counted_one() {
        // A path of which a tenth is never walked: what is lacking in the last row is a half, not 0.45.
        let of = |requests| factors(&[false, true], &[10.0, 20.0], &[9.0, 9.0], requests, 1);
        assert_eq!(of(5e3).factor(1), 2.0);
        assert!((of(10.0).factor(1) - 20.0 / 9.0).abs() < 1e-12, "too few requests to tell");
    }

    #[test]
    fn a_single_served_row_among_failing_ones_is_not_calm() {
        assert_eq!(calm(&[false, false, true, false, true], 2), [true, true, false, false, false]);
        // The first two rows are as expected; the fourth served half as much as expected, by chance.
        let of = factors(
            &[false, false, true, false, true],
            &[8.0, 8.0, 20.0, 8.0, 20.0],
            &[8.0, 8.0, 8.0, 4.0, 8.0],
            5e3,
            2,
        );
        assert_eq!(of.factor(3), 28.0 / 12.0);
    }

    #[test]
    fn rows_in_which_a_queue_forms_or_empties_do_not_rule_the_usual_ones() {
        // As expected in four rows, less served while a queue forms, and three times as much while it empties.
        let lacking = [false, false, false, false, false, true, false];
        let asked = [10.0, 10.0, 10.0, 10.0, 20.0, 20.0, 10.0];
        let of = factors(&lacking, &asked, &[9.0, 9.0, 9.0, 9.0, 10.0, 10.0, 30.0], 5e3, 1);
        assert!((of.factor(5) - 0.9 * 2.0).abs() < 1e-12, "{}", of.factor(5));
    }
}

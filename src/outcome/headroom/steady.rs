//! Rows that differ by chance only. In: the traffic of the file, and how much of a resource there was. Out: [`Steady`]: the
//! stretches of rows in which both stay the same, and whether a full row in them may be chance.
//!
//! At 90 % of its capacity a server is busy for a minute without a break now and then, and over some minutes it is asked for
//! more than 90 % of the time. That is no limit that more traffic would meet earlier: of rows that are expected to be
//! alike, the mean counts, unless some of them differ by more than chance.

use std::ops::Range;

use super::glut::{EXPECTED, beyond_chance, doubt};
use super::sudden::{Sudden, sudden};
use crate::dist::Law;
use crate::measure::load::LoadSeries;
use crate::measure::member::{FULL, chance, is_full_by_chance};
use crate::outcome::Timeline;
use crate::outcome::columns::stretches;
use crate::scenario::Scenario;
use crate::scenario::traffic::{Pattern, Source};
use crate::units::Time;

/// What means over rows and runs may be off by rounding.
const SAME: f64 = 1e-6;
/// Rows with the same traffic, and requests in each, of which as many in each are no chance: by Poisson's law one time in a thousand.
const ENOUGH_ROWS: usize = 5;
const ENOUGH_REQUESTS: f64 = 10.0;

/// Part of the mean work of a row that is next to none.
const NEXT_TO_NONE: f64 = 0.1;

/// What the file says of the traffic of each row.
pub(in crate::outcome) struct Traffic {
    /// Whether as much is to come in it as in the row before.
    same: Vec<bool>,
    /// Whether as much is to come at all times of the row.
    level: Vec<bool>,
    /// Whether it may come at one instant.
    sudden: Vec<Sudden>,
    /// Whether each source sends requests of one class at equal gaps.
    regular: bool,
}

impl Traffic {
    /// As much in each of so many rows.
    #[cfg(test)]
    pub fn same(rows: usize) -> Traffic {
        Traffic {
            same: (0..rows).map(|row| row > 0).collect(),
            level: vec![true; rows],
            sudden: Vec::new(),
            regular: false,
        }
    }

    /// Whether as much is to come in a row as in the one before.
    pub fn is_same(&self, row: usize) -> bool {
        self.same.get(row) == Some(&true)
    }

    /// Whether what comes in each row may come at one instant.
    pub fn sudden(&self) -> &[Sudden] {
        &self.sudden
    }

    /// Whether as much is to come at all times of a row.
    fn is_level(&self, row: usize) -> bool {
        self.level.get(row) == Some(&true)
    }

    pub fn of(scenario: &Scenario, timeline: &Timeline) -> Traffic {
        let start = |row: usize| {
            timeline.time_s.get(row).map_or(scenario.duration, |start| Time::from_secs_f64(*start))
        };
        let mut before: Option<Vec<f64>> = None;
        let rows = (0..timeline.time_s.len()).map(|row| {
            // Nobody knows what a program sends.
            let of = |source: &Source| match source.own {
                Some(_) => None,
                None => level(&source.pattern, start(row), start(row + 1)),
            };
            let now: Option<Vec<f64>> = scenario.sources.iter().map(of).collect();
            let (is_level, same) = (now.is_some(), now.is_some() && now == before);
            before = now;
            (same, is_level)
        });
        let (same, level) = rows.unzip();
        let sudden = (0..timeline.time_s.len()).map(|row| sudden(scenario, start(row), start(row + 1)));
        let is_regular = |source: &Source| {
            let at_equal_gaps = match &source.pattern {
                Pattern::Rate { gaps, .. } => matches!(gaps, Some(Law::Constant(_))),
                Pattern::Gaps(law) => matches!(law, Law::Constant(_)),
                Pattern::Users(_) | Pattern::Replay(_) => false,
            };
            at_equal_gaps && source.own.is_none() && source.mix.len() == 1
        };
        let regular = scenario.sources.iter().all(is_regular);
        Traffic { same, level, sudden: sudden.collect(), regular }
    }
}

/// The rate or the number of users, where that is the same from one instant until another.
fn level(pattern: &Pattern, from: Time, until: Time) -> Option<f64> {
    let last = Time(until.0.saturating_sub(1)).max(from);
    let inside = |time: Time| from < time && time < until;
    match pattern {
        Pattern::Rate { curve, .. } => {
            let rate = curve.at(from);
            let between = curve.knots.partition_point(|knot| knot.0 <= from)..;
            let mut knots = curve.knots[between].iter().take_while(|knot| inside(knot.0));
            (curve.at(last) == rate && knots.all(|knot| knot.1 == rate)).then_some(rate.0)
        }
        Pattern::Users(users) => {
            let count = users.at(from);
            let between = users.count.partition_point(|knot| knot.0 <= from)..;
            let mut knots = users.count[between].iter().take_while(|knot| inside(knot.0));
            (users.at(last) == count && knots.all(|knot| knot.1 == count)).then(|| f64::from(count))
        }
        Pattern::Gaps(_) => Some(1.0),
        Pattern::Replay(_) => None,
    }
}

/// The first row in which work comes to a resource, where no chance explains that none did before: what comes after a delay, such as
/// dead letters, asks for nothing until then, and those rows say nothing of how much it asks for.
fn first_used(load: &LoadSeries, work: &[f64], runs: usize) -> Option<usize> {
    let mean = work.iter().sum::<f64>() / work.len().max(1) as f64;
    // What is asked for may wait on purpose; what asks for work by itself is none.
    let is_idle = |row: usize| load.asked[row] == 0.0 || work[row] < NEXT_TO_NONE * mean;
    let rows = load.asked.len().min(load.served.len()).min(work.len());
    let first = (0..rows).find(|&row| load.served[row] > 0.0 || !is_idle(row)).filter(|first| *first > 0)?;
    let after = load.equal_requests(&(first..rows)) * runs as f64;
    let expected = after * first as f64 / (rows - first) as f64;
    (expected >= EXPECTED).then_some(first)
}

/// Whether two figures differ by no more than rounding.
pub(super) fn is_same(one: f64, other: f64) -> bool {
    (one - other).abs() <= SAME * one.abs().max(other.abs())
}

/// The stretches of rows in which as much of a resource is there, and as much traffic to come.
#[derive(Debug)]
pub(in crate::outcome) struct Steady<'a> {
    /// Absent where no path leads to the resource: then nothing is known of chance.
    load: Option<&'a LoadSeries>,
    /// How many runs the rows are the mean of.
    runs: usize,
    stretches: Vec<Stretch>,
}

#[derive(Debug)]
struct Stretch {
    rows: Range<usize>,
    /// Busy share of all that there was.
    busy: f64,
    /// The same by what was asked for, done or not.
    asked: f64,
    /// Equal requests of a row, in all runs together.
    requests: f64,
    /// Whether as much is to come at all times of it: a row of a slope is none.
    level: bool,
}

impl<'a> Steady<'a> {
    /// By the work of each row and what there was of the resource, on the mean of so many runs.
    pub fn new(
        traffic: &Traffic,
        (work, there): (&[f64], &[f64]),
        load: Option<&'a LoadSeries>,
        runs: usize,
    ) -> Steady<'a> {
        let rows: Vec<usize> = (0..work.len().min(there.len())).collect();
        let first = load.and_then(|load| first_used(load, work, runs));
        let together = rows.chunk_by(|&row, &next| {
            Some(next) != first && traffic.is_same(next) && is_same(there[row], there[next])
        });
        let stretches = together.map(|rows| {
            let rows = rows[0]..rows[rows.len() - 1] + 1;
            let sum = |column: &[f64]| column.get(rows.clone()).unwrap_or_default().iter().sum::<f64>();
            let requests =
                load.map_or(0.0, |load| load.equal_requests(&rows)) * runs as f64 / rows.len() as f64;
            let busy = sum(work) / sum(there).max(f64::MIN_POSITIVE);
            let level = traffic.is_level(rows.start);
            let asked = load.map_or(busy, |load| match sum(&load.served) {
                served if served > 0.0 => busy * (sum(&load.asked) / served).max(1.0),
                _ => f64::INFINITY,
            });
            Stretch { rows, busy, asked, requests, level }
        });
        Steady { load, runs, stretches: stretches.collect() }
    }

    /// How many runs the rows are the mean of.
    pub fn runs(&self) -> usize {
        self.runs
    }

    /// Whether nothing of what comes is left to chance: the traffic is regular, and so is what comes as far as this resource. In rows with
    /// as much traffic there is one request more or less at the most.
    pub fn is_regular(&self, traffic: &Traffic) -> bool {
        let Some(load) = self.load.filter(|_| traffic.regular) else { return false };
        let is_even = |stretch: &Stretch| {
            let asked = load.asked.get(stretch.rows.clone()).unwrap_or_default();
            let (least, most) = asked
                .iter()
                .fold((f64::INFINITY, 0.0_f64), |(least, most), it| (least.min(*it), most.max(*it)));
            let one = most / load.equal_requests(&stretch.rows) * asked.len() as f64;
            most - least <= one * (1.0 + SAME)
        };
        let levels = || self.stretches.iter().filter(|stretch| stretch.level);
        let says = |stretch: &Stretch| {
            let requests = load.equal_requests(&stretch.rows) / stretch.rows.len() as f64;
            stretch.rows.len() >= ENOUGH_ROWS && requests >= ENOUGH_REQUESTS
        };
        levels().any(says) && levels().all(|stretch| stretch.rows.len() < 2 || is_even(stretch))
    }

    fn stretch(&self, rows: &Range<usize>) -> Option<&Stretch> {
        let at = self.stretches.partition_point(|stretch| stretch.rows.end <= rows.start);
        self.stretches.get(at).filter(|stretch| self.load.is_some() && stretch.rows.end >= rows.end)
    }

    /// The rows around some that are expected to be like them.
    pub fn around(&self, rows: &Range<usize>) -> Option<Range<usize>> {
        self.stretch(rows).map(|stretch| stretch.rows.clone())
    }

    /// The stretches in which as much is to come at all times, between two rows.
    pub fn levels(&self, between: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let first = self.stretches.partition_point(|stretch| stretch.rows.end <= between.start);
        let levels = self.stretches[first..].iter().filter(|stretch| stretch.level && self.load.is_some());
        let levels = levels.map(move |it| it.rows.start.max(between.start)..it.rows.end.min(between.end));
        levels.take_while(|rows| !rows.is_empty())
    }

    /// By which part of itself chance may move what comes in some rows.
    pub fn chance(&self, rows: &Range<usize>) -> f64 {
        chance(self.stretch(rows).map_or(0.0, |stretch| stretch.requests) * rows.len() as f64)
    }

    /// The same for what comes to one of so many members.
    pub fn chance_of_one(&self, rows: &Range<usize>, members: usize) -> f64 {
        let requests = self.stretch(rows).map_or(0.0, |stretch| stretch.requests / self.runs as f64);
        chance(requests * rows.len() as f64 / members as f64)
    }

    /// What was asked for in some rows.
    pub fn asked(&self, rows: &Range<usize>) -> f64 {
        let asked = self.load.and_then(|load| load.asked.get(rows.clone()));
        asked.unwrap_or_default().iter().sum()
    }

    /// Whether more came in a part of so many rows than chance explains where it might as well have come in the others; `all` was
    /// asked for in them.
    pub fn is_concentrated(&self, part: &Range<usize>, (all, rows): (f64, usize)) -> bool {
        let Some(load) = self.load else { return false };
        let came = load.equal_requests(part);
        let own = self.asked(part).max(f64::MIN_POSITIVE);
        let expected = came * (all / own) * part.len() as f64 / rows as f64;
        doubt(came, expected) > beyond_chance(load.asked.len())
    }

    /// The rows in which a resource turned requests away because it was asked for more than all of it, and not by chance; `away` is how
    /// many times all of it was turned away in each row, 0 where there was enough of it.
    pub fn refusing(&self, away: &[f64]) -> Vec<bool> {
        let mut marks: Vec<bool> = away.iter().map(|away| *away > 0.0).collect();
        let rows: Vec<usize> = (0..marks.len()).filter(|&row| marks[row]).collect();
        // One row of a slope is no part of the next.
        let is_next = |row: &usize, next: &usize| {
            row + 1 == *next && self.around(&(*row..next + 1)).is_some_and(|it| it.contains(next))
        };
        for rows in rows.chunk_by(is_next) {
            let rows = rows[0]..rows[0] + rows.len();
            let mean = away[rows.clone()].iter().sum::<f64>() / rows.len() as f64;
            if self.explains_refusals(&rows, mean, marks.len()) {
                marks[rows].fill(false);
            }
        }
        marks
    }

    /// Whether chance brings so much that this part is turned away in some of all rows, where there is room for what comes on the mean.
    /// How long the work takes is chance too, so on the mean of all rows like these counts what is done. A row of a slope has no mean:
    /// there as much counts as there is room for.
    fn explains_refusals(&self, rows: &Range<usize>, away: f64, all: usize) -> bool {
        let Some(stretch) = self.stretch(rows).filter(|_| away.is_finite()) else { return false };
        let usual = if stretch.level { stretch.asked } else { stretch.asked.max(1.0) };
        if stretch.level && usual >= FULL {
            return false;
        }
        let requests = stretch.requests * rows.len() as f64;
        let (came, expected) = match stretch.level {
            true => (requests * (stretch.busy + away) / usual.max(f64::MIN_POSITIVE), requests),
            false => (requests, requests / usual),
        };
        doubt(came, expected) <= beyond_chance(all)
    }

    /// Whether all of a resource is asked for, done or not, on the mean of all rows like some.
    pub fn asks_for_all(&self, rows: &Range<usize>) -> bool {
        self.stretch(rows).is_some_and(|it| it.level && it.asked.is_finite() && it.asked >= FULL)
    }

    /// Whether a resource that has room for what comes may have been full in some rows by chance: when for this no more need
    /// have come than at times comes by chance.
    pub fn explains(&self, rows: &Range<usize>) -> bool {
        let Some(stretch) = self.stretch(rows) else { return false };
        stretch.busy < FULL && 1.0 / stretch.busy - 1.0 <= self.chance(rows)
    }

    /// The same where members were full: whether each of them has room, by what it did in all rows like these.
    pub fn explains_members(&self, rows: &Range<usize>) -> bool {
        let (Some(stretch), Some(load)) = (self.stretch(rows), self.load) else { return false };
        is_full_by_chance(load, rows, &stretch.rows, stretch.requests / self.runs as f64 * rows.len() as f64)
    }

    /// From when on a resource was full by more than chance: what had filled by chance when something else began was full of that only then.
    pub fn surely_since(&self, rows: &Range<usize>) -> usize {
        let alike = self.around(&(rows.start..rows.start + 1)).map_or(rows.start, |alike| alike.end);
        match alike < rows.end && self.explains(&(rows.start..alike)) {
            true => alike,
            false => rows.start,
        }
    }
}

/// Takes back the marks of each run of marked rows that is explained.
pub(in crate::outcome) fn without(marks: &mut [bool], explained: impl Fn(&Range<usize>) -> bool) {
    let explained: Vec<Range<usize>> =
        stretches(marks).filter(|(rows, marked)| *marked && explained(rows)).map(|(rows, _)| rows).collect();
    explained.into_iter().for_each(|rows| marks[rows].fill(false));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::resource::Resource;
    use crate::scenario::traffic::curve::RateCurve;
    use crate::units::Rate;

    fn rate(knots: &[(u64, f64)]) -> Pattern {
        let knots = knots.iter().map(|(at, rate)| (Time::from_secs(*at), Rate(*rate))).collect();
        Pattern::Rate { curve: RateCurve { knots }, gaps: None }
    }

    #[test]
    fn traffic_is_level_between_steps_and_not_on_a_slope() {
        let steps = rate(&[(0, 5.0), (60, 5.0), (60, 9.0), (120, 9.0), (180, 5.0)]);
        let level = |from, until| level(&steps, Time::from_secs(from), Time::from_secs(until));
        assert_eq!(level(0, 60), Some(5.0), "until the step");
        assert_eq!((level(60, 70), level(110, 120)), (Some(9.0), Some(9.0)));
        assert_eq!((level(55, 65), level(120, 130)), (None, None), "over the step, on the slope");
        assert_eq!(level(0, 200), None, "back at the same rate");
        assert_eq!(level(180, 200), Some(5.0));
    }

    /// Ten equal requests a row on one server that is busy for 90 % of the time.
    fn steady(load: &LoadSeries, busy: f64, runs: usize) -> Steady<'_> {
        Steady::new(&Traffic::same(100), (&[busy; 100], &[1.0; 100]), Some(load), runs)
    }

    #[test]
    fn a_busy_spell_is_chance_as_long_as_chance_brings_as_much() {
        let mut load = LoadSeries::new(Resource::Service { service: 0 });
        load.asked = vec![10.0; 100];
        load.squares = load.asked.clone();
        // 20 rows have 200 requests: five times √(2/200) are half of them, and a ninth more is enough to fill the server.
        assert!(steady(&load, 0.9, 1).explains(&(30..50)));
        // At 60 % it takes two thirds more.
        assert!(!steady(&load, 0.6, 1).explains(&(30..50)));
        assert!(steady(&load, 0.6, 1).explains(&(30..35)), "50 requests: as many again by chance");
        assert!(!steady(&load, 0.6, 8).explains(&(30..35)), "in all of eight runs at once");
        assert!(!steady(&load, 0.995, 1).explains(&(30..50)), "it has no room");
        assert_eq!(steady(&load, 0.9, 1).around(&(30..50)), Some(0..100));
    }

    /// A busy time that begins by chance in row 30, and another one in the last rows of what is alike.
    #[test]
    fn what_began_by_chance_counts_from_when_something_else_began() {
        let mut load = LoadSeries::new(Resource::Service { service: 0 });
        load.asked = vec![10.0; 100];
        load.squares = load.asked.clone();
        let alike = |rows| Stretch { rows, busy: 0.6, asked: 0.6, requests: 10.0, level: true };
        let steady = Steady { stretches: vec![alike(0..40), alike(40..100)], ..steady(&load, 0.6, 1) };
        // Five rows of ten requests at 60 % may be full by chance, twenty may not.
        assert_eq!(steady.surely_since(&(35..80)), 40);
        assert_eq!(steady.surely_since(&(20..80)), 20);
        assert_eq!(steady.surely_since(&(45..50)), 45, "there is nothing else");
    }

    /// Ten a row from row 30 on, and before that only what the resource does by itself.
    #[test]
    fn rows_before_the_first_work_are_no_part_of_it() {
        let mut load = LoadSeries::new(Resource::Pollers { queue: 0 });
        load.asked = vec![10.0; 100];
        load.squares = load.asked.clone();
        load.served = load.asked.clone();
        load.served[..30].fill(0.0);
        let mut work = [0.5; 100];
        work[..30].fill(0.01);
        let around = |load: &LoadSeries, work: &[f64]| {
            let steady = Steady::new(&Traffic::same(100), (work, &[1.0; 100]), Some(load), 1);
            steady.around(&(50..60)).unwrap()
        };
        assert_eq!(around(&load, &work), 30..100);
        // Long work that is not done yet is work.
        assert_eq!(around(&load, &[0.5; 100]), 0..100);
        // A tenth of a request in a row: it is chance that none came in three of a hundred rows.
        load.asked[..3].fill(0.0);
        load.asked[3..].fill(0.1);
        load.squares = load.asked.clone();
        load.served = load.asked.clone();
        work.fill(0.05);
        work[..3].fill(0.0);
        assert_eq!(around(&load, &work), 0..100);
    }

    #[test]
    fn only_what_is_explained_is_taken_back() {
        let mut marks = [true, false, true, true, false];
        without(&mut marks, |rows| rows.len() == 1);
        assert_eq!(marks, [false, false, true, true, false]);
    }
}

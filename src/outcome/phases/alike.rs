//! Rows that are expected to be alike: as much traffic comes by the file, as much of each resource is there, and nothing happens.
//!
//! In: traffic, resources and incidents. Out: [`Alike`]: stretches of such rows, what their load makes of latency, and marks in them
//! that differ by more than chance.
//!
//! Slow requests come in spells: a queue that has formed by chance keeps all who come while it lasts, so neighbouring rows say the
//! same thing once. Spells apart from each other are independent, and of a queue that has room, the longer ones are ever
//! rarer: the number of slow requests in one is about the square of how long it lasts, and how long it lasts is about exponential
//! (busy periods of M/G/1; declustering of extremes, as in Ferro and Segers 2003). So of `n` spells, the square root of the largest
//! is below their mean times ln(n / α) but for a chance of α. What exceeds that is another thing than the others.

use std::ops::Range;

use super::chance::{Sample, as_independent, join, usual};
use super::spans::{breath, runs};
use crate::measure::member::FULL;
use crate::outcome::Outcome;
use crate::outcome::headroom::{Series, Traffic};

/// Fewest rows of a stretch that tell what is usual in it. Assumption.
const FEWEST_ROWS: usize = 30;
/// Fewest other spells that tell what chance does. Assumption.
const FEWEST_SPELLS: usize = 5;
/// Chance that the largest spell is found to be another thing than the others.
const FALSE_ALARM: f64 = 0.01;

/// Rows after a step in which requests end that came before it. Assumption.
const ENDING_ROWS: usize = 2;

/// The stretches of a run.
#[derive(Debug)]
pub(super) struct Alike {
    stretches: Vec<Stretch>,
}

#[derive(Debug)]
struct Stretch {
    rows: Range<usize>,
    /// Part of its busiest resource that is idle; absent of few rows, and where nothing is left and waiting grows without end.
    idle: Option<f64>,
}

impl Alike {
    pub fn of(traffic: &Traffic, resources: &[Series<'_>], outcome: &Outcome) -> Alike {
        let times = &outcome.timeline.time_s;
        let happens = |row: usize| {
            let (from, until) = (times[row], times.get(row + 1).copied().unwrap_or(f64::INFINITY));
            outcome.incidents.iter().any(|it| from <= it.at_s && it.at_s < until)
        };
        let begins: Vec<bool> = (0..times.len()).map(happens).collect();
        let rows: Vec<usize> = (0..times.len()).collect();
        let same = |row: usize, next: usize| {
            traffic.is_same(next) && !begins[next] && resources.iter().all(|it| it.is_as_large(row, next))
        };
        let together = rows.chunk_by(|row, next| same(*row, *next));
        let stretches = together.map(|rows| {
            let rows = rows[0]..rows[rows.len() - 1] + 1;
            let idle = (rows.len() >= FEWEST_ROWS).then(|| idle(resources, &rows)).flatten();
            Stretch { rows, idle }
        });
        Alike { stretches: stretches.collect() }
    }

    /// Of each row, how many times slower than usual the load makes requests: waiting makes latency 1 / (1 − utilisation) of what it
    /// is without load, as of M/M/1 and of processor sharing. Usual is the load that a quarter of the rows do not exceed.
    /// What lies between two stretches with a load of their own, such as a step of the traffic, or new targets that become healthy one by one,
    /// is as the busier of them.
    pub fn slower(&self) -> Vec<f64> {
        let usual = self.usually_idle();
        let slower: Vec<f64> =
            self.stretches.iter().map(|it| it.idle.map_or(1.0, |idle| (usual / idle).max(1.0))).collect();
        let is_long = |at: &usize| self.stretches[*at].rows.len() >= FEWEST_ROWS;
        let all = self.stretches.iter().enumerate().flat_map(|(at, stretch)| {
            let before = (0..at).rev().find(is_long).map_or(1.0, |before| slower[before]);
            let after = (at + 1..slower.len()).find(is_long).map_or(1.0, |after| slower[after]);
            let own = if is_long(&at) { slower[at] } else { before.max(after) };
            // What ends right after a step came before it.
            stretch
                .rows
                .clone()
                .map(move |row| if row - stretch.rows.start < ENDING_ROWS { own.max(before) } else { own })
        });
        all.collect()
    }

    /// Since when rows were like a row.
    pub fn since(&self, row: usize) -> usize {
        self.stretches.iter().find(|it| it.rows.contains(&row)).map_or(row, |it| it.rows.start)
    }

    fn usually_idle(&self) -> f64 {
        let mut known: Vec<(f64, usize)> =
            self.stretches.iter().filter_map(|it| Some((it.idle?, it.rows.len()))).collect();
        known.sort_by(|a, b| b.0.total_cmp(&a.0));
        let quarter = known.iter().map(|(_, rows)| rows).sum::<usize>() / 4;
        let mut rows = 0;
        let usual = known.into_iter().find(|(_, more)| {
            rows += more;
            rows > quarter
        });
        usual.map_or(1.0, |(idle, _)| idle)
    }

    /// Leaves the marks of slow rows that differ from the rest of their stretch by more than chance. Where most of a stretch is
    /// slow, all of it is.
    pub fn settle(&self, marks: &mut [bool], rows: &[Sample], allowed: f64) {
        let breath = breath(rows.len());
        for stretch in self.stretches.iter().filter(|it| it.rows.len() >= FEWEST_ROWS) {
            let own = &mut marks[stretch.rows.clone()];
            let marked = own.iter().filter(|mark| **mark).count();
            match 2 * marked >= own.len() {
                true => fill(own, breath),
                false if marked > 0 => explain(own, &rows[stretch.rows.clone()], allowed, breath),
                false => {}
            }
        }
    }
}

impl Alike {
    /// Marks calms beside marks of which chance explains that less was found in them, as far as their rows are expected to be alike. How
    /// many come together by chance only such rows tell: what differs between others is no chance.
    pub fn join(&self, marks: &mut [bool], rows: &[Sample], allowed: f64) {
        for stretch in &self.stretches {
            let own = &rows[stretch.rows.clone()];
            join(&mut marks[stretch.rows.clone()], &as_independent(own, usual(own).max(allowed)));
        }
    }
}

/// The part of the busiest resource that is idle in some rows.
fn idle(resources: &[Series<'_>], rows: &Range<usize>) -> Option<f64> {
    let busy = resources.iter().filter(|it| it.of().delays_requests()).map(|it| it.busy_over(rows));
    let busy = busy.fold(0.0, f64::max);
    (busy < FULL).then_some(1.0 - busy)
}

/// Marks the rows from the first marked one to the last, and those before and after them if these are no more than the longest
/// calm between marks, or a breath.
fn fill(marks: &mut [bool], breath: usize) {
    let calms = runs(marks);
    let inner = calms.iter().skip(1).rev().skip(1).filter(|run| !run.trouble).map(|run| run.rows.len());
    let longest = inner.max().unwrap_or(0).max(breath);
    let last = calms.len().saturating_sub(1);
    for (at, calm) in calms.into_iter().enumerate().filter(|(_, run)| !run.trouble) {
        if (1..last).contains(&at) || calm.rows.len() <= longest {
            marks[calm.rows].fill(true);
        }
    }
}

/// Takes back the marks in spells that are no larger than chance makes them.
fn explain(marks: &mut [bool], rows: &[Sample], allowed: f64, breath: usize) {
    let spells = spells(rows, allowed, breath);
    let sizes: Vec<f64> = spells.iter().map(|spell| excess(&rows[spell.clone()], allowed).sqrt()).collect();
    let (count, sum) = (sizes.len() as f64, sizes.iter().sum::<f64>());
    if spells.len() <= FEWEST_SPELLS {
        return;
    }
    for (spell, size) in spells.into_iter().zip(sizes) {
        let others = (sum - size) / (count - 1.0);
        if size <= others * libm::log(count / FALSE_ALARM) {
            marks[spell].fill(false);
        }
    }
}

/// Runs of rows with more found than is allowed, those a breath apart as one.
fn spells(rows: &[Sample], allowed: f64, breath: usize) -> Vec<Range<usize>> {
    let above: Vec<bool> = rows.iter().map(|row| row.found > allowed * row.of).collect();
    let mut found: Vec<Range<usize>> = Vec::new();
    for run in runs(&above).into_iter().filter(|run| run.trouble) {
        match found.last_mut() {
            Some(last) if run.rows.start - last.end <= breath => last.end = run.rows.end,
            _ => found.push(run.rows),
        }
    }
    found
}

/// How many more were found in some rows than are allowed.
fn excess(rows: &[Sample], allowed: f64) -> f64 {
    rows.iter().map(|row| row.found - allowed * row.of).sum::<f64>().max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stretch of a hundred rows of a hundred requests each, with so many slow ones in some rows.
    fn settled(slow: &[(Range<usize>, f64)]) -> Vec<(usize, usize)> {
        let mut rows = vec![Sample { of: 100.0, found: 0.0 }; 100];
        let mut marks = vec![false; 100];
        for (spell, found) in slow {
            rows[spell.clone()].iter_mut().for_each(|row| row.found = *found);
            marks[spell.clone()].iter_mut().for_each(|mark| *mark = *found >= 10.0);
        }
        let alike = Alike { stretches: vec![Stretch { rows: 0..100, idle: None }] };
        alike.settle(&mut marks, &rows, 0.01);
        let found = runs(&marks).into_iter().filter(|run| run.trouble);
        found.map(|run| (run.rows.start, run.rows.end)).collect()
    }

    #[test]
    fn a_spell_like_many_others_is_chance_and_one_like_no_other_is_not() {
        let small: Vec<(Range<usize>, f64)> = (0..8).map(|at| (10 * at..10 * at + 2, 5.0)).collect();
        // Eight spells of 8 too many: √8 times ln(9 / 0.01) is 19, or 370 too many.
        let with = |spell, found| [&small[..], &[(spell, found)]].concat();
        assert!(settled(&with(90..93, 50.0)).is_empty(), "147 too many");
        assert_eq!(settled(&with(85..93, 60.0)), [(85, 93)], "472 too many");
        // Where there are no others, nothing is known of chance.
        assert_eq!(settled(&[(90..93, 50.0)]), [(90, 93)]);
    }

    #[test]
    fn where_most_rows_are_slow_all_are() {
        // The end is as short as the calm in between; the beginning is longer.
        assert_eq!(settled(&[(10..40, 20.0), (45..97, 20.0)]), [(10, 100)]);
    }

    /// 30 % and 60 % of a thousand requests fail in turn in a hundred rows, which is no chance of the next ten: there eight fail in the first row.
    #[test]
    fn what_a_trouble_varies_by_is_no_chance_of_the_calm_after_it() {
        let found = |row: usize| match row {
            0..100 => [300.0, 600.0][row % 2],
            100 => 8.0,
            _ => 0.0,
        };
        let rows: Vec<Sample> = (0..110).map(|row| Sample { of: 1_000.0, found: found(row) }).collect();
        let stretches = [0..100, 100..110].map(|rows| Stretch { rows, idle: None }).into();
        let mut marks: Vec<bool> = (0..110).map(|row| row <= 100).collect();
        Alike { stretches }.join(&mut marks, &rows, 0.005);
        assert!(!marks[101..].contains(&true), "{marks:?}");
    }

    /// A fifth of the rows at 40 %, half at 60 %, and the others at 90 %, after five in which that changes.
    #[test]
    fn load_explains_how_much_slower_requests_are_than_usual() {
        let stretch = |rows, idle| Stretch { rows, idle };
        let all = [
            (0..30, Some(0.6)),
            (30..100, Some(0.4)),
            (100..101, None),
            (101..105, None),
            (105..140, Some(0.1)),
        ];
        let alike = Alike { stretches: all.into_iter().map(|(rows, idle)| stretch(rows, idle)).collect() };
        let slower = alike.slower();
        assert_eq!((slower[0], slower[30], slower[99]), (1.0, 1.0, 1.0), "usual is 60 %");
        assert!(slower[100..].iter().all(|slower| (slower - 4.0).abs() < 1e-9), "0.4 / 0.1: {slower:?}");
    }
}

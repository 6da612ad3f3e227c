//! The rows that asked for most of a resource. In: work, and what there was. Out: [`Peak`]s: the busiest rows by themselves, and
//! with all rows around that are expected to be like them.

use std::ops::Range;

use super::asked::{Factors, WHOLE};
use super::spread::Spread;
use super::steady::Steady;
use super::sudden::ALWAYS;

/// Fewest rows that count as the busiest.
pub(super) const FEWEST_ROWS: usize = 3;

/// Part of what was asked for in some rows that is as much. Assumption: what users in step ask for differs by less.
const AS_MUCH: f64 = 0.9;

/// Rows that asked for a share of what there was.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Peak {
    pub rows: Range<usize>,
    /// The share that they asked for.
    pub busy: f64,
    /// What they asked for over what they were served.
    pub factor: f64,
}

/// Where the peak is looked for.
pub(super) struct Columns<'a> {
    pub work: &'a [f64],
    pub there: &'a [f64],
    /// The rows that count with others, because a queue has spread what came.
    pub spread: &'a Spread,
    /// The row with which the columns begin.
    pub first: usize,
    /// The rows that are expected to be alike.
    pub alike: &'a Steady<'a>,
    /// For so many rows from the first of them on, what is done still comes of the traffic before.
    pub settling: usize,
    /// Fewest rows in which what comes at once counts by itself.
    pub fewest: usize,
    /// Rows in which something asked for was not done; empty where that says nothing.
    pub lacking: &'a [bool],
    /// What was asked for over what was served, over windows of as many rows as are looked for.
    pub asked: &'a Factors,
}

impl Columns<'_> {
    /// The busiest of so many rows side by side, and with all that are like them; but where a stretch of steady traffic asked for
    /// more than those by more than chance explains, that stretch: a short peak is not levelled by the rows around it.
    pub fn peaks(&self, width: usize) -> [Peak; 2] {
        let [busiest, wide] = self.windows(width);
        let all = self.first..self.first + self.work.len();
        let levels = self.alike.levels(all).filter_map(|rows| self.pooled(&rows));
        let clearer = |most: f64, peak: &Peak| peak.busy > most * (1.0 + self.alike.chance(&peak.rows));
        let most = levels.filter(|peak| clearer(wide.busy, peak)).reduce(fuller);
        match most {
            Some(peak) => [peak.clone(), peak],
            None => [busiest, wide],
        }
    }

    /// All of a stretch together, without the rows in which what is done comes of the traffic before. One that is shorter than a piece
    /// of work says nothing by itself.
    fn pooled(&self, stretch: &Range<usize>) -> Option<Peak> {
        let sum = |column: &[f64], rows: &Range<usize>| column[rows.clone()].iter().sum::<f64>();
        let own = stretch.start - self.first..stretch.end - self.first;
        let is_there = |row: usize| self.there[row] >= WHOLE;
        let is_queued = self.spread.time(stretch).is_some();
        if own.is_empty() || is_queued || own.len() < self.settling || !own.clone().any(is_there) {
            return None;
        }
        // The stretch begins with what came before it; what takes less than a row says nothing of it.
        let settled = own.start + self.settling..own.end;
        let rows = if self.settling > 1 && settled.len() > own.len() / 2 { settled } else { own };
        let factor = self.asked.of_all(&rows);
        let busy = factor * sum(self.work, &rows) / sum(self.there, &rows);
        Some(Peak { rows: self.at(&rows), busy, factor })
    }

    /// The busiest of so many rows side by side; and, in the place of rows that chance explains, all that are like them.
    ///
    /// The largest of many sums is above the mean by chance alone. So the widest rows count of which no part asked for more
    /// than chance explains. Rows in trouble are like no others but those of the same trouble: what fails or is full changes
    /// what is asked of everything.
    fn windows(&self, width: usize) -> [Peak; 2] {
        let (row, busy) = self.asked.peak(self.work, self.there);
        // What a queue spreads comes at once for nobody.
        let is_spread = self.spread.is_any();
        let at_once = if is_spread { None } else { self.at_once(&(row..row + width), busy) };
        let (found, busy, factor) =
            at_once.unwrap_or_else(|| (row..row + width, busy, self.asked.factor(row)));
        let width = found.len();
        let found = self.at(&found);
        let time = self.spread.time(&found).unwrap_or(found);
        let own = time.start - self.first..time.end - self.first;
        let busiest = Peak { rows: time, busy, factor };
        let alike = self.alike.around(&busiest.rows).map(|rows| {
            let start = (rows.start + self.settling).min(busiest.rows.start).max(self.first);
            start - self.first..rows.end.min(self.first + self.work.len()) - self.first
        });
        let lacks = own.clone().any(|row| self.lacking.get(row) == Some(&true));
        let wide = alike.map(|rows| self.alike(&rows, &own)).filter(|rows| rows.len() > own.len());
        // What came at once is like nothing around it.
        let is_alone = |rows: &Range<usize>| match is_spread {
            true => lacks,
            false => self.is_at_once(&own, &self.at(rows)) && !self.comes_again(&own),
        };
        let wide = wide.filter(|rows| !is_alone(rows));
        let wide = wide.and_then(|rows| self.widest(rows, width));
        [busiest.clone(), wide.unwrap_or(busiest)]
    }

    /// Fewer of the busiest rows, if more came in these than chance explains: what comes at once is not levelled by what comes after
    /// it, whether it was too much or not.
    fn at_once(&self, rows: &Range<usize>, busy: f64) -> Option<(Range<usize>, f64, f64)> {
        let fewest = self.fewest.max(self.settling);
        let widths = std::iter::successors(Some(fewest), |width| Some(2 * width));
        let (work, there) = (self.work.get(rows.clone())?, self.there.get(rows.clone())?);
        widths.take_while(|width| *width < rows.len()).find_map(|width| {
            let asked = self.asked.among(rows, width);
            let (row, most) = asked.peak(work, there);
            let found = rows.start + row..rows.start + row + width;
            let all = self.at(rows);
            let is_at_once = most > busy && self.is_at_once(&found, &all) && !self.comes_again(&found);
            is_at_once.then(|| (found, most, asked.factor(row)))
        })
    }

    /// Whether as much as in some rows came again and again, with as much traffic, while there was no row in which nothing was lacking:
    /// what is never worked off before it comes again is what always comes.
    fn comes_again(&self, part: &Range<usize>) -> bool {
        let lacks = |row: &usize| self.lacking.get(*row) == Some(&true);
        let rows = self.at(part);
        let Some(around) = self.alike.around(&rows) else { return false };
        let before = (around.start.max(self.first)..rows.start).rev().take_while(lacks).count();
        let after = (rows.end..around.end).take_while(lacks).count();
        let least = AS_MUCH * self.alike.asked(&rows);
        let (mut row, mut times) = (rows.start - before, 0);
        while row + rows.len() <= rows.end + after {
            let again = self.alike.asked(&(row..row + rows.len())) >= least;
            times += usize::from(again);
            row += if again { rows.len() } else { 1 };
        }
        times >= ALWAYS
    }

    /// Whether more came in some rows, or in one of them, than chance explains among more rows.
    fn is_at_once(&self, part: &Range<usize>, all: &Range<usize>) -> bool {
        let rows = self.at(part);
        let all = (self.alike.asked(all), all.len());
        let is_concentrated = |part: &Range<usize>| self.alike.is_concentrated(part, all);
        is_concentrated(&rows) || rows.clone().any(|row| is_concentrated(&(row..row + 1)))
    }

    /// The rows around the busiest among others that are in trouble as they are, or not.
    fn alike(&self, among: &Range<usize>, busiest: &Range<usize>) -> Range<usize> {
        let lacks = |row: &usize| self.lacking.get(*row) == Some(&true);
        if busiest.clone().any(|row| lacks(&row)) {
            return self.trouble(among, busiest);
        }
        let start = (among.start..busiest.start).rev().find(lacks).map_or(among.start, |row| row + 1);
        let end = (busiest.end..among.end).find(lacks).unwrap_or(among.end);
        start..end
    }

    /// The rows of the trouble around the busiest: until nothing is lacking for as many rows as these are.
    fn trouble(&self, among: &Range<usize>, busiest: &Range<usize>) -> Range<usize> {
        let lacks = |row: &usize| self.lacking.get(*row) == Some(&true);
        let (mut start, mut end) = (busiest.start, busiest.end);
        for row in (among.start..busiest.start).rev().filter(lacks) {
            start = if start - row <= busiest.len() { row } else { break };
        }
        for row in (busiest.end..among.end).filter(lacks) {
            end = if row - end < busiest.len() { row + 1 } else { break };
        }
        start..end
    }

    /// The widest of some rows of which no part asked for more than chance explains.
    fn widest(&self, mut rows: Range<usize>, width: usize) -> Option<Peak> {
        let sum = |column: &[f64]| column.iter().sum::<f64>();
        loop {
            let there = sum(&self.there[rows.clone()]);
            let factor = self.asked.of_all(&rows);
            let busy = (there > 0.0).then(|| factor * sum(&self.work[rows.clone()]) / there)?;
            match self.excess(&rows, busy, width) {
                Some(found) => rows = found,
                None => return Some(Peak { rows: self.at(&rows), busy, factor }),
            }
        }
    }

    /// The widest part of some rows, half of them or less and at last so many, that is busier than all of them by more than
    /// chance.
    fn excess(&self, rows: &Range<usize>, busy: f64, width: usize) -> Option<Range<usize>> {
        let (work, there) = (&self.work[rows.clone()], &self.there[rows.clone()]);
        let halves = std::iter::successors(Some(rows.len() / 2), |half| Some(half / 2));
        let halves = halves.take_while(|half| *half > width).chain((rows.len() > width).then_some(width));
        halves.into_iter().find_map(|part| {
            let (row, most) = self.asked.among(rows, part).peak(work, there);
            let found = rows.start + row..rows.start + row + part;
            let by_chance = busy * (1.0 + self.alike.chance(&self.at(&found)));
            (most > by_chance).then_some(found)
        })
    }

    fn at(&self, rows: &Range<usize>) -> Range<usize> {
        self.first + rows.start..self.first + rows.end
    }
}

/// The fuller of two, the former if both are as full.
pub(super) fn fuller(one: Peak, other: Peak) -> Peak {
    if other.busy > one.busy { other } else { one }
}

#[cfg(test)]
mod tests {
    use super::super::steady::Traffic;
    use super::*;
    use crate::measure::load::LoadSeries;
    use crate::measure::resource::Resource;

    /// The rows of the peaks over four rows, of one server that has so many requests in each row and is alike in all.
    fn peaks(work: &[f64], requests: f64, lacking: &[bool]) -> [Peak; 2] {
        settled(work, requests, lacking, 0)
    }

    fn settled(work: &[f64], requests: f64, lacking: &[bool], settling: usize) -> [Peak; 2] {
        let mut load = LoadSeries::new(Resource::Service { service: 0 });
        load.asked = vec![requests; work.len()];
        load.squares = load.asked.clone();
        let there = vec![1.0; work.len()];
        let alike = Steady::new(&Traffic::same(work.len()), (work, &there), Some(&load), 1);
        let asked = &Factors::none(4);
        let spread = &Spread::default();
        let columns = Columns {
            work,
            there: &there,
            spread,
            first: 0,
            alike: &alike,
            settling,
            fewest: 3,
            lacking,
            asked,
        };
        columns.peaks(4)
    }

    #[test]
    fn rows_in_which_long_work_only_begins_are_left_out() {
        let mut work = [0.5; 40];
        work[..10].iter_mut().zip(0u8..).for_each(|(work, row)| *work = 0.05 * f64::from(row));
        assert_eq!(settled(&work, 100.0, &[], 10)[1].rows, 10..40);
        assert_eq!(settled(&work, 100.0, &[], 10)[1].busy, 0.5);
    }

    #[test]
    fn rows_that_chance_explains_count_with_all_that_are_like_them() {
        let mut work = [0.5; 40];
        work[20..24].fill(0.6);
        // Four rows have 400 requests: five standard deviations are 35 %, and 0.6 is 18 % above the mean.
        let [busiest, wide] = peaks(&work, 100.0, &[]);
        assert_eq!((busiest.rows, wide.rows), (20..24, 0..40));
        assert!((wide.busy - 0.51).abs() < 1e-12, "{}", wide.busy);
        // Of four million they are 0.35 %: these rows are no chance.
        let [_, wide] = peaks(&work, 1e6, &[]);
        assert_eq!(wide.rows, 20..24);
        // Half of the rows are busier: four of them do not show it, and twenty do.
        work = [0.5; 40];
        work[20..].fill(0.75);
        let [_, wide] = peaks(&work, 100.0, &[]);
        assert_eq!((wide.rows, wide.busy), (20..40, 0.75));
    }

    #[test]
    fn rows_in_trouble_are_like_no_others() {
        let mut work = [0.5; 40];
        work[20..24].fill(0.6);
        let mut lacking = [false; 40];
        lacking[10] = true;
        assert_eq!(peaks(&work, 100.0, &lacking)[1].rows, 11..40);
        lacking[22] = true;
        assert_eq!(peaks(&work, 100.0, &lacking)[1].rows, 20..24);
        // Those of the same trouble are: row 10 is more than four rows away from 15 to 30.
        lacking[15..30].fill(true);
        assert_eq!(peaks(&work, 100.0, &lacking)[1].rows, 15..30);
    }
}

//! The rows that asked for most of a resource. In: work, and what there was. Out: [`Peak`]s: the busiest rows by themselves, and
//! with all rows around that are expected to be like them.

use std::ops::Range;

use super::asked::{Factors, largest};
use super::steady::Steady;

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
    /// The row with which the columns begin.
    pub first: usize,
    /// The rows that are expected to be alike.
    pub alike: &'a Steady<'a>,
    /// Rows in which something asked for was not done; empty where that says nothing.
    pub lacking: &'a [bool],
    /// What was asked for over what was served, over windows of so many rows.
    pub asked: &'a dyn Fn(usize) -> Factors,
}

impl Columns<'_> {
    /// The busiest of so many rows side by side; and, in the place of rows that chance explains, all that are like them.
    ///
    /// The largest of many sums is above the mean by chance alone. So the widest rows count of which no part asked for more
    /// than chance explains. Rows in trouble are like no others: what fails or is full changes what is asked of everything.
    pub fn peaks(&self, width: usize) -> [Peak; 2] {
        let factors = (self.asked)(width);
        let (row, busy) = factors.peak(self.work, self.there);
        let busiest = self.peak(row..row + width, busy, &factors);
        let alike = self.alike.around(&busiest.rows).map(|rows| {
            rows.start.max(self.first) - self.first..rows.end.min(self.first + self.work.len()) - self.first
        });
        let wide = alike.map(|rows| self.calm(&rows, row..row + width)).filter(|rows| rows.len() > width);
        let wide = wide.and_then(|rows| self.widest(rows, width));
        [busiest.clone(), wide.unwrap_or(busiest)]
    }

    /// The rows around some among others, until something is lacking.
    fn calm(&self, among: &Range<usize>, busiest: Range<usize>) -> Range<usize> {
        let lacks = |row: &usize| self.lacking.get(*row) == Some(&true);
        if busiest.clone().any(|row| lacks(&row)) {
            return busiest;
        }
        let start = (among.start..busiest.start).rev().find(lacks).map_or(among.start, |row| row + 1);
        let end = (busiest.end..among.end).find(lacks).unwrap_or(among.end);
        start..end
    }

    fn widest(&self, mut rows: Range<usize>, width: usize) -> Option<Peak> {
        loop {
            let factors = (self.asked)(rows.len());
            let busy = factors.shares(self.work, self.there).get(rows.start).copied().flatten()?;
            match self.excess(&rows, busy, width) {
                Some(found) => rows = found,
                None => return Some(self.peak(rows, busy, &factors)),
            }
        }
    }

    /// The widest part of some rows, half of them or less, that is busier than all of them by more than chance.
    fn excess(&self, rows: &Range<usize>, busy: f64, width: usize) -> Option<Range<usize>> {
        let halves = std::iter::successors(Some(rows.len() / 2), |width| Some(width / 2));
        halves.take_while(|half| *half >= width.max(1)).find_map(|half| {
            let shares = (self.asked)(half).shares(self.work, self.there);
            let (row, most) = largest(&shares, rows.start..rows.end + 1 - half)?;
            let found = row..row + half;
            let by_chance = busy * (1.0 + self.alike.chance(&self.at(&found)));
            (most > by_chance).then_some(found)
        })
    }

    fn at(&self, rows: &Range<usize>) -> Range<usize> {
        self.first + rows.start..self.first + rows.end
    }

    fn peak(&self, rows: Range<usize>, busy: f64, factors: &Factors) -> Peak {
        Peak { factor: factors.factor(rows.start), rows: self.at(&rows), busy }
    }
}

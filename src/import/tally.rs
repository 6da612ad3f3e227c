//! What is kept of requests: counters and histograms by class and period. In: rows. Out: a [`Tally`], as large for a day as for a second of
//! a day, whatever it counts.

use rustc_hash::{FxHashMap, FxHashSet};

use super::coarse::Coarse;
use super::row::{End, Row};
use super::scan::hash;
use crate::measure::histogram::Histogram;

/// Most cells of classes and periods together: a day in seconds of a dozen classes, some 500 MB.
pub(super) const CELLS_MAX: usize = 1_500_000;
/// Most targets that are told apart in a period.
const TARGETS_MAX: usize = 4_096;
/// Longer times count as this: a day.
const LONGEST: u64 = 86_400_000_000_000;

/// There are more periods than can be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooMany;

/// Times that were measured: their sum and their squares.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Moments {
    pub count: u64,
    sum: u128,
    squares: u128,
}

impl Moments {
    fn add(&mut self, nanos: u64) {
        self.count += 1;
        self.sum += u128::from(nanos);
        self.squares += u128::from(nanos) * u128::from(nanos);
    }

    fn merge(&mut self, other: &Moments) {
        self.count += other.count;
        self.sum += other.sum;
        self.squares += other.squares;
    }

    /// The mean in nanoseconds.
    pub(super) fn mean(&self) -> f64 {
        self.sum as f64 / self.count.max(1) as f64
    }

    /// Standard deviation over mean.
    pub(super) fn cv(&self) -> f64 {
        let (count, mean) = (self.count as f64, self.mean());
        if self.count < 2 || mean <= 0.0 {
            return 0.0;
        }
        let variance = (self.squares as f64 / count - mean * mean).max(0.0) * count / (count - 1.0);
        variance.sqrt() / mean
    }
}

/// A class in a period.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    pub ends: [u32; End::COUNT],
    pub total: Moments,
    pub service: Moments,
    pub times: Coarse,
    pub hits: u32,
    pub misses: u32,
}

impl Cell {
    /// Adds another cell.
    pub(super) fn merge(&mut self, other: &Cell) {
        self.ends.iter_mut().zip(other.ends).for_each(|(own, more)| *own += more);
        self.total.merge(&other.total);
        self.service.merge(&other.service);
        self.times.merge(&other.times);
        self.hits += other.hits;
        self.misses += other.misses;
    }

    /// All requests.
    pub(super) fn requests(&self) -> u64 {
        self.ends.iter().map(|count| u64::from(*count)).sum()
    }

    /// Those that the system failed.
    pub(super) fn errors(&self) -> u64 {
        End::ALL.iter().filter(|end| end.is_error()).map(|end| u64::from(self.ends[*end as usize])).sum()
    }
}

/// A time of all requests of a class.
#[derive(Clone, Debug, Default)]
pub(super) struct Times {
    pub moments: Moments,
    pub histogram: Histogram,
}

impl Times {
    fn add(&mut self, nanos: u64) {
        self.moments.add(nanos);
        self.histogram.record(nanos);
    }
}

/// A class.
#[derive(Clone, Debug, Default)]
pub(super) struct Tallied {
    pub ends: [u64; End::COUNT],
    pub total: Times,
    pub service: Times,
    pub cells: FxHashMap<i64, Cell>,
}

impl Tallied {
    /// All requests.
    pub(super) fn requests(&self) -> u64 {
        self.ends.iter().sum()
    }
}

/// All classes.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    pub classes: Vec<Tallied>,
    pub targets: FxHashMap<i64, FxHashSet<u32>>,
    period: i64,
    cells: usize,
}

impl Tally {
    pub(super) fn new(classes: usize, period: i64) -> Tally {
        let classes = (0..classes).map(|_| Tallied::default()).collect();
        Tally { classes, targets: FxHashMap::default(), period, cells: 0 }
    }

    /// Counts a request of a class.
    #[inline]
    pub(super) fn add(&mut self, class: usize, row: &Row) -> Result<(), TooMany> {
        let period = row.at.div_euclid(self.period);
        let tallied = &mut self.classes[class];
        let before = tallied.cells.len();
        let cell = tallied.cells.entry(period).or_default();
        if !row.is_time_only {
            tallied.ends[row.end as usize] += 1;
            cell.ends[row.end as usize] += 1;
        }
        if row.end.is_answer() {
            if let Some(nanos) = row.total {
                let nanos = nanos.min(LONGEST);
                tallied.total.add(nanos);
                cell.total.add(nanos);
                cell.times.record(nanos);
            }
            if let Some(nanos) = row.service {
                let nanos = nanos.min(LONGEST);
                tallied.service.add(nanos);
                cell.service.add(nanos);
            }
        }
        match row.hit {
            Some(true) => cell.hits += 1,
            Some(false) => cell.misses += 1,
            None => {}
        }
        self.cells += tallied.cells.len() - before;
        if !row.target.is_empty() {
            let targets = self.targets.entry(period).or_default();
            if targets.len() < TARGETS_MAX {
                targets.insert(hash(row.target) as u32);
            }
        }
        if self.cells > CELLS_MAX { Err(TooMany) } else { Ok(()) }
    }

    /// Adds what another one has counted.
    pub(super) fn merge(&mut self, other: Tally) -> Result<(), TooMany> {
        for (own, more) in self.classes.iter_mut().zip(other.classes) {
            own.ends.iter_mut().zip(more.ends).for_each(|(own, more)| *own += more);
            for (own, more) in [(&mut own.total, &more.total), (&mut own.service, &more.service)] {
                own.moments.merge(&more.moments);
                own.histogram.merge(&more.histogram);
            }
            let before = own.cells.len();
            for (period, cell) in more.cells {
                own.cells.entry(period).or_default().merge(&cell);
            }
            self.cells += own.cells.len() - before;
        }
        for (period, targets) in other.targets {
            let own = self.targets.entry(period).or_default();
            own.extend(targets);
        }
        if self.cells > CELLS_MAX { Err(TooMany) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 10, 20 and 30 ms: the mean is 20 ms, the standard deviation 10 ms.
    #[test]
    fn counters_and_moments_are_exact_and_add_up() {
        let row = |at: i64, ms: u64, end: End| Row { at, end, total: Some(ms * 1_000_000), ..Row::default() };
        let (mut one, mut other) = (Tally::new(1, 100), Tally::new(1, 100));
        one.add(0, &row(0, 10, End::Answered)).unwrap();
        one.add(0, &row(99, 20, End::Refused)).unwrap();
        other.add(0, &row(100, 30, End::Answered)).unwrap();
        other.add(0, &row(-1, 99, End::ByTarget)).unwrap();
        one.merge(other).unwrap();
        let class = &one.classes[0];
        assert_eq!((class.requests(), class.cells.len(), class.cells[&0].requests()), (4, 3, 2));
        let (mean, cv) = (class.total.moments.mean(), class.total.moments.cv());
        assert!(mean == 20e6 && (cv - 0.5).abs() < 1e-12, "{mean} {cv}");
        assert_eq!((class.cells[&-1].errors(), class.cells[&-1].total.count), (1, 0), "no times of errors");
    }
}

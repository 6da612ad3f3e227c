//! What was asked of each resource and what it served, row by row, and how busy each of its members was.
//!
//! In: what the model counts. Out: columns for the estimate of the headroom. They are not part of `outcome.json`.
//!
//! Work is in the expected demand of its steps, so that one class may ask for more than another: only the ratio of
//! what was asked for and what was served is meant to be used.

use std::ops::{AddAssign, Range};

use super::column::{Column, Series, column};
use super::part::Part;
use super::resource::Resource;

/// One resource row by row.
#[derive(Clone, Debug)]
pub struct LoadSeries {
    /// Which.
    pub of: Resource,
    /// Work that the requests which arrived would ask for, each as if it got through: requests, not their retries.
    pub asked: Vec<f64>,
    /// Squares of what each request asks for, added up over the requests of `asked`: by these, how far chance moves a sum.
    pub squares: Vec<f64>,
    /// Work that was done, that for retries and for clients who had gone included.
    pub served: Vec<f64>,
    /// 1 in rows in which all that was asked of it had waited in a queue that was empty again later, else 0.
    pub buffered: Vec<f64>,
    /// 1 in rows in which what such a queue has kept may be worked off: from where messages begin to wait until others wait that
    /// are never worked off, or until something comes that no queue has kept, else 0.
    pub worked_off: Vec<f64>,
    /// 1 in rows in which messages waited for it that were never worked off, else 0.
    pub stays: Vec<f64>,
    /// 1 in those of them in which nothing else was asked of it, else 0.
    pub kept: Vec<f64>,
    /// Its shards, replicas or instances, where it has more than one; of the first run.
    pub members: Vec<Member>,
    /// Whether each request goes to a member that has less to do than others: under load, all of them fill together.
    pub evened: bool,
    /// By which part of itself its work takes longer for each that waits for it; of the first run.
    pub lengthens: f64,
}

/// How many equal requests vary as much by chance as some do, by what these ask for and by the squares of that.
pub fn equal(asked: f64, squares: f64) -> f64 {
    if squares > 0.0 { asked * asked / squares } else { 0.0 }
}

impl LoadSeries {
    /// No rows yet.
    pub fn new(of: Resource) -> LoadSeries {
        let none = Vec::new;
        let (asked, squares, served) = (none(), none(), none());
        let (buffered, worked_off, stays, kept) = (none(), none(), none(), none());
        LoadSeries {
            of,
            asked,
            squares,
            served,
            buffered,
            worked_off,
            stays,
            kept,
            members: Vec::new(),
            evened: false,
            lengthens: 0.0,
        }
    }

    /// How many equal requests would vary as much by chance as those of some rows: all of them where each asks for as much,
    /// and about one where a single one asks for nearly everything.
    pub fn equal_requests(&self, rows: &Range<usize>) -> f64 {
        let sum = |column: &[f64]| column.iter().take(rows.end).skip(rows.start).sum::<f64>();
        equal(sum(&self.asked), sum(&self.squares))
    }

    /// Marks its rows by the backlog of the queues that lead to it, gone again later or not, and by what was asked of it by
    /// requests that come there themselves: these are not spread by any queue.
    pub fn spread_by(&mut self, backlogs: impl Iterator<Item = Option<bool>>, direct: &[f64]) {
        let mut is_worked_off = false;
        let number = |mark: bool| f64::from(u8::from(mark));
        for (is_gone, direct) in backlogs.zip(direct) {
            is_worked_off = *direct == 0.0 && is_gone.unwrap_or(is_worked_off);
            self.buffered.push(number(is_worked_off && is_gone.is_some()));
            self.worked_off.push(number(is_worked_off));
            self.stays.push(number(is_gone == Some(false)));
            self.kept.push(number(*direct == 0.0 && is_gone == Some(false)));
        }
    }

    /// The stretches of rows in which what a queue has kept may be worked off; of several runs, in most of them.
    pub fn times_to_work_off(&self) -> Vec<Range<usize>> {
        self.times(|row| self.is_worked_off(row))
    }

    /// The stretches of rows in which nothing was asked of it but what a queue has kept and was never worked off; of several runs, in
    /// most of them.
    pub fn times_of_backlog_that_stays(&self) -> Vec<Range<usize>> {
        self.times(|row| self.is_kept(row))
    }

    fn times(&self, is_open: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
        let rows: Vec<usize> = (0..self.worked_off.len()).collect();
        let times = rows.chunk_by(|one, next| is_open(*one) == is_open(*next));
        times.filter(|rows| is_open(rows[0])).map(|rows| rows[0]..rows[rows.len() - 1] + 1).collect()
    }

    /// Whether nothing was asked of it in a row but what a queue has kept and was never worked off; of several runs, in most of them.
    pub fn is_kept(&self, row: usize) -> bool {
        self.kept.get(row).is_some_and(|part| *part > 0.5)
    }

    /// Whether what a queue has kept may be worked off in a row.
    pub fn is_worked_off(&self, row: usize) -> bool {
        self.worked_off.get(row).is_some_and(|part| *part > 0.5)
    }

    /// Whether all that was asked of it in a row had waited in a queue on purpose; of several runs, in most of them.
    pub fn is_buffered(&self, row: usize) -> bool {
        self.buffered.get(row).is_some_and(|part| *part > 0.5)
    }

    /// Whether messages waited for it in a row that were never worked off; of several runs, in most of them.
    pub fn has_backlog_that_stays(&self, row: usize) -> bool {
        self.stays.get(row).is_some_and(|part| *part > 0.5)
    }
}

impl Series for LoadSeries {
    const KIND: &'static str = "load";
    const LABELS: &'static [&'static str] = &["of", "members"];
    const COLUMNS: &'static [Column<LoadSeries>] = &[
        column!(asked, Count),
        column!(squares, Count),
        column!(served, Count),
        column!(buffered, Count),
        column!(worked_off, Count),
        column!(stays, Count),
        column!(kept, Count),
    ];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// Most stretches of rows for which members are known apart, so that many members over many rows stay small.
pub const MOST_STRETCHES: usize = 1_000;

/// Rows that share a stretch, of so many in all.
pub fn rows_in_stretch(rows: usize) -> usize {
    rows.div_ceil(MOST_STRETCHES).max(1)
}

/// What a member did in a row.
#[derive(Clone, Copy, Debug)]
pub struct Noted {
    /// Which.
    pub part: Part,
    /// Its Availability Zone, from 0; only of instances.
    pub zone: Option<u32>,
    /// Work that its machine does in a unit of time: of different paces, members are unequal for a known reason.
    pub pace: f64,
    /// What it was given and did.
    pub spent: Spent,
}

impl Noted {
    /// One that was busy for so long of what it could be.
    pub fn new(part: Part, busy: f64, capacity: f64) -> Noted {
        Noted { part, zone: None, pace: 1.0, spent: Spent { busy, capacity, work: busy, given: 0.0 } }
    }
}

/// What a member did over some time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spent {
    /// Busy nanoseconds.
    pub busy: f64,
    /// Nanoseconds that it could have been busy.
    pub capacity: f64,
    /// Work that it did, in that of a machine of pace 1: less than usual for its time while it is cold or a fault makes it slower.
    pub work: f64,
    /// Attempts that were sent to it, served or not; 0 where nobody counts them.
    pub given: f64,
}

impl AddAssign for Spent {
    fn add_assign(&mut self, more: Spent) {
        self.busy += more.busy;
        self.capacity += more.capacity;
        self.work += more.work;
        self.given += more.given;
    }
}

/// One shard, replica or instance.
#[derive(Clone, Debug)]
pub struct Member {
    /// Which.
    pub part: Part,
    /// Its Availability Zone, from 0; only of instances.
    pub zone: Option<u32>,
    /// Work that its machine does in a unit of time: of different paces, members are unequal for a known reason.
    pub pace: f64,
    /// The stretch of rows with which the columns begin.
    first: usize,
    /// What it did in each stretch.
    stretches: Vec<Spent>,
}

impl Member {
    /// The member of which a row is noted, without the row.
    pub fn of(noted: &Noted) -> Member {
        let Noted { part, zone, pace, .. } = *noted;
        Member { part, zone, pace, first: 0, stretches: Vec::new() }
    }

    /// Adds a row to a stretch.
    pub fn add(&mut self, stretch: usize, spent: Spent) {
        if self.stretches.is_empty() {
            self.first = stretch;
        }
        let index = stretch - self.first;
        if self.stretches.len() <= index {
            self.stretches.resize(index + 1, Spent::default());
        }
        self.stretches[index] += spent;
    }

    /// Whether it had capacity in each of some stretches.
    pub fn is_there(&self, stretches: &Range<usize>) -> bool {
        let inside = stretches.start.checked_sub(self.first).and_then(|start| {
            let end = stretches.end.checked_sub(self.first)?;
            self.stretches.get(start..end)
        });
        inside.is_some_and(|inside| inside.iter().all(|it| it.capacity > 0.0))
    }

    /// What it did over some stretches.
    pub fn over(&self, stretches: &Range<usize>) -> Spent {
        let end = stretches.end.saturating_sub(self.first).min(self.stretches.len());
        let start = stretches.start.saturating_sub(self.first).min(end);
        let mut sum = Spent::default();
        self.stretches[start..end].iter().for_each(|it| sum += *it);
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_asks_for_nearly_all_counts_as_one() {
        let mut load = LoadSeries::new(Resource::Cpu { fleet: 0 });
        // Ten requests of 2 each, then those and one of 1,000.
        (load.asked, load.squares) = (vec![20.0, 1_020.0], vec![40.0, 40.0 + 1e6]);
        assert_eq!(load.equal_requests(&(0..1)), 10.0);
        assert!((load.equal_requests(&(1..2)) - 1.04).abs() < 0.001);
        assert_eq!(load.equal_requests(&(2..9)), 0.0, "nothing is known of rows that are not there");
    }
}

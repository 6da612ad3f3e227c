//! A resource that can fill, row by row. In: how busy it was, and what waited for it. Out: a [`Watched`] resource.
//!
//! A resource is full in a row when next to nothing of it was idle and requests waited for it: being busy alone is no
//! fault. Where it turns requests away, that alone says that it was full. A shard, a replica or an instance with nothing
//! left to give makes its resource full, however idle the others are.

use std::ops::Range;

use super::load::LoadSeries;
use super::member::{fullest, mark_full};
use super::part::Part;
use super::resource::Resource;
use crate::catalog::zone::Zone;

/// Percent busy, over a row, from which a resource is full if requests wait.
const FULL: f64 = 95.0;
/// Times what waited before that is much more. Assumption: chance hardly doubles it.
const MUCH_MORE: f64 = 2.0;
/// Requests that wait, on the mean of a row, from which they count.
pub const WAITING: f64 = 1.0;

/// Which rows of a resource are trouble by themselves, whatever the requests met.
#[derive(Clone, Debug, PartialEq)]
pub enum Trouble {
    /// Those in which it had nothing left to give while requests waited for it.
    NothingLeft,
    /// Those that are marked.
    Rows(Vec<bool>),
    /// None: it says why, and only requests say whether.
    Never,
}

/// A resource row by row.
#[derive(Clone, Debug)]
pub struct Watched<'a> {
    /// Which.
    pub of: Resource,
    /// The zone that it was lost with, or the zone that is lost; absent where that says nothing.
    pub zone: Option<Zone>,
    /// Whether it was full, all of it or a member.
    pub full: Vec<bool>,
    /// Whether it was because a member had nothing left to give, while the others had.
    pub member_full: Vec<bool>,
    /// Its members; absent where it has none, or no path leads to it.
    pub load: Option<&'a LoadSeries>,
    /// How many it turned away a second: no chance makes that anything else than being full. Empty where it never does.
    pub refused: Vec<f64>,
    /// How many requests a second failed at what it holds; empty where it is no strike.
    pub failed: Vec<f64>,
    /// Percent busy; empty where that has no meaning.
    pub busy: Vec<f64>,
    /// Requests waiting for it.
    pub waiting: Vec<f64>,
    /// Rows in which all that was asked of it had waited in a queue on purpose; empty where there are none.
    pub buffered: Vec<bool>,
    /// When it is trouble by itself.
    pub trouble: Trouble,
    /// Whether it can only come of something else, as an unhealthy target does.
    pub symptom: bool,
}

impl<'a> Watched<'a> {
    /// Full by how busy it is and how many wait.
    pub fn busy(of: Resource, busy: Vec<f64>, waiting: &[f64]) -> Watched<'a> {
        let pairs = busy.iter().zip(waiting);
        let full = pairs.map(|(busy, waiting)| *busy >= FULL && *waiting >= WAITING).collect();
        let waiting = waiting.to_vec();
        Watched { busy, waiting, trouble: Trouble::NothingLeft, ..Watched::marked(of, full) }
    }

    /// Whether it may be full for long before anybody feels it: a loss, a limit that is reached, row locks.
    pub fn is_harmless_alone(&self) -> bool {
        self.of.is_event() || self.trouble != Trouble::NothingLeft
    }

    /// Whether it was full on the mean of some rows, where chance may move their work by a part of itself: so few requests do not
    /// end what lasts.
    pub fn is_full_on_the_mean(&self, rows: &Range<usize>, chance: f64) -> bool {
        let mean = |column: &[f64]| {
            let column = column.get(rows.clone()).unwrap_or_default();
            column.iter().sum::<f64>() / column.len().max(1) as f64
        };
        mean(&self.busy) >= FULL * (1.0 - chance) && mean(&self.waiting) >= WAITING
    }

    /// Whether it began to be full within a row: it is busier than in the row before, and much more waits for it on the mean.
    pub fn fills_within(&self, row: usize) -> bool {
        let at = |column: &[f64], row: Option<usize>| row.and_then(|row| column.get(row)).copied();
        let (now, before) = (Some(row), row.checked_sub(1));
        let grows = |column: &[f64], times: f64| match (at(column, before), at(column, now)) {
            (before, Some(now)) => now > times * before.unwrap_or(0.0),
            _ => false,
        };
        let waits = at(&self.waiting, now).is_some_and(|waiting| waiting >= WAITING);
        waits && grows(&self.waiting, MUCH_MORE) && grows(&self.busy, 1.0)
    }

    /// Full where the marks say so.
    pub fn marked(of: Resource, full: Vec<bool>) -> Watched<'a> {
        Watched {
            of,
            zone: None,
            full,
            refused: Vec::new(),
            failed: Vec::new(),
            busy: Vec::new(),
            waiting: Vec::new(),
            buffered: Vec::new(),
            member_full: Vec::new(),
            load: None,
            trouble: Trouble::Never,
            symptom: false,
        }
    }

    /// Full as well where it turned requests away.
    #[must_use]
    pub fn or_refusing(mut self, refused: &[f64]) -> Watched<'a> {
        for (full, refused) in self.full.iter_mut().zip(refused) {
            *full |= *refused > 0.0;
        }
        self.refused = refused.to_vec();
        self
    }

    /// Whether it turned requests away in a row.
    pub fn refuses(&self, row: usize) -> bool {
        self.refused.get(row).is_some_and(|refused| *refused > 0.0)
    }

    /// Whether that is all that it did to anybody in a row: nobody waited but who was turned away.
    pub fn only_refuses(&self, row: usize) -> bool {
        let waiting = self.waiting.get(row).copied().unwrap_or(0.0);
        self.refuses(row) && waiting <= WAITING && self.member_full.get(row) != Some(&true)
    }

    /// Full as well where one of its members had nothing left to give, over a window of rows, while requests waited.
    #[must_use]
    pub fn or_a_member(mut self, load: &'a LoadSeries, window: usize) -> Watched<'a> {
        let mut full = vec![false; self.full.len()];
        mark_full(load, window, &mut full);
        for ((row, member), waiting) in self.full.iter_mut().zip(&mut full).zip(&self.waiting) {
            *member &= !*row && *waiting >= WAITING;
            *row |= *member;
        }
        Watched { member_full: full, load: Some(load), ..self }
    }

    /// The share of it that was busy in some rows, 0 in those in which a queue kept it busy on purpose: these say nothing of the
    /// room that it has. Absent where it has not so many rows.
    pub fn busy_by_traffic(&self, rows: &Range<usize>) -> Option<Vec<f64>> {
        let is_buffered = |row: usize| self.buffered.get(row) == Some(&true);
        let busy = self.busy.get(rows.clone())?.iter().zip(rows.clone());
        Some(busy.map(|(busy, row)| if is_buffered(row) { 0.0 } else { busy / 100.0 }).collect())
    }

    /// The fullest member over the `first` rows of some, where in most of these it was a member that made the resource full.
    pub fn fullest(&self, rows: &Range<usize>, first: &Range<usize>) -> Option<Part> {
        let count = |marks: &[bool]| rows.clone().filter(|&row| marks.get(row) == Some(&true)).count();
        match 2 * count(&self.member_full) > count(&self.full) {
            true => fullest(self.load?, first.clone(), 1.0)?.part,
            false => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fills_within_a_row_is_busier_there_and_much_more_waits() {
        let fills = |busy: [f64; 3], waiting: [f64; 3]| {
            Watched::busy(Resource::Service { service: 0 }, busy.to_vec(), &waiting).fills_within(1)
        };
        assert!(fills([80.0, 93.6, 100.0], [4.1, 198.0, 573.0]));
        assert!(!fills([80.0, 93.6, 100.0], [4.1, 5.0, 573.0]), "as much waited before");
        assert!(!fills([80.0, 80.0, 100.0], [4.1, 198.0, 573.0]), "it was no busier");
        assert!(!fills([0.0, 40.0, 100.0], [0.0, 0.5, 9.0]), "nothing waited on the mean");
    }

    #[test]
    fn what_is_nearly_full_is_told_from_full_by_its_requests() {
        let of = |busy: f64, waiting: f64| {
            Watched::busy(Resource::Service { service: 0 }, vec![busy; 10], &[waiting; 10])
        };
        let is_full = |busy, waiting, chance| of(busy, waiting).is_full_on_the_mean(&(2..8), chance);
        assert!(is_full(97.0, 3.0, 0.0) && !is_full(90.0, 3.0, 0.0));
        assert!(
            is_full(90.0, 3.0, 0.06),
            "few requests: chance moves their work by 6 %, and 95 % by that are 89.3 %"
        );
        assert!(!is_full(97.0, 0.5, 0.0), "nobody waits");
    }
}

//! Each resource row by row. In: the timeline and sizes of the scenario. Out: busy shares, and the [`Headroom`] of one.

use super::asked::{Lacking, WHOLE};
use super::found::{Headroom, Load};
use crate::kind;
use crate::kind::Scene;
use crate::measure::capacity::Capacity;
use crate::measure::load::LoadSeries;
use crate::measure::member::{fullest, mark_full};
use crate::measure::resource::Resource;
use crate::outcome::Timeline;
use crate::outcome::phases::{Reach, nothing_left};

/// Share of its capacity from which a resource has nothing left to give.
const FULL: f64 = 0.99;
/// Beyond a billion times the capacity a load says no more than that it is absurd.
const BUSY_MAX: f64 = 1e9;

/// One resource row by row.
pub(super) struct Series<'a> {
    resource: Capacity<'a>,
    /// What was asked of it; absent where no path leads to it.
    load: Option<&'a LoadSeries>,
}

pub(super) fn series<'a>(scene: &Scene<'a>) -> Vec<Series<'a>> {
    let loads = &scene.timeline.loads;
    let series =
        |resource: Capacity<'a>| Series { load: loads.iter().find(|load| load.of == resource.of), resource };
    kind::capacities(scene).into_iter().map(series).collect()
}

impl Series<'_> {
    pub fn of(&self) -> Resource {
        self.resource.of
    }

    /// In which rows it has nothing left to give while requests wait for it.
    pub fn full(&self, reach: &Reach) -> Vec<bool> {
        let percent: Vec<f64> = self.resource.busy.iter().map(|busy| 100.0 * busy).collect();
        // What a queue spreads on purpose may be as busy as it can: nothing waits for it that should not.
        let is_buffered = |row: usize| self.load.is_some_and(|load| load.is_buffered(row));
        let waiting = |row: usize| match self.resource.waiting {
            _ if is_buffered(row) => 0.0,
            None => f64::INFINITY,
            Some(waiting) => waiting.get(row).copied().unwrap_or(0.0),
        };
        let mut full = nothing_left(&percent, &waiting, &reach.around);
        if let Some(load) = self.load {
            let mut members = vec![false; full.len()];
            mark_full(load, reach.usual, &mut members);
            full.iter_mut().enumerate().for_each(|(row, full)| *full |= members[row] && waiting(row) > 0.0);
        }
        full.iter_mut().enumerate().for_each(|(row, full)| *full &= !is_buffered(row));
        full
    }

    /// As many rows as a server of it takes for one piece of work, if it is held for that. In fewer rows hardly any work begins
    /// where all of it is held, however little more is asked for.
    fn rows_of_work(&self, timeline: &Timeline) -> usize {
        let Some((load, at_once)) = self.load.zip(self.resource.at_once) else { return 0 };
        let held: f64 =
            self.resource.busy.iter().zip(&self.resource.there).map(|(busy, there)| busy * there).sum();
        let begun: f64 = load.served.iter().sum();
        // In rows: what was held is a sum over rows. Of unfinished work the time is not known.
        if begun > 0.0 {
            (at_once * held / begun).ceil().min(timeline.time_s.len() as f64) as usize
        } else {
            0
        }
    }

    /// Whether it was full only while there was nothing of it.
    fn is_absent(&self, full: &[bool]) -> bool {
        let mut there =
            full.iter().zip(&self.resource.there).filter(|(full, _)| **full).map(|(_, there)| *there);
        there.all(|there| there < WHOLE)
    }

    /// A column with its mean in each stretch of rows over which a queue has spread what came.
    fn spread(&self, column: Vec<f64>) -> Vec<f64> {
        let Some(load) = self.load else { return column };
        let rows: Vec<usize> = (0..column.len()).collect();
        let stretches = rows.chunk_by(|one, next| load.is_buffered(*one) == load.is_buffered(*next));
        let spread = stretches.flat_map(|rows| {
            let mean = rows.iter().map(|row| column[*row]).sum::<f64>() / rows.len() as f64;
            let is_buffered = load.is_buffered(rows[0]);
            rows.iter().map(move |row| (*row, is_buffered.then_some(mean)))
        });
        spread.map(|(row, mean)| mean.unwrap_or(column[row])).collect()
    }

    /// First rows of windows of so many rows, side by side, in which a member had nothing left to give.
    fn rows_of_full_members(&self, rows: usize, window: usize) -> Vec<usize> {
        let mut full = vec![false; self.resource.busy.len()];
        self.load.into_iter().for_each(|load| mark_full(load, window, &mut full));
        let (mut found, mut next) = (Vec::new(), 0);
        for row in (0..full.len()).filter(|&row| full[row]) {
            if row >= next {
                // A window that would reach beyond the end begins earlier.
                found.push(row.min(full.len().saturating_sub(rows)));
                next = row + rows.max(1);
            }
        }
        found
    }

    pub fn headroom(&self, timeline: &Timeline, rows: usize, reach: &Reach, lacking: &Lacking) -> Headroom {
        let rows = rows.max(self.rows_of_work(timeline)).min(timeline.time_s.len());
        let full = self.full(reach);
        let saturated = full.contains(&true);
        let asked = match self.of().delays_requests() {
            true => lacking.of(self.load, rows),
            false => lacking.or(&full, timeline, reach.usual).of(self.load, rows),
        };
        let group = self.resource.group.as_ref();
        let serving = |row: usize| group.and_then(|group| group.serving.get(row).copied());
        let work =
            self.resource.busy.iter().zip(&self.resource.there).map(|(busy, there)| busy * there).collect();
        let (work, there) = (self.spread(work), self.spread(self.resource.there.clone()));
        let load = |row: usize, busy: f64, of_member: bool, instances: &dyn Fn(usize) -> Option<f64>| {
            let requests = timeline.offered.iter().skip(row).take(rows).sum::<f64>() * timeline.bucket_s;
            let (part, factor) = self
                .load
                .filter(|_| of_member)
                .and_then(|load| fullest(load, row..row + rows, asked.factor(row), requests))
                .unzip();
            // A host as slow as a number can be is asked for more than a number can be.
            let busy = (busy * factor.unwrap_or(1.0)).min(BUSY_MAX);
            let load = Load {
                at_s: timeline.time_s.get(row).copied().unwrap_or(0.0),
                busy,
                multiplier: (busy > 0.0).then(|| 1.0 / busy),
                instances: instances(row),
            };
            (load, part)
        };
        let (row, busy) = asked.peak(&work, &there);
        let (mut as_it_stood, mut fullest) = load(row, busy, true, &serving);
        if saturated && as_it_stood.busy < FULL {
            // All together had something left. A member had not: when it was fullest counts.
            for row in self.rows_of_full_members(rows, reach.usual) {
                let share = |sum: &dyn Fn(&[f64]) -> f64| sum(&work) / sum(&there).max(f64::MIN_POSITIVE);
                let busy = share(&|column| column.iter().skip(row).take(rows).sum()) * asked.factor(row);
                let (then, part) = load(row, busy, true, &serving);
                if part.is_some() && then.busy > as_it_stood.busy {
                    (as_it_stood, fullest) = (then, part);
                }
            }
        }
        let at_maximum = group.and_then(|group| group.at_most.as_ref()).map(|at_most| {
            // Who drains counts beyond the largest size, and does not make it larger.
            let most = |row: usize| at_most.get(row).copied();
            let capacity = (0..work.len()).map(|row| most(row).unwrap_or(1.0).max(1.0));
            let (row, busy) = asked.peak(&work, &self.spread(capacity.collect()));
            // Those that are launched at different times are unequal meanwhile: that is no part of what all can do.
            load(row, busy, fullest.is_some(), &most).0
        });
        Headroom {
            absent: saturated && as_it_stood.busy < FULL && self.is_absent(&full),
            of: self.of(),
            resource: self.resource.resource.clone(),
            fullest,
            kind: self.resource.kind,
            as_it_stood,
            at_maximum,
            saturated,
            held_by: None,
        }
    }
}

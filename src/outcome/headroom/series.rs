//! Each resource row by row. In: the timeline and sizes of the scenario. Out: busy shares, and the [`Headroom`] of one.

use std::ops::Range;

use super::asked::{Factors, Lacking, largest};
use super::found::{Headroom, Load};
use super::steady::{Steady, Traffic, without};
use crate::kind;
use crate::kind::Scene;
use crate::measure::capacity::Capacity;
use crate::measure::load::LoadSeries;
use crate::measure::member::{FULL, fullest, mark_full};
use crate::measure::resource::Resource;
use crate::outcome::Timeline;
use crate::outcome::phases::{Reach, nothing_left, widened};

/// Beyond a billion times the capacity a load says no more than that it is absurd.
const BUSY_MAX: f64 = 1e9;

/// One resource row by row.
pub(in crate::outcome) struct Series<'a> {
    resource: Capacity<'a>,
    /// What was asked of it; absent where no path leads to it.
    load: Option<&'a LoadSeries>,
    /// Work that was done, and what there was to do it; where a queue spreads what comes, its mean.
    work: Vec<f64>,
    there: Vec<f64>,
    /// The rows that are expected to be alike.
    pub steady: Steady<'a>,
}

/// All resources, by rows that are means of so many runs.
pub(in crate::outcome) fn series<'a>(scene: &Scene<'a>, traffic: &Traffic, runs: usize) -> Vec<Series<'a>> {
    let loads = &scene.timeline.loads;
    let series = |resource: Capacity<'a>| {
        let load = loads.iter().find(|load| load.of == resource.of);
        let work = resource.busy.iter().zip(&resource.there).map(|(busy, there)| busy * there).collect();
        let (work, there) = (spread(load, work), spread(load, resource.there.clone()));
        let steady = Steady::new(traffic, (&work, &there), load, runs);
        Series { resource, load, work, there, steady }
    };
    kind::capacities(scene).into_iter().map(series).collect()
}

/// A column with its mean in each stretch of rows over which a queue has spread what came.
fn spread(load: Option<&LoadSeries>, column: Vec<f64>) -> Vec<f64> {
    let Some(load) = load else { return column };
    let rows: Vec<usize> = (0..column.len()).collect();
    let stretches = rows.chunk_by(|one, next| load.is_buffered(*one) == load.is_buffered(*next));
    let spread = stretches.flat_map(|rows| {
        let mean = rows.iter().map(|row| column[*row]).sum::<f64>() / rows.len() as f64;
        let is_buffered = load.is_buffered(rows[0]);
        rows.iter().map(move |row| (*row, is_buffered.then_some(mean)))
    });
    spread.map(|(row, mean)| mean.unwrap_or(column[row])).collect()
}

/// What the headroom of every resource goes by.
pub(super) struct About<'a> {
    pub reach: &'a Reach,
    pub lacking: &'a Lacking,
    pub traffic: &'a Traffic,
}

/// The rows that asked for most of what there was.
#[derive(Clone, Debug)]
struct Peak {
    rows: Range<usize>,
    /// The share of it that they asked for.
    busy: f64,
    /// What they asked for over what they were served.
    factor: f64,
}

impl Series<'_> {
    pub fn of(&self) -> Resource {
        self.resource.of
    }

    /// In which rows it has nothing left to give while requests wait for it, and that not by chance.
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
        let mut rows = widened(&full, &reach.around);
        without(&mut rows, |rows| self.steady.explains(rows));
        full.iter_mut().zip(rows).for_each(|(full, row)| *full &= row);
        if let Some(load) = self.load {
            let mut members = vec![false; full.len()];
            mark_full(load, reach.usual, &mut members);
            members.iter_mut().enumerate().for_each(|(row, full)| *full &= waiting(row) > 0.0);
            without(&mut members, |rows| self.steady.explains_members(rows));
            full.iter_mut().zip(members).for_each(|(full, member)| *full |= member);
        }
        full.iter_mut().enumerate().for_each(|(row, full)| *full &= !is_buffered(row));
        full
    }

    /// The rows that asked for the largest share of what there was. Of rows that are expected to be alike, all of them count,
    /// unless some ask for more than chance explains.
    fn peak(&self, rows: usize, there: &[f64], alike: &Steady<'_>, asked: &dyn Fn(usize) -> Factors) -> Peak {
        let factors = asked(rows);
        let (first, busy) = factors.peak(&self.work, there);
        let busiest = Peak { rows: first..first + rows, busy, factor: factors.factor(first) };
        let Some(mut now) = alike.around(&busiest.rows).filter(|around| around.len() > rows) else {
            return busiest;
        };
        loop {
            let factors = asked(now.len());
            let all = factors.shares(&self.work, there);
            let Some(busy) = all.get(now.start).copied().flatten() else { return busiest };
            let narrower = std::iter::successors(Some(now.len() / 2), |width| Some(width / 2));
            let excess = narrower.take_while(|width| *width >= rows).find_map(|width| {
                let shares = asked(width).shares(&self.work, there);
                let (first, most) = largest(&shares, now.start..now.end + 1 - width)?;
                let found = first..first + width;
                (most > busy * (1.0 + alike.chance(&found))).then_some(found)
            });
            match excess {
                Some(found) => now = found,
                None => return Peak { factor: factors.factor(now.start), rows: now, busy },
            }
        }
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

    pub(super) fn headroom(&self, timeline: &Timeline, rows: usize, about: &About<'_>) -> Headroom {
        let About { reach, lacking, traffic } = *about;
        let full = self.full(reach);
        let saturated = full.contains(&true);
        let own = (!self.of().delays_requests()).then(|| lacking.or(&full, timeline, reach.usual));
        let lacking = own.as_ref().unwrap_or(lacking);
        let asked = |width: usize| lacking.of(self.load, width);
        let group = self.resource.group.as_ref();
        let serving = |row: usize| group.and_then(|group| group.serving.get(row).copied());
        let (work, there) = (&self.work, &self.there);
        let load = |peak: &Peak, of_member: bool, instances: &dyn Fn(usize) -> Option<f64>| {
            let member = self.load.filter(|_| of_member);
            let member = member.and_then(|load| fullest(load, peak.rows.clone(), peak.factor));
            let (part, factor) = member.unzip();
            // A host as slow as a number can be is asked for more than a number can be.
            let busy = (peak.busy * factor.unwrap_or(1.0)).min(BUSY_MAX);
            let load = Load {
                at_s: timeline.time_s.get(peak.rows.start).copied().unwrap_or(0.0),
                busy,
                multiplier: (busy > 0.0).then(|| 1.0 / busy),
                instances: instances(peak.rows.start),
            };
            (load, part)
        };
        let peak = self.peak(rows, there, &self.steady, &asked);
        let (mut as_it_stood, mut fullest) = load(&peak, true, &serving);
        if saturated && as_it_stood.busy < FULL {
            // All together had something left. A member had not: when it was fullest counts.
            let factors = asked(rows);
            for row in self.rows_of_full_members(rows, reach.usual) {
                let rows = row..row + rows;
                let sum = |column: &[f64]| column.iter().take(rows.end).skip(row).sum::<f64>();
                let factor = factors.factor(row);
                let busy = sum(work) / sum(there).max(f64::MIN_POSITIVE) * factor;
                let (then, part) = load(&Peak { rows, busy, factor }, true, &serving);
                if part.is_some() && then.busy > as_it_stood.busy {
                    (as_it_stood, fullest) = (then, part);
                }
            }
        }
        let at_maximum = group.and_then(|group| group.at_most.as_ref()).map(|at_most| {
            // Who drains counts beyond the largest size, and does not make it larger.
            let most = |row: usize| at_most.get(row).copied();
            let capacity = (0..work.len()).map(|row| most(row).unwrap_or(1.0).max(1.0));
            let capacity = spread(self.load, capacity.collect());
            let alike = Steady::new(traffic, (work, &capacity), self.load, self.steady.runs());
            let peak = self.peak(rows, &capacity, &alike, &asked);
            // Those that are launched at different times are unequal meanwhile: that is no part of what all can do.
            load(&peak, fullest.is_some(), &most).0
        });
        Headroom {
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

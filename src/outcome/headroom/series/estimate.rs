//! The headroom of one resource. In: its rows, what lacks in them, and the traffic. Out: a [`Headroom`].

use std::ops::Range;

use super::super::found::{Headroom, Load};
use super::super::glut::more_than_a_moment;
use super::super::peak::{Columns, Peak};
use super::super::spread::Spread;
use super::super::steady::Steady;
use super::{About, Series, done};
use crate::kind::view::mean;
use crate::measure::member::{FULL, fullest, slowest};
use crate::outcome::Timeline;

/// Part of the pace that is clearly slower. Assumption: as for a strike that changes nothing, twice that.
const SLOWER: f64 = 0.9;
/// Beyond a billion times the capacity a load says no more than that it is absurd.
const BUSY_MAX: f64 = 1e9;

impl Series<'_> {
    /// How far it is from being full, by so many rows that are busiest together.
    pub(in crate::outcome::headroom) fn headroom(
        &self,
        timeline: &Timeline,
        rows: usize,
        about: &About<'_>,
    ) -> Headroom {
        let settling = self.rows_of_work(timeline);
        let rows = rows.max(settling).min(timeline.time_s.len());
        let About { reach, lacking, traffic, .. } = *about;
        let mut full = self.full(reach);
        let burst = self.bursts.iter().max_by(|one, other| one.work_s.total_cmp(&other.work_s));
        let bursts = || self.bursts.iter().map(|burst| burst.rows.clone());
        bursts().for_each(|rows| full[rows].fill(false));
        let alone = (!self.of().delays_requests()).then(|| lacking.or(&full, timeline, reach.usual));
        let lacking = alone.as_ref().unwrap_or(lacking);
        let factors = lacking.of(self.load, rows);
        let grown = self.grown(&full, reach, &factors);
        grown.iter().for_each(|rows| full[rows.clone()].fill(false));
        let of_bursts = || bursts().chain(grown.iter().cloned());
        let group = self.resource.group.as_ref();
        // All the time in which a backlog can be worked off has as many as there were on the mean.
        let serving = |rows: &Range<usize>| {
            let serving = group.map(|group| group.serving)?;
            match self.spread.time(rows) {
                Some(time) => Some(mean(serving, &time)),
                None => serving.get(rows.start).copied(),
            }
        };
        let aftermaths = self.aftermaths(&full, reach, &factors);
        // The rows of bursts say nothing of the rest, nor do those after there was nothing of it.
        let without_bursts = |column: &[f64]| {
            let mut column = column.to_vec();
            of_bursts().chain(aftermaths.iter().cloned()).for_each(|rows| column[rows].fill(0.0));
            column
        };
        let (work, there) = (&without_bursts(&self.spread.work), &without_bursts(&self.spread.there));
        let unhealthy = self.unhealthy_by_load(reach);
        let is_healthy = |rows: &Range<usize>| {
            !rows.clone().any(|row| unhealthy.get(row) == Some(&true) || self.is_kept(row))
        };
        let busy = |peak: &Peak, of_member: bool| {
            let member = self.load.filter(|_| of_member && is_healthy(&peak.rows));
            let member = member.and_then(|load| fullest(load, peak.rows.clone(), peak.factor));
            let (part, times) = member.map_or((None, 1.0), |member| (member.part, member.times));
            // A host as slow as a number can be is asked for more than a number can be.
            ((peak.busy * times).min(BUSY_MAX), part)
        };
        // What keeps it busy besides, such as polls that find nothing, does not grow with the traffic.
        let is_asked = self.load.is_none_or(|load| load.asked.iter().any(|asked| *asked > 0.0));
        let of_burst = |at_s: f64, busy: f64, instances: Option<f64>| Load {
            at_s,
            until_s: None,
            busy,
            multiplier: Some(1.0 / busy),
            instances,
        };
        let time = |row: usize| timeline.time_s.get(row).copied().unwrap_or(about.end_s);
        let until = |rows: &Range<usize>, spread: &Spread| {
            spread.time(rows).filter(|all| *all == *rows).map(|all| time(all.end))
        };
        let load = |peaks: &[Peak; 2],
                    (of_member, spread): (bool, &Spread),
                    instances: &dyn Fn(&Range<usize>) -> Option<f64>| {
            let (peak, (busy, part)) = self.wider(peaks, |peak| busy(peak, of_member));
            let load = Load {
                until_s: until(&peak.rows, spread),
                at_s: timeline.time_s.get(self.first_of(&peak.rows, &full)).copied().unwrap_or(0.0),
                busy,
                multiplier: (busy > 0.0 && is_asked).then(|| 1.0 / busy),
                instances: instances(&peak.rows),
            };
            (load, part)
        };
        let columns = Columns {
            work,
            there,
            spread: &self.spread,
            first: 0,
            alike: &self.steady,
            settling,
            fewest: more_than_a_moment(timeline.bucket_s),
            lacking: &lacking.rows,
            asked: &factors,
        };
        let own = &self.spread;
        let peaks = columns.peaks(rows);
        let (mut as_it_stood, mut fullest) = load(&peaks, (true, own), &serving);
        // What was asked for more than there was has not been full by chance.
        let by_load = self.without_absences(&full, reach);
        let was_full = || {
            let mut full = self.was_full(reach);
            grown.iter().for_each(|rows| full[rows.clone()].fill(false));
            full.contains(&true)
        };
        let is_loaded = by_load.contains(&true) || as_it_stood.busy >= FULL && was_full();
        // Rows in which there is nothing of it say nothing of how much it carries.
        let absent = !is_loaded && full.contains(&true);
        let saturated = is_loaded || absent;
        let brief = self.brief.as_ref().filter(|_| !saturated);
        let mut at_once_s = burst.map(|burst| burst.work_s);
        if let Some(brief) = brief.filter(|it| it.part() > as_it_stood.busy) {
            // What is gone in a moment is no limit yet: so many times as much is.
            let at_s = time(brief.rows.start);
            (as_it_stood, fullest) = (of_burst(at_s, brief.part(), serving(&brief.rows)), None);
            at_once_s = Some(brief.work_s);
        }
        let came_at_once = burst.filter(|_| !saturated).map(|burst| Load {
            at_s: timeline.time_s.get(burst.rows.start).copied().unwrap_or(0.0),
            until_s: None,
            busy: 1.0,
            multiplier: None,
            instances: serving(&burst.rows),
        });
        if is_loaded && as_it_stood.busy < FULL {
            // All together had something left. A member had not: when it was fullest counts.
            let windows = self.rows_of_full_members(rows, reach.usual).into_iter().map(|row| row..row + rows);
            for rows in windows.filter(is_healthy) {
                let row = rows.start;
                let sum = |column: &[f64]| column.iter().take(rows.end).skip(row).sum::<f64>();
                let factor = factors.factor(row);
                let busy = sum(work) / sum(there).max(f64::MIN_POSITIVE) * factor;
                let then = Peak { rows, busy, factor };
                let (then, part) = load(&[then.clone(), then], (true, own), &serving);
                if part.is_some() && then.busy > as_it_stood.busy {
                    (as_it_stood, fullest) = (then, part);
                }
            }
        }
        if let Some(of) = self.load.filter(|_| is_loaded && as_it_stood.busy >= FULL) {
            // Cold instances get faster: the rows in which they were slowest are not levelled by those after them.
            let slower = slowest(of, &peaks[1].rows) * SLOWER;
            let windows = self.rows_of_full_members(reach.usual, reach.usual).into_iter();
            let windows = windows.map(|row| row..row + reach.usual).filter(is_healthy);
            for rows in windows.filter(|rows| slowest(of, rows) < slower) {
                let factor = factors.of_all(&rows);
                let then = Peak { busy: self.busy_over(&rows) * factor, rows, factor };
                let (then, part) = load(&[then.clone(), then], (true, own), &serving);
                if part.is_some() && then.busy > as_it_stood.busy {
                    (as_it_stood, fullest) = (then, part);
                }
            }
        }
        if let Some(rows) = self.always.clone().filter(|_| is_loaded) {
            // What came at once came again and again: all of it counts, and no few rows of it.
            let factor = factors.of_all(&rows);
            let peak = Peak { busy: self.busy_over(&rows) * factor, factor, rows };
            (as_it_stood, fullest) = load(&[peak.clone(), peak], (true, own), &serving);
        }
        if is_loaded && as_it_stood.busy < FULL {
            // Its busiest rows had room. So those count in which it was full.
            let peak = self.overload(&by_load, reach, &factors);
            as_it_stood =
                peak.map_or(as_it_stood, |peak| load(&[peak.clone(), peak], (false, own), &serving).0);
        }
        let at_maximum = group.and_then(|group| group.at_most.as_ref()).map(|at_most| {
            // Who drains counts beyond the largest size, and does not make it larger.
            let most = |rows: &Range<usize>| at_most.get(rows.start).copied();
            // Messages wait until it has grown, and while they do it is as large as it was.
            let capacity =
                at_most.iter().zip(&self.resource.there).enumerate().map(|(row, (most, there))| {
                    match self.load.is_some_and(|load| load.is_buffered(row)) {
                        true => *there,
                        false => most.max(1.0),
                    }
                });
            let spread = {
                let columns = (done(&self.resource), capacity.collect());
                Spread::new(self.load, columns, self.resource.at_once, &self.stopped)
            };
            let (work, there) = (&without_bursts(&spread.work), &without_bursts(&spread.there));
            let alike = Steady::new(traffic, (work, there), self.load, self.steady.runs());
            let columns = Columns { work, there, spread: &spread, alike: &alike, ..columns };
            // Those that are launched at different times are unequal meanwhile: that is no part of what all can do.
            let evened = self.load.is_some_and(|load| load.evened);
            let found = load(&columns.peaks(rows), (fullest.is_some() || evened, &spread), &most).0;
            let of_brief = brief.and_then(|it| {
                let (stood, most) = (serving(&it.rows)?, most(&it.rows)?);
                Some(of_burst(time(it.rows.start), it.part() * stood / most.max(1.0), Some(most)))
            });
            of_brief.filter(|it| it.busy > found.busy).unwrap_or(found)
        });
        let longer = self.longer();
        let mut found = Headroom {
            at_once_s,
            absent,
            of: self.of(),
            resource: self.resource.resource.to_string(),
            fullest,
            kind: self.resource.kind,
            as_it_stood: came_at_once.unwrap_or(as_it_stood),
            at_maximum,
            saturated: saturated || came_at_once.is_some(),
            closed: false,
            endless: false,
            held_by: None,
            by_runs: None,
        };
        let most = if saturated { f64::INFINITY } else { 1.0 / found.as_it_stood.busy };
        // What was not full carried what came.
        found.ask_for(longer.min(most).max(1.0));
        found
    }
}

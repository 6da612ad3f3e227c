//! Each resource row by row. In: the timeline and sizes of the scenario. Out: busy shares, and where each was full.

mod estimate;

use std::collections::BTreeMap;
use std::ops::Range;

use super::asked::{Factors, Lacking, WHOLE};
use super::glut::{EXPECTED, gluts};
use super::kept::Kept;
use super::lengthened::lengthened;
use super::peak::{Columns, Peak, fuller};
use super::spread::{Spread, without_edges};
use super::steady::{Steady, Traffic, is_same, without};
use super::stopped::Stopped;
use super::sudden::{Burst, bursts, unending};
use crate::id::Owner;
use crate::kind;
use crate::kind::Scene;
use crate::kind::view::at;
use crate::measure::capacity::Capacity;
use crate::measure::load::LoadSeries;
use crate::measure::member::{FULL, fullest, mark_full};
use crate::measure::part::Part;
use crate::measure::resource::Resource;
use crate::measure::watched::Watched;
use crate::outcome::Timeline;
use crate::outcome::columns::{middle, stretches};
use crate::outcome::phases::{Reach, nothing_left, widened};
use crate::scenario::Scenario;

/// One resource row by row.
pub(in crate::outcome) struct Series<'a> {
    resource: Capacity<'a>,
    /// What was asked of it; absent where no path leads to it.
    load: Option<&'a LoadSeries>,
    /// Work that was done, and what there was to do it, as a queue spreads it.
    spread: Spread,
    /// The rows in which nothing could be done.
    stopped: Vec<bool>,
    /// Whether a fault has kept what is held of it for longer, so that it counts with its usual time.
    pub(super) eased: bool,
    /// The rows in which it was full because a fault kept what was held of it; empty where there were none.
    kept: Vec<bool>,
    /// The rows in which targets of its fleet were unhealthy; empty where they never were.
    unhealthy: Vec<bool>,
    /// The rows in which it was busy with more than it could do of what came at once.
    pub glut: Vec<bool>,
    /// What came of it at one instant and filled it.
    pub(super) bursts: Vec<Burst>,
    /// The rows in which bursts came before those before them were worked off, until the end: they are what always comes.
    always: Option<Range<usize>>,
    /// The largest that came at one instant and was gone in a moment.
    brief: Option<Burst>,
    /// The rows that are expected to be alike.
    pub steady: Steady<'a>,
}

/// All resources, by what is watched and by rows that are means of so many runs.
pub(in crate::outcome) fn series<'a>(
    scenario: &Scenario,
    scene: &Scene<'a>,
    watched: &[Watched<'_>],
    traffic: &Traffic,
    runs: usize,
) -> Vec<Series<'a>> {
    let loads = &scene.timeline.loads;
    let capacities = kind::capacities(scene);
    let stopped = Stopped::of(scenario, scene, &capacities);
    let targets = watched.iter().filter_map(|it| match it.of {
        Resource::Targets { fleet } if it.full.contains(&true) => Some((fleet, it.full.clone())),
        _ => None,
    });
    let unhealthy: BTreeMap<usize, Vec<bool>> = targets.collect();
    let faults = Kept::of(scene, watched);
    let series = |mut resource: Capacity<'a>| {
        let load = loads.iter().find(|load| load.of == resource.of);
        let blocked = kind::blocked(scene, resource.of).map_or(Vec::new(), |(_, rows)| rows);
        let kept = faults.ease(&mut resource, load, &blocked);
        let (eased, kept) = (kept.is_some(), kept.unwrap_or_default());
        let stopped = stopped.rows(resource.of);
        let spread = {
            let columns = (done(&resource), resource.there.clone());
            Spread::new(load, columns, resource.at_once, &stopped)
        };
        let steady = Steady::new(traffic, (&spread.work, &spread.there), load, runs);
        let mut glut = {
            // What a queue has kept comes at once for nobody.
            let is_spread = |row: usize| load.is_some_and(|load| load.is_worked_off(row));
            let counted =
                |row: usize| resource.waiting.as_deref().map_or(f64::INFINITY, |waiting| waiting[row]);
            let waiting = |row: usize| if is_spread(row) { 0.0 } else { counted(row) };
            let load = load.filter(|load| load.times_to_work_off().is_empty());
            let regular = steady.is_regular(traffic);
            gluts(load, (&done(&resource), &resource.there, regular), waiting, scene.timeline.bucket_s)
        };
        without_edges(&mut glut, &resource.busy, load);
        // What was turned away was asked for; by chance that is too much now and then.
        let refusing = steady.refusing(&resource.refusing);
        glut.iter_mut().zip(refusing).for_each(|(glut, refusing)| *glut |= refusing);
        // What waits for a fault has not come at once.
        glut.iter_mut().zip(&kept).for_each(|(glut, kept)| *glut &= !kept);
        let bucket_s = scene.timeline.bucket_s;
        let (mut bursts, brief) = {
            let (work, busy_with) = (done(&resource), (traffic.sudden(), glut.as_slice()));
            let all = bursts(load, (&work, &resource.there), busy_with, bucket_s).into_iter();
            all.partition::<Vec<Burst>, _>(|burst| burst.fills)
        };
        let brief =
            brief.into_iter().reduce(|one, other| if other.work_s > one.work_s { other } else { one });
        let always = unending(&bursts, glut.len());
        if let Some(rows) = &always {
            glut[rows.clone()].fill(true);
            bursts.retain(|burst| burst.rows.end <= rows.start);
        }
        // The last row of a burst has time for more.
        bursts.iter().for_each(|burst| glut[burst.rows.start..burst.rows.end - 1].fill(true));
        let unhealthy = match resource.of.owner() {
            Owner::Fleet(fleet) => unhealthy.get(&fleet).cloned().unwrap_or_default(),
            _ => Vec::new(),
        };
        Series {
            resource,
            load,
            spread,
            stopped,
            eased,
            kept,
            unhealthy,
            glut,
            bursts,
            always,
            brief,
            steady,
        }
    };
    capacities.into_iter().map(series).collect()
}

/// The work of each row, in the unit of what there was.
fn done(resource: &Capacity<'_>) -> Vec<f64> {
    resource.busy.iter().zip(&resource.there).map(|(busy, there)| busy * there).collect()
}

/// What the headroom of every resource goes by.
pub(super) struct About<'a> {
    pub reach: &'a Reach,
    pub lacking: &'a Lacking<'a>,
    pub traffic: &'a Traffic,
    /// End of the run, seconds.
    pub end_s: f64,
}

impl Series<'_> {
    pub fn of(&self) -> Resource {
        self.resource.of
    }

    /// Rows in which workers did nothing because something that they need was lost, for longer than chance explains.
    pub fn standstill(&self, bucket_s: f64) -> Vec<bool> {
        let mut rows = vec![false; self.stopped.len()];
        let Some(finished) = &self.resource.finished else { return rows };
        let mean = bucket_s * finished.iter().sum::<f64>() / finished.len().max(1) as f64;
        for (alike, stopped) in stretches(&self.stopped) {
            let expected = mean * alike.len() as f64;
            rows[alike].fill(stopped && expected >= EXPECTED);
        }
        rows
    }

    /// Whether there was as much of it in two rows.
    pub fn is_as_large(&self, row: usize, other: usize) -> bool {
        let there = |row: usize| self.resource.there.get(row).copied().unwrap_or(0.0);
        is_same(there(row), there(other))
    }

    /// The part of it that was busy in some rows.
    pub fn busy_over(&self, rows: &Range<usize>) -> f64 {
        let sum = |of: &dyn Fn(usize) -> f64| rows.clone().map(of).sum::<f64>();
        let (busy, there) = (&self.resource.busy, &self.resource.there);
        let all = sum(&|row| there[row]);
        if all > 0.0 { sum(&|row| busy[row] * there[row]) / all } else { 0.0 }
    }

    /// In which rows it has nothing left to give while requests wait for it, by chance or not.
    pub fn was_full(&self, reach: &Reach) -> Vec<bool> {
        let [mut all, members] = self.full_by(reach);
        all.iter_mut().zip(members).for_each(|(full, member)| *full |= member);
        all
    }

    /// The same without what chance explains.
    pub fn full(&self, reach: &Reach) -> Vec<bool> {
        let [mut all, mut members] = self.full_by(reach);
        let mut rows = widened(&all, &reach.around);
        without(&mut rows, |rows| self.steady.explains(rows));
        without(&mut members, |rows| self.steady.explains_members(rows));
        all.iter_mut()
            .zip(rows)
            .zip(members)
            .for_each(|((full, row), member)| *full = *full && row || member);
        // No chance brings as much at once.
        all.iter_mut().zip(&self.glut).for_each(|(full, glut)| *full |= glut);
        all
    }

    /// The same with those in which a fault kept what was held of it: there too, requests were not served.
    pub fn full_or_kept(&self, reach: &Reach) -> Vec<bool> {
        let mut all = self.full(reach);
        all.iter_mut().zip(&self.kept).for_each(|(full, kept)| *full |= kept);
        all
    }

    /// Whether a fault kept what was held of it in a row.
    fn is_kept(&self, row: usize) -> bool {
        self.kept.get(row) == Some(&true)
    }

    /// In which rows all of it, and in which a member, has nothing left to give while requests wait.
    fn full_by(&self, reach: &Reach) -> [Vec<bool>; 2] {
        let percent: Vec<f64> = self.resource.busy.iter().map(|busy| 100.0 * busy).collect();
        // What a queue spreads on purpose may be as busy as it can: nothing waits for it that should not.
        let is_buffered = |row: usize| self.load.is_some_and(|load| load.is_buffered(row));
        let waiting = |row: usize| match self.resource.waiting.as_deref() {
            _ if is_buffered(row) => 0.0,
            None => f64::INFINITY,
            Some(waiting) => waiting.get(row).copied().unwrap_or(0.0),
        };
        let mut all = nothing_left(&percent, &waiting, &reach.around);
        all.iter_mut().zip(&self.glut).for_each(|(full, glut)| *full |= glut);
        all.iter_mut().enumerate().for_each(|(row, full)| *full &= !is_buffered(row));
        let mut members = vec![false; all.len()];
        self.load.into_iter().for_each(|load| mark_full(load, reach.usual, &mut members));
        members
            .iter_mut()
            .enumerate()
            .for_each(|(row, full)| *full &= waiting(row) > 0.0 && !self.is_kept(row));
        without_edges(&mut all, &self.resource.busy, self.load);
        without_edges(&mut members, &self.resource.busy, self.load);
        [all, members]
    }

    /// Times as full as its work alone makes it, where each that waits makes that longer.
    fn longer(&self) -> f64 {
        let Some(load) = self.load.filter(|load| load.lengthens > 0.0) else { return 1.0 };
        lengthened(load.lengthens, load.served.iter().sum())
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

    /// The first of some rows in which it was full, else in which something was asked of it or done.
    fn first_of(&self, rows: &Range<usize>, full: &[bool]) -> usize {
        if let Some(first) = rows.clone().find(|&row| full.get(row) == Some(&true)) {
            return first;
        }
        let asked = |row: usize| self.load.map_or(0.0, |load| at(&load.asked, row));
        let is_used = |row: &usize| asked(*row) > 0.0 || at(&self.spread.work, *row) > 0.0;
        rows.clone().find(is_used).unwrap_or(rows.start)
    }

    /// The rows of a span after a trouble without those in which it was still done what came before them: up to the first row in
    /// which no more was served than came, and at most the first half.
    pub fn settled(&self, span: &Range<usize>) -> Range<usize> {
        let Some(load) = self.load.filter(|_| span.start > 0) else { return span.clone() };
        let ratio =
            |row: usize| Some(at(&load.served, row) / at(&load.asked, row)).filter(|it| it.is_finite());
        let usual = middle(span.clone().filter_map(ratio).collect()).unwrap_or(1.0);
        let is_own = |row: &usize| at(&load.served, *row) <= usual * at(&load.asked, *row);
        let half = span.start + span.len() / 2;
        (span.start..half).find(is_own).unwrap_or(half)..span.end
    }

    /// Takes back the marks of rows in which it was full because there was nothing of it for a time: then, and as long after that as
    /// it was full without a break.
    fn without_absences(&self, full: &[bool], reach: &Reach) -> Vec<bool> {
        let mut others = full.to_vec();
        self.absences(full, reach).into_iter().for_each(|rows| others[rows].fill(false));
        others
    }

    /// The stretches of rows in which it was full, and in some of which there was nothing of it.
    fn absences(&self, full: &[bool], reach: &Reach) -> Vec<Range<usize>> {
        let is_absent = |row: usize| full[row] && at(&self.resource.there, row) < WHOLE;
        let marks = widened(full, &reach.around);
        let all = stretches(&marks).filter(|(_, full)| *full).map(|(rows, _)| rows);
        all.filter(|rows| rows.clone().any(is_absent)).collect()
    }

    /// The stretches of rows in which requests waited because it had not grown yet, that were over before the end, and after which less than all of
    /// it was asked for until then: how large it is at first is no limit of the traffic.
    fn grown(&self, full: &[bool], reach: &Reach, factors: &Factors) -> Vec<Range<usize>> {
        let growing = &self.resource.growing;
        let is_growing = |row: usize| growing.get(row) == Some(&true);
        if !growing.contains(&true) {
            return Vec::new();
        }
        let marks: Vec<bool> = (0..full.len()).map(|row| full[row] || is_growing(row)).collect();
        let marks = widened(&marks, &reach.around);
        let has_room = |rows: &Range<usize>| {
            let Some(last) = rows.clone().rev().find(|&row| is_growing(row)) else { return false };
            let after = factors.until_most_left(&(last + 1..rows.end));
            after.is_empty() || self.busy_over(&after) * factors.of_all(&after) < FULL
        };
        let all = stretches(&marks).filter(|(_, marked)| *marked).map(|(rows, _)| rows);
        all.filter(|rows| rows.end < full.len() && has_room(rows)).collect()
    }

    /// Those of them that were over before the end, and after which less than all of it was asked for until then: what was done there had
    /// waited, or had come back, because there was nothing of it.
    fn aftermaths(&self, full: &[bool], reach: &Reach, factors: &Factors) -> Vec<Range<usize>> {
        let has_room = |rows: &Range<usize>| {
            let absent = rows.clone().rev().find(|&row| at(&self.resource.there, row) < WHOLE);
            let after = absent.map_or(rows.start, |row| row + 1)..rows.end;
            after.is_empty() || self.busy_over(&after) * factors.of_all(&after) < FULL
        };
        let mut found = self.absences(full, reach);
        found.retain(|rows| rows.end < full.len() && has_room(rows));
        found
    }

    /// Of two peaks the wider one, by the share of its fullest member, unless that was busier in the narrow one by more than chance.
    fn wider<T>(&self, [narrow, wide]: &[Peak; 2], busy: impl Fn(&Peak) -> (f64, T)) -> (Peak, (f64, T)) {
        let members = self.load.map_or(1, |load| load.members.len()).max(1);
        let (few, all) = (busy(narrow), busy(wide));
        match few.0 > all.0 * (1.0 + self.steady.chance_of_one(&narrow.rows, members)) {
            true => (narrow.clone(), few),
            false => (wide.clone(), all),
        }
    }

    /// The rows of a span, at least so many, that were busiest by a column of shares, their share, and the fullest member there.
    pub fn busiest(
        &self,
        busy: &[f64],
        span: &Range<usize>,
        width: usize,
    ) -> Option<(Range<usize>, f64, Option<Part>)> {
        let there = self.resource.there.get(span.clone())?;
        let work: Vec<f64> = busy.iter().zip(there).map(|(busy, there)| busy * there).collect();
        let width = width.min(work.len());
        let (work, alike, asked) = (work.as_slice(), &self.steady, &Factors::none(width));
        let (spread, lacking) = (&Spread::default(), &[]);
        let first = span.start;
        // Nothing came at once that a phase should count by itself.
        let fewest = width;
        let columns = Columns { work, there, spread, first, alike, settling: 0, fewest, lacking, asked };
        let peaks = columns.peaks(width);
        let member = |peak: &Peak| match self.load.and_then(|load| fullest(load, peak.rows.clone(), 1.0)) {
            Some(found) => (found.share, found.part),
            None => (peak.busy, None),
        };
        let (peak, (busy, part)) = self.wider(&peaks, member);
        Some((peak.rows, busy, part))
    }

    /// The rows in which targets were unhealthy after it was full: then few take what all were sent, which came of the trouble and
    /// is no limit by itself. Where they were unhealthy before, those that are left are the limit.
    fn unhealthy_by_load(&self, reach: &Reach) -> Vec<bool> {
        let mut marks = self.unhealthy.clone();
        if !marks.is_empty() {
            let full = self.was_full(reach);
            let before = |rows: &Range<usize>| rows.start.saturating_sub(reach.usual)..rows.start + 1;
            without(&mut marks, |rows| !before(rows).any(|row| full.get(row) == Some(&true)));
        }
        marks
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

    /// Of the stretches in which it was full, the one that was asked for most until most of that waited. It was busy all the time there:
    /// it had no less to do.
    fn overload(&self, full: &[bool], reach: &Reach, factors: &Factors) -> Option<Peak> {
        let marks = widened(full, &reach.around);
        let stretches = stretches(&marks).filter(|(_, full)| *full);
        let peaks = stretches.map(|(rows, _)| {
            let rows = factors.until_most_left(&rows);
            let factor = factors.of_all(&rows);
            Peak { busy: factor.max(1.0), factor, rows }
        });
        peaks.reduce(fuller)
    }
}

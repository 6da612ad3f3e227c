//! Which rows of the timeline are trouble. In: the requests of each row, failures, resources. Out: one mark a row.
//!
//! A row is trouble when more of its requests than the bound allows were slower than the bound, when more than a part
//! of those that ended failed, or when a resource had nothing left to give while requests waited for it. The first two
//! are counts, and a count is judged by how likely it is by chance: one outlier, or a row of few requests, proves
//! nothing, but many such rows together do. A run that met every objective, in which nothing failed and nothing was
//! full, has no trouble at all.

use crate::measure::Recorder;
use crate::measure::histogram::Packed;
use crate::measure::stage::Cause;
use crate::outcome::headroom::{Series, Steady, without};
use crate::outcome::{Outcome, Percentile, StageKind, Timeline};
use crate::scenario::Scenario;
use crate::scenario::objective::Bound;

use super::alike::Alike;
use super::chance::{Sample, as_independent, beyond, beyond_alone, bridge};
use super::late::{Late, late};
use super::overdue::{Overdue, row_s};
use super::saturation::{Reach, rows_with_nothing_left};
use super::spans::{breath, runs};
use super::watched::{Trouble, Watched};
use crate::measure::gaps::fill_usual;
use crate::measure::watched::WAITING;

/// Times the typical p99 that is slow where no objective says what is. An assumption: it is what 90 % load makes of the
/// latency of an idle system (M/M/1: 1 / (1 - 0.9)), and a load below that is no trouble.
const SLOW_FACTOR: f64 = 10.0;
/// Nobody notices less.
const SLOW_FLOOR_MS: f64 = 50.0;
/// Failed over ended, where no objective asks for less.
const FAILING: f64 = 0.005;
/// Completed requests from which the p99 of a row says something.
const FEWEST_FOR_P99: f64 = 20.0;

/// What speaks for trouble, row by row.
pub(super) struct Evidence {
    /// More slow requests than allowed.
    pub slow: Vec<bool>,
    /// Of each limit of latency, how many were slow, and the part that may be.
    slower: Vec<(Vec<Sample>, f64)>,
    /// More failed requests than allowed.
    pub failing: Vec<bool>,
    /// How many of those that ended failed.
    pub failures: Vec<Sample>,
    /// Where more of what stays somewhere was overdue than an objective allows that was missed.
    pub late: Vec<Late>,
    /// A resource had nothing left to give.
    pub full: Vec<bool>,
    /// Of each resource, the rows in which it was full and not by chance.
    pub certain: Vec<Vec<bool>>,
    /// Whether any request ended.
    ended: Vec<bool>,
    /// Whether requests come or are there, or the time without them is no longer than is usual between them.
    busy: Vec<bool>,
    /// Nothing that anybody could complain of in the whole run.
    healthy: bool,
}

/// What was found of the run: what was full, and what may have been so by chance.
pub(super) struct Found<'a> {
    pub watched: &'a [Watched<'a>],
    pub resources: &'a [Series<'a>],
    /// The rows that are expected to be alike.
    pub alike: &'a Alike,
}

impl Found<'_> {
    /// What chance may do to a resource, where that is known.
    fn steady(&self, resource: &Watched<'_>) -> Option<&Steady<'_>> {
        self.resources.iter().find(|it| it.of() == resource.of).map(|it| &it.steady)
    }
}

impl Evidence {
    pub fn of(
        scenario: &Scenario,
        outcome: &Outcome,
        found: &Found<'_>,
        recorder: &Recorder,
        reach: &Reach,
    ) -> Evidence {
        let rows = &recorder.rows;
        let timeline = &outcome.timeline;
        let met = people_are_served(scenario, outcome);
        let nothing_left = nothing_left(timeline, found, met, reach);
        let mut full = vec![false; timeline.time_s.len()];
        for rows in &nothing_left {
            full.iter_mut().zip(rows).for_each(|(full, row)| *full |= row);
        }
        let certain = found.watched.iter().zip(&nothing_left);
        let certain = certain.map(|(resource, rows)| certain_rows(resource, found.steady(resource), rows));
        let bounds = bounds(scenario, outcome, found.alike);
        let mut slow = vec![false; timeline.time_s.len()];
        let mut all_slower = Vec::new();
        let came = |(row, rate): (usize, &f64)| rate * row_s(outcome, row) * outcome.runs.count as f64;
        let came: Vec<f64> = timeline.offered.iter().enumerate().map(came).collect();
        for (limit, slower) in bounds.iter().zip(slower(&bounds, rows, outcome)) {
            let mut beyond = beyond(&slower, limit.tail);
            found.alike.settle(&mut beyond, &slower, limit.tail);
            let beyond = beyond.into_iter().enumerate();
            let by_design = |row| !limit.is_missed && is_slow_by_design(outcome, limit, row);
            let found: Vec<bool> = beyond.map(|(row, beyond)| beyond && !by_design(row)).collect();
            let overdue = Overdue { outcome, limit: limit.nanos, allowed: limit.tail, came: &came };
            let ended = rows.iter().zip(&found).enumerate();
            let since = overdue.rows(ended.map(|(row, (ended, found))| (row, ended, *found)));
            for (slow, more) in slow.iter_mut().zip(found.into_iter().zip(since)) {
                *slow |= more.0 || more.1;
            }
            all_slower.push((slower, limit.tail));
        }
        // What a firewall blocks is as people want it, where the objectives on what they meet are met.
        let forbidden = timeline.failed.get(&Cause::Forbidden).filter(|_| met);
        let blocked = |row: usize| forbidden.and_then(|column| column.get(row)).copied().unwrap_or(0.0);
        let failures: Vec<Sample> = (0..timeline.time_s.len())
            .map(|row| {
                let requests = |rate: f64| (rate * row_s(outcome, row) * outcome.runs.count as f64).round();
                let failed = requests(timeline.failed_in(row) - blocked(row));
                let completed = requests(timeline.completed.get(row).copied().unwrap_or(0.0));
                Sample { of: failed + completed, found: failed }
            })
            .collect();
        let none_failed = failures.iter().all(|row| row.found == 0.0);
        let allowed = allowed_failures(scenario);
        let independent = as_independent(&failures, allowed);
        let mut failing = beyond_alone(&independent, allowed);
        found.alike.join(&mut failing, &failures, allowed);
        if let Some(limit) = bounds.iter().map(|limit| limit.nanos).min() {
            let overdue = Overdue { outcome, limit, allowed, came: &came };
            let unserved = &recorder.unserved;
            let left = Packed::of(&unserved.left);
            let ended = unserved.rows.iter().zip(&failing).enumerate();
            let ended = ended.map(|(row, (ended, failing))| (row, ended, *failing));
            // What is unanswered at the end may have failed as well.
            let last = failing.len().checked_sub(1).map(|row| (row, &left, true));
            let since = overdue.rows(ended.chain(last));
            failing.iter_mut().zip(since).for_each(|(failing, since)| *failing |= since);
        }
        let is_busy = |(row, ended): (usize, &Sample)| {
            let at = |column: &[f64]| column.get(row).copied().unwrap_or(0.0);
            ended.of > 0.0 || at(&timeline.offered) > 0.0 || at(&timeline.in_flight) > 0.0
        };
        let mut busy: Vec<bool> = failures.iter().enumerate().map(is_busy).collect();
        fill_usual(&mut busy);
        Evidence {
            busy,
            slower: all_slower,
            healthy: met && none_failed && !full.contains(&true),
            failing,
            ended: failures.iter().map(|row| row.of > 0.0).collect(),
            certain: certain.collect(),
            slow,
            late: late(scenario, outcome, recorder),
            full,
            failures,
        }
    }

    /// The rows in which requests were slow or something was full, whatever failed.
    pub fn other(&self) -> Vec<bool> {
        self.slow.iter().zip(&self.full).map(|(slow, full)| *slow || *full).collect()
    }

    /// Names what was overdue where that is.
    pub fn name_late(&mut self, watched: &mut [Watched<'_>]) {
        for (resource, certain) in watched.iter_mut().zip(&mut self.certain) {
            self.late.iter().for_each(|late| late.name(resource, certain));
        }
    }

    /// The rows that are trouble: from when what was full at its start had filled.
    pub fn marks(&self, watched: &[Watched<'_>], alike: &Alike) -> Vec<bool> {
        let found = self.found();
        let mut marks = found.clone();
        let breath = breath(found.len());
        for resource in watched.iter().filter(|resource| !resource.symptom) {
            for run in runs(&resource.full).into_iter().filter(|run| run.trouble) {
                // A resource that was full before anybody felt it, and still is. A loss or a limit that nobody feels is no
                // trouble, nor is what is turned away now and then: it counts only where it is felt soon.
                let felt = run.rows.clone().find(|&row| found[row]);
                let Some(felt) = felt else { continue };
                let is_harmless = |row: &usize| resource.is_harmless_alone() || resource.only_refuses(*row);
                let is_own = matches!(&resource.trouble, Trouble::Rows(own) if own.get(felt) == Some(&true));
                let opens = match felt - run.rows.start <= breath {
                    true => run.rows.start,
                    // Rows like the first that hurt differ from it by chance.
                    false if is_own => alike.since(felt).max(run.rows.start),
                    false => (run.rows.start..felt).find(|row| !is_harmless(row)).unwrap_or(felt),
                };
                marks[opens..felt].fill(true);
            }
        }
        self.slower.iter().for_each(|(slower, allowed)| bridge(&mut marks, slower, *allowed));
        marks
    }

    /// The rows with evidence.
    fn found(&self) -> Vec<bool> {
        let mut now = false;
        let found = |row: usize| {
            // A row in which nothing ended says nothing by itself: the mark stays, as long as somebody may be kept waiting. What ended later
            // may say that it waited for too long.
            let is_trouble = self.slow[row] || self.failing[row] || self.full[row];
            if is_trouble || self.ended[row] || !self.busy[row] {
                now = is_trouble;
            }
            now && !self.healthy
        };
        let mut marks: Vec<bool> = (0..self.ended.len()).map(found).collect();
        self.late.iter().for_each(|late| late.mark(&mut marks));
        marks
    }
}

/// Whether there are objectives on what people meet, and all of these are met. A bill or a headroom hurts nobody meanwhile.
fn people_are_served(scenario: &Scenario, outcome: &Outcome) -> bool {
    let felt = |bound: &Bound| !matches!(bound.each(), Bound::Cost { .. } | Bound::Headroom { .. });
    let all = scenario.objectives.iter().zip(&outcome.objectives);
    let mut of_people = all.filter(|(objective, _)| felt(&objective.bound)).peekable();
    of_people.peek().is_some() && of_people.all(|(_, verdict)| verdict.met)
}

/// Whether an objective on latency was missed, of all requests or of a class.
fn misses_latency(scenario: &Scenario, outcome: &Outcome) -> bool {
    let of_latency = |bound: &Bound| matches!(bound.each(), Bound::Latency { .. });
    let mut all = scenario.objectives.iter().zip(&outcome.objectives);
    all.any(|(objective, verdict)| of_latency(&objective.bound) && !verdict.met)
}

/// In which rows a resource was trouble by itself, and not by chance. Threads, cores, connections and servers can be full for good and
/// wanted by more; row locks and targets are no such quantity, and say only why requests were slow. Nor is what a queue
/// keeps busy while it spreads a burst, as long as the objectives allow that time.
fn nothing_left(timeline: &Timeline, of: &Found<'_>, met: bool, reach: &Reach) -> Vec<Vec<bool>> {
    let rows_of = |resource: &Watched<'_>| match &resource.trouble {
        Trouble::Never => vec![false; timeline.time_s.len()],
        Trouble::Rows(rows) => rows.clone(),
        Trouble::NothingLeft => {
            let by_design = |row: usize| met && resource.buffered.get(row) == Some(&true);
            let waiting = |row: usize| match by_design(row) {
                true => 0.0,
                false => resource.waiting.get(row).copied().unwrap_or(0.0),
            };
            let mut found = rows_with_nothing_left(&resource.busy, &waiting, &reach.around);
            let mut members = resource.member_full.clone();
            members.iter_mut().enumerate().for_each(|(row, full)| *full &= waiting(row) > 0.0);
            if let Some(steady) = of.steady(resource) {
                without(&mut found, |rows| steady.explains(rows));
                without(&mut members, |rows| steady.explains_members(rows));
            }
            found.iter_mut().zip(members).for_each(|(found, member)| *found |= member);
            // No chance brings as much at once.
            let glut = of.resources.iter().find(|it| it.of() == resource.of).map_or(&[][..], |it| &it.glut);
            found.iter_mut().zip(glut).for_each(|(found, glut)| *found |= glut);
            found.iter_mut().enumerate().for_each(|(row, found)| *found &= !by_design(row));
            // What waits because workers can do nothing does not wait on purpose.
            let series = of.resources.iter().find(|it| it.of() == resource.of);
            let idle = series.map_or_else(Vec::new, |it| it.standstill(timeline.bucket_s));
            let waits = |row: usize| resource.waiting.get(row).is_some_and(|waiting| *waiting >= WAITING);
            found
                .iter_mut()
                .zip(idle)
                .enumerate()
                .for_each(|(row, (found, idle))| *found |= idle && waits(row));
            if let Some(steady) = of.steady(resource) {
                last(&mut found, resource, steady);
            }
            found
        }
    };
    of.watched.iter().map(rows_of).collect()
}

/// Marks the calms beside marked rows that are no calms: as much is to come in them, and on their mean the resource was full, or as
/// near to that as chance brings so few requests. What is busy for 98 % of the time while requests wait is above any bound in some
/// rows and below it in others, and all of them are one story.
fn last(found: &mut [bool], resource: &Watched<'_>, steady: &Steady<'_>) {
    for calm in runs(found).into_iter().filter(|run| !run.trouble).map(|run| run.rows) {
        let beside = [calm.start.checked_sub(1), (calm.end < found.len()).then_some(calm.end)];
        for alike in beside.into_iter().flatten().filter_map(|row| steady.around(&(row..row + 1))) {
            let rows = calm.start.max(alike.start)..calm.end.min(alike.end);
            let is_buffered = rows.clone().any(|row| resource.buffered.get(row) == Some(&true));
            // What it turns away would have kept it busy.
            let is_asked_for_all =
                || rows.clone().any(|row| resource.refuses(row)) && steady.asks_for_all(&rows);
            let is_full = || resource.is_full_on_the_mean(&rows, steady.chance(&rows)) || is_asked_for_all();
            if !rows.is_empty() && !is_buffered && is_full() {
                found[rows].fill(true);
            }
        }
    }
}

/// The rows in which a resource was full, without those in which it may have been so by chance. A trouble of another resource
/// makes these no more than chance.
fn certain_rows(resource: &Watched<'_>, steady: Option<&Steady<'_>>, nothing_left: &[bool]) -> Vec<bool> {
    let mut certain = resource.full.clone();
    let (Trouble::NothingLeft, Some(steady)) = (&resource.trouble, steady) else { return certain };
    let mut members = resource.member_full.clone();
    certain.iter_mut().zip(&members).for_each(|(full, member)| *full &= !member);
    without(&mut certain, |rows| steady.explains(rows));
    without(&mut members, |rows| steady.explains_members(rows));
    certain.iter_mut().zip(members).for_each(|(full, member)| *full |= member);
    certain.iter_mut().enumerate().for_each(|(row, certain)| *certain |= resource.refuses(row));
    let all = resource.full.iter().zip(nothing_left);
    certain.iter_mut().zip(all).for_each(|(certain, (full, left))| *certain |= *full && *left);
    certain
}

/// A limit of latency, and the part of all requests that may be slower.
struct Limit {
    nanos: u64,
    /// Times the limit that is slow in each row; empty where it is 1 in all.
    times: Vec<f64>,
    tail: f64,
    /// Whether an objective on latency was missed.
    is_missed: bool,
}

impl Limit {
    /// The latency in nanoseconds that is slow in a row.
    fn of_row(&self, row: usize) -> u64 {
        let times = self.times.get(row).copied().unwrap_or(1.0);
        (self.nanos as f64 * times) as u64
    }
}

/// Whether the slow requests of a row would be within the limit without the delays written in their paths: these are as slow
/// as they are meant to be.
fn is_slow_by_design(outcome: &Outcome, limit: &Limit, row: usize) -> bool {
    let of = |written: bool| {
        let stages = outcome.stages.iter().zip(&outcome.timeline.slow_ms);
        let stages = stages.filter(|(stage, _)| (stage.kind == StageKind::Delay) == written);
        stages.filter_map(|(_, series)| series.get(row)).filter(|ms| ms.is_finite()).sum::<f64>()
    };
    of(true) > 0.0 && of(false) * 1e6 <= limit.of_row(row) as f64
}

/// The latency objectives on all requests; without one, ten times the typical p99 of the run itself, and as many times that as
/// the load of a row explains, where traffic and resources stay as they are.
fn bounds(scenario: &Scenario, outcome: &Outcome, alike: &Alike) -> Vec<Limit> {
    let timeline = &outcome.timeline;
    let is_missed = misses_latency(scenario, outcome);
    let objectives = scenario.objectives.iter().filter_map(|objective| match objective.bound {
        Bound::Latency { quantile, class: None, limit, .. } if quantile < 1.0 => {
            Some(Limit { nanos: limit.0, times: Vec::new(), tail: 1.0 - quantile, is_missed })
        }
        _ => None,
    });
    let found: Vec<Limit> = objectives.collect();
    if !found.is_empty() {
        return found;
    }
    let enough = |row: &usize| {
        timeline.completed.get(*row).is_some_and(|rate| rate * timeline.bucket_s >= FEWEST_FOR_P99)
    };
    let p99s =
        (0..timeline.time_s.len()).filter(enough).filter_map(|row| latency(timeline, Percentile::P99, row));
    let mut p99s: Vec<f64> = p99s.collect();
    if p99s.is_empty() {
        return Vec::new();
    }
    // The lower quartile, not the median: an event may be in trouble for most of its rows.
    let quarter = p99s.len() / 4;
    let typical = *p99s.select_nth_unstable_by(quarter, f64::total_cmp).1;
    let millis = (SLOW_FACTOR * typical).max(SLOW_FLOOR_MS);
    vec![Limit { nanos: (millis * 1e6) as u64, times: alike.slower(), tail: 0.01, is_missed }]
}

/// For each limit the part that may be slower, and how many requests of each row were.
///
/// Requests that are slow at the same time are slow for one reason: a queue that has formed by chance keeps all who come
/// while it lasts, and one that makes them slower than a limit lasts about as long as the limit. So a row says no more
/// than as many independent requests as limits fit into it.
fn slower(limits: &[Limit], rows: &[Packed], outcome: &Outcome) -> Vec<Vec<Sample>> {
    let runs = outcome.runs.count as f64;
    let of = |limit: &Limit| {
        let samples = rows.iter().enumerate().map(|(index, row)| {
            let nanos = limit.of_row(index);
            let (count, above) = (row.count() as f64, row.above(nanos) as f64);
            let independent = runs * row_s(outcome, index) * 1e9 / nanos.max(1) as f64;
            let weight = (independent / count.max(1.0)).min(1.0);
            Sample { of: weight * count, found: weight * above }
        });
        samples.collect()
    };
    limits.iter().map(of).collect()
}

/// The part of all requests that may fail.
fn allowed_failures(scenario: &Scenario) -> f64 {
    let limits = scenario.objectives.iter().filter_map(|objective| match objective.bound {
        Bound::Errors { class: None, limit, .. } if limit > 0.0 => Some(limit),
        _ => None,
    });
    limits.fold(FAILING, f64::min)
}

pub(super) fn latency(timeline: &Timeline, percentile: Percentile, row: usize) -> Option<f64> {
    timeline.latency_ms.get(&percentile)?.get(row).copied().flatten().filter(|ms| ms.is_finite())
}

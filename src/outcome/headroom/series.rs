//! Each resource row by row. In: the timeline and sizes of the scenario. Out: busy shares, and the [`Headroom`] of one.

use super::asked::Lacking;
use super::{Headroom, Load, can_grow, member, most_at};
use crate::kind::fleet::language::Fleet;
use crate::kind::service::language::Service;
use crate::measure::load::LoadSeries;
use crate::measure::resource::{Node, Resource};
use crate::measure::totals::FleetTotals;
use crate::outcome::phases::nothing_left;
use crate::outcome::{StageKind, Timeline};
use crate::scenario::Scenario;
use crate::units::Time;

/// Share of its capacity from which a resource has nothing left to give.
const FULL: f64 = 0.99;
/// Beyond a billion times the capacity a load says no more than that it is absurd.
const BUSY_MAX: f64 = 1e9;

/// One resource row by row.
pub(super) struct Series<'a> {
    pub of: Resource,
    resource: String,
    kind: StageKind,
    /// Busy share of what there was.
    pub busy: Vec<f64>,
    /// What there was, in a unit of the resource: instances, servers; 1 where it is always as much.
    capacity: Vec<f64>,
    /// Requests that wait for it; where nobody counts them, being busy is enough.
    waiting: Option<&'a [f64]>,
    /// The fleet whose instances it belongs to.
    fleet: Option<Group<'a>>,
    /// What was asked of it; absent where no path leads to it.
    pub load: Option<&'a LoadSeries>,
}

/// The instances that share a resource.
#[derive(Clone, Copy)]
struct Group<'a> {
    settings: &'a Fleet,
    /// How many of them there were, row by row.
    serving: &'a [f64],
    /// How many can serve at most: where some came into service and never served, those that did.
    most: f64,
}

impl<'a> Group<'a> {
    fn of(settings: &'a Fleet, serving: &'a [f64], totals: Option<&FleetTotals>) -> Group<'a> {
        let most = match totals.is_some_and(|totals| totals.never_served > 0) {
            true => serving.iter().copied().fold(0.0, f64::max),
            false => f64::INFINITY,
        };
        Group { settings, serving, most }
    }
}

pub(super) fn series<'a>(
    scenario: &'a Scenario,
    timeline: &'a Timeline,
    totals: &[FleetTotals],
) -> Vec<Series<'a>> {
    let shares = |percent: &[f64]| percent.iter().map(|percent| percent / 100.0).collect();
    let load = |of| timeline.loads.iter().find(|load| load.of == of);
    let mut all = Vec::new();
    for (index, (fleet, series)) in scenario.fleets.iter().zip(&timeline.fleets).enumerate() {
        let name = &fleet.name;
        let of = |of, resource, kind, busy, waiting: &'a [f64]| Series {
            of,
            resource,
            kind,
            busy,
            capacity: series.serving.clone(),
            waiting: Some(waiting),
            fleet: Some(Group::of(fleet, &series.serving, totals.get(index))),
            load: load(of),
        };
        // More running threads than a saturated CPU has cores.
        let (cpu, id) = (shares(&series.cpu_percent), Resource::Cpu { fleet: index });
        all.push(of(id, format!("CPU of {name}"), StageKind::Cpu, cpu, &series.threads_busy));
        if let Some(threads) = fleet.threads {
            let busy = series.threads_busy.iter().map(|busy| busy / f64::from(threads)).collect();
            let id = Resource::Threads { fleet: index };
            all.push(of(id, format!("threads of {name}"), StageKind::Thread, busy, &series.backlog));
        }
        // A pool has two columns: its connections to the writer, and those to the replicas.
        for (position, pool) in series.pools.iter().enumerate() {
            let resource = format!("pool of {name} to {} ({})", pool.database, pool.role);
            let node = [Node::Writer, Node::Reader][position % 2];
            let id = Resource::Pool { fleet: index, pool: position / 2, node };
            all.push(of(id, resource, StageKind::Pool, shares(&pool.used_percent), &pool.waiting));
        }
    }
    let alone = |of, resource, kind, percent: &[f64], waiting| Series {
        of,
        resource,
        kind,
        busy: shares(percent),
        capacity: vec![1.0; percent.len()],
        waiting,
        fleet: None,
        load: load(of),
    };
    for (index, (database, series)) in scenario.databases.iter().zip(&timeline.databases).enumerate() {
        let name = &database.name;
        let of = |node, words, percent| {
            let id = Resource::Database { database: index, node };
            alone(id, format!("CPU of {name} ({words})"), StageKind::Database, percent, None)
        };
        all.push(of(Node::Writer, "writer", &series.writer_cpu_percent));
        let replicas = || of(Node::Reader, "replicas", &series.replica_cpu_percent);
        all.extend((database.replicas > 0).then(replicas));
    }
    for (index, cache) in timeline.caches.iter().enumerate() {
        let resource = format!("command threads of {}", cache.name);
        let id = Resource::Cache { cache: index };
        all.push(alone(id, resource, StageKind::Cache, &cache.busy_percent, None));
    }
    for (index, service) in timeline.services.iter().enumerate() {
        let (id, waiting) = (Resource::Service { service: index }, Some(service.waiting.as_slice()));
        let series = alone(id, service.name.clone(), StageKind::Service, &service.busy_percent, waiting);
        let capacity = scenario.services.get(index).and_then(|it| servers(it, timeline, scenario.duration));
        all.push(Series { capacity: capacity.unwrap_or(series.capacity), ..series });
    }
    all
}

/// Servers of each row, where their number changes.
fn servers(service: &Service, timeline: &Timeline, end: Time) -> Option<Vec<f64>> {
    let starts = timeline.time_s.iter().map(|start| Time::from_secs_f64(*start));
    let ends = starts.clone().skip(1).chain([end]);
    let mean = starts.zip(ends).map(|(from, to)| {
        let span = to.0.saturating_sub(from.0).max(1) as f64;
        service.server_nanos(from, to) / span
    });
    (!service.changes.is_empty()).then(|| mean.collect())
}

impl Series<'_> {
    /// In which rows it has nothing left to give while requests wait for it.
    pub fn full(&self, window: usize) -> Vec<bool> {
        let percent: Vec<f64> = self.busy.iter().map(|busy| 100.0 * busy).collect();
        let waiting = |row: usize| {
            self.waiting.map_or(f64::INFINITY, |waiting| waiting.get(row).copied().unwrap_or(0.0))
        };
        let mut full = nothing_left(&percent, &waiting, window);
        if let Some(load) = self.load {
            member::mark_full(load, window, &mut full);
        }
        full
    }

    /// First rows of windows of so many rows, side by side, in which a member had nothing left to give.
    fn rows_of_full_members(&self, rows: usize, window: usize) -> Vec<usize> {
        let mut full = vec![false; self.busy.len()];
        self.load.into_iter().for_each(|load| member::mark_full(load, window, &mut full));
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

    pub fn headroom(&self, timeline: &Timeline, rows: usize, window: usize, lacking: &Lacking) -> Headroom {
        let saturated = self.full(window).contains(&true);
        let asked = lacking.of(self.load, rows);
        let serving = |row: usize| self.fleet.and_then(|fleet| fleet.serving.get(row).copied());
        let work: Vec<f64> = self.busy.iter().zip(&self.capacity).map(|(busy, there)| busy * there).collect();
        let load = |row: usize, busy: f64, of_member: bool, instances: &dyn Fn(usize) -> Option<f64>| {
            let requests = timeline.offered.iter().skip(row).take(rows).sum::<f64>() * timeline.bucket_s;
            let (part, factor) = self
                .load
                .filter(|_| of_member)
                .and_then(|load| member::fullest(load, row..row + rows, asked.factor(row), requests))
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
        let (row, busy) = asked.peak(&work, &self.capacity);
        let (mut as_it_stood, mut fullest) = load(row, busy, true, &serving);
        if saturated && as_it_stood.busy < FULL {
            // All together had something left. A member had not: when it was fullest counts.
            for row in self.rows_of_full_members(rows, window) {
                let share =
                    |sum: &dyn Fn(&[f64]) -> f64| sum(&work) / sum(&self.capacity).max(f64::MIN_POSITIVE);
                let busy = share(&|column| column.iter().skip(row).take(rows).sum()) * asked.factor(row);
                let (then, part) = load(row, busy, true, &serving);
                if part.is_some() && then.busy > as_it_stood.busy {
                    (as_it_stood, fullest) = (then, part);
                }
            }
        }
        let at_maximum = self.fleet.filter(|fleet| can_grow(fleet.settings)).map(|fleet| {
            // Who drains counts beyond the largest size, and does not make it larger.
            let most_at = |time: &f64| f64::from(most_at(fleet.settings, *time)).min(fleet.most);
            let most = |row: usize| timeline.time_s.get(row).map(most_at);
            let capacity = (0..work.len()).map(|row| most(row).unwrap_or(1.0).max(1.0));
            let (row, busy) = asked.peak(&work, &capacity.collect::<Vec<_>>());
            // Those that are launched at different times are unequal meanwhile: that is no part of what all can do.
            load(row, busy, fullest.is_some(), &most).0
        });
        Headroom {
            of: self.of,
            resource: self.resource.clone(),
            fullest,
            kind: self.kind,
            as_it_stood,
            at_maximum,
            saturated,
            held_by: None,
        }
    }
}

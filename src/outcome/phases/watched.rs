//! Every resource that can fill, row by row. In: the scenario and its timeline. Out: [`Watched`] resources.
//!
//! A resource is full in a row when next to nothing of it was idle and requests waited for it: being busy alone is no
//! fault. Where it turns requests away, that alone says that it was full. A shard, a replica or an instance with nothing
//! left to give makes its resource full, however idle the others are.

use std::ops::Range;

use super::saturation::saturation_window;
use crate::measure::load::LoadSeries;
use crate::measure::stage::Cause;
use crate::outcome::headroom::{Part, fullest, mark_full};
use crate::outcome::timeline::{DatabaseSeries, FleetSeries, Timeline};
use crate::outcome::{Node, Resource};
use crate::scenario::Scenario;

/// Percent busy, over a row, from which a resource is full if requests wait.
const FULL: f64 = 95.0;
/// Requests that wait, on the mean of a row, from which they count.
const WAITING: f64 = 1.0;
/// Part of the connections in use that must wait for a row lock before locks are what holds them.
const LOCKED_SHARE: f64 = 0.25;
/// Part of the limit from which connections are at it: of several runs, the mean is compared.
const AT_LIMIT: f64 = 0.99;

/// A resource row by row.
pub(super) struct Watched<'a> {
    pub of: Resource,
    /// Whether it was full, all of it or a member.
    pub full: Vec<bool>,
    /// Whether it was because a member had nothing left to give, while the others had.
    pub member_full: Vec<bool>,
    /// Its members; absent where it has none, or no path leads to it.
    pub load: Option<&'a LoadSeries>,
    /// Percent busy; empty where that has no meaning.
    pub busy: Vec<f64>,
    /// Requests waiting for it.
    pub waiting: Vec<f64>,
}

impl<'a> Watched<'a> {
    /// Full by how busy it is and who waits.
    fn busy(of: Resource, busy: Vec<f64>, waiting: &[f64]) -> Watched<'a> {
        let pairs = busy.iter().zip(waiting);
        let full = pairs.map(|(busy, waiting)| *busy >= FULL && *waiting >= WAITING).collect();
        Watched { busy, waiting: waiting.to_vec(), ..Watched::marked(of, full) }
    }

    /// Full where the marks say so.
    fn marked(of: Resource, full: Vec<bool>) -> Watched<'a> {
        Watched { of, full, busy: Vec::new(), waiting: Vec::new(), member_full: Vec::new(), load: None }
    }

    /// Full as well where one of its members had nothing left to give while requests waited.
    fn or_a_member(mut self, load: &'a LoadSeries, window: usize) -> Watched<'a> {
        let mut full = vec![false; self.full.len()];
        mark_full(load, window, &mut full);
        for ((row, member), waiting) in self.full.iter_mut().zip(&mut full).zip(&self.waiting) {
            *member &= !*row && *waiting >= WAITING;
            *row |= *member;
        }
        Watched { member_full: full, load: Some(load), ..self }
    }

    /// The fullest member over the `first` rows of some, where in most of these it was a member that made the resource full.
    pub fn fullest(&self, rows: &Range<usize>, first: &Range<usize>, requests: f64) -> Option<Part> {
        let count = |marks: &[bool]| rows.clone().filter(|&row| marks.get(row) == Some(&true)).count();
        match 2 * count(&self.member_full) > count(&self.full) {
            true => self.fullest_of(first, requests).map(|(part, _)| part),
            false => None,
        }
    }

    /// The fullest member over some rows, and how many times as busy as the mean it was; absent where chance explains it.
    pub fn fullest_of(&self, rows: &Range<usize>, requests: f64) -> Option<(Part, f64)> {
        fullest(self.load?, rows.clone(), 1.0, requests)
    }

    /// Full as well where it turned requests away.
    fn or_refusing(mut self, refused: &[f64]) -> Watched<'a> {
        for (full, refused) in self.full.iter_mut().zip(refused) {
            *full |= *refused > 0.0;
        }
        self
    }
}

/// All of them.
pub(super) fn watched<'a>(scenario: &Scenario, timeline: &'a Timeline) -> Vec<Watched<'a>> {
    let mut all: Vec<Watched<'a>> = Vec::new();
    for (index, (fleet, series)) in scenario.fleets.iter().zip(&timeline.fleets).enumerate() {
        let (cpu, threads_of) = (Resource::Cpu { fleet: index }, Resource::Threads { fleet: index });
        all.push(Watched::busy(cpu, series.cpu_percent.clone(), &series.cpu_waiting));
        let threads = fleet.threads.map_or(f64::INFINITY, f64::from);
        let busy = series.threads_busy.iter().map(|busy| 100.0 * busy / threads).collect();
        all.push(Watched::busy(threads_of, busy, &series.backlog).or_refusing(&series.refused));
        for (position, pool) in series.pools.iter().enumerate() {
            // Two series for each pool of the file: to the writer, and to the replicas.
            let node = [Node::Writer, Node::Reader][position % 2];
            let of = Resource::Pool { fleet: index, pool: position / 2, node };
            all.push(Watched::busy(of, pool.used_percent.clone(), &pool.waiting));
        }
        all.push(instances(index, scenario, timeline));
        let unhealthy = lost_targets(index, scenario, series, timeline.bucket_s);
        let of = Resource::Targets { fleet: index };
        let full = unhealthy.iter().map(|unhealthy| *unhealthy > 0.0).collect();
        all.push(Watched { waiting: unhealthy, ..Watched::marked(of, full) });
    }
    for (index, cache) in timeline.caches.iter().enumerate() {
        let of = Resource::Cache { cache: index };
        let waiting = vec![WAITING; cache.busy_percent.len()];
        all.push(Watched::busy(of, cache.busy_percent.clone(), &waiting));
    }
    for (index, series) in timeline.databases.iter().enumerate() {
        let of = |node| Resource::Database { database: index, node };
        let (writer, reader) = (&series.writer_cpu_percent, &series.replica_cpu_percent);
        all.push(Watched::busy(of(Node::Writer), writer.clone(), &series.writer_waiting));
        all.push(Watched::busy(of(Node::Reader), reader.clone(), &series.replica_waiting));
        all.push(locks(index, scenario, timeline, series));
        all.push(connections(index, scenario, timeline));
    }
    for (index, service) in timeline.services.iter().enumerate() {
        let of = Resource::Service { service: index };
        let busy = service.busy_percent.clone();
        all.push(Watched::busy(of, busy, &service.waiting).or_refusing(&service.refused));
    }
    let window = saturation_window(timeline);
    let load = |of: Resource| timeline.loads.iter().find(|load| load.of == of && load.members.len() > 1);
    all.into_iter()
        .map(|watched| match load(watched.of) {
            Some(load) => watched.or_a_member(load, window),
            None => watched,
        })
        .collect()
}

/// Unhealthy targets that could serve: those beyond the instances whose application has not yet run for long enough to
/// pass its first checks. An instance that boots fails them too, and hurts nobody.
fn lost_targets(index: usize, scenario: &Scenario, series: &FleetSeries, row_s: f64) -> Vec<f64> {
    let balancers = scenario.balancers.iter().filter(|balancer| balancer.targets.index() == index);
    // As many passes as make it healthy, and the one that the first of them waits for.
    let first = balancers.map(|balancer| {
        let check = &balancer.health_check;
        check.interval.as_secs_f64() * f64::from(check.healthy_threshold + 1)
    });
    let before = (first.fold(0.0, f64::max) / row_s).ceil() as usize + 1;
    let at = |column: &[f64], row: usize| column.get(row).copied().unwrap_or(0.0);
    let lost = |row: usize| {
        let registered = at(&series.in_service, row) + at(&series.warming, row);
        // At the start all have served for long.
        let seasoned = at(&series.serving, row.saturating_sub(before));
        let booting = (registered - seasoned).max(0.0);
        let lost = at(&series.unhealthy, row) - booting;
        // What means over rows and runs leave of none is none.
        if lost > 0.01 { lost } else { 0.0 }
    };
    (0..series.unhealthy.len()).map(lost).collect()
}

/// Instances: full where none is in service, or where some cannot start; the latter wait.
fn instances(index: usize, scenario: &Scenario, timeline: &Timeline) -> Watched<'static> {
    let stuck = stuck(index, scenario, timeline);
    let absent = absent(index, &timeline.fleets[index], timeline);
    let full = absent.into_iter().zip(&stuck).map(|(absent, stuck)| absent || *stuck > 0.0).collect();
    Watched { waiting: stuck, ..Watched::marked(Resource::Instances { fleet: index }, full) }
}

/// Instances in service of which the application cannot start, because a database of its pools is at its limit: those
/// that have had the time to boot and do not serve.
fn stuck(index: usize, scenario: &Scenario, timeline: &Timeline) -> Vec<f64> {
    let (fleet, series) = (&scenario.fleets[index], &timeline.fleets[index]);
    let mut refusing = vec![false; timeline.time_s.len()];
    for pool in fleet.pools.iter().filter(|pool| pool.minimum > 0) {
        let at_limit = connections(pool.database.index(), scenario, timeline).full;
        refusing.iter_mut().zip(at_limit).for_each(|(refusing, at_limit)| *refusing |= at_limit);
    }
    let boot_rows = (fleet.boot.on_the_machine().as_secs_f64() / timeline.bucket_s.max(1e-9)).ceil() as usize;
    let at = |column: &[f64], row: usize| column.get(row).copied().unwrap_or(0.0);
    let registered = |row: usize| at(&series.in_service, row) + at(&series.warming, row);
    let stuck = |(row, refusing): (usize, &bool)| {
        let booted = registered(row).min(registered(row.saturating_sub(boot_rows)));
        let lacking = booted - at(&series.serving, row);
        // What means over rows and runs leave of none is none.
        if *refusing && lacking > 0.01 { lacking } else { 0.0 }
    };
    refusing.iter().enumerate().map(stuck).collect()
}

/// In which rows a fleet had no instance in service, in any run, while requests for it found none.
fn absent(index: usize, series: &FleetSeries, timeline: &Timeline) -> Vec<bool> {
    let at = |column: &[f64], row: usize| column.get(row).copied().unwrap_or(0.0);
    let none = |row: usize| at(&series.in_service, row) + at(&series.warming, row) == 0.0;
    let threads = timeline.loads.iter().find(|load| load.of == Resource::Threads { fleet: index });
    let asked = |row: usize| threads.is_some_and(|load| at(&load.asked, row) > 0.0);
    let failed = timeline.failed.get(Cause::ServiceUnavailable.name());
    let failed = |row: usize| failed.is_some_and(|failed| at(failed, row) > 0.0);
    (0..timeline.time_s.len()).map(|row| none(row) && asked(row) && failed(row)).collect()
}

/// Row locks: full when a good part of the connections in use wait for one.
fn locks(
    index: usize,
    scenario: &Scenario,
    timeline: &Timeline,
    series: &DatabaseSeries,
) -> Watched<'static> {
    let mut used = vec![0.0; series.lock_waiting.len()];
    for (fleet, of_fleet) in scenario.fleets.iter().zip(&timeline.fleets) {
        for (pool, of_pool) in fleet.pools.iter().zip(of_fleet.pools.chunks(2)) {
            if pool.database.index() != index {
                continue;
            }
            let rows = of_pool[0].used_percent.iter().zip(&of_fleet.serving);
            for (used, (percent, serving)) in used.iter_mut().zip(rows) {
                *used += percent / 100.0 * serving * f64::from(pool.writer);
            }
        }
    }
    let pairs = series.lock_waiting.iter().zip(&used);
    let full = pairs.map(|(waiting, used)| *waiting >= WAITING && *waiting >= LOCKED_SHARE * used).collect();
    let of = Resource::Locks { database: index };
    Watched { waiting: series.lock_waiting.clone(), ..Watched::marked(of, full) }
}

/// Connections: at the limit from the row in which one is refused until there is room again, for what the application
/// that asks for the fewest must have to start.
fn connections(index: usize, scenario: &Scenario, timeline: &Timeline) -> Watched<'static> {
    let (database, series) = (&scenario.databases[index], &timeline.databases[index]);
    let pools = scenario.fleets.iter().flat_map(|fleet| &fleet.pools);
    let pools = pools.filter(|pool| pool.database.index() == index && pool.minimum > 0);
    let fewest = pools.map(|pool| f64::from(pool.minimum)).fold(f64::INFINITY, f64::min);
    let fewest = if fewest.is_finite() { fewest } else { 0.0 };
    let limits = [
        (&series.writer_connections, f64::from(database.writer_connections)),
        (&series.replica_connections, f64::from(database.replica_connections) * f64::from(database.replicas)),
    ];
    let share = |row: usize, more: f64| {
        let shares = limits.iter().filter(|(_, limit)| *limit > 0.0);
        shares.filter_map(|(open, limit)| Some((open.get(row)? + more) / limit)).fold(0.0, f64::max)
    };
    let mut now = false;
    let rows = series.refused.iter().enumerate();
    let full = rows.map(|(row, refused)| {
        now = *refused > 0.0 || (now && (share(row, 0.0) >= AT_LIMIT || share(row, fewest) > 1.0));
        now
    });
    let of = Resource::Connections { database: index, node: Node::All };
    Watched {
        busy: (0..series.refused.len()).map(|row| 100.0 * share(row, 0.0)).collect(),
        waiting: series.refused.clone(),
        ..Watched::marked(of, full.collect())
    }
}

/// Requests that wait for a connection to a database, in a row.
pub(super) fn waiting_for_connections(
    scenario: &Scenario,
    fleets: &[FleetSeries],
    database: usize,
    row: usize,
) -> f64 {
    let pools = scenario.fleets.iter().zip(fleets).flat_map(|(fleet, series)| {
        let of = |position: usize| fleet.pools.get(position / 2).map(|pool| pool.database.index());
        series.pools.iter().enumerate().filter(move |(position, _)| of(*position) == Some(database))
    });
    pools.filter_map(|(_, pool)| pool.waiting.get(row)).sum()
}

//! How far each resource is from saturation, estimated from the run itself.
//!
//! In: the rows of the timeline, and sizes from the scenario. Out: a [`Headroom`] for each resource, the nearest first.
//!
//! By the utilisation law a resource is busy for demand per request × rate / capacity. So what is busy for 62 % of the
//! busiest rows has no more to give at 1 / 0.62 = 1.6 times their traffic, as long as a request asks as much of it as
//! it did there: clients do not slow down, mix and hit ratios stay, and, for what is held while others are waited for
//! (threads, connections), response times stay. Response times grow before a limit, so threads and connections are
//! gone earlier than told. Rows in which something was saturated hide what could not be served, and show what was put
//! off before: a limit at the largest size is rough then.

use serde::{Deserialize, Serialize};

use super::phases::{nothing_left, saturation_window};
use super::windows::Windows;
use super::{StageKind, Timeline};
use crate::scenario::Scenario;
use crate::scenario::fleet::Fleet;
use crate::scenario::reference::Given;

/// Requests that the busiest rows should hold together: 10,000.
pub const REQUESTS: Given<f64> = Given::new(
    10_000.0,
    "assumption: by chance, their demand is off by one or two percent where single demands vary as much as their mean",
);
/// Fewest rows that count as the busiest.
const FEWEST_ROWS: usize = 3;
/// Part of all rows that the busiest ones are at most: more would level a peak.
const MOST_ROWS: usize = 10;

/// How far a resource is from saturation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Headroom {
    /// Which: `CPU of web`.
    pub resource: String,
    /// What it is that runs out.
    pub kind: StageKind,
    /// As many as there were.
    pub as_it_stood: Load,
    /// The same demand on as many instances as Auto Scaling may launch; absent where nothing scales.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_maximum: Option<Load>,
    /// Whether it had nothing left to give at some time, while requests waited for it.
    pub saturated: bool,
}

/// A resource at its busiest.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Load {
    /// Start of the busiest rows.
    pub at_s: f64,
    /// Busy share of the capacity, 0 to 1; at another size than the real one it can be more.
    pub busy: f64,
    /// Times their traffic that takes all of the capacity; absent where nothing asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub multiplier: Option<f64>,
    /// Instances that share it; absent where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instances: Option<f64>,
}

impl Headroom {
    /// Times the traffic of the run at which nothing helps any more: at its largest if it can grow, else as it stood;
    /// at most 1 of what was saturated.
    pub fn limit(&self) -> Option<f64> {
        match (self.saturated, self.at_maximum) {
            (true, _) => Some(self.as_it_stood.multiplier.map_or(1.0, |multiplier| multiplier.min(1.0))),
            (false, Some(at_maximum)) => at_maximum.multiplier,
            (false, None) => self.as_it_stood.multiplier,
        }
    }
}

/// One resource row by row.
struct Series<'a> {
    resource: String,
    kind: StageKind,
    /// Busy share of what there was.
    busy: Vec<f64>,
    /// Requests that wait for it; where nobody counts them, being busy is enough.
    waiting: Option<&'a [f64]>,
    /// The fleet whose instances it belongs to, and how many of them there were.
    fleet: Option<(&'a Fleet, &'a [f64])>,
}

/// The headroom of every resource; the nearest limit first, what nothing asked for last.
pub(super) fn headroom(scenario: &Scenario, timeline: &Timeline, runs: usize) -> Vec<Headroom> {
    let rows = busiest_rows(timeline, runs);
    let window = saturation_window(timeline);
    let mut found: Vec<Headroom> =
        series(scenario, timeline).iter().map(|it| it.headroom(timeline, rows, window)).collect();
    let limit = |headroom: &Headroom| headroom.limit().unwrap_or(f64::INFINITY);
    found.sort_by(|a, b| limit(a).total_cmp(&limit(b)));
    found
}

/// How many rows together count as the busiest.
fn busiest_rows(timeline: &Timeline, runs: usize) -> usize {
    let rows = timeline.time_s.len();
    let each = timeline.completed.iter().sum::<f64>() / rows.max(1) as f64 * timeline.bucket_s * runs as f64;
    let enough = (REQUESTS.value / each.max(1.0)).ceil() as usize;
    enough.min(rows / MOST_ROWS).max(FEWEST_ROWS).min(rows)
}

fn series<'a>(scenario: &'a Scenario, timeline: &'a Timeline) -> Vec<Series<'a>> {
    let shares = |percent: &[f64]| percent.iter().map(|percent| percent / 100.0).collect();
    let mut all = Vec::new();
    for (fleet, series) in scenario.fleets.iter().zip(&timeline.fleets) {
        let name = &fleet.name;
        let of = |resource, kind, busy, waiting: &'a [f64]| Series {
            resource,
            kind,
            busy,
            waiting: Some(waiting),
            fleet: Some((fleet, series.serving.as_slice())),
        };
        // More running threads than a saturated CPU has cores.
        let cpu = shares(&series.cpu_percent);
        all.push(of(format!("CPU of {name}"), StageKind::Cpu, cpu, &series.threads_busy));
        if let Some(threads) = fleet.threads {
            let busy = series.threads_busy.iter().map(|busy| busy / f64::from(threads)).collect();
            all.push(of(format!("threads of {name}"), StageKind::Thread, busy, &series.backlog));
        }
        for pool in &series.pools {
            let resource = format!("pool of {name} to {} ({})", pool.database, pool.role);
            all.push(of(resource, StageKind::Pool, shares(&pool.used_percent), &pool.waiting));
        }
    }
    let alone = |resource, kind, percent: &[f64], waiting| Series {
        resource,
        kind,
        busy: shares(percent),
        waiting,
        fleet: None,
    };
    for (database, series) in scenario.databases.iter().zip(&timeline.databases) {
        let name = &database.name;
        let of = |node, percent| alone(format!("CPU of {name} ({node})"), StageKind::Database, percent, None);
        all.push(of("writer", &series.writer_cpu_percent));
        all.extend((database.replicas > 0).then(|| of("replicas", &series.replica_cpu_percent)));
    }
    for cache in &timeline.caches {
        let resource = format!("command threads of {}", cache.name);
        all.push(alone(resource, StageKind::Cache, &cache.busy_percent, None));
    }
    for service in &timeline.services {
        let waiting = Some(service.waiting.as_slice());
        all.push(alone(service.name.clone(), StageKind::Service, &service.busy_percent, waiting));
    }
    all
}

impl Series<'_> {
    fn headroom(&self, timeline: &Timeline, rows: usize, window: usize) -> Headroom {
        let percent: Vec<f64> = self.busy.iter().map(|busy| 100.0 * busy).collect();
        let waiting = |row: usize| {
            self.waiting.map_or(f64::INFINITY, |waiting| waiting.get(row).copied().unwrap_or(0.0))
        };
        let load = |busy: &[f64], instances: &dyn Fn(usize) -> Option<f64>| {
            let (row, busy) = peak(busy, rows);
            Load {
                at_s: timeline.time_s.get(row).copied().unwrap_or(0.0),
                busy,
                multiplier: (busy > 0.0).then(|| 1.0 / busy),
                instances: instances(row),
            }
        };
        let serving = |row: usize| self.fleet.and_then(|(_, serving)| serving.get(row).copied());
        let at_maximum = self.fleet.filter(|(fleet, _)| can_grow(fleet)).map(|(fleet, serving)| {
            let most = |row: usize| timeline.time_s.get(row).map(|time| f64::from(most_at(fleet, *time)));
            let busy = self.busy.iter().zip(serving).enumerate().map(|(row, (busy, serving))| {
                // Who drains counts beyond the largest size, and does not make it larger.
                busy * serving / most(row).unwrap_or(1.0).max(1.0)
            });
            load(&busy.collect::<Vec<_>>(), &most)
        });
        Headroom {
            resource: self.resource.clone(),
            kind: self.kind,
            as_it_stood: load(&self.busy, &serving),
            at_maximum,
            saturated: nothing_left(&percent, &waiting, window).contains(&true),
        }
    }
}

/// The first of so many rows that are busiest together, and their mean.
fn peak(busy: &[f64], rows: usize) -> (usize, f64) {
    let rows = rows.max(1);
    let means = Windows::new(busy.iter().copied(), rows);
    let means = means.whole().map(|sum| sum / rows as f64);
    let later = |best: (usize, f64), next: (usize, f64)| if next.1 > best.1 { next } else { best };
    means.enumerate().reduce(later).unwrap_or((0, 0.0))
}

/// Whether the group can answer to load.
fn can_grow(fleet: &Fleet) -> bool {
    let most = fleet.schedule.iter().filter_map(|action| action.max).fold(fleet.max, u32::max);
    !fleet.policies.is_empty() && most > fleet.min
}

/// The largest size of the group at a time.
fn most_at(fleet: &Fleet, time_s: f64) -> u32 {
    let before = fleet.schedule.iter().take_while(|action| action.at.as_secs_f64() <= time_s);
    before.filter_map(|action| action.max).last().unwrap_or(fleet.max)
}

#[cfg(test)]
mod tests;

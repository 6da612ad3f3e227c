//! What keeps a resource full that would have been enough. In: what was saturated, and when. Out: the one further down
//! that held it: a larger pool helps nobody whose transactions wait for one row.
//!
//! Threads are held while a CPU, a pool, a database, a cache or a service is waited for; a pool while its database
//! works or a row is locked.

use super::Headroom;
use super::series::Series;
use crate::measure::resource::Resource;
use crate::outcome::Timeline;
use crate::scenario::Scenario;

/// Part of the rows in which one is full that the other must be full in.
const MOSTLY: f64 = 0.5;

/// Finds what holds each saturated resource.
pub(super) fn find(
    found: &mut [Headroom],
    scenario: &Scenario,
    timeline: &Timeline,
    all: &[Series<'_>],
    window: usize,
) {
    let full: Vec<(Resource, Vec<bool>)> = all
        .iter()
        .filter(|series| found.iter().any(|it| it.of == series.of() && it.saturated))
        .map(|series| (series.of(), series.full(window)))
        .collect();
    for headroom in found.iter_mut().filter(|it| it.saturated) {
        let Some((_, rows)) = full.iter().find(|(of, _)| *of == headroom.of) else { continue };
        headroom.held_by = holder(headroom.of, rows, &full, scenario, timeline);
    }
}

fn holder(
    of: Resource,
    rows: &[bool],
    full: &[(Resource, Vec<bool>)],
    scenario: &Scenario,
    timeline: &Timeline,
) -> Option<Resource> {
    let count = rows.iter().filter(|full| **full).count() as f64;
    let mostly = |other: &dyn Fn(usize) -> bool| {
        let both = rows.iter().enumerate().filter(|(row, full)| **full && other(*row)).count();
        both as f64 >= MOSTLY * count
    };
    if let Resource::Pool { fleet, pool, .. } = of {
        let settings = &scenario.fleets[fleet].pools[pool];
        let database = settings.database.index();
        // Half of what the pools of all instances hold waits for a row.
        let waiting = |row: usize| {
            let column = |column: &[f64]| column.get(row).copied().unwrap_or(0.0);
            let held = f64::from(settings.writer) * column(&timeline.fleets[fleet].serving);
            column(&timeline.databases[database].lock_waiting) >= MOSTLY * held.max(1.0)
        };
        if mostly(&waiting) {
            return Some(Resource::Locks { database });
        }
    }
    let lies_below = |other: Resource| match (of, other) {
        (Resource::Pool { fleet, pool, node }, Resource::Database { database, node: other }) => {
            scenario.fleets[fleet].pools[pool].database.index() == database && node == other
        }
        (
            Resource::Threads { fleet },
            Resource::Cpu { fleet: other } | Resource::Pool { fleet: other, .. },
        ) => fleet == other,
        (Resource::Threads { .. }, Resource::Threads { .. }) => false,
        (Resource::Threads { .. }, _) => true,
        _ => false,
    };
    let below = full.iter().filter(|(other, _)| lies_below(*other));
    let mut held = below.filter(|(_, other)| mostly(&|row| other[row]));
    held.next().map(|(other, _)| *other)
}

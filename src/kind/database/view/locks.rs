//! What the row locks of a database show. In: how long its hottest row was locked, and what waited. Out: what can run out, its words.
//!
//! A row is locked by one transaction at a time, so it takes no more of them than fit into the time one after the other: more instances,
//! connections or cores change nothing about it. Many rows that are each locked for a part of the time are no such limit, but they
//! hold requests up too.

use crate::kind::database::label;
use crate::kind::view::{peak, with};
use crate::kind::{Full, Scene};
use crate::measure::capacity::Capacity;
use crate::measure::resource::{Node, Resource};
use crate::measure::stage::StageKind;
use crate::measure::watched::{WAITING, Watched};
use crate::number::{millis, percent, things};

/// Part of the connections in use that must wait for row locks before these are what holds them, if no row is locked all the time.
const LOCKED_SHARE: f64 = 0.25;

/// Full when the hottest row was locked for nearly all of the time while others waited, or when a good part of the connections in use wait
/// for one lock or another.
pub(super) fn watched<'a>(index: usize, scene: &Scene<'a>) -> Watched<'a> {
    let series = &scene.timeline.databases[index];
    let mut used = vec![0.0; series.lock_waiting.len()];
    for (fleet, of_fleet) in scene.fleets.iter().zip(&scene.timeline.fleets) {
        for (pool, of_pool) in fleet.pools.iter().zip(of_fleet.pools.chunks(2)) {
            if pool.database.index() != index {
                continue;
            }
            let rows = of_pool[0].used_percent.iter().zip(&of_pool[0].open);
            for (used, (percent, open)) in used.iter_mut().zip(rows) {
                *used += percent / 100.0 * open;
            }
        }
    }
    let of = Resource::Locks { database: index };
    let mut watched = Watched::busy(of, series.hot_row_percent.clone(), &series.lock_waiting);
    for (full, (waiting, used)) in watched.full.iter_mut().zip(series.lock_waiting.iter().zip(&used)) {
        *full |= *waiting >= WAITING && *used > 0.0 && *waiting >= LOCKED_SHARE * used;
    }
    watched
}

/// The hottest row, if a path locks any.
pub(super) fn capacity<'a>(index: usize, scene: &Scene<'a>) -> Option<Capacity<'a>> {
    let (series, of) = (scene.timeline.databases.get(index)?, Resource::Locks { database: index });
    scene.timeline.loads.iter().find(|load| load.of == of)?;
    let resource = label::LOCKS.plain(&[&scene.databases.get(index)?.name]).part("hottest row", "");
    Some(Capacity {
        waiting: Some(series.lock_waiting.as_slice().into()),
        ..Capacity::constant(of, resource, StageKind::Lock, &series.hot_row_percent)
    })
}

/// A connection is held while its transaction waits for a row, and a row until its transaction has committed: until the log and the volume have
/// written it.
pub(super) fn waits_for(scene: &Scene<'_>, of: Resource, other: Resource) -> bool {
    let (Resource::Locks { database }
    | Resource::Log { database }
    | Resource::Volume { database, node: Node::Writer | Node::All }) = other
    else {
        return false;
    };
    match of {
        Resource::Pool { fleet, pool, node: Node::Writer } => {
            let pool = scene.fleets.get(fleet).and_then(|fleet| fleet.pools.get(pool));
            pool.is_some_and(|pool| pool.database.index() == database)
        }
        Resource::Proxy { database: of, node: Node::Writer } => of == database,
        Resource::Locks { database: of } => of == database && !matches!(other, Resource::Locks { .. }),
        _ => false,
    }
}

/// `row locks of `shop` contended (hottest row locked for 99.2 % of the time, up to 80 transactions waiting, mean wait up to 1.2 s)`.
pub(super) fn words(about: &Full<'_>, database: usize) -> String {
    let Full { scene, resource, rows, name, .. } = *about;
    let series = &scene.timeline.databases[database];
    let waits = rows.clone().filter_map(|row| series.lock_wait_ms.get(row).copied().flatten());
    let longest = waits.fold(0.0, f64::max);
    let wait = match longest > 0.0 {
        true => format!("mean wait up to {}", millis(longest)),
        false => String::new(),
    };
    let most = format!("up to {} waiting", things(peak(&resource.waiting, rows).round(), "transaction"));
    let held = format!("hottest row locked for {} of the time", percent(peak(&resource.busy, rows)));
    with(format!("{name} contended"), &[most, held, wait])
}

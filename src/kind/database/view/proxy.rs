//! What the proxy of a database shows: whether its connections are all in use. In: its columns. Out: what can run out, and what is
//! held meanwhile.

use crate::kind::Scene;
use crate::kind::database::label;
use crate::kind::database::record::ProxySeries;
use crate::kind::view::at;
use crate::measure::capacity::Capacity;
use crate::measure::resource::{Node, Resource};
use crate::measure::stage::StageKind;
use crate::measure::watched::{WAITING, Watched};

/// The columns of a side: how busy it was, and what waited.
type Side<'a> = (Node, &'a Vec<f64>, &'a Vec<f64>);

fn sides<'a>(index: usize, scene: &Scene<'a>) -> Vec<Side<'a>> {
    let Some(ProxySeries {
        writer_busy_percent, writer_waiting, reader_busy_percent, reader_waiting, ..
    }) = scene.timeline.databases.get(index).and_then(|series| series.proxy.first())
    else {
        return Vec::new();
    };
    let reader = (Node::Reader, reader_busy_percent, reader_waiting);
    let has_replicas = scene.databases.get(index).is_some_and(|database| database.replicas > 0);
    let writer = (Node::Writer, writer_busy_percent, writer_waiting);
    std::iter::once(writer).chain(has_replicas.then_some(reader)).collect()
}

pub(super) fn watched<'a>(index: usize, scene: &Scene<'a>) -> Vec<Watched<'a>> {
    let lost = scene.lost(Resource::LostNodes { database: index, node: Node::Writer });
    let watched = |(node, busy, waiting): Side<'a>| {
        // While the writer is lost, requests wait and no connection is there.
        let used = |(row, busy): (usize, &f64)| {
            let closed = at(lost, row) > 0.0 && at(waiting, row) >= WAITING;
            if closed { 100.0 } else { *busy }
        };
        let of = Resource::Proxy { database: index, node };
        Watched::busy(of, busy.iter().enumerate().map(used).collect::<Vec<f64>>(), waiting)
    };
    sides(index, scene).into_iter().map(watched).collect()
}

pub(super) fn capacities<'a>(index: usize, scene: &Scene<'a>) -> Vec<Capacity<'a>> {
    let name = scene.databases.get(index).map_or("", |database| database.name.as_str());
    let capacity = |(node, busy, waiting): Side<'a>| {
        let resource = label::PROXY.plain(&[name]).part(node.name(), "");
        let of = Resource::Proxy { database: index, node };
        Capacity {
            waiting: Some(waiting.as_slice().into()),
            ..Capacity::constant(of, resource, StageKind::Pool, busy)
        }
    };
    sides(index, scene).into_iter().map(capacity).collect()
}

/// A connection of the proxy is held while statements are executed, and that of a client while one of the proxy is waited for.
pub(super) fn waits_for(scene: &Scene<'_>, of: Resource, other: Resource) -> bool {
    match (of, other) {
        (Resource::Proxy { database, node }, Resource::Database { database: other, node: on }) => {
            database == other && node == on
        }
        (Resource::Pool { fleet, pool, node }, Resource::Proxy { database, node: on }) => {
            let pool = scene.fleets.get(fleet).and_then(|fleet| fleet.pools.get(pool));
            pool.is_some_and(|pool| pool.database.index() == database) && node == on
        }
        _ => false,
    }
}

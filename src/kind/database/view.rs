//! What a database shows of a run: the CPU of its nodes, its row locks, its log, its connections.
//!
//! In: its settings and rows, and the pools that lead to it. Out: what can run out, and its words.

mod commits;
mod connections;
mod locks;
mod lost;
mod proxy;
mod volume;

use std::ops::Range;

use super::label;
use super::language::Database;
use super::{Databases, warning};
use crate::kind::expected::Expected;
use crate::kind::view::{View, at, peak, with};
use crate::kind::warning::Warning;
use crate::kind::{All, Ended, Full, Scene, Settings};
use crate::measure::capacity::{Capacity, Group};
use crate::measure::resource::label::{Called, Label};
use crate::measure::resource::{Node, Resource};
use crate::measure::stage::StageKind;
use crate::measure::wanted::Wanted;
use crate::measure::watched::{Trouble, Watched};
use crate::number::{count, millis, number, things};

/// Part of the limit from which connections are at it: of several runs, the mean is compared.
const AT_LIMIT: f64 = 0.99;

impl View<All> for Databases<'_> {
    const LABELS: &'static [Label] = label::LABELS;

    fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
        let mut all = Vec::new();
        for (index, series) in scene.timeline.databases.iter().enumerate() {
            let of = |node| Resource::Database { database: index, node };
            let (writer, reader) = (&series.writer_cpu_percent, &series.replica_cpu_percent);
            all.push(Watched::busy(of(Node::Writer), writer.clone(), &series.writer_waiting));
            all.push(Watched::busy(of(Node::Reader), reader.clone(), &series.replica_waiting));
            for far in &series.far {
                all.push(Watched::busy(of(Node::Far), far.cpu_percent.clone(), &far.waiting));
            }
            all.extend(appliers(index, scene));
            all.push(locks::watched(index, scene));
            all.extend(commits::watched(index, scene));
            all.push(at_their_limit(index, scene));
            all.extend(proxy::watched(index, scene));
            all.extend(volume::watched(index, scene));
        }
        all
    }

    fn capacities<'a>(scene: &Scene<'a>) -> Vec<Capacity<'a>> {
        let mut all = Vec::new();
        for (index, (database, series)) in scene.databases.iter().zip(&scene.timeline.databases).enumerate() {
            let of = |node, words, percent| {
                let id = Resource::Database { database: index, node };
                let resource = label::CPU.plain(&[&database.name]).part(words, "");
                Capacity::constant(id, resource, StageKind::Database, percent)
            };
            // A capacity that follows the load is another one in each row.
            let acus = series.acus.first();
            let mut writer = of(Node::Writer, "writer", &series.writer_cpu_percent);
            if let Some(acus) = acus {
                writer.there = there_of(&acus.writer);
                writer.group = grown(database, &acus.writer, |_| 1.0);
            }
            all.push(writer);
            // While there is none, the writer is read from, and nobody waits for a replica.
            let there =
                || series.replicas.iter().map(|there| if *there > 0.0 { *there } else { 1.0 }).collect();
            let replicas = || match acus {
                Some(acus) => there_of(&acus.replicas),
                None => there(),
            };
            let each_row = |row: usize| at(&series.replicas, row).max(1.0);
            let replicas = || Capacity {
                there: replicas(),
                group: acus.and_then(|acus| grown(database, &acus.replicas, each_row)),
                ..of(Node::Reader, "replicas", &series.replica_cpu_percent)
            };
            all.extend((database.replicas > 0).then(replicas));
            all.extend(series.far.iter().map(|far| of(Node::Far, "second Region", &far.cpu_percent)));
            all.extend(proxy::capacities(index, scene));
            all.extend(volume::capacities(index, scene));
            all.extend(locks::capacity(index, scene));
            all.extend(commits::capacity(index, scene));
            all.extend(database.appliers().map(|_| Capacity {
                there: there(),
                waiting: Some(series.apply_waiting.as_slice().into()),
                ..Capacity::constant(
                    Resource::Appliers { database: index },
                    label::APPLIERS.plain(&[&database.name]).part("replicas", ""),
                    StageKind::Database,
                    &series.apply_percent,
                )
            }));
        }
        all
    }

    fn waits_for(scene: &Scene<'_>, of: Resource, other: Resource) -> bool {
        proxy::waits_for(scene, of, other) || locks::waits_for(scene, of, other)
    }

    fn wanted(scene: &Scene<'_>) -> Vec<Wanted> {
        let volumes = (0..scene.databases.len()).flat_map(|index| volume::wanted(index, scene));
        connections::wanted(scene).into_iter().chain(volumes).collect()
    }

    fn name(scene: &Scene<'_>, of: Resource) -> Option<Called> {
        let name = |index: usize| scene.databases.get(index).map_or("", |it| it.name.as_str());
        Some(match of {
            Resource::Database { database, node } => {
                let label = match (node, scene.databases.get(database).map_or(0, |it| it.replicas)) {
                    (Node::Reader, 1) => label::CPU_OF_REPLICA,
                    (Node::Reader, _) => label::CPU_OF_REPLICAS,
                    (Node::Writer, _) => label::CPU_OF_WRITER,
                    (Node::Far, _) => label::CPU_OF_FAR,
                    (Node::All, _) => label::CPU,
                };
                label.quoted(&[name(database)])
            }
            Resource::Locks { database } => label::LOCKS.quoted(&[name(database)]),
            Resource::Log { database } => label::LOG.quoted(&[name(database)]),
            Resource::Appliers { database } => label::APPLIERS.quoted(&[name(database)]),
            Resource::Connections { database, node } => {
                let called = label::CONNECTIONS.quoted(&[name(database)]);
                match node {
                    Node::Writer => called.part("writer", ""),
                    Node::Reader | Node::Far => called.part("replicas", ""),
                    Node::All => called,
                }
            }
            Resource::Proxy { database, node } => {
                let label = match node {
                    Node::Reader | Node::Far => label::PROXY_TO_REPLICAS,
                    Node::Writer | Node::All => label::PROXY,
                };
                label.quoted(&[name(database)])
            }
            Resource::Volume { database, node } => {
                let label = match (node, scene.databases.get(database).map_or(0, |it| it.replicas)) {
                    (Node::Reader, 1) => label::VOLUME_OF_REPLICA,
                    (Node::Reader | Node::Far, _) => label::VOLUMES_OF_REPLICAS,
                    (Node::Writer | Node::All, _) => label::VOLUME_OF_WRITER,
                };
                label.quoted(&[name(database)])
            }
            Resource::LostNodes { database, node: Node::Writer } => label::WRITER.quoted(&[name(database)]),
            Resource::OldAddresses { database } => label::ADDRESSES.quoted(&[name(database)]),
            Resource::LostNodes { database, .. } => label::REPLICAS.quoted(&[name(database)]),
            _ => return None,
        })
    }

    fn at_limit(scene: &Scene<'_>, of: Resource) -> Option<Vec<bool>> {
        let Resource::Connections { database, .. } = of else { return None };
        Some(at_their_limit(database, scene).full)
    }

    fn full(about: &Full<'_>) -> Option<String> {
        let Full { scene, resource, rows, name, .. } = *about;
        Some(match resource.of {
            Resource::Locks { database } => locks::words(about, database),
            Resource::Connections { database, .. } => {
                let refused: f64 = rows.clone().filter_map(|row| resource.waiting.get(row)).sum();
                // What is refused in some runs is not none of it.
                let refused = format!("{} refused", number(refused.round().max(1.0)));
                let full = format!("{name} at their limit");
                with(full, &[limit(database, scene), refused, waiting(database, scene, rows)])
            }
            Resource::Volume { database, node } => {
                with(format!("{name} full"), &volume::full(scene, database, node, rows))
            }
            Resource::LostNodes { database, node } => lost::words(about, database, node),
            Resource::OldAddresses { database } => {
                let most = things(peak(&resource.waiting, rows).ceil(), "instance");
                let name = scene.databases.get(database).map_or("", |it| it.name.as_str());
                let has = if most.starts_with("1 ") { "has" } else { "have" };
                format!("up to {most} still {has} the address of the old writer of `{name}`")
            }
            Resource::Appliers { database } => {
                let lag = peak(&scene.timeline.databases[database].lag_ms, rows);
                let each = scene.databases.get(database).and_then(Database::appliers).unwrap_or(1);
                let of = things(each.into(), "thread");
                with(format!("{name} full"), &[format!("{of} a replica, lag up to {}", millis(lag))])
            }
            _ => return None,
        })
    }

    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }

    fn ended(ended: &Ended<'_>) -> Vec<Warning> {
        warning::ended(ended)
    }
}

/// Capacity units that serve. A part of one is some capacity, and no absence.
fn there_of(acus: &[f64]) -> Vec<f64> {
    acus.iter().map(|acus| if *acus > 0.0 { acus.max(1.0) } else { 0.0 }).collect()
}

/// The capacity of serverless nodes, which follows the load up to their largest; nothing of others.
fn grown<'a>(database: &Database, acus: &'a [f64], nodes: impl Fn(usize) -> f64) -> Option<Group<'a>> {
    let most = database.serverless.as_ref()?.max;
    let at_most = (0..acus.len()).map(|row| most * nodes(row)).collect();
    Some(Group { serving: acus, at_most: Some(at_most) })
}

/// Threads that apply the log on replicas, if there are some. What waits for them is commits, and what comes of it
/// is lag.
fn appliers<'a>(index: usize, scene: &Scene<'a>) -> Option<Watched<'a>> {
    scene.databases.get(index)?.appliers()?;
    let series = &scene.timeline.databases[index];
    let of = Resource::Appliers { database: index };
    Some(Watched::busy(of, series.apply_percent.clone(), &series.apply_waiting))
}

/// Connections: at the limit from the row in which one is refused until there is room again, for what the application
/// that asks for the fewest must have to start. That hurts those who wait for one; as long as it stays so, nothing has changed between
/// two of them.
fn at_their_limit(index: usize, scene: &Scene<'_>) -> Watched<'static> {
    let (database, series) = (&scene.databases[index], &scene.timeline.databases[index]);
    let pools = scene.fleets.iter().flat_map(|fleet| &fleet.pools);
    let pools = pools.filter(|pool| pool.database.index() == index && pool.minimum > 0);
    let fewest = pools.map(|pool| f64::from(pool.minimum)).reduce(f64::min).unwrap_or(0.0);
    // Those that are added and removed are as many as they are.
    let replicas = |row: usize| match database.replica_scaling {
        None => f64::from(database.replicas),
        Some(_) => series.replicas.get(row).copied().unwrap_or(0.0),
    };
    let limits = |row: usize| {
        [
            (&series.writer_connections, f64::from(database.writer_connections)),
            (&series.replica_connections, f64::from(database.replica_connections) * replicas(row)),
        ]
    };
    let share = |row: usize, more: f64| {
        let shares = limits(row).into_iter().filter(|(_, limit)| *limit > 0.0);
        shares.filter_map(|(open, limit)| Some((open.get(row)? + more) / limit)).fold(0.0, f64::max)
    };
    let mut now = false;
    let rows = series.refused.iter().enumerate();
    let full = rows.map(|(row, refused)| {
        now = *refused > 0.0 || (now && (share(row, 0.0) >= AT_LIMIT || share(row, fewest) > 1.0));
        now
    });
    let full: Vec<bool> = full.collect();
    let hurt = |(row, full): (usize, &bool)| *full && waiting_for_connections(index, scene, row) >= 1.0;
    let mut hurt: Vec<bool> = full.iter().enumerate().map(hurt).collect();
    let rows: Vec<usize> = (0..full.len()).filter(|&row| hurt[row]).collect();
    for pair in rows.windows(2).filter(|pair| full[pair[0]..pair[1]].iter().all(|full| *full)) {
        hurt[pair[0]..pair[1]].fill(true);
    }
    let of = Resource::Connections { database: index, node: Node::All };
    Watched {
        busy: (0..series.refused.len()).map(|row| 100.0 * share(row, 0.0)).collect(),
        waiting: series.refused.clone(),
        trouble: Trouble::Rows(hurt),
        ..Watched::marked(of, full)
    }
}

/// Requests that wait for a connection to a database, in a row.
fn waiting_for_connections(database: usize, scene: &Scene<'_>, row: usize) -> f64 {
    let pools = scene.fleets.iter().zip(&scene.timeline.fleets).flat_map(|(fleet, series)| {
        let of = |position: usize| fleet.pools.get(position / 2).map(|pool| pool.database.index());
        series.pools.iter().enumerate().filter(move |(position, _)| of(*position) == Some(database))
    });
    pools.map(|(_, pool)| at(&pool.waiting, row)).sum()
}

/// `up to 12 requests waiting for one`.
fn waiting(database: usize, scene: &Scene<'_>, rows: &Range<usize>) -> String {
    let waiting = rows.clone().map(|row| waiting_for_connections(database, scene, row));
    match waiting.fold(0.0, f64::max) {
        most if most >= 1.0 => format!("up to {} waiting for one", things(most.round(), "request")),
        _ => String::new(),
    }
}

/// `1,000 a node`.
fn limit(database: usize, scene: &Scene<'_>) -> String {
    let Some(database) = scene.databases.get(database) else { return String::new() };
    match database.replicas {
        0 => count(database.writer_connections.into()),
        _ => format!("{} a node", count(database.writer_connections.into())),
    }
}

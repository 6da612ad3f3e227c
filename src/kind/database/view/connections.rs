//! Connections that fleets open to the nodes of a database, as they stood and with every fleet at its largest.
//!
//! In: pools, sizes and limits, and the instances that ran or were to run. Out: a [`Wanted`] for the nodes whose
//! limit the pools can reach. Pools of a fixed size open all their connections when the application starts, whatever the traffic: what
//! takes more of them is more instances. Those that grow open what requests ask for, up to their size. So where the largest
//! fleets find enough, there is no limit to speak of.

use crate::kind::Scene;
use crate::kind::database::label;
use crate::kind::database::language::Database;
use crate::kind::fleet::language::limits::{adds_above, can_grow, most};
use crate::kind::fleet::language::{Fleet, Pool};
use crate::kind::view::at;
use crate::measure::resource::{Node, Resource};
use crate::measure::stage::StageKind;
use crate::measure::wanted::{Group, Wanted};

pub(super) fn wanted(scene: &Scene<'_>) -> Vec<Wanted> {
    let writers = |database: &Database| match database.replicas {
        0 => &[true][..],
        _ => &[true, false],
    };
    // A proxy opens what requests ask for, and no more than there is.
    let all = scene.databases.iter().enumerate().filter(|(_, database)| database.proxy.is_none());
    let all = all.flat_map(|(index, database)| writers(database).iter().map(move |writer| (index, *writer)));
    all.filter_map(|(database, writer)| of_node(scene, database, writer)).collect()
}

/// Connections that an instance opens to one node, the writer or a replica: those that it keeps when nothing asks for them, and the most.
fn each(pool: &Pool, database: &Database, writer: bool) -> [f64; 2] {
    let size = if writer { pool.writer } else { pool.reader };
    // The reader endpoint spreads them over the replicas: to the fullest one go those left over.
    let nodes = if writer { 1 } else { database.replicas.max(1) };
    [pool.kept(size), size].map(|connections| f64::from(connections.div_ceil(nodes)))
}

fn of_node(scene: &Scene<'_>, database: usize, writer: bool) -> Option<Wanted> {
    let (settings, timeline) = (&scene.databases[database], scene.timeline);
    let series = &timeline.databases[database];
    let (node, words, limit) = match writer {
        true => (Node::Writer, "writer", settings.writer_connections),
        false => (Node::Reader, "each replica", settings.replica_connections),
    };
    let limit = f64::from(limit);
    // Fleets with a pool to it, and what each of their instances opens.
    let fleets: Vec<(usize, &Fleet, [f64; 2])> = scene
        .fleets
        .iter()
        .enumerate()
        .filter_map(|(index, fleet)| {
            let pools = fleet.pools.iter().filter(|pool| pool.database.index() == database);
            let each = pools
                .map(|pool| each(pool, settings, writer))
                .fold([0.0; 2], |[a, b], [c, d]| [a + c, b + d]);
            (each[1] > 0.0).then_some((index, fleet, each))
        })
        .collect();
    // As many as the group wants: those that could not start asked for their connections as well.
    let wanted = |fleet: usize, row: usize| {
        let series = &timeline.fleets[fleet];
        at(&series.serving, row).max(at(&series.desired, row))
    };
    // Pools that grow have opened what requests asked for.
    let by_traffic = fleets.iter().any(|(.., [kept, most])| kept < most);
    let opened = |row: usize| match (by_traffic, writer) {
        (false, _) => 0.0,
        (true, true) => at(&series.writer_connections, row),
        (true, false) => at(&series.replica_connections, row) / at(&series.replicas, row).max(1.0),
    };
    let kept =
        |row: usize| fleets.iter().map(|(index, _, [kept, _])| kept * wanted(*index, row)).sum::<f64>();
    let stood = |row: usize| kept(row).max(opened(row));
    // Beyond what they keep, they have open what requests hold, on the mean.
    let side = usize::from(!writer);
    let held = |row: usize| {
        let of_fleet = |(index, fleet, _): &(usize, &Fleet, [f64; 2])| {
            let pools = fleet.pools.iter().zip(timeline.fleets[*index].pools.chunks(2));
            let own = pools.filter(|(pool, _)| pool.database.index() == database);
            own.map(|(_, sides)| at(&sides[side].open, row) * at(&sides[side].used_percent, row) / 100.0)
                .sum::<f64>()
        };
        let nodes = if writer { 1.0 } else { at(&series.replicas, row).max(1.0) };
        fleets.iter().map(of_fleet).sum::<f64>() / nodes
    };
    let busiest = (0..timeline.time_s.len()).map(held).fold(0.0, f64::max);
    let instances = |row: usize| fleets.iter().map(|(index, ..)| wanted(*index, row)).sum::<f64>();
    let rows = 0..timeline.time_s.len();
    let most_of = |rows: &mut dyn Iterator<Item = usize>| {
        rows.max_by(|a, b| stood(*a).total_cmp(&stood(*b)).then(b.cmp(a)))
    };
    // A group wants instances before these ask for connections: what was refused was asked for then.
    let is_refused =
        |row: &usize| timeline.databases[database].refused.get(*row).is_some_and(|refused| *refused > 0.0);
    let fullest = most_of(&mut rows.clone())?;
    let asked = most_of(&mut rows.clone().filter(is_refused)).filter(|row| stood(*row) >= stood(fullest));
    let row = asked.unwrap_or(fullest);
    let largest = |index: usize, fleet: &Fleet| match can_grow(fleet) {
        true => f64::from(most(fleet)),
        false => rows.clone().map(|row| wanted(index, row)).fold(0.0, f64::max),
    };
    let all: f64 = fleets.iter().map(|(index, fleet, [_, most])| most * largest(*index, fleet)).sum();
    let grows = fleets.iter().any(|(_, fleet, _)| can_grow(fleet));
    // In which run, and when, they were refused is not known: of all nodes, those that lack room.
    let one_more = fleets.iter().map(|(.., [kept, _])| kept.max(1.0)).fold(0.0, f64::max);
    let any_refused = timeline.databases[database].refused.iter().any(|refused| *refused > 0.0);
    let refused = any_refused && stood(row) + one_more > limit;
    (refused || all > limit).then(|| Wanted {
        of: Resource::Connections { database, node },
        resource: label::CONNECTIONS.plain(&[&settings.name]).part(words, ""),
        kind: StageKind::Database,
        row,
        limit,
        wanted: stood(row),
        instances: instances(row),
        groups: fleets
            .iter()
            .map(|(index, fleet, [kept, _])| Group {
                by: Resource::Cpu { fleet: *index },
                above: adds_above(fleet),
                each: *kept,
                now: wanted(*index, row),
                most: largest(*index, fleet),
            })
            .collect(),
        by_traffic: by_traffic.then(|| (limit - kept(row)) / busiest).filter(|times| times.is_finite()),
        at_most: grows.then(|| {
            let instances = fleets.iter().map(|(index, fleet, _)| largest(*index, fleet)).sum();
            (all, instances)
        }),
        refused,
    })
}

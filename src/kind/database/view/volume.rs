//! What the volumes of a database show: whether they could do no more I/Os, and for how much more their credits last. In: their columns. Out: what can
//! run out, and its words.
//!
//! A volume with burst credits is full at its burst while it has some, and at its baseline without. With more traffic they are spent sooner. So its limit is the
//! multiple at which they are just spent while more than the baseline is asked for, unless the burst is reached first.

use std::ops::Range;

use crate::kind::Scene;
use crate::kind::database::language::volume::{Burst, Volume};
use crate::kind::view::at;
use crate::measure::capacity::{Capacity, shares};
use crate::measure::resource::{Node, Resource};
use crate::measure::stage::StageKind;
use crate::measure::watched::Watched;
use crate::number::number;

/// Halvings of the interval in which a multiple lies, until it is known to the last bit.
const HALVINGS: u32 = 60;

/// The columns of a side.
struct Side<'a> {
    node: Node,
    volumes: u32,
    iops: &'a [f64],
    limit: &'a [f64],
    busy: &'a [f64],
    waiting: &'a [f64],
    credits: &'a [f64],
}

fn sides<'a>(index: usize, scene: &Scene<'a>) -> Vec<Side<'a>> {
    let columns = scene.timeline.databases.get(index).and_then(|series| series.volume.first());
    let (Some(it), Some(database)) = (columns, scene.databases.get(index)) else { return Vec::new() };
    let writer = Side {
        node: Node::Writer,
        volumes: 1,
        iops: &it.writer_iops,
        limit: &it.writer_iops_limit,
        busy: &it.writer_busy_percent,
        waiting: &it.writer_waiting,
        credits: &it.writer_credits_percent,
    };
    let replicas = Side {
        node: Node::Reader,
        volumes: database.replicas,
        iops: &it.replica_iops,
        limit: &it.replica_iops_limit,
        busy: &it.replica_busy_percent,
        waiting: &it.replica_waiting,
        credits: &it.replica_credits_percent,
    };
    std::iter::once(writer).chain((database.replicas > 0).then_some(replicas)).collect()
}

pub(super) fn watched<'a>(index: usize, scene: &Scene<'a>) -> Vec<Watched<'a>> {
    let watched = |side: Side<'a>| {
        let of = Resource::Volume { database: index, node: side.node };
        Watched::busy(of, side.busy.to_vec(), side.waiting)
    };
    sides(index, scene).into_iter().map(watched).collect()
}

pub(super) fn capacities<'a>(index: usize, scene: &Scene<'a>) -> Vec<Capacity<'a>> {
    let Some(database) = scene.databases.get(index) else { return Vec::new() };
    let Some(volume) = &database.volume else { return Vec::new() };
    let capacity = |side: Side<'a>| {
        let (busy, at_what) = counted(scene, volume, &side);
        let (of, what) = match side.node {
            Node::Reader => ("volumes", "replicas"),
            Node::Writer | Node::All => ("volume", "writer"),
        };
        let resource = format!("{of} of {} ({what}{at_what})", database.name);
        let id = Resource::Volume { database: index, node: side.node };
        Capacity {
            busy,
            waiting: Some(side.waiting.into()),
            ..Capacity::constant(id, resource, StageKind::Database, side.busy)
        }
    };
    sides(index, scene).into_iter().map(capacity).collect()
}

/// How busy the volumes of a side were, and at what that is counted.
fn counted(scene: &Scene<'_>, volume: &Volume, side: &Side<'_>) -> (Vec<f64>, &'static str) {
    let busy = shares(side.busy);
    let Some(burst) = volume.burst else { return (busy, "") };
    let most = side.iops.iter().copied().fold(0.0, f64::max) / f64::from(side.volumes.max(1));
    // Where credits were spent, they were full at their baseline.
    if most <= 0.0 || side.limit.iter().any(|limit| *limit < burst.iops * f64::from(side.volumes)) {
        return (busy, ", at their burst while there are credits");
    }
    let rows = side.iops.iter().enumerate();
    let rows: Vec<(f64, f64)> =
        rows.map(|(row, iops)| (scene.row_s(row), iops / f64::from(side.volumes.max(1)))).collect();
    let (mut low, mut high) = (1.0, burst.iops / most);
    if !outlasts(&rows, volume, burst, high) {
        return (busy, ", at their burst");
    }
    for _ in 0..HALVINGS {
        let middle = (low + high) / 2.0;
        *if outlasts(&rows, volume, burst, middle) { &mut high } else { &mut low } = middle;
    }
    let sooner = burst.iops / (most * low);
    (busy.iter().map(|busy| busy * sooner).collect(), ", as long as credits last")
}

/// Whether the credits of a volume are spent while so many times the I/Os of the rows are more than its baseline.
fn outlasts(rows: &[(f64, f64)], volume: &Volume, burst: Burst, times: f64) -> bool {
    let mut left = burst.initial * burst.most;
    rows.iter().any(|&(seconds, iops)| {
        let more = (times * iops).min(burst.iops) - volume.iops;
        left = (left - more * seconds).min(burst.most);
        left < 0.0 && more > 0.0
    })
}

/// `up to 300 I/Os a second, no burst credits left, up to 12 waiting`.
pub(super) fn full(scene: &Scene<'_>, database: usize, node: Node, rows: &Range<usize>) -> Vec<String> {
    let Some(side) = sides(database, scene).into_iter().find(|side| side.node == node) else {
        return Vec::new();
    };
    let most = rows.clone().map(|row| at(side.iops, row)).fold(0.0, f64::max);
    let least = rows.clone().map(|row| at(side.credits, row)).fold(100.0, f64::min);
    let mut all = vec![format!("up to {} I/Os a second", number(most.round()))];
    let burst = scene.databases.get(database).and_then(|it| it.volume?.burst);
    if burst.is_some() && least < 1.0 {
        all.push("no burst credits left".into());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::database::language::volume::VolumeType;
    use crate::units::{Bandwidth, Time};

    /// A baseline of 100 and 1,000 credits. Ten rows of 10 s at 105 spend 500; at ×1.1 they spend 1,550, and at 110 just the 1,000.
    #[test]
    fn credits_are_spent_by_what_is_asked_above_the_baseline() {
        let burst = Burst { iops: 500.0, most: 1_000.0, initial: 1.0 };
        let volume = Volume {
            of: VolumeType::Gp2,
            iops: 100.0,
            burst: Some(burst),
            throughput: Bandwidth(1e9),
            billed_iops: 0.0,
            billed_mib: 0.0,
            log_writes: 1,
            write_back: Time::ZERO,
        };
        let rows = [(10.0, 105.0); 10];
        let outlasts = |times: f64| outlasts(&rows, &volume, burst, times);
        assert!(!outlasts(1.0) && outlasts(1.1));
        assert!(!outlasts(109.99 / 105.0) && outlasts(110.01 / 105.0));
        assert!(!outlasts(0.5), "what the baseline carries is carried for ever");
    }
}

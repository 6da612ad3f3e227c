//! What the volumes of a database show: whether they could do no more I/Os, and for how much more their credits last. In: their columns. Out: what can
//! run out, and its words.
//!
//! A volume with burst credits is full at its burst while it has some, and at its baseline without. With more traffic they are spent sooner. So its limit is the
//! multiple at which they are just spent while more than the baseline is asked for, unless the burst is reached first. Commits that are flushed together write
//! the log no more often than one flush after the other.

use crate::kind::database::label;
use std::ops::Range;

use crate::kind::Scene;
use crate::kind::database::language::Database;
use crate::kind::database::language::volume::Volume;
use crate::kind::view::at;
use crate::kind::volume_type::Burst;
use crate::measure::capacity::{Capacity, shares};
use crate::measure::resource::label::Called;
use crate::measure::resource::{Node, Resource};
use crate::measure::stage::StageKind;
use crate::measure::wanted::Wanted;
use crate::measure::watched::Watched;
use crate::number::number;

/// Halvings of the interval in which a multiple lies, until it is known to the last bit.
const HALVINGS: u32 = 60;

/// The columns of a side.
struct Side<'a> {
    node: Node,
    volumes: u32,
    iops: &'a [f64],
    /// Those of commits, of the writer.
    log: &'a [f64],
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
        log: &it.writer_log_iops,
        limit: &it.writer_iops_limit,
        busy: &it.writer_busy_percent,
        waiting: &it.writer_waiting,
        credits: &it.writer_credits_percent,
    };
    let replicas = Side {
        node: Node::Reader,
        volumes: database.replicas,
        iops: &it.replica_iops,
        log: &[],
        limit: &it.replica_iops_limit,
        busy: &it.replica_busy_percent,
        waiting: &it.replica_waiting,
        credits: &it.replica_credits_percent,
    };
    std::iter::once(writer).chain((database.replicas > 0).then_some(replicas)).collect()
}

impl Side<'_> {
    /// How busy the volumes were, percent: of those that were idle for moments too, the part of the I/Os that they may do. One transaction after the other
    /// leaves such moments, and what was not done in them is done at once after.
    fn used(&self) -> Vec<f64> {
        let of = |(row, busy): (usize, &f64)| {
            let limit = at(self.limit, row);
            let ios = if limit > 0.0 { 100.0 * at(self.iops, row) / limit } else { 0.0 };
            busy.max(ios.min(100.0))
        };
        self.busy.iter().enumerate().map(of).collect()
    }
}

pub(super) fn watched<'a>(index: usize, scene: &Scene<'a>) -> Vec<Watched<'a>> {
    let Some(database) = scene.databases.get(index) else { return Vec::new() };
    let watched = |side: Side<'a>| {
        let of = Resource::Volume { database: index, node: side.node };
        let busy = match database.volume.as_ref().and_then(|volume| without_flushes(database, volume, &side))
        {
            Some(busy) => busy.iter().map(|busy| 100.0 * busy).collect(),
            None => side.used(),
        };
        Watched::busy(of, busy, side.waiting)
    };
    sides(index, scene).into_iter().map(watched).collect()
}

pub(super) fn capacities<'a>(index: usize, scene: &Scene<'a>) -> Vec<Capacity<'a>> {
    let Some(database) = scene.databases.get(index) else { return Vec::new() };
    let Some(volume) = &database.volume else { return Vec::new() };
    let capacity = |side: Side<'a>| {
        let (busy, at_what) = counted(scene, database, volume, &side);
        let resource = name(database, side.node, at_what);
        let id = Resource::Volume { database: index, node: side.node };
        Capacity {
            busy,
            waiting: Some(side.waiting.into()),
            ..Capacity::constant(id, resource, StageKind::Database, side.busy)
        }
    };
    sides(index, scene).into_iter().map(capacity).collect()
}

/// `volume of shop (writer, at their burst)`.
fn name(database: &Database, node: Node, at_what: &str) -> Called {
    let (label, what) = match node {
        Node::Reader | Node::Far => (label::VOLUMES, "replicas"),
        Node::Writer | Node::All => (label::VOLUME, "writer"),
    };
    label.plain(&[&database.name]).part(what, at_what)
}

/// How busy the volumes of a side were, and at what that is counted.
fn counted(
    scene: &Scene<'_>,
    database: &Database,
    volume: &Volume,
    side: &Side<'_>,
) -> (Vec<f64>, &'static str) {
    let busy = shares(&side.used());
    let Some(burst) = volume.burst else {
        return match without_flushes(database, volume, side) {
            Some(busy) => (busy, ", but for flushes of many commits"),
            None => (busy, ""),
        };
    };
    if is_spent(volume, side) {
        return (busy, ", at their burst while there are credits");
    }
    let rows = ios(scene, side);
    let most = rows.iter().map(|(_, iops)| *iops).fold(0.0, f64::max);
    if most <= 0.0 || !outlasts(&rows, volume, burst, burst.iops / most) {
        return (busy, ", at their burst");
    }
    let sooner = burst.iops / (most * credits_last(&rows, volume, burst, most));
    (busy.iter().map(|busy| busy * sooner).collect(), ", as long as credits last")
}

/// I/Os a second of one volume of a side, row by row, each with the length of the row.
fn ios(scene: &Scene<'_>, side: &Side<'_>) -> Vec<(f64, f64)> {
    let rows = side.iops.iter().enumerate();
    rows.map(|(row, iops)| (scene.row_s(row), iops / f64::from(side.volumes.max(1)))).collect()
}

/// Whether a volume with a burst was without credits in some row: there it was full at its baseline.
fn is_spent(volume: &Volume, side: &Side<'_>) -> bool {
    let burst = volume.burst.map_or(0.0, |burst| burst.iops * f64::from(side.volumes));
    side.limit.iter().any(|limit| *limit < burst)
}

/// The multiple of the rows at which credits are just spent while more than the baseline is asked for.
fn credits_last(rows: &[(f64, f64)], volume: &Volume, burst: Burst, most: f64) -> f64 {
    let (mut low, mut high) = (0.0, burst.iops / most);
    for _ in 0..HALVINGS {
        let middle = (low + high) / 2.0;
        *if outlasts(rows, volume, burst, middle) { &mut high } else { &mut low } = middle;
    }
    low
}

/// Volumes whose credits were spent: what was asked of them in the whole run tells how much of it their credits would have carried. What they
/// did in the rows at their baseline does not.
pub(super) fn wanted(index: usize, scene: &Scene<'_>) -> Vec<Wanted> {
    let Some(database) = scene.databases.get(index) else { return Vec::new() };
    let Some((volume, burst)) = database.volume.as_ref().and_then(|it| Some((it, it.burst?))) else {
        return Vec::new();
    };
    let wanted = |side: Side<'_>| {
        let of = Resource::Volume { database: index, node: side.node };
        let load = scene.timeline.loads.iter().find(|load| load.of == of)?;
        let sum = |column: &[f64]| column.iter().sum::<f64>();
        let (done, passed, asked) = (sum(side.iops), sum(&load.served), sum(&load.asked));
        if !is_spent(volume, &side) || passed <= 0.0 || asked <= 0.0 {
            return None;
        }
        // As many I/Os for each that is asked for as for those that got through; or as were done and wait at the end, if that is more: pages are written later.
        let waiting = side.waiting.last().map_or(0.0, |it| it / scene.row_s(side.waiting.len() - 1));
        let each = (done / passed).max((done + waiting) / asked) / f64::from(side.volumes.max(1));
        let asked = load.asked.iter().enumerate();
        let rows: Vec<(f64, f64)> = asked.map(|(row, asked)| (scene.row_s(row), asked * each)).collect();
        let most = rows.iter().map(|(_, iops)| *iops).fold(0.0, f64::max);
        if most <= 0.0 {
            return None;
        }
        let lasts = match outlasts(&rows, volume, burst, burst.iops / most) {
            true => credits_last(&rows, volume, burst, most),
            false => burst.iops / most,
        };
        let first = side.limit.iter().position(|limit| *limit < burst.iops * f64::from(side.volumes));
        (lasts < 1.0).then(|| Wanted {
            of,
            resource: name(database, side.node, ", as long as credits last"),
            kind: StageKind::Database,
            row: first.unwrap_or(0),
            limit: 1.0,
            wanted: 1.0 / lasts,
            instances: f64::from(side.volumes),
            groups: Vec::new(),
            at_most: None,
            by_traffic: None,
            refused: true,
        })
    };
    sides(index, scene).into_iter().filter_map(wanted).collect()
}

/// The most I/Os a second of commits that are flushed together: there is one flush at a time, however many wait for it.
fn flushes(database: &Database, volume: &Volume) -> Option<f64> {
    let each = database.group_commit.as_ref()?.delay.as_secs_f64() + database.commit.mean().as_secs_f64();
    (each > 0.0).then(|| f64::from(volume.log_writes) / each)
}

/// How busy the volume of a writer is with what grows with the traffic, where commits are flushed together; nothing of others.
fn without_flushes(database: &Database, volume: &Volume, side: &Side<'_>) -> Option<Vec<f64>> {
    let most = flushes(database, volume).filter(|_| volume.burst.is_none() && !side.log.is_empty())?;
    Some(together(side, &shares(side.busy), most))
}

/// The busy part of a volume by the multiple at which it is full, where its log is written no more often than that.
fn together(side: &Side<'_>, busy: &[f64], most: f64) -> Vec<f64> {
    let of = |(row, busy): (usize, &f64)| {
        let (all, log) = (at(side.iops, row), at(side.log, row).min(at(side.iops, row)));
        let (others, limit) = (all - log, if *busy > 0.0 { all / busy } else { return 0.0 });
        // As long as flushes may become more, all grows alike.
        let alike = limit / all;
        if log * alike <= most {
            return *busy;
        }
        let room = limit - most.max(log);
        if room > 0.0 { others / room } else { *busy }
    };
    busy.iter().enumerate().map(of).collect()
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
    use crate::kind::volume_type::VolumeType;
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

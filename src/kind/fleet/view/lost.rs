//! Instances and targets that are not there when they are wanted. In: the rows of a fleet. Out: how many, row by row.

use crate::kind;
use crate::kind::Scene;
use crate::kind::view::at;
use crate::measure::resource::{Node, Resource};
use crate::measure::stage::Cause;
use crate::measure::watched::{Trouble, Watched};

/// What means over rows and runs leave of none is none.
const NONE: f64 = 0.01;

/// Instances: full where none is in service, or where some cannot start; the latter wait, and the group asked for them.
pub(super) fn instances(index: usize, scene: &Scene<'_>) -> Watched<'static> {
    let stuck = stuck(index, scene);
    let marks: Vec<bool> = stuck.iter().map(|stuck| *stuck > 0.0).collect();
    let full = absent(index, scene).into_iter().zip(&marks).map(|(absent, stuck)| absent || *stuck);
    let watched = Watched::marked(Resource::Instances { fleet: index }, full.collect());
    Watched { waiting: stuck, trouble: Trouble::Rows(marks), ..watched }
}

/// Targets that could serve and are held for unhealthy.
pub(super) fn targets(index: usize, scene: &Scene<'_>) -> Watched<'static> {
    let lost = lost(index, scene);
    let full = lost.iter().map(|lost| *lost > 0.0).collect();
    let watched = Watched::marked(Resource::Targets { fleet: index }, full);
    Watched { waiting: lost, symptom: true, ..watched }
}

/// Instances in service of which the application cannot start, because a database of its pools is at its limit: those
/// that have had the time to boot and do not serve.
fn stuck(index: usize, scene: &Scene<'_>) -> Vec<f64> {
    let (fleet, series) = (&scene.fleets[index], &scene.timeline.fleets[index]);
    let mut refusing = vec![false; scene.timeline.time_s.len()];
    for pool in fleet.pools.iter().filter(|pool| pool.minimum > 0) {
        let of = Resource::Connections { database: pool.database.index(), node: Node::All };
        let at_limit = kind::at_limit(scene, of);
        refusing.iter_mut().zip(at_limit).for_each(|(refusing, at_limit)| *refusing |= at_limit);
    }
    let boot_rows = (fleet.boot.on_the_machine().as_secs_f64() / scene.timeline.bucket_s.max(1e-9)).ceil();
    let registered = |row: usize| at(&series.in_service, row) + at(&series.warming, row);
    let stuck = |(row, refusing): (usize, &bool)| {
        let booted = registered(row).min(registered(row.saturating_sub(boot_rows as usize)));
        let lacking = booted - at(&series.serving, row);
        if *refusing && lacking > NONE { lacking } else { 0.0 }
    };
    refusing.iter().enumerate().map(stuck).collect()
}

/// Unhealthy targets that could serve: those beyond the instances whose application has not yet run for long enough to
/// pass its first checks. An instance that boots fails them too, and hurts nobody.
fn lost(index: usize, scene: &Scene<'_>) -> Vec<f64> {
    let series = &scene.timeline.fleets[index];
    let balancers = scene.balancers.iter().filter(|balancer| balancer.targets.index() == index);
    // As many passes as make it healthy, and the one that the first of them waits for.
    let first = balancers.map(|balancer| {
        let check = &balancer.health_check;
        check.interval.as_secs_f64() * f64::from(check.healthy_threshold + 1)
    });
    let before = (first.fold(0.0, f64::max) / scene.timeline.bucket_s).ceil() as usize + 1;
    let lost = |row: usize| {
        let registered = at(&series.in_service, row) + at(&series.warming, row);
        // At the start all have served for long.
        let seasoned = at(&series.serving, row.saturating_sub(before));
        let booting = (registered - seasoned).max(0.0);
        let lost = at(&series.unhealthy, row) - booting;
        if lost > NONE { lost } else { 0.0 }
    };
    (0..series.unhealthy.len()).map(lost).collect()
}

/// In which rows a fleet had no instance in service, in any run, while requests for it found none.
fn absent(index: usize, scene: &Scene<'_>) -> Vec<bool> {
    let (timeline, series) = (scene.timeline, &scene.timeline.fleets[index]);
    let none = |row: usize| at(&series.in_service, row) + at(&series.warming, row) == 0.0;
    let threads = timeline.loads.iter().find(|load| load.of == Resource::Threads { fleet: index });
    let asked = |row: usize| threads.is_some_and(|load| at(&load.asked, row) > 0.0);
    let failed = timeline.failed.get(&Cause::ServiceUnavailable);
    let failed = |row: usize| failed.is_some_and(|failed| at(failed, row) > 0.0);
    (0..timeline.time_s.len()).map(|row| none(row) && asked(row) && failed(row)).collect()
}

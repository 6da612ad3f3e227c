//! Instances and targets that are not there when they are wanted. In: the rows of a fleet. Out: how many, row by row.

use std::ops::Range;

use crate::kind;
use crate::kind::view::{at, in_some_runs, peak, requests_in_all};
use crate::kind::{Full, Scene};
use crate::measure::resource::{Node, Resource};
use crate::measure::stage::Cause;
use crate::measure::watched::Watched;
use crate::number::{number, setting, things};
use crate::units::Bandwidth;

/// What means over rows and runs leave of none is none.
const NONE: f64 = 0.01;

/// Instances: full where none is in service, or where some cannot start, which wait. Whether that hurts, requests say: a group that has
/// enough without them is in no trouble.
pub(super) fn instances(index: usize, scene: &Scene<'_>) -> Watched<'static> {
    let stuck = stuck(index, scene);
    let marks: Vec<bool> = stuck.iter().map(|stuck| *stuck > 0.0).collect();
    let full = absent(index, scene).into_iter().zip(marks).map(|(absent, stuck)| absent || stuck);
    let watched = Watched::marked(Resource::Instances { fleet: index }, full.collect());
    Watched { waiting: stuck, ..watched }
}

/// Targets that could serve and are held for unhealthy.
pub(super) fn targets(index: usize, scene: &Scene<'_>) -> Watched<'static> {
    let lost = lost(index, scene);
    let full = lost.iter().map(|lost| *lost > 0.0).collect();
    let watched = Watched::marked(Resource::Targets { fleet: index }, full);
    Watched { waiting: lost, symptom: true, ..watched }
}

/// `up to 3 targets of `web` unhealthy`; without a number where the same sentence says how many are left.
pub(super) fn unhealthy(about: &Full<'_>, fleet: usize) -> String {
    let is_said = |&(of, ref rows): &(Resource, Range<usize>)| match of {
        Resource::FailsOpen { fleet: other } => fleet == other,
        Resource::FewTargets { fleet: other } => {
            fleet == other && is_few(about.scene, fleet, about.scene.lost(of), rows)
        }
        _ => false,
    };
    if about.chain.iter().any(is_said) {
        return format!("targets of {} unhealthy", about.name);
    }
    // Of several runs it is a mean; part of a target is none.
    let most = things(peak(&about.resource.waiting, about.rows).ceil(), "target");
    format!("up to {most} of {} unhealthy", about.name)
}

/// `1 of 2 targets of `web` takes all traffic`, `as few as 3 of 6 targets of `web` take all traffic`; nothing where most are left and nothing came of it.
pub(super) fn few(about: &Full<'_>, fleet: usize) -> String {
    let (scene, left_out) = (about.scene, &about.resource.waiting);
    if !about.cause && !is_few(scene, fleet, left_out, about.rows) {
        return String::new();
    }
    let (left, all) = left(scene, fleet, left_out, about.rows);
    let take = if left > 1.0 { "take" } else { "takes" };
    let in_some = in_some_runs(left_out, about.rows);
    // Fewest of all its rows: at other times more were left.
    let out = all - left;
    let is_less = |row: usize| at(left_out, row) > 0.0 && at(left_out, row).ceil() < out;
    let as_few = if about.rows.clone().any(is_less) { "as few as " } else { "" };
    let in_some = match about.rows.clone().any(|row| at(left_out, row) == 0.0) {
        true => format!(" at times{in_some}"),
        false => in_some.to_owned(),
    };
    format!(
        "{as_few}{} of {} of {} {take} all traffic{in_some}",
        number(left),
        things(all, "target"),
        about.name
    )
}

/// `up to 4 instances of `web` out of CPU credits, held to 20 %`.
pub(super) fn held_back(about: &Full<'_>, fleet: usize) -> String {
    let baseline = about.scene.fleets.get(fleet).and_then(|it| it.all_hardware().find_map(|of| of.credits));
    let baseline = baseline.map_or(1.0, |it| it.baseline);
    let held = things(peak(&about.resource.waiting, about.rows).ceil(), "instance");
    let fleet = about.scene.fleets.get(fleet).map_or("", |it| it.name.as_str());
    let in_some = in_some_runs(&about.resource.waiting, about.rows);
    let up_to = if peak(&about.resource.waiting, about.rows) > 1.0 { "up to " } else { "" };
    format!("{up_to}{held} of `{fleet}` out of CPU credits, held to {}{in_some}", setting(baseline))
}

/// `up to 4 instances of `web` have just started and are cold (from 25 % of their speed)`.
pub(super) fn cold(about: &Full<'_>, fleet: usize) -> String {
    let Some(settings) = about.scene.fleets.get(fleet) else { return String::new() };
    let most = peak(&about.resource.waiting, about.rows);
    let (up_to, have, their) = if most > 1.0 { ("up to ", "have", "their") } else { ("", "has", "its") };
    let are = if most > 1.0 { "are" } else { "is" };
    let speed = settings.cold.map_or(1.0, |cold| cold.speed);
    let (count, in_some) =
        (things(most.ceil(), "instance"), in_some_runs(&about.resource.waiting, about.rows));
    format!(
        "{up_to}{count} of `{}` {have} just started and {are} cold (from {} of {their} speed){in_some}",
        settings.name,
        setting(speed)
    )
}

/// `6,000 requests shed by instances of `web` that had more than 50`.
pub(super) fn shed(about: &Full<'_>, fleet: usize) -> String {
    let Some(settings) = about.scene.fleets.get(fleet) else { return String::new() };
    let (requests, in_some) = requests_in_all(&about.resource.waiting, about.rows);
    let limits = settings.shed.map_or((None, None), |shed| (shed.concurrency, shed.queue_time));
    let most = limits.0.map(|most| format!("instances had more than {} inside", number(most.into())));
    let longest = limits.1.map(|longest| format!("they had waited for a thread for longer than {longest}"));
    let why: Vec<String> = most.into_iter().chain(longest).collect();
    format!("{requests} shed by `{}`, as {}{in_some}", settings.name, why.join(" or "))
}

/// `up to 4 instances of `web` out of network credits, sending 64 Mbit/s`.
pub(super) fn throttled(about: &Full<'_>, fleet: usize) -> String {
    let settings = about.scene.fleets.get(fleet);
    let baseline = settings.and_then(|it| it.network).map_or(Bandwidth(0.0), |network| network.baseline);
    let most = peak(&about.resource.waiting, about.rows);
    let (name, up_to) = (settings.map_or("", |it| it.name.as_str()), if most > 1.0 { "up to " } else { "" });
    let in_some = in_some_runs(&about.resource.waiting, about.rows);
    let held = things(most.ceil(), "instance");
    format!("{up_to}{held} of `{name}` out of network credits, sending {baseline}{in_some}")
}

/// `Spot instances of `web` interrupted (up to 6 instances missing)`.
pub(super) fn interrupted(about: &Full<'_>, fleet: usize) -> String {
    let most = peak(&about.resource.waiting, about.rows).ceil();
    let fleet = about.scene.fleets.get(fleet).map_or("", |it| it.name.as_str());
    let in_some = in_some_runs(&about.resource.waiting, about.rows);
    let up_to = if most > 1.0 { "up to " } else { "" };
    format!("Spot instances of `{fleet}` interrupted ({up_to}{} missing{in_some})", things(most, "instance"))
}

/// Whether at most half of the targets are left.
fn is_few(scene: &Scene<'_>, fleet: usize, left_out: &[f64], rows: &Range<usize>) -> bool {
    let (left, all) = left(scene, fleet, left_out, rows);
    2.0 * left <= all
}

/// The fewest targets that took all traffic, and all that there were then.
fn left(scene: &Scene<'_>, fleet: usize, left_out: &[f64], rows: &Range<usize>) -> (f64, f64) {
    let series = &scene.timeline.fleets[fleet];
    // Of the registered targets those that boot do not count: they have never got anything.
    let up = |row: usize| at(&series.serving, row) + at(&series.lost, row);
    let there = |row: usize| (at(&series.in_service, row) + at(&series.warming, row)).min(up(row));
    // What is left out in a row and taken away at its end was there in the row before.
    // One whose application has ended is registered and not up, and those that have never passed a check do not count either.
    let of_checks = |row: usize| {
        let new = (at(&series.unhealthy, row) - at(left_out, row)).max(0.0);
        at(&series.in_service, row) + at(&series.warming, row) - new
    };
    let there = |row: usize| there(row).max(of_checks(row).min(up(row) + at(left_out, row)));
    let registered = |row: usize| there(row).max(row.checked_sub(1).map_or(0.0, there));
    let left = |row: usize| registered(row) - at(left_out, row);
    let some_out = rows.clone().filter(|&row| at(left_out, row) > 0.0);
    // Five of sixteen are fewer than one of two.
    let part = |row: usize| left(row) / registered(row).max(1.0);
    let worst = some_out.min_by(|&one, &other| part(one).total_cmp(&part(other)));
    // What means over runs leave of one target is one, and with none left it would fail open.
    let out = worst.map_or(0.0, |row| at(left_out, row)).ceil();
    let all = worst.map_or(0.0, registered).round().max(out + 1.0);
    (all - out, all)
}

/// Instances in service of which the application cannot start, because a database of its pools is at its limit or has no
/// writer: those that have had the time to boot and do not serve.
fn stuck(index: usize, scene: &Scene<'_>) -> Vec<f64> {
    let (fleet, series) = (&scene.fleets[index], &scene.timeline.fleets[index]);
    let mut refusing = vec![false; scene.timeline.time_s.len()];
    for pool in fleet.pools.iter().filter(|pool| pool.minimum > 0) {
        let of = Resource::Connections { database: pool.database.index(), node: Node::All };
        let at_limit = kind::at_limit(scene, of);
        refusing.iter_mut().zip(at_limit).for_each(|(refusing, at_limit)| *refusing |= at_limit);
        let without = scene.lost(Resource::LostNodes { database: pool.database.index(), node: Node::Writer });
        let without = without.iter().map(|lost| pool.writer > 0 && *lost > 0.0);
        refusing.iter_mut().zip(without).for_each(|(refusing, without)| *refusing |= without);
    }
    let boot_s = fleet.boot.at_most_on_the_machine().as_secs_f64();
    let boot_rows = (boot_s / scene.timeline.bucket_s.max(1e-9)).ceil() as usize;
    let registered = |row: usize| at(&series.in_service, row) + at(&series.warming, row);
    let stuck = |(row, refusing): (usize, &bool)| {
        // What serves is a mean of the row, and what is registered is of its end: those have booted before it begins that were
        // registered in all the rows of a boot before.
        let since = row.saturating_sub(boot_rows + 1)..row + 1;
        let booted = since.map(registered).fold(f64::INFINITY, f64::min);
        // For the group, those that are lost are in service.
        let lacking = booted - at(&series.serving, row) - at(&series.lost, row);
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

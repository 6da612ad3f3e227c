//! What keeps a resource full that would have been enough. In: what was saturated, and when. Out: the one further down
//! that held it: a larger pool helps nobody whose transactions wait for one row.

use super::found::Headroom;
use super::series::Series;
use crate::kind;
use crate::kind::Scene;
use crate::measure::resource::Resource;
use crate::outcome::phases::{Held, Reach};
use crate::scenario::Scenario;

/// Part of the rows in which one is full that the other must be full in.
const MOSTLY: f64 = 0.5;

/// Finds what holds each saturated resource.
pub(super) fn find(
    found: &mut [Headroom],
    scenario: &Scenario,
    scene: &Scene<'_>,
    all: &[Series<'_>],
    reach: &Reach,
) {
    let full: Vec<(Resource, Vec<bool>)> = all
        .iter()
        .filter(|series| found.iter().any(|it| it.of == series.of() && it.saturated))
        .map(|series| (series.of(), series.was_full(reach)))
        .collect();
    // What no request waits for is held on a path of its own, as pollers are: its steps say what for.
    let apart = full.iter().any(|(of, _)| !of.delays_requests()).then(|| Held::of(scenario));
    let is_below = |of: Resource, other: Resource| {
        let apart = apart.as_ref().filter(|_| !of.delays_requests());
        kind::waits_for(scene, of, other) || apart.is_some_and(|held| held.below(of).contains(&other))
    };
    for headroom in found.iter_mut().filter(|it| it.saturated) {
        let Some((of, rows)) = full.iter().find(|(of, _)| *of == headroom.of) else { continue };
        headroom.held_by = holder(*of, rows, &full, scene, is_below);
    }
}

fn holder(
    of: Resource,
    rows: &[bool],
    full: &[(Resource, Vec<bool>)],
    scene: &Scene<'_>,
    is_below: impl Fn(Resource, Resource) -> bool,
) -> Option<Resource> {
    let count = rows.iter().filter(|full| **full).count() as f64;
    let mostly = |other: &[bool]| {
        let both = rows.iter().zip(other).filter(|(full, other)| **full && **other).count();
        both as f64 >= MOSTLY * count
    };
    let blocked = kind::blocked(scene, of).filter(|(_, rows)| mostly(rows));
    let mut below = full.iter().filter(|(other, _)| is_below(of, *other));
    blocked.map(|(by, _)| by).or_else(|| below.find(|(_, rows)| mostly(rows)).map(|(other, _)| *other))
}

/// Leaves out what a fault has kept for longer and would not have filled, where what it waits for was saturated: how long it is held goes by
/// that one, and so does its limit.
pub(super) fn leave_out(found: &mut Vec<Headroom>, scenario: &Scenario, all: &[Series<'_>]) {
    let is_eased = |of: Resource| all.iter().any(|series| series.eased && series.of() == of);
    let saturated: Vec<Resource> = found.iter().filter(|it| it.saturated).map(|it| it.of).collect();
    if saturated.is_empty() || !found.iter().any(|it| is_eased(it.of)) {
        return;
    }
    let held = Held::of(scenario);
    found.retain(|it| {
        let waits = || held.below(it.of).iter().any(|of| saturated.contains(of));
        it.saturated || !is_eased(it.of) || !waits()
    });
}

/// Times as full as the CPU of their fleet that its threads are at most, where both are. Assumption: more says only that next to nothing was
/// finished, and so not for how long a thread is held.
const BEYOND_CPU: f64 = 10.0;

/// Threads that are full because CPU is are asked for as many times as CPU, where so little was finished that nothing else tells it.
pub(super) fn level(found: &mut [Headroom]) {
    let busy_of = |found: &[Headroom], fleet: usize| {
        let cpu = found.iter().find(|it| it.of == Resource::Cpu { fleet } && it.saturated)?;
        Some(cpu.as_it_stood.busy)
    };
    for at in 0..found.len() {
        if let Resource::Threads { fleet } = found[at].of
            && let Some(cpu) = busy_of(found, fleet)
            && found[at].as_it_stood.busy > BEYOND_CPU * cpu.max(1.0)
        {
            found[at].ask_for(cpu.max(1.0));
        }
    }
}

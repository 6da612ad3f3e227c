//! How many instances a fleet may have. In: sizes, schedule, timetable, policies. Out: a number at a time.

use super::Fleet;
use crate::units::Time;

/// A sum of demands may be off by its rounding, which is no reason for a further instance.
const ROUNDING: f64 = 1e-9;

/// The largest number of instances that a fleet may have at a time: `max` where something scales it, else its size.
pub fn largest_at(fleet: &Fleet, time: Time) -> u32 {
    let past = fleet.schedule.iter().take_while(|action| action.at <= time);
    match fleet.policies.is_empty() {
        false => past.filter_map(|action| action.max).last().unwrap_or(fleet.max),
        true => size_at(fleet, time),
    }
}

/// The number of instances of a fleet at a time if nothing but its schedule or timetable changes it.
pub fn size_at(fleet: &Fleet, time: Time) -> u32 {
    if !fleet.timetable.is_empty() {
        let past = fleet.timetable.iter().take_while(|change| change.0 <= time);
        return past.last().map_or(fleet.desired, |change| change.1);
    }
    let (mut min, mut max, mut desired) = (fleet.min, fleet.max, fleet.desired);
    for action in fleet.schedule.iter().take_while(|action| action.at <= time) {
        (min, max) = (action.min.unwrap_or(min), action.max.unwrap_or(max));
        desired = action.desired.unwrap_or(desired).clamp(min, max.max(min));
    }
    desired
}

/// The largest number of instances at any time.
pub fn largest(fleet: &Fleet) -> u32 {
    let changes = fleet.schedule.iter().map(|action| action.at);
    let instants = changes.chain(fleet.timetable.iter().map(|change| change.0)).chain([Time::ZERO]);
    instants.map(|time| largest_at(fleet, time)).max().unwrap_or(fleet.max)
}

/// Work per second of a number of instances, in vCPU-seconds of strength 1.
pub fn capacity(fleet: &Fleet, instances: u32) -> f64 {
    let instances = instances as usize;
    let speeds: f64 = fleet.speeds.iter().take(instances).sum();
    let whole = speeds + instances.saturating_sub(fleet.speeds.len()) as f64;
    whole * f64::from(fleet.instance.vcpus) * fleet.instance.strength
}

/// When a fleet may first be larger than at a time, by its timetable or its schedule, and how large.
pub fn larger_later(fleet: &Fleet, time: Time) -> Option<(Time, u32)> {
    let now = largest_at(fleet, time);
    let changes = fleet.schedule.iter().map(|action| action.at);
    let later = changes.chain(fleet.timetable.iter().map(|change| change.0)).filter(|at| *at > time);
    let larger = later.map(|at| (at, largest_at(fleet, at))).filter(|(_, size)| *size > now);
    larger.min_by_key(|(at, _)| *at)
}

/// The fewest instances that do so much work per second, in vCPU-seconds of strength 1: those that the file makes slower are
/// launched first.
pub fn needed(fleet: &Fleet, work: f64) -> u32 {
    let named = fleet.speeds.len();
    let enough = (1..=named as u32).find(|&instances| capacity(fleet, instances) >= work);
    let each = f64::from(fleet.instance.vcpus) * fleet.instance.strength;
    let further = || ((work - capacity(fleet, named as u32)) / each * (1.0 - ROUNDING)).ceil();
    enough.unwrap_or_else(|| (named as f64 + further()).max(1.0) as u32)
}

/// Whether the group can answer to load.
pub fn can_grow(fleet: &Fleet) -> bool {
    !fleet.policies.is_empty() && most(fleet) > fleet.min
}

/// The largest `max` that the group ever has.
pub fn most(fleet: &Fleet) -> u32 {
    fleet.schedule.iter().filter_map(|action| action.max).fold(fleet.max, u32::max)
}

/// The `max` of the group at a time.
pub fn most_at(fleet: &Fleet, time: Time) -> u32 {
    let past = fleet.schedule.iter().take_while(|action| action.at <= time);
    past.filter_map(|action| action.max).last().unwrap_or(fleet.max)
}

//! How many instances a fleet may have. In: sizes, schedule, timetable, policies. Out: a number at a time. Of several types it goes by the first one
//! in the list.

use super::shapes::INSTANCES_MAX;
use super::{Deploy, Fleet, Refresh, Strategy};
use crate::kind::scaling::language::{Metric, PolicyKind};
use crate::number::{agreeing, counted, number};
use crate::units::Time;

/// A sum of demands may be off by its rounding, which is no reason for a further instance.
const ROUNDING: f64 = 1e-9;

/// How many instances do the work of `needed` ones: `about 12 instances`; nothing where no fleet may have as many.
pub fn enough(needed: f64) -> Option<String> {
    let needed = needed.ceil();
    (needed <= f64::from(INSTANCES_MAX)).then(|| agreeing(format!("about {}", number(needed)), "instance"))
}

/// What is said where no fleet may have enough of them.
pub fn too_many() -> String {
    format!("more than {}, the most that a fleet may have,", counted(INSTANCES_MAX.into(), "instance"))
}

/// The largest number of instances that a fleet may have at a time: `max` where something scales it, else its size.
pub fn largest_at(fleet: &Fleet, time: Time) -> u32 {
    let past = fleet.schedule.iter().take_while(|action| action.at <= time);
    match !fleet.scales() {
        false => fleet.instances_of(past.filter_map(|action| action.max).last().unwrap_or(fleet.max)),
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
    fleet.instances_of(desired)
}

/// The largest number of instances at any time.
pub fn largest(fleet: &Fleet) -> u32 {
    let changes = fleet.schedule.iter().map(|action| action.at);
    let instants = changes.chain(fleet.timetable.iter().map(|change| change.0)).chain([Time::ZERO]);
    instants.map(|time| largest_at(fleet, time)).max().unwrap_or(fleet.instances_of(fleet.max))
}

/// How many instances there may be while a version is brought to them, where that is more than [`largest`], and what it is called.
pub fn largest_deploying(fleet: &Fleet) -> Option<(u32, &'static str)> {
    let of = |it: &Refresh| {
        let size = largest_at(fleet, it.at);
        let (more, title) = match &it.deploy {
            None => (it.healthy.most(size).saturating_sub(size), "instance refresh"),
            Some(Deploy { strategy, batch, .. }) => match strategy {
                Strategy::AllAtOnce | Strategy::Rolling => (0, strategy.title()),
                Strategy::ExtraBatch => (batch.of(size), strategy.title()),
                Strategy::Immutable | Strategy::Canary | Strategy::BlueGreen => (size, strategy.title()),
            },
        };
        (size.saturating_add(more), title)
    };
    let most = fleet.refresh.iter().map(of).max_by_key(|(size, _)| *size);
    most.filter(|(size, _)| *size > largest(fleet))
}

/// Work per second of a number of instances at a time, in vCPU-seconds of strength 1.
pub fn capacity(fleet: &Fleet, instances: u32, time: Time) -> f64 {
    let instances = instances as usize;
    let speeds: f64 = fleet.speeds.iter().take(instances).sum();
    let whole = speeds + instances.saturating_sub(fleet.speeds.len()) as f64;
    let hardware = fleet.hardware_at(time);
    whole * hardware.whole_vcpus() * hardware.instance.strength
}

/// When a fleet may first be larger than at a time, by its timetable or its schedule, and how large.
pub fn larger_later(fleet: &Fleet, time: Time) -> Option<(Time, u32)> {
    let now = largest_at(fleet, time);
    let changes = fleet.schedule.iter().map(|action| action.at);
    let later = changes.chain(fleet.timetable.iter().map(|change| change.0)).filter(|at| *at > time);
    let larger = later.map(|at| (at, largest_at(fleet, at))).filter(|(_, size)| *size > now);
    larger.min_by_key(|(at, _)| *at)
}

/// When a fleet became smaller last, up to a time, by its timetable or its schedule, and how large it was before.
pub fn smaller_since(fleet: &Fleet, time: Time) -> Option<(Time, u32)> {
    let changes = fleet.schedule.iter().map(|action| action.at);
    let past =
        changes.chain(fleet.timetable.iter().map(|change| change.0)).filter(|at| *at <= time && at.0 > 0);
    let at = past.max()?;
    let before = largest_at(fleet, Time(at.0 - 1));
    (before > largest_at(fleet, time)).then_some((at, before))
}

/// Whether the group can become smaller in so much time: by a policy that removes instances, its timetable or its schedule.
pub fn scales_in(fleet: &Fleet, duration: Time) -> bool {
    let removes = fleet.policies.iter().any(|policy| policy.removes()) && most_units(fleet) > fleet.min;
    let changes = fleet.schedule.iter().map(|action| action.at);
    let mut changes = changes.chain(fleet.timetable.iter().map(|change| change.0));
    removes
        || changes.any(|at| at.0 > 0 && at < duration && size_at(fleet, at) < size_at(fleet, Time(at.0 - 1)))
}

/// The fewest instances that at a time do so much work per second, in vCPU-seconds of strength 1: those that the file makes slower are
/// launched first.
pub fn needed(fleet: &Fleet, work: f64, time: Time) -> u32 {
    let named = fleet.speeds.len();
    let enough = (1..=named as u32).find(|&instances| capacity(fleet, instances, time) >= work);
    let each = fleet.hardware_at(time).work();
    let further = || ((work - capacity(fleet, named as u32, time)) / each * (1.0 - ROUNDING)).ceil();
    enough.unwrap_or_else(|| (named as f64 + further()).max(1.0) as u32)
}

/// Whether the group can answer to load.
pub fn can_grow(fleet: &Fleet) -> bool {
    fleet.scales() && most_units(fleet) > fleet.min
}

/// Part of what its CPU can do that it does before a policy adds instances; nothing where a policy goes by something else.
pub fn adds_above(fleet: &Fleet) -> Option<f64> {
    let all = fleet.policies.iter().map(|policy| match policy.metric {
        Metric::Cpu => policy.adds_above().map(|percent| {
            // That of pods is in percent of what they request.
            let is_hpa = matches!(policy.kind, PolicyKind::Hpa(_));
            let of = if is_hpa { fleet.requested_vcpus() / fleet.instance.mean_vcpus() } else { 1.0 };
            fleet.hardware(0).share_of_work(of * percent / 100.0)
        }),
        _ => None,
    });
    all.collect::<Option<Vec<f64>>>()?.into_iter().reduce(f64::min)
}

/// The most instances that the group may ever have, by its `max`.
pub fn most(fleet: &Fleet) -> u32 {
    fleet.instances_of(most_units(fleet))
}

/// The largest `max` that the group ever has.
fn most_units(fleet: &Fleet) -> u32 {
    fleet.schedule.iter().filter_map(|action| action.max).fold(fleet.max, u32::max)
}

/// The most instances that the group may have at a time, by its `max`.
pub fn most_at(fleet: &Fleet, time: Time) -> u32 {
    let past = fleet.schedule.iter().take_while(|action| action.at <= time);
    fleet.instances_of(past.filter_map(|action| action.max).last().unwrap_or(fleet.max))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_instances_that_no_fleet_may_have_is_not_advice() {
        let advice = [0.3, 1.0, 1.2, 9_999.5, 10_000.1, 32_400_030.0].map(enough);
        let words = [
            Some("about 1 instance"),
            Some("about 1 instance"),
            Some("about 2 instances"),
            Some("about 10,000 instances"),
        ];
        assert_eq!(advice[..4], words.map(|it| it.map(str::to_owned)));
        assert_eq!(advice[4..], [None, None]);
        assert!(too_many().starts_with("more than 10,000 instances, "), "{}", too_many());
    }
}

//! Scaling that cannot do what it is there for. In: sizes and policies. Out: warnings.

use crate::kind::code::Code;
use crate::kind::fleet::language::Fleet;
use crate::kind::fleet::language::limits::largest;
use crate::kind::scaling::language::{Metric, Policy, PolicyKind};
use crate::kind::warning::Warning;
use crate::number::{bounded, counted, setting};
use crate::units::Time;

/// Metrics of shorter periods are of high resolution: published for themselves.
const MINUTE: Time = Time::from_secs(60);

pub(super) fn warnings(index: usize, fleets: &[Fleet]) -> impl Iterator<Item = Warning> {
    let fleet = &fleets[index];
    let found = [target(fleet), room(fleet), from_zero(index as u32, fleet)].into_iter().flatten();
    found.chain(faster(index, fleets))
}

/// Alarms with a shorter period than their metric has points.
fn faster(index: usize, fleets: &[Fleet]) -> Vec<Warning> {
    let fleet = &fleets[index];
    let mut found = Vec::new();
    for (place, policy) in fleet.policies.iter().enumerate() {
        let published = policy.metric.published(index, fleets);
        let (kind, alarms) = match policy.kind {
            PolicyKind::TargetTracking { .. } => ("target_tracking", [Some("high"), Some("low")]),
            PolicyKind::Simple { .. } => ("simple", [None, None]),
            PolicyKind::Step { .. } => ("step", [None, None]),
            PolicyKind::Predictive(_) | PolicyKind::Hpa(_) => continue,
        };
        for (alarm, key) in policy.alarms().into_iter().zip(alarms) {
            let Some(alarm) = alarm.filter(|alarm| alarm.period >= MINUTE && alarm.period < published) else {
                continue;
            };
            let message = format!(
                "an alarm of fleet `{}` has a period of {}, and its metric a point each {published}: points in between are missing",
                fleet.name, alarm.period
            );
            let hint = format!("write `monitoring = \"detailed\"`, or a period of {published} or more");
            let place = place.to_string();
            let mut at = vec!["fleet", &fleet.name, "scaling", &place, kind];
            at.extend(key);
            at.push("period");
            found.push(Warning::new(Code::AlarmFasterThanMetric, &at, message, hint));
        }
    }
    found
}

/// A share where a percentage belongs.
fn target(fleet: &Fleet) -> Option<Warning> {
    let given = |policy: &Policy| match &policy.kind {
        PolicyKind::TargetTracking { target, .. } => ("target_tracking", "target", *target),
        PolicyKind::Step { alarm, .. } => ("step", "threshold", alarm.threshold),
        PolicyKind::Simple { alarm, .. } => ("simple", "threshold", alarm.threshold),
        PolicyKind::Predictive(settings) => ("predictive", "target", settings.target),
        PolicyKind::Hpa(hpa) => ("hpa", "target", hpa.target),
    };
    let policies = fleet.policies.iter().enumerate().filter(|(_, policy)| policy.metric == Metric::Cpu);
    let mut small = policies.map(|(index, policy)| (index, given(policy)));
    let (index, (kind, key, value)) = small.find(|(_, (_, _, value))| *value > 0.0 && *value < 1.0)?;
    let message = format!(
        "a CPU {key} of {} in fleet `{}` is {}: CPU is in percent",
        bounded(value),
        fleet.name,
        setting(value / 100.0)
    );
    let hint = format!("for {} write {}", setting(value), bounded(value * 100.0));
    let at = ["fleet", &fleet.name, "scaling", &index.to_string(), kind, key];
    Some(Warning::new(Code::TargetBelowOne, &at, message, hint))
}

/// A policy without a range, or a range without anything that moves in it.
fn room(fleet: &Fleet) -> Option<Warning> {
    let smallest = fleet.schedule.iter().filter_map(|action| action.min).fold(fleet.min, u32::min);
    let name = &fleet.name;
    if !fleet.policies.is_empty() && largest(fleet) <= fleet.instances_of(smallest) && fleet.max <= smallest {
        let message =
            format!("fleet `{name}` scales, but its smallest and its largest size are both {smallest}");
        let hint = "raise `max`, or leave out `scaling`";
        return Some(Warning::new(Code::ScalingWithoutRoom, &["fleet", name, "max"], message, hint));
    }
    let still = !fleet.scales() && fleet.schedule.is_empty() && fleet.timetable.is_empty();
    // Standby takes some away and brings them back.
    let still = still && fleet.standby.is_empty();
    (still && fleet.max > fleet.min).then(|| {
        let message = format!(
            "fleet `{name}` may have {} to {}, but nothing scales it: it stays at {}",
            fleet.min,
            counted(fleet.max.into(), "instance"),
            fleet.desired
        );
        let hint = "add `scaling` or `schedule`, or write `instances`";
        Warning::new(Code::ScalingWithoutRoom, &["fleet", name, "max"], message, hint)
    })
}

/// Policies by what each instance has to do, of a group that may have none: then there is nothing to divide by, and no policy
/// starts the first one.
fn from_zero(index: u32, fleet: &Fleet) -> Option<Warning> {
    let per_instance = |policy: &Policy| policy.metric.is_per_instance(index);
    let starts = fleet.schedule.iter().any(|action| action.min.max(action.desired) > Some(0));
    let stuck = fleet.min == 0 && !starts && fleet.timetable.is_empty() && !fleet.policies.is_empty();
    (stuck && fleet.policies.iter().all(per_instance)).then(|| {
        let name = &fleet.name;
        let message = format!(
            "fleet `{name}` may have no instance; its policies go by what each instance has to do, so with none in service they cannot start the first one"
        );
        let hint = "write min = 1, or add a policy by the `backlog` of a queue";
        Warning::new(Code::ScalingWithoutRoom, &["fleet", name, "min"], message, hint)
    })
}

//! The traffic against a fleet at its largest. In: what is expected of its CPU and its network. Out: warnings.

use crate::catalog::bandwidth;
use crate::kind::Settings;
use crate::kind::bandwidth::{NO_TIME, too_many_bytes};
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::fleet::language::Fleet;
use crate::kind::fleet::language::limits::{
    capacity, enough, larger_later, largest, largest_at, needed, size_at, smaller_since, too_many,
};
use crate::kind::fleet::record::FleetOutcome;
use crate::kind::scaling::language::{Metric, PolicyKind};
use crate::kind::warning::Warning;
use crate::measure::resource::Resource;
use crate::number::{counted, excess, number};
use crate::units::Time;

/// Mean busy share of a fleet that is asked for a number of vCPU-seconds of strength 1 a second, of the type that it has at a time.
pub(super) fn busy(fleet: &Fleet, asked: f64, time: Time) -> f64 {
    let at = |instances: u32| asked / capacity(fleet, instances.max(1), time);
    let still = at(size_at(fleet, time));
    let target = fleet.policies.iter().find_map(|policy| match (&policy.kind, policy.metric) {
        (PolicyKind::TargetTracking { target, .. }, Metric::Cpu) => Some(target / 100.0),
        _ => None,
    });
    match (fleet.policies.is_empty(), target) {
        (true, _) => still.min(1.0),
        // It grows until the target is met, as far as it may.
        (false, Some(target)) if still > target => target.max(at(largest(fleet))).min(1.0),
        (false, _) => still.min(at(fleet.min)).max(at(largest(fleet))).min(1.0),
    }
}

/// More work than its CPUs can do.
pub(super) fn cpu(expected: &Expected<'_, Settings>, index: usize, fleet: &Fleet) -> Option<Warning> {
    let of = Resource::Cpu { fleet: index };
    let asked = expected.load.busy(|demand| demand.of(of), fleet.instance.strength);
    let there = |time: Time| capacity(fleet, largest_at(fleet, time), time);
    let (time, times) = expected.load.worst(&asked, there)?;
    let (size, end) = (largest_at(fleet, time), expected.duration);
    let of = match sized_by(fleet, end) {
        "timetable" => "as its timetable has it",
        "schedule" if fleet.policies.is_empty() => "as its schedule has it",
        _ => "at its largest",
    };
    let message = format!(
        "the traffic at {time} asks for {} the CPU of fleet `{}` {of}, {} of {}",
        excess(times),
        fleet.name,
        counted(size.into(), "instance"),
        fleet.hardware_at(time).instance.name
    );
    let enough = |part: f64| enough(needed(fleet, there(time) * times / part, time).into());
    // Without credits only the baseline of each instance is left.
    let credits =
        fleet.hardware_at(time).credits.filter(|credits| !credits.unlimited && credits.baseline < 1.0);
    let carried = match (enough(1.0), credits) {
        (Some(instances), None) => format!("{instances} would carry it"),
        (Some(instances), Some(credits)) => format!(
            "{instances} would carry it while their CPU credits last, and {} without",
            enough(credits.baseline).unwrap_or_else(too_many)
        ),
        (None, _) => format!("{} would be needed", too_many()),
    };
    let enough_before = |before: u32| capacity(fleet, before, time) >= there(time) * times;
    let fell = smaller_since(fleet, time).filter(|(_, before)| enough_before(*before));
    let later = larger_later(fleet, time).filter(|(at, _)| *at < end && fell.is_none());
    let (key, hint) = match (fell, later, sized_by(fleet, end)) {
        (Some((at, before)), _, key @ ("timetable" | "schedule")) => (
            key,
            format!(
                "{carried}; its {key} takes it from {before} to {} at {at}",
                counted(size.into(), "instance")
            ),
        ),
        (None, Some((at, later)), key @ ("timetable" | "schedule")) => (
            key,
            format!(
                "{carried}; its {key} comes late, with {} from {at}: let it begin before that traffic",
                counted(later.into(), "instance")
            ),
        ),
        (_, _, key) => (key, format!("{carried}; are the `cpu` steps right?")),
    };
    Some(Warning::new(Code::DemandAboveCapacity, &["fleet", &fleet.name, key], message, hint))
}

/// The key that says how large a fleet may be before an end: what comes later makes no room.
fn sized_by(fleet: &Fleet, end: Time) -> &'static str {
    let mut actions = fleet.schedule.iter().filter(|action| action.at < end);
    match () {
        () if !fleet.timetable.is_empty() => "timetable",
        () if actions.any(|action| action.max.or(action.desired).is_some()) => "schedule",
        () if fleet.policies.is_empty() => "instances",
        () => "max",
    }
}

/// What comes of more bytes where they take time, and what helps.
const NETWORK: &str = "beyond it instances spend network credits, and without these all that they send waits: larger types sustain more";

/// Instances that had no network credits left.
pub(super) fn throttled(fleet: &Fleet, totals: &FleetOutcome) -> Option<Warning> {
    let network = fleet.network.filter(|_| totals.throttled_seconds > 0.0)?;
    let message = format!(
        "instances of fleet `{}` had no network credits left and sent {} and no more, for {} instance-hours in all",
        fleet.name,
        network.baseline,
        number(totals.throttled_seconds / 3_600.0)
    );
    Some(Warning::new(Code::NetworkAboveBandwidth, &["fleet", &fleet.name, "network"], message, NETWORK))
}

/// Answers of more bytes than its instances can sustain.
pub(super) fn bytes(expected: &Expected<'_, Settings>, index: usize, fleet: &Fleet) -> Option<Warning> {
    let each = |time| {
        let hardware = fleet.hardware_at(time);
        hardware.network.map(|network| network.baseline.0).or_else(|| bandwidth(&hardware.instance.name))
    };
    each(Time::ZERO)?;
    let sent = expected.load.per_second(|demand| match demand.answers == Some(index) {
        true => demand.response.0 as f64 * 8.0,
        false => 0.0,
    });
    let there = |time| {
        let one = capacity(fleet, 1, time).max(f64::MIN_POSITIVE);
        let each = each(time).unwrap_or(f64::INFINITY);
        each * capacity(fleet, largest_at(fleet, time), time).max(one) / one
    };
    let instants = expected.load.instants.iter();
    let times: Vec<f64> = instants.zip(&sent).map(|(time, sent)| sent / there(*time)).collect();
    let (at, times) = expected.load.peak(&times).filter(|(_, times)| *times > 1.0)?;
    let (there, what) = (there(at), format!("fleet `{}` at its largest", fleet.name));
    let hint = if fleet.network.is_some() { NETWORK } else { NO_TIME };
    Some(too_many_bytes(&["fleet", &fleet.name, "max"], at, [times * there, there], &what, hint))
}

//! The traffic against a fleet at its largest. In: what is expected of its CPU and its network. Out: warnings.

use crate::catalog::bandwidth;
use crate::kind::Settings;
use crate::kind::bandwidth::too_many_bytes;
use crate::kind::burstable::{self, Nodes};
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::fleet::language::Fleet;
use crate::kind::fleet::language::limits::{capacity, enough, largest, largest_at, size_at, too_many};
use crate::kind::scaling::language::{Metric, PolicyKind};
use crate::kind::warning::Warning;
use crate::measure::resource::Resource;
use crate::number::{counted, excess};
use crate::units::Time;

/// Instances of a T type that the traffic will keep busier than their baseline.
pub(super) fn credits(expected: &Expected<'_, Settings>, index: usize, fleet: &Fleet) -> Option<Warning> {
    let span = expected.duration.as_secs_f64();
    let of = Resource::Cpu { fleet: index };
    burstable::warning(&Nodes {
        at: ["fleet", &fleet.name, "instance"],
        what: &format!("fleet `{}`", fleet.name),
        name: &fleet.instance.name,
        cpu: busy(fleet, expected.load.in_all(|demand| demand.of(of)) / span),
        hours: span / 3_600.0 * f64::from(size_at(fleet, Time::ZERO)),
        seen: false,
    })
}

/// Mean busy share of a fleet that is asked for a number of vCPU-seconds of strength 1 a second.
fn busy(fleet: &Fleet, asked: f64) -> f64 {
    let at = |instances: u32| asked / capacity(fleet, instances.max(1));
    let still = at(size_at(fleet, Time::ZERO));
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
    let asked = expected.load.per_second(|demand| demand.of(Resource::Cpu { fleet: index }));
    let there = |time: Time| capacity(fleet, largest_at(fleet, time));
    let (time, times) = expected.load.worst(&asked, there)?;
    let size = largest_at(fleet, time);
    let message = format!(
        "the traffic at {time} asks for {} the CPU of fleet `{}` at its largest, {} of {}",
        excess(times),
        fleet.name,
        counted(size.into(), "instance"),
        fleet.instance.name
    );
    let hint = match enough(f64::from(size) * times) {
        Some(instances) => format!("{instances} would carry it; are the `cpu` steps right?"),
        None => format!("{} would be needed: are the `cpu` steps right?", too_many()),
    };
    let key = if fleet.policies.is_empty() { "instances" } else { "max" };
    Some(Warning::new(Code::DemandAboveCapacity, &["fleet", &fleet.name, key], message, hint))
}

/// Answers of more bytes than its instances can sustain.
pub(super) fn bytes(expected: &Expected<'_, Settings>, index: usize, fleet: &Fleet) -> Option<Warning> {
    let each = bandwidth(&fleet.instance.name)?;
    let sent = expected.load.per_second(|demand| match demand.answers == Some(index) {
        true => demand.response.0 as f64 * 8.0,
        false => 0.0,
    });
    let one = capacity(fleet, 1).max(f64::MIN_POSITIVE);
    let there = |time| each * capacity(fleet, largest_at(fleet, time)).max(one) / one;
    let instants = expected.load.instants.iter();
    let times: Vec<f64> = instants.zip(&sent).map(|(time, sent)| sent / there(*time)).collect();
    let (at, times) = expected.load.peak(&times).filter(|(_, times)| *times > 1.0)?;
    let (there, what) = (there(at), format!("fleet `{}` at its largest", fleet.name));
    Some(too_many_bytes(&["fleet", &fleet.name, "max"], at, times * there, &what, there))
}

//! What runs have shown of a fleet: instances that never served, a size that was too small. In: its rows and totals. Out:
//! warnings.

use crate::kind::Ended;
use crate::kind::code::Code;
use crate::kind::fleet::language::Fleet;
use crate::kind::fleet::language::limits::{largest, largest_at};
use crate::kind::fleet::record::{FleetOutcome, FleetSeries};
use crate::kind::scaling::language::{Metric, Policy, PolicyKind};
use crate::kind::warning::Warning;
use crate::number::{percent, things};
use crate::units::Time;

/// A fleet at its largest size with too much to do is short of room after a minute of it: until then, the instances
/// of the last activity may still be on their way into the metric.
const SHORT_OF_ROOM_S: f64 = 60.0;
/// Wishes for more than the maximum that a run has on the mean, so that they are no chance of a few runs.
const OFTEN: f64 = 1.0;
/// Busy share from which a CPU has nothing left, where no target says when it has enough to do, in percent.
const FULL: f64 = 95.0;

/// Instances that would need more memory than they have.
pub(super) fn out_of_memory(fleet: &Fleet, series: &FleetSeries) -> Option<Warning> {
    let used = &series.memory.first()?.used_percent;
    let most = used.iter().copied().fold(0.0, f64::max);
    (most > 100.0).then(|| {
        let message =
            format!("instances of fleet `{}` need up to {} of their memory", fleet.name, percent(most));
        let hint = "simcap does not simulate a system that is out of memory: use fewer `threads`, or a type with more memory";
        Warning::new(Code::DemandAboveCapacity, &["fleet", &fleet.name, "memory"], message, hint)
    })
}

/// A group of which instances were launched and never served.
pub(super) fn never_served(fleet: &Fleet, totals: &FleetOutcome) -> Option<Warning> {
    (totals.never_served > 0.0).then(|| {
        let (instances, name) = (things(totals.never_served, "instance"), &fleet.name);
        let message = match fleet.abandons_launches() {
            true => format!("{instances} of fleet `{name}` never served: its launch hook abandons what is not up in time"),
            false => format!("{instances} of fleet `{name}` came into service and never served"),
        };
        let hint = match fleet.abandons_launches() {
            true => {
                "check that `heartbeat` is longer than what the hook waits for, and that they can open the `minimum` of their pools"
                    .to_owned()
            }
            false => ended_early(fleet, totals),
        };
        Warning::new(Code::InstancesNeverServed, &["fleet", &fleet.name], message, hint)
    })
}

/// Why instances can have ended before they answered: what the group has that can end them.
fn ended_early(fleet: &Fleet, totals: &FleetOutcome) -> String {
    let by_checks = fleet.elb_health && fleet.launch_hook.is_none();
    let by_pools = fleet.pools.iter().any(|pool| pool.minimum > 0);
    let causes = [
        (by_checks, "they were ended before their application answered: is `grace` longer than the boot?"),
        (
            by_pools,
            "they could not open the `minimum` of their pools: does the database allow that many connections?",
        ),
        (
            totals.interrupted > 0.0,
            "EC2 took Spot instances back before their application answered: a shorter boot helps",
        ),
    ];
    let possible: Vec<&str> = causes.into_iter().filter_map(|(can, text)| can.then_some(text)).collect();
    match possible.is_empty() {
        true => {
            "they were ended before their application answered: look at the scaling activities".to_owned()
        }
        false => possible.join(" Or "),
    }
}

/// A group that lacks instances at the end, because EC2 refused launches.
pub(super) fn launches_failed(fleet: &Fleet, totals: &FleetOutcome) -> Option<Warning> {
    (totals.missing > 0.0).then(|| {
        let message = format!(
            "{} of fleet `{}` failed, and at the end its desired capacity lacks {}",
            things(totals.failed_launches, "launch"),
            fleet.name,
            things(totals.missing, "instance"),
        );
        let hint = "allow more zones (`azs`), keep instances running ahead of the peak, or look at `launch_failures`";
        Warning::new(Code::LaunchesFailed, &["fleet", &fleet.name], message, hint)
    })
}

/// A group that was as large as it may be, all of it in service and warm, and still had more to do than its policies
/// want.
pub(super) fn at_maximum(fleet: &Fleet, series: &FleetSeries, ended: &Ended<'_>) -> Option<Warning> {
    let enough = fleet.policies.iter().filter_map(|policy| match (&policy.kind, policy.metric) {
        (PolicyKind::TargetTracking { target, .. }, Metric::Cpu) => Some(*target),
        _ => None,
    });
    let enough = enough.fold(f64::INFINITY, f64::min);
    let enough = if enough.is_finite() { enough } else { FULL };
    let timeline = ended.scene.timeline;
    let short = |&row: &usize| {
        let largest = largest_at(fleet, Time::from_secs_f64(timeline.time_s[row]));
        series.in_service[row] >= f64::from(largest) && series.cpu_percent[row] > enough
    };
    let rows: Vec<usize> = (0..timeline.time_s.len()).filter(short).collect();
    let first = *rows.first()?;
    let seconds = rows.len() as f64 * timeline.bucket_s;
    let could_grow = fleet.scales() && fleet.max > fleet.min;
    (could_grow && seconds > SHORT_OF_ROOM_S).then(|| {
        let (from, span) = (Time::from_secs_f64(timeline.time_s[first]), Time::from_secs_f64(seconds));
        let most = rows.iter().map(|row| series.cpu_percent[*row]).fold(0.0, f64::max);
        let message = format!(
            "fleet `{}` was at its largest size, {}, and its CPU above {enough} %, up to {most:.0} %, for {span}, first at {from}",
            fleet.name,
            largest_at(fleet, from)
        );
        let hint = "raise `max`, take a larger type, or look at what keeps its CPU busy";
        Warning::new(Code::ScalingAtMaximum, &["fleet", &fleet.name, "max"], message, hint)
    })
}

/// A group that a policy wanted to be larger than it may be. Where all of them go by CPU, what its CPU had to do says more.
pub(super) fn wanted_more(fleet: &Fleet, totals: &FleetOutcome) -> Option<Warning> {
    let by_cpu =
        |policy: &Policy| policy.metric == Metric::Cpu && !matches!(policy.kind, PolicyKind::Predictive(_));
    let is_silent = fleet.policies.iter().all(by_cpu);
    (!is_silent && totals.wanted_times >= OFTEN).then(|| {
        let who = match &fleet.policies[..] {
            [Policy { kind: PolicyKind::Predictive(_), .. }] => "its forecast".to_owned(),
            [policy] => format!("its policy on the {}", policy.metric.word()),
            _ => "its policies".to_owned(),
        };
        let message = format!(
            "fleet `{}` was at its largest size, {}, and {who} wanted up to {}",
            fleet.name,
            largest(fleet),
            totals.wanted_instances
        );
        let hint = "raise `max`, or expect that what comes or waits takes longer";
        Warning::new(Code::ScalingAtMaximum, &["fleet", &fleet.name, "max"], message, hint)
    })
}

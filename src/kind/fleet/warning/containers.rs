//! Containers that reach a limit: CPU time of a period, room on the instances of a cluster, instances with less CPU than their limits add up
//! to. In: fleets, rows and totals. Out: warnings.

use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::fleet::language::Fleet;
use crate::kind::fleet::record::{FleetOutcome, FleetSeries};
use crate::kind::warning::Warning;
use crate::number::{percent, things};

/// Part of the time of all tasks for which they stand still that is much. Assumption.
const MUCH: f64 = 0.05;

/// Tasks that stood still for want of CPU time.
pub(super) fn limited(fleet: &Fleet, totals: &FleetOutcome) -> Option<Warning> {
    let quota = fleet.instance.quota?;
    let share = totals.limited_seconds / totals.instance_seconds.max(f64::MIN_POSITIVE);
    (share >= MUCH).then(|| {
        let message = format!(
            "tasks of fleet `{}` had used up their CPU limit of {} vCPU, and stood still, for {} of their time",
            fleet.name,
            quota.vcpus,
            percent(100.0 * share)
        );
        let hint = "each time a request waits for the next period: more `vcpus`, more tasks, or fewer threads that work at once";
        Warning::new(Code::CpuLimitReached, &["fleet", &fleet.name, "instance"], message, hint)
    })
}

/// Tasks that found no room in the whole run.
pub(super) fn without_room(fleet: &Fleet, series: &FleetSeries) -> Option<Warning> {
    let waiting = series.tasks.first()?.waiting.last().copied().filter(|waiting| *waiting >= 1.0)?;
    let tasks = things(waiting, "task");
    let message = format!("{tasks} of fleet `{}` without room on an instance at the end", fleet.name);
    let hint = "let their cluster have more instances (`max`, and a `scaler`), larger ones, or request less";
    Some(Warning::new(Code::TasksWithoutRoom, &["fleet", &fleet.name, "tasks"], message, hint))
}

/// Instances whose containers may use more CPU together than there is.
pub(super) fn overcommitted(expected: &Expected<'_, Settings>, fleet: &Fleet) -> Option<Warning> {
    let of = fleet.tasks.as_ref()?.nodes()?;
    let nodes = expected.fleets.get(of.fleet.index())?;
    let cluster = nodes.cluster.as_ref()?;
    let milli = (nodes.instance.vcpus * 1_000).saturating_sub(cluster.reserved_milli);
    let memory = nodes.instance.memory.0.saturating_sub(cluster.reserved_memory.0);
    let fit = u64::from(milli / of.milli.max(1)).min(memory / of.memory.0.max(1));
    let limits = fit as f64 * fleet.instance.mean_vcpus();
    let there = f64::from(nodes.instance.vcpus);
    (limits > there).then(|| {
        let message = format!(
            "{fit} of fleet `{}` fit on an instance of `{}`, and may use {} vCPUs of its {}: each has its limit in a run, as if the others left it",
            fleet.name,
            nodes.name,
            limits,
            there
        );
        let hint = "a run does not share the CPU of an instance between its containers: let `requests` be nearer to the limit";
        Warning::new(Code::LimitsAboveInstance, &["fleet", &fleet.name, "tasks"], message, hint)
    })
}

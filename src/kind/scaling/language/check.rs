//! Metrics that nothing publishes. In: the policies of a fleet, and the whole file. Out: problems.

use super::gauge::OWN_BACKLOG;
use super::{Metric, Policy};
use crate::id::{Gauge, Kind};
use crate::kind::Settings;
use crate::kind::fleet::language::cluster::RESERVATION;
use crate::language::problem::Problem;
use crate::language::reader::Context;

impl Policy {
    /// A fleet that scales on requests per target must be the target of a balancer, one that scales on its backlog must work on
    /// a queue, and so on.
    pub(crate) fn check_all(index: usize, all: &Settings, cx: &Context) {
        let fleet = &all.fleets[index];
        let Some(span) = cx.names.span(Kind::Fleet, index) else { return };
        let problem = |message: String, hint: String| cx.push(Problem::at(span, message).hint(hint));
        let mut seen: Vec<Gauge> = Vec::new();
        for gauge in fleet.policies.iter().flat_map(|policy| policy.metric.gauges()) {
            if seen.contains(&gauge) {
                continue;
            }
            seen.push(gauge);
            let subject = format!("fleet `{}` scales", fleet.name);
            if let Some((message, hint)) = unpublished(&subject, Some(index), gauge, all) {
                problem(message, hint);
            }
        }
        let counts = |policy: &Policy| policy.metric == Metric::RequestsPerTarget;
        if fleet.policies.iter().any(counts) && !is_target(index, all) {
            problem(
                format!("fleet `{}` scales on requests per target, but no balancer targets it", fleet.name),
                format!("add [balancer.NAME] with targets = \"{}\", or scale on cpu", fleet.name),
            );
        }
    }
}

/// Why nothing publishes a gauge, and what to do, if that is so. `subject` goes by it, such as "fleet `web` scales", which is of a fleet or
/// not.
pub(super) fn unpublished(
    subject: &str,
    own: Option<usize>,
    gauge: Gauge,
    all: &Settings,
) -> Option<(String, String)> {
    let of = gauge.index as usize;
    let name = own.and_then(|index| all.fleets.get(index)).map_or("NAME", |fleet| fleet.name.as_str());
    match (gauge.kind, gauge.name) {
        (Kind::Fleet, OWN_BACKLOG) if !works(of, all) => {
            let other = &all.fleets.get(of)?.name;
            Some(match own == Some(of) {
                true => (
                    format!("{subject} on its backlog, but works on no queue"),
                    format!(
                        "add workers = \"{name}\" to a [queue.NAME], or name a queue: \"queue.NAME.backlog_per_instance\""
                    ),
                ),
                false => (
                    format!("{subject} on the backlog of fleet `{other}`, which works on no queue"),
                    format!("add workers = \"{other}\" to a [queue.NAME]"),
                ),
            })
        }
        (Kind::Queue, OWN_BACKLOG) => {
            let queue = all.queues.get(of).filter(|queue| queue.consumer.is_none())?;
            Some((
                format!(
                    "{subject} on the backlog for each instance of queue `{}`, which has no workers",
                    queue.name
                ),
                format!("add workers = \"{name}\" to it, or scale on \"queue.{}.backlog\"", queue.name),
            ))
        }
        (Kind::Fleet, _) if gauge.is_network() && !is_target(of, all) => {
            let other = &all.fleets.get(of)?.name;
            Some((
                format!("{subject} on a network, but no balancer targets fleet `{other}`"),
                format!(
                    "add [balancer.NAME] with targets = \"{other}\": what passes a balancer is counted, and nothing else"
                ),
            ))
        }
        (Kind::Fleet, "threads_busy" | "waiting") => {
            let other = all.fleets.get(of).filter(|fleet| fleet.threads.is_none())?;
            Some((
                format!("{subject} on threads, of which fleet `{}` has no limit", other.name),
                "write `threads = 200` there, or scale on cpu".into(),
            ))
        }
        (Kind::Fleet, "memory_used") => {
            let other = all.fleets.get(of).filter(|fleet| fleet.memory.is_none())?;
            Some((
                format!("{subject} on memory, and fleet `{}` does not say what it uses", other.name),
                "add memory = { base = \"1 GiB\", request = \"10 MiB\" } to it".into(),
            ))
        }
        (Kind::Fleet, RESERVATION) => {
            let other = all.fleets.get(of).filter(|fleet| fleet.cluster.is_none())?;
            Some((
                format!("{subject} on a reservation, and fleet `{}` is no `cluster`", other.name),
                "add cluster = { orchestrator = \"ecs\" } to it".into(),
            ))
        }
        (Kind::Fleet, "pools_busy") => {
            let other = all.fleets.get(of).filter(|fleet| fleet.pools.is_empty())?;
            Some((
                format!("{subject} on pools, of which fleet `{}` has none", other.name),
                "add pools = { NAME = 20 } to it, with the name of a [database.NAME]".into(),
            ))
        }
        _ => None,
    }
}

fn is_target(fleet: usize, all: &Settings) -> bool {
    all.balancers.iter().any(|balancer| balancer.targets.index() == fleet)
}

fn works(fleet: usize, all: &Settings) -> bool {
    let crews = all.queues.iter().filter_map(|queue| queue.consumer.as_ref());
    crews.into_iter().any(|crew| crew.fleet.index() == fleet)
}

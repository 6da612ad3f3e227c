//! Warnings of an outcome: those of the scenario, and those that only a run shows.
//!
//! In: the scenario and the outcome of its runs. Out: [`Warning`]s. What a run has shown stands in the place of what
//! was expected of it.

use super::{FleetOutcome, Outcome};
use crate::kind::fleet::language::Fleet;
use crate::kind::fleet::language::limits::{largest, largest_at};
use crate::kind::fleet::record::FleetSeries;
use crate::kind::scaling::language::{Metric, PolicyKind};
use crate::number::things;
use crate::scenario::Scenario;
use crate::units::Time;
use crate::warning::burstable::{self, Nodes, of_command_threads};
use crate::warning::{Code, Warning, allowed, of_scenario};

/// A fleet at its largest size with too much to do is short of room after a minute of it: until then, the instances
/// of the last activity may still be on their way into the metric.
const SHORT_OF_ROOM_S: f64 = 60.0;
/// Wishes for more, of a run, that are no chance: an alarm is evaluated once a minute.
const OFTEN: f64 = 3.0;
/// Busy share from which a CPU has nothing left, where no target says when it has enough to do, in percent.
const FULL: f64 = 95.0;

/// Every warning of an outcome.
pub(super) fn warnings(scenario: &Scenario, outcome: &Outcome) -> Vec<Warning> {
    let mut found = of_scenario(scenario, outcome.runs.count as u32);
    // A run that has ended is not too long any more, and its CPU is known.
    found.retain(|it| !matches!(it.code, Code::LongRun | Code::BurstableAboveBaseline));
    found.extend(credits(scenario, outcome));
    let fleets = scenario.fleets.iter().zip(&outcome.timeline.fleets);
    let short = fleets.zip(&outcome.fleets).filter_map(|((fleet, series), totals)| {
        at_maximum(fleet, series, outcome).or_else(|| wanted_more(fleet, totals))
    });
    found.extend(short);
    let fleets = scenario.fleets.iter().zip(&outcome.fleets);
    found.extend(fleets.filter_map(|(fleet, totals)| never_served(fleet, totals)));
    allowed(scenario, found)
}

/// A group of which instances were launched and never served.
fn never_served(fleet: &Fleet, totals: &FleetOutcome) -> Option<Warning> {
    (totals.never_served > 0.0).then(|| {
        let (instances, name) = (things(totals.never_served, "instance"), &fleet.name);
        let message = match fleet.abandons_launches() {
            true => format!("{instances} of fleet `{name}` never served: its launch hook abandons what is not up in time"),
            false => format!("{instances} of fleet `{name}` came into service and never served"),
        };
        let pools = fleet.pools.iter().any(|pool| pool.minimum > 0);
        let hint = match (fleet.elb_health && fleet.launch_hook.is_none(), pools) {
            _ if fleet.abandons_launches() => {
                "is `heartbeat` longer than what the hook waits for, and can they open the `minimum` of their pools?"
            }
            (true, false) => "they were ended before their application answered: is `grace` longer than the boot?",
            (false, true) => "they could not open the `minimum` of their pools: does the database allow that many connections?",
            _ => {
                "they were ended before their application answered (`grace`), or could not open the `minimum` of their \
                 pools (`max_connections` of the database)"
            }
        };
        Warning::new(Code::InstancesNeverServed, &["fleet", &fleet.name], message, hint)
    })
}

fn credits(scenario: &Scenario, outcome: &Outcome) -> Vec<Warning> {
    let hours = outcome.scenario.duration_s / 3_600.0;
    let mut found = Vec::new();
    for (fleet, totals) in scenario.fleets.iter().zip(&outcome.fleets) {
        let FleetOutcome { cpu_mean, instance_seconds, .. } = *totals;
        found.extend(burstable::warning(&Nodes {
            at: ["fleet", &fleet.name, "instance"],
            what: &format!("fleet `{}`", fleet.name),
            name: &fleet.instance.name,
            cpu: cpu_mean,
            hours: instance_seconds / 3_600.0,
            seen: true,
        }));
    }
    for (database, series) in scenario.databases.iter().zip(&outcome.timeline.databases) {
        let node = |key, class: &str, percent: &[f64], count: u32| {
            burstable::warning(&Nodes {
                at: ["database", &database.name, key],
                what: &format!("the {key} of database `{}`", database.name),
                name: class,
                cpu: mean(percent) / 100.0,
                hours: hours * f64::from(count),
                seen: true,
            })
        };
        found.extend(node("writer", &database.writer.name, &series.writer_cpu_percent, 1));
        if database.replicas > 0 {
            let (class, percent) = (&database.replica.name, &series.replica_cpu_percent);
            found.extend(node("replica", class, percent, database.replicas));
        }
    }
    for (cache, series) in scenario.caches.iter().zip(&outcome.timeline.caches) {
        found.extend(burstable::warning(&Nodes {
            at: ["cache", &cache.name, "node"],
            what: &format!("cache `{}`", cache.name),
            name: &cache.node.name,
            cpu: of_command_threads(&cache.node.name, mean(&series.busy_percent) / 100.0),
            hours: hours * f64::from(cache.shards),
            seen: true,
        }));
    }
    found
}

/// A group that was as large as it may be, all of it in service and warm, and still had more to do than its policies
/// want.
fn at_maximum(fleet: &Fleet, series: &FleetSeries, outcome: &Outcome) -> Option<Warning> {
    let enough = fleet.policies.iter().filter_map(|policy| match (&policy.kind, policy.metric) {
        (PolicyKind::TargetTracking { target, .. }, Metric::Cpu) => Some(*target),
        (_, Metric::Cpu | Metric::RequestsPerTarget | Metric::Gauge(_)) => None,
    });
    let enough = enough.fold(f64::INFINITY, f64::min);
    let enough = if enough.is_finite() { enough } else { FULL };
    let timeline = &outcome.timeline;
    let short = |&row: &usize| {
        let largest = largest_at(fleet, Time::from_secs_f64(timeline.time_s[row]));
        series.in_service[row] >= f64::from(largest) && series.cpu_percent[row] > enough
    };
    let rows: Vec<usize> = (0..timeline.time_s.len()).filter(short).collect();
    let first = *rows.first()?;
    let seconds = rows.len() as f64 * timeline.bucket_s;
    let could_grow = !fleet.policies.is_empty() && fleet.max > fleet.min;
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

/// A group that scales on a gauge, such as a backlog, and that its policies wanted to be larger than it may be, several times
/// while all of it was in service.
fn wanted_more(fleet: &Fleet, totals: &FleetOutcome) -> Option<Warning> {
    let gauge = fleet.policies.iter().find_map(|policy| match policy.metric {
        Metric::Gauge(gauge) => Some(gauge.name.replace('_', " ")),
        Metric::Cpu | Metric::RequestsPerTarget => None,
    })?;
    (totals.wanted_times > OFTEN).then(|| {
        let message = format!(
            "fleet `{}` was at its largest size, {}, and its policy on the {gauge} wanted up to {}",
            fleet.name,
            largest(fleet),
            totals.wanted_instances
        );
        let hint = "raise `max`, or expect that what waits takes longer";
        Warning::new(Code::ScalingAtMaximum, &["fleet", &fleet.name, "max"], message, hint)
    })
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The warnings of a run with changes.
    fn found(overrides: &[&str]) -> Vec<(Code, String, String)> {
        let text = r#"
            duration = "20m"
            traffic.all.rate = "200/s"
            [request.page]
            via = "web"
            steps = [{ cpu = "5ms" }]
            [fleet.web]
            instance = "m5.large"
            min = 1
            max = 4
            scaling = [{ target_tracking = { metric = "cpu", target = 50 } }]
        "#;
        let overrides: Vec<String> = overrides.iter().map(|it| (*it).to_owned()).collect();
        let scenario = crate::scenario::parse("a.toml", text.as_bytes(), Path::new(""), &overrides).unwrap();
        let outcome = crate::outcome::simulate(&scenario, 1, &mut |_| {});
        outcome.warnings.into_iter().map(|it| (it.code, it.at.join("."), it.message)).collect()
    }

    #[test]
    fn a_group_that_cannot_grow_further_is_named_after_a_minute_of_it() {
        // One vCPU of two: at the target, and never at the largest size.
        assert_eq!(found(&[]), []);
        // 350/s × 5 ms are 1.75 vCPUs: 44 % of two instances, 88 % of one that stays alone.
        assert_eq!(found(&["traffic.all.rate=350/s"]), []);
        let short = found(&[
            "traffic.all.rate=350/s",
            "fleet.web.max=2",
            "fleet.web.scaling=[{ target_tracking = { metric = 'cpu', target = 30 } }]",
        ]);
        assert_eq!(
            (short.len(), short[0].0, short[0].1.as_str()),
            (1, Code::ScalingAtMaximum, "fleet.web.max")
        );
        assert!(short[0].2.contains("largest size, 2, and its CPU above 30 %"), "{short:?}");
        let allowed = "allow=['scaling-at-maximum']";
        let quiet = found(&[
            "traffic.all.rate=350/s",
            "fleet.web.max=2",
            allowed,
            "fleet.web.scaling=[{ target_tracking = { metric = 'cpu', target = 30 } }]",
        ]);
        assert_eq!(quiet, []);
    }

    #[test]
    fn a_group_whose_launches_are_abandoned_does_not_grow() {
        let text = r#"
            duration = "20m"
            traffic.all.rate = "150/s"
            objectives.headroom = ">= 3"
            [request.page]
            via = "web"
            steps = [{ cpu = "10ms" }]
            [fleet.web]
            instance = "m5.large"
            min = 1
            max = 6
            boot = { decision = "5s", launch = "20s", system = "15s", bootstrap = "60s", application = "10s" }
            scaling = [{ simple = { metric = "cpu", above = 40, change = "+1", cooldown = "90s" } }]
            launch_hook = { heartbeat = "40s" }
        "#;
        let run = |heartbeat: &str| {
            let heartbeat = [format!("fleet.web.launch_hook.heartbeat={heartbeat}")];
            let scenario =
                crate::scenario::parse("a.toml", text.as_bytes(), Path::new(""), &heartbeat).unwrap();
            crate::outcome::simulate(&scenario, 1, &mut |_| {})
        };
        let short = run("40s");
        let codes: Vec<Code> = short.warnings.iter().map(|it| it.code).collect();
        assert_eq!(codes, [Code::HookShorterThanBoot, Code::InstancesNeverServed], "{:?}", short.warnings);
        let message = &short.warnings[1].message;
        assert!(message.contains("its launch hook abandons what is not up in time"), "{message}");
        let abandoned = short.fleets[0].never_served;
        assert!(abandoned >= 10.0 && abandoned >= short.fleets[0].launched - 1.0, "{:?}", short.fleets[0]);
        assert!(short.headroom.iter().all(|it| it.at_maximum.is_none()), "{:?}", short.headroom);
        assert!(!short.objectives[0].met, "one instance is 79 % busy");
        let long = run("90s");
        assert_eq!((long.warnings.len(), long.fleets[0].never_served), (0, 0.0), "{:?}", long.warnings);
        assert!(long.objectives[0].met, "{:?}", long.objectives);
    }

    #[test]
    fn a_run_tells_how_far_above_its_baseline_a_type_was() {
        // 50/s × 5 ms of 2 × 0.95: 13 % of a type that may have 30 %, and of one that may have 10 %.
        let small = ["traffic.all.rate=50/s", "fleet.web.min=1", "fleet.web.max=1", "fleet.web.scaling=[]"];
        let with = |instance: &'static str| found(&[&small[..], &[instance]].concat());
        assert_eq!(with("fleet.web.instance=t3.large"), []);
        let micro = with("fleet.web.instance=t3.micro");
        assert_eq!((micro.len(), micro[0].0), (1, Code::BurstableAboveBaseline));
        assert!(micro[0].2.contains("fleet `web` of t3.micro ran at 13."), "{micro:?}");
    }
}

//! Demand at the peak against everything that may be there: CPU, command threads, servers, appliers.
//!
//! In: traffic and sizes. Out: a warning for each resource that cannot carry it, by the utilisation law: demand
//! per request × rate / capacity. Misses of caches are left out, so what is said is the least that is asked for.

use super::found::Warning;
use crate::kind::fleet::language::limits::{capacity, largest_at};
use super::load::Load;
use crate::kind::database::language::Replication;
use crate::number::bounded;
use crate::measure::resource::{Action, Resource};
use crate::scenario::Scenario;
use crate::scenario::code::Code;
use crate::units::Time;

/// A demand may be off by its rounding.
const TOO_MUCH: f64 = 1.0 + 1e-9;

pub(super) fn warnings(scenario: &Scenario, load: &Load<'_>) -> Vec<Warning> {
    let mut found = Vec::new();
    for (index, fleet) in scenario.fleets.iter().enumerate() {
        let asked = load.per_second(|demand| demand.cpu_s[index]);
        let there = |time: Time| capacity(fleet, largest_at(fleet, time));
        found.extend(worst(load, &asked, there).map(|(time, times)| {
            let size = largest_at(fleet, time);
            let message = format!(
                "the traffic at {time} asks for {} times the CPU of fleet `{}` at its largest, {} of {}",
                bounded(times),
                fleet.name,
                instances(size),
                fleet.instance.name
            );
            let hint = format!(
                "about {} instances would carry it; are the `cpu` steps right?",
                bounded((f64::from(size) * times).ceil())
            );
            let key = if fleet.policies.is_empty() { "instances" } else { "max" };
            Warning::new(Code::DemandAboveCapacity, &["fleet", &fleet.name, key], message, hint)
        }));
    }
    for (index, database) in scenario.databases.iter().enumerate() {
        let name = &database.name;
        let nodes = f64::from(database.replicas);
        let writer = f64::from(database.writer.vcpus) * database.writer.strength;
        let replicas = nodes * f64::from(database.replica.vcpus) * database.replica.strength;
        let statements = "are the `demand`s of its statements right? else take a larger class";
        let mut look = |asked: Vec<f64>, there: f64, what: String, key: &str, hint: &str| {
            found.extend(worst(load, &asked, |_| there).map(|(time, times)| {
                let message = format!("the traffic at {time} asks for {} times {what}", bounded(times));
                Warning::new(Code::DemandAboveCapacity, &["database", name, key], message, hint)
            }));
        };
        let cpu = |node: &str| format!("the CPU of the {node} of database `{name}`");
        look(load.per_second(|demand| demand.writer_s[index]), writer, cpu("writer"), "writer", statements);
        if database.replicas > 0 {
            let asked = load.per_second(|demand| demand.replica_s[index]);
            look(asked, replicas, cpu("replicas"), "replicas", statements);
        }
        if let (Replication::BinaryLog { apply, appliers, .. }, 1..) =
            (&database.replication, database.replicas)
        {
            let asked = load.per_second(|demand| demand.writes[index] * apply.mean().as_secs_f64());
            let what = format!("what the replicas of database `{name}` can apply");
            let hint = "their lag grows for as long as that lasts: more `appliers`, or fewer writes";
            look(asked, f64::from(*appliers), what, "replication", hint);
        }
    }
    for (index, cache) in scenario.caches.iter().enumerate() {
        let asked = load.per_second(|demand| demand.command_s[index]);
        let there = f64::from(cache.shards) * cache.node.strength;
        found.extend(worst(load, &asked, |_| there).map(|(time, times)| {
            let message = format!(
                "the traffic at {time} asks for {} times the command threads of cache `{}`",
                bounded(times),
                cache.name
            );
            let at = ["cache", &cache.name, "shards"];
            Warning::new(Code::DemandAboveCapacity, &at, message, "more `shards`, or a faster `command`")
        }));
    }
    for (index, service) in scenario.services.iter().enumerate() {
        let asked = load.per_second(|demand| demand.of(Resource::Service { service: index }));
        let servers = |time: Time| {
            let past = service.changes.iter().take_while(|change| change.0 <= time);
            past.last().map_or(service.servers, |change| change.1)
        };
        found.extend(worst(load, &asked, |time| f64::from(servers(time))).map(|(time, times)| {
            let servers = servers(time);
            let message = format!(
                "the traffic at {time} asks for {} times the {servers} server{} of service `{}`",
                bounded(times),
                if servers == 1 { "" } else { "s" },
                service.name
            );
            let at = ["service", &service.name, "servers"];
            Warning::new(
                Code::DemandAboveCapacity,
                &at,
                message,
                "is its `time` right? else it needs more servers",
            )
        }));
    }
    for (index, queue) in scenario.queues.iter().enumerate() {
        let sends = Resource::Calls { queue: index, action: Action::Send };
        let asked = load.per_second(|demand| demand.of(sends));
        found.extend(worst(load, &asked, |_| 1.0).map(|(time, times)| {
            let message = format!(
                "the traffic at {time} asks for {} times the calls that queue `{}` takes to send messages",
                bounded(times),
                queue.name
            );
            let hint = "send several `messages` with a call, or set `high_throughput`";
            Warning::new(Code::DemandAboveCapacity, &["queue", &queue.name, "calls"], message, hint)
        }));
    }
    found
}

/// When demand exceeds capacity by most, and how many times it is the capacity.
fn worst(load: &Load<'_>, asked: &[f64], there: impl Fn(Time) -> f64) -> Option<(Time, f64)> {
    let times: Vec<f64> = load
        .instants
        .iter()
        .zip(asked)
        .map(|(time, asked)| match there(*time) {
            there if there > 0.0 => asked / there,
            // Nothing is there on purpose: a timetable that is down to zero.
            _ => 0.0,
        })
        .collect();
    load.peak(&times).filter(|(_, times)| *times > TOO_MUCH)
}

fn instances(count: u32) -> String {
    format!("{count} instance{}", if count == 1 { "" } else { "s" })
}

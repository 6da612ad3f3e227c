//! What a scenario is charged for. In: the architecture and what a run used. Out: the [`Charge`]s, without prices.
//!
//! Resources that are there before and after the event (balancers, nodes, storage) are charged pro rata for
//! the run, not by started hours. Not charged: root volumes, detailed monitoring, logs, backups, service stations.

use super::accrual::{Accrual, MONTH_HOURS};
use super::charge::{Charge, UNTIERED};
use crate::kind::balancer::language::Balancer;
use crate::kind::cache::language::Cache;
use crate::kind::database::language::{Database, Engine};
use crate::kind::fleet::language::Fleet;
use crate::kind::scaling::language::PolicyKind;
use crate::scenario::Scenario;
use crate::units::{Bytes, Time};
use crate::usage::{BalancerHour, InstanceUse, Usage};

/// Every charge that a run of the scenario can meet, those of quantity zero included.
pub(super) fn charges<'a>(scenario: &'a Scenario, usage: &Usage) -> Vec<Charge<'a>> {
    let mut charges = Vec::new();
    for (index, item) in scenario.fleets.iter().enumerate() {
        charges.extend(fleet(item, usage.instances.iter().filter(|instance| instance.fleet == index)));
    }
    for (index, item) in scenario.balancers.iter().enumerate() {
        let zones = scenario.fleets.get(item.targets.index()).map_or(1, |targets| targets.zones);
        charges.extend(balancer(item, zones, hourly(&usage.balancers, index)));
    }
    charges.extend(scenario.caches.iter().map(cache));
    for (index, item) in scenario.databases.iter().enumerate() {
        charges.extend(database(item, hourly(&usage.database_io, index)));
    }
    charges.extend(data_transfer(usage));
    charges.retain(|charge| charge.factor > 0.0);
    charges
}

/// What EC2 bills for an instance: by the second from its launch, and never less than a minute.
pub fn billed(instance: &InstanceUse) -> Time {
    const MINIMUM: Time = Time::from_secs(60);
    (instance.ended - instance.launched).max(MINIMUM)
}

fn fleet<'a, 'u>(fleet: &'a Fleet, instances: impl Iterator<Item = &'u InstanceUse>) -> [Charge<'a>; 2] {
    let alarms: usize = fleet.policies.iter().map(|policy| alarms(&policy.kind)).sum();
    let spans = instances.map(|instance| (instance.launched, instance.launched + billed(instance))).collect();
    let instance = &fleet.instance.name;
    [
        Charge {
            what: format!("{instance} instance-hours"),
            accrual: Accrual::Spans(spans),
            ..steady("EC2", instance, &fleet.name, "hour", 1.0)
        },
        Charge {
            what: "CloudWatch alarms".into(),
            ..steady("CloudWatch", "alarm-standard", &fleet.name, "alarm-month", alarms as f64 / MONTH_HOURS)
        },
    ]
}

fn alarms(policy: &PolicyKind) -> usize {
    match policy {
        PolicyKind::TargetTracking { low, .. } => 1 + usize::from(low.is_some()),
        PolicyKind::Step { .. } | PolicyKind::Simple { .. } => 1,
    }
}

fn balancer<'a>(balancer: &'a Balancer, zones: u32, hours: &[BalancerHour]) -> [Charge<'a>; 3] {
    // An internet-facing balancer has one address in each zone, as long as it stays small.
    let addresses = if balancer.internet_facing { f64::from(zones) } else { 0.0 };
    [
        Charge { what: "load balancer hours".into(), ..steady("ELB", "ALB", &balancer.name, "hour", 1.0) },
        Charge {
            what: "load balancer capacity units".into(),
            accrual: Accrual::Hourly(hours.iter().map(capacity_unit_hours).collect()),
            ..steady("ELB", "ALB-LCU", &balancer.name, "LCU-hour", 1.0)
        },
        Charge {
            what: "public IPv4 addresses".into(),
            ..steady("VPC", "public-ipv4", &balancer.name, "hour", addresses)
        },
    ]
}

/// Load balancer capacity units of one hour: the largest dimension counts (Elastic Load Balancing pricing page).
/// Rule evaluations are free up to ten rules, and a balancer here has one.
fn capacity_unit_hours(hour: &BalancerHour) -> f64 {
    let new_connections = hour.new_connections / 3_600.0 / 25.0;
    let active_connections = hour.active_connections * hour.hours / 3_000.0;
    let gigabytes = hour.bytes / 1e9;
    new_connections.max(active_connections).max(gigabytes)
}

fn cache(cache: &Cache) -> Charge<'_> {
    let nodes = f64::from(cache.shards) * (1.0 + f64::from(cache.replicas));
    Charge {
        what: format!("{} node-hours", cache.node.name),
        ..steady("ElastiCache-Redis", &cache.node.name, &cache.name, "hour", nodes)
    }
}

fn database<'a>(database: &'a Database, io: &[u64]) -> Vec<Charge<'a>> {
    let (writer, replica, replicas) =
        (&database.writer.name, &database.replica.name, f64::from(database.replicas));
    let node = |service: &'static str, class: &str, option: &str, role: &str, count: f64| Charge {
        what: format!("{class} {role} instance-hours"),
        ..steady(service, &format!("{class}{option}"), &database.name, "hour", count)
    };
    let storage = |service: &'static str, sku: &str, copies: f64| Charge {
        what: "storage".into(),
        ..steady(service, sku, &database.name, "GB-month", copies * database.storage.as_gb() / MONTH_HOURS)
    };
    match (database.engine, database.io_optimized) {
        // One volume for the whole cluster, in three zones in any case: `multi_az` changes nothing.
        (Engine::AuroraMysql, true) => vec![
            node("Aurora-MySQL", writer, "/io-optimized", "writer", 1.0),
            node("Aurora-MySQL", replica, "/io-optimized", "replica", replicas),
            storage("Aurora", "storage-io-optimized", 1.0),
        ],
        (Engine::AuroraMysql, false) => vec![
            node("Aurora-MySQL", writer, "", "writer", 1.0),
            node("Aurora-MySQL", replica, "", "replica", replicas),
            storage("Aurora", "storage-standard", 1.0),
            Charge {
                what: "storage I/O".into(),
                accrual: Accrual::Hourly(io.iter().map(|&requests| requests as f64).collect()),
                ..steady("Aurora", "io-standard", &database.name, "million", 1e-6)
            },
        ],
        // The standby belongs to the writer; each replica has a volume of its own.
        (Engine::Mysql, _) => {
            let (option, volume) = match database.multi_az {
                true => ("/multi-az", "gp3-storage/multi-az"),
                false => ("/single-az", "gp3-storage/single-az"),
            };
            vec![
                node("RDS-MySQL", writer, option, "writer", 1.0),
                node("RDS-MySQL", replica, "/single-az", "replica", replicas),
                storage("RDS-MySQL", volume, 1.0),
                Charge {
                    what: "replica storage".into(),
                    ..storage("RDS-MySQL", "gp3-storage/single-az", replicas)
                },
            ]
        }
    }
}

fn data_transfer(usage: &Usage) -> Vec<Charge<'static>> {
    // Tiers in gigabytes a month, 1 TB being 1,024 GB here. The event starts at the first tier, as if the account
    // sent nothing else; the 100 GB a month that are free are taken to be spent on other days.
    const TIERS: [(&str, f64, f64); 4] = [
        ("first-10TB", 0.0, 10_240.0),
        ("next-40TB", 10_240.0, 51_200.0),
        ("next-100TB", 51_200.0, 153_600.0),
        ("over-150TB", 153_600.0, f64::INFINITY),
    ];
    let gigabytes = |hours: &[Bytes]| Accrual::Hourly(hours.iter().map(|bytes| bytes.as_gb()).collect());
    let egress = TIERS.map(|(name, from, to)| Charge {
        what: format!("to the internet, {}", name.replace('-', " ")),
        accrual: gigabytes(&usage.internet_out),
        tier: (from, to),
        ..steady("DataTransfer", &format!("internet-out/{name}"), "", "GB", 1.0)
    });
    // Each gigabyte is charged on its way out of one zone and into the other.
    let cross_zone = Charge {
        what: "between zones, both directions".into(),
        accrual: gigabytes(&usage.cross_zone),
        ..steady("DataTransfer", "inter-az/each-direction", "", "GB", 2.0)
    };
    egress.into_iter().chain([cross_zone]).collect()
}

/// A charge for every hour of the run, as yet without words for people.
fn steady<'a>(
    service: &'static str,
    sku: &str,
    resource: &'a str,
    unit: &'static str,
    factor: f64,
) -> Charge<'a> {
    Charge {
        service,
        sku: sku.into(),
        resource,
        what: String::new(),
        unit,
        factor,
        accrual: Accrual::Steady,
        tier: UNTIERED,
    }
}

fn hourly<T>(series: &[Vec<T>], index: usize) -> &[T] {
    series.get(index).map_or(&[], Vec::as_slice)
}

//! What a database is charged for: the hours of its nodes, its storage, I/O if that is metered, its proxy, and its backups.
//!
//! In: the database, and its storage requests in each hour. Out: its charges.

mod backup;
mod global;
mod volume;

use super::language::Database;
use super::language::proxy::LEAST_VCPUS;
use crate::cost::BillPart;
use crate::cost::accrual::{Accrual, MONTH_HOURS};
use crate::cost::charge::Charge;
use crate::kind::Settings;
use crate::kind::bill::Billed;
use crate::usage::Used;

impl Billed<Settings> for Database {
    const PLACE: u8 = 3;

    fn charges<'a>(&'a self, _all: &'a Settings, io: &Used) -> Vec<Charge<'a>> {
        charges(self, io)
    }
}

fn charges<'a>(database: &'a Database, used: &Used) -> Vec<Charge<'a>> {
    let (writer, replica, replicas) =
        (&database.writer.name, &database.replica.name, f64::from(database.replicas));
    let (aurora, rds) = match database.engine.is_postgres() {
        false => ("Aurora-MySQL", "RDS-MySQL"),
        true => ("Aurora-PostgreSQL", "RDS-PostgreSQL"),
    };
    let node = |service: &'static str, class: &str, option: &str, part: BillPart, count: f64| Charge {
        what: format!("{class} {} instance-hours", part.name()),
        part: Some(part),
        ..Charge::steady(service, &format!("{class}{option}"), &database.name, "hour", count)
    };
    let storage = |sku: &str| Charge {
        what: "storage".into(),
        // A volume is provisioned in GiB, and a GB of its price is one of these. (EBS user guide, volume constraints.)
        ..Charge::steady("Aurora", sku, &database.name, "GB-month", database.storage.as_gib() / MONTH_HOURS)
    };
    let io = || Charge {
        what: "storage I/O".into(),
        accrual: Accrual::Hourly(used.hours.clone()),
        ..Charge::steady("Aurora", "io-standard", &database.name, "million", 1e-6)
    };
    let proxy = database.proxy.as_ref().map(|_| {
        let vcpus = |vcpus: u32| f64::from(vcpus.max(LEAST_VCPUS));
        let all = vcpus(database.writer.vcpus) + replicas * vcpus(database.replica.vcpus);
        Charge {
            what: "proxy".into(),
            ..Charge::steady("RDS-Proxy", "proxy-provisioned", &database.name, "vCPU-hour", all)
        }
    });
    let serverless = |sku: &str| {
        let acus = |service: &'static str, sku: &str, what: &str| Charge {
            what: what.into(),
            accrual: Accrual::Hourly(used.capacity.clone()),
            // Half ACUs, for a millisecond each.
            ..Charge::steady(service, sku, &database.name, "ACU-hour", 1.0 / 7_200_000.0)
        };
        let proxy = database.proxy.as_ref().map(|_| acus("RDS-Proxy", "proxy-serverless-v2", "proxy"));
        std::iter::once(acus("Aurora", sku, "ACU-hours of all nodes")).chain(proxy)
    };
    let mut all = match (database.engine.is_aurora(), database.io_optimized) {
        (true, optimized) if database.serverless.is_some() => {
            let sku = if optimized { "serverless-v2-io-optimized" } else { "serverless-v2" };
            let mut all: Vec<Charge<'a>> = serverless(sku).collect();
            all.push(storage(if optimized { "storage-io-optimized" } else { "storage-standard" }));
            all.extend((!optimized).then(io));
            all.extend(backup::charges(database, aurora, used));
            return all;
        }
        // One volume for the whole cluster, always in three zones: `multi_az` changes nothing.
        (true, true) => vec![
            node(aurora, writer, "/io-optimized", BillPart::Writer, 1.0),
            node(aurora, replica, "/io-optimized", BillPart::Replica, replicas),
            storage("storage-io-optimized"),
        ],
        (true, false) => vec![
            node(aurora, writer, "", BillPart::Writer, 1.0),
            node(aurora, replica, "", BillPart::Replica, replicas),
            storage("storage-standard"),
            io(),
        ],
        // Each of the three nodes has a volume of its own.
        (false, _) if database.cluster => {
            let mut all = vec![
                node(rds, writer, "/multi-az-cluster", BillPart::Writer, 1.0),
                node(rds, replica, "/multi-az-cluster", BillPart::Replica, replicas),
            ];
            all.extend(volume::volumes(database, rds, "multi-az-cluster", "", 1.0));
            all
        }
        // The standby belongs to the writer; each replica has a volume of its own.
        (false, _) => {
            let place = if database.multi_az { "multi-az" } else { "single-az" };
            let mut all = vec![
                node(rds, writer, &format!("/{place}"), BillPart::Writer, 1.0),
                node(rds, replica, "/single-az", BillPart::Replica, replicas),
            ];
            all.extend(volume::of_writer_and_replicas(database, rds, place));
            all
        }
    };
    if database.replica_scaling.is_some() {
        let option = if database.io_optimized { "/io-optimized" } else { "" };
        all.push(Charge {
            accrual: Accrual::Spans(used.spans.clone()),
            what: format!("{writer} instance-hours of added replicas"),
            ..node(aurora, writer, option, BillPart::Replica, 1.0)
        });
    }
    all.extend(global::charges(database, aurora, used));
    let service = if database.engine.is_aurora() { aurora } else { rds };
    all.extend(backup::charges(database, service, used));
    all.extend(proxy);
    all
}

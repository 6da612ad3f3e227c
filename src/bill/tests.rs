//! Bills worked out by hand, the arithmetic beside each.

mod account;

use std::collections::BTreeMap;

use super::*;
use crate::catalog::{InstanceType, cache_node_names, database_class_names, instance_type_names};
use crate::cost::{PriceSource, prices};
use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::database::language::{Database, Engine};
use crate::kind::fleet::language::Fleet;
use crate::kind::scaling::language::{Alarm, Comparison, Metric, MissingData, Policy, PolicyKind};
use crate::units::Bytes;
use crate::usage::Used;

const HOUR: Time = Time::from_secs(3_600);
const GB: u64 = 1_000_000_000;

/// Instances of the first fleet that lived so long.
fn lives(spans: &[(f64, f64)]) -> ((Kind, usize), Used) {
    let at = Time::from_secs_f64;
    let spans = spans.iter().map(|&(from, to)| (at(from), at(to))).collect();
    ((Kind::Fleet, 0), Used { spans, ..Used::default() })
}

/// What the first resource of a kind counted by hour.
fn counted(kind: Kind, hours: &[f64]) -> ((Kind, usize), Used) {
    ((kind, 0), Used::hourly(hours.to_vec()))
}

fn priced(prices: &[(&str, f64)], region: &str) -> Scenario {
    let prices = prices.iter().map(|&(key, usd)| (key.to_string(), usd)).collect();
    Scenario { prices, ..sample::empty(region) }
}

fn item<'a>(bill: &'a Bill, what: &str) -> &'a BillItem {
    let found: Vec<_> = bill.items.iter().filter(|item| item.what == what).collect();
    assert_eq!(found.len(), 1, "{what} in {:#?}", bill.items);
    found[0]
}

/// The keys of prices that are missing, whatever their Region.
fn missing(scenario: &Scenario) -> Vec<String> {
    missing_prices(scenario).into_iter().map(|(_, key)| key).collect()
}

#[track_caller]
fn assert_close(value: f64, expected: f64) {
    assert!((value - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{value} is not {expected}");
}

#[test]
fn four_instances_for_a_month_at_the_price_of_the_list() {
    // 4 × 730 h × 0.096 USD/h = 280.32 USD, and a month of the same is the same.
    let scenario =
        sample::of("us-east-1", Settings { fleets: vec![sample::fleet("m5.large")], ..Settings::default() });
    let usage = Usage {
        duration: HOUR * 730,
        counted: [lives(&[(0.0, 730.0 * 3_600.0); 4])].into(),
        completed: 2_000_000,
        ..Usage::default()
    };
    let bill = bill(&scenario, &usage);
    assert_close(bill.total_usd, 280.32);
    assert_close(bill.month_usd, 280.32);
    // 280.32 USD / 2 million
    assert_close(bill.per_million_requests_usd.unwrap(), 140.16);
    assert_eq!(item(&bill, "m5.large instance-hours").source.to_string(), "Karpenter price file, 2026-07-20");
    assert_eq!(bill.price_dates, Some(("2026-07-20".into(), "2026-07-20".into())));
}

#[test]
fn an_instance_costs_at_least_a_minute() {
    // Lives of 30, 90, 3600 and 59.5 s are billed as 60 + 90 + 3600 + 60 = 3810 s; 3810 / 3600 × 0.36 = 0.381 USD.
    let scenario = Scenario {
        kinds: Settings { fleets: vec![sample::fleet("m5.large")], ..Settings::default() },
        ..priced(&[("EC2/m5.large", 0.36)], "us-east-1")
    };
    let instances = lives(&[(10.0, 40.0), (0.0, 90.0), (0.0, 3_600.0), (3_540.5, 3_600.0)]);
    let usage = Usage { duration: HOUR, counted: [instances].into(), ..Usage::default() };
    let bill = bill(&scenario, &usage);
    assert_close(bill.total_usd, 0.381);
    let instances = item(&bill, "m5.large instance-hours");
    assert_close(instances.quantity * 3_600.0, 3_810.0);
    assert_eq!((instances.unit_price_usd, &instances.source), (0.36, &PriceSource::Scenario));
    assert_eq!(bill.price_dates, None, "no price of the list was used");
}

#[test]
fn an_hour_of_a_balancer_costs_its_capacity_units() {
    // An hour, and 9 capacity units: 0.0225 + 9 × 0.008 = 0.0945 USD.
    let scenario =
        sample::of("us-east-1", Settings { balancers: vec![sample::balancer(false)], ..Settings::default() });
    let usage =
        Usage { duration: HOUR, counted: [counted(Kind::Balancer, &[9.0])].into(), ..Usage::default() };
    let bill = bill(&scenario, &usage);
    assert_close(item(&bill, "load balancer capacity units").quantity, 9.0);
    assert_close(bill.total_usd, 0.0945);
}

#[test]
fn an_aurora_cluster_pays_for_nodes_one_volume_and_its_io() {
    // Writer and two replicas 3 × 730 h × 0.29 = 635.1; 200 GiB for a month × 0.1 = 20; 500 million I/O × 0.2 = 100.
    let database = sample::database(Engine::AuroraMysql, "db.r5.large", 2);
    let scenario =
        sample::of("us-east-1", Settings { databases: vec![database.clone()], ..Settings::default() });
    let mut io = vec![684_931.0; 730];
    io[0] += 500_000_000.0 - 730.0 * 684_931.0;
    let usage =
        Usage { duration: HOUR * 730, counted: [counted(Kind::Database, &io)].into(), ..Usage::default() };
    let standard = bill(&scenario, &usage);
    assert_close(item(&standard, "db.r5.large replica instance-hours").quantity, 1_460.0);
    assert_close(standard.total_usd, 755.1);

    // I/O-Optimized: 2190 h × 0.377 = 825.63; 200 × 0.225 = 45; nothing for I/O.
    let databases = vec![Database { io_optimized: true, ..database }];
    let optimized = bill(&sample::of("us-east-1", Settings { databases, ..Settings::default() }), &usage);
    assert_close(optimized.total_usd, 870.63);
    assert!(optimized.items.iter().all(|item| item.what != "storage I/O"));
}

#[test]
fn a_mysql_standby_doubles_the_writer_and_its_volume() {
    // A month in Seoul of a writer 730 h × 0.255 = 186.15 and 200 GiB × 0.131 = 26.2, and of a replica the same:
    // 424.7. With a standby the writer is 730 × 0.51 = 372.3 and 200 × 0.262 = 52.4; the replica stays: 637.05.
    let database = sample::database(Engine::Mysql, "db.r6g.large", 1);
    let usage = Usage { duration: HOUR * 730, ..Usage::default() };
    let single =
        sample::of("ap-northeast-2", Settings { databases: vec![database.clone()], ..Settings::default() });
    assert_close(bill(&single, &usage).total_usd, 424.7);
    let databases = vec![Database { multi_az: true, ..database }];
    let standby = sample::of("ap-northeast-2", Settings { databases, ..Settings::default() });
    assert_close(bill(&standby, &usage).total_usd, 637.05);
}

#[test]
fn postgresql_has_the_prices_that_were_read_for_it() {
    // An hour in Seoul of a writer and a replica, 2 × 0.333; 200 GiB / 730 × 0.12.
    let aurora = sample::database(Engine::AuroraPostgresql, "db.r7g.large", 1);
    let usage = Usage { duration: HOUR, ..Usage::default() };
    let of = |region: &str, database: &Database| {
        sample::of(region, Settings { databases: vec![database.clone()], ..Settings::default() })
    };
    let seoul = of("ap-northeast-2", &aurora);
    assert_eq!(missing(&seoul), [""; 0]);
    assert_close(bill(&seoul, &usage).total_usd, 0.666 + 200.0 / 730.0 * 0.12);
    assert_eq!(missing(&of("us-east-1", &aurora)), ["Aurora-PostgreSQL/db.r7g.large"]);
    let rds = sample::database(Engine::Postgres, "db.r7g.large", 1);
    assert_eq!(missing(&of("ap-northeast-2", &rds)), ["RDS-PostgreSQL/gp3-storage/single-az"]);
}

#[test]
fn cache_nodes_addresses_and_alarms_cost_by_the_hour() {
    let alarm = Alarm {
        period: Time::from_secs(60),
        evaluation_periods: 3,
        datapoints: 3,
        threshold: 70.0,
        comparison: Comparison::Above,
        missing: MissingData::Missing,
        delivery_delay: Time::ZERO,
    };
    let kind = PolicyKind::TargetTracking { target: 60.0, high: alarm.clone(), low: Some(alarm) };
    let policy =
        Policy { name: "cpu".into(), metric: Metric::Cpu, kind, warmup: Time::ZERO, cooldowns: None };
    let mut fleet = sample::fleet("m6i.large");
    fleet.policies = vec![policy];
    let scenario = sample::of(
        "ap-northeast-2",
        Settings {
            fleets: vec![fleet],
            balancers: vec![sample::balancer(true)],
            caches: vec![sample::cache("cache.r6g.large", 3, 1)],
            ..Settings::default()
        },
    );
    let bill = bill(&scenario, &Usage { duration: HOUR * 2, ..Usage::default() });
    // 3 shards of 2 nodes for 2 h: 12 h × 0.246
    assert_close(item(&bill, "cache.r6g.large node-hours").usd, 2.952);
    // One address in each of 2 zones for 2 h: 4 h × 0.005
    assert_close(item(&bill, "public IPv4 addresses").usd, 0.02);
    // A high and a low alarm for 2 of 730 h: 4 / 730 × 0.1
    assert_close(item(&bill, "CloudWatch alarms").usd, 0.4 / 730.0);
    assert_close(item(&bill, "CloudWatch alarms").month_usd, 0.2);
}

/// An instance for two hours and one for half an hour: 2.5 of 730 h of 7 metrics at $0.30 a month. In a month of that, the
/// first hour has 1.5 and the second one instance: 1.25 × $2.10. Basic monitoring costs nothing.
#[test]
fn detailed_monitoring_costs_2_10_a_month() {
    let bill_of = |metric_period: Time| {
        let fleet = Fleet { metric_period, ..sample::fleet("m6i.large") };
        let scenario = sample::of("us-east-1", Settings { fleets: vec![fleet], ..Settings::default() });
        let counted = [lives(&[(0.0, 7_200.0), (0.0, 1_800.0)])].into();
        bill(&scenario, &Usage { duration: HOUR * 2, counted, ..Usage::default() })
    };
    let detailed = bill_of(Time::from_secs(60));
    let item = item(&detailed, "detailed monitoring of instances");
    assert_close(item.usd, 2.5 / 730.0 * 2.1);
    assert_close(item.month_usd, 1.25 * 2.1);
    let basic = bill_of(Time::from_secs(300));
    assert!(basic.items.iter().all(|item| item.what != "detailed monitoring of instances"));
}

#[test]
fn internet_egress_fills_its_tiers_one_after_the_other() {
    let egress = |gigabytes: u64| {
        let usage = Usage {
            duration: HOUR / 2,
            internet_out: [(None, vec![Bytes(gigabytes * GB)])].into(),
            ..Usage::default()
        };
        bill(&sample::empty("ap-northeast-2"), &usage)
    };
    assert_close(egress(10_240).total_usd, 10_240.0 * 0.126);
    assert_close(egress(10_241).total_usd, 10_240.0 * 0.126 + 0.122);
    // 10,240 × 0.126 + 40,960 × 0.122 + 102,400 × 0.117 + 400 × 0.108
    assert_close(egress(154_000).total_usd, 1_290.24 + 4_997.12 + 11_980.8 + 43.2);
    // 10 GB in half an hour is 20 × 730 = 14,600 GB in a month: the second tier appears there alone.
    let small = egress(10);
    let second = item(&small, "to the internet, next 40TB");
    assert_eq!((second.quantity, second.usd), (0.0, 0.0));
    assert_close(second.month_usd, (14_600.0 - 10_240.0) * 0.122);
    assert_close(small.month_usd, 10_240.0 * 0.126 + 4_360.0 * 0.122);
}

#[test]
fn what_crosses_a_zone_border_is_charged_on_both_sides() {
    // 50 GB × 2 directions × 0.01
    let usage = Usage { duration: HOUR, cross_zone: vec![Bytes(50 * GB)], ..Usage::default() };
    assert_close(bill(&sample::empty("ap-northeast-2"), &usage).total_usd, 1.0);
}

fn event() -> (Scenario, Usage) {
    let scenario = sample::of(
        "ap-northeast-2",
        Settings {
            fleets: vec![sample::fleet("m6i.large")],
            balancers: vec![sample::balancer(true)],
            caches: vec![sample::cache("cache.r6g.large", 1, 0)],
            databases: vec![sample::database(Engine::AuroraMysql, "db.r6g.large", 1)],
            ..Settings::default()
        },
    );
    let usage = Usage {
        duration: Time::from_secs(9_000),
        completed: 100_000,
        counted: [
            lives(&[(0.0, 9_000.0), (3_000.0, 5_000.0), (8_990.0, 9_000.0)]),
            counted(Kind::Balancer, &[3.0, 3.0, 3.0]),
            counted(Kind::Database, &[1_000_000.0, 5_000_000.0, 700_000.0]),
        ]
        .into(),
        internet_out: [(None, vec![Bytes(2 * GB), Bytes(9 * GB), Bytes(GB)])].into(),
        cross_zone: vec![Bytes(GB), Bytes(4 * GB), Bytes(GB / 2)],
        ..Usage::default()
    };
    (scenario, usage)
}

#[test]
fn the_total_is_the_sum_of_the_items() {
    let (scenario, usage) = event();
    let bill = bill(&scenario, &usage);
    assert_eq!(bill.total_usd, bill.items.iter().map(|item| item.usd).sum::<f64>());
    assert_eq!(bill.month_usd, bill.items.iter().map(|item| item.month_usd).sum::<f64>());
    assert!(bill.items.iter().all(|item| item.usd == item.quantity * item.unit_price_usd));
    assert!(bill.items.len() >= 9 && bill.items.iter().all(|item| item.source != PriceSource::Unknown));
}

#[test]
fn a_bill_lists_fleets_and_balancers_before_what_they_call_and_data_last() {
    let (scenario, usage) = event();
    let mut services: Vec<String> =
        bill(&scenario, &usage).items.into_iter().map(|item| item.service).collect();
    services.dedup();
    let order = ["EC2", "ELB", "VPC", "ElastiCache-Redis", "Aurora-MySQL", "Aurora", "DataTransfer"];
    assert_eq!(services, order);
}

#[test]
fn the_cost_so_far_rises_to_the_total() {
    let (scenario, usage) = event();
    // 9,000 s in rows of 400 s: 22 whole ones and one of half the width.
    let cost = cost_over_time(&scenario, &usage, Time::from_secs(400));
    assert_eq!(cost.len(), 23);
    assert!(cost[0] > 0.0 && cost.is_sorted());
    assert_eq!(cost.last(), Some(&bill(&scenario, &usage).total_usd));
    // Up to 2,800 s there is one instance; the next four rows hold another 2,000 s at 0.118 an hour.
    let fleet_alone =
        sample::of("ap-northeast-2", Settings { fleets: scenario.fleets.clone(), ..Settings::default() });
    let instances = Usage { internet_out: BTreeMap::new(), cross_zone: vec![], ..usage };
    let cost = cost_over_time(&fleet_alone, &instances, Time::from_secs(400));
    assert_close(cost[6], 2_800.0 / 3_600.0 * 0.118);
    assert_close(cost[12], (5_200.0 + 2_000.0) / 3_600.0 * 0.118);
}

#[test]
fn a_run_of_no_time_costs_nothing() {
    let (scenario, _) = event();
    let bill = bill(&scenario, &Usage::default());
    assert_eq!((bill.total_usd, bill.month_usd, bill.items.len()), (0.0, 0.0, 0));
    assert!(bill.total_usd.is_sign_positive() && bill.per_million_requests_usd.is_none());
    assert!(cost_over_time(&scenario, &Usage::default(), Time::ZERO).is_empty());
}

#[test]
fn a_price_in_the_file_replaces_that_of_the_list() {
    let (scenario, usage) = event();
    let before = bill(&scenario, &usage);
    let prices = [("ElastiCache-Redis/cache.r6g.large".to_string(), 10.0)].into();
    let after = bill(&Scenario { prices, ..scenario }, &usage);
    // 2.5 h at 10 instead of 0.246
    assert_close(after.total_usd - before.total_usd, 2.5 * (10.0 - 0.246));
    assert_eq!(item(&after, "cache.r6g.large node-hours").source, PriceSource::Scenario);
}

#[test]
fn hardware_without_a_price_is_named_and_never_silently_free() {
    let custom = InstanceType {
        name: "odd.large".into(),
        vcpus: 2,
        quota: None,
        memory: Bytes(8 << 30),
        strength: 1.0,
    };
    let scenario =
        sample::of("us-east-1", Settings { fleets: vec![sample::fleet_of(custom)], ..Settings::default() });
    assert_eq!(missing(&scenario), ["EC2/odd.large"]);
    let usage = Usage { duration: HOUR, counted: [lives(&[(0.0, 3_600.0)])].into(), ..Usage::default() };
    let bill = bill(&scenario, &usage);
    assert_eq!(item(&bill, "odd.large instance-hours").source, PriceSource::Unknown);

    let prices = [("EC2/odd.large".to_string(), 0.5)].into();
    assert!(missing(&Scenario { prices, ..scenario }).is_empty());
}

#[test]
fn every_instance_type_has_a_price_or_is_named() {
    for region in prices::PriceList::embedded().regions() {
        let unpriced: Vec<&str> = instance_type_names()
            .into_iter()
            .filter(|name| {
                let scenario =
                    sample::of(region, Settings { fleets: vec![sample::fleet(name)], ..Settings::default() });
                let missing = missing(&scenario);
                assert!(missing.is_empty() || missing == [format!("EC2/{name}")], "{missing:?}");
                !missing.is_empty()
            })
            .collect();
        // The price list of one region has them all.
        match region {
            "us-east-1" => assert_eq!(unpriced, [""; 0]),
            // What Seoul had on the day of the list.
            _ => assert!(unpriced.contains(&"c7a.large") && !unpriced.contains(&"r7g.large"), "{region}"),
        }
    }
}

#[test]
fn every_cache_node_and_mysql_class_has_a_price_but_one() {
    for region in prices::PriceList::embedded().regions() {
        for node in cache_node_names() {
            let caches = vec![sample::cache(node, 1, 0)];
            let missing = missing(&sample::of(region, Settings { caches, ..Settings::default() }));
            assert_eq!(missing, [""; 0], "{node} in {region}");
        }
        let mysql = |class: &&str| {
            let databases = vec![sample::database(Engine::Mysql, class, 1)];
            !missing(&sample::of(region, Settings { databases, ..Settings::default() })).is_empty()
        };
        let unpriced: Vec<&str> = database_class_names().into_iter().filter(mysql).collect();
        assert_eq!(unpriced, ["db.r4.large"], "{region}");
    }
}

#[test]
fn quantities_are_in_the_units_of_the_list() {
    let (scenario, usage) = event();
    for charge in meter::charges(&scenario, &usage) {
        let list = prices::PriceList::embedded();
        let price = list.get(charge.service, &scenario.region, &charge.sku).unwrap();
        assert_eq!(charge.unit, price.unit, "{} {}", charge.service, charge.sku);
    }
}

#[test]
fn a_region_without_prices_is_missing_everything() {
    let (scenario, _) = event();
    assert!(missing(&scenario).is_empty());
    let missing = missing(&Scenario { region: "eu-west-1".into(), ..scenario });
    for key in
        ["EC2/m6i.large", "ELB/ALB", "Aurora-MySQL/db.r6g.large", "DataTransfer/internet-out/first-10TB"]
    {
        assert!(missing.contains(&key.to_string()), "{key} in {missing:?}");
    }
}

#[test]
fn a_misspelt_price_is_unused() {
    let (scenario, _) = event();
    let prices = [("EC2/m6i.large".to_string(), 0.1), ("EC2/m6i.lagre".to_string(), 0.1)].into();
    assert_eq!(unused_prices(&Scenario { prices, ..scenario }), ["EC2/m6i.lagre"]);
}

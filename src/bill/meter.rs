//! What a scenario is charged for: its resources, and data that leaves. In: the architecture and what a run used. Out: the
//! [`Charge`]s, without prices.
//!
//! Resources that are there before and after the event (balancers, nodes, storage) are charged pro rata for
//! the run, not by started hours. Not charged: root volumes, logs, backups, service stations.

use std::collections::BTreeSet;

use super::{commitments, free};
use crate::catalog::region::Region;
use crate::cost::accrual::Accrual;
use crate::cost::charge::{Charge, to_region};
use crate::scenario::Scenario;
use crate::units::{Bytes, Time};
use crate::usage::Usage;

/// Every charge that a run of the scenario can meet, those of quantity zero included.
pub(super) fn charges<'a>(scenario: &'a Scenario, usage: &Usage) -> Vec<Charge<'a>> {
    let charges = commitments::apply(scenario, usage.duration, on_demand(scenario, usage));
    free::apply(scenario, usage.duration, charges)
}

/// The same, one for one, of an hour that is like a part of the run, or like its median hour: what is committed holds for that hour by itself.
pub(super) fn of_an_hour<'a>(
    scenario: &'a Scenario,
    usage: &Usage,
    part: Option<(Time, Time)>,
) -> Vec<Charge<'a>> {
    let charges = on_demand(scenario, usage).into_iter().map(|it| it.of_an_hour(part, usage.duration));
    commitments::apply(scenario, Time::from_secs(3_600), charges.collect())
}

/// All of it on demand.
fn on_demand<'a>(scenario: &'a Scenario, usage: &Usage) -> Vec<Charge<'a>> {
    let mut charges = scenario.kinds.charges(&usage.counted);
    charges.extend(data_transfer(scenario, usage));
    charges.extend(between_regions(scenario, usage));
    charges.retain(|charge| charge.factor > 0.0);
    charges
}

fn data_transfer(scenario: &Scenario, usage: &Usage) -> Vec<Charge<'static>> {
    // Tiers in gigabytes a month, 1 TB being 1,024 GB here. The event starts at the first tier in each Region, as if the account
    // sent nothing else; the 100 GB a month that are free are taken to be spent on other days.
    const TIERS: [(&str, f64, f64); 4] = [
        ("first-10TB", 0.0, 10_240.0),
        ("next-40TB", 10_240.0, 51_200.0),
        ("next-100TB", 51_200.0, 153_600.0),
        ("over-150TB", 153_600.0, f64::INFINITY),
    ];
    let gigabytes = |hours: &[Bytes]| Accrual::Hourly(hours.iter().map(|bytes| bytes.as_gb()).collect());
    let outlets: BTreeSet<Option<Region>> =
        scenario.outlets().into_iter().chain(usage.internet_out.keys().copied()).collect();
    let egress = outlets.into_iter().flat_map(|region| {
        let hours = usage.internet_out.get(&region).map_or(&[][..], Vec::as_slice);
        let from_there = region.map_or(String::new(), |region| format!(" from {}", region.code()));
        TIERS.map(|(name, from, to)| Charge {
            what: format!("to the internet{from_there}, {}", name.replace('-', " ")),
            accrual: gigabytes(hours),
            tier: (from, to),
            region,
            ..Charge::steady("DataTransfer", &format!("internet-out/{name}"), "", "GB", 1.0)
        })
    });
    // Each gigabyte is charged on its way out of one zone and into the other.
    let cross_zone = Charge {
        what: "between zones, both directions".into(),
        accrual: gigabytes(&usage.cross_zone),
        ..Charge::steady("DataTransfer", "inter-az/each-direction", "", "GB", 2.0)
    };
    egress.chain([cross_zone]).collect()
}

/// Data that leaves a Region for another one, at the price of the one that it leaves. What comes in is free. (Amazon EC2 pricing, "Data Transfer".)
fn between_regions(scenario: &Scenario, usage: &Usage) -> Vec<Charge<'static>> {
    let regions = scenario.regions();
    let all = regions.iter().flat_map(|from| regions.iter().map(move |to| (*from, *to)));
    let pairs: BTreeSet<(Region, Region)> =
        all.filter(|(from, to)| from != to).chain(usage.between.keys().copied()).collect();
    let charge = |(from, to): (Region, Region)| {
        let bytes = usage.between.get(&(from, to)).map_or(&[][..], Vec::as_slice);
        let gigabytes = bytes.iter().map(|bytes| Bytes(bytes.max(0.0) as u64).as_gb()).collect();
        Charge {
            what: format!("from {} to {}", from.code(), to.code()),
            accrual: Accrual::Hourly(gigabytes),
            region: Some(from),
            ..Charge::steady("DataTransfer", to_region(Some(to)), "", "GB", 1.0)
        }
    };
    pairs.into_iter().map(charge).collect()
}

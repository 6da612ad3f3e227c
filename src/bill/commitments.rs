//! What is paid for whether it is used or not: reservations and Savings Plans. In: charges on demand, and the commitments of the account. Out: charges of what
//! is left on demand, and of the commitments.
//!
//! Capacity reservations count by the second; then, in each clock hour, Reserved Instances come first and the Savings Plan after them. (AWS Cost Management user
//! guide, "How Reserved Instances are applied"; AWS Savings Plans user guide, "How Savings Plans apply to your AWS usage".)

use super::price::price;
use crate::cost::BillPart;
use crate::cost::accrual::Accrual;
use crate::cost::charge::Charge;
use crate::scenario::Scenario;
use crate::scenario::billing::{RESERVED_SUFFIX, Reserved, SavingsPlan, reserved_sku};
use crate::units::Time;

const HOUR: Time = Time::from_secs(3_600);

/// Charges with the commitments of a scenario in them.
pub(super) fn apply<'a>(
    scenario: &'a Scenario,
    duration: Time,
    mut charges: Vec<Charge<'a>>,
) -> Vec<Charge<'a>> {
    let billing = &scenario.billing;
    let mut further = Vec::new();
    for reserved in &billing.capacity {
        further.push(unused(reserved, duration, &charges));
    }
    charges.append(&mut further);
    for reserved in &billing.reserved {
        further.push(cover(reserved, duration, &mut charges));
    }
    if let Some(plan) = billing.savings_plan {
        further.push(save(scenario, plan, duration, &mut charges));
    }
    charges.append(&mut further);
    charges
}

/// When each hour of a run begins, and how much of an hour it is; what is billed past the end is of the last one.
fn hours(duration: Time) -> impl Iterator<Item = (Time, Time, f64)> {
    let count = duration.0.div_ceil(HOUR.0);
    (0..count).map(move |hour| {
        let (from, until) = (HOUR * hour, (HOUR * (hour + 1)).min(duration));
        let part = (until - from).as_secs_f64() / HOUR.as_secs_f64();
        (from, if hour + 1 == count { Time::NEVER } else { until }, part)
    })
}

/// Whether a charge is for what a reservation is for, on demand and in the Region of the scenario.
fn is_for(charge: &Charge<'_>, reserved: &Reserved) -> bool {
    let is_on_demand = charge.unit == "hour" && charge.part != Some(BillPart::Spot);
    charge.region.is_none()
        && is_on_demand
        && charge.service == reserved.service
        && charge.sku == reserved.sku
}

/// What of a capacity reservation runs empty, second by second. (Amazon EC2 user guide, "Capacity Reservation pricing and billing": billed by the second.)
fn unused<'a>(reserved: &Reserved, duration: Time, charges: &[Charge<'a>]) -> Charge<'a> {
    let mut changes: Vec<(Time, i64)> = Vec::new();
    let mut steady = Vec::new();
    for charge in charges.iter().filter(|it| is_for(it, reserved)) {
        match &charge.accrual {
            Accrual::Spans(spans) => {
                changes.extend(spans.iter().flat_map(|(from, to)| [(*from, 1), (*to, -1)]))
            }
            _ => steady.push(charge),
        }
    }
    changes.sort_unstable();
    let left = hours(duration).map(|(from, until, part)| {
        let until = until.min(duration);
        let others = steady.iter().map(|it| it.accrued(from, until, duration)).sum::<f64>() / part;
        let free = |running: i64| (f64::from(reserved.count) - running as f64 - others).max(0.0);
        let mut running: i64 = changes.iter().filter(|(at, _)| *at <= from).map(|(_, change)| change).sum();
        let (mut at, mut empty) = (from, 0.0);
        for &(then, change) in changes.iter().filter(|(then, _)| *then > from && *then < until) {
            empty += free(running) * (then - at).as_secs_f64();
            (at, running) = (then, running + change);
        }
        (empty + free(running) * (until - at).as_secs_f64()) / HOUR.as_secs_f64()
    });
    Charge {
        what: format!("{} capacity reservation, not used", reserved.sku),
        accrual: Accrual::Hourly(left.collect()),
        ..Charge::steady(reserved.service, &reserved.sku, "", "hour", 1.0)
    }
}

/// Takes from charges what a reservation covers; the charge of the reservation.
fn cover<'a>(reserved: &Reserved, duration: Time, charges: &mut [Charge<'a>]) -> Charge<'a> {
    let mut left: Vec<f64> = hours(duration).map(|(_, _, part)| f64::from(reserved.count) * part).collect();
    for charge in charges.iter_mut().filter(|it| is_for(it, reserved)) {
        let rest = hours(duration).zip(&mut left).map(|((from, until, _), left)| {
            let used = charge.accrued(from, until, duration);
            let covered = used.min(*left);
            *left -= covered;
            used - covered
        });
        let rest: Vec<f64> = rest.collect();
        (charge.accrual, charge.factor) = (Accrual::Hourly(rest), 1.0);
    }
    Charge {
        what: format!("{} reserved for a year", reserved.sku),
        ..Charge::steady(
            reserved.service,
            &reserved_sku(&reserved.sku),
            "",
            "hour",
            f64::from(reserved.count),
        )
    }
}

/// Whether a Compute Savings Plan is for it.
fn is_compute(charge: &Charge<'_>) -> bool {
    let is_compute = match charge.service {
        "EC2" => charge.unit == "hour" && !charge.sku.ends_with(RESERVED_SUFFIX),
        "Fargate" => true,
        "Lambda" => charge.unit == "GB-second",
        _ => false,
    };
    is_compute && charge.part != Some(BillPart::Spot)
}

/// Takes from charges what a Savings Plan covers: all of an hour, or the same part of each. The charge of the plan.
fn save<'a>(
    scenario: &Scenario,
    plan: SavingsPlan,
    duration: Time,
    charges: &mut [Charge<'a>],
) -> Charge<'a> {
    let prices: Vec<f64> = charges.iter().map(|charge| price(scenario, charge).usd).collect();
    let left: Vec<f64> = hours(duration)
        .map(|(from, until, part)| {
            let used = charges.iter().zip(&prices).filter(|(charge, _)| is_compute(charge));
            let usd: f64 = used.map(|(charge, usd)| charge.accrued(from, until, duration) * usd).sum();
            let usd = usd * (1.0 - plan.discount);
            if usd > 0.0 { (1.0 - plan.commitment * part / usd).max(0.0) } else { 0.0 }
        })
        .collect();
    for charge in charges.iter_mut().filter(|charge| is_compute(charge)) {
        let rest = hours(duration)
            .zip(&left)
            .map(|((from, until, _), left)| charge.accrued(from, until, duration) * left);
        let rest: Vec<f64> = rest.collect();
        (charge.accrual, charge.factor) = (Accrual::Hourly(rest), 1.0);
    }
    Charge {
        what: "Compute Savings Plan".into(),
        ..Charge::steady("SavingsPlans", "commitment", "", "USD", plan.commitment)
    }
}

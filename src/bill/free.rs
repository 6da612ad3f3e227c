//! What is free of charge each month. In: charges. Out: the same, with what is free taken from them.
//!
//! The allowances that every account has, for as long as it exists; those of its first year are not here. (AWS Free Tier, always free, as recalled; Amazon EC2
//! pricing, data transfer.) What several resources share is taken from each in proportion to what it uses.

use crate::cost::charge::Charge;
use crate::scenario::Scenario;
use crate::units::Time;

/// An allowance: the service, what the SKUs begin with, or end with after `*`, and how much of a month is free in the unit of the bill.
const ALLOWANCES: [(&str, &[&str], f64); 12] = [
    ("DataTransfer", &["internet-out/first"], 100.0),
    ("CloudFront", &["*/out/first-10TB"], 1_024.0),
    ("CloudFront", &["*/https-requests"], 1_000.0),
    ("Lambda", &["requests"], 1.0),
    ("Lambda", &["duration-"], 400_000.0),
    ("SQS", &["standard", "fifo"], 1.0),
    ("SNS", &["requests"], 1.0),
    ("DynamoDB", &["storage"], 25.0),
    ("DynamoDB", &["provisioned-RCU"], 25.0 * 730.0),
    ("DynamoDB", &["provisioned-WCU"], 25.0 * 730.0),
    ("CloudWatch", &["alarm-standard"], 10.0),
    ("CloudWatch", &["metric"], 10.0),
];

/// Charges of an account whose allowances are left, if it says so.
pub(super) fn apply<'a>(
    scenario: &Scenario,
    duration: Time,
    mut charges: Vec<Charge<'a>>,
) -> Vec<Charge<'a>> {
    if !scenario.billing.free_tier {
        return charges;
    }
    for (service, skus, quantity) in ALLOWANCES {
        let is_of =
            |charge: &Charge<'_>| charge.service == service && skus.iter().any(|sku| fits(&charge.sku, sku));
        let used: f64 = charges.iter().filter(|it| is_of(it)).map(|it| amount(it, duration)).sum();
        for charge in charges.iter_mut().filter(|it| is_of(it)) {
            let part = if used > 0.0 { amount(charge, duration) / used } else { 0.0 };
            charge.tier.0 += quantity * part;
        }
    }
    charges
}

fn amount(charge: &Charge<'_>, duration: Time) -> f64 {
    charge.accrued(Time::ZERO, Time::NEVER, duration)
}

fn fits(sku: &str, pattern: &str) -> bool {
    match pattern.strip_prefix('*') {
        Some(end) => sku.ends_with(end),
        None => sku.starts_with(pattern),
    }
}

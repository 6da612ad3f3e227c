//! What a name is charged for: its hosted zone, its queries and its health checks.
//!
//! In: the name, its queries of each hour, and from when to when each endpoint was checked. Out: its charges. All names are in one hosted zone, which is
//! charged to the first one; Route 53 charges a month of it, of which a run takes its hours. An alias to a resource of AWS is not charged for. Health
//! checks that are free for some accounts are taken to be used up elsewhere. (Amazon Route 53 pricing.)

use super::language::{Check, Dns, Policy};
use crate::cost::accrual::{Accrual, MONTH_HOURS};
use crate::cost::charge::{Charge, UNTIERED};
use crate::kind::Settings;
use crate::kind::bill::Billed;
use crate::units::Time;
use crate::usage::Used;

/// Millions of queries of a month after which a query costs less.
const TIER: f64 = 1_000.0;

impl Billed<Settings> for Dns {
    fn charges<'a>(&'a self, all: &'a Settings, used: &Used) -> Vec<Charge<'a>> {
        let mut charges = Vec::new();
        if all.domains.first().is_some_and(|it| it.name == self.name) {
            charges.push(Charge {
                what: "hosted zone".into(),
                ..Charge::steady("Route53", "hosted-zone", &self.name, "zone-month", 1.0 / MONTH_HOURS)
            });
        }
        let sku = match self.policy {
            Policy::Latency => "latency-queries",
            Policy::Geolocation => "geo-queries",
            _ => "standard-queries",
        };
        for (after, tier) in [("first-1B", (0.0, TIER)), ("over-1B", (TIER, UNTIERED.1))] {
            charges.push(Charge {
                what: "DNS queries".into(),
                accrual: Accrual::Hourly(used.hours.clone()),
                tier,
                ..Charge::steady("Route53", &format!("{sku}-{after}"), &self.name, "million", 1e-6)
            });
        }
        for (record, check) in self.records.iter().enumerate() {
            if let Some(check) = &check.check {
                let spans = used.resized.get(record).cloned().unwrap_or_default();
                charges.extend(checked(&self.name, check, spans));
            }
        }
        charges
    }
}

/// The checks of the endpoints of a record: that of an alarm is one, all the time.
fn checked<'a>(name: &'a str, check: &Check, spans: Vec<(Time, Time)>) -> impl Iterator<Item = Charge<'a>> {
    let place = if check.elsewhere { "other" } else { "aws" };
    let accrual = if check.alarm.is_some() { Accrual::Steady } else { Accrual::Spans(spans) };
    let check_months = Charge {
        what: "health checks".into(),
        accrual: accrual.clone(),
        ..Charge::steady("Route53", &format!("health-check-{place}"), name, "check-month", 1.0 / MONTH_HOURS)
    };
    let options = f64::from(check.extras());
    let more = Charge {
        what: "options of health checks".into(),
        accrual,
        ..Charge::steady(
            "Route53",
            &format!("health-check-option-{place}"),
            name,
            "option-month",
            options / MONTH_HOURS,
        )
    };
    [check_months, more].into_iter().filter(|charge| charge.factor > 0.0)
}

//! The bill of a run: what it used, at the prices of the list or of the scenario.
//!
//! In: a [`Scenario`] and the [`Usage`] of a run. Out: a [`Bill`] for the event, as a month of steady state and
//! for a million requests; the cost so far, row by row; what has no price and which prices are for nothing.

mod commitments;
mod free;
mod meter;
mod price;
#[cfg(test)]
pub(crate) mod sample;

use self::price::price;
use crate::cost::charge::Charge;
use crate::cost::prices::{NEWEST, key, quote};
use crate::cost::{Bill, BillItem, MonthOf, Orders, ServiceCost, sum};
use crate::id::ClassId;
use crate::scenario::Scenario;
use crate::units::Time;
use crate::usage::Usage;

/// The bill of a run.
pub fn bill(scenario: &Scenario, usage: &Usage) -> Bill {
    let mut items = Vec::new();
    let mut dates = Vec::new();
    let plan = scenario.billing.month.as_ref();
    let ordinary = plan.map_or_else(Vec::new, |plan| meter::of_an_hour(scenario, usage, plan.ordinary));
    for (index, charge) in meter::charges(scenario, usage).into_iter().enumerate() {
        let quantity = charge.until(Time::NEVER, usage.duration);
        let month = match plan.zip(ordinary.get(index)) {
            Some((plan, hour)) => {
                let hourly = hour.accrued(Time::ZERO, Time::NEVER, Time::from_secs(3_600));
                let ordinary = hourly * plan.ordinary_hours(usage.duration);
                charge.month_of_events(plan, ordinary, usage.duration)
            }
            None => charge.month(usage.duration),
        };
        if quantity <= 0.0 && month <= 0.0 {
            continue;
        }
        let quote = price(scenario, &charge);
        dates.extend(quote.date);
        items.push(BillItem {
            service: charge.service.into(),
            resource: charge.resource.into(),
            of: charge.of(),
            price: key(charge.service, &charge.sku),
            part: charge.part,
            what: charge.what,
            quantity,
            unit: charge.unit.into(),
            unit_price_usd: quote.usd,
            usd: quantity * quote.usd,
            month_usd: month * quote.usd,
            source: quote.source,
        });
    }
    let total_usd = sum(items.iter().map(|item| item.usd));
    Bill {
        total_usd,
        per_million_requests_usd: match usage.completed {
            0 => None,
            completed => Some(total_usd / completed as f64 * 1e6),
        },
        month_usd: sum(items.iter().map(|item| item.month_usd)),
        items,
        old_prices: old(&dates),
        // Days in ISO form sort by time.
        price_dates: dates.iter().max().cloned().zip(dates.iter().min().cloned()),
        month_of: scenario.billing.month.map(|plan| MonthOf {
            events: plan.events,
            ordinary_s: plan.ordinary.map(|(from, until)| (from.as_secs_f64(), until.as_secs_f64())),
        }),
        orders: None,
    }
}

/// How many dates are more than a year before the newest, of these or of the price list: `YYYY-MM-DD`, so that they sort by time.
fn old(dates: &[String]) -> usize {
    let newest = dates.iter().map(String::as_str).chain([NEWEST]).max().unwrap_or(NEWEST);
    let year: i32 = newest.get(..4).and_then(|year| year.parse().ok()).unwrap_or(0);
    let before = format!("{:04}{}", year - 1, newest.get(4..).unwrap_or_default());
    dates.iter().filter(|date| **date < before).count()
}

/// What orders cost, of a bill of one event, by the orders that were placed and that failed in it; nothing where no class is one.
pub fn orders(scenario: &Scenario, bill: &Bill, counted: impl Fn(ClassId) -> (f64, f64)) -> Option<Orders> {
    let billing = &scenario.billing;
    let of = |class: &ClassId| scenario.classes[class.index()].name.clone();
    let (mut completed, mut failed) = (0.0, 0.0);
    for (placed, lost) in billing.orders.iter().map(|class| counted(*class)) {
        (completed, failed) = (completed + placed, failed + lost);
    }
    (!billing.orders.is_empty()).then(|| Orders {
        classes: billing.orders.iter().map(of).collect(),
        completed,
        failed,
        per_order_usd: (completed > 0.0).then(|| bill.total_usd / completed),
        lost_usd: billing.order_value.map(|value| value * failed),
    })
}

/// Dollars spent by the end of each row of the timeline; the last one is the total of the bill.
pub fn cost_over_time(scenario: &Scenario, usage: &Usage, bucket: Time) -> Vec<f64> {
    let priced = priced(scenario, usage);
    let spent =
        |instant: Time| sum(priced.iter().map(|(charge, usd)| charge.until(instant, usage.duration) * usd));
    row_ends(usage, bucket).map(spent).collect()
}

/// The same for each service, in the order of the bill.
pub fn cost_by_service(scenario: &Scenario, usage: &Usage, bucket: Time) -> Vec<ServiceCost> {
    let mut found: Vec<ServiceCost> = Vec::new();
    for (charge, usd) in priced(scenario, usage) {
        let spent = row_ends(usage, bucket).map(|end| charge.until(end, usage.duration) * usd).collect();
        ServiceCost::add_all(&mut found, vec![ServiceCost { service: charge.service.into(), usd: spent }]);
    }
    found.retain(|it| it.usd.last().is_some_and(|usd| *usd > 0.0));
    found
}

/// The bill of a month that is all like the begin of a run, of which this is the usage: of everything, and of what is in other Regions than that of the
/// scenario. Nothing of no time at all.
pub fn month_like(scenario: &Scenario, usage: &Usage) -> Option<(f64, f64)> {
    let priced = priced(scenario, usage);
    let sum_of = |is_asked: &dyn Fn(&Charge<'_>) -> bool| {
        let asked = priced.iter().filter(|(charge, _)| is_asked(charge));
        sum(asked.map(|(charge, usd)| charge.month_of_all(usage.duration) * usd))
    };
    let elsewhere = |charge: &Charge<'_>| charge.priced_in(&scenario.region) != scenario.region;
    (usage.duration > Time::ZERO).then(|| (sum_of(&|_| true), sum_of(&elsewhere)))
}

/// Each charge with the price of its unit.
fn priced<'a>(scenario: &'a Scenario, usage: &'a Usage) -> Vec<(Charge<'a>, f64)> {
    let with_price = |charge: Charge<'a>| {
        let usd = price(scenario, &charge).usd;
        (charge, usd)
    };
    meter::charges(scenario, usage).into_iter().map(with_price).collect()
}

/// The end of each row. The last one is that of time: what is billed past the end, such as the minute of an instance launched in the last
/// second, is in it.
fn row_ends(usage: &Usage, bucket: Time) -> impl Iterator<Item = Time> {
    let rows = usage.duration.0.div_ceil(bucket.0.max(1));
    (0..rows).map(move |row| if row + 1 == rows { Time::NEVER } else { bucket * (row + 1) })
}

/// What the scenario would be charged for and has no price: the code of the Region, and the key for its `[prices]`.
pub fn missing_prices(scenario: &Scenario) -> Vec<(String, String)> {
    let mut missing = Vec::new();
    for charge in meter::charges(scenario, &Usage::default()) {
        let region = charge.priced_in(&scenario.region);
        let found = (region.to_owned(), key(charge.service, &charge.sku));
        if quote(region, &scenario.prices, charge.service, &charge.sku).is_none() && !missing.contains(&found)
        {
            missing.push(found);
        }
    }
    missing
}

/// The keys of the scenario's `[prices]` that nothing in it is charged for: most likely misspelt.
pub fn unused_prices(scenario: &Scenario) -> Vec<String> {
    let charges = meter::charges(scenario, &Usage::default());
    let used = |name: &String| {
        charges.iter().any(|charge| {
            let key = key(charge.service, &charge.sku);
            key == *name || format!("{}/{key}", charge.priced_in(&scenario.region)) == *name
        })
    };
    scenario.prices.given.keys().filter(|name| !used(name)).cloned().collect()
}

#[cfg(test)]
mod tests;

//! The bill of a run: what it used, at the prices of the list or of the scenario.
//!
//! In: a [`Scenario`] and the [`Usage`] of a run. Out: a [`Bill`] for the event, as a month of steady state and
//! for a million requests; the cost so far, row by row; what has no price and which prices are for nothing.

mod meter;
#[cfg(test)]
pub(crate) mod sample;

use crate::cost::charge::Charge;
use crate::cost::prices::{Quote, key, quote};
use crate::cost::{Bill, BillItem, PriceSource, sum};
use crate::scenario::Scenario;
use crate::units::Time;
use crate::usage::Usage;

/// The bill of a run.
pub fn bill(scenario: &Scenario, usage: &Usage) -> Bill {
    let mut items = Vec::new();
    let mut dates = Vec::new();
    for charge in meter::charges(scenario, usage) {
        let (quantity, month) = (charge.until(Time::NEVER, usage.duration), charge.month(usage.duration));
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
        // Days in ISO form sort by time.
        price_dates: dates.iter().max().cloned().zip(dates.iter().min().cloned()),
    }
}

/// Dollars spent by the end of each row of the timeline; the last one is the total of the bill.
pub fn cost_over_time(scenario: &Scenario, usage: &Usage, bucket: Time) -> Vec<f64> {
    let priced: Vec<(Charge<'_>, f64)> = meter::charges(scenario, usage)
        .into_iter()
        .map(|charge| {
            let usd = price(scenario, &charge).usd;
            (charge, usd)
        })
        .collect();
    let rows = usage.duration.0.div_ceil(bucket.0.max(1));
    let row_end = |row: u64| match row + 1 == rows {
        // What is billed past the end, such as the minute of an instance launched in the last second.
        true => Time::NEVER,
        false => bucket * (row + 1),
    };
    let spent =
        |instant: Time| sum(priced.iter().map(|(charge, usd)| charge.until(instant, usage.duration) * usd));
    (0..rows).map(|row| spent(row_end(row))).collect()
}

/// What the scenario would be charged for and has no price, as keys for its `[prices]`.
pub fn missing_prices(scenario: &Scenario) -> Vec<String> {
    let mut missing = Vec::new();
    for charge in meter::charges(scenario, &Usage::default()) {
        let key = key(charge.service, &charge.sku);
        if quote(&scenario.region, &scenario.prices, charge.service, &charge.sku).is_none()
            && !missing.contains(&key)
        {
            missing.push(key);
        }
    }
    missing
}

/// The keys of the scenario's `[prices]` that nothing in it is charged for: most likely misspelt.
pub fn unused_prices(scenario: &Scenario) -> Vec<String> {
    let charges = meter::charges(scenario, &Usage::default());
    let used = |name: &String| charges.iter().any(|charge| key(charge.service, &charge.sku) == *name);
    scenario.prices.keys().filter(|name| !used(name)).cloned().collect()
}

fn price(scenario: &Scenario, charge: &Charge<'_>) -> Quote {
    let unpriced = || Quote { usd: 0.0, date: None, source: PriceSource::Unknown };
    quote(&scenario.region, &scenario.prices, charge.service, &charge.sku).unwrap_or_else(unpriced)
}

#[cfg(test)]
mod tests;

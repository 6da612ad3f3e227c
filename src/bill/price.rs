//! The price of a charge. In: a scenario and a charge. Out: a [`Quote`]; what has no price costs nothing, and is named before a run.

use crate::cost::PriceSource;
use crate::cost::charge::Charge;
use crate::cost::prices::{Quote, quote};
use crate::scenario::Scenario;

/// The price of a unit of what is charged.
pub(super) fn price(scenario: &Scenario, charge: &Charge<'_>) -> Quote {
    let unpriced = || Quote { usd: 0.0, date: None, source: PriceSource::Unknown };
    quote(charge.priced_in(&scenario.region), &scenario.prices, charge.service, &charge.sku)
        .unwrap_or_else(unpriced)
}

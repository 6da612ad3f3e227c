//! In which order the launches of a group choose one of its types.
//!
//! In: the types of a group, and the prices of a scenario. Out: an order for each market. (EC2 Auto Scaling user guide, "Auto Scaling groups
//! with multiple instance types and purchase options".)

use super::language::Fleet as Settings;
use super::language::overrides::Allocation;
use crate::cost::prices::{OwnPrices, quote};

/// The types of a group in the order in which launches choose them.
#[derive(Debug)]
pub struct Orders {
    /// On demand.
    on_demand: Vec<usize>,
    /// Spot: the lowest price of a unit.
    spot: Vec<usize>,
}

impl Orders {
    /// Those of a group where these prices hold. A type without a price comes last, as the bill counts it for nothing.
    pub(super) fn new(settings: &Settings, region: &str, own: &OwnPrices) -> Orders {
        let unit = |model: usize, share: f64| {
            let price = quote(region, own, "EC2", &settings.hardware(model).instance.name);
            price.map_or(f64::INFINITY, |price| price.usd * share / f64::from(settings.weight(model)))
        };
        let by = |price: &dyn Fn(usize) -> f64| {
            let mut order: Vec<usize> = (0..settings.types()).collect();
            // Of two that cost the same the first one in the list comes first.
            order.sort_by(|&one, &other| price(one).total_cmp(&price(other)));
            order
        };
        let on_demand = match settings.allocation {
            Allocation::Prioritized => (0..settings.types()).collect(),
            Allocation::LowestPrice => by(&|model| unit(model, 1.0)),
        };
        let share = |model: usize| {
            let usual = settings.spot.as_ref().map_or(1.0, |spot| spot.price);
            settings.overrides.get(model).and_then(|of| of.spot_price).unwrap_or(usual)
        };
        Orders { on_demand, spot: by(&|model| unit(model, share(model))) }
    }

    /// That of a market.
    pub(super) fn of(&self, spot: bool) -> &[usize] {
        if spot { &self.spot } else { &self.on_demand }
    }
}

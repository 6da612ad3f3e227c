//! The bill as a document: plain data, stored in the outcome.

use serde::{Deserialize, Serialize};

use super::prices::PriceSource;
use super::sum;
use crate::id::Reference;

/// The bill: `total_usd` is the sum of the items' `usd`. With several runs, every amount is a mean over the runs.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bill {
    /// Cost of the event.
    pub total_usd: f64,
    /// Cost per million completed requests; absent if none completed.
    pub per_million_requests_usd: Option<f64>,
    /// As if the steady state (the median hour of the run) ran for 730 hours.
    pub month_usd: f64,
    /// The items.
    pub items: Vec<BillItem>,
    /// Newest and oldest date of the prices used, as `YYYY-MM-DD`.
    pub price_dates: Option<(String, String)>,
    /// How many of the prices used are more than a year older than the newest.
    #[serde(default, skip_serializing_if = "is_none")]
    pub old_prices: usize,
    /// What `month_usd` is of, where the scenario says what a month is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month_of: Option<MonthOf>,
    /// What orders cost, where the scenario says which requests are orders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub orders: Option<Orders>,
}

fn is_none(count: &usize) -> bool {
    *count == 0
}

/// What a month is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MonthOf {
    /// How many events like the run.
    pub events: u32,
    /// From when to when the run is like an ordinary hour, in seconds; absent where that is its median hour.
    pub ordinary_s: Option<(f64, f64)>,
}

/// What orders cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Orders {
    /// The classes whose completed requests are orders.
    pub classes: Vec<String>,
    /// Orders that were placed. In: a count.
    pub completed: f64,
    /// Orders that failed. In: a count.
    pub failed: f64,
    /// Cost of the event for each that was placed; absent if there was none.
    pub per_order_usd: Option<f64>,
    /// What those that failed would have brought; absent where nobody says what an order is worth.
    pub lost_usd: Option<f64>,
}

impl Bill {
    /// Adds the bill of another run of the same scenario; [`Bill::mean`] turns the sum into one bill.
    pub fn add(&mut self, other: Bill) {
        let mut place = 0;
        for item in other.items {
            // A run may have an item that the others lack, such as one more price tier.
            match self.items[place..].iter().position(|known| known.is_for_the_same_as(&item)) {
                Some(ahead) => {
                    place += ahead;
                    self.items[place].quantity += item.quantity;
                    self.items[place].month_usd += item.month_usd;
                }
                None => self.items.insert(place, item),
            }
            place += 1;
        }
        self.old_prices = self.old_prices.max(other.old_prices);
        self.price_dates = match (self.price_dates.take(), other.price_dates) {
            (Some(one), Some(two)) => Some((one.0.max(two.0), one.1.min(two.1))),
            (one, two) => one.or(two),
        };
    }

    /// The mean bill of the added runs, of which there are `runs`, with `completed` requests in all.
    pub fn mean(&self, runs: f64, completed: u64) -> Bill {
        let mean = |item: &BillItem| {
            let quantity = item.quantity / runs;
            let (usd, month_usd) = (quantity * item.unit_price_usd, item.month_usd / runs);
            BillItem { quantity, usd, month_usd, ..item.clone() }
        };
        let items: Vec<BillItem> = self.items.iter().map(mean).collect();
        let total_usd = sum(items.iter().map(|item| item.usd));
        Bill {
            total_usd,
            per_million_requests_usd: match completed {
                0 => None,
                completed => Some(total_usd / (completed as f64 / runs) * 1e6),
            },
            month_usd: sum(items.iter().map(|item| item.month_usd)),
            items,
            price_dates: self.price_dates.clone(),
            old_prices: self.old_prices,
            month_of: self.month_of.clone(),
            orders: None,
        }
    }
}

impl BillItem {
    fn is_for_the_same_as(&self, other: &BillItem) -> bool {
        (&self.price, &self.of, self.part) == (&other.price, &other.of, other.part)
    }
}

/// A part of a resource that is sold as another part of it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum BillPart {
    /// Spot instances of a fleet.
    Spot,
    /// The writer of a database.
    Writer,
    /// The replicas of a database.
    Replica,
}

impl BillPart {
    /// In words.
    pub const fn name(self) -> &'static str {
        match self {
            BillPart::Spot => "Spot",
            BillPart::Writer => "writer",
            BillPart::Replica => "replica",
        }
    }
}

/// One item of the bill.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BillItem {
    /// AWS service: `EC2`, `ELB`, `ElastiCache-Redis`, `Aurora-MySQL`, `DataTransfer`.
    pub service: String,
    /// The name of the resource that it is for (`web`), for people; empty for data transfer.
    pub resource: String,
    /// The resource that the item is for; absent for data transfer, and in files of older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Reference>,
    /// The key of the item in `[prices]`: `EC2/m6i.large`. With `of` and `part` it says which item this is; empty in files of older versions.
    #[serde(default)]
    pub price: String,
    /// Which part of the resource the item is for, where several parts are sold under one name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<BillPart>,
    /// What is billed, for people: `m6i.large instance-hours`.
    pub what: String,
    /// Quantity. In: the `unit` of the item.
    pub quantity: f64,
    /// Unit of the quantity: `hour`, `GB`, `LCU-hour`, `million`.
    pub unit: String,
    /// Price of one unit.
    pub unit_price_usd: f64,
    /// `quantity × unit_price_usd`.
    pub usd: f64,
    /// Cost of a month of steady state.
    pub month_usd: f64,
    /// Where the price comes from: `AWS Price List, 2026-10-01`; `scenario file` when overridden.
    pub source: PriceSource,
}

/// What was spent on an AWS service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServiceCost {
    /// The service, as the bill has it.
    pub service: String,
    /// US dollars so far at the end of each row of the timeline, to a millionth.
    pub usd: Vec<f64>,
}

impl ServiceCost {
    /// Adds those of another run, service by service.
    pub(crate) fn add_all(sums: &mut Vec<ServiceCost>, more: Vec<ServiceCost>) {
        for other in more {
            match sums.iter_mut().find(|sum| sum.service == other.service) {
                Some(sum) => sum.usd.iter_mut().zip(&other.usd).for_each(|(sum, usd)| *sum += usd),
                None => sums.push(other),
            }
        }
    }

    /// The mean of so many runs, the dearest service first.
    pub(crate) fn mean(sums: &[ServiceCost], runs: f64) -> Vec<ServiceCost> {
        let mean = |sum: &ServiceCost| ServiceCost {
            service: sum.service.clone(),
            usd: sum.usd.iter().map(|usd| (usd / runs * 1e6).round() / 1e6).collect(),
        };
        let mut found: Vec<ServiceCost> = sums.iter().map(mean).collect();
        let last = |it: &ServiceCost| it.usd.last().copied().unwrap_or(0.0);
        found.sort_by(|a, b| last(b).total_cmp(&last(a)));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Kind;

    fn bill(quantities: &[(&str, f64)]) -> Bill {
        let item = |&(what, quantity): &(&str, f64)| BillItem {
            service: "EC2".into(),
            resource: "web".into(),
            of: Some(Reference { kind: Kind::Fleet, name: "web".into() }),
            price: format!("EC2/{what}"),
            part: None,
            what: what.into(),
            quantity,
            unit: "hour".into(),
            unit_price_usd: 0.1,
            usd: quantity * 0.1,
            month_usd: quantity,
            source: PriceSource::List("here".into()),
        };
        Bill { items: quantities.iter().map(item).collect(), ..Bill::default() }
    }

    #[test]
    fn an_item_that_one_run_lacks_counts_as_none_there_and_keeps_its_place() {
        let mut both = bill(&[("a", 1.0), ("c", 3.0)]);
        both.add(bill(&[("a", 2.0), ("b", 8.0), ("c", 5.0), ("d", 1.0)]));
        both.add(bill(&[("b", 1.0)]));
        let mean = both.mean(3.0, 2_000_000);
        let told: Vec<_> = mean.items.iter().map(|item| (item.what.as_str(), item.quantity)).collect();
        assert_eq!(told, [("a", 1.0), ("b", 3.0), ("c", 8.0 / 3.0), ("d", 1.0 / 3.0)]);
        assert_eq!(mean.total_usd, mean.items.iter().map(|item| item.usd).sum::<f64>());
        assert_eq!(mean.month_usd, 1.0 + 3.0 + 8.0 / 3.0 + 1.0 / 3.0);
        assert_eq!(mean.per_million_requests_usd, Some(mean.total_usd / (2_000_000.0 / 3.0) * 1e6));
    }
}

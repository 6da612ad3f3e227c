//! Which prices are missing in two bills. In: two outcomes. Out: whether a difference in cost is known.

use crate::cost::PriceSource;
use crate::outcome::Outcome;
use crate::outcome::estimate::Quantity;

/// What has no known price in the bill of an outcome, and how much of it there is.
pub(super) fn lacking(outcome: &Outcome) -> Vec<(String, f64)> {
    let items = outcome.bill.items.iter().filter(|item| item.source == PriceSource::Unknown);
    items.map(|item| (format!("{} of {}", item.what, item.resource), item.quantity)).collect()
}

/// What is known of the bills of both.
pub(super) struct Bills {
    /// Whether both lack the same prices for as much, so that their difference is that of the rest.
    lack_the_same: bool,
    /// Whether both have answered as many requests.
    answer_the_same: bool,
    /// What has no known price in the first.
    pub lacking_a: Vec<String>,
    /// The same in the second.
    pub lacking_b: Vec<String>,
}

impl Bills {
    pub fn of(a: &Outcome, b: &Outcome) -> Bills {
        let (in_a, in_b) = (lacking(a), lacking(b));
        let names = |items: &[(String, f64)]| items.iter().map(|item| item.0.clone()).collect();
        Bills {
            lack_the_same: in_a == in_b,
            answer_the_same: a.requests.completed == b.requests.completed,
            lacking_a: names(&in_a),
            lacking_b: names(&in_b),
        }
    }

    /// Whether the difference of a figure is known, as far as it depends on prices.
    pub fn know(&self, of: &Quantity) -> bool {
        let all_have_prices = self.lacking_a.is_empty() && self.lacking_b.is_empty();
        match of {
            Quantity::Cost | Quantity::CostPerMonth => self.lack_the_same,
            Quantity::CostPerMillion => all_have_prices || (self.lack_the_same && self.answer_the_same),
            _ => true,
        }
    }
}

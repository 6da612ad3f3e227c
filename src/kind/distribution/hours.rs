//! What is billed of a distribution, by hour. In: amounts of a row. Out: what was used.

use std::collections::BTreeMap;

use crate::flow::Flow;
use crate::flow::mark::Mark;
use crate::usage::{Used, hour_of};

/// Counters of a distribution at the end of the last row.
#[derive(Debug, Default)]
pub(super) struct Marks {
    pub throttled: Mark,
}

/// What is billed by hour: requests, bytes to clients, and bytes to origins, of each price group of clients.
#[derive(Debug, Default)]
pub(super) struct Hours(BTreeMap<String, Vec<f64>>);

/// What is billed, by its words in the price list.
pub(super) const REQUESTS: &str = "https-requests";
pub(super) const OUT: &str = "out";
pub(super) const TO_ORIGIN: &str = "to-origin";

impl Hours {
    /// Adds to the hour in which the row began.
    pub fn add(&mut self, group: &str, what: &str, amount: f64, flow: &Flow) {
        if amount > 0.0 {
            let hours = self.0.entry(format!("{group}/{what}")).or_default();
            *hour_of(hours, flow.readings.row_start) += amount;
        }
    }

    /// All of it.
    pub fn used(&self) -> Used {
        Used { sorts: self.0.clone(), ..Used::default() }
    }
}

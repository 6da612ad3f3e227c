//! What a table is charged for: requests or provisioned capacity, what it stores, nodes of DAX. In: what it used in each hour. Out: its charges.
//!
//! Requests that were throttled are free. Writes to a global table are replicated ones in both Regions, which cost as much. (Amazon DynamoDB
//! developer guide, "Understanding Amazon DynamoDB billing for global tables".) All storage is charged, the 25 GB of the free tier included.

use super::deed::HALVES;
use super::language::DynamoTable;
use super::language::capacity::Capacity;
use crate::cost::accrual::{Accrual, MONTH_HOURS};
use crate::cost::charge::Charge;
use crate::kind::Settings;
use crate::kind::bill::Billed;
use crate::usage::Used;

impl Billed<Settings> for DynamoTable {
    const PLACE: u8 = 3;

    fn charges<'a>(&'a self, _all: &'a Settings, used: &Used) -> Vec<Charge<'a>> {
        let charge = |sku: &str, unit: &'static str, each: f64, what: &str, hours: Vec<f64>| Charge {
            what: what.into(),
            accrual: Accrual::Hourly(hours),
            ..Charge::steady("DynamoDB", sku, &self.name, unit, each)
        };
        let more = |place: usize| used.more.get(place).cloned().unwrap_or_default();
        let is_replicated = self.replica.is_some();
        let million = 1e-6 / HALVES;
        let mut charges = match (&self.capacity, is_replicated) {
            (Capacity::OnDemand(_), false) => vec![
                charge("on-demand-RRU", "million", million, "read request units", used.hours.clone()),
                charge("on-demand-WRU", "million", million, "write request units", more(0)),
            ],
            (Capacity::OnDemand(_), true) => vec![
                charge("on-demand-RRU", "million", million, "read request units", used.hours.clone()),
                charge("on-demand-rWRU", "million", million, "replicated write request units", more(0)),
            ],
            (Capacity::Provisioned(_), false) => vec![
                charge("provisioned-RCU", "RCU-hour", 1.0, "provisioned read units", more(1)),
                charge("provisioned-WCU", "WCU-hour", 1.0, "provisioned write units", more(2)),
            ],
            (Capacity::Provisioned(_), true) => vec![
                charge("provisioned-RCU", "RCU-hour", 1.0, "provisioned read units", more(1)),
                charge("provisioned-rWCU", "rWCU-hour", 1.0, "provisioned replicated write units", more(2)),
            ],
        };
        let storage = used.capacity.clone();
        charges.push(charge("storage", "GB-month", 1.0 / MONTH_HOURS, "storage", storage));
        if let Some(dax) = &self.dax {
            charges.push(Charge {
                what: format!("{} node-hours", dax.node),
                ..Charge::steady("DynamoDB", &dax.node, &self.name, "hour", f64::from(dax.nodes))
            });
        }
        charges
    }
}

//! What a bucket is charged for: what it stores, and requests. In: what it stored and what was asked of it in each hour. Out: its
//! charges. A copy of an object is a PUT where it comes to. Requests that were refused are free, and so are deletions. (Amazon S3 user guide, "Billing for Amazon S3 error responses".)
//!
//! All of it is charged at the price of the first 50 TB: beyond that a GB costs up to a tenth less.

use super::language::Bucket;
use crate::cost::accrual::{Accrual, MONTH_HOURS};
use crate::cost::charge::Charge;
use crate::kind::Settings;
use crate::kind::bill::Billed;
use crate::usage::Used;

impl Billed<Settings> for Bucket {
    const PLACE: u8 = 4;

    fn charges<'a>(&'a self, _all: &'a Settings, used: &Used) -> Vec<Charge<'a>> {
        let charge = |sku: &str, unit: &'static str, each: f64, what: &str, hours: Vec<f64>| Charge {
            what: what.into(),
            accrual: Accrual::Hourly(hours),
            ..Charge::steady("S3", sku, &self.name, unit, each)
        };
        let others = used.more.first().cloned().unwrap_or_default();
        let mut charges = vec![
            charge("standard", "GB-month", 1.0 / MONTH_HOURS, "storage", used.capacity.clone()),
            charge("get", "thousand", 1e-3, "GET requests", used.hours.clone()),
            charge("put-copy-post-list", "thousand", 1e-3, "PUT and LIST requests", others),
        ];
        if self.replica.as_ref().is_some_and(|replica| replica.time_control) {
            let copied = used.abroad.clone();
            charges.push(charge("replication-time-control", "GB", 1.0, "Replication Time Control", copied));
        }
        charges
    }
}

//! What a queue is charged for: requests.
//!
//! In: the queue, and its requests in each hour. Out: its charge. The first million requests a month of an account is free;
//! it is taken to be spent on other days.

use super::language::Queue;
use crate::cost::accrual::Accrual;
use crate::cost::charge::Charge;
use crate::kind::Settings;
use crate::kind::bill::Billed;
use crate::usage::Used;

impl Billed<Settings> for Queue {
    fn charges<'a>(&'a self, _all: &'a Settings, requests: &Used) -> Vec<Charge<'a>> {
        let sku = if self.fifo { "fifo" } else { "standard" };
        vec![Charge {
            what: "requests".into(),
            accrual: Accrual::Hourly(requests.hours.clone()),
            ..Charge::steady("SQS", sku, &self.name, "million", 1e-6)
        }]
    }
}

//! What a queue is charged for: requests.
//!
//! In: the queue, and its requests in each hour. Out: its charges. The first million requests a month of an account is free;
//! it is taken to be spent on other days.

use super::language::Queue;
use crate::cost::accrual::Accrual;
use crate::cost::charge::Charge;

/// The charges of a queue.
pub(crate) fn charges<'a>(queue: &'a Queue, requests: &[u64]) -> [Charge<'a>; 1] {
    let sku = if queue.fifo { "fifo" } else { "standard" };
    [Charge {
        what: "requests".into(),
        accrual: Accrual::Hourly(requests.iter().map(|&requests| requests as f64).collect()),
        ..Charge::steady("SQS", sku, &queue.name, "million", 1e-6)
    }]
}

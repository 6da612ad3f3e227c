//! What topics are charged for: requests.
//!
//! In: the topic, and the requests to it in each hour. Out: its charge. The first million requests a month of an account is
//! free; it is taken to be spent on other days. Copies to a queue are not charged (Amazon SNS pricing, "Amazon SQS").

use super::language::Topic;
use crate::cost::accrual::Accrual;
use crate::cost::charge::Charge;

/// The charge of a topic, which is a FIFO topic if one of its queues is one.
pub(crate) fn charge<'a>(topic: &'a Topic, fifo: bool, requests: &[u64]) -> Charge<'a> {
    let sku = if fifo { "fifo-requests" } else { "requests" };
    Charge {
        what: "requests".into(),
        accrual: Accrual::Hourly(requests.iter().map(|&requests| requests as f64).collect()),
        ..Charge::steady("SNS", sku, &topic.name, "million", 1e-6)
    }
}

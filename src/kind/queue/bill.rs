//! What queues and topics are charged for: requests.
//!
//! In: the queue, and its requests in each hour. Out: its charges. The first million requests a month of an account is free;
//! it is taken to be spent on other days. Copies from a topic to a queue are not charged (Amazon SNS pricing, "SQS").

use super::language::{Queue, topic::Topic};
use crate::cost::accrual::Accrual;
use crate::cost::charge::Charge;

/// The charges of a queue.
pub(crate) fn charges<'a>(queue: &'a Queue, requests: &[u64]) -> [Charge<'a>; 1] {
    let sku = if queue.fifo { "fifo" } else { "standard" };
    [per_million("SQS", sku, &queue.name, requests)]
}

/// The charges of a topic. It is of the type of its queues.
pub(crate) fn of_topic<'a>(topic: &'a Topic, queues: &[Queue], requests: &[u64]) -> Charge<'a> {
    let fifo = topic.queues.iter().filter_map(|queue| queues.get(queue.index())).any(|queue| queue.fifo);
    let sku = if fifo { "fifo-requests" } else { "requests" };
    per_million("SNS", sku, &topic.name, requests)
}

fn per_million<'a>(service: &'static str, sku: &str, name: &'a str, requests: &[u64]) -> Charge<'a> {
    Charge {
        what: "requests".into(),
        accrual: Accrual::Hourly(requests.iter().map(|&requests| requests as f64).collect()),
        ..Charge::steady(service, sku, name, "million", 1e-6)
    }
}

//! What topics and event buses are charged for: requests, and events.
//!
//! In: the topic, and the requests to it in each hour. Out: its charge. The first million requests a month of an account is
//! free; it is taken to be spent on other days. Copies to a queue and invocations of a function are not charged (Amazon SNS pricing, "Amazon
//! SQS", "AWS Lambda"); those of a FIFO topic are left out. A bus is charged for each 64 KB of an event, once (Amazon EventBridge pricing, "Custom events").

use super::language::Topic;
use crate::cost::accrual::Accrual;
use crate::cost::charge::Charge;
use crate::kind::Settings;
use crate::kind::bill::Billed;
use crate::usage::Used;

impl Billed<Settings> for Topic {
    /// It is a FIFO topic if one of its queues is a FIFO queue.
    fn charges<'a>(&'a self, all: &'a Settings, requests: &Used) -> Vec<Charge<'a>> {
        let fifo =
            self.queues.iter().filter_map(|queue| all.queues.get(queue.index())).any(|queue| queue.fifo);
        let (service, sku, what) = match &self.bus {
            Some(_) => ("EventBridge", "custom-events", "events"),
            None if fifo => ("SNS", "fifo-requests", "requests"),
            None => ("SNS", "requests", "requests"),
        };
        vec![Charge {
            what: what.into(),
            accrual: Accrual::Hourly(requests.hours.clone()),
            ..Charge::steady(service, sku, &self.name, "million", 1e-6)
        }]
    }
}

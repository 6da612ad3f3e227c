//! What topics are charged for: requests.
//!
//! In: the topic, and the requests to it in each hour. Out: its charge. The first million requests a month of an account is
//! free; it is taken to be spent on other days. Copies to a queue are not charged (Amazon SNS pricing, "Amazon SQS");
//! those of a FIFO topic are left out.

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
        let sku = if fifo { "fifo-requests" } else { "requests" };
        vec![Charge {
            what: "requests".into(),
            accrual: Accrual::Hourly(requests.hours.clone()),
            ..Charge::steady("SNS", sku, &self.name, "million", 1e-6)
        }]
    }
}

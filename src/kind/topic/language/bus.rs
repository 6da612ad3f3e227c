//! EventBridge: what an event bus takes, and how it delivers. In: a topic with `service = "eventbridge"`. Out: a [`Bus`], and the quotas of a Region.

use crate::catalog::region::Region;
use crate::dist::Law;
use crate::kind::account::Account;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key};
use crate::language::value::Value;
use crate::units::{Bytes, Time};

/// From PutEvents until an event comes to a target.
pub const DELIVERY: Given<Law> = Given::new(
    Law::Lognormal { mean: Time::from_millis(48), cv: 0.5 },
    "AWS, \"Amazon EventBridge announces significant improvement in end-to-end latency\" (2024): 129 ms at the 99th percentile; assumption: the \
     spread around it",
);
/// Mean size of an event: 1 KB.
pub const EVENT_SIZE: Given<Bytes> =
    Given::new(Bytes(1_024), "assumption: an event of some fields, of which it is billed for each 64 KB");
/// Largest event, and most of a call together. Source: Amazon EventBridge user guide, "Calculating PutEvents event entry size".
const EVENT_MAX: Bytes = Bytes(256 * 1_024);
/// Time of PutEvents, there and back: as of a call to a topic.
pub const PUT: Given<Time> = Given::new(Time::from_millis(10), "assumption: as a call to Amazon SQS or SNS");

/// Quotas of us-east-1: calls of PutEvents, and invocations of targets, a second. Source: Amazon EventBridge user guide, "Amazon EventBridge quotas".
const LARGE: [f64; 2] = [10_000.0, 18_750.0];
/// Of each other Region that is not listed there. Source: the same; the first is recalled.
const OTHERS: [f64; 2] = [600.0, 1_100.0];

pub(super) const DELIVERY_KEY: Key = Key::given(
    "delivery",
    "law",
    || DELIVERY.show(),
    "of a bus: from when it takes an event until that comes to a target",
);
pub(super) const SIZE_KEY: Key = Key::given(
    "event_size",
    "data, at most 256 KB",
    || EVENT_SIZE.show(),
    "of a bus: mean size of an event, which is billed for each 64 KB of it",
);
pub(super) const LATENCY_KEY: Key =
    Key::given("put", "duration", || PUT.show(), "of a bus: how long a call to it takes, there and back");

/// An event bus.
#[derive(Clone, Debug)]
pub struct Bus {
    /// Until an event comes to a target.
    pub delivery: Law,
    /// Mean size of an event.
    pub size: Bytes,
    /// How long a call takes.
    pub put: Time,
}

impl Bus {
    pub(super) fn read(reader: &Reader) -> Bus {
        let size = |value: Value| {
            let size = value.some_bytes()?;
            if size > EVENT_MAX {
                value.problem(
                    format!("an event of {size} is too large"),
                    format!("an event has at most {EVENT_MAX}"),
                );
                return None;
            }
            Some(size)
        };
        Bus {
            delivery: reader.or("delivery", Value::law, DELIVERY.value),
            size: reader.or("event_size", size, EVENT_SIZE.value),
            put: reader.or("put", |value| value.time_within(Time::ZERO..=Time::from_secs(60)), PUT.value),
        }
    }
}

/// Calls of PutEvents, and invocations of targets, a second, in a Region: what the file says, or what AWS gives at first.
pub fn quotas(region: Option<Region>, account: &Account) -> [f64; 2] {
    let [puts, invocations] =
        if region.is_some_and(|region| region.code() == "us-east-1") { LARGE } else { OTHERS };
    [
        account.event_puts.map_or(puts, |rate| rate.0),
        account.event_invocations.map_or(invocations, |rate| rate.0),
    ]
}

//! EventBridge: what an event bus takes, and how it delivers. In: a topic with `service = "eventbridge"`. Out: a [`Bus`], and the quotas of a Region.

use super::Topic;
use crate::catalog::region::Region;
use crate::dist::Law;
use crate::kind::Settings;
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

/// Quotas of a Region: calls of PutEvents, and invocations of targets, a second. Source: Amazon EventBridge user guide, "Amazon EventBridge quotas".
const QUOTAS: [(&[&str], [f64; 2]); 4] = [
    (&["us-east-1", "us-west-2", "eu-west-1"], [10_000.0, 18_750.0]),
    (&["us-east-2", "eu-central-1", "eu-south-2"], [2_400.0, 4_500.0]),
    (&["us-west-1", "ap-northeast-1", "ap-southeast-1", "ap-southeast-2", "eu-west-2"], [1_200.0, 2_250.0]),
    (
        &[
            "ap-east-1",
            "ap-northeast-2",
            "ap-south-1",
            "ca-central-1",
            "eu-north-1",
            "eu-west-3",
            "sa-east-1",
        ],
        [600.0, 1_100.0],
    ),
];
/// Of each other Region. Source: the same.
const OTHERS: [f64; 2] = [400.0, 750.0];

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

impl Topic {
    /// Calls of PutEvents, and invocations of targets, a second, that all buses of its Region share.
    pub(crate) fn quotas(&self, all: &Settings) -> [f64; 2] {
        quotas(self.region.or(all.home), &all.account)
    }

    /// The first bus of those that share the quotas of a bus: which stands for them.
    pub(crate) fn shares(index: usize, topics: &[Topic]) -> usize {
        Topic::sharing(index, topics).next().unwrap_or(index)
    }

    /// The buses that share the quotas of one, itself included.
    pub(crate) fn sharing(index: usize, topics: &[Topic]) -> impl Iterator<Item = usize> {
        let region = topics.get(index).map(|topic| topic.region);
        let shares = move |topic: &Topic| topic.bus.is_some() && Some(topic.region) == region;
        topics.iter().enumerate().filter(move |(_, topic)| shares(topic)).map(|(at, _)| at)
    }
}

/// Calls of PutEvents, and invocations of targets, a second, in a Region: what the file says, or what AWS gives at first.
fn quotas(region: Option<Region>, account: &Account) -> [f64; 2] {
    let listed = |region: Region| QUOTAS.iter().find(|(codes, _)| codes.contains(&region.code()));
    let [puts, invocations] = region.and_then(listed).map_or(OTHERS, |(_, quotas)| *quotas);
    [
        account.event_puts.map_or(puts, |rate| rate.0),
        account.event_invocations.map_or(invocations, |rate| rate.0),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of the user guide, and what the file says goes before it.
    #[test]
    fn each_region_has_its_quotas() {
        let of = |code: &str| quotas(Region::of(code), &Account::default());
        assert_eq!(of("us-east-1"), [10_000.0, 18_750.0]);
        assert_eq!(of("us-east-2"), [2_400.0, 4_500.0]);
        assert_eq!((of("us-west-2")[1], of("eu-west-1")[1]), (18_750.0, 18_750.0));
        assert_eq!(of("ap-northeast-1"), [1_200.0, 2_250.0]);
        assert_eq!(of("ap-northeast-2"), [600.0, 1_100.0]);
        assert_eq!(of("ap-northeast-3"), [400.0, 750.0]);
        let account = Account { event_puts: Some(crate::units::Rate(5.0)), ..Account::default() };
        assert_eq!(quotas(Region::of("us-east-2"), &account), [5.0, 4_500.0]);
    }
}

//! How a balancer itself grows. In: `growth = { … }`. Out: a [`Growth`].

use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// How much a balancer carries at first, and how fast that grows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Growth {
    /// Capacity units at the start of the run.
    pub initial: f64,
    /// Capacity units that are reserved: no less is there, and no less is billed.
    pub reserved: f64,
    /// By how much it grows at most.
    pub factor: f64,
    /// In how much time.
    pub every: Time,
}

const BLOG: &str =
    "AWS Networking & Content Delivery Blog, Using Load Balancer Capacity Unit Reservation (2025-01)";

/// Capacity units at the start: 100.
pub const INITIAL: Given<f64> =
    Given::new(100.0, "assumption: as many as can be reserved at least; AWS publishes no capacity");
/// By how much a balancer grows: it doubles.
pub const FACTOR: Given<f64> = Given::new(2.0, BLOG);
/// In how much time: 5 minutes.
pub const EVERY: Given<Time> = Given::new(Time::from_secs(300), BLOG);

/// How often a balancer looks at what is asked of it: every 10 s. An assumption.
pub const LOOKS_EVERY: Time = Time::from_secs(10);

/// The language of growth.
pub const GROWTH_SHAPE: Shape = Shape {
    title: "growth = { … }",
    about: "The balancer itself carries so much and no more: new connections, active connections and bytes, each in capacity units \
            (25/s, 3,000 and 1 GB an hour). While more than half of that is asked for, it grows. What is above is rejected: 503. \
            Without this key a balancer carries everything, because AWS publishes no capacity; a warning says where traffic \
            rises faster than a balancer grows.",
    keys: &[
        Key::given(
            "initial",
            "number, 0.01 to 15,000",
            || INITIAL.show(),
            "capacity units that it carries at the start of the run: about twice what its traffic needed before",
        ),
        Key::optional(
            "reserved",
            "number, 100 to 15,000",
            "none",
            "capacity units that are reserved (LCU reservation): a floor of what it carries, and billed if they are not used",
        ),
        Key::given(
            "factor",
            "number, 1 to 10",
            || FACTOR.show(),
            "how many times as much it carries after `every`; 1.5 is the older advice for classic balancers",
        ),
        Key::given(
            "every",
            "duration, 10 s to 1 hour",
            || EVERY.show(),
            "in how much time it grows by `factor`",
        ),
    ],
};

impl Growth {
    pub(super) fn read(reader: &Reader) -> Growth {
        Growth {
            initial: reader.or("initial", |value| value.number(0.01..=15_000.0), INITIAL.value),
            reserved: reader.or("reserved", |value| value.number(100.0..=15_000.0), 0.0),
            factor: reader.or("factor", |value| value.number(1.0..=10.0), FACTOR.value),
            every: reader.or("every", every, EVERY.value),
        }
    }
}

fn every(value: Value) -> Option<Time> {
    value.time_within(Time::from_secs(10)..=Time::from_secs(3_600))
}

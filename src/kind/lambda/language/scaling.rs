//! How fast a function gets environments. In: a word, or a table. Out: a [`Scaling`].

use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// New environments at once: 1,000.
pub const BURST: Given<u32> = Given::new(
    1_000,
    "AWS Lambda developer guide, \"Lambda scaling behavior\": 1,000 environments every 10 seconds for each function, refilled \
     continuously, and no more than 1,000 at any instant",
);
/// And so many more each period: 1,000.
pub const MORE: Given<u32> = Given::new(1_000, "AWS Lambda developer guide, \"Lambda scaling behavior\"");
/// Of this length: 10 s.
pub const PERIOD: Given<Time> =
    Given::new(Time::from_secs(10), "AWS Lambda developer guide, \"Lambda scaling behavior\"");
/// By the rule before November 2023: 500 more each minute.
const MORE_BEFORE: u32 = 500;
/// And at once, in the largest Regions. Source: AWS Lambda developer guide (2023-06), "Burst concurrency quotas": 3,000 in us-east-1,
/// us-west-2 and eu-west-1, 1,000 in ap-northeast-1, eu-central-1 and us-east-2, 500 elsewhere.
const BURST_BEFORE: u32 = 3_000;
/// Most of each.
const MOST: u32 = 1_000_000;

/// The language of the scaling.
pub const SHAPE: Shape = Shape {
    title: "scaling = { … } of a function",
    about: "How many environments a function may get at once, and how many more each period, refilled continuously. Without the table it is \
            the rule of today; `\"burst\"` is that before November 2023: 3,000 at once, and 500 more each minute.",
    keys: &[
        Key::given("burst", "whole number", || BURST.show(), "new environments at once"),
        Key::given("more", "whole number", || MORE.show(), "and so many more each period"),
        Key::given("period", "duration", || PERIOD.show(), "the period"),
    ],
};

/// How fast a function gets environments: a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scaling {
    /// At once.
    pub burst: u32,
    /// More each period.
    pub more: u32,
    /// The period.
    pub period: Time,
}

impl Default for Scaling {
    fn default() -> Scaling {
        Scaling { burst: BURST.value, more: MORE.value, period: PERIOD.value }
    }
}

impl Scaling {
    /// Environments a second.
    pub fn per_second(self) -> f64 {
        f64::from(self.more) / self.period.as_secs_f64()
    }

    pub(super) fn read(value: Value) -> Option<Scaling> {
        if value.is_text() {
            let before = Scaling { burst: BURST_BEFORE, more: MORE_BEFORE, period: Time::from_secs(60) };
            return value.choice(&[("burst", before), ("rate", Scaling::default())]);
        }
        value.table(&SHAPE, |reader: &Reader| Scaling {
            burst: reader.or("burst", |value| value.count(1..=MOST), BURST.value),
            more: reader.or("more", |value| value.count(0..=MOST), MORE.value),
            period: reader.or("period", Value::span_of_time, PERIOD.value),
        })
    }
}

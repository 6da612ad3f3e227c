//! `capacity = "…"` of a table: on demand, or provisioned. In: units a second. Out: a [`Capacity`].

use super::scaling::Scaling;
use super::shapes::{BURST_ON_DEMAND, BURST_PROVISIONED, GROWTH_AFTER, GROWTH_FACTOR, GROWTH_WINDOW, WARM};
use super::throughput::{Throughput, units};
use crate::kind::dynamodb::deed::SORTS;
use crate::language::reader::Reader;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// How many units a table takes a second, and how it is billed.
#[derive(Clone, Debug, PartialEq)]
pub enum Capacity {
    /// By the request.
    OnDemand(OnDemand),
    /// By the hour.
    Provisioned(Provisioned),
}

/// On-demand capacity.
#[derive(Clone, Debug, PartialEq)]
pub struct OnDemand {
    /// What it takes at once.
    pub warm: Throughput,
    /// Most that it takes, of reads and of writes, if the table has a maximum throughput.
    pub max: [Option<u32>; SORTS],
    /// How it follows the traffic.
    pub growth: Growth,
}

/// How on-demand capacity follows the traffic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Growth {
    /// Times the previous peak that it takes at once.
    pub factor: f64,
    /// After which time what was consumed is a previous peak.
    pub after: Time,
    /// Over which time consumption is a mean.
    pub window: Time,
}

/// Provisioned capacity.
#[derive(Clone, Debug, PartialEq)]
pub struct Provisioned {
    /// At the start.
    pub units: Throughput,
    /// What it could have at once: what it had before, or was warmed for.
    pub warm: Option<Throughput>,
    /// How auto scaling changes it.
    pub scaling: Option<Scaling>,
}

impl Provisioned {
    /// The most that it has had.
    pub fn largest(&self) -> Throughput {
        let warm = self.warm.unwrap_or(self.units);
        Throughput { read: warm.read.max(self.units.read), write: warm.write.max(self.units.write) }
    }
}

/// Words for the modes.
const MODES: [(&str, bool); 2] = [("on-demand", false), ("provisioned", true)];
/// What belongs to provisioned capacity.
const OF_PROVISIONED: [&str; 3] = ["read_units", "write_units", "scaling"];
/// What belongs to on-demand capacity.
const OF_ON_DEMAND: [&str; 2] = ["max_throughput", "growth"];

impl Capacity {
    /// Without `capacity` it is provisioned where the file says how much is.
    pub(super) fn read(reader: &Reader) -> Capacity {
        let stated = reader.maybe("capacity", |value| {
            value.choice_or(&MODES, |word| match word.to_lowercase().replace(['_', ' '], "-").as_str() {
                "pay-per-request" | "payperrequest" | "ondemand" => {
                    Some("did you mean \"on-demand\"?".into())
                }
                _ => None,
            })
        });
        let says_units = || OF_PROVISIONED.into_iter().any(|key| reader.get(key).is_some());
        let is_provisioned = stated.unwrap_or_else(says_units);
        let others: &[&'static str] = if is_provisioned { &OF_ON_DEMAND } else { &OF_PROVISIONED };
        for (key, value) in others.iter().filter_map(|key| Some((*key, reader.get(key)?))) {
            let (mode, other) = match is_provisioned {
                true => ("provisioned", "on-demand"),
                false => ("on-demand", "provisioned"),
            };
            value.problem(
                format!("`{key}` is for capacity = \"{other}\""),
                format!("remove it: the table has capacity = \"{mode}\""),
            );
        }
        reader.excludes(others.iter().copied());
        match is_provisioned {
            true => Capacity::Provisioned(Provisioned::read(reader)),
            false => Capacity::OnDemand(OnDemand::read(reader)),
        }
    }

    /// How much unused capacity is saved up as usual.
    pub(super) fn burst(&self) -> Time {
        match self {
            Capacity::OnDemand(_) => BURST_ON_DEMAND.value,
            Capacity::Provisioned(_) => BURST_PROVISIONED.value,
        }
    }
}

impl OnDemand {
    fn read(reader: &Reader) -> OnDemand {
        let warm = |value: Value| Throughput::read(value, &WARM_SHAPE, WARM.value);
        let max = |value: Value| {
            value.table(&MAX_SHAPE, |reader| [reader.maybe("read", units), reader.maybe("write", units)])
        };
        OnDemand {
            warm: reader.or("warm_throughput", warm, WARM.value),
            max: reader.or("max_throughput", max, [None; SORTS]),
            growth: reader.or("growth", Growth::read, Growth::default()),
        }
    }
}

impl Default for Growth {
    fn default() -> Growth {
        Growth { factor: GROWTH_FACTOR.value, after: GROWTH_AFTER.value, window: GROWTH_WINDOW.value }
    }
}

impl Growth {
    fn read(value: Value) -> Option<Growth> {
        value.table(&GROWTH_SHAPE, |reader| Growth {
            factor: reader.or("factor", |value| value.number(1.0..=100.0), GROWTH_FACTOR.value),
            after: reader.or("after", Value::time, GROWTH_AFTER.value),
            window: reader.or(
                "window",
                |value| value.time_within(Time::from_secs(1)..=DAY),
                GROWTH_WINDOW.value,
            ),
        })
    }
}

const DAY: Time = Time::from_secs(86_400);

impl Provisioned {
    fn read(reader: &Reader) -> Provisioned {
        let scaling = reader.maybe("scaling", Scaling::read);
        let least = |sort: usize| scaling.as_ref().and_then(|it| it.of[sort]).map(|it| it.min);
        let of = |key: &'static str, sort: usize| match least(sort) {
            Some(least) => reader.or(key, units, least),
            None => reader.must(key, units, 1),
        };
        let units = Throughput { read: of("read_units", 0), write: of("write_units", 1) };
        let warm = |value: Value| Throughput::read(value, &WARM_SHAPE, units);
        Provisioned { units, warm: reader.maybe("warm_throughput", warm), scaling }
    }
}

const READ: &str = "read units a second";
const WRITE: &str = "write units a second";

/// Makes the language of a pair of units a second.
macro_rules! pair {
    ($(#[$doc:meta])+ $NAME:ident $title:literal $about:literal $absent:literal) => {
        $(#[$doc])+
        pub const $NAME: Shape = Shape {
            title: $title,
            about: $about,
            keys: &[
                Key::optional("read", "whole number", $absent, READ),
                Key::optional("write", "whole number", $absent, WRITE),
            ],
        };
    };
}

pair!(
    /// The language of warm throughput.
    WARM_SHAPE "warm_throughput = { … }"
    "What a table takes at once, without growing: by earlier traffic, or because it was warmed for an event."
    "12,000 and 4,000 of a new on-demand table (Amazon DynamoDB developer guide, \"Understanding DynamoDB warm throughput\"); of a provisioned one what is provisioned"
);
pair!(
    /// The language of a maximum.
    MAX_SHAPE "max_throughput = { … }"
    "The most that an on-demand table takes: what bounds its bill. What is more is throttled."
    "no maximum"
);
pair!(
    /// The language of a quota.
    QUOTA_SHAPE "quota = { … }"
    "The quota of the account for one table: no table has more, however it grows."
    "40,000 each (Amazon DynamoDB developer guide, \"Service, account, and table quotas\")"
);
pair!(
    /// The language of a partition.
    PARTITION_SHAPE "partition = { … }"
    "What one partition takes, and so one item."
    "3,000 and 1,000 (Amazon DynamoDB developer guide, \"Best practices for designing and using partition keys effectively\")"
);

/// The language of growth.
pub const GROWTH_SHAPE: Shape = Shape {
    title: "growth = { … }",
    about: "How on-demand capacity follows the traffic: a table takes up to twice its previous peak. What was consumed within the last 30 minutes is no previous \
            peak, so that traffic which more than doubles within that time is throttled.",
    keys: &[
        Key::given(
            "factor",
            "number",
            || GROWTH_FACTOR.show(),
            "times the previous peak that are taken at once",
        ),
        Key::given(
            "after",
            "duration",
            || GROWTH_AFTER.show(),
            "after which time what was consumed is a previous peak",
        ),
        Key::given("window", "duration", || GROWTH_WINDOW.show(), "over which time consumption is a mean"),
    ],
};

//! Environments that are made before they are asked for. In: a number or a table. Out: a [`Provisioned`].

use crate::language::bounds;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// Environments that are allocated in a minute: 6,000.
pub const ALLOCATION: Given<u32> = Given::new(
    6_000,
    "AWS Lambda developer guide, \"Configuring provisioned concurrency\": up to 6,000 environments per minute for each function",
);
/// The utilization that a policy keeps: 70 %.
pub const TARGET: Given<f64> = Given::new(
    0.7,
    "AWS Lambda developer guide, \"Managing provisioned concurrency\", example of target tracking",
);
/// Minutes above the target until more are allocated: 3.
pub const OUT_AFTER: Given<u32> = Given::new(
    3,
    "AWS Lambda developer guide, \"Managing provisioned concurrency\": more is allocated when the utilization was above the target for 3 \
     minutes",
);
/// Minutes below nine tenths of the target until fewer are: 15.
pub const IN_AFTER: Given<u32> = Given::new(
    15,
    "Application Auto Scaling user guide, \"Target tracking scaling policies\": the low alarm of 15 minutes, at 90 % of the target",
);
/// Most environments.
const MOST: u32 = 1_000_000;
/// Most changes by the clock.
const CHANGES_MAX: usize = 10_000;

/// The language of provisioned concurrency.
pub const SHAPE: Shape = Shape {
    title: "provisioned_concurrency = { … }",
    about: "Environments that are initialized before they are asked for, and paid for as long as they are there. A number alone is as many \
            all the time.",
    keys: &[
        Key::required(
            "count",
            "whole number or array of [duration, whole number]",
            "how many there are, or are from each instant on, the first one \"0s\"",
        ),
        Key::given(
            "allocation",
            "whole number",
            || ALLOCATION.show(),
            "environments that are allocated in a minute; each takes its initialization as well",
        ),
        Key::optional("tracking", "{ … }", "none", "a policy that changes their number"),
    ],
};

/// The language of the policy.
pub const TRACKING_SHAPE: Shape = Shape {
    title: "tracking = { … } of provisioned concurrency",
    about: "Target tracking on the part of the provisioned concurrency that is in use, the most of each minute.",
    keys: &[
        Key::given(
            "target",
            "share",
            || (format!("\"{}%\"", TARGET.value * 100.0), TARGET.source),
            "the part that is to be in use",
        ),
        Key::required("max", "whole number", "the most that it allocates"),
        Key::optional("min", "whole number", "`count` at the start", "the fewest that it leaves"),
        Key::given(
            "out_after",
            "minutes",
            || OUT_AFTER.show(),
            "minutes above the target until it allocates more",
        ),
        Key::given(
            "in_after",
            "minutes",
            || IN_AFTER.show(),
            "minutes below nine tenths of it until it leaves fewer",
        ),
    ],
};

/// Environments that are made before they are asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Provisioned {
    /// How many at the start.
    pub count: u32,
    /// How many from later instants on, in order.
    pub schedule: Vec<(Time, u32)>,
    /// How many are allocated in a minute.
    pub allocation: u32,
    /// What changes their number.
    pub tracking: Option<Tracking>,
}

/// Target tracking on their use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tracking {
    /// The part that is to be in use, 0 to 1.
    pub target: f64,
    /// The fewest.
    pub min: u32,
    /// The most.
    pub max: u32,
    /// Minutes above the target until there are more.
    pub out_after: u32,
    /// Minutes below nine tenths of it until there are fewer.
    pub in_after: u32,
}

impl Provisioned {
    /// The most that there may be at some time.
    pub fn most(&self) -> u32 {
        let of_schedule = self.schedule.iter().map(|(_, count)| *count);
        let all = of_schedule.chain([self.count]).chain(self.tracking.map(|it| it.max));
        all.max().unwrap_or(0)
    }

    pub(super) fn read(value: Value) -> Option<Provisioned> {
        if !value.is_table() {
            let (count, schedule) = counts(value)?;
            return Some(Provisioned { count, schedule, allocation: ALLOCATION.value, tracking: None });
        }
        value.table(&SHAPE, |reader| {
            let (count, schedule) = reader.must("count", counts, (1, Vec::new()));
            let tracking = reader.maybe("tracking", |value| Tracking::read(value, count));
            Provisioned {
                count,
                schedule,
                allocation: reader.or("allocation", |value| value.count(1..=MOST), ALLOCATION.value),
                tracking,
            }
        })
    }
}

impl Tracking {
    fn read(value: Value, count: u32) -> Option<Tracking> {
        value.table(&TRACKING_SHAPE, |reader: &Reader| {
            let min = reader.or("min", |value| value.count(0..=MOST), count);
            let most = |value: Value| {
                let max = value.count(1..=MOST)?;
                if max < min {
                    value.problem(
                        format!("`max` of {max} below `min` of {min}"),
                        "raise `max`, or lower `min`",
                    );
                    return None;
                }
                Some(max)
            };
            let minutes = |value: Value| value.count(1..=1_440);
            Tracking {
                target: reader.or("target", share, TARGET.value),
                min,
                max: reader.must("max", most, min.max(1)),
                out_after: reader.or("out_after", minutes, OUT_AFTER.value),
                in_after: reader.or("in_after", minutes, IN_AFTER.value),
            }
        })
    }
}

/// A share that is not zero.
fn share(value: Value) -> Option<f64> {
    bounds::positive(value, value.share()?)
}

/// How many at the start, and later.
fn counts(value: Value) -> Option<(u32, Vec<(Time, u32)>)> {
    if !value.is_array() {
        return Some((value.count(1..=MOST)?, Vec::new()));
    }
    let mut changes: Vec<(Time, u32)> = Vec::new();
    for change in value.elements(CHANGES_MAX)? {
        let (at, count) = change.pair("[\"10m\", 200]")?;
        let (time, count) = (at.time()?, count.count(0..=MOST)?);
        if changes.is_empty() && time > Time::ZERO {
            at.problem(
                format!("nothing says how many there are before {time}"),
                "let the first instant be \"0s\"",
            );
            return None;
        }
        bounds::in_order(changes.last().map(|last| last.0), time, &at);
        changes.push((time, count));
    }
    let Some((&(_, first), later)) = changes.split_first() else {
        value.problem("no number of environments", "write [[\"0s\", 50], [\"10m\", 200]], or a number");
        return None;
    };
    Some((first, later.to_vec()))
}

//! `scaling = { … }` of a table: auto scaling of provisioned capacity. In: bounds, targets, times. Out: a [`Scaling`].

use super::shapes::{METRIC_DELAY, TARGET, UPDATE};
use super::throughput::units;
use crate::kind::dynamodb::deed::SORTS;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// Application Auto Scaling of a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scaling {
    /// Of reads and of writes; nothing of what stays as it is.
    pub of: [Option<Bounds>; SORTS],
    /// From the end of a minute to when CloudWatch has what was consumed in it.
    pub delay: Time,
    /// How long it takes to change the table.
    pub update: Time,
    /// Time of the day, by UTC, at which the run starts.
    pub starts: Time,
}

/// Between what, and for which utilization.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Fewest units a second.
    pub min: u32,
    /// Most units a second.
    pub max: u32,
    /// Consumed of what is provisioned, a share.
    pub target: f64,
}

/// The language of auto scaling.
pub const SCALING_SHAPE: Shape = Shape {
    title: "scaling = { … }",
    about: "Auto scaling of provisioned capacity: an alarm on two minutes above the target adds units, one on 15 minutes of 20 points below it takes some \
            away, as far as the quota on decreases allows.",
    keys: &[
        Key::optional("read", "{ min, max, target }", "read units stay as they are", "bounds of read units"),
        Key::optional(
            "write",
            "{ min, max, target }",
            "write units stay as they are",
            "bounds of write units",
        ),
        Key::given(
            "delay",
            "duration",
            || METRIC_DELAY.show(),
            "from the end of a minute to when the alarms see what was consumed in it",
        ),
        Key::given("update", "duration", || UPDATE.show(), "how long it takes until a table has other units"),
    ],
};

/// The language of the bounds of one sort.
pub const OF_SORT_SHAPE: Shape = Shape {
    title: "read = { … }, write = { … }",
    about: "Bounds of auto scaling, of `read` or `write` units.",
    keys: &[
        Key::required("min", "whole number", "fewest units a second"),
        Key::required("max", "whole number", "most units a second"),
        Key::given("target", "share, 20% to 90%", || TARGET.show(), "consumed of what is provisioned"),
    ],
};

impl Scaling {
    pub(super) fn read(value: Value) -> Option<Scaling> {
        // Without a date a run starts at midnight.
        let starts = value.cx.calendar.get().map_or(0, |it| it.starts.as_second().rem_euclid(86_400));
        let scaling = value.table(&SCALING_SHAPE, |reader| Scaling {
            of: [reader.maybe("read", Bounds::read), reader.maybe("write", Bounds::read)],
            delay: reader.or("delay", Value::time, METRIC_DELAY.value),
            update: reader.or("update", Value::time, UPDATE.value),
            starts: Time::from_secs(starts.unsigned_abs()),
        })?;
        if scaling.of == [None; SORTS] && !value.cx.has_problems() {
            value.problem(
                "nothing scales here",
                "add `read` or `write`, such as read = { min = 100, max = 1000 }",
            );
        }
        Some(scaling)
    }
}

impl Bounds {
    fn read(value: Value) -> Option<Bounds> {
        let bounds = value.table(&OF_SORT_SHAPE, |reader| Bounds {
            min: reader.must("min", units, 1),
            max: reader.must("max", units, u32::MAX),
            target: reader.or("target", target, 0.7),
        })?;
        if bounds.min > bounds.max {
            value.problem(
                format!("min of {} above max of {}", bounds.min, bounds.max),
                "raise `max`, or lower `min`",
            );
            return None;
        }
        Some(bounds)
    }
}

/// Application Auto Scaling takes targets from 20 % to 90 %.
fn target(value: Value) -> Option<f64> {
    let target = value.share()?;
    if !(0.2..=0.9).contains(&target) {
        value.problem("a target outside of what auto scaling takes", "write a share from \"20%\" to \"90%\"");
        return None;
    }
    Some(target)
}

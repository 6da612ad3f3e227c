//! `refresh` of a fleet: instants at which all its instances are replaced. In: an array of tables. Out: [`Refresh`]es.

use std::ops::RangeInclusive;

use super::maintenance::{Healthy, ROUNDING, from_all_to_twice};
use crate::language::bounds;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// Most refreshes of a fleet.
const REFRESHES_MAX: usize = 100;

/// Most checkpoints of a refresh: each is another whole percentage.
const CHECKPOINTS_MAX: usize = 100;
/// Wait at a checkpoint. Source: see its key.
pub const DELAY: Given<Time> = Given {
    value: Time::from_secs(3_600),
    source: "EC2 Auto Scaling API reference, RefreshPreferences: CheckpointDelay",
};
/// The longest wait: 172,800 s. Source: the same.
const DELAY_RANGE: RangeInclusive<Time> = Time::ZERO..=Time::from_secs(172_800);

/// The language of instance refreshes.
pub const SHAPE: Shape = Shape {
    title: "refresh = [ { at, min_healthy, max_healthy, warmup, checkpoints, checkpoint_delay } ]",
    about: "Instance refreshes: every instance that is there then is replaced, a few at a time.",
    keys: &[
        Key::required("at", "duration", "when it begins"),
        Key::optional(
            "min_healthy",
            "share",
            "as `maintenance`, else `\"90%\"` (EC2 Auto Scaling API reference, RefreshPreferences: MinHealthyPercentage)",
            "share of the desired capacity that stays in service and warm; one instance at a time is always replaced",
        ),
        Key::optional(
            "max_healthy",
            "percentage from \"100%\" to \"200%\"",
            "as `maintenance`, else `\"100%\"` (EC2 Auto Scaling API reference, RefreshPreferences: MaxHealthyPercentage)",
            "how many instances there may be, of the desired capacity: above 100% new ones come before old ones end",
        ),
        Key::optional(
            "warmup",
            "duration",
            "`warmup` of the fleet",
            "a new instance counts this long after it is in service, and the next ones follow",
        ),
        Key::optional(
            "checkpoints",
            "array of shares, ascending, such as [\"20%\", \"50%\", \"100%\"]",
            "none",
            "the refresh waits each time that so many instances of the desired capacity are new and warm. It ends at the last one: \
             less than 100% leaves the others as they are (EC2 Auto Scaling API reference, RefreshPreferences: CheckpointPercentages)",
        ),
        Key::given(
            "checkpoint_delay",
            "duration, at most 48 h",
            || DELAY.show(),
            "how long it waits at a checkpoint; it needs `checkpoints`",
        ),
    ],
};

/// An instance refresh.
#[derive(Clone, Debug, PartialEq)]
pub struct Refresh {
    /// When it begins.
    pub at: Time,
    /// How many instances stay, and may be there.
    pub healthy: Healthy,
    /// When a new instance counts, after it is in service; `None` is as in the fleet.
    pub warmup: Option<Time>,
    /// Shares of the desired capacity that are new and warm when it waits, in order.
    pub checkpoints: Vec<f64>,
    /// For how long it waits there.
    pub delay: Time,
    /// The share that is new and warm when it ends: all, unless the last checkpoint is less.
    pub last: f64,
}

impl Refresh {
    /// How many of the desired capacity are new when a checkpoint is reached: the share, and no less. After the last one it is how many
    /// are new at the end.
    pub fn new_at(&self, checkpoint: usize, desired: u32) -> u32 {
        let share = self.checkpoints.get(checkpoint).copied().unwrap_or(self.last);
        (f64::from(desired) * share - ROUNDING).ceil().max(0.0) as u32
    }

    pub(super) fn read_all(value: Value, usual: Option<Healthy>) -> Option<Vec<Refresh>> {
        let usual = usual.unwrap_or(Healthy { min: 0.9, max: 1.0 });
        let mut all: Vec<Refresh> = Vec::new();
        for entry in value.elements(REFRESHES_MAX)? {
            let refresh = entry.table(&SHAPE, |reader| {
                let mut checkpoints = reader.maybe("checkpoints", checkpoints).unwrap_or_default();
                if let (None, Some(value)) = (reader.get("checkpoints"), reader.get("checkpoint_delay")) {
                    value.problem(
                        "a wait without checkpoints",
                        "add checkpoints = [\"50%\", \"100%\"], or remove it",
                    );
                }
                let last = checkpoints.pop().unwrap_or(1.0);
                Refresh {
                    at: reader.must("at", Value::time, Time::ZERO),
                    healthy: Healthy {
                        min: reader.or("min_healthy", Value::share, usual.min),
                        max: reader.or("max_healthy", from_all_to_twice, usual.max),
                    },
                    warmup: reader.maybe("warmup", Value::time),
                    delay: reader.or("checkpoint_delay", |value| value.time_within(DELAY_RANGE), DELAY.value),
                    checkpoints,
                    last,
                }
            });
            let Some(refresh) = refresh else { continue };
            bounds::in_order(all.last().map(|last| last.at), refresh.at, &entry);
            refresh.healthy.check(&entry);
            all.push(refresh);
        }
        Some(all)
    }
}

/// Shares of more than nothing, each larger than the one before.
fn checkpoints(value: Value) -> Option<Vec<f64>> {
    let mut all: Vec<f64> = Vec::new();
    let elements = value.elements(CHECKPOINTS_MAX)?;
    if elements.is_empty() {
        value.problem("a list without checkpoints", "write checkpoints = [\"50%\", \"100%\"], or remove it");
    }
    for element in elements {
        let share = element.share()?;
        if share <= all.last().copied().unwrap_or(0.0) {
            element.problem(
                "a checkpoint is above 0%, and above the one before",
                "write them in ascending order, such as [\"20%\", \"50%\", \"100%\"]",
            );
            return None;
        }
        all.push(share);
    }
    Some(all)
}

//! `refresh` of a fleet: instants at which all its instances are replaced. In: an array of tables. Out: [`Refresh`]es.

use std::ops::RangeInclusive;

use super::deploy::Deploy;
use super::maintenance::{Healthy, ROUNDING, from_all_to_twice};
use super::version::Version;
use crate::kind::alarm::language::rule::Named;
use crate::language::bounds;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// Most refreshes of a fleet.
const REFRESHES_MAX: usize = 100;

/// Most checkpoints of a refresh: each is another whole percentage.
const CHECKPOINTS_MAX: usize = 100;
/// Most alarms of a refresh. Source: EC2 Auto Scaling API reference, AlarmSpecification.
const ALARMS_MAX: usize = 10;
/// Wait at a checkpoint. Source: see its key.
pub const DELAY: Given<Time> = Given {
    value: Time::from_secs(3_600),
    source: "EC2 Auto Scaling API reference, RefreshPreferences: CheckpointDelay",
};
/// The longest wait: 172,800 s. Source: the same.
pub(super) const DELAY_RANGE: RangeInclusive<Time> = Time::ZERO..=Time::from_secs(172_800);

/// Wait after the last replacement. Source: see its key.
pub const BAKE: Given<Time> = Given {
    value: Time::ZERO,
    source: "EC2 Auto Scaling user guide, \"Understand the default values for an instance refresh\": bake time",
};
/// How long a refresh goes on without a step forward: an hour.
pub const GIVES_UP: Given<Time> = Given {
    value: Time::from_secs(3_600),
    source: "EC2 Auto Scaling API reference, RefreshPreferences: it waits an hour for what is on standby or protected; that it does \
             so for what fails its checks is an assumption",
};

/// The language of instance refreshes.
pub const SHAPE: Shape = Shape {
    title: "refresh = [ { at, version, … } ]",
    about: "Instance refreshes: every instance that is there then is replaced, a few at a time.",
    keys: &[
        Key::required("at", "duration", "when it begins"),
        Key::optional(
            "version",
            "name in `versions`, or \"first\"",
            "the version that the group has",
            "what is launched from then on; it is the version of the group once the refresh has ended well",
        ),
        Key::optional(
            "skip_matching",
            "true or false",
            "`false` (EC2 Auto Scaling user guide, default values for an instance refresh with the CLI; the console has it on)",
            "whether instances that have the version already stay",
        ),
        Key::optional(
            "alarms",
            "array of names of alarms, such as [\"failing\", \"fleet.web.burst\"]",
            "none",
            "the refresh fails as soon as one of the named alarms is in ALARM: an [alarm.NAME], or the alarm of a policy, with the names that a \
             `rule` has for them",
        ),
        Key::optional(
            "rollback",
            "true or false",
            "`false` (EC2 Auto Scaling API reference, RefreshPreferences: AutoRollback)",
            "whether a refresh that fails brings back the version before, with the same percentages and warm-up",
        ),
        Key::given(
            "bake",
            "duration, at most 48 h",
            || BAKE.show(),
            "how long it waits after the last replacement before it ends: its `alarms` still count",
        ),
        Key::given(
            "gives_up",
            "duration above 0",
            || GIVES_UP.show(),
            "it fails when for so long no instance has become new and warm, unless it waits at a checkpoint",
        ),
        Key::optional(
            "cancel",
            "duration, after `at`",
            "never",
            "when it is cancelled: what is replaced stays replaced, and the group keeps the version that it had",
        ),
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

/// What a refresh takes from its fleet: its maintenance policy, and its versions.
pub(super) type Of<'a> = (Option<Healthy>, &'a [Version]);

/// An instance refresh.
#[derive(Clone, Debug, PartialEq)]
pub struct Refresh {
    /// When it begins.
    pub at: Time,
    /// The version that it brings, by its number; `None` is that of the group.
    pub version: Option<usize>,
    /// Whether instances that have it already stay.
    pub skip_matching: bool,
    /// Alarms at which it fails.
    pub alarms: Vec<Named>,
    /// Whether it is taken back if it fails.
    pub rollback: bool,
    /// How long it waits after the last replacement.
    pub bake: Time,
    /// It fails when for so long nothing has gone on.
    pub gives_up: Time,
    /// When it is cancelled, if it lasts so long.
    pub cancel: Option<Time>,
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
    /// How the version comes to the instances, if it is a deployment and no refresh.
    pub deploy: Option<Deploy>,
}

impl Refresh {
    /// How many of the desired capacity are new when a checkpoint is reached: the share, and no less. After the last one it is how many
    /// are new at the end.
    pub fn new_at(&self, checkpoint: usize, desired: u32) -> u32 {
        let share = self.checkpoints.get(checkpoint).copied().unwrap_or(self.last);
        (f64::from(desired) * share - ROUNDING).ceil().max(0.0) as u32
    }

    pub(super) fn read_all(value: Value, fleet: Of) -> Option<Vec<Refresh>> {
        let mut all: Vec<Refresh> = Vec::new();
        for entry in value.elements(REFRESHES_MAX)? {
            let Some(refresh) = entry.table(&SHAPE, |reader| Refresh::read(reader, fleet)) else { continue };
            bounds::in_order(all.last().map(|last| last.at), refresh.at, &entry);
            refresh.healthy.check(&entry);
            all.push(refresh);
        }
        Some(all)
    }

    fn read(reader: &Reader, (maintenance, versions): Of) -> Refresh {
        let usual = maintenance.unwrap_or(Healthy { min: 0.9, max: 1.0 });
        let mut checkpoints = reader.maybe("checkpoints", checkpoints).unwrap_or_default();
        if let (None, Some(value)) = (reader.get("checkpoints"), reader.get("checkpoint_delay")) {
            value
                .problem("a wait without checkpoints", "add checkpoints = [\"50%\", \"100%\"], or remove it");
        }
        let last = checkpoints.pop().unwrap_or(1.0);
        let rollback = reader.or("rollback", Value::flag, false);
        check_rollback(reader, rollback);
        let at = reader.must("at", Value::time, Time::ZERO);
        Refresh {
            at,
            version: reader.maybe("version", |value| Version::find(value, versions)),
            skip_matching: reader.or("skip_matching", Value::flag, false),
            alarms: reader.maybe("alarms", alarms).unwrap_or_default(),
            rollback,
            bake: reader.or("bake", |value| value.time_within(DELAY_RANGE), BAKE.value),
            gives_up: reader.or("gives_up", Value::span_of_time, GIVES_UP.value),
            cancel: reader.maybe("cancel", |value| later(value, at)),
            healthy: Healthy {
                min: reader.or("min_healthy", Value::share, usual.min),
                max: reader.or("max_healthy", from_all_to_twice, usual.max),
            },
            warmup: reader.maybe("warmup", Value::time),
            delay: reader.or("checkpoint_delay", |value| value.time_within(DELAY_RANGE), DELAY.value),
            checkpoints,
            last,
            deploy: None,
        }
    }
}

/// A rollback goes back from a version to another one.
pub(super) fn check_rollback(reader: &Reader, rollback: bool) {
    if let (true, Some(value), None) = (rollback, reader.get("rollback"), reader.get("version")) {
        value.problem(
            "a rollback without a `version`",
            "say which version it brings: without one there is none to go back to",
        );
    }
}

/// A time after the beginning.
fn later(value: Value, at: Time) -> Option<Time> {
    let time = value.time()?;
    if time <= at {
        value.problem(
            format!("a refresh that begins at {at} cannot be cancelled at {time}"),
            "`cancel` counts from the start of the run, as `at` does",
        );
        return None;
    }
    Some(time)
}

/// Names of alarms.
pub(super) fn alarms(value: Value) -> Option<Vec<Named>> {
    let named = |value: Value| Some(Named { name: value.text()?.trim().to_owned(), span: value.span() });
    value.elements(ALARMS_MAX)?.into_iter().map(named).collect()
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

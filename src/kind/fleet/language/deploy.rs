//! `deploy` of a fleet: how a version is brought to the instances. In: an array of tables. Out: [`Refresh`]es that say how.

use super::maintenance::{Healthy, ROUNDING};
use super::refresh::{self, Of, Refresh};
use super::shapes::INSTANCES_MAX;
use super::version::Version;
use crate::dist::Law;
use crate::language::bounds;
use crate::language::problem::Problem;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// Most deployments of a fleet.
const DEPLOYMENTS_MAX: usize = 100;

/// How long an installation takes on an instance that stays.
pub const INSTALL: Given<Law> = Given::new(
    Law::Constant(Time::from_secs(30)),
    "assumption: AWS does not know what an application installs; to fetch and unpack an archive and to run its scripts takes tens of \
     seconds",
);
/// The batch of a rolling deployment. Source: see its key.
pub const BATCH: Given<f64> =
    Given::new(0.3, "Elastic Beanstalk developer guide, \"Deployment policies and settings\"");
/// The first share of a canary. Source: see its key.
pub const CANARY: Given<f64> =
    Given::new(0.05, "Amazon ECS API reference, CanaryConfiguration: canaryPercent");
/// For how long it is watched. Source: see its key.
pub const CANARY_BAKE: Given<Time> = Given::new(
    Time::from_secs(600),
    "Amazon ECS API reference, CanaryConfiguration: canaryBakeTimeInMinutes",
);
/// How long a deployment goes on without a step forward. Source: see its key.
pub const GIVES_UP: Given<Time> = Given::new(
    Time::from_secs(600),
    "Elastic Beanstalk developer guide, \"General options for all environments\": the command timeout of 600 s",
);

/// The language of deployments.
pub const SHAPE: Shape = Shape {
    title: "deploy = [ { at, strategy, version, … } ]",
    about: "Deployments while the system is under load, in the terms of Elastic Beanstalk, CodeDeploy and ECS. In place, with \
            `\"all_at_once\"`, `\"rolling\"` and `\"rolling_with_extra_batch\"`: an instance leaves its balancers and drains by their rules, its \
            application stops, `install` passes, the application starts as at a boot, and it is back when it passes its health checks. \
            Beside the old ones, with `\"immutable\"`, `\"canary\"` and `\"blue_green\"`: instances are launched with the version, the old \
            ones end when all of the new ones pass their checks, and a deployment that fails before that ends the new ones. There is one \
            deployment or `refresh` at a time.",
    keys: &[
        Key::required("at", "duration", "when it begins"),
        Key::required(
            "strategy",
            "\"all_at_once\", \"rolling\", \"rolling_with_extra_batch\", \"immutable\", \"canary\" or \"blue_green\"",
            "all at once: every instance is out at the same time. Rolling: a batch at a time, the next one when all of a batch are back. With \
             an extra batch: that one is launched first, and ends at the end. Immutable: one new instance first, then as many as there are. \
             Canary: `batch` of the instances first, which share the traffic with all of the old ones for the time `bake`, then the rest. \
             Blue/green: all of the new ones, which get nothing until all run; the old ones leave the balancers at once when the new ones \
             pass their checks, and are kept for the time `bake`",
        ),
        Key::optional(
            "version",
            "name in `versions`, or \"first\"",
            "the version that the group has, which restarts it",
            "what is installed, and launched from then on; it is the version of the group once the deployment has ended well",
        ),
        Key::optional(
            "skip_matching",
            "true or false",
            "`false` (as in `refresh`)",
            "whether instances that have the version already stay as they are",
        ),
        Key::optional(
            "batch",
            "share such as \"30%\", or whole number, at least 1",
            "`\"30%\"` (Elastic Beanstalk developer guide, \"Deployment policies and settings\"); of a canary `\"5%\"` (Amazon ECS API reference, \
             CanaryConfiguration: canaryPercent)",
            "how many of the desired capacity are in a batch, rounded down as CodeDeploy does, and at least one; for the two rolling ones \
             and the canary",
        ),
        Key::given(
            "install",
            "law",
            || INSTALL.show(),
            "from the stop of an application to its start, in place",
        ),
        Key::optional(
            "alarms",
            "array of names of alarms, such as [\"failing\", \"fleet.web.burst\"]",
            "none",
            "the deployment fails as soon as one of the named alarms is in ALARM, with the names that a `rule` has for them",
        ),
        Key::optional(
            "rollback",
            "true or false",
            "`false` (as in `refresh`)",
            "whether a deployment in place that fails brings the version before back, in the same way. Those that launch always go back: the \
             new ones end and the old ones stay, or come back (Elastic Beanstalk developer guide, immutable and traffic splitting)",
        ),
        Key::optional(
            "bake",
            "duration, at most 48 h",
            "`\"0s\"`; of a canary `\"10m\"` (Amazon ECS API reference, CanaryConfiguration: canaryBakeTimeInMinutes); of blue/green it must be given \
             (the same, DeploymentConfiguration: bakeTimeInMinutes)",
            "for how long the alarms are watched: after the canary is there; after the traffic has moved to the green ones, while the blue \
             ones are kept; of the others, after the last instance",
        ),
        Key::given(
            "gives_up",
            "duration above 0",
            || GIVES_UP.show(),
            "it fails when for so long no instance has come back or is new and passes its checks, unless it is in its `bake` time",
        ),
    ],
};

/// How a version comes to the instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// Every instance is restarted in place at once.
    AllAtOnce,
    /// A batch at a time is restarted in place.
    Rolling,
    /// The same, with a batch more than there was.
    ExtraBatch,
    /// A second set is launched, of which one comes first.
    Immutable,
    /// A share of a second set is launched, and the rest after a while.
    Canary,
    /// A second set is launched, and gets all of the traffic at once.
    BlueGreen,
}

const STRATEGIES: [(&str, Strategy); 6] = [
    ("all_at_once", Strategy::AllAtOnce),
    ("rolling", Strategy::Rolling),
    ("rolling_with_extra_batch", Strategy::ExtraBatch),
    ("immutable", Strategy::Immutable),
    ("canary", Strategy::Canary),
    ("blue_green", Strategy::BlueGreen),
];

impl Strategy {
    /// Whether instances stay, and their applications are restarted.
    pub fn is_in_place(self) -> bool {
        matches!(self, Strategy::AllAtOnce | Strategy::Rolling | Strategy::ExtraBatch)
    }

    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Strategy::AllAtOnce => "all-at-once deployment",
            Strategy::Rolling => "rolling deployment",
            Strategy::ExtraBatch => "rolling deployment with an extra batch",
            Strategy::Immutable => "immutable deployment",
            Strategy::Canary => "canary deployment",
            Strategy::BlueGreen => "blue/green deployment",
        }
    }

    /// Its word in the file.
    pub fn word(self) -> &'static str {
        STRATEGIES.iter().find(|(_, strategy)| *strategy == self).map_or("", |(word, _)| word)
    }

    fn has_batch(self) -> bool {
        matches!(self, Strategy::Rolling | Strategy::ExtraBatch | Strategy::Canary)
    }
}

/// How many instances are a batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Batch {
    /// A share of the desired capacity.
    Share(f64),
    /// A number.
    Count(u32),
}

impl Batch {
    fn read(value: Value) -> Option<Batch> {
        if value.value.as_str().is_none() {
            return value.count(1..=INSTANCES_MAX).map(Batch::Count);
        }
        let share = value.share()?;
        if share == 0.0 {
            value.problem(
                "a batch of nothing",
                "write a share above 0%, such as \"30%\", or a number such as 2",
            );
            return None;
        }
        Some(Batch::Share(share))
    }

    /// Of so many.
    pub fn of(self, desired: u32) -> u32 {
        let count = match self {
            Batch::Share(share) => (f64::from(desired) * share + ROUNDING).floor() as u32,
            Batch::Count(count) => count.min(desired),
        };
        count.max(1)
    }
}

/// What a deployment has that a refresh has not.
#[derive(Clone, Debug, PartialEq)]
pub struct Deploy {
    /// How the version comes to the instances.
    pub strategy: Strategy,
    /// How many come first, or at a time.
    pub batch: Batch,
    /// From the stop of an application to its start.
    pub install: Law,
}

impl Refresh {
    /// The deployments of a fleet.
    pub(super) fn read_deployments(value: Value, fleet: Of) -> Option<Vec<Refresh>> {
        let mut all: Vec<Refresh> = Vec::new();
        for entry in value.elements(DEPLOYMENTS_MAX)? {
            let Some(one) = entry.table(&SHAPE, |reader| read(reader, &entry, fleet.1)) else { continue };
            bounds::in_order(all.last().map(|last| last.at), one.at, &entry);
            all.push(one);
        }
        Some(all)
    }
}

fn read(reader: &Reader, entry: &Value, versions: &[Version]) -> Refresh {
    let strategy = reader.must("strategy", |value| value.choice(&STRATEGIES), Strategy::AllAtOnce);
    let is_canary = strategy == Strategy::Canary;
    only_with(reader, "batch", strategy.has_batch(), "the rolling strategies and `canary` have one");
    only_with(reader, "install", strategy.is_in_place(), "new instances install while they boot: see `boot`");
    let goes_back = "one that launches always goes back when it fails: remove it";
    only_with(reader, "rollback", strategy.is_in_place(), goes_back);
    let rollback = reader.or("rollback", Value::flag, false);
    refresh::check_rollback(reader, rollback && strategy.is_in_place());
    let bake = reader.maybe("bake", |value| value.time_within(refresh::DELAY_RANGE));
    if strategy == Strategy::BlueGreen && reader.get("bake").is_none() {
        entry.problem(
            "a blue/green deployment without `bake`",
            "say how long the blue instances are kept after the traffic has moved, such as bake = \"5m\"",
        );
    }
    let usual = if is_canary { CANARY.value } else { BATCH.value };
    // A canary is watched as at a checkpoint, and nothing waits after the rest.
    let (delay, bake) = match (is_canary, bake) {
        (true, bake) => (bake.unwrap_or(CANARY_BAKE.value), Time::ZERO),
        (false, bake) => (Time::ZERO, bake.unwrap_or_default()),
    };
    Refresh {
        at: reader.must("at", Value::time, Time::ZERO),
        version: reader.maybe("version", |value| Version::find(value, versions)),
        skip_matching: reader.or("skip_matching", Value::flag, false),
        alarms: reader.maybe("alarms", refresh::alarms).unwrap_or_default(),
        rollback: rollback || !strategy.is_in_place(),
        bake,
        gives_up: reader.or("gives_up", Value::span_of_time, GIVES_UP.value),
        cancel: None,
        healthy: Healthy { min: 1.0, max: 2.0 },
        // An instance counts as soon as it passes its checks.
        warmup: Some(Time::ZERO),
        checkpoints: Vec::new(),
        delay,
        last: 1.0,
        deploy: Some(Deploy {
            strategy,
            batch: reader.or("batch", Batch::read, Batch::Share(usual)),
            install: reader.or("install", Value::law, INSTALL.value),
        }),
    }
}

/// An extra batch is so many instances more, of which each counts for one.
pub(super) fn check(reader: &Reader, all: &[Refresh]) {
    let mut strategies = all.iter().filter_map(|it| it.deploy.as_ref());
    let is_extra = |deploy: &Deploy| deploy.strategy == Strategy::ExtraBatch;
    if let (Some(own), Some(other)) = (reader.get("deploy"), reader.get("overrides"))
        && strategies.any(is_extra)
    {
        let problem = Problem::at(&own.span(), "an extra batch does not go with `overrides`");
        let hint = "the instances of a batch would count for different capacities: take another strategy";
        reader.cx.push(problem.also(&other.span(), "these have weights").hint(hint));
    }
}

/// A key that is felt nowhere with a strategy.
fn only_with(reader: &Reader, key: &'static str, goes: bool, why: &str) {
    if let (false, Some(value)) = (goes, reader.get(key)) {
        value.problem(format!("`{key}` does not go with this strategy"), why);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_rounded_down_and_at_least_one() {
        let of = |share| [1, 4, 10].map(|desired| Batch::Share(share).of(desired));
        assert_eq!(of(0.3), [1, 1, 3]);
        assert_eq!(of(0.5), [1, 2, 5]);
        assert_eq!(of(1.0), [1, 4, 10]);
        assert_eq!([1, 4, 10].map(|desired| Batch::Count(4).of(desired)), [1, 4, 4]);
    }
}

//! `warm_pool` of a fleet: prepared instances that a scale-out takes first. In: a table, the sizes. Out: a [`WarmPool`].

use super::shapes::INSTANCES_MAX;
use super::sizes::Sizes;
use crate::dist::Law;
use crate::language::problem::Problem;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// Start of a stopped instance: 21.2 s.
pub const START: Given<Law> = Given::new(
    Law::Constant(Time::from_millis(21_200)),
    "brevdev/ec2-coldboot-research (2026): start of a stopped instance",
);
/// Resume of a hibernated instance: 20.7 s.
pub const RESUME: Given<Law> = Given::new(
    Law::Constant(Time::from_millis(20_700)),
    "brevdev/ec2-coldboot-research (2026): resume from hibernation",
);
/// From the end of its preparation until an instance is stopped: 17 s.
pub const STOP: Given<Law> = Given::new(
    Law::Constant(Time::from_secs(17)),
    "aws-samples/amazon-ec2-auto-scaling-group-examples, warm pools: 260 s into the pool, 243 s into service",
);

/// The language of a warm pool.
pub const SHAPE: Shape = Shape {
    title: "warm_pool = { … }",
    about: "Prepared instances beside the group: a scale-out takes them before it launches others; `{}` takes every default.",
    keys: &[
        Key::optional(
            "state",
            "\"stopped\", \"running\" or \"hibernated\"",
            "`\"stopped\"` (EC2 Auto Scaling API reference, PutWarmPool)",
            "how instances wait in the pool: Warmed:Stopped, Warmed:Running or Warmed:Hibernated",
        ),
        Key::optional(
            "min",
            "whole number",
            "0 (EC2 Auto Scaling API reference, PutWarmPool: MinSize)",
            "instances that the pool has at least, however large the group is",
        ),
        Key::optional(
            "max_prepared",
            "whole number",
            "`max` of the group (EC2 Auto Scaling API reference, PutWarmPool: MaxGroupPreparedCapacity)",
            "the pool has this number less the desired capacity",
        ),
        Key::optional(
            "reuse",
            "true or false",
            "false (EC2 Auto Scaling API reference, PutWarmPool: InstanceReusePolicy)",
            "a scale-in returns instances to the pool instead of ending them",
        ),
        Key::given(
            "start",
            "law",
            starts,
            "from the call until EC2 runs an instance of the pool and its system is up, for `stopped`, `hibernated`, \
             `running`",
        ),
        Key::given(
            "stop",
            "law",
            || STOP.show(),
            "from the end of its preparation until an instance is stopped",
        ),
    ],
};

fn starts() -> (String, &'static str) {
    let laws = [START, RESUME].map(|start| start.show().0);
    (format!("{}, 0s", laws.join(", ")), START.source)
}

/// How instances wait in a warm pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// `Warmed:Stopped`: what was in memory is lost, so the application starts again.
    Stopped,
    /// `Warmed:Running`: the application goes on, and the instance is billed.
    Running,
    /// `Warmed:Hibernated`: memory is kept, so the application goes on where it was.
    Hibernated,
}

/// A warm pool of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct WarmPool {
    /// How its instances wait.
    pub state: Waiting,
    /// Its smallest size.
    pub min: u32,
    /// The size of the group and its pool together; `None` is the largest size of the group.
    pub prepared: Option<u32>,
    /// Whether a scale-in returns instances to it.
    pub reuse: bool,
    /// From the call until EC2 runs an instance of it, with its system up.
    pub start: Law,
    /// From the end of its preparation until an instance is stopped.
    pub stop: Law,
}

impl WarmPool {
    /// How many instances it is to have beside a group with this desired capacity and this largest size.
    pub fn size(&self, desired: u32, max: u32) -> u32 {
        self.prepared.unwrap_or(max).saturating_sub(desired).max(self.min)
    }

    pub(super) fn read(reader: &Reader) -> WarmPool {
        let states = [
            ("stopped", Waiting::Stopped),
            ("running", Waiting::Running),
            ("hibernated", Waiting::Hibernated),
        ];
        let count = |value: Value| value.count(0..=INSTANCES_MAX);
        let state = reader.or("state", |value| value.choice(&states), Waiting::Stopped);
        let start = match state {
            Waiting::Stopped => START.value,
            Waiting::Running => Law::Constant(Time::ZERO),
            Waiting::Hibernated => RESUME.value,
        };
        WarmPool {
            state,
            min: reader.or("min", count, 0),
            prepared: reader.maybe("max_prepared", count),
            reuse: reader.or("reuse", Value::flag, false),
            start: reader.or("start", Value::law, start),
            stop: reader.or("stop", Value::law, STOP.value),
        }
    }

    /// A pool that is always empty is a mistake. A schedule may change the sizes, so it is left alone there.
    pub(super) fn check(&self, reader: &Reader, sizes: Sizes) {
        let empty = self.size(sizes.min, sizes.max) == 0 && reader.get("schedule").is_none();
        if let (true, Some(value)) = (empty, reader.get("warm_pool")) {
            let prepared = self.prepared.unwrap_or(sizes.max);
            let message = format!(
                "the warm pool is always empty: it has {prepared} less the desired capacity, which is at least {}",
                sizes.min
            );
            let hint = "give the pool a `min`, or set `max_prepared` or `max` above `min` of the group";
            reader.cx.push(Problem::at(&value.span(), message).hint(hint));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// EC2 Auto Scaling user guide, "Warm pools": the maximum, or the prepared capacity, less the desired capacity; the
    /// minimum is a floor.
    #[test]
    fn the_size_of_a_pool_is_what_is_prepared_less_the_desired_capacity() {
        let pool = |min, prepared| WarmPool {
            state: Waiting::Stopped,
            min,
            prepared,
            reuse: false,
            start: START.value,
            stop: STOP.value,
        };
        let sizes = |pool: WarmPool| [2, 6, 10].map(|desired| pool.size(desired, 10));
        assert_eq!(sizes(pool(0, None)), [8, 4, 0]);
        assert_eq!(sizes(pool(0, Some(6))), [4, 0, 0]);
        assert_eq!(sizes(pool(3, Some(6))), [4, 3, 3]);
    }
}

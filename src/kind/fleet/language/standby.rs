//! `standby` of a fleet: instances that are put on standby for a while. In: an array of tables. Out: [`Standby`]s.

use super::shapes::INSTANCES_MAX;
use super::sizes::Sizes;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;
use crate::number::{agreeing, things};
use crate::units::Time;

/// Most spans of a fleet.
const SPANS_MAX: usize = 100;

/// The language of instances on standby.
pub const SHAPE: Shape = Shape {
    title: "standby = [ { at, count, until, replace } ]",
    about: "Instances in service that are put on standby for an update or a repair (EnterStandby), and come back (ExitStandby). They \
            drain first: for the whole deregistration delay, 300 s by default, where connections are kept. On standby they get no \
            requests of a balancer, are in no metric of the group and in no health check, and are billed as before.",
    keys: &[
        Key::required(
            "at",
            "duration",
            "when they enter standby: they leave their balancers and drain first",
        ),
        Key::optional(
            "count",
            "whole number, at least 1, or \"all\"",
            "1 (assumption: one at a time)",
            "how many: the oldest ones in service. Where fewer are in service, all of them; more than the fleet has at all times is an \
             error",
        ),
        Key::optional(
            "until",
            "duration",
            "the end of the run",
            "when they come back: registered again, with their checks from the start",
        ),
        Key::optional(
            "replace",
            "true or false",
            "`false` (EC2 Auto Scaling user guide: by default the desired capacity is decremented)",
            "whether the group launches others in their place; without, its desired capacity falls by their number, and not below `min`. \
             On their way back it rises by their number, and not above `max`",
        ),
    ],
};

/// Instances on standby.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standby {
    /// When they leave service.
    pub at: Time,
    /// How many; `None` is all that are in service.
    pub count: Option<u32>,
    /// When they come back; `None` is never.
    pub until: Option<Time>,
    /// Whether others are launched in their place.
    pub replace: bool,
}

impl Standby {
    /// Reads all of a fleet; `sizes` are known where nothing else changes how many instances it has.
    pub(super) fn read_all(value: Value, sizes: Option<Sizes>) -> Option<Vec<Standby>> {
        let mut all = Vec::new();
        let mut read = Vec::new();
        for entry in value.elements(SPANS_MAX)? {
            let standby = entry.table(&SHAPE, |reader| Standby {
                at: reader.must("at", Value::time, Time::ZERO),
                count: reader.or("count", |value| value.count_or("all", 1..=INSTANCES_MAX), Some(1)),
                until: reader.maybe("until", Value::time),
                replace: reader.or("replace", Value::flag, false),
            });
            let Some(standby) = standby else { continue };
            if standby.until.is_some_and(|until| until <= standby.at) {
                entry.problem("a span that ends before it begins", "set `until` to more than `at`");
            }
            all.push(standby);
            read.push((standby, entry));
        }
        if let Some(sizes) = sizes {
            check(&read, sizes);
        }
        Some(all)
    }
}

/// What AWS would refuse, where the size of the group is known at all times.
fn check(read: &[(Standby, Value)], sizes: Sizes) {
    let enters = (0..read.len()).map(|which| (read[which].0.at, true, which));
    let exits = (0..read.len()).filter_map(|which| Some((read[which].0.until?, false, which)));
    let mut changes: Vec<(Time, bool, usize)> = enters.chain(exits).collect();
    changes.sort();
    let mut desired = sizes.desired;
    let mut away = vec![0; read.len()];
    for (at, enters, which) in changes {
        let (standby, entry) = &read[which];
        let replace = standby.replace;
        if enters {
            away[which] = standby.count.unwrap_or(desired);
        }
        let count = away[which];
        let instances = |count: u32| things(count.into(), "instance");
        let problem = match enters {
            true if count > desired => Some((
                format!("{} on standby of a fleet of {desired}", instances(count)),
                "lower `count`, or write `count = \"all\"`".to_owned(),
            )),
            true if !replace && desired - count < sizes.min => Some((
                format!(
                    "EnterStandby at {at} would be refused: {} would be left, below min of {}",
                    desired - count,
                    sizes.min
                ),
                "lower `min`, or let the group launch others in their place: `replace = true`".to_owned(),
            )),
            false if desired.saturating_add(count) > sizes.max => Some((
                format!(
                    "ExitStandby at {at} would be refused: there would be {}, above max of {}",
                    agreeing((desired + count).to_string(), "instance"),
                    sizes.max
                ),
                "raise `max` (with `min` and `max` in place of `instances`)".to_owned(),
            )),
            _ => None,
        };
        if let Some((problem, hint)) = problem {
            return entry.problem(problem, hint);
        }
        desired = match (enters, replace) {
            (true, true) => desired,
            (true, false) => desired - count,
            (false, _) => desired + count,
        };
    }
}

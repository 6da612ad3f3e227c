//! `resize` of a fleet: its instances get another type, and are away meanwhile. In: an array of tables. Out: [`Resize`]s.

use super::machine::instance;
use super::{Cores, Credits, Fleet, Network};
use crate::catalog::InstanceType;
use crate::dist::Law;
use crate::language::bounds;
use crate::language::problem::Problem;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::{Bytes, Time};

/// Most changes of a fleet.
const CHANGES_MAX: usize = 100;

/// From the stop of an instance until EC2 runs it as another type: 2 min.
pub const DOWNTIME: Given<Law> = Given::new(
    Law::Constant(Time::from_secs(120)),
    "assumption: about 17 s to stop and 21 s to start (as in `warm_pool`), and somebody who changes the type between them",
);

/// The language of vertical resizes.
pub const SHAPE: Shape = Shape {
    title: "resize = [ { at, instance, downtime, one_by_one } ]",
    about: "The instances get another type: each is stopped, changed and started again (EC2 user guide, \"Change the instance type\"). It \
            keeps its address; what it works on is cut off, and nobody answers there until it is back.",
    keys: &[
        Key::required("at", "duration", "when the first instances are stopped"),
        Key::required("instance", "as `instance` of the fleet", "the type that they have from then on"),
        Key::given(
            "downtime",
            "law of a time",
            || DOWNTIME.show(),
            "from the stop of an instance until EC2 runs it again; then its application starts, as long as `boot.application`",
        ),
        Key::optional(
            "one_by_one",
            "true or false",
            "false (assumption: all of them at once)",
            "whether an instance stops only when the one before it answers again; without, all stop at once",
        ),
    ],
};

/// A change of the type of all instances.
#[derive(Clone, Debug)]
pub struct Resize {
    /// When it begins.
    pub at: Time,
    /// The type from then on.
    pub instance: InstanceType,
    /// CPU credits of that type, if it has some.
    pub credits: Option<Credits>,
    /// Its vCPUs as threads of cores, if two share one.
    pub cores: Option<Cores>,
    /// Its link, if answers take time on it.
    pub network: Option<Network>,
    /// From the stop of an instance until EC2 runs it again.
    pub downtime: Law,
    /// Whether one is away at a time.
    pub one_by_one: bool,
}

impl Resize {
    /// Those of a fleet, in time order.
    pub(super) fn read_all(value: Value, fleet: &Fleet) -> Option<Vec<Resize>> {
        let mut all: Vec<Resize> = Vec::new();
        for entry in value.elements(CHANGES_MAX)? {
            let before = all.last().map_or(&fleet.instance, |last| &last.instance);
            let read = |reader: &Reader| {
                let to = reader.must("instance", instance, unknown());
                Resize {
                    at: reader.must("at", Value::time, Time::ZERO),
                    credits: Credits::resized(fleet.credits.as_ref(), &to),
                    cores: Cores::resized(fleet.cores.as_ref(), &to),
                    network: Network::resized(fleet.network.as_ref(), &to),
                    downtime: reader.or("downtime", Value::law, DOWNTIME.value),
                    one_by_one: reader.or("one_by_one", Value::flag, false),
                    instance: to,
                }
            };
            let Some(resize) = entry.table(&SHAPE, read) else { continue };
            bounds::in_order(all.last().map(|last| last.at), resize.at, &entry);
            resize.check(before, fleet, &entry);
            all.push(resize);
        }
        Some(all)
    }

    /// A change to what it is already, or to less memory than is in use without requests, is a mistake.
    fn check(&self, before: &InstanceType, fleet: &Fleet, entry: &Value) {
        if self.instance == *before {
            entry.problem(format!("its instances are {} already", before.name), "name another type");
        }
        if let Some(memory) = fleet.memory.filter(|memory| memory.base > self.instance.memory) {
            let message = format!(
                "a base of {}, where {} has {}",
                memory.base, self.instance.name, self.instance.memory
            );
            entry.problem(message, "a base leaves room for requests");
        }
    }
}

/// What stands for a type that could not be read: nothing is wrong with it beside that.
fn unknown() -> InstanceType {
    InstanceType { name: String::new(), vcpus: 1, quota: None, memory: Bytes(u64::MAX), strength: 1.0 }
}

/// A group that scales replaces an instance that is stopped, so that nothing is resized.
pub(super) fn alone(reader: &Reader, fleet: &Fleet) {
    let Some(resize) = reader.get("resize").filter(|_| !fleet.resize.is_empty()) else { return };
    let others =
        ["scaling", "schedule", "timetable", "warm_pool", "spot", "refresh", "standby", "max_lifetime"];
    let mut ranges = Vec::new();
    if fleet.min != fleet.max {
        ranges.extend(reader.get("max"));
    }
    let used = others.into_iter().filter_map(|key| reader.get(key)).chain(ranges);
    for other in used {
        let problem = Problem::at(&resize.span(), "a resize of a group that changes its size".to_owned())
            .also(&other.span(), "this launches and ends instances")
            .hint("Auto Scaling replaces an instance that is stopped: resize a fleet of `instances`, and no more");
        reader.cx.push(problem);
    }
}

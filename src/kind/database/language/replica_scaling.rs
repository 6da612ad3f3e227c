//! `replica_scaling` of a database: Aurora adds and removes replicas. In: its table. Out: a [`ReplicaScaling`].

use super::engine::{Engine, REPLICAS_MAX};
use crate::dist::Law;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

const GUIDE: &str = "Aurora user guide, Aurora Auto Scaling with Aurora replicas (2023-06)";

/// Time between two changes of one direction: 300 s.
pub const COOLDOWN: Given<Time> = Given::new(Time::from_secs(300), GUIDE);
/// From the decision until a replica serves: 5 min to 10 min.
pub const BOOT: Given<Law> = Given::new(
    Law::Uniform { low: Time::from_secs(300), high: Time::from_secs(600) },
    "assumption: a replica needs several minutes; AWS gives no number",
);
/// Whether it also removes replicas: yes.
pub const SCALE_IN: Given<bool> = Given::new(true, GUIDE);
/// The highest target of the CPU.
const CPU_MAX: f64 = 100.0;
/// The highest target of connections.
const CONNECTIONS_MAX: f64 = 16_000.0;

/// The language of replicas that are added and removed.
pub const SHAPE: Shape = Shape {
    title: "replica_scaling = { … }",
    about: "Aurora Auto Scaling: replicas of the class of the writer are added and removed, so that a metric of the readers stays near a target. It \
            begins with `replicas`, of which it removes none, and does nothing while a replica is not available.",
    keys: &[
        Key::optional(
            "cpu",
            "number: percent",
            "this or `connections` is required",
            "mean CPU of the replicas to hold (RDSReaderAverageCPUUtilization)",
        ),
        Key::optional(
            "connections",
            "number",
            "this or `cpu` is required",
            "mean number of connections to a replica to hold (RDSReaderAverageDatabaseConnections)",
        ),
        Key::optional("min", "whole number, up to 15", "`replicas`", "fewest replicas"),
        Key::required("max", "whole number, up to 15", "most replicas"),
        Key::given(
            "cooldown_out",
            "duration",
            || COOLDOWN.show(),
            "after replicas were added, until as many are added again",
        ),
        Key::given(
            "cooldown_in",
            "duration",
            || COOLDOWN.show(),
            "after replicas were removed, until others are",
        ),
        Key::given(
            "scale_in",
            "true or false",
            || SCALE_IN.show(),
            "whether it also removes replicas that it has added",
        ),
        Key::given(
            "boot",
            "law",
            || BOOT.show(),
            "from the decision until a replica serves, with nothing in memory",
        ),
    ],
};

/// What is held near the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReaderMetric {
    /// Mean CPU of the replicas, percent.
    Cpu,
    /// Mean connections to a replica.
    Connections,
}

/// How replicas are added and removed.
#[derive(Clone, Debug)]
pub struct ReplicaScaling {
    /// What is held near the target.
    pub metric: ReaderMetric,
    /// The target.
    pub target: f64,
    /// Fewest replicas.
    pub min: u32,
    /// Most replicas.
    pub max: u32,
    /// After replicas were added.
    pub cooldown_out: Time,
    /// After replicas were removed.
    pub cooldown_in: Time,
    /// Whether it also removes replicas.
    pub scale_in: bool,
    /// From the decision until a replica serves.
    pub boot: Law,
}

impl ReplicaScaling {
    pub(super) fn read(value: Value, engine: Engine, replicas: u32) -> Option<ReplicaScaling> {
        if !engine.is_aurora() {
            let hint = format!("remove it, or set engine = \"{}\"", engine.on_aurora());
            value.problem("replicas that are added and removed are Aurora's", hint);
        } else if replicas == 0 {
            let hint = "set `replicas` to 1 at least";
            value.problem("Aurora adds replicas only to a cluster that has one", hint);
        }
        value.table(&SHAPE, |reader| ReplicaScaling::read_table(reader, replicas))
    }

    fn read_table(reader: &Reader, replicas: u32) -> ReplicaScaling {
        let (metric, target) = match reader.one_of(&["cpu", "connections"], true) {
            Some(("connections", value)) => (ReaderMetric::Connections, value.number(1.0..=CONNECTIONS_MAX)),
            Some((_, value)) => (ReaderMetric::Cpu, value.number(1.0..=CPU_MAX)),
            None => (ReaderMetric::Cpu, None),
        };
        let min = reader.or("min", |value| value.count(0..=REPLICAS_MAX), replicas);
        let most = |value: Value| {
            let max = value.count(0..=REPLICAS_MAX)?;
            let least = min.max(replicas);
            if max < least {
                value.problem(
                    format!("at most {max} replicas, and {least} at least"),
                    format!("write {least} or more"),
                );
                return None;
            }
            Some(max)
        };
        ReplicaScaling {
            metric,
            target: target.unwrap_or(CPU_MAX),
            min,
            max: reader.must("max", most, min.max(replicas)),
            cooldown_out: reader.or("cooldown_out", Value::time, COOLDOWN.value),
            cooldown_in: reader.or("cooldown_in", Value::time, COOLDOWN.value),
            scale_in: reader.or("scale_in", Value::flag, SCALE_IN.value),
            boot: reader.or("boot", Value::law, BOOT.value),
        }
    }
}

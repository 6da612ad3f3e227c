//! `serverless` of a database: Aurora Serverless v2. In: its table. Out: a [`Serverless`], and the class of its nodes.

use super::engine::Engine;
use crate::catalog::DatabaseClass;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::{Bytes, Time};

/// Part of the present capacity that it grows or shrinks by in a second, half an ACU at least: 10 %.
pub const STEP: Given<f64> = Given::new(
    0.1,
    "assumption: the larger the capacity, the larger the steps (Aurora user guide, Aurora Serverless v2, scaling); AWS gives no rate",
);
/// How long it is idle before it shrinks: 60 s.
pub const HOLD: Given<Time> =
    Given::new(Time::from_secs(60), "assumption: AWS gives no number; it shrinks more slowly than it grows");
/// The largest capacity. Source: Amazon RDS API reference, ServerlessV2ScalingConfiguration: 256 ACUs, in steps of a half.
const ACU_MAX: f64 = 256.0;
/// Memory of an ACU. Source: Aurora user guide, Aurora Serverless v2: about 2 GiB, with corresponding CPU and network.
const ACU_MEMORY: Bytes = Bytes(2 << 30);
/// ACUs that have the CPU of one vCPU. Source: r6g has 8 GiB a vCPU; that an ACU has its share of that is an assumption.
const ACUS_PER_VCPU: f64 = 4.0;
/// Default `max_connections` by the largest capacity. Source: Aurora user guide, Aurora Serverless v2, maximum connections.
const CONNECTIONS: [(f64, u32); 8] = [
    (1.0, 90),
    (4.0, 135),
    (8.0, 1_000),
    (16.0, 2_000),
    (32.0, 3_000),
    (64.0, 4_000),
    (128.0, 5_000),
    // The table, continued: each doubling beyond it adds a thousand.
    (256.0, 6_000),
];
/// The same of Aurora PostgreSQL. Source: the same table.
const CONNECTIONS_POSTGRES: [(f64, u32); 5] =
    [(1.0, 189), (4.0, 823), (8.0, 1_669), (16.0, 3_360), (32.0, 5_000)];
/// Most of them where the least capacity is half an ACU. Source: the same page, for PostgreSQL.
const CONNECTIONS_OF_HALF: u32 = 2_000;

/// The language of a capacity that follows the load.
pub const SHAPE: Shape = Shape {
    title: "serverless = { min, max, step, hold }",
    about: "Aurora Serverless v2, in place of `writer` and `replica`: each node has its own capacity in ACUs of 2 GiB, which follows its CPU, and is \
            billed by it. It begins with `min`.",
    keys: &[
        Key::required("min", "number: half an ACU to 256", "least capacity of a node"),
        Key::required(
            "max",
            "number: half an ACU to 256",
            "largest capacity of a node; `max_connections` is by it",
        ),
        Key::given(
            "step",
            "share",
            || (format!("\"{}%\"", 100.0 * STEP.value), STEP.source),
            "part of the present capacity that it grows by in a second in which its CPU is above 80 %, half an ACU at least",
        ),
        Key::given(
            "hold",
            "duration",
            || HOLD.show(),
            "how long its CPU is below 50 % before it shrinks, by the same steps",
        ),
    ],
};

/// A capacity that follows the load.
#[derive(Clone, Debug, PartialEq)]
pub struct Serverless {
    /// Least capacity of a node, ACUs.
    pub min: f64,
    /// Largest capacity.
    pub max: f64,
    /// Part of the present capacity that it changes by in a second.
    pub step: f64,
    /// How long it is idle before it shrinks.
    pub hold: Time,
}

/// The cores of so many ACUs, and the strength of each: as few as have room for its vCPUs, which are shared evenly among them.
pub fn cores(acus: f64) -> (u32, f64) {
    let vcpus = acus / ACUS_PER_VCPU;
    let cores = vcpus.ceil().max(1.0);
    (cores as u32, vcpus / cores)
}

impl Serverless {
    pub(super) fn read(value: Value, engine: Engine) -> Option<Serverless> {
        if !engine.is_aurora() {
            let hint = format!("remove it, or set engine = \"{}\"", engine.on_aurora());
            value.problem("a capacity that follows the load is Aurora's", hint);
        }
        value.table(&SHAPE, Serverless::read_table)
    }

    fn read_table(reader: &Reader) -> Serverless {
        let acus = |value: Value| {
            let acus = value.number(0.5..=ACU_MAX)?;
            if (2.0 * acus).fract() != 0.0 {
                value.problem(format!("{acus} ACUs"), "write a multiple of one half");
                return None;
            }
            Some(acus)
        };
        let min = reader.must("min", acus, 0.5);
        let most = |value: Value| {
            let max = acus(value)?;
            if max < min {
                value.problem(
                    format!("at most {max} ACUs, and {min} at least"),
                    format!("write {min} or more"),
                );
                return None;
            }
            Some(max)
        };
        let some = |value: Value| {
            let share = value.share()?;
            if share == 0.0 {
                value.problem("a capacity that never changes", "write a share above 0%");
                return None;
            }
            Some(share)
        };
        Serverless {
            min,
            max: reader.must("max", most, min.max(1.0)),
            step: reader.or("step", some, STEP.value),
            hold: reader.or("hold", Value::time, HOLD.value),
        }
    }

    /// The class of a node at its largest capacity.
    pub fn class(&self) -> DatabaseClass {
        let (vcpus, strength) = cores(self.max);
        DatabaseClass {
            name: "db.serverless".into(),
            vcpus,
            memory: Bytes((self.max * ACU_MEMORY.0 as f64) as u64),
            strength,
            aurora_max_connections: None,
        }
    }

    /// The default `max_connections`: that of the largest size of the table that is no larger.
    pub(super) fn connections(&self, engine: Engine) -> u32 {
        let (table, most) = match (engine.is_postgres(), self.min <= 0.5) {
            (false, _) => (&CONNECTIONS[..], u32::MAX),
            (true, false) => (&CONNECTIONS_POSTGRES[..], u32::MAX),
            (true, true) => (&CONNECTIONS_POSTGRES[..], CONNECTIONS_OF_HALF),
        };
        let listed = table.iter().rev().find(|(acus, _)| *acus <= self.max).unwrap_or(&table[0]);
        listed.1.min(most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(min: f64, max: f64) -> Serverless {
        Serverless { min, max, step: STEP.value, hold: HOLD.value }
    }

    fn of(max: f64) -> DatabaseClass {
        between(0.5, max).class()
    }

    #[test]
    fn connections_follow_the_largest_capacity() {
        let connections = |max: f64| between(0.5, max).connections(Engine::AuroraMysql);
        let found = [0.5, 1.0, 3.5, 4.0, 8.0, 31.5, 32.0, 128.0, 256.0].map(connections);
        assert_eq!(found, [90, 90, 90, 135, 1_000, 2_000, 3_000, 5_000, 6_000]);
    }

    /// By the table; with half an ACU at least, no more than 2,000.
    #[test]
    fn connections_of_postgresql_have_a_table_of_their_own() {
        let connections = |min: f64, max: f64| between(min, max).connections(Engine::AuroraPostgresql);
        let found = [1.0, 4.0, 8.0, 15.5, 16.0, 32.0, 256.0].map(|max| connections(1.0, max));
        assert_eq!(found, [189, 823, 1_669, 1_669, 3_360, 5_000, 5_000]);
        assert_eq!([8.0, 16.0, 32.0].map(|max| connections(0.5, max)), [1_669, 2_000, 2_000]);
    }

    /// 16 ACUs are 32 GiB and four vCPUs; 6 are one and a half.
    #[test]
    fn a_node_has_two_gibibytes_and_a_quarter_of_a_vcpu_for_each_unit() {
        let (large, small) = (of(16.0), of(6.0));
        assert_eq!((large.vcpus, large.strength, large.memory.as_gib()), (4, 1.0, 32.0));
        assert_eq!((small.vcpus, small.strength, small.memory.as_gib()), (2, 0.75, 12.0));
    }
}

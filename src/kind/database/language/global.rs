//! `global` of a database: a second Region of an Aurora Global Database. Out: a [`Global`].

use super::Engine;
use crate::catalog::region::Region;
use crate::dist::Law;
use crate::kind::table::region;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// From a commit until the second Region has it: 0.5 s.
pub const LAG: Given<Law> = Given::new(
    Law::Lognormal { mean: Time::from_millis(500), cv: 0.5 },
    "Aurora user guide, Using Amazon Aurora Global Database: typically less than 1 s; the mean is an assumption",
);
/// From the order to fail over until the second Region writes: 45 s to 90 s.
pub const FAILOVER: Given<Law> = Given::new(
    Law::Uniform { low: Time::from_secs(45), high: Time::from_secs(90) },
    "Aurora user guide, Using switchover or failover in Amazon Aurora Global Database: a recovery time in the order of minutes; that it is about one is an \
     assumption",
);
/// The same of a switchover: 30 s to 60 s.
pub const SWITCHOVER: Given<Law> = Given::new(
    Law::Uniform { low: Time::from_secs(30), high: Time::from_secs(60) },
    "assumption: as a failover, but nothing has to be found out first",
);
/// Nodes in the second Region: one.
pub const NODES: Given<u32> = Given::new(1, "assumption: one that can write, and nobody who reads there");

/// The language of a second Region.
pub const SHAPE: Shape = Shape {
    title: "global = { region, nodes, lag, failover, switchover }",
    about: "An Aurora Global Database: a second Region has a copy of the storage that is a little behind, and writes after a fault with effect = \
            \"promotes\" (unplanned: what it has not got is lost) or \"switches-over\" (planned: nothing is lost).",
    keys: &[
        Key::optional(
            "region",
            "code of a Region",
            "one that is as far from everything as the first",
            "the second Region: once it writes, that is where calls go, and whose zones can be lost",
        ),
        Key::given(
            "nodes",
            "number, up to 1 + `replicas`",
            || NODES.show(),
            "nodes in the second Region, of the class of `writer` (billed); the first one writes when that Region takes over, the others are its replicas",
        ),
        Key::given(
            "lag",
            "law",
            || LAG.show(),
            "from a commit until the second Region has it; commits stay in order",
        ),
        Key::given(
            "failover",
            "law",
            || FAILOVER.show(),
            "from an unplanned failover until the second Region writes",
        ),
        Key::given(
            "switchover",
            "law",
            || SWITCHOVER.show(),
            "from a planned switchover until the second Region writes; it has all commits by then",
        ),
    ],
};

/// A second Region.
#[derive(Clone, Debug)]
pub struct Global {
    /// Which Region it is, if the file says so.
    pub region: Option<Region>,
    /// Its nodes.
    pub nodes: u32,
    /// From a commit until it has that.
    pub lag: Law,
    /// From the order to fail over until it writes.
    pub failover: Law,
    /// The same of a planned switchover.
    pub switchover: Law,
}

impl Global {
    /// Reads the table.
    pub(super) fn read(value: Value, reader: &Reader, engine: Engine, replicas: u32) -> Option<Global> {
        if !engine.is_aurora() {
            let hint = format!("remove it, or set engine = \"{}\"", engine.on_aurora());
            value.problem("a Global Database is Aurora's", hint);
            return None;
        }
        for key in ["serverless", "replica_scaling"] {
            if let Some(other) = reader.get(key) {
                other.problem(format!("`{key}` beside `global`"), "remove it, or `global`");
            }
        }
        let nodes = |value: Value| {
            let nodes = value.count(1..=16)?;
            if nodes > 1 + replicas {
                let message =
                    format!("{nodes} nodes in the second Region, and {} in the first", 1 + replicas);
                value.problem(message, format!("write {} or fewer, or more `replicas`", 1 + replicas));
                return None;
            }
            Some(nodes)
        };
        value.table(&SHAPE, |reader| Global {
            region: reader.maybe("region", region),
            nodes: reader.or("nodes", nodes, NODES.value),
            lag: reader.or("lag", Value::law, LAG.value),
            failover: reader.or("failover", Value::law, FAILOVER.value),
            switchover: reader.or("switchover", Value::law, SWITCHOVER.value),
        })
    }
}

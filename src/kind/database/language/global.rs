//! `global` of a database: a second Region of an Aurora Global Database. Out: a [`Global`].

use super::Engine;
use crate::catalog::region::Region;
use crate::dist::Law;
use crate::kind::table::region;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape, Show};
use crate::language::value::Value;
use crate::units::Time;

/// Zones over which the storage of a Region is spread. Source: Aurora user guide, Amazon Aurora storage and reliability.
pub const STORAGE_ZONES: usize = 3;
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
/// From when the old first Region is there until it is the second one: 30 min.
pub const REJOIN: Given<Law> = Given::new(
    Law::Constant(Time::from_secs(1_800)),
    "assumption: its storage is made anew from that of the Region that writes, which takes longer the more there is; AWS gives no time",
);
/// Nodes in the second Region: one.
pub const NODES: Given<u32> = Given::new(1, "assumption: one that can write, and nobody who reads there");

/// Where callers in the second Region read: in the Region that writes.
pub const READS: Given<Reads> = Given::new(
    Reads::Writer,
    "assumption: the application has one name for its database, that of the writer and of its readers",
);

/// The language of a second Region.
pub const SHAPE: Shape = Shape {
    title: "global = { region, nodes, lag, failover, switchover, rejoin, reads, write_forwarding }",
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
            "whole number, up to 1 + `replicas`",
            || NODES.show(),
            "nodes in the second Region, of the class of `writer` (billed); the first one writes when that Region takes over, the others are its replicas",
        ),
        Key::given(
            "reads",
            "\"writer\" or \"local\"",
            || READS.show(),
            "where callers in the second Region read outside of transactions: in the Region that writes, or at the nodes in their own, which have only what has come; \
             needs `region`",
        ),
        Key::optional(
            "write_forwarding",
            "\"eventual\", \"session\" or \"global\"",
            "none: callers in the second Region connect to the writer",
            "callers in the second Region write by a node there, which forwards each statement; how much their reads wait for: nothing, what their request has written, or \
             all that is committed; needs reads = \"local\"",
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
        Key::given(
            "rejoin",
            "law",
            || REJOIN.show(),
            "after a failover, from when the Region that has been left is there until it is the second one, with all data made anew",
        ),
    ],
};

/// Where callers in the Region that does not write read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// In the Region that writes.
    Writer,
    /// In their own.
    Local,
}

impl Reads {
    const ALL: [(&'static str, Reads); 2] = [("writer", Reads::Writer), ("local", Reads::Local)];
}

impl Show for Reads {
    fn show(&self) -> String {
        let word = Reads::ALL.iter().find(|(_, reads)| reads == self).map_or("", |(word, _)| *word);
        format!("\"{word}\"")
    }
}

/// What a read waits for where writes are forwarded. (Aurora user guide, "Using write forwarding in an Amazon Aurora global database".)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consistency {
    /// Nothing.
    Eventual,
    /// What the same request has written.
    Session,
    /// All that is committed.
    Global,
}

impl Consistency {
    const ALL: [(&'static str, Consistency); 3] = [
        ("eventual", Consistency::Eventual),
        ("session", Consistency::Session),
        ("global", Consistency::Global),
    ];
}

/// A second Region.
#[derive(Clone, Debug)]
pub struct Global {
    /// Which Region it is, if the file says so.
    pub region: Option<Region>,
    /// Its nodes.
    pub nodes: u32,
    /// Where callers in the second Region read.
    pub reads: Reads,
    /// What their reads wait for, if a node there forwards what they write.
    pub forwarding: Option<Consistency>,
    /// From a commit until it has that.
    pub lag: Law,
    /// From the order to fail over until it writes.
    pub failover: Law,
    /// The same of a planned switchover.
    pub switchover: Law,
    /// From when a Region that has been left is there until it is the second one.
    pub rejoin: Law,
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
        let has_proxy = reader.get("proxy").is_some();
        value.table(&SHAPE, |reader| Global {
            region: reader.maybe("region", region),
            nodes: reader.or("nodes", nodes, NODES.value),
            reads: reader.or("reads", |value| reads(value, reader, has_proxy), READS.value),
            forwarding: reader.maybe("write_forwarding", |value| forwarding(value, reader)),
            lag: reader.or("lag", Value::law, LAG.value),
            failover: reader.or("failover", Value::law, FAILOVER.value),
            switchover: reader.or("switchover", Value::law, SWITCHOVER.value),
            rejoin: reader.or("rejoin", Value::law, REJOIN.value),
        })
    }
}

fn reads(value: Value, reader: &Reader, has_proxy: bool) -> Option<Reads> {
    let reads = value.choice(&Reads::ALL)?;
    if reads == Reads::Local && reader.get("region").is_none() {
        value.problem("callers in a second Region that has no name", "add `region`");
    }
    if reads == Reads::Local && has_proxy {
        value.problem("a `proxy`, which is in one Region, and reads in both", "remove `proxy`, or `reads`");
    }
    Some(reads)
}

fn forwarding(value: Value, reader: &Reader) -> Option<Consistency> {
    let is_local = reader.get("reads").and_then(Value::text) == Some("local");
    if !is_local {
        value.problem(
            "writes that a node of the second Region forwards, and no reads there",
            "add reads = \"local\"",
        );
    }
    value.choice(&Consistency::ALL)
}

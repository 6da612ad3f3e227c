//! `dax = { … }` of a table: a cluster of DynamoDB Accelerator in front of it. In: nodes, time to live. Out: a [`Dax`].

use super::shapes::{DAX_NODE, DAX_NODES, DAX_TIME, DAX_TTL};
use crate::dist::Law;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;
use crate::units::{Bytes, Time};

/// A DAX cluster.
#[derive(Clone, Debug)]
pub struct Dax {
    /// Type of its nodes.
    pub node: String,
    /// How many there are; each of them holds the same items.
    pub nodes: u32,
    /// Memory of a node for items.
    pub memory: Bytes,
    /// How long an item stays.
    pub ttl: Time,
    /// From when a node has a request to its answer, if it has the item.
    pub time: Law,
}

/// The types of nodes and their memory in GiB. (Amazon DynamoDB pricing, DAX nodes; as those of EC2 of the same name.)
const NODES: [(&str, f64); 14] = [
    ("dax.t2.small", 2.0),
    ("dax.t2.medium", 4.0),
    ("dax.t3.small", 2.0),
    ("dax.t3.medium", 4.0),
    ("dax.r4.large", 15.25),
    ("dax.r4.xlarge", 30.5),
    ("dax.r4.2xlarge", 61.0),
    ("dax.r4.4xlarge", 122.0),
    ("dax.r5.large", 16.0),
    ("dax.r5.xlarge", 32.0),
    ("dax.r5.2xlarge", 64.0),
    ("dax.r5.4xlarge", 128.0),
    ("dax.r5.8xlarge", 256.0),
    ("dax.r5.12xlarge", 384.0),
];
/// A cluster has one primary node and up to ten replicas. (Amazon DynamoDB developer guide, "DAX cluster components".)
const MOST_NODES: u32 = 11;

/// The language of DAX.
pub const DAX_SHAPE: Shape = Shape {
    title: "dax = { … }",
    about: "DynamoDB Accelerator before the table: eventually consistent `get_item` steps with `keys` ask it first; those that write go through it to the table. \
            Everything else passes it by.",
    keys: &[
        Key::optional(
            "node",
            "type of a DAX node",
            "`\"dax.r5.large\"` (assumption: the smallest with steady performance)",
            "what its nodes are",
        ),
        Key::given(
            "nodes",
            "whole number, up to 11",
            || DAX_NODES.show(),
            "how many it has; each holds the same items",
        ),
        Key::optional(
            "memory",
            "amount of data",
            "that of the node (assumption: all of it holds items)",
            "memory of a node for items; the least recently used one makes room",
        ),
        Key::given("ttl", "duration", || DAX_TTL.show(), "how long an item stays in the item cache"),
        Key::given(
            "time",
            "law",
            || DAX_TIME.show(),
            "from the arrival of a request at a node to its answer, or to when it asks the table",
        ),
    ],
};

impl Dax {
    pub(super) fn read(value: Value) -> Option<Dax> {
        value.table(&DAX_SHAPE, |reader| {
            let node = reader.or("node", node, DAX_NODE);
            let memory = Bytes((node.1 * f64::from(1 << 30)) as u64);
            Dax {
                node: node.0.to_owned(),
                nodes: reader.or("nodes", |value| value.count(1..=MOST_NODES), DAX_NODES.value),
                memory: reader.or("memory", Value::some_bytes, memory),
                ttl: reader.or("ttl", Value::span_of_time, DAX_TTL.value),
                time: reader.or("time", Value::law, DAX_TIME.value),
            }
        })
    }
}

/// The types of nodes.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    NODES.iter().map(|node| node.0)
}

fn node(value: Value) -> Option<(&'static str, f64)> {
    let found = NODES.into_iter().find(|node| value.value.as_str() == Some(node.0));
    if found.is_none() {
        let text = value.text()?;
        let hint = match value.cx.closest(text, names()) {
            Some(close) => format!("did you mean \"{close}\"?"),
            None => format!("one of {}", Vec::from_iter(names()).join(", ")),
        };
        value.problem(format!("`{text}` is not a DAX node that this version knows"), hint);
    }
    found
}

//! What AWS sells: instance types, database classes and cache nodes, from data files with their sources.
//!
//! In: the CSV files beside this one. Out: hardware by name.

use std::sync::LazyLock;

use crate::units::Bytes;

/// An EC2 instance type.
#[derive(Clone, Debug, PartialEq)]
pub struct InstanceType {
    /// AWS name, for example `m6i.large`.
    pub name: String,
    /// Virtual CPUs.
    pub vcpus: u32,
    /// Main memory.
    pub memory: Bytes,
    /// Work done by one busy vCPU in one second, relative to a vCPU of the m5 family.
    pub strength: f64,
}

/// An RDS or Aurora instance class.
#[derive(Clone, Debug, PartialEq)]
pub struct DatabaseClass {
    /// AWS name, for example `db.r6g.2xlarge`.
    pub name: String,
    /// Virtual CPUs.
    pub vcpus: u32,
    /// Main memory.
    pub memory: Bytes,
    /// Work done by one busy vCPU in one second, relative to a vCPU of the m5 family.
    pub strength: f64,
    /// Default `max_connections` of Aurora MySQL on this class, where published.
    pub aurora_max_connections: Option<u32>,
}

/// An ElastiCache node type.
#[derive(Clone, Debug, PartialEq)]
pub struct CacheNode {
    /// AWS name, for example `cache.r6g.large`.
    pub name: String,
    /// Redis `maxmemory` on this node.
    pub maxmemory: Bytes,
    /// Work done by the command thread in one second, relative to the m5 family.
    pub strength: f64,
}

// Temporary rows of this branch, until the data files of the catalogue arrive under these same names.

static INSTANCE_TYPES: LazyLock<Vec<InstanceType>> = LazyLock::new(|| {
    [("m5.large", 2, 8, 1.0), ("m6i.large", 2, 8, 1.5), ("t2.micro", 1, 1, 0.9)]
        .map(|(name, vcpus, gib, strength)| InstanceType {
            name: name.to_owned(),
            vcpus,
            memory: Bytes(gib << 30),
            strength,
        })
        .to_vec()
});

static DATABASE_CLASSES: LazyLock<Vec<DatabaseClass>> = LazyLock::new(|| {
    [("db.r6g.large", 2, 16, 1_000), ("db.r6g.xlarge", 4, 32, 2_000), ("db.r6g.2xlarge", 8, 64, 3_000)]
        .map(|(name, vcpus, gib, connections)| DatabaseClass {
            name: name.to_owned(),
            vcpus,
            memory: Bytes(gib << 30),
            strength: 1.4,
            aurora_max_connections: Some(connections),
        })
        .to_vec()
});

static CACHE_NODES: LazyLock<Vec<CacheNode>> = LazyLock::new(|| {
    [
        ("cache.t3.micro", 536_870_912),
        ("cache.r6g.large", 14_037_181_030),
        ("cache.r6g.xlarge", 28_261_849_702),
    ]
    .map(|(name, maxmemory)| CacheNode { name: name.to_owned(), maxmemory: Bytes(maxmemory), strength: 1.25 })
    .to_vec()
});

/// The instance type of a name.
pub fn instance_type(name: &str) -> Option<&'static InstanceType> {
    INSTANCE_TYPES.iter().find(|known| known.name == name)
}

/// Every instance type.
pub fn instance_type_names() -> Vec<&'static str> {
    INSTANCE_TYPES.iter().map(|known| known.name.as_str()).collect()
}

/// The database class of a name.
pub fn database_class(name: &str) -> Option<&'static DatabaseClass> {
    DATABASE_CLASSES.iter().find(|known| known.name == name)
}

/// Every database class.
pub fn database_class_names() -> Vec<&'static str> {
    DATABASE_CLASSES.iter().map(|known| known.name.as_str()).collect()
}

/// The cache node of a name.
pub fn cache_node(name: &str) -> Option<&'static CacheNode> {
    CACHE_NODES.iter().find(|known| known.name == name)
}

/// Every cache node.
pub fn cache_node_names() -> Vec<&'static str> {
    CACHE_NODES.iter().map(|known| known.name.as_str()).collect()
}

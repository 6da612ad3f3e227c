//! What AWS sells: instance types, database classes and cache nodes, from data files with their sources.
//!
//! In: the CSV files beside this one. Out: hardware by name.

mod limits;
pub mod region;
pub mod zone;

use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::DeserializeOwned;

pub use limits::{Burstable, bandwidth, burst_bandwidth, burstable, threads_per_core};

use limits::family_and_size;

use crate::units::{Bytes, Time};

/// An EC2 instance type, or the size of a task or a pod.
#[derive(Clone, Debug, PartialEq)]
pub struct InstanceType {
    /// AWS name, for example `m6i.large`.
    pub name: String,
    /// Virtual CPUs that can work at once.
    pub vcpus: u32,
    /// What it gets of them on the mean, if that is less: a container with a CPU limit.
    pub quota: Option<Quota>,
    /// Main memory.
    pub memory: Bytes,
    /// Work done by one busy vCPU in one second, relative to a vCPU of the m5 family.
    pub strength: f64,
}

/// A CPU limit of a container: so much CPU time in each period, at the full speed of its vCPUs until that is used up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quota {
    /// CPU time in a period, in parts of it: vCPUs on the mean.
    pub vcpus: f64,
    /// Length of a period.
    pub period: Time,
}

impl InstanceType {
    /// vCPUs that it has on the mean.
    pub fn mean_vcpus(&self) -> f64 {
        self.quota.map_or(f64::from(self.vcpus), |quota| quota.vcpus)
    }
}

/// A family of instance types: the same processors in several sizes.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Family {
    /// AWS name, for example `m6i`.
    #[serde(rename = "family")]
    pub name: String,
    /// Work done by one busy vCPU in one second, relative to a vCPU of the m5 family.
    pub strength: f64,
    /// Where the strength comes from.
    pub source: String,
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

/// The instance type with this name.
pub fn instance_type(name: &str) -> Option<&'static InstanceType> {
    INSTANCE_TYPES.iter().find(|instance| instance.name == name)
}

/// Every instance type, in the order of the data file.
pub fn instance_type_names() -> Vec<&'static str> {
    INSTANCE_TYPES.iter().map(|instance| instance.name.as_str()).collect()
}

/// Every family of instance types, in the order of the data file.
pub fn families() -> &'static [Family] {
    &FAMILIES
}

/// The sizes of a family.
pub fn sizes(family: &Family) -> impl Iterator<Item = &'static InstanceType> + '_ {
    INSTANCE_TYPES.iter().filter(|it| family_and_size(&it.name).is_some_and(|(name, _)| name == family.name))
}

/// The database class with this name.
pub fn database_class(name: &str) -> Option<&'static DatabaseClass> {
    DATABASE_CLASSES.iter().find(|class| class.name == name)
}

/// Every database class, in the order of the data file.
pub fn database_class_names() -> Vec<&'static str> {
    DATABASE_CLASSES.iter().map(|class| class.name.as_str()).collect()
}

/// The cache node type with this name.
pub fn cache_node(name: &str) -> Option<&'static CacheNode> {
    CACHE_NODES.iter().find(|node| node.name == name)
}

/// Every cache node type, in the order of the data file.
pub fn cache_node_names() -> Vec<&'static str> {
    CACHE_NODES.iter().map(|node| node.name.as_str()).collect()
}

static FAMILIES: LazyLock<Vec<Family>> = LazyLock::new(|| rows(include_str!("catalog/families.csv")));

static INSTANCES: LazyLock<Vec<InstanceRow>> = LazyLock::new(|| rows(include_str!("catalog/instances.csv")));

static INSTANCE_TYPES: LazyLock<Vec<InstanceType>> =
    LazyLock::new(|| INSTANCES.iter().map(InstanceType::from).collect());

static DATABASE_CLASSES: LazyLock<Vec<DatabaseClass>> = LazyLock::new(|| {
    let rows: Vec<DatabaseRow> = rows(include_str!("catalog/databases.csv"));
    rows.into_iter().map(DatabaseClass::from).collect()
});

static CACHE_NODES: LazyLock<Vec<CacheNode>> = LazyLock::new(|| {
    let rows: Vec<CacheRow> = rows(include_str!("catalog/caches.csv"));
    rows.into_iter().map(CacheNode::from).collect()
});

/// The rows of an embedded CSV file; lines that start with `#` are comments.
pub(crate) fn rows<T: DeserializeOwned>(csv: &'static str) -> Vec<T> {
    read(csv, csv::ReaderBuilder::new().comment(Some(b'#')))
}

/// One row of an embedded CSV file by itself.
pub(crate) fn row<T: DeserializeOwned>(line: &'static str) -> Option<T> {
    read(line, csv::ReaderBuilder::new().has_headers(false).buffer_capacity(line.len())).pop()
}

fn read<T: DeserializeOwned>(csv: &'static str, builder: &csv::ReaderBuilder) -> Vec<T> {
    builder
        .from_reader(csv.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("the file is part of the program and read by its tests")
}

#[derive(Deserialize)]
struct InstanceRow {
    name: String,
    vcpus: u32,
    memory_gib: f64,
    gbps: Option<f64>,
    burst_gbps: Option<f64>,
}

impl From<&InstanceRow> for InstanceType {
    fn from(row: &InstanceRow) -> Self {
        let family = family_and_size(&row.name).map(|(family, _)| family);
        let family = FAMILIES.iter().find(|known| Some(known.name.as_str()) == family);
        InstanceType {
            name: row.name.clone(),
            vcpus: row.vcpus,
            quota: None,
            memory: gibibytes(row.memory_gib),
            strength: family.map_or(f64::NAN, |family| family.strength),
        }
    }
}

#[derive(Deserialize)]
struct DatabaseRow {
    name: String,
    vcpus: u32,
    memory_gib: f64,
    strength: f64,
    aurora_max_connections: Option<u32>,
}

impl From<DatabaseRow> for DatabaseClass {
    fn from(row: DatabaseRow) -> Self {
        DatabaseClass {
            name: row.name,
            vcpus: row.vcpus,
            memory: gibibytes(row.memory_gib),
            strength: row.strength,
            aurora_max_connections: row.aurora_max_connections,
        }
    }
}

#[derive(Deserialize)]
struct CacheRow {
    name: String,
    maxmemory_bytes: u64,
    strength: f64,
}

impl From<CacheRow> for CacheNode {
    fn from(row: CacheRow) -> Self {
        CacheNode { name: row.name, maxmemory: Bytes(row.maxmemory_bytes), strength: row.strength }
    }
}

fn gibibytes(gib: f64) -> Bytes {
    Bytes((gib * (1u64 << 30) as f64) as u64)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_row_is_plausible_hardware() {
        for instance in INSTANCE_TYPES.iter() {
            assert!(instance.vcpus >= 1 && instance.memory.as_gib() >= 0.5, "{}", instance.name);
            assert!((0.5..3.5).contains(&instance.strength), "{}", instance.name);
        }
        for family in families() {
            assert!(sizes(family).next().is_some() && !family.source.is_empty(), "{family:?}");
        }
        for class in DATABASE_CLASSES.iter() {
            assert!(class.name.starts_with("db."), "{}", class.name);
            assert!(class.vcpus >= 1 && class.memory.as_gib() >= 1.0, "{}", class.name);
            assert!((0.5..3.0).contains(&class.strength), "{}", class.name);
            assert!(class.aurora_max_connections.is_none_or(|limit| limit <= 16_000), "{}", class.name);
        }
        for node in CACHE_NODES.iter() {
            assert!(node.name.starts_with("cache."), "{}", node.name);
            assert!(node.maxmemory.as_gib() >= 0.5 && (0.5..3.0).contains(&node.strength), "{}", node.name);
        }
    }

    #[test]
    fn every_name_is_unique_and_finds_itself() {
        let unique = |names: &[&str]| names.iter().collect::<BTreeSet<_>>().len() == names.len();
        assert!(
            unique(&instance_type_names()) && unique(&database_class_names()) && unique(&cache_node_names())
        );
        assert!(
            instance_type_names().iter().all(|name| instance_type(name).is_some_and(|t| t.name == *name))
        );
        assert!(
            database_class_names().iter().all(|name| database_class(name).is_some_and(|c| c.name == *name))
        );
        assert!(cache_node_names().iter().all(|name| cache_node(name).is_some_and(|n| n.name == *name)));
        assert_eq!(instance_type("m6i.lagre"), None);
    }

    #[test]
    fn published_sizes_are_read_as_they_are() {
        let web = instance_type("m6i.large").unwrap();
        assert_eq!((web.vcpus, web.memory.as_gib(), web.strength), (2, 8.0, 1.5));
        // Sizes that are no multiples of the others.
        let of = |name: &str| instance_type(name).map(|it| (it.vcpus, it.memory.as_gib()));
        assert_eq!([of("c4.8xlarge"), of("r4.large")], [Some((36, 60.0)), Some((2, 15.25))]);
        assert_eq!([of("m7a.medium"), of("m8g.24xlarge")], [Some((1, 4.0)), Some((96, 384.0))]);
        let writer = database_class("db.r6g.2xlarge").unwrap();
        assert_eq!((writer.vcpus, writer.memory.as_gib()), (8, 64.0));
        assert_eq!(writer.aurora_max_connections, Some(3_000));
        assert_eq!(database_class("db.m6i.large").unwrap().aurora_max_connections, None);
        assert_eq!(cache_node("cache.r6g.large").unwrap().maxmemory, Bytes(14_037_181_030));
    }
}

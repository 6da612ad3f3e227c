//! What AWS sells: instance types, database classes and cache nodes, from data files with their sources.
//!
//! In: the CSV files beside this one. Out: hardware by name.

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

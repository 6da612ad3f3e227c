//! What a run used, in the units that AWS bills. In: the end of a run. Out: [`Usage`] for the bill.
//!
//! Vectors are in the order of the scenario's lists.

use std::collections::BTreeMap;

use crate::id::Kind;
use crate::units::{Bytes, Time};

/// Everything billable that a run used.
#[derive(Clone, Debug, Default)]
pub struct Usage {
    /// Span of the run.
    pub duration: Time,
    /// Requests that completed.
    pub completed: u64,
    /// Every instance that existed.
    pub instances: Vec<InstanceUse>,
    /// Load balancer capacity by hour: `balancers[balancer][hour]`; the last hour may be a part.
    pub balancers: Vec<Vec<BalancerHour>>,
    /// Storage I/O of each database, by hour.
    pub database_io: Vec<Vec<u64>>,
    /// What kinds have counted themselves, of each resource by hour.
    pub(crate) counted: BTreeMap<(Kind, usize), Vec<f64>>,
    /// Bytes from AWS to the internet, by hour.
    pub internet_out: Vec<Bytes>,
    /// Bytes that crossed an Availability Zone border, counted once, by hour (billed in each direction).
    pub cross_zone: Vec<Bytes>,
}

/// The life of one instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstanceUse {
    /// Position in the scenario's fleets.
    pub fleet: usize,
    /// When its launch was called for: the meter starts.
    pub launched: Time,
    /// When it was terminated, or the end of the run.
    pub ended: Time,
}

/// One hour of one balancer: the dimensions of a load balancer capacity unit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BalancerHour {
    /// Part of the hour that the balancer ran, 0 to 1.
    pub hours: f64,
    /// New client connections.
    pub new_connections: f64,
    /// Mean active connections.
    pub active_connections: f64,
    /// Bytes of requests and responses.
    pub bytes: f64,
}

//! Totals of a run and of each resource, as whole numbers, areas and histograms: what can be added up exactly.
//!
//! Work, activities and incidents go into the outcome as they are.

use serde::{Deserialize, Serialize};

use super::histogram::Histogram;

/// How much work the run was for the simulator itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// Events handled: arrivals, request events and control timers.
    pub events: u64,
    /// Most request events that were on the timing wheel at once.
    pub peak_pending: u64,
    /// Most attempts that had a record at once: in the system, between two tries, and health checks.
    pub peak_in_flight: u64,
}

/// One Auto Scaling activity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Activity {
    /// When it was decided.
    pub at_s: f64,
    /// When the last instance of it was in service, terminated or called off; absent if not before the end of the
    /// run. Without a launch hook an instance is in service when EC2 runs it, before its application answers.
    pub done_s: Option<f64>,
    /// The fleet.
    pub fleet: String,
    /// Desired capacity before.
    pub from: u32,
    /// Desired capacity after.
    pub to: u32,
    /// Why, in the manner of the AWS activity history.
    pub cause: String,
    /// Instances that it launches.
    #[serde(default)]
    pub launches: u32,
    /// Launches among them that ended before the instance was in service: called off by a later activity, or
    /// abandoned by a lifecycle hook.
    #[serde(default)]
    pub called_off: u32,
}

impl Activity {
    /// Whether it did, before the end of the run, all that it was for.
    pub fn succeeded(&self) -> bool {
        self.done_s.is_some() && self.called_off == 0
    }
}

/// Something that happened and is worth a mark on a chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// When.
    pub at_s: f64,
    /// The resource.
    pub resource: String,
    /// What, as a fragment: `3 of 8 targets unhealthy`.
    pub text: String,
}

/// Totals of a fleet.
#[derive(Clone, Debug)]
pub struct FleetTotals {
    /// Name.
    pub name: String,
    /// Instance type.
    pub instance: String,
    /// Target of CPU target tracking in percent, if the fleet has such a policy.
    pub cpu_target: Option<f64>,
    /// Most instances that existed at once, booting and draining included.
    pub peak_instances: u32,
    /// Instances launched during the run.
    pub launched: u64,
    /// Instances terminated during the run.
    pub terminated: u64,
    /// Instances that came into service and never served: they were ended before their application answered, or it could
    /// not open its pools.
    pub never_served: u64,
    /// Billed instance-seconds.
    pub instance_seconds: f64,
    /// vCPU-nanoseconds that were busy.
    pub cpu_busy: f64,
    /// vCPU-nanoseconds that there were on running instances.
    pub cpu_there: f64,
}

/// Totals of a cache.
#[derive(Clone, Debug)]
pub struct CacheTotals {
    /// Name.
    pub name: String,
    /// Look-ups.
    pub lookups: u64,
    /// Look-ups that found their key.
    pub hits: u64,
    /// Items pushed out by newer ones.
    pub evictions: u64,
    /// Items found past their time to live.
    pub expirations: u64,
    /// Items removed by writes.
    pub invalidations: u64,
    /// Look-ups that waited for another request's fill.
    pub coalesced: u64,
    /// Live items at the end: held, and not past their time to live.
    pub items: u64,
    /// Items that fit.
    pub capacity: u64,
}

/// Totals of a database.
#[derive(Clone, Debug)]
pub struct DatabaseTotals {
    /// Name.
    pub name: String,
    /// Engine, `aurora-mysql` or `mysql`.
    pub engine: String,
    /// Read statements.
    pub reads: u64,
    /// Write statements.
    pub writes: u64,
    /// Committed transactions, autocommit writes included.
    pub commits: u64,
    /// Transactions that ended by lock wait timeout.
    pub lock_timeouts: u64,
    /// Transactions that ended as deadlock victims.
    pub deadlocks: u64,
    /// Connections refused at the limit.
    pub connections_refused: u64,
    /// Most connections open on the writer at once.
    pub peak_connections: u32,
    /// Reads that a replica answered.
    pub replica_reads: u64,
    /// Replica reads of a key whose last write had not reached that replica.
    pub stale_reads: u64,
    /// From commit to visible on a replica, of every write on every replica.
    pub lag: Histogram,
    /// Statements that waited for a row lock.
    pub lock_waits: u64,
    /// Nanoseconds that they waited.
    pub lock_waited: u64,
    /// Pages found in the buffer pool.
    pub pages_hit: u64,
    /// Pages touched; none without a buffer pool.
    pub pages: u64,
}

/// Totals of a service station.
#[derive(Clone, Debug)]
pub struct ServiceTotals {
    /// Name.
    pub name: String,
    /// Requests that asked for service.
    pub arrived: u64,
    /// Served to the end.
    pub served: u64,
    /// Turned away at a full queue.
    pub rejected: u64,
    /// Left the queue out of patience.
    pub abandoned: u64,
    /// Asked for service and had to wait.
    pub delayed: u64,
    /// Waiting times of those served who came after the warm-up.
    pub wait: Histogram,
    /// Busy servers over all servers, time average, 0 to 1.
    pub utilisation: f64,
    /// Requests in the station (waiting and served), time average.
    pub mean_in_station: f64,
}

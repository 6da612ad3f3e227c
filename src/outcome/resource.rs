//! What each resource went through, as the outcome tells it. In: totals of all runs. Out: figures of one event.
//!
//! Of several runs, counts are means over the runs, shares are those of all runs together, percentiles come from
//! the merged histograms, and what happened at most is the most of any run.

use serde::{Deserialize, Serialize};

use crate::measure::histogram::Histogram;
use crate::measure::totals::{CacheTotals, DatabaseTotals, FleetTotals, ServiceTotals};

/// Latency statistics in milliseconds; percentiles by nearest rank from an HDR histogram of every request of every run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    /// Sample size, all runs together.
    pub count: u64,
    /// Arithmetic mean.
    pub mean: f64,
    /// Median.
    pub p50: f64,
    /// 90th percentile.
    pub p90: f64,
    /// 95th percentile.
    pub p95: f64,
    /// 99th percentile.
    pub p99: f64,
    /// 99.9th percentile.
    pub p99_9: f64,
    /// 99.99th percentile.
    pub p99_99: f64,
    /// Largest.
    pub max: f64,
}

impl From<&Histogram> for Latency {
    fn from(histogram: &Histogram) -> Self {
        let millis = |quantile| histogram.quantile(quantile).unwrap_or(0) as f64 / 1e6;
        Latency {
            count: histogram.count(),
            mean: histogram.mean() / 1e6,
            p50: millis(0.5),
            p90: millis(0.9),
            p95: millis(0.95),
            p99: millis(0.99),
            p99_9: millis(0.999),
            p99_99: millis(0.9999),
            max: millis(1.0),
        }
    }
}

fn is_zero(value: &f64) -> bool {
    *value == 0.0
}

/// Totals of a fleet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FleetOutcome {
    /// Name.
    pub name: String,
    /// Instance type.
    pub instance: String,
    /// Target of CPU target tracking in percent, if the fleet has such a policy.
    pub cpu_target: Option<f64>,
    /// Most instances that existed at once in any run, booting and draining included.
    pub peak_instances: u32,
    /// Instances launched during the run.
    pub launched: f64,
    /// Instances terminated during the run.
    pub terminated: f64,
    /// Instances that came into service and never served: they were ended before their application answered, or it could
    /// not open its pools.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub never_served: f64,
    /// Billed instance-seconds.
    pub instance_seconds: f64,
    /// Mean CPU utilisation, 0 to 1, of instances whose application runs and that are not only draining.
    pub cpu_mean: f64,
}

/// Totals of a cache.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CacheOutcome {
    /// Name.
    pub name: String,
    /// Look-ups.
    pub lookups: f64,
    /// Look-ups that found their key.
    pub hits: f64,
    /// `hits / lookups`, 0 without look-ups.
    pub hit_ratio: f64,
    /// Items pushed out by newer ones.
    pub evictions: f64,
    /// Items found past their time to live.
    pub expirations: f64,
    /// Items removed by writes.
    pub invalidations: f64,
    /// Look-ups that waited for another request's fill.
    pub coalesced: f64,
    /// Live items at the end: held, and not past their time to live.
    pub items: f64,
    /// Items that fit.
    pub capacity: u64,
}

/// Totals of a database.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DatabaseOutcome {
    /// Name.
    pub name: String,
    /// Engine, `aurora-mysql` or `mysql`.
    pub engine: String,
    /// Read statements.
    pub reads: f64,
    /// Write statements.
    pub writes: f64,
    /// Committed transactions, autocommit writes included.
    pub commits: f64,
    /// Transactions that ended by lock wait timeout.
    pub lock_timeouts: f64,
    /// Transactions that ended as deadlock victims.
    pub deadlocks: f64,
    /// Connections refused at the limit.
    pub connections_refused: f64,
    /// Most connections open on the writer at once in any run.
    pub peak_connections: u32,
    /// Reads that a replica answered.
    pub replica_reads: f64,
    /// Replica reads of a key whose last write had not reached that replica.
    pub stale_reads: f64,
    /// From commit to visible on a replica, of every write on every replica.
    pub lag_ms: Latency,
    /// Mean wait of the statements that waited for a row lock.
    pub mean_lock_wait_ms: f64,
    /// Share of touched pages that were in memory; absent without a buffer pool.
    pub buffer_hit_ratio: Option<f64>,
}

/// Totals of a service station.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ServiceOutcome {
    /// Name.
    pub name: String,
    /// Requests that asked for service.
    pub arrived: f64,
    /// Served to the end.
    pub served: f64,
    /// Turned away at a full queue.
    pub rejected: f64,
    /// Left the queue out of patience.
    pub abandoned: f64,
    /// Asked for service and had to wait.
    pub delayed: f64,
    /// Mean wait of those served who came after the warm-up.
    pub mean_wait_ms: f64,
    /// Waiting times of the same.
    pub wait_ms: Latency,
    /// Busy servers over all servers, time average, 0 to 1.
    pub utilisation: f64,
    /// Requests in the station (waiting and served), time average.
    pub mean_in_station: f64,
}

/// A count as a mean over so many runs.
pub(super) fn per_run(total: u64, runs: f64) -> f64 {
    total as f64 / runs
}

/// A part of a total, 0 of nothing.
fn share(part: u64, total: u64) -> f64 {
    part as f64 / total.max(1) as f64
}

impl FleetOutcome {
    pub(super) fn of(totals: &FleetTotals, runs: f64) -> FleetOutcome {
        FleetOutcome {
            name: totals.name.clone(),
            instance: totals.instance.clone(),
            cpu_target: totals.cpu_target,
            peak_instances: totals.peak_instances,
            launched: per_run(totals.launched, runs),
            terminated: per_run(totals.terminated, runs),
            never_served: totals.never_served as f64 / runs,
            instance_seconds: totals.instance_seconds / runs,
            cpu_mean: totals.cpu_busy / totals.cpu_there.max(1.0),
        }
    }
}

impl CacheOutcome {
    pub(super) fn of(totals: &CacheTotals, runs: f64) -> CacheOutcome {
        CacheOutcome {
            name: totals.name.clone(),
            lookups: per_run(totals.lookups, runs),
            hits: per_run(totals.hits, runs),
            hit_ratio: share(totals.hits, totals.lookups),
            evictions: per_run(totals.evictions, runs),
            expirations: per_run(totals.expirations, runs),
            invalidations: per_run(totals.invalidations, runs),
            coalesced: per_run(totals.coalesced, runs),
            items: per_run(totals.items, runs),
            capacity: totals.capacity,
        }
    }
}

impl DatabaseOutcome {
    pub(super) fn of(totals: &DatabaseTotals, runs: f64) -> DatabaseOutcome {
        DatabaseOutcome {
            name: totals.name.clone(),
            engine: totals.engine.clone(),
            reads: per_run(totals.reads, runs),
            writes: per_run(totals.writes, runs),
            commits: per_run(totals.commits, runs),
            lock_timeouts: per_run(totals.lock_timeouts, runs),
            deadlocks: per_run(totals.deadlocks, runs),
            connections_refused: per_run(totals.connections_refused, runs),
            peak_connections: totals.peak_connections,
            replica_reads: per_run(totals.replica_reads, runs),
            stale_reads: per_run(totals.stale_reads, runs),
            lag_ms: (&totals.lag).into(),
            mean_lock_wait_ms: share(totals.lock_waited, totals.lock_waits) / 1e6,
            buffer_hit_ratio: (totals.pages > 0).then(|| share(totals.pages_hit, totals.pages)),
        }
    }
}

impl ServiceOutcome {
    pub(super) fn of(totals: &ServiceTotals, runs: f64) -> ServiceOutcome {
        ServiceOutcome {
            name: totals.name.clone(),
            arrived: per_run(totals.arrived, runs),
            served: per_run(totals.served, runs),
            rejected: per_run(totals.rejected, runs),
            abandoned: per_run(totals.abandoned, runs),
            delayed: per_run(totals.delayed, runs),
            mean_wait_ms: totals.wait.mean() / 1e6,
            wait_ms: (&totals.wait).into(),
            utilisation: totals.utilisation / runs,
            mean_in_station: totals.mean_in_station / runs,
        }
    }
}

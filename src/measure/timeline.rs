//! The event row by row: equally wide time buckets, each series a column.
//!
//! Of several runs, a value is the mean over the runs, a percentile is that of all their requests in the row, and a
//! mean or a ratio weighs each run by its requests, look-ups or writes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::histogram::Histogram;
use super::load::LoadSeries;

/// Columns over equally wide rows; every vector below has one value a row.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Timeline {
    /// Width of a row; the last row may be shorter.
    pub bucket_s: f64,
    /// Start of each row.
    pub time_s: Vec<f64>,
    /// Requests that arrived, per second.
    pub offered: Vec<f64>,
    /// Requests that completed, per second.
    pub completed: Vec<f64>,
    /// Attempts sent (retries included), per second.
    pub attempts: Vec<f64>,
    /// Failed requests by cause, per second.
    pub failed: BTreeMap<String, Vec<f64>>,
    /// Requests in flight at the end of the row.
    pub in_flight: Vec<f64>,
    /// Latency percentiles of requests that completed in the row, milliseconds; `None` where there was none.
    pub latency_ms: BTreeMap<String, Vec<Option<f64>>>,
    /// Mean time in each stage of the row's requests at or above its 99th percentile, milliseconds:
    /// `slow_ms[stage][row]`, stages as in `Outcome::stages`.
    pub slow_ms: Vec<Vec<f64>>,
    /// Mean time in each stage of all the row's completed requests, milliseconds: `mean_ms[stage][row]`.
    pub mean_ms: Vec<Vec<f64>>,
    /// Cost so far, US dollars, at the end of the row. What is metered by the hour (traffic, capacity units) is spread
    /// evenly over its hour.
    pub cost_usd: Vec<f64>,
    /// Fleets, in the order of the file.
    pub fleets: Vec<FleetSeries>,
    /// Caches, in the order of the file.
    pub caches: Vec<CacheSeries>,
    /// Databases, in the order of the file.
    pub databases: Vec<DatabaseSeries>,
    /// Service stations, in the order of the file.
    pub services: Vec<ServiceSeries>,
    /// What was asked of each resource that a path leads to; not part of `outcome.json`.
    #[serde(skip)]
    pub loads: Vec<LoadSeries>,
}

/// Percentiles in the timeline: name and quantile.
const PERCENTILES: [(&str, f64); 6] =
    [("p50", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99), ("p99_9", 0.999), ("max", 1.0)];

/// Of these, the one from which on requests are slow.
pub(super) const SLOW: usize = 3;

impl Timeline {
    /// Columns of percentiles without rows.
    pub(super) fn begin_percentiles(&mut self) {
        self.latency_ms = PERCENTILES.iter().map(|(name, _)| ((*name).into(), Vec::new())).collect();
    }

    /// Adds a row to the columns of percentiles, and returns them in nanoseconds.
    pub(super) fn push_percentiles(&mut self, latency: &Histogram) -> Option<[u64; PERCENTILES.len()]> {
        let found = latency.quantiles(PERCENTILES.map(|(_, quantile)| quantile));
        for (index, (name, _)) in PERCENTILES.iter().enumerate() {
            let millis = found.map(|values| values[index] as f64 / 1e6);
            self.latency_ms.entry((*name).into()).or_default().push(millis);
        }
        found
    }
}

/// One fleet.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct FleetSeries {
    /// Name.
    pub name: String,
    /// Instances between launch and InService, a launch hook included, at the end of the row.
    pub pending: Vec<f64>,
    /// Instances in service, still warming up; the application of some may not run yet.
    pub warming: Vec<f64>,
    /// Instances in service and warm.
    pub in_service: Vec<f64>,
    /// Instances that drain or wait for their termination hook.
    pub terminating: Vec<f64>,
    /// Desired capacity.
    pub desired: Vec<f64>,
    /// Targets the balancer holds for unhealthy.
    pub unhealthy: Vec<f64>,
    /// Instances whose application runs, draining ones included while they have requests, mean over the row.
    pub serving: Vec<f64>,
    /// Mean CPU utilisation of those over the row, percent.
    pub cpu_percent: Vec<f64>,
    /// Requests that wait for a core or share one with others, beyond those that have one each: whole fleet, mean over
    /// the row.
    #[serde(default)]
    pub cpu_waiting: Vec<f64>,
    /// Mean busy threads of each of those.
    pub threads_busy: Vec<f64>,
    /// Connections waiting for a thread, whole fleet, mean over the row.
    pub backlog: Vec<f64>,
    /// Connections per second that found the accept backlog full.
    #[serde(default)]
    pub refused: Vec<f64>,
    /// Pools, in the order of the file.
    pub pools: Vec<PoolSeries>,
}

/// One connection pool of a fleet (all instances together).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PoolSeries {
    /// The database it leads to.
    pub database: String,
    /// `writer` or `reader`.
    pub role: String,
    /// Share of the open connections in use, mean over the row and over the time for which each was open, percent.
    pub used_percent: Vec<f64>,
    /// Requests waiting for a connection, mean over the row.
    pub waiting: Vec<f64>,
}

/// One cache.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CacheSeries {
    /// Name.
    pub name: String,
    /// Look-ups per second.
    pub lookups: Vec<f64>,
    /// Hits over look-ups in the row; `None` without look-ups.
    pub hit_ratio: Vec<Option<f64>>,
    /// Evictions per second.
    pub evictions: Vec<f64>,
    /// Live items over items that fit, percent, at the end of the row: held, and not past their time to live.
    pub fill_percent: Vec<f64>,
    /// Busy share of the command thread of the shards, percent.
    pub busy_percent: Vec<f64>,
}

/// One database.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct DatabaseSeries {
    /// Name.
    pub name: String,
    /// CPU utilisation of the writer over the row, percent.
    pub writer_cpu_percent: Vec<f64>,
    /// CPU utilisation of the replicas over the row, mean, percent; zeros without replicas.
    pub replica_cpu_percent: Vec<f64>,
    /// Statements on the writer beyond its cores, which they share, mean over the row.
    #[serde(default)]
    pub writer_waiting: Vec<f64>,
    /// Statements on the replicas beyond their cores, all replicas together, mean over the row.
    #[serde(default)]
    pub replica_waiting: Vec<f64>,
    /// Connections open on the writer, end of the row.
    pub writer_connections: Vec<f64>,
    /// Connections open on all replicas, end of the row.
    pub replica_connections: Vec<f64>,
    /// Connections that were refused at the limit of a node in the row.
    #[serde(default)]
    pub refused: Vec<f64>,
    /// Statements executing or waiting on the writer, mean over the row.
    pub writer_active: Vec<f64>,
    /// Transactions waiting for a row lock, mean over the row.
    pub lock_waiting: Vec<f64>,
    /// Mean wait of the row locks granted in the row, milliseconds; `None` where none waited.
    pub lock_wait_ms: Vec<Option<f64>>,
    /// Statements per second, reads.
    pub reads: Vec<f64>,
    /// Statements per second, writes.
    pub writes: Vec<f64>,
    /// Largest replica lag in the row, milliseconds: of its writes, and of earlier ones that had not arrived.
    pub lag_ms: Vec<f64>,
    /// Stale reads per second.
    pub stale_reads: Vec<f64>,
}

/// One service station.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ServiceSeries {
    /// Name.
    pub name: String,
    /// Busy servers over all servers, mean over the row, percent.
    pub busy_percent: Vec<f64>,
    /// Requests waiting, mean over the row.
    pub waiting: Vec<f64>,
    /// Requests per second that found the queue full.
    #[serde(default)]
    pub refused: Vec<f64>,
}

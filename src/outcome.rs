//! The one artefact of a run: everything that the terminal page, the files and the charts show.
//!
//! In: what a run measured, its bill and the verdicts. Out: [`Outcome`], serialisable, versioned, complete:
//! every view reads only this. Times are seconds since the start of the run unless the name says otherwise;
//! a series has one value for each row of the timeline.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use crate::measure::timeline::{self, Timeline};

/// Version of the layout of `outcome.json`; raised when a field changes its meaning or goes away.
pub const VERSION: u32 = 1;

/// What one run leaves behind.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// Layout version, [`VERSION`].
    pub version: u32,
    /// Version of simcap that made it.
    pub simcap: String,
    /// What was run.
    pub scenario: ScenarioSummary,
    /// Requests as their clients see them: one request may take several attempts.
    pub requests: Count,
    /// Attempts as the system sees them.
    pub attempts: Count,
    /// Work that went on for clients who had gone.
    pub abandoned: Abandoned,
    /// Completed requests per second over the whole run.
    pub goodput_per_s: f64,
    /// Latency of completed requests after the warm-up, from first sending to last byte, retries included.
    pub latency_ms: Latency,
    /// Percentile curve of the same latencies: (percentile 0 to 100, milliseconds), finer towards 100.
    pub distribution: Vec<(f64, f64)>,
    /// The same by request class, in the order of the file.
    pub classes: Vec<ClassOutcome>,
    /// Kinds of time a request can spend; series of shares refer to these by position.
    pub stages: Vec<Stage>,
    /// The event row by row.
    pub timeline: Timeline,
    /// What limited the system, and when.
    pub phases: Vec<Phase>,
    /// Every Auto Scaling activity, in time order.
    pub scaling: Vec<Activity>,
    /// Other things that happened: health changes, refused connections, scheduled actions.
    pub incidents: Vec<Incident>,
    /// Totals of each fleet.
    pub fleets: Vec<FleetOutcome>,
    /// Totals of each cache.
    pub caches: Vec<CacheOutcome>,
    /// Totals of each database.
    pub databases: Vec<DatabaseOutcome>,
    /// Totals of each service station.
    pub services: Vec<ServiceOutcome>,
    /// What it cost.
    pub bill: Bill,
    /// Verdicts on the objectives, in the order of the file.
    pub objectives: Vec<Verdict>,
}

impl Outcome {
    /// Whether every objective was met.
    pub fn objectives_met(&self) -> bool {
        self.objectives.iter().all(|verdict| verdict.met)
    }
}

/// What was run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ScenarioSummary {
    /// Title.
    pub name: String,
    /// Name of the output folder.
    pub slug: String,
    /// AWS region.
    pub region: String,
    /// Simulated span.
    pub duration_s: f64,
    /// Percentiles leave out what arrived before this.
    pub warmup_s: f64,
    /// Seed.
    pub seed: u64,
    /// `--set` overrides, as given.
    pub overrides: Vec<String>,
}

/// Conservation: `arrived == completed + failed + in_flight`, and `failed` is the sum of `failed_by_cause`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Count {
    /// Entered the system.
    pub arrived: u64,
    /// Ended well.
    pub completed: u64,
    /// Ended badly.
    pub failed: u64,
    /// Not yet ended when the run stopped.
    pub in_flight: u64,
    /// Failures by cause, only causes that occurred.
    pub failed_by_cause: BTreeMap<String, u64>,
}

/// Work that went on for clients who had gone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Abandoned {
    /// Attempts that ended in the system after their client had given up.
    pub ended: u64,
    /// Attempts without a client still in the system when the run stopped.
    pub in_system: u64,
    /// CPU seconds (on instances) spent on them.
    pub cpu_s: f64,
}

/// Latency statistics in milliseconds; percentiles by nearest rank from an HDR histogram of every request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    /// Sample size.
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

/// One request class.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ClassOutcome {
    /// Name in the file.
    pub name: String,
    /// Requests of this class.
    pub requests: Count,
    /// Latency of completed requests.
    pub latency_ms: Latency,
}

/// A kind of time that a request can spend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// For people: `waiting for a connection to orders on web`.
    pub label: String,
    /// What kind of time.
    pub kind: StageKind,
    /// The resource in the file (`web`, `orders`); empty for the network and the client.
    pub resource: String,
}

/// What kind of time a stage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageKind {
    /// Between client, balancer, instance, cache and database.
    Network,
    /// Between attempts: the pause before a retry, and attempts that came to nothing.
    Retry,
    /// Waiting for the connection to be accepted and for a thread of an instance.
    Thread,
    /// On an instance's CPU, sharing included.
    Cpu,
    /// Waiting for a connection of a pool.
    Pool,
    /// At a cache: its command queue and execution, and waiting for another request's fill.
    Cache,
    /// Statements on a database node: CPU (sharing included), storage and commit.
    Database,
    /// Waiting for a row lock.
    Lock,
    /// At a service station: waiting and service.
    Service,
    /// Delays written in the path.
    Delay,
}

/// A span of the event with one story.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Phase {
    /// Start.
    pub from_s: f64,
    /// End.
    pub to_s: f64,
    /// Position in [`Outcome::stages`] of the stage that took most of the slow requests' time.
    pub stage: usize,
    /// Its share of the time of requests at or above the 99th percentile.
    pub share: f64,
    /// Whether the span was trouble (slow against the rest of the run, or failing) or normal operation.
    pub trouble: bool,
    /// The finding as a sentence with numbers.
    pub sentence: String,
}

/// One Auto Scaling activity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Activity {
    /// When it was decided.
    pub at_s: f64,
    /// When the last instance of it was in service or terminated; absent if not before the end of the run.
    pub done_s: Option<f64>,
    /// The fleet.
    pub fleet: String,
    /// Desired capacity before.
    pub from: u32,
    /// Desired capacity after.
    pub to: u32,
    /// Why, in the manner of the AWS activity history.
    pub cause: String,
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
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FleetOutcome {
    /// Name.
    pub name: String,
    /// Instance type.
    pub instance: String,
    /// Target of CPU target tracking in percent, if the fleet has such a policy.
    pub cpu_target: Option<f64>,
    /// Most instances that existed at once, booting and draining included.
    pub peak_instances: u32,
    /// Instances launched during the run.
    pub launched: u32,
    /// Instances terminated during the run.
    pub terminated: u32,
    /// Billed instance-seconds.
    pub instance_seconds: f64,
    /// Mean CPU utilisation of instances in service, 0 to 1.
    pub cpu_mean: f64,
}

/// Totals of a cache.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CacheOutcome {
    /// Name.
    pub name: String,
    /// Look-ups.
    pub lookups: u64,
    /// Look-ups that found their key.
    pub hits: u64,
    /// `hits / lookups`, 0 without look-ups.
    pub hit_ratio: f64,
    /// Items pushed out by newer ones.
    pub evictions: u64,
    /// Items found past their time to live.
    pub expirations: u64,
    /// Items removed by writes.
    pub invalidations: u64,
    /// Look-ups that waited for another request's fill.
    pub coalesced: u64,
    /// Items at the end.
    pub items: u64,
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
    /// Largest replica lag.
    pub max_lag_ms: f64,
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
    pub arrived: u64,
    /// Served to the end.
    pub served: u64,
    /// Turned away at a full queue.
    pub rejected: u64,
    /// Left the queue out of patience.
    pub abandoned: u64,
    /// Asked for service and had to wait (or were turned away).
    pub delayed: u64,
    /// Mean wait of those served.
    pub mean_wait_ms: f64,
    /// Waiting times of those served.
    pub wait_ms: Latency,
    /// Busy servers over all servers, time average, 0 to 1.
    pub utilisation: f64,
    /// Requests in the station (waiting and served), time average.
    pub mean_in_station: f64,
}

/// The bill: `total_usd` is the sum of the items' `usd`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Bill {
    /// The event.
    pub total_usd: f64,
    /// Per million completed requests; absent without any.
    pub per_million_requests_usd: Option<f64>,
    /// As if the steady state (the median hour of the run) ran for 730 hours.
    pub month_usd: f64,
    /// The items.
    pub items: Vec<BillItem>,
    /// Newest and oldest date of the prices used, as `YYYY-MM-DD`.
    pub price_dates: Option<(String, String)>,
}

/// One item of the bill.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BillItem {
    /// AWS service: `EC2`, `ELB`, `ElastiCache-Redis`, `Aurora-MySQL`, `DataTransfer`.
    pub service: String,
    /// The resource in the file it belongs to (`web`), or empty.
    pub resource: String,
    /// What: `m6i.large instance-hours`.
    pub what: String,
    /// How much.
    pub quantity: f64,
    /// Unit of the quantity: `hour`, `GB`, `LCU-hour`, `million`.
    pub unit: String,
    /// Price of one unit.
    pub unit_price_usd: f64,
    /// `quantity × unit_price_usd`.
    pub usd: f64,
    /// The same for a month of steady state.
    pub month_usd: f64,
    /// Where the price comes from and its date: `AWS price list, 2026-10-01`; `scenario file` when overridden.
    pub source: String,
}

/// Verdict on one objective.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Verdict {
    /// As written: `latency p99 < 800ms`.
    pub objective: String,
    /// What was observed, in words: `1.24s`.
    pub observed: String,
    /// Whether it was met.
    pub met: bool,
}

//! The columns of what only some fleets have: credits, links, ports, pools of instances.
//!
//! In: nothing but types of its own. Out: a table for each, made with its first row.

use serde::{Deserialize, Serialize};

use crate::measure::column::{self, Column, column};

/// Local ports of instances, for their calls.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PortSeries {
    /// Local ports that are taken, percent, at the end of the row: of the fullest pair of an instance and an address that it calls.
    pub taken_percent: Vec<f64>,
    /// Local ports that are in use by calls, or closed and not free yet, percent, on the mean of the row: of the fullest pair of an instance and an
    /// address that it calls. Idle connections are left out.
    #[serde(default)]
    pub busy_percent: Vec<f64>,
    /// Calls per second that had a connection, kept or new.
    #[serde(default)]
    pub calls: Vec<f64>,
    /// Connections opened per second, each of which takes a local port.
    pub opened: Vec<f64>,
    /// Calls per second for which there was no local port.
    pub failed: Vec<f64>,
}

impl column::Series for PortSeries {
    const KIND: &'static str = "ports";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<PortSeries>] = &[
        column!(taken_percent, Percent),
        column!(busy_percent, Percent),
        column!(calls, PerSecond),
        column!(opened, PerSecond),
        column!(failed, PerSecond),
    ];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// The CPU limit of tasks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LimitSeries {
    /// Part of the time of tasks in which they stood still, because they had used up the CPU time of the period, percent.
    pub throttled_percent: Vec<f64>,
}

impl column::Series for LimitSeries {
    const KIND: &'static str = "limit";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<LimitSeries>] = &[column!(throttled_percent, Percent)];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// Tasks on the instances of a cluster, at the end of the row.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TaskSeries {
    /// Pending tasks for which no instance has room, at the end of the row.
    pub waiting: Vec<f64>,
}

impl column::Series for TaskSeries {
    const KIND: &'static str = "tasks";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<TaskSeries>] = &[column!(waiting, Count)];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// Instances that are resized, at the end of the row. No other column counts them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ResizingSeries {
    /// Instances that are stopped to become another type, at the end of the row.
    pub away: Vec<f64>,
}

impl column::Series for ResizingSeries {
    const KIND: &'static str = "resizing";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<ResizingSeries>] = &[column!(away, Count)];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// The capacity of a group of several types, at the end of the row.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MixedSeries {
    /// Desired capacity, in units.
    pub desired: Vec<f64>,
    /// Units in service, warm or not.
    pub in_service: Vec<f64>,
    /// What the instances that serve can do, in vCPUs of strength 1, mean of the row.
    pub work: Vec<f64>,
}

impl column::Series for MixedSeries {
    const KIND: &'static str = "mixed";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<MixedSeries>] =
        &[column!(desired, Count), column!(in_service, Count), column!(work, Count)];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// Instances on standby, at the end of the row. No other column counts them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StandbySeries {
    /// Instances that drain on the way to standby (EnteringStandby), at the end of the row.
    pub entering: Vec<f64>,
    /// Instances on standby (Standby), at the end of the row.
    pub there: Vec<f64>,
}

impl column::Series for StandbySeries {
    const KIND: &'static str = "standby";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<StandbySeries>] = &[column!(entering, Count), column!(there, Count)];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// Spot instances, at the end of the row; the other columns count them as well.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SpotSeries {
    /// Spot instances in service, at the end of the row.
    pub in_service: Vec<f64>,
    /// Spot instances that have an interruption notice and are not gone, at the end of the row.
    pub noticed: Vec<f64>,
}

impl column::Series for SpotSeries {
    const KIND: &'static str = "spot";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<SpotSeries>] = &[column!(in_service, Count), column!(noticed, Count)];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// Instances of a warm pool, at the end of the row. No other column counts them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WarmPoolSeries {
    /// Instances of the warm pool that are prepared, or stop (Warmed:Pending and Warmed:Pending:Wait), at the end of the row.
    pub pending: Vec<f64>,
    /// Instances of the warm pool that a scale-out can take (Warmed:Stopped, Warmed:Running or Warmed:Hibernated), at the end of the row.
    pub ready: Vec<f64>,
}

impl column::Series for WarmPoolSeries {
    const KIND: &'static str = "warm_pool";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<WarmPoolSeries>] = &[column!(pending, Count), column!(ready, Count)];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// CPU credits of the instances of a fleet that EC2 runs, at the end of the row. A credit is a vCPU at 100 % for a minute.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreditSeries {
    /// CPU credits that an instance can spend, mean of the instances.
    pub balance: Vec<f64>,
    /// Surplus CPU credits that an instance owes in unlimited mode, mean of the instances.
    pub owed: Vec<f64>,
    /// Instances that are held to their baseline, because they have no CPU credits.
    pub held: Vec<f64>,
}

impl column::Series for CreditSeries {
    const KIND: &'static str = "credits";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<CreditSeries>] =
        &[column!(balance, Count), column!(owed, Count), column!(held, Count)];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// Memory of the instances of a fleet that are in service.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MemorySeries {
    /// Memory used in percent, mean of the instances at the end of the row.
    pub used_percent: Vec<f64>,
}

impl column::Series for MemorySeries {
    const KIND: &'static str = "memory";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<MemorySeries>] = &[column!(used_percent, Percent)];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// Work of vCPUs of which two are the threads of one core, of all instances whose application runs: so many that have their cores
/// alone do as much, mean over the row.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CoreSeries {
    /// Work that the vCPUs did, mean over the row: as many cores as would have done as much if each ran one thread alone.
    pub work: Vec<f64>,
    /// Work that the vCPUs do while all are busy, mean over the row: as many cores as would do as much if each ran one thread alone.
    pub most: Vec<f64>,
}

impl column::Series for CoreSeries {
    const KIND: &'static str = "cores";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<CoreSeries>] = &[column!(work, Count), column!(most, Count)];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// Links of the instances of a fleet, for what they answer.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NetworkSeries {
    /// How much of the row something was sent, mean of the instances whose application runs, percent.
    pub busy_percent: Vec<f64>,
    /// Answers that share a link, beyond one on each: whole fleet, mean over the row.
    pub waiting: Vec<f64>,
    /// What all instances together send, megabits per second, mean over the row.
    pub mbit_per_s: Vec<f64>,
    /// Network credits that are left, percent of the most, mean of the instances at the end of the row.
    pub credits_percent: Vec<f64>,
    /// Instances that send at their baseline, because they have no network credits left, at the end of the row.
    pub throttled: Vec<f64>,
}

impl column::Series for NetworkSeries {
    const KIND: &'static str = "network";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<NetworkSeries>] = &[
        column!(busy_percent, Percent),
        column!(waiting, Count),
        column!(mbit_per_s, Count),
        column!(credits_percent, Percent),
        column!(throttled, Count),
    ];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}

//! The columns of what only some fleets have: credits, links, ports, pools of instances.
//!
//! In: nothing but types of its own. Out: a table for each, made with its first row.

use serde::{Deserialize, Serialize};

use crate::measure::column::{self, Column, column};

/// Local ports of instances, for their calls.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PortSeries {
    /// Percent of the ports of the fullest pair of an instance and an address that it calls, at the end of the row.
    pub taken_percent: Vec<f64>,
    /// The same without idle connections, on the mean of the row: in use by calls, or closed and not free yet.
    #[serde(default)]
    pub busy_percent: Vec<f64>,
    /// Calls per second that had a connection, kept or new.
    #[serde(default)]
    pub calls: Vec<f64>,
    /// Connections opened per second, each of which takes one.
    pub opened: Vec<f64>,
    /// Calls per second for which there was none.
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
    /// Percent of the time for which tasks served in which they stood still, because they had used up the CPU time of their period.
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
    /// Of those that are pending, tasks for which no instance has room.
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
    /// Instances that are stopped.
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
    /// Instances that drain on their way there (EnteringStandby).
    pub entering: Vec<f64>,
    /// Instances that are there (Standby).
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
    /// Spot instances in service.
    pub in_service: Vec<f64>,
    /// Spot instances that have their interruption notice and are not gone.
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
    /// Instances that are prepared, or stop (Warmed:Pending and Warmed:Pending:Wait).
    pub pending: Vec<f64>,
    /// Instances that a scale-out can take (Warmed:Stopped, Warmed:Running or Warmed:Hibernated).
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
    /// Credits that an instance can spend, mean.
    pub balance: Vec<f64>,
    /// Surplus credits that an instance owes in unlimited mode, mean.
    pub owed: Vec<f64>,
    /// Instances that are held to their baseline, because they have no credits.
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
    /// What they did.
    pub work: Vec<f64>,
    /// What they do while all of them are busy.
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
    /// Instances that send at their baseline, because they have no network credits, at the end of the row.
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

//! What is kept of a fleet: the columns of its instances and of its pools.
//!
//! In: nothing but types of its own. Out: the table of a fleet, one line a column; its totals and figures have files of their own.

mod figures;
mod parts;
mod totals;

use serde::{Deserialize, Serialize};

use super::chart::CHARTS;
use crate::measure::capacity::shares;
use crate::measure::chart::Chart;
use crate::measure::column::{self, Column, column};
use crate::measure::figure::{self, Figure};
use crate::measure::pool::PoolSeries;

pub use self::FleetSeries as Series;
pub use self::parts::{
    CoreSeries, CreditSeries, LimitSeries, MemorySeries, MixedSeries, NetworkSeries, PortSeries,
    ResizingSeries, SpotSeries, StandbySeries, TaskSeries, WarmPoolSeries,
};
pub use self::totals::{FleetOutcome, FleetOutcome as Outcome, FleetTotals, FleetTotals as Totals};

/// One fleet.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FleetSeries {
    /// The name that the file gives it.
    pub name: String,
    /// Instances between launch and InService, a launch hook included, at the end of the row.
    pub pending: Vec<f64>,
    /// Instances in service, still warming up; the application of some may not run yet.
    pub warming: Vec<f64>,
    /// Instances in service and warm.
    pub in_service: Vec<f64>,
    /// Instances that drain or wait for a termination hook.
    pub terminating: Vec<f64>,
    /// Desired capacity, in instances. Of a group of several types, desired units are told in instances like those that stay.
    pub desired: Vec<f64>,
    /// Instances in service and warm that are lost, and of which their group has not noticed it.
    #[serde(default)]
    pub lost: Vec<f64>,
    /// Targets the balancer holds for unhealthy.
    pub unhealthy: Vec<f64>,
    /// Instances whose application runs, draining ones included while they have requests, mean over the row.
    pub serving: Vec<f64>,
    /// Instances whose application runs and that may get requests or have some: without those that their balancers have not found healthy yet. Mean
    /// over the row.
    #[serde(default)]
    pub in_rotation: Vec<f64>,
    /// Mean CPU utilisation of all instances that serve over the row, percent. While CPU credits hold an instance back, it is a share of what they
    /// allow: more than CloudWatch shows, and than the mean of the page.
    pub cpu_percent: Vec<f64>,
    /// Requests that wait for a core or share one with others, beyond those that have one each: whole fleet, mean over
    /// the row.
    #[serde(default)]
    pub cpu_waiting: Vec<f64>,
    /// Busy threads of an instance whose application runs: mean over these instances and over the row.
    pub threads_busy: Vec<f64>,
    /// Connections waiting for a thread, whole fleet, mean over the row.
    pub backlog: Vec<f64>,
    /// Connections per second that found the accept backlog full.
    #[serde(default)]
    pub refused: Vec<f64>,
    /// The connection pools of the fleet, in the order of the file.
    pub pools: Vec<PoolSeries>,
    /// CPU credits, if the type of the instances has them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<CreditSeries>,
    /// Links of the instances, if bytes take time there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub network: Vec<NetworkSeries>,
    /// Local ports of the instances, if they can run out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<PortSeries>,
    /// Memory of the instances, if the file says what they use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub memory: Vec<MemorySeries>,
    /// The vCPUs of the fleet as threads of cores, if two share one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cores: Vec<CoreSeries>,
    /// The CPU limit of the tasks of the fleet, if it is below their vCPUs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limit: Vec<LimitSeries>,
    /// Tasks on the instances of a cluster, if the fleet is made of tasks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<TaskSeries>,
    /// The warm pool of the fleet, if it has one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warm_pool: Vec<WarmPoolSeries>,
    /// The Spot instances of the fleet, if it has some.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spot: Vec<SpotSeries>,
    /// Instances that are away to become another type, if the fleet is resized.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resizing: Vec<ResizingSeries>,
    /// The capacity of the fleet in units, if its instances are of several types.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mixed: Vec<MixedSeries>,
    /// Instances on standby, if some are put there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub standby: Vec<StandbySeries>,
}

impl FleetSeries {
    /// Row by row, the part of what the vCPUs of its instances do together that they did: busy vCPUs, or where two are the threads of
    /// one core, their work.
    pub fn work_share(&self) -> Vec<f64> {
        let of = |cores: &CoreSeries| {
            let pairs = cores.work.iter().zip(&cores.most);
            pairs.map(|(work, most)| if *most > 0.0 { (work / most).min(1.0) } else { 0.0 }).collect()
        };
        self.cores.first().map_or_else(|| shares(&self.of_rotation(&self.cpu_percent, 100.0)), of)
    }

    /// Instances in service and warm that are there: a group counts those as well that are lost, until it has noticed it.
    pub fn there(&self) -> Vec<f64> {
        let lost = |row: usize| self.lost.get(row).copied().unwrap_or(0.0);
        self.in_service.iter().enumerate().map(|(row, count)| (count - lost(row)).max(0.0)).collect()
    }

    /// Those of them that get no requests, as while a deployment replaces their application, or before their balancer has found them
    /// healthy. None in files of older versions. States are those at the end of a row, while who is in rotation is a mean over it: an
    /// instance that comes within a row is in rotation in the next one.
    pub fn idle(&self) -> Vec<f64> {
        let rotation = |row: usize| self.in_rotation.get(row).copied();
        let idle = |(row, there): (usize, f64)| match (rotation(row), rotation(row + 1)) {
            (Some(now), Some(next)) => (there - now.max(next)).clamp(0.0, there),
            // Of the last row nobody knows what comes next.
            (Some(now), None) => (there - now).clamp(0.0, there).floor(),
            (None, _) => 0.0,
        };
        self.there().into_iter().enumerate().map(idle).collect()
    }

    /// Row by row, a mean of all instances that serve, of which those in rotation have the whole, as a mean of these: at most `most`.
    pub fn of_rotation(&self, mean: &[f64], most: f64) -> Vec<f64> {
        let all = self.serving.iter().zip(&self.in_rotation);
        let of =
            |(mean, (serving, rotation)): (&f64, (&f64, &f64))| match rotation < serving && *rotation > 0.0 {
                true => (mean * serving / rotation).min(most.max(*mean)),
                false => *mean,
            };
        mean.iter().zip(all).map(of).collect()
    }
}

impl column::Series for FleetSeries {
    const KIND: &'static str = "fleet";
    const LABELS: &'static [&'static str] = &["name"];
    const COLUMNS: &'static [Column<FleetSeries>] = &[
        column!(pending, Count),
        column!(warming, Count),
        column!(in_service, Count),
        column!(lost, Count),
        column!(terminating, Count),
        column!(desired, Count),
        column!(unhealthy, Count),
        column!(serving, Count),
        column!(in_rotation, Count),
        column!(Shared cpu_percent, Percent, by serving),
        column!(cpu_waiting, Count),
        column!(Shared threads_busy, Count, by serving),
        column!(backlog, Count),
        column!(refused, PerSecond),
        column!(parts pools),
        column!(parts credits),
        column!(parts network),
        column!(parts ports),
        column!(parts memory),
        column!(parts cores),
        column!(parts limit),
        column!(parts tasks),
        column!(parts warm_pool),
        column!(parts spot),
        column!(parts standby),
        column!(parts resizing),
        column!(parts mixed),
    ];

    fn labels(&self) -> Vec<&str> {
        vec![&self.name]
    }
}

impl figure::Totals for FleetTotals {
    type Series = FleetSeries;
    type Told = FleetOutcome;
    const TITLE: &'static str = "Fleets";
    const REMARK: &'static str =
        "CPU mean is of all CPU of the instances that serve, without those that still install";
    const FIGURES: &'static [Figure<FleetTotals>] = figures::FIGURES;
    const CHARTS: &'static [Chart<FleetSeries, FleetOutcome>] = CHARTS;

    fn name(told: &Self::Told) -> &str {
        &told.name
    }
}

#[cfg(test)]
mod sample {
    use super::*;
    use crate::kind::tests::{self, Sample};

    impl Sample for FleetTotals {
        fn sample(salt: u64) -> FleetTotals {
            FleetTotals {
                name: "web".into(),
                instance: "m6i.large".into(),
                cpu_target: Some(60.0),
                max_instances: Some(20.0),
                peak_instances: 7 + salt as u32,
                wanted_instances: 9 + salt as u32,
                wanted_times: 4 + salt,
                launched: 5 + salt,
                terminated: 3 + salt,
                from_pool: 1 + salt,
                failed_launches: 6 + salt,
                interrupted: 11 + salt,
                missing: 8 + salt,
                never_served: 2 + salt,
                instance_seconds: 100.5 + salt as f64,
                held_seconds: 60.0 + salt as f64,
                limited_seconds: 75.0 + salt as f64,
                limited_periods: 14 + salt,
                throttled_seconds: 70.0 + salt as f64,
                deploying_seconds: 80.0 + salt as f64,
                deploying_failed: 12 + salt,
                deploying_least: 13 + salt,
                deploys: 1,
                surplus_hours: 1.5 + salt as f64,
                owed_hours: 2.5 + salt as f64,
                cpu_busy: 40.0 + salt as f64,
                cpu_there: 90.0 + salt as f64,
            }
        }

        fn add_parts(series: &mut FleetSeries, salt: u32) {
            series.pools = vec![tests::filled(salt), tests::filled(salt + 1)];
            series.credits = vec![tests::filled(salt)];
            series.network = vec![tests::filled(salt)];
            series.ports = vec![tests::filled(salt)];
            series.memory = vec![tests::filled(salt)];
            series.cores = vec![tests::filled(salt)];
            series.tasks = vec![tests::filled(salt)];
            series.limit = vec![tests::filled(salt)];
            series.warm_pool = vec![tests::filled(salt)];
            series.spot = vec![tests::filled(salt)];
            series.standby = vec![tests::filled(salt)];
            series.resizing = vec![tests::filled(salt)];
            series.mixed = vec![tests::filled(salt)];
        }
    }
}

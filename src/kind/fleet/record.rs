//! What is kept of a fleet: the columns of its instances and of its pools, its totals, its figures.
//!
//! In: nothing but types of their own. Out: the tables of a fleet, one line a column and one a figure.

use serde::{Deserialize, Serialize};

use super::chart::CHARTS;
use crate::measure::capacity::shares;
use crate::measure::chart::Chart;
use crate::measure::column::{self, Column, column};
use crate::measure::figure::{self, Estimated, Figure, Page, Shown, counter, setting, share_of_some};
use crate::measure::pool::PoolSeries;
use crate::measure::unit::{Better, Unit};

pub use self::{FleetOutcome as Outcome, FleetSeries as Series, FleetTotals as Totals};

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
    /// Desired capacity; of several types in instances, as if those that are desired were as those that stay.
    pub desired: Vec<f64>,
    /// Of those in service and warm, instances that are lost and of which their group has not noticed it.
    #[serde(default)]
    pub lost: Vec<f64>,
    /// Targets the balancer holds for unhealthy.
    pub unhealthy: Vec<f64>,
    /// Instances whose application runs, draining ones included while they have requests, mean over the row.
    pub serving: Vec<f64>,
    /// Of those, instances that may get requests or have some: without those that their balancers have not found healthy yet. Mean over the
    /// row.
    #[serde(default)]
    pub in_rotation: Vec<f64>,
    /// Mean CPU utilisation of all that serve over the row, percent.
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
    /// CPU credits, if its type has them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<CreditSeries>,
    /// Links of its instances, if bytes take time there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub network: Vec<NetworkSeries>,
    /// Local ports of its instances, if they can run out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<PortSeries>,
    /// Memory of its instances, if the file says what they use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub memory: Vec<MemorySeries>,
    /// Its vCPUs as threads of cores, if two share one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cores: Vec<CoreSeries>,
    /// Its warm pool, if it has one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warm_pool: Vec<WarmPoolSeries>,
    /// Its Spot instances, if it has some.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spot: Vec<SpotSeries>,
    /// Its instances that are away to become another type, if they are resized.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resizing: Vec<ResizingSeries>,
    /// Its capacity in units, if its instances are of several types.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mixed: Vec<MixedSeries>,
    /// Its instances on standby, if some are put there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub standby: Vec<StandbySeries>,
}

/// Local ports of instances, for their calls.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
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

/// The columns that a fleet has once, or not at all: made with its first row.
pub(super) fn the_one<T: Default>(columns: &mut Vec<T>) -> &mut T {
    if columns.is_empty() {
        columns.push(T::default());
    }
    &mut columns[0]
}

/// Instances that are resized, at the end of the row. No other column counts them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ResizingSeries {
    /// Instances that are stopped.
    pub away: Vec<f64>,
}

/// The capacity of a group of several types, at the end of the row.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct MixedSeries {
    /// Desired capacity, in units.
    pub desired: Vec<f64>,
    /// Units in service, warm or not.
    pub in_service: Vec<f64>,
    /// What the instances that serve can do, in vCPUs of strength 1, mean of the row.
    pub work: Vec<f64>,
}

/// Instances on standby, at the end of the row. No other column counts them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct StandbySeries {
    /// Instances that drain on their way there (EnteringStandby).
    pub entering: Vec<f64>,
    /// Instances that are there (Standby).
    pub there: Vec<f64>,
}

/// Spot instances, at the end of the row; the other columns count them as well.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SpotSeries {
    /// Spot instances in service.
    pub in_service: Vec<f64>,
    /// Spot instances that have their interruption notice and are not gone.
    pub noticed: Vec<f64>,
}

/// Instances of a warm pool, at the end of the row. No other column counts them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct WarmPoolSeries {
    /// Instances that are prepared, or stop (Warmed:Pending and Warmed:Pending:Wait).
    pub pending: Vec<f64>,
    /// Instances that a scale-out can take (Warmed:Stopped, Warmed:Running or Warmed:Hibernated).
    pub ready: Vec<f64>,
}

/// CPU credits of the instances of a fleet that EC2 runs, at the end of the row. A credit is a vCPU at 100 % for a minute.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CreditSeries {
    /// Credits that an instance can spend, mean.
    pub balance: Vec<f64>,
    /// Surplus credits that an instance owes in unlimited mode, mean.
    pub owed: Vec<f64>,
    /// Instances that are held to their baseline, because they have no credits.
    pub held: Vec<f64>,
}

/// Memory of the instances of a fleet that are in service.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct MemorySeries {
    /// Memory used in percent, mean of the instances at the end of the row.
    pub used_percent: Vec<f64>,
}

/// Work of vCPUs of which two are the threads of one core, of all instances whose application runs: so many that have their cores
/// alone do as much, mean over the row.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CoreSeries {
    /// What they did.
    pub work: Vec<f64>,
    /// What they do while all of them are busy.
    pub most: Vec<f64>,
}

/// Links of the instances of a fleet, for what they answer.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
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

/// Totals of a fleet.
#[derive(Clone, Debug, Default)]
pub struct FleetTotals {
    /// Name.
    pub name: String,
    /// Instance type, or its types, one after the other: `t3.small → m5.large`.
    pub instance: String,
    /// Target of CPU target tracking in percent, if the fleet has such a policy.
    pub cpu_target: Option<f64>,
    /// Most instances at once that were on their way in, in service or on standby; what only leaves is left out.
    pub peak_instances: u32,
    /// The largest size that policies wanted beyond the maximum; 0 if they never wanted more than that.
    pub wanted_instances: u32,
    /// How often they wanted more than that.
    pub wanted_times: u64,
    /// Instances launched during the run.
    pub launched: u64,
    /// Instances terminated during the run: not those that went back into the warm pool, unless they ended there.
    pub terminated: u64,
    /// Of those launched, instances that came from the warm pool.
    pub from_pool: u64,
    /// Launches that EC2 refused.
    pub failed_launches: u64,
    /// Spot instances that got an interruption notice.
    pub interrupted: u64,
    /// Instances that are lacking at the end of the run because of them.
    pub missing: u64,
    /// Instances that were launched and never served: their launch was abandoned by its hook, they were ended before
    /// their application answered, or it could not open its pools.
    pub never_served: u64,
    /// Billed instance-seconds.
    pub instance_seconds: f64,
    /// Instance-seconds for which instances were held to their baseline, because they had no CPU credits.
    pub held_seconds: f64,
    /// Instance-seconds for which instances sent at their baseline, because they had no network credits.
    pub throttled_seconds: f64,
    /// Seconds in which there was a deployment or a refresh.
    pub deploying_seconds: f64,
    /// Requests of the whole system that failed meanwhile.
    pub deploying_failed: u64,
    /// The fewest instances that served meanwhile.
    pub deploying_least: u64,
    /// Runs in which there was a deployment.
    pub deploys: u64,
    /// Surplus CPU credits that were charged, in vCPU-hours.
    pub surplus_hours: f64,
    /// Surplus CPU credits that instances owe at the end, in vCPU-hours.
    pub owed_hours: f64,
    /// vCPU-nanoseconds that were busy.
    pub cpu_busy: f64,
    /// vCPU-nanoseconds that there were on running instances.
    pub cpu_there: f64,
}

/// Totals of a fleet.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct FleetOutcome {
    /// Name.
    pub name: String,
    /// Instance type, or its types, one after the other: `t3.small → m5.large`.
    pub instance: String,
    /// Target of CPU target tracking in percent, if the fleet has such a policy.
    pub cpu_target: Option<f64>,
    /// Most instances at once in any run that were on their way in, in service or on standby; what only leaves is left out.
    pub peak_instances: u32,
    /// The largest size that policies wanted beyond the maximum in any run; 0 if they never wanted more than that.
    #[serde(default)]
    pub wanted_instances: u32,
    /// How often they wanted more than that.
    #[serde(default)]
    pub wanted_times: f64,
    /// Instances launched during the run.
    pub launched: f64,
    /// Instances terminated during the run: not those that went back into the warm pool, unless they ended there.
    pub terminated: f64,
    /// Of those launched, instances that came from the warm pool.
    #[serde(default, skip_serializing_if = "is_none")]
    pub from_pool: f64,
    /// Launches that EC2 refused.
    #[serde(default, skip_serializing_if = "is_none")]
    pub failed_launches: f64,
    /// Spot instances that got an interruption notice.
    #[serde(default, skip_serializing_if = "is_none")]
    pub interrupted: f64,
    /// Instances that are lacking at the end of the run because of them.
    #[serde(default, skip_serializing_if = "is_none")]
    pub missing: f64,
    /// Instances that were launched and never served: their launch was abandoned by its hook, they were ended before
    /// their application answered, or it could not open its pools.
    #[serde(default)]
    pub never_served: f64,
    /// Billed instance-seconds.
    pub instance_seconds: f64,
    /// Instance-seconds for which instances were held to their baseline, because they had no CPU credits.
    #[serde(default, skip_serializing_if = "is_none")]
    pub held_seconds: f64,
    /// Instance-seconds for which instances sent at their baseline, because they had no network credits.
    #[serde(default, skip_serializing_if = "is_none")]
    pub throttled_seconds: f64,
    /// Seconds in which there was a deployment or a refresh.
    #[serde(default, skip_serializing_if = "is_none")]
    pub deploying_seconds: f64,
    /// Requests of the whole system that failed meanwhile.
    #[serde(default, skip_serializing_if = "is_none")]
    pub deploying_failed: f64,
    /// The fewest instances that served meanwhile; absent if there was no deployment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deploying_least: Option<f64>,
    /// Surplus CPU credits that were charged, in vCPU-hours.
    #[serde(default, skip_serializing_if = "is_none")]
    pub surplus_hours: f64,
    /// Surplus CPU credits that instances owe at the end, in vCPU-hours: paid back by what they earn later, or charged when
    /// they end.
    #[serde(default, skip_serializing_if = "is_none")]
    pub owed_hours: f64,
    /// Mean CPU utilisation, 0 to 1, of instances whose application runs and that are not only draining.
    pub cpu_mean: f64,
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

/// What is not there is not written.
fn is_none(value: &f64) -> bool {
    *value == 0.0
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

impl column::Series for MemorySeries {
    const KIND: &'static str = "memory";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<MemorySeries>] = &[column!(used_percent, Percent)];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}

impl column::Series for CoreSeries {
    const KIND: &'static str = "cores";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<CoreSeries>] = &[column!(work, Count), column!(most, Count)];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
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

impl column::Series for WarmPoolSeries {
    const KIND: &'static str = "warm_pool";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<WarmPoolSeries>] = &[column!(pending, Count), column!(ready, Count)];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}

impl column::Series for SpotSeries {
    const KIND: &'static str = "spot";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<SpotSeries>] = &[column!(in_service, Count), column!(noticed, Count)];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}

impl column::Series for ResizingSeries {
    const KIND: &'static str = "resizing";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<ResizingSeries>] = &[column!(away, Count)];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
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

impl column::Series for StandbySeries {
    const KIND: &'static str = "standby";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<StandbySeries>] = &[column!(entering, Count), column!(there, Count)];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}

impl figure::Totals for FleetTotals {
    type Series = FleetSeries;
    type Told = FleetOutcome;
    const TITLE: &'static str = "Fleets";
    const REMARK: &'static str = "CPU mean is of the instances that serve, without those that still install";
    const FIGURES: &'static [Figure<FleetTotals>] = &[
        setting!(name, Text, Page::Not("it begins the row")),
        setting!(
            instance,
            Text,
            Page::Column { place: 0, title: "instance", cell: |told| Shown::Text(&told.instance) }
        ),
        setting!(
            cpu_target,
            Percent,
            Page::Column {
                place: 5,
                title: "target",
                cell: |told| told.cpu_target.map_or(Shown::Nothing, |target| Shown::Whole(target / 100.0)),
            }
        ),
        Figure {
            name: "peak_instances",
            unit: Unit::Count,
            add: |sum, more| sum.peak_instances = sum.peak_instances.max(more.peak_instances),
            tell: |told, of, _| told.peak_instances = of.peak_instances,
            page: Page::Column {
                place: 1,
                title: "at most",
                cell: |told| Shown::Number(told.peak_instances.into(), Unit::Count),
            },
            estimate: None,
        },
        Figure {
            name: "wanted_instances",
            unit: Unit::Count,
            add: |sum, more| sum.wanted_instances = sum.wanted_instances.max(more.wanted_instances),
            tell: |told, of, _| told.wanted_instances = of.wanted_instances,
            page: Page::Not("a warning says it"),
            estimate: None,
        },
        counter!(wanted_times, Page::Not("a warning goes by it")),
        counter!(launched at 2, "launched"),
        counter!(terminated at 3, "terminated"),
        counter!(from_pool, Page::Not("the activities say it")),
        counter!(failed_launches, Page::Not("a warning says it")),
        counter!(interrupted, Page::Not("the incidents say it")),
        counter!(missing, Page::Not("a warning says it")),
        counter!(never_served, Page::Not("a warning says it")),
        span(
            "held_seconds",
            Unit::Seconds,
            |sum, more| sum.held_seconds += more.held_seconds,
            |told, of, runs| told.held_seconds = of.held_seconds / runs,
        ),
        span(
            "throttled_seconds",
            Unit::Seconds,
            |sum, more| sum.throttled_seconds += more.throttled_seconds,
            |told, of, runs| told.throttled_seconds = of.throttled_seconds / runs,
        ),
        Figure {
            name: "deploying_seconds",
            unit: Unit::Seconds,
            add: |sum, more| sum.deploying_seconds += more.deploying_seconds,
            tell: |told, of, runs| told.deploying_seconds = of.deploying_seconds / runs,
            page: Page::Not("the deployments say it"),
            estimate: Some(Estimated {
                name: "deploying",
                words: "time of deployments of",
                unit: Unit::Seconds,
                better: Better::Lower,
                of: |of, runs| (of.deploys > 0).then(|| of.deploying_seconds / runs),
            }),
        },
        Figure {
            name: "deploying_failed",
            unit: Unit::Count,
            add: |sum, more| sum.deploying_failed += more.deploying_failed,
            tell: |told, of, runs| told.deploying_failed = of.deploying_failed as f64 / runs,
            page: Page::Not("the deployments say it"),
            estimate: Some(Estimated {
                name: "deploying_failed",
                words: "failed requests during deployments of",
                unit: Unit::Count,
                better: Better::Lower,
                of: |of, runs| (of.deploys > 0).then(|| of.deploying_failed as f64 / runs),
            }),
        },
        Figure {
            name: "deploying_least",
            unit: Unit::Count,
            add: |sum, more| {
                sum.deploying_least += more.deploying_least;
                sum.deploys += more.deploys;
            },
            tell: |told, of, _| told.deploying_least = least(of),
            page: Page::Not("the deployments say it"),
            estimate: Some(Estimated {
                name: "deploying_least",
                words: "fewest instances during deployments of",
                unit: Unit::Count,
                better: Better::Higher,
                of: |of, _| least(of),
            }),
        },
        span(
            "surplus_hours",
            Unit::Hours,
            |sum, more| sum.surplus_hours += more.surplus_hours,
            |told, of, runs| told.surplus_hours = of.surplus_hours / runs,
        ),
        span(
            "owed_hours",
            Unit::Hours,
            |sum, more| sum.owed_hours += more.owed_hours,
            |told, of, runs| told.owed_hours = of.owed_hours / runs,
        ),
        Figure {
            name: "cpu_mean",
            unit: Unit::Share,
            add: |sum, more| {
                sum.cpu_busy += more.cpu_busy;
                sum.cpu_there += more.cpu_there;
            },
            tell: |told, of, _| told.cpu_mean = of.cpu_busy / of.cpu_there.max(1.0),
            page: Page::Column {
                place: 4,
                title: "CPU mean",
                cell: |told| Shown::Number(told.cpu_mean, Unit::Share),
            },
            estimate: Some(Estimated {
                name: "cpu",
                words: "CPU of",
                unit: Unit::Share,
                better: Better::Neither,
                of: |of, _| share_of_some(of.cpu_busy, of.cpu_there),
            }),
        },
        Figure {
            name: "instance_seconds",
            unit: Unit::Seconds,
            add: |sum, more| sum.instance_seconds += more.instance_seconds,
            tell: |told, of, runs| told.instance_seconds = of.instance_seconds / runs,
            page: Page::Column {
                place: 6,
                title: "instance-hours",
                cell: |told| Shown::Number(told.instance_seconds / 3_600.0, Unit::Hours),
            },
            estimate: Some(Estimated {
                name: "instance_hours",
                words: "instance-hours of",
                unit: Unit::Hours,
                better: Better::Neither,
                of: |of, runs| Some(of.instance_seconds / runs / 3_600.0),
            }),
        },
    ];
    const CHARTS: &'static [Chart<FleetSeries, FleetOutcome>] = CHARTS;

    fn name(told: &Self::Told) -> &str {
        &told.name
    }
}

/// The fewest instances that served during a deployment, mean of the runs that had one.
fn least(of: &FleetTotals) -> Option<f64> {
    (of.deploys > 0).then(|| of.deploying_least as f64 / of.deploys as f64)
}

/// A span of time that only a warning says.
const fn span(
    name: &'static str,
    unit: Unit,
    add: fn(&mut FleetTotals, &FleetTotals),
    tell: fn(&mut FleetOutcome, &FleetTotals, f64),
) -> Figure<FleetTotals> {
    Figure { name, unit, add, tell, page: Page::Not("a warning says it"), estimate: None }
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
            series.warm_pool = vec![tests::filled(salt)];
            series.spot = vec![tests::filled(salt)];
            series.standby = vec![tests::filled(salt)];
            series.resizing = vec![tests::filled(salt)];
            series.mixed = vec![tests::filled(salt)];
        }
    }
}

//! What a fleet comes to over a run: its totals, and its figures.
//!
//! In: nothing but types of its own. Out: the table of figures, one line each.

use serde::{Deserialize, Serialize};

use super::{CHARTS, FleetSeries};
use crate::measure::chart::Chart;
use crate::measure::figure::{self, Estimated, Figure, Page, Shown, counter, setting, share_of_some};
use crate::measure::unit::{Better, Unit};

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

/// What is not there is not written.
fn is_none(value: &f64) -> bool {
    *value == 0.0
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

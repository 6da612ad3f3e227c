//! What a fleet comes to over a run. In: nothing. Out: its totals, and what is told of them.

use serde::{Deserialize, Serialize};

/// Totals of a fleet.
#[derive(Clone, Debug, Default)]
pub struct FleetTotals {
    /// The name that the file gives it.
    pub name: String,
    /// Instance type, or its types, one after the other: `t3.small → m5.large`.
    pub instance: String,
    /// Target of CPU target tracking in percent, if the fleet has such a policy.
    pub cpu_target: Option<f64>,
    /// The largest size that its group may have.
    pub max_instances: Option<f64>,
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
    /// Task-seconds for which tasks stood still because they had used up the CPU time of their period.
    pub limited_seconds: f64,
    /// In how many periods they did.
    pub limited_periods: u64,
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FleetOutcome {
    /// The name that the file gives it.
    pub name: String,
    /// Instance type, or its types, one after the other: `t3.small → m5.large`.
    pub instance: String,
    /// What target tracking keeps the CPU at, if the fleet has such a policy.
    pub cpu_target: Option<f64>,
    /// The largest size that its group may have; absent in files of older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_instances: Option<f64>,
    /// Most instances at once in any run that were on their way in, in service or on standby; what only leaves is left out.
    pub peak_instances: u32,
    /// The largest size that policies wanted beyond the maximum in any run; 0 if they never wanted more than that.
    #[serde(default)]
    pub wanted_instances: u32,
    /// How often policies wanted more instances than the maximum.
    #[serde(default)]
    pub wanted_times: f64,
    /// Instances that were launched during the run.
    pub launched: f64,
    /// Instances that were terminated during the run: not those that went back into the warm pool, unless they ended there.
    pub terminated: f64,
    /// Launched instances that came from the warm pool.
    #[serde(default, skip_serializing_if = "is_none")]
    pub from_pool: f64,
    /// Launches that EC2 refused.
    #[serde(default, skip_serializing_if = "is_none")]
    pub failed_launches: f64,
    /// Spot instances that got an interruption notice.
    #[serde(default, skip_serializing_if = "is_none")]
    pub interrupted: f64,
    /// Instances that are lacking at the end of the run because Spot instances were interrupted or launches were refused.
    #[serde(default, skip_serializing_if = "is_none")]
    pub missing: f64,
    /// Instances that were launched and never served: their launch was abandoned by its hook, they were ended before
    /// their application answered, or it could not open its pools.
    #[serde(default)]
    pub never_served: f64,
    /// Instance-seconds that are billed.
    pub instance_seconds: f64,
    /// Instance-seconds for which instances were held to their baseline, because they had no CPU credits.
    #[serde(default, skip_serializing_if = "is_none")]
    pub held_seconds: f64,
    /// Task-seconds for which tasks stood still because they had used up the CPU time of the period.
    #[serde(default, skip_serializing_if = "is_none")]
    pub limited_seconds: f64,
    /// In how many periods tasks stood still because they had used up the CPU time of the period.
    #[serde(default, skip_serializing_if = "is_none")]
    pub limited_periods: f64,
    /// Instance-seconds for which instances sent at their baseline, because they had no network credits.
    #[serde(default, skip_serializing_if = "is_none")]
    pub throttled_seconds: f64,
    /// Seconds in which there was a deployment or a refresh.
    #[serde(default, skip_serializing_if = "is_none")]
    pub deploying_seconds: f64,
    /// Requests of the whole system that failed while there was a deployment or a refresh.
    #[serde(default, skip_serializing_if = "is_none")]
    pub deploying_failed: f64,
    /// The fewest instances that served while there was a deployment or a refresh; absent if there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deploying_least: Option<f64>,
    /// Surplus CPU credits that were charged, in vCPU-hours.
    #[serde(default, skip_serializing_if = "is_none")]
    pub surplus_hours: f64,
    /// Surplus CPU credits that instances owe at the end, in vCPU-hours: paid back by what they earn later, or charged when
    /// they end.
    #[serde(default, skip_serializing_if = "is_none")]
    pub owed_hours: f64,
    /// Mean CPU utilisation of instances whose application runs and that are not only draining.
    pub cpu_mean: f64,
}

/// What is not there is not written.
fn is_none(value: &f64) -> bool {
    *value == 0.0
}

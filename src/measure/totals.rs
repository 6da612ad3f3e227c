//! What a run leaves beside its rows and the totals of each resource.
//!
//! In: nothing. Out: work, activities and incidents, which go into the outcome as they are.

use serde::{Deserialize, Serialize};

use crate::id::{FleetId, Reference};

/// How much work the run was for the simulator itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Work {
    /// Events handled: arrivals, request events and control timers.
    pub events: u64,
    /// Most request events that were on the timing wheel at once.
    pub peak_pending: u64,
    /// The most attempts of which the simulator had a record at once: in the system, between two tries, and health checks.
    pub peak_in_flight: u64,
}

/// One Auto Scaling activity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Activity {
    /// When it was decided.
    pub at_s: f64,
    /// When the last instance of it was in service, terminated or called off; absent if not before the end of the
    /// run. Without a launch hook an instance is in service when EC2 runs it, before its application answers.
    pub done_s: Option<f64>,
    /// The name of the fleet, for people.
    pub fleet: String,
    /// The fleet; absent in files of older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<FleetId>,
    /// Desired capacity before.
    pub from: u32,
    /// Desired capacity after.
    pub to: u32,
    /// Why, in the manner of the AWS activity history.
    pub cause: String,
    /// Instances that it launches.
    #[serde(default)]
    pub launches: u32,
    /// Launches of this activity that ended before the instance was in service: called off by a later activity, or abandoned by a lifecycle hook.
    #[serde(default)]
    pub called_off: u32,
}

impl Activity {
    /// Whether both are of the same fleet.
    pub fn is_beside(&self, other: &Activity) -> bool {
        (self.of, &self.fleet) == (other.of, &other.fleet)
    }

    /// Whether it did, before the end of the run, all that it was for.
    pub fn succeeded(&self) -> bool {
        self.done_s.is_some() && self.called_off == 0
    }
}

/// State of a CloudWatch alarm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AlarmState {
    /// Within the threshold.
    #[default]
    Ok,
    /// Beyond the threshold.
    Alarm,
    /// No data to judge.
    InsufficientData,
}

impl AlarmState {
    /// As CloudWatch writes it.
    pub const fn word(self) -> &'static str {
        match self {
            AlarmState::Ok => "OK",
            AlarmState::Alarm => "ALARM",
            AlarmState::InsufficientData => "INSUFFICIENT_DATA",
        }
    }
}

/// An alarm has gone to another state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AlarmChange {
    /// When it was evaluated.
    pub at_s: f64,
    /// The name of the fleet that its policy or its metric is of, for people; absent where that is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fleet: Option<String>,
    /// The fleet that the policy or the metric of the alarm is of; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<FleetId>,
    /// The policy, and which of its alarms; or the name of an alarm of its own.
    pub alarm: String,
    /// State before.
    pub from: AlarmState,
    /// State after.
    pub to: AlarmState,
    /// Value of its newest visible point, in the unit of the metric; absent if all were missing, and of a composite alarm. In: the unit of the metric.
    pub value: Option<f64>,
    /// The threshold of the alarm; absent of a composite alarm. In: the unit of the metric.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f64>,
    /// The rule of a composite alarm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The alarm that held its notice back at first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_back_by: Option<String>,
    /// When it has notified of this change; absent of the alarms of policies, and of a change that was over before it could.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notified_s: Option<f64>,
}

/// Something that happened and is worth a mark on a chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Incident {
    /// When it happened.
    pub at_s: f64,
    /// The name of the resource, for people.
    pub resource: String,
    /// The resource to which it happened: another kind may have one of an equal name. Absent in files of older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Reference>,
    /// What happened, as a fragment: `3 of 8 targets unhealthy`.
    pub text: String,
}

impl Incident {
    /// What tells its resource from all others. In files of older versions, that is its name.
    pub fn place(&self) -> (Option<&Reference>, &str) {
        (self.of.as_ref(), &self.resource)
    }
}

//! Deployments, refreshes included: when each began and ended, what it cost, and how it ended.
//!
//! In: nothing. Out: entries of a journal, which go into the outcome as they are.

use serde::{Deserialize, Serialize};

use crate::id::FleetId;

/// A version that was brought to the instances of a fleet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Deployment {
    /// When it began.
    pub at_s: f64,
    /// When it ended, its rollback and its bake time included; absent if not before the end of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_s: Option<f64>,
    /// The name of the fleet, for people.
    pub fleet: String,
    /// The fleet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<FleetId>,
    /// How: `refresh`, or the strategy of a deployment.
    pub strategy: String,
    /// The version of the group before, if it has versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The version that it brings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Instances that got requests when it began: in service, answering, and passing their checks.
    pub before: u32,
    /// The fewest instances that got requests, answered and passed their checks until the deployment ended.
    pub least: u32,
    /// Requests of the whole system that failed until the deployment ended, and requests that the last of the old instances cut off as they left
    /// afterwards.
    pub failed: u64,
    /// How it ended.
    pub ended: Ended,
    /// When it failed or was cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turned_s: Option<f64>,
    /// Why it was made, or why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Deployment {
    /// How long it took, up to an end of the run.
    pub fn span_s(&self, end_s: f64) -> f64 {
        self.done_s.unwrap_or(end_s) - self.at_s
    }
}

/// How a deployment ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// The deployment goes on at the end of the run.
    Open,
    /// Every instance has the version.
    Complete,
    /// The deployment failed, and stopped where it was.
    Failed,
    /// The deployment failed, and the version before was brought back.
    RolledBack,
    /// The deployment was cancelled.
    Cancelled,
}

impl Ended {
    /// In words.
    pub const fn word(self) -> &'static str {
        match self {
            Ended::Open => "not done by the end",
            Ended::Complete => "complete",
            Ended::Failed => "failed",
            Ended::RolledBack => "rolled back",
            Ended::Cancelled => "cancelled",
        }
    }
}

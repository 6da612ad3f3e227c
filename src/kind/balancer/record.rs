//! What is kept of a balancer: its columns, its totals, its figures. CloudWatch has the same counts under the names in parentheses.
//!
//! In: nothing but types of its own. Out: the tables of a balancer, one line a column and one a figure.

use serde::{Deserialize, Serialize};

use crate::measure::column::{self, Column, column};
use crate::measure::figure::{self, Figure, Page, counter, setting};
use crate::measure::unit::Unit;

pub use self::{BalancerOutcome as Outcome, BalancerSeries as Series, BalancerTotals as Totals};

/// One balancer, with all of its target groups.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BalancerSeries {
    /// The name that the file gives it.
    pub name: String,
    /// Requests for which a target was chosen, per second (`RequestCount`).
    pub requests: Vec<f64>,
    /// New connections of clients, per second (`NewConnectionCount`).
    pub new_connections: Vec<f64>,
    /// Connections of clients that are open (`ActiveConnectionCount`).
    pub active_connections: Vec<f64>,
    /// Requests per second that the balancer rejected because it had not grown enough (`RejectedConnectionCount`).
    pub rejected: Vec<f64>,
    /// Errors 502, 503 and 504 of the balancer itself, per second (`HTTPCode_ELB_5XX_Count`).
    pub own_5xx: Vec<f64>,
    /// Errors that targets answered, per second (`HTTPCode_Target_5XX_Count`).
    pub target_5xx: Vec<f64>,
    /// Requests per second whose client closed its connection before the answer: 460 (a part of `HTTPCode_ELB_4XX_Count`).
    pub closed_by_client: Vec<f64>,
    /// Healthy targets, at the end of the row (`HealthyHostCount`).
    pub healthy: Vec<f64>,
    /// Targets that are judged unhealthy, at the end of the row (`UnHealthyHostCount`).
    pub unhealthy: Vec<f64>,
    /// Capacity units that new connections ask for.
    pub units_new: Vec<f64>,
    /// Capacity units that active connections ask for.
    pub units_active: Vec<f64>,
    /// Capacity units that bytes ask for (of `ProcessedBytes`).
    pub units_bytes: Vec<f64>,
    /// Capacity units that rule evaluations ask for (of `RuleEvaluations`).
    pub units_rules: Vec<f64>,
    /// Capacity units (`ConsumedLCUs`): the largest of what new connections, active ones, bytes and rule evaluations ask for.
    pub units: Vec<f64>,
    /// Capacity units that the balancer carries, at the end of the row, of that of which the largest part was asked for: new connections, active ones
    /// or bytes; 0 where that has no end.
    pub carries: Vec<f64>,
    /// What the balancer carries of new connections, active ones and bytes, if it grows by capacity units.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limit: Vec<LimitSeries>,
    /// The ports of the balancer for connections to targets, if they can run out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<TargetPortSeries>,
    /// The surge queue of the balancer, if it has one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub surge: Vec<SurgeSeries>,
}

/// What a balancer carries that grows, by what is asked for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LimitSeries {
    /// Capacity units of new connections that the balancer carries, at the end of the row.
    pub new: Vec<f64>,
    /// Capacity units of active connections that the balancer carries, at the end of the row.
    pub active: Vec<f64>,
    /// Capacity units of bytes that the balancer carries, at the end of the row.
    pub bytes: Vec<f64>,
}

/// Ports of a Network Load Balancer for connections to its targets.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TargetPortSeries {
    /// Ports to one target that are taken, percent, on the mean of the row, of the target of which that is the most.
    pub taken_percent: Vec<f64>,
    /// Connections opened per second to all targets, each of which takes a port.
    pub opened: Vec<f64>,
    /// Connections per second to targets for which there was no port (`PortAllocationErrorCount`).
    pub failed: Vec<f64>,
}

/// The surge queue of a Classic Load Balancer.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SurgeSeries {
    /// Requests that wait in the surge queue, on the mean of the row (`SurgeQueueLength`).
    pub waiting: Vec<f64>,
    /// Requests per second that were turned away because the surge queue was full (`SpilloverCount`).
    pub spilled: Vec<f64>,
}

/// What is not there is not written.
fn is_none(value: &f64) -> bool {
    *value == 0.0
}

/// Totals of a balancer.
#[derive(Clone, Debug, Default)]
pub struct BalancerTotals {
    /// The name that the file gives it.
    pub name: String,
    /// Requests for which a target was chosen.
    pub requests: u64,
    /// New connections of clients.
    pub new_connections: f64,
    /// Requests that it rejected because it had not grown enough.
    pub rejected: u64,
    /// Its own 502: a connection that was refused or reset, or a target that has gone.
    pub own_502: u64,
    /// Its own 503: no target is registered.
    pub own_503: u64,
    /// Its own 504: a target that did not accept the connection, or did not answer, in time.
    pub own_504: u64,
    /// Errors that its targets answered.
    pub target_5xx: u64,
    /// Requests whose client closed its connection before the answer.
    pub closed_by_client: u64,
    /// Connections that a Network Load Balancer has reset because they were idle for too long.
    pub resets: u64,
    /// Connections that its targets refused or reset.
    pub target_resets: u64,
    /// Connections that clients closed before the answer.
    pub client_resets: u64,
    /// Connections for which it had no port to their target.
    pub port_errors: u64,
    /// Requests that were turned away at a full surge queue.
    pub spilled: u64,
    /// Connections that were refused because there was no target, at a balancer that knows no HTTP.
    pub refused: u64,
    /// How often a client was bound to another target because its own could get no requests any more.
    pub rebound: u64,
    /// Connections that it opened to targets that close idle ones.
    pub opened: u64,
    /// Requests for which it took an idle connection to such a target.
    pub reused: u64,
    /// Capacity units over time that new connections asked for, hours.
    pub unit_hours_new: f64,
    /// The same of active connections.
    pub unit_hours_active: f64,
    /// The same of bytes.
    pub unit_hours_bytes: f64,
    /// The same of rule evaluations.
    pub unit_hours_rules: f64,
}

/// Totals of a balancer.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BalancerOutcome {
    /// The name that the file gives it.
    pub name: String,
    /// Requests for which a target was chosen (`RequestCount`).
    pub requests: f64,
    /// New connections of clients (`NewConnectionCount`).
    pub new_connections: f64,
    /// Requests that the balancer rejected because it had not grown enough (`RejectedConnectionCount`).
    pub rejected: f64,
    /// Errors 502 of the balancer itself: a connection that was refused or reset, or a target that has gone (`HTTPCode_ELB_502_Count`).
    pub own_502: f64,
    /// Errors 503 of the balancer itself: no target is registered (`HTTPCode_ELB_503_Count`).
    pub own_503: f64,
    /// Errors 504 of the balancer itself: a target that did not accept the connection, or did not answer, in time (`HTTPCode_ELB_504_Count`).
    pub own_504: f64,
    /// Errors that its targets answered (`HTTPCode_Target_5XX_Count`).
    pub target_5xx: f64,
    /// Requests whose client closed its connection before the answer: 460.
    pub closed_by_client: f64,
    /// Connections that a Network Load Balancer has reset because they were idle for too long (`TCP_ELB_Reset_Count`).
    #[serde(default)]
    pub resets: f64,
    /// Connections that its targets refused or reset, at a balancer that knows no HTTP (`TCP_Target_Reset_Count`).
    #[serde(default, skip_serializing_if = "is_none")]
    pub target_resets: f64,
    /// Connections that clients closed before the answer, at a balancer that knows no HTTP (`TCP_Client_Reset_Count`).
    #[serde(default, skip_serializing_if = "is_none")]
    pub client_resets: f64,
    /// Connections for which a Network Load Balancer had no port to their target (`PortAllocationErrorCount`).
    #[serde(default, skip_serializing_if = "is_none")]
    pub port_errors: f64,
    /// Requests that a Classic Load Balancer has turned away at its full surge queue (`SpilloverCount`).
    #[serde(default, skip_serializing_if = "is_none")]
    pub spilled: f64,
    /// Connections that were refused because there was no target, at a balancer that knows no HTTP.
    #[serde(default, skip_serializing_if = "is_none")]
    pub refused: f64,
    /// How often a client was bound to another target because its own could get no requests any more: what that kept for it is lost.
    #[serde(default, skip_serializing_if = "is_none")]
    pub rebound: f64,
    /// Connections that the balancer opened to targets that close idle ones. Where targets close none, connections are not counted.
    #[serde(default, skip_serializing_if = "is_none")]
    pub opened: f64,
    /// Requests for which the balancer took an idle connection to a target that closes idle ones.
    #[serde(default, skip_serializing_if = "is_none")]
    pub reused: f64,
    /// Capacity units over time that new connections asked for, hours.
    pub unit_hours_new: f64,
    /// Capacity units over time that active connections asked for, hours.
    pub unit_hours_active: f64,
    /// Capacity units over time that bytes asked for, hours.
    pub unit_hours_bytes: f64,
    /// Capacity units over time that rule evaluations asked for, hours.
    pub unit_hours_rules: f64,
}

impl column::Series for BalancerSeries {
    const KIND: &'static str = "balancer";
    const LABELS: &'static [&'static str] = &["name"];
    const COLUMNS: &'static [Column<BalancerSeries>] = &[
        column!(requests, PerSecond),
        column!(new_connections, PerSecond),
        column!(active_connections, Count),
        column!(rejected, PerSecond),
        column!(own_5xx, PerSecond),
        column!(target_5xx, PerSecond),
        column!(closed_by_client, PerSecond),
        column!(healthy, Count),
        column!(unhealthy, Count),
        column!(units_new, Count),
        column!(units_active, Count),
        column!(units_bytes, Count),
        column!(units_rules, Count),
        column!(units, Count),
        column!(carries, Count),
        column!(parts limit),
        column!(parts ports),
        column!(parts surge),
    ];

    fn labels(&self) -> Vec<&str> {
        vec![&self.name]
    }
}

impl column::Series for LimitSeries {
    const KIND: &'static str = "limit";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<LimitSeries>] =
        &[column!(new, Count), column!(active, Count), column!(bytes, Count)];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}

impl column::Series for TargetPortSeries {
    const KIND: &'static str = "ports";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<TargetPortSeries>] =
        &[column!(taken_percent, Percent), column!(opened, PerSecond), column!(failed, PerSecond)];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}

impl column::Series for SurgeSeries {
    const KIND: &'static str = "surge";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<SurgeSeries>] = &[column!(waiting, Count), column!(spilled, PerSecond)];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// A part of the capacity units, or a count that is no whole number: its mean over the runs.
macro_rules! mean {
    ($field:ident, $unit:ident, $why:literal) => {
        Figure {
            name: stringify!($field),
            unit: Unit::$unit,
            add: |sum, more| sum.$field += more.$field,
            tell: |told, of, runs| told.$field = of.$field / runs,
            page: Page::Not($why),
            estimate: None,
        }
    };
}

/// Why what is usual is on no page.
const USUAL: &str = "it is no news: the page has requests, causes of failures and the bill";

impl figure::Totals for BalancerTotals {
    type Series = BalancerSeries;
    type Told = BalancerOutcome;
    const TITLE: &'static str = "Balancers";
    const FIGURES: &'static [Figure<BalancerTotals>] = &[
        setting!(name, Text, Page::Not("it begins the line")),
        counter!(requests, Page::Not(USUAL)),
        mean!(new_connections, Count, "it is no news"),
        counter!(rejected below, "request", "rejected while it grew"),
        counter!(own_502 below, "502", "of its own"),
        counter!(own_503 below, "503", "of its own"),
        counter!(own_504 below, "504", "of its own"),
        counter!(target_5xx, Page::Not(USUAL)),
        counter!(closed_by_client below, "460", "of clients that closed their connection"),
        counter!(resets below, "connection", "reset after its idle timeout"),
        counter!(target_resets below, "connection", "refused or reset by targets"),
        counter!(client_resets below, "connection", "closed by clients before the answer"),
        counter!(port_errors below, "connection", "without a port to its target"),
        counter!(spilled below, "request", "turned away at its full surge queue"),
        counter!(refused below, "connection", "refused for want of a target"),
        counter!(rebound below, "time", "a client was bound to another target: what its own kept in memory for it is lost"),
        counter!(opened, Page::Not(USUAL)),
        counter!(reused, Page::Not(USUAL)),
        mean!(unit_hours_new, Hours, "the bill has the largest dimension of each hour"),
        mean!(unit_hours_active, Hours, "the bill has the largest dimension of each hour"),
        mean!(unit_hours_bytes, Hours, "the bill has the largest dimension of each hour"),
        mean!(unit_hours_rules, Hours, "the bill has the largest dimension of each hour"),
    ];

    fn name(told: &Self::Told) -> &str {
        &told.name
    }
}

#[cfg(test)]
mod sample {
    use super::*;
    use crate::kind::tests::{self, Sample};

    impl Sample for BalancerTotals {
        fn sample(salt: u64) -> BalancerTotals {
            BalancerTotals {
                name: "public".into(),
                requests: 500 + salt,
                new_connections: 50.5 + salt as f64,
                rejected: 3 + salt,
                own_502: 4 + salt,
                own_503: 5 + salt,
                own_504: 6 + salt,
                target_5xx: 7 + salt,
                closed_by_client: 8 + salt,
                resets: 9 + salt,
                target_resets: 10 + salt,
                client_resets: 11 + salt,
                port_errors: 13 + salt,
                spilled: 12 + salt,
                refused: 14 + salt,
                rebound: 15 + salt,
                opened: 16 + salt,
                reused: 17 + salt,
                unit_hours_new: 1.5 + salt as f64,
                unit_hours_active: 2.5 + salt as f64,
                unit_hours_bytes: 3.5 + salt as f64,
                unit_hours_rules: 4.5 + salt as f64,
            }
        }

        fn add_parts(series: &mut BalancerSeries, salt: u32) {
            series.limit = vec![tests::filled(salt)];
            series.ports = vec![tests::filled(salt)];
            series.surge = vec![tests::filled(salt)];
        }
    }
}

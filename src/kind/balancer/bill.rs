//! What a balancer is charged for: its hours, its capacity units and its addresses.
//!
//! In: the balancer, the zones of its targets, and the traffic of each hour. Out: its charges.

use super::language::Balancer;
use crate::cost::accrual::Accrual;
use crate::cost::charge::Charge;
use crate::kind::Settings;
use crate::kind::bill::Billed;
use crate::usage::BalancerHour;

/// Its charges are not by a count of its own.
impl Billed<Settings> for Balancer {}

/// The charges of a balancer.
pub(crate) fn charges<'a>(balancer: &'a Balancer, zones: u32, hours: &[BalancerHour]) -> [Charge<'a>; 3] {
    // An internet-facing balancer has one address in each zone, as long as it is small.
    let addresses = if balancer.internet_facing { f64::from(zones) } else { 0.0 };
    [
        Charge {
            what: "load balancer hours".into(),
            ..Charge::steady("ELB", "ALB", &balancer.name, "hour", 1.0)
        },
        Charge {
            what: "load balancer capacity units".into(),
            accrual: Accrual::Hourly(hours.iter().map(capacity_unit_hours).collect()),
            ..Charge::steady("ELB", "ALB-LCU", &balancer.name, "LCU-hour", 1.0)
        },
        Charge {
            what: "public IPv4 addresses".into(),
            ..Charge::steady("VPC", "public-ipv4", &balancer.name, "hour", addresses)
        },
    ]
}

/// Load balancer capacity units of one hour: the largest dimension counts (Elastic Load Balancing pricing page).
/// Rule evaluations are free up to ten rules, and a balancer here has one.
fn capacity_unit_hours(hour: &BalancerHour) -> f64 {
    let new_connections = hour.new_connections / 3_600.0 / 25.0;
    let active_connections = hour.active_connections * hour.hours / 3_000.0;
    let gigabytes = hour.bytes / 1e9;
    new_connections.max(active_connections).max(gigabytes)
}

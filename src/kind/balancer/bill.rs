//! What a balancer is charged for: its hours, its capacity units and its addresses.
//!
//! In: the balancer, the zones of its targets, and its capacity units of each hour. Out: its charges.

use super::language::Balancer;
use crate::cost::accrual::Accrual;
use crate::cost::charge::Charge;
use crate::kind::Settings;
use crate::kind::bill::Billed;
use crate::usage::Used;

impl Billed<Settings> for Balancer {
    const PLACE: u8 = 1;

    fn charges<'a>(&'a self, all: &'a Settings, capacity_units: &Used) -> Vec<Charge<'a>> {
        let zones = all.fleets.get(self.targets.index()).map_or(1, |targets| targets.zones());
        // An internet-facing balancer has one address in each zone, as long as it is small.
        let addresses = if self.internet_facing { f64::from(zones) } else { 0.0 };
        vec![
            Charge {
                what: "load balancer hours".into(),
                ..Charge::steady("ELB", "ALB", &self.name, "hour", 1.0)
            },
            Charge {
                what: "load balancer capacity units".into(),
                accrual: Accrual::Hourly(capacity_units.hours.clone()),
                ..Charge::steady("ELB", "ALB-LCU", &self.name, "LCU-hour", 1.0)
            },
            Charge {
                what: "public IPv4 addresses".into(),
                ..Charge::steady("VPC", "public-ipv4", &self.name, "hour", addresses)
            },
        ]
    }
}

/// One hour of one balancer: the dimensions of a load balancer capacity unit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Hour {
    /// Part of the hour that the balancer ran, 0 to 1.
    pub hours: f64,
    /// New client connections.
    pub new_connections: f64,
    /// Mean active connections.
    pub active_connections: f64,
    /// Bytes of requests and responses.
    pub bytes: f64,
}

impl Hour {
    /// Load balancer capacity units of the hour: the largest dimension counts (Elastic Load Balancing pricing page).
    /// Rule evaluations are free up to ten rules, and a balancer here has one.
    pub(crate) fn capacity_units(&self) -> f64 {
        let new_connections = self.new_connections / 3_600.0 / 25.0;
        let active_connections = self.active_connections * self.hours / 3_000.0;
        let gigabytes = self.bytes / 1e9;
        new_connections.max(active_connections).max(gigabytes)
    }
}

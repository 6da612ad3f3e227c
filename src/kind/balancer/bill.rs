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
        // A further target group is a part of its balancer, whose capacity units have its traffic.
        if self.group_of.is_some() {
            return Vec::new();
        }
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
pub(super) struct Hour {
    /// Part of the hour that the balancer ran, 0 to 1.
    pub hours: f64,
    /// New client connections.
    pub new_connections: f64,
    /// Mean active connections.
    pub active_connections: f64,
    /// Bytes of requests and responses.
    pub bytes: f64,
    /// Rules above the free ones, for each request.
    pub rule_evaluations: f64,
}

impl Hour {
    /// Load balancer capacity units of the hour: the largest dimension counts (Elastic Load Balancing pricing page).
    pub(super) fn capacity_units(&self) -> f64 {
        let new_connections = self.new_connections / 3_600.0 / 25.0;
        let active_connections = self.active_connections * self.hours / 3_000.0;
        let gigabytes = self.bytes / 1e9;
        let rule_evaluations = self.rule_evaluations / 3_600.0 / 1_000.0;
        new_connections.max(active_connections).max(gigabytes).max(rule_evaluations)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// New connections 200/s / 25 = 8, active 12,000 / 3,000 = 4, 9 GB / 1 = 9, and the 400 × 5 rule evaluations/s of 15
    /// rules, of which 10 are free, 2: 9 capacity units.
    #[test]
    fn an_hour_takes_the_capacity_units_of_its_largest_dimension() {
        let new_connections = 200.0 * 3_600.0;
        let hour = Hour {
            hours: 1.0,
            new_connections,
            active_connections: 12_000.0,
            bytes: 9e9,
            rule_evaluations: 2_000.0 * 3_600.0,
        };
        assert_eq!(hour.capacity_units(), 9.0);
        // With 1 GB the new connections lead, with few of those the active ones.
        assert_eq!(Hour { bytes: 1e9, ..hour }.capacity_units(), 8.0);
        assert_eq!(Hour { bytes: 1e9, new_connections: 60.0, ..hour }.capacity_units(), 4.0);
        let rules = Hour { bytes: 1e9, new_connections: 60.0, active_connections: 3_000.0, ..hour };
        assert_eq!(rules.capacity_units(), 2.0);
        // The same active connections for a quarter of an hour: 4 × 0.25.
        let quarter = Hour { hours: 0.25, bytes: 0.0, new_connections: 0.0, rule_evaluations: 0.0, ..hour };
        assert_eq!(quarter.capacity_units(), 1.0);
    }
}

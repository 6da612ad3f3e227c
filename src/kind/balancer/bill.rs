//! What a balancer is charged for: its hours, its capacity units and its addresses.
//!
//! In: the balancer, the zones of its targets, and its capacity units of each hour. Out: its charges.

use super::capacity::{ACTIVE_CONNECTIONS, BYTES, NEW_CONNECTIONS};
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
        let (sku, units, unit) = match (self.network, self.classic) {
            (_, Some(_)) => ("CLB", "CLB-GB", "GB"),
            (None, None) => ("ALB", "ALB-LCU", "LCU-hour"),
            (Some(_), None) => ("NLB", "NLB-LCU", "NLCU-hour"),
        };
        let what = if self.classic.is_some() { "load balancer data" } else { "load balancer capacity units" };
        vec![
            Charge {
                what: "load balancer hours".into(),
                ..Charge::steady("ELB", sku, &self.name, "hour", 1.0)
            },
            Charge {
                what: what.into(),
                accrual: Accrual::Hourly(capacity_units.hours.clone()),
                ..Charge::steady("ELB", units, &self.name, unit, 1.0)
            },
            Charge {
                what: "public IPv4 addresses".into(),
                ..Charge::steady("VPC", "public-ipv4", &self.name, "hour", addresses)
            },
        ]
    }
}

/// New connections a second, and active connections, of a capacity unit; a gigabyte an hour and 1,000 rule evaluations a second are those
/// of any.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct PerUnit {
    pub new_connections: f64,
    pub active_connections: f64,
}

impl PerUnit {
    /// That of a balancer.
    pub fn of(balancer: &Balancer) -> PerUnit {
        let of_application = (NEW_CONNECTIONS, ACTIVE_CONNECTIONS);
        let (new_connections, active_connections) =
            balancer.network.map_or(of_application, |it| it.protocol.unit());
        PerUnit { new_connections, active_connections }
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
    /// Adds a part of the hour.
    pub(super) fn add(&mut self, more: &Hour) {
        let hours = self.hours + more.hours;
        self.active_connections =
            (self.active_connections * self.hours + more.active_connections * more.hours) / hours.max(1e-12);
        self.hours = hours;
        self.new_connections += more.new_connections;
        self.bytes += more.bytes;
        self.rule_evaluations += more.rule_evaluations;
    }

    /// Gigabytes of the hour, for which a Classic Load Balancer is billed.
    pub(super) fn gigabytes(&self) -> f64 {
        self.bytes / BYTES
    }

    /// Load balancer capacity units of the hour: the largest dimension counts (Elastic Load Balancing pricing page).
    pub(super) fn capacity_units(&self, unit: PerUnit) -> f64 {
        self.dimensions(unit).into_iter().fold(0.0, f64::max)
    }

    /// Capacity units that new connections, active connections, bytes and rule evaluations ask for.
    pub(super) fn dimensions(&self, unit: PerUnit) -> [f64; 4] {
        [
            self.new_connections / 3_600.0 / unit.new_connections,
            self.active_connections * self.hours / unit.active_connections,
            self.bytes / BYTES,
            self.rule_evaluations / 3_600.0 / 1_000.0,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::balancer::language::Protocol;

    const ALB: PerUnit = PerUnit { new_connections: NEW_CONNECTIONS, active_connections: ACTIVE_CONNECTIONS };

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
        assert_eq!(hour.capacity_units(ALB), 9.0);
        // With 1 GB the new connections lead, with few of those the active ones.
        assert_eq!(Hour { bytes: 1e9, ..hour }.capacity_units(ALB), 8.0);
        assert_eq!(Hour { bytes: 1e9, new_connections: 60.0, ..hour }.capacity_units(ALB), 4.0);
        let rules = Hour { bytes: 1e9, new_connections: 60.0, active_connections: 3_000.0, ..hour };
        assert_eq!(rules.capacity_units(ALB), 2.0);
        // The same active connections for a quarter of an hour: 4 × 0.25.
        let quarter = Hour { hours: 0.25, bytes: 0.0, new_connections: 0.0, rule_evaluations: 0.0, ..hour };
        assert_eq!(quarter.capacity_units(ALB), 1.0);
    }

    /// The first example of the pricing page for an Application Load Balancer: a new connection a second that lasts two minutes, 300 KB/s,
    /// and five requests a second with 60 rules: 0.04, 0.04, 1.08 and 0.25 units.
    #[test]
    fn the_example_of_the_pricing_page_is_1_08_units() {
        let hour = Hour {
            hours: 1.0,
            new_connections: 3_600.0,
            active_connections: 120.0,
            bytes: 300e3 * 3_600.0,
            rule_evaluations: 5.0 * 50.0 * 3_600.0,
        };
        assert_eq!(hour.dimensions(ALB), [0.04, 0.04, 1.08, 0.25]);
        assert_eq!(hour.capacity_units(ALB), 1.08);
    }

    /// 1,600 new connections a second, 150,000 active ones, 2 GB: with TCP 2, 1.5 and 2 units, with TLS 32, 50 and 2, with UDP 4, 3 and 2.
    #[test]
    fn a_unit_of_a_network_load_balancer_depends_on_the_protocol() {
        let hour = Hour {
            hours: 1.0,
            new_connections: 1_600.0 * 3_600.0,
            active_connections: 150_000.0,
            bytes: 2e9,
            rule_evaluations: 0.0,
        };
        let of = |protocol: Protocol| {
            let (new_connections, active_connections) = protocol.unit();
            hour.dimensions(PerUnit { new_connections, active_connections })
        };
        assert_eq!(of(Protocol::Tcp), [2.0, 1.5, 2.0, 0.0]);
        assert_eq!(of(Protocol::Tls), [32.0, 50.0, 2.0, 0.0]);
        assert_eq!(of(Protocol::Udp), [4.0, 3.0, 2.0, 0.0]);
    }
}

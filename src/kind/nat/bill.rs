//! What NAT gateways are charged for: their hours, the bytes that pass, and their addresses. In: the gateways, and what passed in each
//! hour. Out: charges. A gateway endpoint is free. (Amazon VPC user guide, "Gateway endpoints".)

use super::language::Nat;
use crate::cost::accrual::Accrual;
use crate::cost::charge::Charge;
use crate::kind::Settings;
use crate::kind::bill::Billed;
use crate::usage::Used;

impl Billed<Settings> for Nat {
    const PLACE: u8 = 4;

    fn charges<'a>(&'a self, all: &'a Settings, used: &Used) -> Vec<Charge<'a>> {
        let gateways = self.gateways(all).len() as f64;
        let addresses = gateways * f64::from(self.addresses);
        let charge = |sku: &str, unit: &'static str, each: f64, what: &str| Charge {
            what: what.into(),
            ..Charge::steady("VPC", sku, &self.name, unit, each)
        };
        vec![
            charge("nat-gateway", "hour", gateways, "NAT gateway-hours"),
            Charge {
                accrual: Accrual::Hourly(used.hours.clone()),
                ..charge("nat-gateway-data", "GB", 1.0, "through NAT gateways")
            },
            charge("public-ipv4", "hour", addresses, "public addresses of NAT gateways"),
        ]
    }
}

//! What a firewall is charged for: itself, its rules and the requests that it looks at.
//!
//! In: the firewall, and its requests in each hour. Out: its charges. Blocked requests are charged as well. Of the capacity units those above
//! 1,500 have a price by the request, which is left out.

use super::language::Firewall;
use crate::cost::accrual::{Accrual, MONTH_HOURS};
use crate::cost::charge::Charge;
use crate::kind::Settings;
use crate::kind::bill::Billed;
use crate::usage::Used;

impl Billed<Settings> for Firewall {
    const PLACE: u8 = 1;

    fn charges<'a>(&'a self, _all: &'a Settings, used: &Used) -> Vec<Charge<'a>> {
        let month = |sku, unit, count: f64, what: &str| Charge {
            what: what.into(),
            ..Charge::steady("WAF", sku, &self.name, unit, count / MONTH_HOURS)
        };
        let requests = |sku, hours: &[f64], what: &str| Charge {
            what: what.into(),
            accrual: Accrual::Hourly(hours.to_vec()),
            ..Charge::steady("WAF", sku, &self.name, "million", 1e-6)
        };
        let mut charges = vec![
            month("web-acl", "ACL-month", 1.0, "web ACL"),
            month("rule", "rule-month", self.rules.len() as f64, "rules and groups of rules"),
            requests("requests", &used.hours, "requests looked at"),
        ];
        if self.has_bot_control() {
            charges.push(month("bot-control", "month", 1.0, "Bot Control"));
            charges.push(requests(
                "bot-control-requests",
                &used.twice,
                "requests that Bot Control looked at",
            ));
        }
        charges
    }
}

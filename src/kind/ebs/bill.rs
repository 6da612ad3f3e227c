//! What the volumes of a fleet are charged for: their size, and what is provisioned. In: from when to when each instance was there. Out: charges.
//!
//! By the second, from the launch of an instance until it is gone. (Amazon EBS pricing: for what is provisioned, until it is released.)

use super::language::BlockVolume;
use crate::cost::accrual::{Accrual, MONTH_HOURS};
use crate::cost::charge::Charge;
use crate::kind::Settings;
use crate::kind::bill::Billed;
use crate::usage::Used;

impl Billed<Settings> for BlockVolume {
    const PLACE: u8 = 4;

    fn charges<'a>(&'a self, _all: &'a Settings, used: &Used) -> Vec<Charge<'a>> {
        let of = self.of.name();
        let charge = |sku: &str, unit: &'static str, each: f64, what: &str| Charge {
            what: format!("{of} {what}"),
            accrual: Accrual::Spans(used.spans.clone()),
            ..Charge::steady("EBS", &format!("{of}-{sku}"), &self.name, unit, each / MONTH_HOURS)
        };
        let mut all = vec![charge("storage", "GB-month", self.size.as_gib(), "storage")];
        let provisioned = [
            charge("iops", "IOPS-month", self.billed_iops, "IOPS"),
            charge("throughput", "MiBps-month", self.billed_mib, "throughput"),
        ];
        all.extend(provisioned.into_iter().filter(|charge| charge.factor > 0.0));
        all
    }
}

//! What the volumes of a fleet are charged for: their size, and what is provisioned. In: from when to when each instance was there. Out: charges.
//!
//! By the second, from the launch of an instance until it is gone. (Amazon EBS pricing: for what is provisioned, until it is released.)

use super::language::BlockVolume;
use crate::cost::accrual::{Accrual, MONTH_HOURS};
use crate::cost::charge::Charge;
use crate::kind::Settings;
use crate::kind::bill::Billed;
use crate::kind::volume_type::VolumeType;
use crate::usage::Used;

/// What I/Os of a volume are sold as, from how many on and up to how many. (Amazon EBS pricing, io2.)
const IO2_TIERS: [(&str, f64, f64); 3] = [
    ("iops", 0.0, 32_000.0),
    ("iops/next-32000", 32_000.0, 64_000.0),
    ("iops/over-64000", 64_000.0, f64::INFINITY),
];
const ONE_TIER: [(&str, f64, f64); 1] = [("iops", 0.0, f64::INFINITY)];

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
        let tiers = if self.of == VolumeType::Io2 { &IO2_TIERS[..] } else { &ONE_TIER };
        let iops = tiers.iter().map(|&(sku, from, to)| {
            charge(
                sku,
                "IOPS-month",
                (self.billed_iops.min(to) - from).max(0.0),
                &sku.replacen("iops", "IOPS", 1).replace(['/', '-'], " "),
            )
        });
        let throughput = charge("throughput", "MiBps-month", self.billed_mib, "throughput");
        let provisioned = iops.chain([throughput]);
        all.extend(provisioned.filter(|charge| charge.factor > 0.0));
        all
    }
}

//! What a file system is charged for: what it stores, and its throughput. In: what it stored and passed in each hour. Out: its charges.
//!
//! Elastic throughput is billed by the gigabyte that is read and written, as it is metered, without the third for reads; provisioned throughput by the MiB/s and month,
//! for what is above the baseline that comes with the stored data. (Amazon EFS pricing.)

use super::language::{FileSystem, Mode};
use super::limits;
use crate::cost::accrual::{Accrual, MONTH_HOURS};
use crate::cost::charge::Charge;
use crate::kind::Settings;
use crate::kind::bill::Billed;
use crate::usage::Used;

/// Bytes of a MiB.
const MIB: f64 = 1_048_576.0;

impl Billed<Settings> for FileSystem {
    const PLACE: u8 = 4;

    fn charges<'a>(&'a self, _all: &'a Settings, used: &Used) -> Vec<Charge<'a>> {
        let charge = |sku: &str, unit: &'static str, each: f64, what: &str, hours: Vec<f64>| Charge {
            what: what.into(),
            accrual: Accrual::Hourly(hours),
            ..Charge::steady("EFS", sku, &self.name, unit, each)
        };
        let writes = used.more.first().cloned().unwrap_or_default();
        let mut charges =
            vec![charge("standard", "GB-month", 1.0 / MONTH_HOURS, "storage", used.capacity.clone())];
        match self.mode {
            Mode::Elastic => {
                charges.push(charge(
                    "elastic-read",
                    "GB",
                    1.0,
                    "elastic throughput, read",
                    used.hours.clone(),
                ));
                charges.push(charge("elastic-write", "GB", 1.0, "elastic throughput, written", writes));
            }
            Mode::Provisioned => {
                let paid = self.provisioned.map_or(0.0, |it| it.0 / 8.0) - limits::baseline(self.storage);
                charges.push(Charge {
                    what: "provisioned throughput".into(),
                    ..Charge::steady(
                        "EFS",
                        "provisioned",
                        &self.name,
                        "MiB/s-month",
                        paid.max(0.0) / MIB / MONTH_HOURS,
                    )
                });
            }
            Mode::Bursting => {}
        }
        charges
    }
}

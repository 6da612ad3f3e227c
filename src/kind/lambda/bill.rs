//! What a function is charged for: invocations, memory for the time that it is in use, and provisioned concurrency.
//!
//! In: the function, and what it used in each hour. Out: its charges. Time is whole milliseconds for each invocation, with the initialization of its
//! environment (AWS Lambda pricing; AWS, "AWS Lambda standardizes billing for INIT phase", from August 2025). Throttled invocations are free.
//! The price is that of the first tier, of six thousand million GB-seconds a month; the free tier is not counted.

use super::language::Lambda;
use crate::cost::accrual::Accrual;
use crate::cost::charge::Charge;
use crate::kind::Settings;
use crate::kind::bill::Billed;
use crate::usage::Used;

impl Billed<Settings> for Lambda {
    const PLACE: u8 = 2;

    fn charges<'a>(&'a self, _all: &'a Settings, used: &Used) -> Vec<Charge<'a>> {
        let charge = |sku: &str, unit: &'static str, each: f64, what: &str, hours: Vec<f64>| Charge {
            what: what.into(),
            accrual: Accrual::Hourly(hours),
            ..Charge::steady("Lambda", sku, &self.name, unit, each)
        };
        let gb_seconds = |sku: &str, what: &str, at: usize| {
            let hours = used.more.get(at).cloned().unwrap_or_default();
            charge(
                &format!("{sku}-{}", if self.arm { "arm" } else { "x86" }),
                "GB-second",
                self.gb() / 1e3,
                what,
                hours,
            )
        };
        let mut charges = vec![
            charge("requests", "million", 1e-6, "invocations", used.hours.clone()),
            gb_seconds("duration", "duration of invocations", 0),
        ];
        if self.provisioned.is_some() {
            charges.push(gb_seconds("provisioned-concurrency", "provisioned concurrency", 2));
            charges.push(gb_seconds("provisioned-duration", "duration in provisioned environments", 1));
        }
        charges
    }
}

//! What alarms are charged for: a month of each, and the custom metrics that no policy and no alarm before goes by.
//!
//! In: the alarm, and the whole file. Out: its charges. A composite alarm is charged for itself alone: the alarms of its rule have their own
//! lines. (Amazon CloudWatch pricing.) Not charged: what it notifies.

use super::language::Alarm;
use crate::cost::accrual::MONTH_HOURS;
use crate::cost::charge::Charge;
use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::bill::{Billed, custom_metrics};
use crate::kind::scaling::language::custom::Custom;
use crate::units::Time;
use crate::usage::Used;

/// An alarm with a shorter period is one of high resolution.
const MINUTE: Time = Time::from_secs(60);

impl Billed<Settings> for Alarm {
    fn charges<'a>(&'a self, all: &'a Settings, _: &Used) -> Vec<Charge<'a>> {
        let (sku, what, parts) = match self.watched() {
            None => ("alarm-composite", "composite alarm", 1),
            Some(it) if it.alarm.period < MINUTE => {
                ("alarm-high-resolution", "CloudWatch alarm, high resolution", it.metric.parts())
            }
            Some(it) => ("alarm-standard", "CloudWatch alarm", it.metric.parts()),
        };
        let month = Charge {
            what: what.into(),
            ..Charge::steady("CloudWatch", sku, &self.name, "alarm-month", parts as f64 / MONTH_HOURS)
        };
        let index = all.alarms.iter().position(|alarm| alarm.name == self.name).unwrap_or(usize::MAX);
        let custom = Custom::of((Kind::Alarm, index), all);
        std::iter::once(month)
            .chain(custom_metrics(custom.metrics, custom.requests, &self.name, "alarms"))
            .collect()
    }
}

//! The policy that a capacity provider of Amazon ECS makes for its group. In: its target. Out: a [`Policy`].

use super::{Alarm, Comparison, Metric, MissingData, Policy, PolicyKind};
use crate::id::{Gauge, Kind};
use crate::kind::fleet::language::cluster::{PROVIDER_DELAY, PROVIDER_PERIODS, PROVIDER_WARMUP, RESERVATION};
use crate::units::Time;

impl Policy {
    /// That of a fleet by its position.
    pub(crate) fn of_provider(target: f64, own: u32) -> Policy {
        let alarm = |periods: u32, comparison: Comparison| Alarm {
            period: Time::from_secs(60),
            evaluation_periods: periods,
            datapoints: periods,
            threshold: target,
            comparison,
            missing: MissingData::Missing,
            delivery_delay: PROVIDER_DELAY.value,
        };
        let [high, low] = PROVIDER_PERIODS;
        let kind = PolicyKind::TargetTracking {
            target,
            high: alarm(high, Comparison::Above),
            low: Some(alarm(low, Comparison::Below)),
        };
        let gauge = Gauge { kind: Kind::Fleet, index: own, name: RESERVATION };
        Policy {
            name: format!("capacity provider target {target}"),
            metric: Metric::Gauge(gauge),
            kind,
            warmup: PROVIDER_WARMUP.value,
            cooldowns: None,
        }
    }
}

//! Health checks of a target group: how often, how long, how many. In: `health_check = { … }`. Out: a [`HealthCheck`].

use crate::dist::Law;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// Health check of a target group.
#[derive(Clone, Debug, PartialEq)]
pub struct HealthCheck {
    /// Between two checks of one target.
    pub interval: Time,
    /// A check without answer after this time has failed.
    pub timeout: Time,
    /// Passes in a row that make an unhealthy target healthy.
    pub healthy_threshold: u32,
    /// Passes in a row that make a target healthy that never was.
    pub first_passes: u32,
    /// Failures in a row that make a target unhealthy.
    pub unhealthy_threshold: u32,
    /// CPU demand of answering a check.
    pub cpu: Law,
}

const HEALTH_GUIDE: &str = "Elastic Load Balancing user guide, target group health checks (2023-06)";
/// Between two health checks of one target: 30 s.
pub const CHECK_INTERVAL: Given<Time> = Given::new(Time::from_secs(30), HEALTH_GUIDE);
/// A check without answer has failed after: 5 s.
pub const CHECK_TIMEOUT: Given<Time> = Given::new(Time::from_secs(5), HEALTH_GUIDE);
/// Passes in a row that make an unhealthy target healthy: 5.
pub const CHECK_HEALTHY: Given<u32> = Given::new(5, HEALTH_GUIDE);
/// Passes in a row that make a target healthy that never was: 1.
pub const CHECK_FIRST: Given<u32> = Given::new(1, HEALTH_GUIDE);
/// Failures in a row that make a target unhealthy: 2.
pub const CHECK_UNHEALTHY: Given<u32> = Given::new(2, HEALTH_GUIDE);
/// CPU demand of answering a check: 1 ms.
pub const CHECK_CPU: Given<Law> =
    Given::new(Law::Constant(Time::from_millis(1)), "assumption: a page without database access");
/// The language of a health check.
pub const HEALTH_SHAPE: Shape = Shape {
    title: "health_check = { … }",
    about: "Health check of a target group. Checks begin when a target is registered. One pass makes a target healthy \
            that never was, whatever it failed before; one that was healthy and has become unhealthy needs `healthy` in a row.",
    keys: &[
        Key::given(
            "interval",
            "duration, 5 s to 300 s",
            || CHECK_INTERVAL.show(),
            "between two checks of one target",
        ),
        Key::given(
            "timeout",
            "duration, 2 s to 120 s",
            || CHECK_TIMEOUT.show(),
            "a check without answer after it has failed; at a Network Load Balancer 6 s, or `interval` if that is less (its user guide: HTTP \
             checks; one of TCP waits for 10 s, and is answered without a thread, which none is here)",
        ),
        Key::given(
            "healthy",
            "whole number, 2 to 10",
            || CHECK_HEALTHY.show(),
            "passes in a row that make a target healthy again that was healthy once; 10 at a Classic Load Balancer (its user guide)",
        ),
        Key::given(
            "first_passes",
            "whole number, 1 to 10",
            || CHECK_FIRST.show(),
            "passes in a row that make a target healthy that never was; the user guide says one, and some report as many as `healthy` \
             where it has failed checks while it booted; at a Classic Load Balancer 10 (assumption: as many as `healthy`)",
        ),
        Key::given(
            "unhealthy",
            "whole number, 2 to 10",
            || CHECK_UNHEALTHY.show(),
            "failures in a row that make a target unhealthy",
        ),
        Key::given("cpu", "law", || CHECK_CPU.show(), "CPU demand of answering a check"),
        Key::optional(
            "steps",
            "step or array of steps",
            "none",
            "what a check does then on its target, as a request would (a deep check); one that fails there is not answered",
        ),
    ],
};

/// The same at a Network Load Balancer: 6 s, of HTTP checks. One of TCP waits for 10 s.
pub const NLB_CHECK_TIMEOUT: Given<Time> = Given::new(
    Time::from_secs(6),
    "Network Load Balancers user guide, target group health checks (2023-06): 6 s for HTTP, 10 s for TCP",
);

impl HealthCheck {
    /// That of a Network Load Balancer.
    pub(super) fn of_network() -> HealthCheck {
        HealthCheck { timeout: NLB_CHECK_TIMEOUT.value, ..HealthCheck::default() }
    }
}

impl Default for HealthCheck {
    fn default() -> HealthCheck {
        HealthCheck {
            interval: CHECK_INTERVAL.value,
            timeout: CHECK_TIMEOUT.value,
            healthy_threshold: CHECK_HEALTHY.value,
            first_passes: CHECK_FIRST.value,
            unhealthy_threshold: CHECK_UNHEALTHY.value,
            cpu: CHECK_CPU.value,
        }
    }
}

impl HealthCheck {
    /// How long after its registration a target is healthy, on average, whose application answers after `boot`.
    pub(crate) fn healthy_after(&self, boot: Time) -> Time {
        let half = Time(self.interval.0 / 2);
        boot + half + self.interval * u64::from(self.first_passes.saturating_sub(1))
    }

    pub(super) fn read(reader: &Reader, usual: &HealthCheck) -> HealthCheck {
        let seconds = |low, high| Time::from_secs(low)..=Time::from_secs(high);
        let interval =
            reader.or("interval", |value| value.time_within(seconds(5, 300)), CHECK_INTERVAL.value);
        let check = HealthCheck {
            interval,
            timeout: reader
                .maybe("timeout", |value| value.time_within(seconds(2, 120)))
                .unwrap_or(usual.timeout.min(interval)),
            healthy_threshold: reader.or("healthy", |value| value.count(2..=10), usual.healthy_threshold),
            first_passes: reader.or("first_passes", |value| value.count(1..=10), usual.first_passes),
            unhealthy_threshold: reader.or("unhealthy", |value| value.count(2..=10), CHECK_UNHEALTHY.value),
            cpu: reader.or("cpu", Value::law, CHECK_CPU.value),
        };
        if check.timeout > check.interval {
            let message =
                format!("a check every {} cannot wait {} for its answer", check.interval, check.timeout);
            reader.cx.push(reader.problem(message).hint("keep `timeout` at or below `interval`"));
        }
        check
    }
}

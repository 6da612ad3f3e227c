//! Classic Load Balancers: what differs from an Application Load Balancer. In: `kind = "classic"`, `protocol` and `surge_queue`. Out: a
//! [`Classic`], and the defaults of such a balancer.

use super::health::HealthCheck;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key};
use crate::language::value::Value;
use crate::units::Time;

/// What only a Classic Load Balancer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Classic {
    /// Whether its listener knows HTTP; else it carries connections.
    pub http: bool,
    /// Requests, or connections, that can wait for a target.
    pub surge_queue: u32,
}

/// Requests that can wait for a target that can take a connection: 1,024.
pub const SURGE_QUEUE: Given<u32> = Given::new(
    1_024,
    "user guide for Classic Load Balancers, CloudWatch metrics: the maximum of SurgeQueueLength",
);
/// How long a leaving target may finish its requests: not at all. Source: Elastic Load Balancing API reference (2012-06-01),
/// ConnectionDraining: off unless it is switched on, and then 300 s unless the file says how long.
pub const DRAINING: Time = Time::ZERO;
/// Passes in a row that make a target healthy: 10.
/// Source: user guide for Classic Load Balancers, health checks.
pub const CHECK_HEALTHY: u32 = 10;

/// The queue before its targets.
pub(super) const SURGES: Key = Key::given(
    "surge_queue",
    "whole number, 0 to 1,024",
    || SURGE_QUEUE.show(),
    "at a Classic Load Balancer, requests that can wait for a target whose threads and backlog are not full; those above get a 503",
);

impl Classic {
    /// What the file says of it.
    pub(super) fn read(reader: &Reader) -> Classic {
        Classic {
            http: reader.or("protocol", |value| value.choice(&[("http", true), ("tcp", false)]), true),
            surge_queue: reader.or("surge_queue", |value: Value| value.count(0..=1_024), SURGE_QUEUE.value),
        }
    }
}

/// Its health check. A new target needs all passes as well. Assumption: the guide says that a target is out of service until it has
/// passed, and not that fewer are enough.
pub(super) fn health_check() -> HealthCheck {
    HealthCheck { healthy_threshold: CHECK_HEALTHY, first_passes: CHECK_HEALTHY, ..HealthCheck::default() }
}

//! `[balancer.NAME]`: an Application Load Balancer. In: routing, health check, draining. Out: a [`Balancer`].

use super::FleetId;
use crate::dist::Law;
use crate::units::Time;

/// An Application Load Balancer with one target group.
#[derive(Clone, Debug)]
pub struct Balancer {
    /// Name in the file.
    pub name: String,
    /// Rule of choice among healthy targets.
    pub routing: Routing,
    /// The fleet whose instances are the targets.
    pub targets: FleetId,
    /// Health check of the target group.
    pub health_check: HealthCheck,
    /// How long a deregistering target may finish its requests.
    pub deregistration_delay: Time,
    /// A target that has not answered within this time gets a 504 from the balancer.
    pub idle_timeout: Time,
    /// A target that has not accepted the connection within this time gets a 504.
    pub connect_timeout: Time,
    /// Linear ramp of a new target's share (round robin only); zero is off.
    pub slow_start: Time,
    /// Whether a request may leave its zone.
    pub cross_zone: bool,
    /// One-way network latency between balancer and target.
    pub hop: Time,
    /// Requests that one client connection carries (capacity units).
    pub requests_per_connection: f64,
    /// Reachable from the internet: its responses are internet egress.
    pub internet_facing: bool,
}

/// Rule of choice among healthy targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Routing {
    /// Each in turn.
    RoundRobin,
    /// The target with the fewest requests sent and not yet answered; the lowest index among equals.
    LeastOutstandingRequests,
    /// Any, uniformly.
    Random,
    /// The one with fewer outstanding requests of two drawn at random.
    TwoChoices,
}

/// Health check of a target group.
#[derive(Clone, Debug, PartialEq)]
pub struct HealthCheck {
    /// Between two checks of one target.
    pub interval: Time,
    /// A check without answer after this time has failed.
    pub timeout: Time,
    /// Passes in a row that make an unhealthy target healthy.
    pub healthy_threshold: u32,
    /// Failures in a row that make a healthy target unhealthy.
    pub unhealthy_threshold: u32,
    /// CPU demand of answering a check.
    pub cpu: Law,
}

//! `[balancer.NAME]`: an Application Load Balancer. In: routing, health check, draining. Out: a [`Balancer`].

mod foreign;

use crate::dist::Law;
use crate::id::{Dial, FleetId, Kind, NETWORK_IN, NETWORK_OUT, UNKNOWN};
use crate::kind::Settings;
use crate::kind::effort::{Work, often};
use crate::kind::network::HOP;
use crate::kind::path::Written;
use crate::kind::table::{Foreign, Table};
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// Gauges of a balancer.
pub(crate) const GAUGES: &[Dial] = &[
    Dial {
        kind: Kind::Balancer,
        name: "unhealthy",
        own: false,
        about: "targets that are judged unhealthy, at the end of the period",
    },
    Dial { kind: Kind::Balancer, name: "requests", own: false, about: "requests a minute" },
    Dial {
        kind: Kind::Fleet,
        name: NETWORK_IN,
        own: false,
        about: "bytes a minute of requests from its balancers, for each instance past its warm-up",
    },
    Dial { kind: Kind::Fleet, name: NETWORK_OUT, own: false, about: "the same of its answers to them" },
];

/// Events of a health check beside those of its steps: it is sent, served and answered.
const CHECK_EVENTS: f64 = 3.0;

/// An Application Load Balancer with one target group.
#[derive(Clone, Debug)]
pub struct Balancer {
    /// Name in the file.
    pub name: String,
    /// Rule of choice among healthy targets.
    pub routing: Routing,
    /// Which of several targets with the fewest outstanding requests.
    pub ties: Ties,
    /// The fleet whose instances are the targets.
    pub targets: FleetId,
    /// Health check of the target group.
    pub health_check: HealthCheck,
    /// How long a deregistering target may finish its requests.
    pub deregistration_delay: Time,
    /// Whether connections to targets outlive their requests.
    pub target_connections: TargetConnections,
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
    /// What the file says of that, if it does.
    pub(crate) said_to_face: Option<bool>,
}

impl Balancer {
    /// Whether it evens out the load of targets in so many zones, because it looks at the load of all of them.
    pub(crate) fn evens_out(&self, zones: u32) -> bool {
        let looks = matches!(self.routing, Routing::LeastOutstandingRequests | Routing::TwoChoices);
        looks && (self.cross_zone || zones == 1)
    }
}

/// Rule of choice among healthy targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Routing {
    /// Each in turn.
    RoundRobin,
    /// The target with the fewest requests sent and not yet answered; see [`Ties`] for equals.
    LeastOutstandingRequests,
    /// Any, uniformly.
    Random,
    /// The one with fewer outstanding requests of two drawn at random.
    TwoChoices,
}

/// What becomes of a connection to a target after a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetConnections {
    /// It is kept for the next one, and draining lasts the whole deregistration delay.
    KeepAlive,
    /// It is closed, and draining ends with the last request.
    Close,
}

/// Rule of choice among targets with equally few outstanding requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ties {
    /// The one that was registered first.
    First,
    /// Each of them in turn.
    InTurn,
    /// Any, uniformly.
    Random,
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

impl HealthCheck {
    /// How long after its registration a target is healthy, on average, whose application answers after `boot`: by one check, or, if
    /// it has become unhealthy by then, by as many as make it healthy again.
    pub(crate) fn healthy_after(&self, boot: Time) -> Time {
        let half = Time(self.interval.0 / 2);
        let is_unhealthy = boot > self.interval * u64::from(self.unhealthy_threshold);
        let passes = if is_unhealthy { self.healthy_threshold } else { 1 };
        boot + half + self.interval * u64::from(passes.saturating_sub(1))
    }
}

const HEALTH_GUIDE: &str = "Elastic Load Balancing user guide, target group health checks (2023-06)";
const GROUP_GUIDE: &str = "Elastic Load Balancing user guide, target groups (2023-06)";

/// Between two health checks of one target: 30 s.
pub const CHECK_INTERVAL: Given<Time> = Given::new(Time::from_secs(30), HEALTH_GUIDE);
/// A check without answer has failed after: 5 s.
pub const CHECK_TIMEOUT: Given<Time> = Given::new(Time::from_secs(5), HEALTH_GUIDE);
/// Passes in a row that make an unhealthy target healthy: 5.
pub const CHECK_HEALTHY: Given<u32> = Given::new(5, HEALTH_GUIDE);
/// Failures in a row that make a healthy target unhealthy: 2.
pub const CHECK_UNHEALTHY: Given<u32> = Given::new(2, HEALTH_GUIDE);
/// CPU demand of answering a check: 1 ms.
pub const CHECK_CPU: Given<Law> =
    Given::new(Law::Constant(Time::from_millis(1)), "assumption: a page without database access");
/// How long a deregistering target may finish its requests: 300 s.
pub const DEREGISTRATION_DELAY: Given<Time> = Given::new(Time::from_secs(300), GROUP_GUIDE);
/// A target that has not answered after this time: 60 s.
pub const IDLE_TIMEOUT: Given<Time> = Given::new(
    Time::from_secs(60),
    "Elastic Load Balancing user guide, Application Load Balancers (2023-06)",
);
/// A target that has not accepted the connection after this time: 10 s; not configurable at AWS either.
/// Source: Elastic Load Balancing user guide, troubleshooting (2023-06).
pub const CONNECT_TIMEOUT: Time = Time::from_secs(10);
/// Ramp of a new target's share: off.
pub const SLOW_START: Given<Time> = Given::new(Time::ZERO, GROUP_GUIDE);
/// A request may leave its zone: yes.
pub const CROSS_ZONE: Given<bool> =
    Given::new(true, "Elastic Load Balancing user guide, cross-zone load balancing (2023-06)");
/// Requests that one client connection carries: 10.
pub const REQUESTS_PER_CONNECTION: Given<f64> =
    Given::new(10.0, "assumption: the dynamic requests of one visit share a connection");

/// The language of a balancer.
pub const SHAPE: Shape = Shape {
    title: "[balancer.NAME]",
    about: "An Application Load Balancer with one target group. It never queues: targets do.",
    keys: &[
        Key::optional("kind", "\"alb\"", "`\"alb\"`", "which balancer of AWS it is"),
        Key::required("targets", "name of a fleet", "the fleet whose instances are the targets"),
        Key::optional(
            "routing",
            "\"round_robin\", \"least_outstanding_requests\", \"random\" or \"two_choices\"",
            "`\"round_robin\"` (Elastic Load Balancing user guide, target groups)",
            "rule of choice among healthy targets; the last takes the less loaded of two drawn at random",
        ),
        Key::optional(
            "ties",
            "\"first\", \"in_turn\" or \"random\"",
            "`\"first\"` (assumption: AWS publishes no rule)",
            "which of several targets with the fewest outstanding requests: the one registered first, the next one after the \
             last choice (as HAProxy does), or any",
        ),
        Key::optional(
            "health_check",
            "{ interval, timeout, healthy, unhealthy, cpu, steps }",
            "AWS's own, see there",
            "how targets are checked",
        ),
        Key::given(
            "deregistration_delay",
            "duration",
            || DEREGISTRATION_DELAY.show(),
            "how long a leaving target may finish its requests (draining)",
        ),
        Key::optional(
            "target_connections",
            "\"keep_alive\" or \"close\"",
            "`\"keep_alive\"` (Elastic Load Balancing user guide, target groups: draining ends early only without \
             in-flight requests and active connections)",
            "whether a connection to a target is kept after its request: then a target that had one drains for the \
             whole delay, else until its last request",
        ),
        Key::given(
            "idle_timeout",
            "duration",
            || IDLE_TIMEOUT.show(),
            "a target that has not answered within it is a 504",
        ),
        Key::given(
            "slow_start",
            "duration, 0 or 30 s to 900 s",
            || SLOW_START.show(),
            "linear ramp of a new target's share (round robin only)",
        ),
        Key::given(
            "cross_zone",
            "true or false",
            || CROSS_ZONE.show(),
            "whether a request may leave its zone",
        ),
        Key::given("hop", "duration", || HOP.show(), "one-way network latency between balancer and target"),
        Key::optional(
            "internet_facing",
            "true or false",
            "true if a request enters `via` it",
            "whether its responses are internet egress",
        ),
        Key::given(
            "requests_per_connection",
            "number",
            || REQUESTS_PER_CONNECTION.show(),
            "requests that one client connection carries (capacity units)",
        ),
    ],
};

/// The language of a health check.
pub const HEALTH_SHAPE: Shape = Shape {
    title: "health_check = { … }",
    about: "Health check of a target group. A target that has never passed a check is healthy after its first pass, whatever it failed before.",
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
            "a check without answer after it has failed",
        ),
        Key::given(
            "healthy",
            "number, 2 to 10",
            || CHECK_HEALTHY.show(),
            "passes in a row that make a target healthy again, once it was healthy and failed",
        ),
        Key::given(
            "unhealthy",
            "number, 2 to 10",
            || CHECK_UNHEALTHY.show(),
            "failures in a row that make a healthy target unhealthy",
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

impl Default for HealthCheck {
    fn default() -> HealthCheck {
        HealthCheck {
            interval: CHECK_INTERVAL.value,
            timeout: CHECK_TIMEOUT.value,
            healthy_threshold: CHECK_HEALTHY.value,
            unhealthy_threshold: CHECK_UNHEALTHY.value,
            cpu: CHECK_CPU.value,
        }
    }
}

impl HealthCheck {
    fn read(reader: &Reader) -> HealthCheck {
        let seconds = |low, high| Time::from_secs(low)..=Time::from_secs(high);
        let check = HealthCheck {
            interval: reader.or("interval", |value| value.time_within(seconds(5, 300)), CHECK_INTERVAL.value),
            timeout: reader.or("timeout", |value| value.time_within(seconds(2, 120)), CHECK_TIMEOUT.value),
            healthy_threshold: reader.or("healthy", |value| value.count(2..=10), CHECK_HEALTHY.value),
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

impl Balancer {
    /// Requests enter through it: unless the file says otherwise, it faces the internet.
    pub(crate) fn enter(&mut self) {
        self.internet_facing = self.said_to_face.unwrap_or(true);
    }
}

impl Table<Settings> for Balancer {
    const ABOUT: &'static str = "load balancers";
    const SHAPES: &'static [&'static Shape] = &[&SHAPE, &HEALTH_SHAPE];
    const FOREIGN: &'static [Foreign] = foreign::FOREIGN;

    fn read<'a>(name: &str, reader: &Reader<'a>, path: &mut Option<Written<'a>>) -> Balancer {
        reader.maybe("kind", |value| value.choice(&[("alb", ())]));
        let choices = [
            ("round_robin", Routing::RoundRobin),
            ("least_outstanding_requests", Routing::LeastOutstandingRequests),
            ("random", Routing::Random),
            ("two_choices", Routing::TwoChoices),
        ];
        let routing = reader.or("routing", |value| value.choice(&choices), Routing::RoundRobin);
        let ties = reader.get("ties");
        if let (Some(value), false) = (ties, routing == Routing::LeastOutstandingRequests) {
            value.problem(
                "only the fewest outstanding requests have ties",
                "remove it, or set routing = \"least_outstanding_requests\"",
            );
        }
        let rules = [("first", Ties::First), ("in_turn", Ties::InTurn), ("random", Ties::Random)];
        let connections = [("keep_alive", TargetConnections::KeepAlive), ("close", TargetConnections::Close)];
        let delays = |high| move |value: Value| value.time_within(Time::ZERO..=Time::from_secs(high));
        let said_to_face = reader.maybe("internet_facing", Value::flag);
        let mut steps = None;
        let health_check = |value: Value<'a>| {
            value.table(&HEALTH_SHAPE, |reader| {
                steps = reader.get("steps");
                HealthCheck::read(reader)
            })
        };
        let health_check = reader.maybe("health_check", health_check).unwrap_or_default();
        let targets = reader.must("targets", Value::id, FleetId(UNKNOWN));
        let place = format!("balancer.{name}/health check");
        *path =
            Some(Written { place, fleet: targets, cpu: Some(health_check.cpu.clone()), time: None, steps });
        Balancer {
            name: name.to_owned(),
            routing,
            ties: ties.and_then(|value| value.choice(&rules)).unwrap_or(Ties::First),
            targets,
            health_check,
            deregistration_delay: reader.or(
                "deregistration_delay",
                delays(3_600),
                DEREGISTRATION_DELAY.value,
            ),
            target_connections: reader.or(
                "target_connections",
                |value| value.choice(&connections),
                TargetConnections::KeepAlive,
            ),
            idle_timeout: reader.or(
                "idle_timeout",
                |value| value.time_within(Time::from_secs(1)..=Time::from_secs(4_000)),
                IDLE_TIMEOUT.value,
            ),
            connect_timeout: CONNECT_TIMEOUT,
            slow_start: reader.or("slow_start", |value| slow_start(value, routing), SLOW_START.value),
            cross_zone: reader.or("cross_zone", Value::flag, CROSS_ZONE.value),
            hop: reader.or("hop", Value::time, HOP.value),
            requests_per_connection: reader.or(
                "requests_per_connection",
                |value| value.number(1.0..=10_000.0),
                REQUESTS_PER_CONNECTION.value,
            ),
            internet_facing: said_to_face.unwrap_or(false),
            said_to_face,
        }
    }

    /// Its checks of the targets that there are at the start.
    fn own_work(&self, all: &Settings, seconds: f64, walk: impl Fn() -> f64) -> Work {
        let targets = all.fleets.get(self.targets.index()).map_or(0.0, |it| f64::from(it.desired));
        let checks = often(self.health_check.interval, seconds) * targets;
        Work::of_events(checks * (CHECK_EVENTS + walk()))
    }

    fn name(&self) -> &str {
        &self.name
    }
}

fn slow_start(value: Value, routing: Routing) -> Option<Time> {
    let time = value.time()?;
    if time == Time::ZERO {
        return Some(time);
    }
    if routing != Routing::RoundRobin {
        value
            .problem("slow start works with round robin only", "remove it, or set routing = \"round_robin\"");
        return None;
    }
    value.time_within(Time::from_secs(30)..=Time::from_secs(900))
}

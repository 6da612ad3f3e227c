//! `[balancer.NAME]`: an Application, a Network or a Classic Load Balancer. In: routing, health check, draining. Out: a [`Balancer`].

mod classic;
mod dns;
mod foreign;
mod growth;
mod health;
mod network;
mod routing;
mod rules;
mod split;
mod stickiness;

pub use classic::{Classic, DRAINING, SURGE_QUEUE};
pub use dns::{DETECT, DNS_SHAPE, Dns, TTL as DNS_TTL};
pub use growth::{EVERY, FACTOR, GROWTH_SHAPE, Growth, INITIAL, LOOKS_EVERY};
pub use health::{
    CHECK_CPU, CHECK_HEALTHY, CHECK_INTERVAL, CHECK_TIMEOUT, CHECK_UNHEALTHY, HEALTH_SHAPE, HealthCheck,
    NLB_CHECK_TIMEOUT,
};
pub use network::{BANDWIDTH, IDLE_TIMEOUT as NLB_IDLE_TIMEOUT, Network, Protocol, TARGET_DELAY};
pub use routing::{Routing, Ties, WEIGHTS_EVERY};
pub use rules::{RULE_SHAPE, Rule};
pub use split::{Split, TARGET_SHAPE, Way};
pub use stickiness::{
    Cookie, STICKINESS_SHAPE, STICKY_FOR, Stickiness, VISIT_GAP, VISIT_REQUESTS, VISITS_SHAPE, Visits,
};

use super::clients::Clients;
use crate::catalog::region::Region;
use crate::id::{BalancerId, Dial, FleetId, Kind, NETWORK_IN, NETWORK_OUT};
use crate::kind::Settings;
use crate::kind::effort::{Work, often};
use crate::kind::network::HOP;
use crate::kind::path::{PathOwner, Written};
use crate::kind::table::{Foreign, Table};
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// The gauge of the errors that a balancer makes itself.
pub(super) const OWN_5XX: &str = "own_5xx";
/// The gauge of the errors that its targets answer.
pub(super) const TARGET_5XX: &str = "target_5xx";

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
        kind: Kind::Balancer,
        name: OWN_5XX,
        own: false,
        about: "errors of its own a minute: 502, 503 and 504 (`HTTPCode_ELB_5XX_Count`), those of a balancer that grows and of a full surge queue among them",
    },
    Dial {
        kind: Kind::Balancer,
        name: TARGET_5XX,
        own: false,
        about: "errors a minute that its targets answered (`HTTPCode_Target_5XX_Count`)",
    },
    Dial {
        kind: Kind::Fleet,
        name: NETWORK_IN,
        own: false,
        about: "bytes a minute of requests from its balancers, for each instance past its warm-up",
    },
    Dial {
        kind: Kind::Fleet,
        name: NETWORK_OUT,
        own: false,
        about: "bytes a minute of answers to its balancers, for each instance past its warm-up",
    },
];

/// Events of a health check beside those of its steps: it is sent, served and answered.
const CHECK_EVENTS: f64 = 3.0;

/// A load balancer, or a further target group of one.
#[derive(Clone, Debug)]
pub struct Balancer {
    /// Name in the file.
    pub name: String,
    /// What only a Network Load Balancer has; absent of an Application Load Balancer.
    pub network: Option<Network>,
    /// What only a Classic Load Balancer has; absent of others.
    pub classic: Option<Classic>,
    /// Rule of choice among healthy targets.
    pub routing: Routing,
    /// Which of several targets with the fewest outstanding requests.
    pub ties: Ties,
    /// How often the weights of targets change, with anomaly mitigation.
    pub weights_every: Option<Time>,
    /// How clients stay at their target, if they do.
    pub stickiness: Option<Stickiness>,
    /// Which requests go to another target group, in order.
    pub rules: Vec<Rule>,
    /// The target groups among which the requests that fit no rule are split, if they are.
    pub split: Option<Split>,
    /// The balancer of which this is a further target group.
    pub group_of: Option<BalancerId>,
    /// What it carries itself; absent if that has no end.
    pub growth: Option<Growth>,
    /// The fleet whose instances are the targets, or the first of several.
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
    /// How its name leaves out a node that does not answer.
    pub dns: Dns,
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
        looks && self.stickiness.is_none() && (self.cross_zone || zones == 1)
    }

    /// Whether it looks at each request before it chooses: at who asks, or whether it can carry it.
    pub(crate) fn looks_at_callers(&self) -> bool {
        self.stickiness.is_some() || self.growth.is_some() || self.classic.is_some()
    }

    /// Whether it answers requests itself; else it chooses a target for each connection of a client.
    pub(crate) fn knows_http(&self) -> bool {
        self.network.is_none() && self.classic.is_none_or(|classic| classic.http)
    }

    /// Whether a zone is lost at some time in which this has a node, and callers come there meanwhile.
    pub(crate) fn loses_nodes(&self, all: &Settings) -> bool {
        let Some(fleet) = all.fleets.get(self.targets.index()).filter(|_| self.dns.is_felt()) else {
            return false;
        };
        all.taken().iter().any(|(_, _, zone)| fleet.azs.contains(zone))
    }

    /// The connections of its clients, none of which is open yet.
    pub(super) fn clients(&self) -> Clients {
        Clients::new(self.requests_per_connection, self.idle_timeout.0)
    }

    /// The places of its surge queue, if it has one.
    pub(crate) fn surge_queue(&self) -> Option<u32> {
        self.classic.map(|classic| classic.surge_queue)
    }

    /// Whether it keeps connections to its targets, so that one can be closed by a target as a request is sent there.
    pub(crate) fn keeps_connections(&self) -> bool {
        // Where it knows no HTTP it has none of its own: connections of clients go on to its targets.
        self.target_connections == TargetConnections::KeepAlive && self.knows_http()
    }
}

/// What becomes of a connection to a target after a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetConnections {
    /// It is kept for the next one, and draining lasts the whole deregistration delay.
    KeepAlive,
    /// It is closed, and draining ends with the last request.
    Close,
}

const GROUP_GUIDE: &str = "Elastic Load Balancing user guide, target groups (2023-06)";

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
    about: "An Application Load Balancer or, by `kind`, a Network or a Classic Load Balancer. The first has one target group or, by \
            `targets` and `rules`, several. Only a Classic Load Balancer queues; else targets do.",
    keys: &[
        Key::optional(
            "kind",
            "\"alb\", \"nlb\" or \"classic\"",
            "`\"alb\"` (assumption: the usual one before HTTP)",
            "which balancer of AWS it is: Application, Network or Classic Load Balancer. A Network Load Balancer chooses a target for \
             each connection, knows nothing of HTTP, and has none of `routing`, `stickiness`, `rules`, `growth`, `slow_start`. A Classic \
             Load Balancer lets requests wait for a target in a surge queue, sends each to the target with the fewest outstanding \
             requests (by turns with protocol = \"tcp\"), never fails open, and has none of `routing`, `rules`, `growth`, `slow_start`",
        ),
        classic::SURGES,
        network::PROTOCOL,
        network::CONNECTION_GAP,
        network::TARGET_WAITS,
        network::CARRIES,
        network::PRESERVES,
        network::TARGETS_PORTS,
        Key::required(
            "targets",
            "name of a fleet, { fleet, weight }, or an array of them",
            "the fleet whose instances are the targets, or several with weights: weighted target groups",
        ),
        split::WEIGHTS,
        split::GROUP_STICKINESS,
        split::TTL,
        Key::optional(
            "routing",
            "\"round_robin\", \"least_outstanding_requests\", \"random\", \"two_choices\" or \"weighted_random\"",
            "`\"round_robin\"` (Elastic Load Balancing user guide, target groups)",
            "rule of choice among healthy targets; \"two_choices\" takes the less loaded of two drawn at random; \"weighted_random\" is \
             \"random\" with weights that `anomaly_mitigation` can change",
        ),
        Key::optional(
            "anomaly_mitigation",
            "true or false",
            "false (Elastic Load Balancing API, TargetGroupAttribute)",
            "whether a target that fails more requests than the others gets fewer of them (`weighted_random` only, and at least \
             three healthy targets): at most half of the targets, step by step",
        ),
        Key::given(
            "weights_every",
            "duration, 1 s to 300 s",
            || WEIGHTS_EVERY.show(),
            "time between two changes of the weights that `anomaly_mitigation` gives to targets",
        ),
        Key::optional(
            "ties",
            "\"first\", \"in_turn\" or \"random\"",
            "`\"first\"` (assumption: AWS publishes no rule)",
            "which of several targets with the fewest outstanding requests: the one registered first, the next one after the \
             last choice (as HAProxy does), or any",
        ),
        Key::optional(
            "stickiness",
            "{ kind, duration, visits }",
            "off (Elastic Load Balancing user guide, sticky sessions)",
            "clients stay at the target of their first request",
        ),
        Key::optional(
            "rules",
            "{ path, host, targets } or an array of them",
            "none",
            "requests of some paths or hosts go to another fleet",
        ),
        Key::optional(
            "growth",
            "{ initial, reserved, factor, every }",
            "off: it carries everything (assumption: AWS publishes no capacity)",
            "what the balancer carries itself, and how fast that grows",
        ),
        Key::optional(
            "health_check",
            "{ interval, timeout, healthy, unhealthy, cpu, steps }",
            "those of AWS: what each key inside has as its default",
            "how targets are checked",
        ),
        Key::given(
            "deregistration_delay",
            "duration",
            || DEREGISTRATION_DELAY.show(),
            "how long a leaving target may finish its requests (draining); `\"0s\"` at a Classic Load Balancer (API reference: connection \
             draining is off, and 300 s where it is on)",
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
            "a target that has not answered within it is a 504; at a Network Load Balancer 350 s, or 120 s with UDP (user guide, \
             Network Load Balancers), after which a connection on which nothing came is reset",
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
            "whether a request may leave its zone; off at a Network Load Balancer (user guide, Network Load Balancers) and at a Classic \
             Load Balancer (its user guide: off where it is made by the API, on where it is made in the console)",
        ),
        dns::DNS,
        Key::given("hop", "duration", || HOP.show(), "one-way network latency between balancer and target"),
        Key::optional(
            "internet_facing",
            "true or false",
            "true if a request enters `via` it (assumption: who enters there is outside)",
            "whether its responses are internet egress",
        ),
        Key::given(
            "requests_per_connection",
            "number",
            || REQUESTS_PER_CONNECTION.show(),
            "requests that one client connection carries, on the mean: capacity units go by connections. A connection is open until \
             `idle_timeout` after its last request, which is 350 s at a Network Load Balancer. Users have one each, and connections of \
             instances with `sockets` are those that they open",
        ),
    ],
};

impl Balancer {
    /// A balancer that knows no HTTP chooses a target for each connection, and all requests of the connection go there. At a Network Load
    /// Balancer a hash of addresses and ports is as good as a draw; a Classic Load Balancer takes its targets in turn.
    fn of_connections(self, reader: &Reader) -> Balancer {
        let routing = match (self.network, self.classic) {
            (Some(_), _) => Routing::Random,
            (None, Some(Classic { http: false, .. })) => Routing::RoundRobin,
            (None, Some(_)) => return Balancer { routing: Routing::LeastOutstandingRequests, ..self },
            (None, None) => return self,
        };
        let connections = network::connections(reader, self.idle_timeout, self.requests_per_connection);
        Balancer {
            routing,
            ties: Ties::First,
            connect_timeout: network::CONNECT_TIMEOUT,
            stickiness: Some(connections),
            ..self
        }
    }

    /// Requests enter through it: unless the file says otherwise, it faces the internet.
    pub(crate) fn enter(&mut self) {
        self.internet_facing = self.said_to_face.unwrap_or(true);
    }
}

impl Table<Settings> for Balancer {
    const ABOUT: &'static str = "load balancers";
    const SHAPES: &'static [&'static Shape] = &[
        &SHAPE,
        &TARGET_SHAPE,
        &STICKINESS_SHAPE,
        &VISITS_SHAPE,
        &RULE_SHAPE,
        &GROWTH_SHAPE,
        &HEALTH_SHAPE,
        &DNS_SHAPE,
    ];
    const FOREIGN: &'static [Foreign] = foreign::FOREIGN;

    fn read<'a>(name: &str, reader: &Reader<'a>, path: &mut Option<Written<'a>>) -> Balancer {
        let which = network::which(reader);
        let (network, classic) = (which.network(), which.classic());
        let routing = routing::routing(reader);
        let connections = [("keep_alive", TargetConnections::KeepAlive), ("close", TargetConnections::Close)];
        let delays = |high| move |value: Value| value.time_within(Time::ZERO..=Time::from_secs(high));
        let said_to_face = reader.maybe("internet_facing", Value::flag);
        let mut steps = None;
        let usual = match (network, classic) {
            (_, Some(_)) => classic::health_check(),
            (Some(_), None) => HealthCheck::of_network(),
            (None, None) => HealthCheck::default(),
        };
        let health_check = |value: Value<'a>| {
            value.table(&HEALTH_SHAPE, |reader| {
                steps = reader.get("steps");
                HealthCheck::read(reader, &usual)
            })
        };
        let health_check = reader.maybe("health_check", health_check).unwrap_or_else(|| usual.clone());
        let cross_zone =
            reader.or("cross_zone", Value::flag, CROSS_ZONE.value && network.is_none() && classic.is_none());
        let (targets, split) = split::targets(reader, true);
        let place = format!("balancer.{name}/health check");
        *path = Some(Written {
            place,
            on: (Kind::Fleet, targets.index()),
            cpu: Some(health_check.cpu.clone()),
            time: None,
            steps,
        });
        let balancer = Balancer {
            name: name.to_owned(),
            network,
            classic,
            routing,
            ties: routing::ties(reader, routing),
            weights_every: routing::weights_every(reader, routing),
            stickiness: reader
                .maybe("stickiness", |value| Stickiness::read(value, cross_zone || classic.is_some())),
            growth: reader.maybe("growth", |value| value.table(&GROWTH_SHAPE, Growth::read)),
            rules: reader.maybe("rules", rules::read).unwrap_or_default(),
            split,
            group_of: None,
            targets,
            health_check,
            deregistration_delay: reader.or(
                "deregistration_delay",
                delays(3_600),
                classic.map_or(DEREGISTRATION_DELAY.value, |_| DRAINING),
            ),
            target_connections: reader.or(
                "target_connections",
                |value| value.choice(&connections),
                TargetConnections::KeepAlive,
            ),
            idle_timeout: reader.or(
                "idle_timeout",
                |value| value.time_within(network::idle_range(network.as_ref())),
                network.map_or(IDLE_TIMEOUT.value, |it| it.protocol.idle_timeout()),
            ),
            connect_timeout: CONNECT_TIMEOUT,
            slow_start: reader.or(
                "slow_start",
                |value| routing::slow_start(value, routing),
                SLOW_START.value,
            ),
            cross_zone,
            dns: reader.maybe("dns", |value| value.table(&DNS_SHAPE, Dns::read)).unwrap_or_default(),
            hop: reader.or("hop", Value::time, HOP.value),
            requests_per_connection: reader.or(
                "requests_per_connection",
                |value| value.number(1.0..=10_000.0),
                REQUESTS_PER_CONNECTION.value,
            ),
            internet_facing: said_to_face.unwrap_or(false),
            said_to_face,
        };
        balancer.of_connections(reader)
    }

    /// The checks of its nodes, of the targets that there are at the start.
    fn own_work(&self, all: &Settings, seconds: f64, walk: impl Fn() -> f64) -> Work {
        let fleet = all.fleets.get(self.targets.index());
        let targets = fleet.map_or(0.0, |it| f64::from(it.instances_of(it.desired)));
        // Each node checks every target, or those of its zone.
        let nodes = fleet.filter(|_| self.cross_zone).map_or(1.0, |it| f64::from(it.zones()));
        let checks = often(self.health_check.interval, seconds) * targets * nodes;
        let weights = self.weights_every.map_or(0.0, |every| often(every, seconds));
        let looks = self.growth.map_or(0.0, |_| often(LOOKS_EVERY, seconds));
        Work::of_events(checks * (CHECK_EVENTS + walk()) + weights + looks)
    }

    fn complete(all: &mut Vec<Balancer>, paths: &mut Vec<(PathOwner, Written<'_>)>) {
        rules::add_groups(all, paths);
    }

    fn uses(&self) -> Vec<(Kind, usize)> {
        self.group_of.iter().map(|outer| (Kind::Balancer, outer.index())).collect()
    }

    /// All of its nodes are lost.
    fn goes_with_region(&self) -> bool {
        true
    }

    fn region(&self, all: &Settings) -> Option<Region> {
        all.fleets.get(self.targets.index())?.region(all)
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn can_fill(&self) -> bool {
        false
    }
}

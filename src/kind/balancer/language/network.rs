//! Network Load Balancers: what differs from an Application Load Balancer. In: `kind = "nlb"`, `protocol` and the keys of it. Out: a
//! [`Network`], and the defaults of such a balancer.

use std::ops::RangeInclusive;

use super::stickiness::{Cookie, Stickiness, VISIT_GAP, Visits};
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key};
use crate::language::value::Value;
use crate::units::{Bandwidth, Time};

/// What only a Network Load Balancer has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Network {
    /// The protocol of its listener.
    pub protocol: Protocol,
    /// How long a new target waits for its first request, once it is healthy.
    pub target_delay: Time,
    /// What it carries at the start, and by how much that grows in a minute.
    pub bandwidth: Bandwidth,
}

/// The protocol of a listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Connections.
    Tcp,
    /// Connections whose encryption ends at the balancer.
    Tls,
    /// Datagrams, of which those of one client are a flow.
    Udp,
}

impl Protocol {
    /// A connection on which nothing came for so long is ended.
    pub(crate) fn idle_timeout(self) -> Time {
        match self {
            Protocol::Tcp | Protocol::Tls => IDLE_TIMEOUT.value,
            Protocol::Udp => UDP_TIMEOUT,
        }
    }

    /// New connections a second, and active ones, of a capacity unit. Source: Elastic Load Balancing pricing page.
    pub(crate) fn unit(self) -> (f64, f64) {
        match self {
            Protocol::Tcp => (800.0, 100_000.0),
            Protocol::Tls => (50.0, 3_000.0),
            Protocol::Udp => (400.0, 50_000.0),
        }
    }
}

const GUIDE: &str = "Elastic Load Balancing user guide, Network Load Balancers";

/// A TCP or TLS connection on which nothing came for so long is ended: 350 s.
pub const IDLE_TIMEOUT: Given<Time> = Given::new(Time::from_secs(350), GUIDE);
/// The same of a UDP flow: 120 s. Source: Elastic Load Balancing user guide, Network Load Balancers.
pub const UDP_TIMEOUT: Time = Time::from_secs(120);
/// A client tries to connect for so long, because the balancer does not answer for its targets: 127 s.
/// Source: Linux kernel, ip-sysctl documentation, `tcp_syn_retries` default 6.
pub const CONNECT_TIMEOUT: Time = Time::from_secs(127);
/// How long a new target waits for its first request: 2 minutes.
pub const TARGET_DELAY: Given<Time> =
    Given::new(Time::from_secs(120), "assumption: the user guide says that it can take a few minutes");
/// What a balancer carries at the start, and by how much that grows in a minute: 3 Gbit/s.
/// Source: AWS Networking & Content Delivery Blog, Using Load Balancer Capacity Unit Reservation (2025-01).
pub const BANDWIDTH: Bandwidth = Bandwidth(3e9);

/// The protocol of the listener.
pub(super) const PROTOCOL: Key = Key::optional(
    "protocol",
    "\"tcp\", \"tls\" or \"udp\"",
    "`\"tcp\"` (assumption: the usual one)",
    "of the listener of a Network Load Balancer: it decides on the idle timeout and on capacity units",
);
/// How far apart requests of a connection are.
pub(super) const CONNECTION_GAP: Key = Key::given(
    "connection_gap",
    "duration",
    || VISIT_GAP.show(),
    "at a Network Load Balancer, from a request of open traffic to the next one on the same connection, at least; a connection \
             carries `requests_per_connection`, and users have one each",
);
/// How long a new target waits.
pub(super) const TARGET_WAITS: Key = Key::given(
    "target_delay",
    "duration, at most 1 hour",
    || TARGET_DELAY.show(),
    "at a Network Load Balancer, how long a new target waits for its first connection, once it is healthy",
);
/// What it carries.
pub(super) const CARRIES: Key = Key::optional(
    "bandwidth",
    "bandwidth",
    "`\"3 Gbit/s\"` (AWS Networking & Content Delivery Blog, Using Load Balancer Capacity Unit Reservation, 2025-01)",
    "what a Network Load Balancer carries at the start, both ways together; it grows by as much in each minute in which more than half \
             is asked for",
);

/// Keys that only an Application Load Balancer has.
const OF_APPLICATION: [&str; 10] = [
    "routing",
    "ties",
    "anomaly_mitigation",
    "weights_every",
    "stickiness",
    "rules",
    "growth",
    "slow_start",
    "weights",
    "group_stickiness",
];
/// Keys that only a Network Load Balancer has.
const OF_NETWORK: [&str; 4] = ["protocol", "connection_gap", "target_delay", "bandwidth"];

/// Reads which balancer it is, and what only a Network Load Balancer has.
pub(super) fn network(reader: &Reader) -> Option<Network> {
    let is_network = reader.or("kind", |value| value.choice(&[("alb", false), ("nlb", true)]), false);
    let (wrong, of, hint): (&[&'static str], _, _) = match is_network {
        true => (&OF_APPLICATION, "an Application Load Balancer", "remove it, or set kind = \"alb\""),
        false => (&OF_NETWORK, "a Network Load Balancer", "remove it, or set kind = \"nlb\""),
    };
    for (key, value) in wrong.iter().filter_map(|key| Some((key, reader.get(key)?))) {
        value.problem(format!("only {of} has `{key}`"), hint);
    }
    if !is_network {
        return None;
    }
    if let Some(value) = reader.get("targets").filter(|value| !value.is_text()) {
        value.problem("a Network Load Balancer has one target group", "write targets = \"web\"");
    }
    let protocols = [("tcp", Protocol::Tcp), ("tls", Protocol::Tls), ("udp", Protocol::Udp)];
    Some(Network {
        protocol: reader.or("protocol", |value| value.choice(&protocols), Protocol::Tcp),
        target_delay: reader.or(
            "target_delay",
            |value| value.time_within(Time::ZERO..=Time::from_secs(3_600)),
            TARGET_DELAY.value,
        ),
        bandwidth: reader.or("bandwidth", Value::bandwidth, BANDWIDTH),
    })
}

/// How long a connection can be idle. Source: Elastic Load Balancing API reference, ListenerAttribute: `tcp.idle_timeout.seconds`.
pub(super) fn idle_range(network: Option<&Network>) -> RangeInclusive<Time> {
    match network {
        Some(_) => Time::from_secs(60)..=Time::from_secs(6_000),
        None => Time::from_secs(1)..=Time::from_secs(4_000),
    }
}

/// Requests of a connection stay at its target as long as it is not idle for too long.
pub(super) fn connections(reader: &Reader, idle_timeout: Time, requests: f64) -> Stickiness {
    let gap = reader.or("connection_gap", Value::time, VISIT_GAP.value);
    Stickiness { cookie: Cookie::Balancer, duration: idle_timeout, visits: Some(Visits { requests, gap }) }
}

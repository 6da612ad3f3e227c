//! Network Load Balancers: what differs from an Application Load Balancer. In: `kind = "nlb"`, `protocol` and the keys of it. Out: a
//! [`Network`], and the defaults of such a balancer.

use std::ops::RangeInclusive;

use super::classic::Classic;
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
    /// Connections that it can have to one target, where targets see its own address in place of those of clients.
    pub ports: Option<u32>,
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

/// Connections to one target where targets see the address of the balancer: 55,000.
pub const TARGET_PORTS: Given<u32> = Given::new(
    55_000,
    "user guide, Network Load Balancers, client IP preservation: 55,000 at once, or about 55,000 a minute, to each target",
);

/// Whether targets see the addresses of clients.
pub(super) const PRESERVES: Key = Key::optional(
    "preserve_client_ip",
    "true or false",
    "true (user guide, Network Load Balancers: for targets that are instances)",
    "at a Network Load Balancer, whether targets see the addresses of clients; else it has local ports for so many connections to each \
     target, and drops those above (`ports_exhausted`)",
);
/// Those ports.
pub(super) const TARGETS_PORTS: Key = Key::given(
    "ports_per_target",
    "whole number, 1 to 64,511",
    || TARGET_PORTS.show(),
    "connections to one target at once, and new ones to it in a minute, with preserve_client_ip = false",
);

/// The protocol of the listener.
pub(super) const PROTOCOL: Key = Key::optional(
    "protocol",
    "\"tcp\", \"tls\" or \"udp\", or \"http\" or \"tcp\" at a Classic Load Balancer",
    "`\"tcp\"`, at a Classic Load Balancer `\"http\"` (assumption: the usual ones)",
    "of the listener of a Network Load Balancer, where it decides on the idle timeout and on capacity units, or of a Classic Load \
     Balancer, which with \"tcp\" chooses a target for each connection and knows nothing of HTTP",
);
/// How far apart requests of a connection are.
pub(super) const CONNECTION_GAP: Key = Key::given(
    "connection_gap",
    "duration",
    || VISIT_GAP.show(),
    "at a balancer of connections, from the answer to a request of open traffic to the next request on the same connection, at least; \
             a connection carries `requests_per_connection`, and users have one each",
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

/// Keys that a balancer of some kind has not.
struct Foreign {
    keys: &'static [&'static str],
    /// Which balancers have them.
    of: &'static str,
    hint: &'static str,
}

const OF_APPLICATION: Foreign = Foreign {
    keys: &[
        "routing",
        "ties",
        "anomaly_mitigation",
        "weights_every",
        "rules",
        "growth",
        "slow_start",
        "weights",
        "group_stickiness",
    ],
    of: "an Application Load Balancer",
    hint: "remove it, or set kind = \"alb\"",
};
const OF_HTTP: Foreign = Foreign { keys: &["stickiness"], ..OF_APPLICATION };
const OF_NETWORK: Foreign = Foreign {
    keys: &["target_delay", "bandwidth", "preserve_client_ip", "ports_per_target"],
    of: "a Network Load Balancer",
    hint: "remove it, or set kind = \"nlb\"",
};
const OF_CONNECTIONS: Foreign = Foreign { keys: &["connection_gap"], ..OF_NETWORK };
const OF_LISTENERS: Foreign = Foreign { keys: &["protocol"], ..OF_NETWORK };
const OF_CLASSIC: Foreign = Foreign {
    keys: &["surge_queue"],
    of: "a Classic Load Balancer",
    hint: "remove it, or set kind = \"classic\"",
};

/// Which balancer it is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Which {
    Application,
    Network(Network),
    Classic(Classic),
}

impl Which {
    pub fn network(self) -> Option<Network> {
        if let Which::Network(network) = self { Some(network) } else { None }
    }

    pub fn classic(self) -> Option<Classic> {
        if let Which::Classic(classic) = self { Some(classic) } else { None }
    }
}

/// Reads which balancer it is, and what only a Network or a Classic Load Balancer has.
pub(super) fn which(reader: &Reader) -> Which {
    #[derive(Clone, Copy, PartialEq)]
    enum Word {
        Application,
        Network,
        Classic,
    }
    let words = [("alb", Word::Application), ("nlb", Word::Network), ("classic", Word::Classic)];
    let word = reader.or("kind", |value| value.choice(&words), Word::Application);
    let protocol = reader.get("protocol").filter(|value| value.is_text()).and_then(Value::text);
    let of_http = protocol != Some("tcp");
    let wrong: &[&Foreign] = match word {
        Word::Application => &[&OF_NETWORK, &OF_CONNECTIONS, &OF_LISTENERS, &OF_CLASSIC],
        Word::Network => &[&OF_APPLICATION, &OF_HTTP, &OF_CLASSIC],
        Word::Classic if of_http => &[&OF_APPLICATION, &OF_NETWORK, &OF_CONNECTIONS],
        Word::Classic => &[&OF_APPLICATION, &OF_HTTP, &OF_NETWORK],
    };
    for Foreign { keys, of, hint } in wrong {
        for (key, value) in keys.iter().filter_map(|key| Some((key, reader.get(key)?))) {
            value.problem(format!("only {of} has `{key}`"), *hint);
        }
    }
    if let (true, Some(value)) =
        (word != Word::Application, reader.get("targets").filter(|value| !value.is_text()))
    {
        let of = if word == Word::Network { "a Network" } else { "a Classic" };
        value.problem(format!("{of} Load Balancer has one target group"), "write targets = \"web\"");
    }
    match word {
        Word::Application => Which::Application,
        Word::Network => Which::Network(Network::read(reader)),
        Word::Classic => Which::Classic(Classic::read(reader)),
    }
}

impl Network {
    fn read(reader: &Reader) -> Network {
        let preserves = reader.or("preserve_client_ip", Value::flag, true);
        if let (Some(value), true) = (reader.get("ports_per_target"), preserves) {
            value.problem(
                "ports of a balancer whose targets see the addresses of clients",
                "remove it, or set preserve_client_ip = false",
            );
        }
        let ports = reader.or("ports_per_target", |value| value.count(1..=64_511), TARGET_PORTS.value);
        let protocols = [("tcp", Protocol::Tcp), ("tls", Protocol::Tls), ("udp", Protocol::Udp)];
        Network {
            protocol: reader.or("protocol", |value| value.choice(&protocols), Protocol::Tcp),
            target_delay: reader.or(
                "target_delay",
                |value| value.time_within(Time::ZERO..=Time::from_secs(3_600)),
                TARGET_DELAY.value,
            ),
            bandwidth: reader.or("bandwidth", Value::bandwidth, BANDWIDTH),
            ports: (!preserves).then_some(ports),
        }
    }
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

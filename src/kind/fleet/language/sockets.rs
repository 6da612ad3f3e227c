//! `sockets` of a fleet: the connections that its instances open for their calls, and the local ports that these take. In: a table. Out:
//! [`Sockets`].

use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// How long an idle connection is kept for the next call: 90 s.
pub const KEEP_ALIVE: Given<Time> = Given::new(
    Time::from_secs(90),
    "assumption: as the IdleConnTimeout of Go's http.DefaultTransport; clients differ widely",
);
/// Local ports for connections to one destination: 28,232.
pub const PORTS: Given<u32> =
    Given::new(28_232, "Linux kernel, ip-sysctl documentation: ip_local_port_range is 32768 to 60999");
/// How long a port is taken after its connection was closed: 60 s.
pub const TIME_WAIT: Given<Time> =
    Given::new(Time::from_secs(60), "Linux kernel, include/net/tcp.h: TCP_TIMEWAIT_LEN is 60 s");

/// The language of sockets.
pub const SHAPE: Shape = Shape {
    title: "sockets = { … }",
    about: "The connections that the instances of a fleet open for their calls. Each takes a local port, of which there are so many for \
            each pair of an instance and an address that it calls; a balancer has an address in each zone. Without a port the call fails \
            (`ports_exhausted`, the error EADDRNOTAVAIL). `{ }` takes every default. Without this key ports never run out.",
    keys: &[
        Key::given(
            "keep_alive",
            "duration",
            || KEEP_ALIVE.show(),
            "how long an idle connection is kept for the next call; with \"0s\" each call opens one and closes it",
        ),
        Key::given(
            "ports",
            "whole number, 1 to 64,511",
            || PORTS.show(),
            "local ports of an instance for connections to one address",
        ),
        Key::given(
            "time_wait",
            "duration, at most 1 hour",
            || TIME_WAIT.show(),
            "how long the port of a closed connection is taken",
        ),
    ],
};

/// The connections of an instance for its calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sockets {
    /// How long an idle one is kept.
    pub keep_alive: Time,
    /// Local ports for one destination.
    pub ports: u32,
    /// How long the port of a closed one is taken.
    pub time_wait: Time,
}

impl Sockets {
    pub(super) fn read(value: Value) -> Option<Sockets> {
        value.table(&SHAPE, |reader: &Reader| Sockets {
            keep_alive: reader.or("keep_alive", Value::time, KEEP_ALIVE.value),
            ports: reader.or("ports", |value| value.count(1..=64_511), PORTS.value),
            time_wait: reader.or(
                "time_wait",
                |value| value.time_within(Time::ZERO..=Time::from_secs(3_600)),
                TIME_WAIT.value,
            ),
        })
    }
}

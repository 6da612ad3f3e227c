//! The keys of `[nat.NAME]`, and their defaults. In: nothing. Out: a shape.

use crate::language::shape::{Given, Key, Shape};
use crate::units::{Bandwidth, Time};

const BASICS: &str = "Amazon VPC user guide, NAT gateway basics";

/// Whether a gateway endpoint takes what goes to buckets: no.
pub const ENDPOINT: Given<bool> =
    Given::new(false, "Amazon VPC user guide: a VPC has none before one is made");
/// Whether each zone has a gateway: no.
pub const PER_ZONE: Given<bool> = Given::new(false, "assumption: one gateway, as it costs least");
/// Addresses of a gateway: 1.
pub const ADDRESSES: Given<u32> = Given::new(1, BASICS);
/// Connections at a time to one destination by each address: 55,000.
pub const PORTS: Given<u32> = Given::new(55_000, BASICS);
/// How long a connection may be idle: 350 s.
pub const IDLE_TIMEOUT: Given<Time> =
    Given::new(Time::from_secs(350), "Amazon VPC user guide, troubleshoot NAT gateways: 350 seconds");
/// How long hosts keep an idle connection: 60 s.
pub const KEEP_ALIVE: Given<Time> =
    Given::new(Time::from_secs(60), "AWS SDK for Java 2.x, connectionMaxIdleTime of its HTTP clients");
/// Bandwidth of a gateway at the start: 5 Gbit/s.
pub const BANDWIDTH: Given<Bandwidth> = Given::new(Bandwidth(5e9), BASICS);
/// The most that it grows to: 100 Gbit/s.
pub const MOST: Given<Bandwidth> = Given::new(Bandwidth(100e9), BASICS);
/// How long its link must be full before it grows: a minute.
pub const GROWTH: Given<Time> =
    Given::new(Time::from_secs(60), "assumption: AWS says that it scales automatically, without a time");

/// The language of NAT gateways.
pub const SHAPE: Shape = Shape {
    title: "[nat.NAME]",
    about: "NAT gateways, through which hosts in private subnets reach what is outside of their VPC: buckets, and services with `outside = true`. \
            Each connection has one of its ports; without one, the request fails as `port_allocation`. Hours and bytes are billed.",
    keys: &[
        Key::required("fleets", "name of a fleet, or an array of them", "the fleets whose hosts use them"),
        Key::given(
            "endpoint",
            "true or false",
            || ENDPOINT.show(),
            "whether a gateway endpoint takes what goes to buckets past them, which is free",
        ),
        Key::given(
            "per_zone",
            "true or false",
            || PER_ZONE.show(),
            "whether each zone of the fleets has one; one for all is lost with its zone, and bytes from other zones cross a border",
        ),
        Key::optional(
            "az",
            "letter of a zone",
            "`\"a\"` (assumption: the first zone)",
            "the zone of the only one",
        ),
        Key::given(
            "addresses",
            "whole number from 1 to 8",
            || ADDRESSES.show(),
            "IPv4 addresses of each, which all have ports",
        ),
        Key::given(
            "ports",
            "whole number",
            || PORTS.show(),
            "connections at a time to one destination by each address",
        ),
        Key::given(
            "idle_timeout",
            "duration",
            || IDLE_TIMEOUT.show(),
            "how long a connection may be idle before its gateway forgets it; a host that uses it later is reset",
        ),
        Key::given(
            "keep_alive",
            "duration",
            || KEEP_ALIVE.show(),
            "how long hosts keep an idle connection for the next request; \"0s\" is a new one for each",
        ),
        Key::given(
            "bandwidth",
            "bandwidth",
            || BANDWIDTH.show(),
            "bandwidth of each at the start, both directions together",
        ),
        Key::given("max_bandwidth", "bandwidth", || MOST.show(), "the most that it grows to"),
        Key::given(
            "growth",
            "duration",
            || GROWTH.show(),
            "after each such time in which its link was full it has as much more as it had at the start",
        ),
    ],
};

//! The shape of a distribution. In: nothing. Out: its keys.

use super::given::{
    CONNECT_ATTEMPTS, CONNECT_TIMEOUT, EDGE_CACHE, EDGE_TIME, EDGES, KEEP_ALIVE, ORIGIN_HOP, QUOTA_BANDWIDTH,
    QUOTA_REQUESTS, REGIONAL_CACHE, REGIONAL_CACHES, REGIONAL_HOP, RESPONSE_TIMEOUT,
};
use crate::language::shape::{Key, Shape};

/// The language of a distribution.
pub const SHAPE: Shape = Shape {
    title: "[distribution.NAME]",
    about: "An Amazon CloudFront distribution: requests enter `via` it, and come to its origins if no cache has a copy. `round_trip` of \
            [client] is that to the edge. What a request asks for is one of the `keys` of its class, or one object if it has none.",
    keys: &[
        Key::required(
            "default",
            "{ origin, ttl, … }",
            "what it does with requests that fit no other behaviour",
        ),
        Key::optional(
            "behaviours",
            "{ path, origin, ttl, … } or an array of them",
            "none",
            "what it does with requests of some paths",
        ),
        Key::given(
            "edges",
            "whole number",
            || EDGES.show(),
            "edge locations to which its clients come, each with a cache of its own; a user stays at one, and other requests come to any",
        ),
        Key::given(
            "edge_cache",
            "size",
            || EDGE_CACHE.show(),
            "what each edge keeps: the least recently used object goes first",
        ),
        Key::given(
            "regional_caches",
            "whole number",
            || REGIONAL_CACHES.show(),
            "regional edge caches behind them, each asked by as many edges; 0 for none. Only what may be kept passes them",
        ),
        Key::given("regional_cache", "size", || REGIONAL_CACHE.show(), "what each regional edge cache keeps"),
        Key::optional(
            "shield",
            "true or false",
            "`false` (Amazon CloudFront developer guide, Origin Shield: off)",
            "whether all regional caches ask one more before the origin, the Origin Shield, which keeps as much as they do",
        ),
        Key::given(
            "edge_time",
            "duration",
            || EDGE_TIME.show(),
            "what an edge takes for a request by itself",
        ),
        Key::given(
            "regional_hop",
            "duration",
            || REGIONAL_HOP.show(),
            "one-way latency from an edge to its regional cache, and from there to the Origin Shield",
        ),
        Key::given(
            "origin_hop",
            "duration",
            || ORIGIN_HOP.show(),
            "one-way latency from the last cache to the origin; from an edge to an origin it is that and `regional_hop`",
        ),
        Key::given(
            "connect_attempts",
            "whole number, 1 to 3",
            || CONNECT_ATTEMPTS.show(),
            "how often an origin is asked at most: again where it accepts no connection and, for GET and HEAD, does not answer in time",
        ),
        Key::given(
            "connect_timeout",
            "duration, 1 s to 10 s",
            || CONNECT_TIMEOUT.show(),
            "how long each try waits for a connection to the origin, whatever the method; after the last one the second origin is asked, or the edge \
             answers with a 504",
        ),
        Key::given(
            "response_timeout",
            "duration, 1 s to 120 s",
            || RESPONSE_TIMEOUT.show(),
            "how long the origin may take to answer; else the edge answers with a 504",
        ),
        Key::given(
            "keep_alive",
            "duration, 0 s to 120 s",
            || KEEP_ALIVE.show(),
            "how long an idle connection to an origin stays open; a new one takes two round trips (TCP, and TLS 1.3)",
        ),
        Key::optional("purge", "{ at, path, share } or an array of them", "none", "invalidations"),
        Key::given(
            "requests",
            "rate",
            || QUOTA_REQUESTS.show(),
            "requests a second that it takes, counted by the second; those above are turned away",
        ),
        Key::given(
            "bandwidth",
            "bandwidth",
            || QUOTA_BANDWIDTH.show(),
            "what it sends at most, counted by the second; requests above are turned away",
        ),
    ],
};

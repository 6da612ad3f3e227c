//! The keys of an API, with their defaults and sources. In: nothing. Out: shapes.

use crate::language::shape::{Given, Key, Shape};
use crate::units::Time;

/// Kind: REST.
pub const FLAVOR: Given<&str> =
    Given::new("rest", "assumption: the older kind, which has caches, keys and usage plans");
/// How much longer a request takes: 10 ms.
pub const LATENCY: Given<Time> = Given::new(
    Time::from_millis(10),
    "assumption: AWS publishes no time; a REST API adds some 10 ms beside what is behind it",
);
/// The same of an HTTP API: 5 ms.
pub const HTTP_LATENCY: Given<Time> = Given::new(
    Time::from_millis(5),
    "assumption: AWS, \"Announcing HTTP APIs for Amazon API Gateway\" (2019-12): up to 60 % less latency than REST APIs",
);
/// How long it waits for an answer: 29 s.
pub const TIMEOUT: Given<Time> = Given::new(
    Time::from_secs(29),
    "Amazon API Gateway developer guide, quotas: 50 milliseconds to 29 seconds",
);
/// The longest that can be had by a higher quota. Source: AWS, "Amazon API Gateway integration timeout limit increase beyond 29 seconds" (2024-06):
/// for Regional and private REST APIs; how long is not said, so an hour.
pub const TIMEOUT_MAX: Time = Time::from_secs(3_600);
/// The shortest.
pub const TIMEOUT_MIN: Time = Time::from_millis(50);
/// The same of an HTTP API: 30 s.
pub const HTTP_TIMEOUT: Given<Time> =
    Given::new(Time::from_secs(30), "Amazon API Gateway developer guide, quotas of HTTP APIs: 30 seconds");

/// The language of an API.
pub const SHAPE: Shape = Shape {
    title: "[api.NAME]",
    about: "An API of API Gateway, which requests enter `via`. It takes so many a second (`http_429`), payloads up to 10 MB and up to 6 MB for a function \
            (`http_413`), and waits so long for an answer (`http_504`). All APIs of a Region share the rate of [account].",
    keys: &[
        Key::given("kind", "\"rest\" or \"http\"", || FLAVOR.show(), "which kind of API"),
        Key::required("integration", "name of a function, a balancer or a fleet", "what is behind it"),
        Key::optional(
            "latency",
            "duration",
            "`\"10ms\"`, of an HTTP API `\"5ms\"` (assumption: AWS publishes no time)",
            "how much longer a request takes, there and back together",
        ),
        Key::optional(
            "timeout",
            "duration",
            "`\"29s\"`, of an HTTP API `\"30s\"` (Amazon API Gateway developer guide, quotas)",
            "how long it waits for an answer; what is behind it works on",
        ),
        Key::optional("throttle", "{ rate, burst }", "that of [account]", "what its stage takes"),
        Key::optional("routes", "array of { path, rate, burst }", "none", "what some of its routes take"),
        Key::optional(
            "plans",
            "array of { traffic, … }",
            "none",
            "usage plans: what the clients of a key may ask for",
        ),
        Key::optional("cache", "{ size, ttl }", "none", "the cache of its stage, for GET and HEAD"),
    ],
};

//! What applies to a distribution where the file does not say it, each with its source. In: nothing. Out: constants.

use crate::language::shape::Given;
use crate::units::{Bandwidth, Bytes, Rate, Time};

const GUIDE: &str = "Amazon CloudFront developer guide, distribution settings reference";

/// Edge locations: 4.
pub const EDGES: Given<u32> = Given::new(
    4,
    "assumption: a few edge locations serve the clients of one country; AWS publishes no numbers",
);
/// What an edge keeps: 100 GiB.
pub const EDGE_CACHE: Given<Bytes> =
    Given::new(Bytes(100 << 30), "assumption: AWS publishes no size, and shares it among its customers");
/// Regional edge caches: one.
pub const REGIONAL_CACHES: Given<u32> = Given::new(
    1,
    "Amazon CloudFront developer guide, how CloudFront delivers content: edges ask the nearest regional edge cache",
);
/// What a regional cache keeps: 1 TiB.
pub const REGIONAL_CACHE: Given<Bytes> = Given::new(
    Bytes(1 << 40),
    "assumption: the developer guide says that it is larger than that of an edge, and no size",
);
/// What an edge takes for a request: 1 ms.
pub const EDGE_TIME: Given<Time> =
    Given::new(Time::from_millis(1), "assumption: TLS records, a look-up and a log line");
/// One-way latency between an edge and its regional cache: 5 ms.
pub const REGIONAL_HOP: Given<Time> =
    Given::new(Time::from_millis(5), "assumption: a regional cache serves edges within some 500 km");
/// One-way latency between a regional cache and the origin: 2 ms.
pub const ORIGIN_HOP: Given<Time> =
    Given::new(Time::from_millis(2), "assumption: the regional cache is in or near the Region of the origin");
/// Tries of a connection: 3.
pub const CONNECT_ATTEMPTS: Given<u32> = Given::new(3, GUIDE);
/// How long a try waits for a connection: 10 s.
pub const CONNECT_TIMEOUT: Given<Time> = Given::new(
    Time::from_secs(10),
    "Amazon CloudFront developer guide, request and response behavior for custom origins: 3 attempts of 10 seconds each",
);
/// How long an origin may take to answer: 30 s.
pub const RESPONSE_TIMEOUT: Given<Time> = Given::new(Time::from_secs(30), GUIDE);
/// How long an idle connection to an origin stays open: 5 s.
pub const KEEP_ALIVE: Given<Time> = Given::new(Time::from_secs(5), GUIDE);

const QUOTAS: &str = "Amazon CloudFront developer guide, quotas: of a distribution, and more on request";
/// Requests a second of a distribution: 250,000.
pub const QUOTA_REQUESTS: Given<Rate> = Given::new(Rate(250_000.0), QUOTAS);
/// Data transfer of a distribution: 150 Gbps.
pub const QUOTA_BANDWIDTH: Given<Bandwidth> = Given::new(Bandwidth(150e9), QUOTAS);

const EXPIRATION: &str = "Amazon CloudFront developer guide, manage how long content stays in the cache";
/// Least time to live: none.
pub const TTL_MIN: Given<Time> = Given::new(Time::ZERO, EXPIRATION);
/// Time to live where the origin says nothing: a day.
pub const TTL_DEFAULT: Given<Time> = Given::new(Time::from_secs(86_400), EXPIRATION);
/// Longest time to live: a year.
pub const TTL_MAX: Given<Time> = Given::new(Time::from_secs(31_536_000), EXPIRATION);
/// How long an error is kept: 10 s.
pub const ERROR_TTL: Given<Time> = Given::new(
    Time::from_secs(10),
    "Amazon CloudFront developer guide, how CloudFront processes HTTP 4xx and 5xx status codes: error caching minimum TTL",
);

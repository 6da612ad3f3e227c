//! `proxy` of a database: an RDS Proxy before it. Out: a [`Proxy`].

use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

const API: &str = "Amazon RDS API reference, ConnectionPoolConfiguration";

/// Part of the connections of the database that it opens at most: all.
pub const MAX_CONNECTIONS: Given<f64> = Given::new(1.0, API);
/// Part of these that it keeps though they are idle: half.
pub const MAX_IDLE: Given<f64> = Given::new(0.5, API);
/// A request that gets no connection to the database within this time fails: 120 s.
pub const BORROW_TIMEOUT: Given<Time> = Given::new(Time::from_secs(120), API);
/// Part of the client connections that keep a connection to the database for themselves: none.
pub const PINNED: Given<f64> = Given::new(
    0.0,
    "assumption: no session state that the proxy cannot follow (Aurora user guide, RDS Proxy, \"Avoiding pinning\")",
);
/// What it adds to the round trip of a statement: 1 ms.
pub const LATENCY: Given<Time> = Given::new(
    Time::from_millis(1),
    "assumption: one more journey each way, and its own work; AWS gives no number",
);
/// Part of the time of a failover that is left with it: 34 %.
pub const FAILOVER: Given<f64> = Given::new(
    0.34,
    "Aurora user guide, RDS Proxy concepts (2023-06): up to 66 % less; that it is all of that is an assumption",
);

/// Idle connections are closed after 5 min.
/// Source: Aurora user guide, RDS Proxy, MaxIdleConnectionsPercent: idle is a connection without activity for five minutes.
pub const IDLE_AFTER: Time = Time::from_secs(300);
/// The longest `borrow_timeout`: an hour. Source: the API reference.
const BORROW_TIMEOUT_MAX: Time = Time::from_secs(3_600);
/// The least vCPUs that are charged for each node. Source: Amazon RDS Proxy pricing.
pub const LEAST_VCPUS: u32 = 2;

/// The language of a proxy.
pub const SHAPE: Shape = Shape {
    title: "proxy = { … }",
    about: "An RDS Proxy: pools of fleets connect to it, as many connections as they like, and it lends each transaction, or statement \
            outside of one, a connection to the database.",
    keys: &[
        Key::given(
            "max_connections",
            "share",
            || share(MAX_CONNECTIONS),
            "part of the `max_connections` of each node that it opens at most (MaxConnectionsPercent)",
        ),
        Key::given(
            "max_idle",
            "share",
            || share(MAX_IDLE),
            "part of the connections of the proxy that stay open though they are idle for 5 min (MaxIdleConnectionsPercent)",
        ),
        Key::given(
            "borrow_timeout",
            "duration",
            || BORROW_TIMEOUT.show(),
            "a request that gets no connection to the database within it fails (ConnectionBorrowTimeout)",
        ),
        Key::given(
            "pinned",
            "share",
            || share(PINNED),
            "part of the client connections that keep a connection to the database for themselves",
        ),
        Key::given(
            "latency",
            "duration",
            || LATENCY.show(),
            "what it adds to the round trip of a statement or a commit",
        ),
        Key::given(
            "failover",
            "share",
            || share(FAILOVER),
            "part of the `failover` of the database that is left: the proxy waits for no DNS",
        ),
    ],
};

/// An RDS Proxy.
#[derive(Clone, Debug, PartialEq)]
pub struct Proxy {
    /// Part of the connections of each node that it opens at most.
    pub max_connections: f64,
    /// Part of these that it keeps though they are idle.
    pub max_idle: f64,
    /// A request that gets no connection to the database within this time fails.
    pub borrow_timeout: Time,
    /// Part of the client connections that keep a connection to the database for themselves.
    pub pinned: f64,
    /// What it adds to the round trip of a statement.
    pub latency: Time,
    /// Part of the time of a failover that is left.
    pub failover: f64,
}

impl Proxy {
    /// Reads the table.
    pub(crate) fn read(reader: &Reader) -> Proxy {
        let some = |value: Value| {
            let share = value.share()?;
            if share == 0.0 {
                value.problem("a proxy without connections to its database", "write a share above 0%");
                return None;
            }
            Some(share)
        };
        let borrow = |value: Value| value.time_within(Time::from_secs(1)..=BORROW_TIMEOUT_MAX);
        Proxy {
            max_connections: reader.or("max_connections", some, MAX_CONNECTIONS.value),
            max_idle: reader.or("max_idle", Value::share, MAX_IDLE.value),
            borrow_timeout: reader.or("borrow_timeout", borrow, BORROW_TIMEOUT.value),
            pinned: reader.or("pinned", Value::share, PINNED.value),
            latency: reader.or("latency", Value::time, LATENCY.value),
            failover: reader.or("failover", Value::share, FAILOVER.value),
        }
    }

    /// Connections that it opens at most to a node that takes so many.
    pub fn limit(&self, connections: u32) -> u32 {
        ((f64::from(connections) * self.max_connections) as u32).max(1)
    }

    /// Of so many, those that it keeps though they are idle.
    pub fn idle(&self, limit: u32) -> u32 {
        (f64::from(limit) * self.max_idle) as u32
    }
}

fn share(given: Given<f64>) -> (String, &'static str) {
    (format!("\"{}%\"", (100.0 * given.value).round()), given.source)
}
